//! Sessions that are no longer valid: ended, of a suspended account, or of an account whose role changed. Each is tried
//! on every route, by GET and by POST: no route lets it in, and nothing changes.

use crate::{
    columns::SIGN_IN,
    ground::{state, valid_forms},
    matrix::{Cast, outcome},
    support::{Browser, TestApp, on_both_engines},
};
use app::routes::{Audience, ROUTES, Route};
use domain::consent::SESSION_COOKIE;

on_both_engines!(
    a_suspended_account_is_let_in_nowhere,
    an_account_whose_role_changed_is_let_in_nowhere,
    an_account_without_a_role_is_let_in_nowhere,
    an_ended_session_is_let_in_nowhere,
);

/// Each route, with a browser that it lets in while the session is valid.
async fn admitted<'r>(app: &TestApp, cast: &Cast) -> Vec<(&'r Route, Browser)> {
    let mut all = Vec::new();
    for route in ROUTES {
        let browser = cast.admitted(app, route).await;
        if browser.cookie(SESSION_COOKIE).is_some() {
            all.push((route, browser));
        }
    }
    assert!(all.len() > 15, "{} routes", all.len());
    all
}

/// The numbers that a post could change, without the log of refused attempts, which grows on purpose.
async fn unlogged(app: &TestApp) -> Vec<(&'static str, i64)> {
    const LOG: &str = "SELECT COUNT(*) FROM access_log";
    const DONE: &str = "SELECT COUNT(*) FROM access_log WHERE NOT refused";
    let mut numbers = state(app).await;
    numbers.retain(|(what, _)| *what != LOG);
    numbers.push((DONE, app.number(DONE.into()).await));
    numbers
}

/// Tries every route and every form with a session that used to open it: each answer is one of `expected`.
async fn nothing_opens(app: &TestApp, cast: &Cast, what: &str, revoke: &str, expected: &[&str]) {
    let routes = admitted(app, cast).await;
    let forms = valid_forms(app, cast).await;
    for (route, browser) in &routes {
        let answer = browser.same().get(&cast.fill(route.path)).await;
        assert!(!expected.contains(&outcome(&answer).as_str()), "{what}: {} was never open", route.path);
    }
    app.execute(revoke.to_owned()).await;
    let before = unlogged(app).await;
    let mut tried = (0, 0);
    for (route, browser) in &routes {
        // The test does not use the rule of the guard here: what is for everyone is listed by hand.
        if route.audience == Audience::Everyone {
            continue;
        }
        let answer = browser.same().get(&cast.fill(route.path)).await;
        let found = outcome(&answer);
        assert!(expected.contains(&found.as_str()), "{what}: GET {}: {found}", route.path);
        assert!(!answer.text().contains("Lina") && !answer.text().contains(".pdf"), "{what}: {}", route.path);
        let empty = outcome(&browser.same().post(&cast.fill(route.path), &[]).await);
        assert!(expected.contains(&empty.as_str()), "{what}: POST {}: {empty}", route.path);
        tried.0 += 1;
    }
    for form in &forms {
        let route = ROUTES.iter().find(|route| route.path == form.route).unwrap();
        if route.audience == Audience::Everyone {
            continue;
        }
        let answer = form.send(&[("sec-fetch-site", "same-origin")]).await;
        let found = outcome(&answer);
        assert!(expected.contains(&found.as_str()), "{what}: a valid form to {}: {found}", route.path);
        assert!(!answer.headers.contains_key("set-cookie"), "{what}: {}", route.path);
        tried.1 += 1;
    }
    let closed = |route: &&Route| route.audience != Audience::Everyone;
    assert_eq!(tried.0, ROUTES.iter().filter(closed).count());
    assert_eq!(tried.1, ROUTES.iter().filter(closed).filter(|route| route.posts).count());
    assert_eq!(unlogged(app).await, before, "{what}: nothing was done");

    // Pages for everyone still answer, and show no name.
    for route in ROUTES.iter().filter(|route| route.audience == Audience::Everyone) {
        let path = cast.fill(route.path);
        let stranger = app.anonymous().get(&path).await;
        for (_, browser) in &routes {
            let answer = browser.same().get(&path).await;
            assert_eq!(outcome(&answer), outcome(&stranger), "{what}: {path}");
            assert_eq!(masked(answer.text()), masked(stranger.text()), "{what}: {path} knows somebody");
        }
    }
}

/// A page without what is new at each answer: its nonces, and the token of its form.
fn masked(html: &str) -> String {
    let mut page = html.to_owned();
    for before in ["nonce=\"", "name=\"token\" value=\"", "name=\"submission\" value=\""] {
        let mut parts = page.split(before);
        let mut rest = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            rest.push_str(part.split_once('"').unwrap().1);
        }
        page = rest;
    }
    page
}

async fn a_suspended_account_is_let_in_nowhere(app: &TestApp) {
    let cast = Cast::of(app).await;
    nothing_opens(app, &cast, "suspended", "UPDATE account SET state = 'suspended'", &[SIGN_IN]).await;
    // When the suspension ends, the account is as before.
    app.execute("UPDATE account SET state = 'active'".into()).await;
    cast.youth.browser.get("/mon-espace").await.expect(200);
    cast.advisor.browser.get(&cast.fill("/conseiller/jeunes/{youth}")).await.expect(200);
}

async fn an_account_without_a_role_is_let_in_nowhere(app: &TestApp) {
    let cast = Cast::of(app).await;
    app.execute("UPDATE account SET role = NULL WHERE role IS NOT NULL".into()).await;
    for path in ["/conseiller", "/conseiller/jeunes", "/conseiller/jeunes/{youth}", "/admin"] {
        let answer = cast.advisor.browser.get(&cast.fill(path)).await;
        assert_eq!(outcome(&answer), SIGN_IN, "{path}");
    }
    cast.youth.browser.get("/mon-espace").await.expect(200);
}

async fn an_account_whose_role_changed_is_let_in_nowhere(app: &TestApp) {
    let cast = Cast::of(app).await;
    let routes = admitted(app, &cast).await;
    let forms = valid_forms(app, &cast).await;
    // After a change of role, nobody keeps what the new role does not have, from the next request on and without a new
    // sign-in: young people become staff, and the others become reception.
    app.execute("UPDATE account SET role = 'reception'".into()).await;
    let before = unlogged(app).await;
    let theirs = |audience| match audience {
        Audience::Youth | Audience::Advisor => true,
        Audience::Roles(roles) => !roles.contains(&domain::actor::Role::Reception),
        _ => false,
    };
    for (route, browser) in routes.iter().filter(|(route, _)| theirs(route.audience)) {
        let page = browser.same().get(&cast.fill(route.path)).await.expect(403);
        assert!(!page.text().contains("Lina") && !page.text().contains(".pdf"), "{}", route.path);
        browser.same().post(&cast.fill(route.path), &[]).await.expect(403);
    }
    let mut tried = 0;
    for form in &forms {
        let route = ROUTES.iter().find(|route| route.path == form.route).unwrap();
        if theirs(route.audience) {
            form.send(&[("sec-fetch-site", "same-origin")]).await.expect(403);
            tried += 1;
        }
    }
    assert!(tried >= 6, "{tried} forms");
    assert_eq!(unlogged(app).await, before, "nothing was done");
    let refused = app.number("SELECT COUNT(*) FROM access_log WHERE refused".into()).await;
    assert!(refused > 0, "attempts at a file are told to its owner");
}

async fn an_ended_session_is_let_in_nowhere(app: &TestApp) {
    let cast = Cast::of(app).await;
    nothing_opens(app, &cast, "ended", "DELETE FROM session", &[SIGN_IN]).await;
    // A session that expired is refused in the same way.
    let cast = Cast::of(app).await;
    let end = app.services.calendar().now().millis();
    nothing_opens(app, &cast, "over", &format!("UPDATE session SET ends_at = {end}"), &[SIGN_IN]).await;
}
