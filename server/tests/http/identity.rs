//! Signing in and out with a password, and how long a session lasts (E1). The second factor of staff is in
//! `second_factor`.

use crate::support::{Answer, Browser, Engine, PASSWORD, Person, TestApp, on_both_engines};
use axum::{
    body::Body,
    http::{Method, header},
};
use domain::{actor::Role, consent::SESSION_COOKIE, identity::Stage};

on_both_engines!(
    a_young_person_signs_in_and_out,
    a_refused_sign_in_keeps_the_identifier_and_not_the_password,
    an_account_that_does_not_exist_answers_like_one_that_does,
    an_account_that_may_not_sign_in_answers_like_one_that_does_not_exist,
    an_identifier_may_be_typed_with_capitals_and_spaces,
    an_account_is_throttled_after_ten_attempts,
    an_unknown_identifier_is_throttled_as_well,
    an_address_is_throttled_after_a_hundred_failures_and_successes_do_not_count,
    a_sign_in_never_leads_to_another_site_or_another_space,
    signing_in_again_ends_the_earlier_session_of_the_browser,
    signing_out_ends_this_session_and_no_other,
    an_unused_session_ends,
    a_session_ends_after_twelve_hours_even_when_used,
    a_session_ends_with_its_row_and_with_its_account,
    a_forged_token_signs_nobody_in,
    a_malformed_form_is_refused_as_damaged,
);

const MINUTE: i64 = 60_000;
const SIGN_IN: &str = "/connexion";
const SIGN_IN_FIRST: &str = "/connexion?vers=%2Fmon%2Despace";
const WRONG: &str = "L’identifiant ou le mot de passe n’est pas le bon.";
const TOO_MANY: &str = "Trop d’essais. Réessayez dans 15 minutes.";
const DAMAGED: &str = "Le formulaire est arrivé abîmé.";

/// Posts an identifier and a password to the sign-in.
pub(crate) async fn typed(browser: &Browser, identifier: &str, password: &str) -> Answer {
    browser.post(SIGN_IN, &[("identifier", identifier), ("password", password)]).await
}

async fn signed_in(app: &TestApp, person: &Person, home: &str) -> Browser {
    let browser = app.anonymous();
    typed(&browser, &person.identifier, PASSWORD).await.expect_see(home);
    browser
}

async fn a_young_person_signs_in_and_out(app: &TestApp) {
    let youth = app.youth().await;
    let browser = app.anonymous();
    browser.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
    let page = browser.get(SIGN_IN_FIRST).await.expect(200);
    for part in ["name=\"identifier\"", "name=\"password\"", "action=\"/connexion?vers=%2Fmon%2Despace\""] {
        assert!(page.text().contains(part), "{part} is not in {}", page.text());
    }
    let answer = browser
        .post("/connexion?vers=%2Fmon%2Despace%2Fprofil", &[("identifier", &youth.identifier), ("password", PASSWORD)])
        .await
        .expect_see("/mon-espace/profil");
    assert_eq!(answer.headers.get_all(header::SET_COOKIE).iter().count(), 1);
    let mut parts: Vec<_> = answer.header("set-cookie").split("; ").collect();
    let token = parts.remove(0).strip_prefix("__Host-session=").unwrap();
    parts.sort_unstable();
    assert_eq!(parts, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"], "and so neither Domain nor Max-Age");
    assert_eq!(token.len(), 43, "256 bits");
    let stored = app.number(format!("SELECT COUNT(*) FROM session WHERE token_hash = {}", blob(app, token))).await;
    assert_eq!(stored, 0, "the database does not have the token itself");
    browser.get("/mon-espace").await.expect(200).expect_text("Bonjour Lina");

    let left_open = browser.same();
    let answer = browser.post("/deconnexion", &[]).await.expect_see("/");
    assert!(answer.header("set-cookie").starts_with("__Host-session=;"), "{}", answer.header("set-cookie"));
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
    left_open.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
    browser.post("/deconnexion", &[]).await.expect_see("/");
}

/// A text as bytes in an SQL statement.
fn blob(app: &TestApp, text: &str) -> String {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    match app.engine {
        Engine::Sqlite => format!("x'{hex}'"),
        Engine::Postgres => format!("'\\x{hex}'::bytea"),
    }
}

async fn a_refused_sign_in_keeps_the_identifier_and_not_the_password(app: &TestApp) {
    let youth = app.youth().await;
    let browser = app.anonymous();
    let answer = typed(&browser, &youth.identifier, "pas le bon")
        .await
        .expect(422)
        .expect_text(WRONG)
        .expect_text(&format!("value=\"{}\"", youth.identifier))
        .expect_no_text("pas le bon\"");
    assert_eq!(answer.header("set-cookie"), "");
    // An empty field has an error of its own, and an empty form does not count as an attempt.
    let answer = typed(&browser, " ", "").await.expect(422);
    assert!(answer.text().matches("Remplissez ce champ.").count() >= 2, "{}", answer.text());
    assert_eq!(app.number("SELECT COUNT(*) FROM throttle WHERE attempts > 1".into()).await, 0);
    typed(&browser, &"x".repeat(201), "x")
        .await
        .expect(422)
        .expect_sentence("C’est trop long : 200 caractères au plus.");
    typed(&browser, "\"><script>", "x").await.expect(422).expect_no_text("<script>");
}

/// A refused attempt, with the identifier taken out of the answer. The rest must not tell whether the account exists.
async fn refusal(app: &TestApp, identifier: &str, password: &str) -> (u16, String, String) {
    let mut answer = typed(&app.anonymous(), identifier, password).await;
    answer.headers.remove(header::CONTENT_LENGTH);
    let page = answer.text().replace(identifier, "…");
    assert!(page.contains(WRONG), "{page}");
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    (answer.status.as_u16(), format!("{:?}", answer.headers), page)
}

async fn an_account_that_does_not_exist_answers_like_one_that_does(app: &TestApp) {
    let youth = app.youth().await;
    let staff = app.staff_signed_out(Role::Advisor, None).await;
    let known = refusal(app, &youth.identifier, "pas le bon").await;
    assert_eq!(known.0, 422);
    assert_eq!(refusal(app, "personne.42", "pas le bon").await, known);
    assert_eq!(refusal(app, "personne.42", "no account has this password").await, known, "the decoy opens nothing");
    assert_eq!(refusal(app, &staff.identifier, "pas le bon").await, known);
}

async fn an_account_that_may_not_sign_in_answers_like_one_that_does_not_exist(app: &TestApp) {
    let unknown = refusal(app, "personne.42", PASSWORD).await;
    assert_eq!(refusal(app, &app.awaiting_youth().await, PASSWORD).await, unknown);
    let youth = app.youth().await;
    app.services.test_execute("UPDATE account SET state = 'suspended'").await.unwrap();
    assert_eq!(refusal(app, &youth.identifier, PASSWORD).await, unknown);
    app.services.test_execute("UPDATE account SET state = 'active'").await.unwrap();
    signed_in(app, &youth, "/mon-espace").await;
}

async fn an_identifier_may_be_typed_with_capitals_and_spaces(app: &TestApp) {
    let youth = app.youth().await;
    let browser = app.anonymous();
    typed(&browser, &format!("  {} ", youth.identifier.to_uppercase()), PASSWORD).await.expect_see("/mon-espace");
    typed(&app.anonymous(), &youth.identifier, &PASSWORD.to_uppercase()).await.expect(422).expect_text(WRONG);
    typed(&app.anonymous(), &youth.identifier, &format!("{PASSWORD} ")).await.expect(422).expect_text(WRONG);
}

/// One attempt from a browser that changes everything it can change.
async fn disguised(app: &TestApp, attempt: usize, identifier: &str, password: &str) -> Answer {
    let browser = app.anonymous();
    browser.set_cookie(SESSION_COOKIE, &format!("{attempt:043}"));
    let identifier = if attempt.is_multiple_of(2) { identifier.to_uppercase() } else { format!(" {identifier}") };
    let body = serde_html_form::to_string([("identifier", identifier.as_str()), ("password", password)]).unwrap();
    let address = format!("203.0.113.{attempt}");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-for", address.as_str()),
        ("forwarded", address.as_str()),
        ("user-agent", address.as_str()),
    ];
    browser.send(Method::POST, SIGN_IN, &headers, Body::from(body)).await
}

async fn an_account_is_throttled_after_ten_attempts(app: &TestApp) {
    let youth = app.youth().await;
    for attempt in 0..10 {
        disguised(app, attempt, &youth.identifier, "pas le bon").await.expect(422).expect_text(WRONG);
    }
    app.clock.advance_millis(30_000);
    let answer = typed(&app.anonymous(), &youth.identifier, PASSWORD).await.expect(422).expect_text(TOO_MANY);
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    disguised(app, 11, &youth.identifier, PASSWORD).await.expect(422).expect_text(TOO_MANY);
    app.clock.advance_millis(13 * MINUTE + 29_000);
    typed(&app.anonymous(), &youth.identifier, PASSWORD)
        .await
        .expect(422)
        .expect_text("Trop d’essais. Réessayez dans 2 minutes.");
    app.clock.advance_millis(MINUTE);
    typed(&app.anonymous(), &youth.identifier, PASSWORD)
        .await
        .expect(422)
        .expect_text("Trop d’essais. Réessayez dans une minute.");
    app.clock.advance_millis(2_000);
    signed_in(app, &youth, "/mon-espace").await;
    // A successful sign-in starts the count again.
    for attempt in 0..9 {
        disguised(app, attempt, &youth.identifier, "pas le bon").await.expect(422).expect_text(WRONG);
    }
    signed_in(app, &youth, "/mon-espace").await;
}

async fn an_unknown_identifier_is_throttled_as_well(app: &TestApp) {
    for attempt in 0..10 {
        disguised(app, attempt, "personne.42", "pas le bon").await.expect(422).expect_text(WRONG);
    }
    disguised(app, 10, "personne.42", "pas le bon").await.expect(422).expect_text(TOO_MANY);
    let clear = app.number("SELECT COUNT(*) FROM throttle WHERE length(bucket) <> 32".into()).await;
    assert_eq!(clear, 0, "a keyed hash is kept, not what was typed");
}

async fn an_address_is_throttled_after_a_hundred_failures_and_successes_do_not_count(app: &TestApp) {
    let youth = app.youth().await;
    for nobody in ["personne.1", "personne.2"] {
        typed(&app.anonymous(), nobody, "pas le bon").await.expect(422).expect_text(WRONG);
    }
    // Two failures were counted at the address; 97 more are added without computing their hashes.
    app.execute("UPDATE throttle SET attempts = attempts + 97 WHERE attempts = 2".into()).await;
    for _ in 0..2 {
        signed_in(app, &youth, "/mon-espace").await;
    }
    typed(&app.anonymous(), "personne.3", "pas le bon").await.expect(422).expect_text(WRONG);
    typed(&app.anonymous(), &youth.identifier, PASSWORD).await.expect(422).expect_text(TOO_MANY);
    // A throttled address does not throttle the accounts.
    assert_eq!(app.number("SELECT COUNT(*) FROM throttle WHERE attempts > 1".into()).await, 1);
    app.clock.advance_millis(15 * MINUTE);
    signed_in(app, &youth, "/mon-espace").await;
}

async fn a_sign_in_never_leads_to_another_site_or_another_space(app: &TestApp) {
    let youth = app.youth().await;
    let fields = [("identifier", youth.identifier.as_str()), ("password", PASSWORD)];
    for away in [
        "//evil.test",
        "https://evil.test/mon-espace",
        "/\\evil.test",
        "/mon-espace\\@evil.test",
        "/mon-espace\r\nSet-Cookie: a=b",
        "mon-espace",
        "javascript:alert(1)",
        "/conseiller",
        "/cookies",
    ] {
        let query = serde_html_form::to_string([("vers", away)]).unwrap();
        let path = format!("/connexion?{query}");
        app.anonymous().get(&path).await.expect(200).expect_no_text("href=\"//evil").expect_no_text("\"https://evil");
        let answer = app.anonymous().post(&path, &fields).await.expect_see("/mon-espace");
        assert_eq!(answer.headers.get_all(header::SET_COOKIE).iter().count(), 1, "{away:?}");
    }
    app.anonymous()
        .post("/connexion?vers=%2Fmon-espace%2Fprofil%3Fdemande%3Denvoyee", &fields)
        .await
        .expect_see("/mon-espace/profil?demande=envoyee");
}

async fn signing_in_again_ends_the_earlier_session_of_the_browser(app: &TestApp) {
    let (youth, other) = (app.youth().await, app.youth().await);
    let browser = signed_in(app, &youth, "/mon-espace").await;
    let elsewhere = signed_in(app, &youth, "/mon-espace").await;
    let before = browser.same();
    // A refused attempt does not change the session.
    typed(&browser, &youth.identifier, "pas le bon").await.expect(422);
    before.get("/mon-espace").await.expect(200);

    typed(&browser, &youth.identifier, PASSWORD).await.expect_see("/mon-espace");
    assert_ne!(browser.cookie(SESSION_COOKIE), before.cookie(SESSION_COOKIE));
    before.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
    browser.get("/mon-espace").await.expect(200);

    let before = browser.same();
    typed(&browser, &other.identifier, PASSWORD).await.expect_see("/mon-espace");
    before.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
    elsewhere.get("/mon-espace").await.expect(200);
}

async fn signing_out_ends_this_session_and_no_other(app: &TestApp) {
    let youth = app.youth().await;
    let elsewhere = app.at_stage(youth.account, Stage::Full).await;
    youth.browser.get("/deconnexion").await.expect(405);
    youth.browser.get("/mon-espace").await.expect(200);
    youth.browser.post("/deconnexion", &[]).await.expect_see("/");
    youth.browser.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
    elsewhere.get("/mon-espace").await.expect(200);
    // A person who is signed in already gets a way into their space and a way out, instead of the form.
    elsewhere.get(SIGN_IN).await.expect(200).expect_text("action=\"/deconnexion\"").expect_no_text("name=\"password\"");
}

async fn an_unused_session_ends(app: &TestApp) {
    for (role, home, minutes) in [(None, "/mon-espace", 60), (Some(Role::Advisor), "/conseiller", 30)] {
        let person = match role {
            None => app.youth().await,
            Some(role) => app.staff(role).await,
        };
        for _ in 0..3 {
            app.clock.advance_millis(minutes * MINUTE - 1);
            // Every request keeps the session alive, whatever it asks for.
            person.browser.get("/").await.expect(200);
        }
        app.clock.advance_millis(minutes * MINUTE - 1);
        person.browser.get(home).await.expect(200);
        app.clock.advance_millis(minutes * MINUTE);
        let answer = person.browser.get(home).await.expect(303);
        assert!(answer.header("location").starts_with("/connexion?vers="), "{}", answer.header("location"));
    }
}

async fn a_session_ends_after_twelve_hours_even_when_used(app: &TestApp) {
    let youth = app.youth().await;
    let browser = signed_in(app, &youth, "/mon-espace").await;
    for _ in 0..23 {
        app.clock.advance_millis(30 * MINUTE);
        browser.get("/mon-espace").await.expect(200);
    }
    app.clock.advance_millis(30 * MINUTE - 1);
    browser.get("/mon-espace").await.expect(200);
    app.clock.advance_millis(1);
    browser.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
}

async fn a_session_ends_with_its_row_and_with_its_account(app: &TestApp) {
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.services.test_execute("UPDATE account SET state = 'suspended'").await.unwrap();
    youth.browser.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
    advisor.browser.get("/conseiller").await.expect_see("/connexion?vers=%2Fconseiller");
    app.services.test_execute("UPDATE account SET state = 'active'").await.unwrap();
    youth.browser.get("/mon-espace").await.expect(200);
    app.services.test_execute("DELETE FROM session").await.unwrap();
    youth.browser.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
    advisor.browser.get("/conseiller").await.expect_see("/connexion?vers=%2Fconseiller");
}

async fn a_forged_token_signs_nobody_in(app: &TestApp) {
    let youth = app.youth().await;
    let right = youth.browser.cookie(SESSION_COOKIE).unwrap();
    let flipped = if right.starts_with('A') { "B" } else { "A" };
    for forged in [
        "",
        "x",
        &"A".repeat(43),
        &format!("{flipped}{}", &right[1..]),
        &right[1..],
        &format!("{right}A"),
        &format!("\"{right}"),
        &"A".repeat(4_000),
        "' OR ''='",
        "%00%FF",
        &right.to_lowercase(),
    ] {
        let browser = app.anonymous();
        browser.set_cookie(SESSION_COOKIE, forged);
        browser.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
        browser.get("/").await.expect(200).expect_no_text("href=\"/mon-espace\"");
    }
    let browser = app.anonymous();
    // A cookie with another name is another cookie.
    browser.set_cookie("session", &right);
    browser.get("/mon-espace").await.expect_see(SIGN_IN_FIRST);
}

async fn a_malformed_form_is_refused_as_damaged(app: &TestApp) {
    const PLAIN: &str = "application/x-www-form-urlencoded";
    let youth = app.youth().await;
    let form = serde_html_form::to_string([("identifier", youth.identifier.as_str()), ("password", PASSWORD)]).unwrap();
    let bodies: [(&str, Vec<u8>); 8] = [
        ("application/json", format!("{{\"identifier\":\"{}\"}}", youth.identifier).into_bytes()),
        ("text/plain", form.clone().into_bytes()),
        ("multipart/form-data; boundary=x", form.clone().into_bytes()),
        ("", form.clone().into_bytes()),
        (PLAIN, b"identifier=\xff\xfe&password=x".to_vec()),
        (PLAIN, b"identifier=%ff%fe&password=x".to_vec()),
        (PLAIN, format!("{form}&password=encore").into_bytes()),
        (PLAIN, format!("identifier={}&password=x", "x".repeat(64 * 1024)).into_bytes()),
    ];
    let browser = app.anonymous();
    for (kind, body) in bodies {
        let headers: &[_] = if kind.is_empty() { &[] } else { &[("content-type", kind)] };
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = browser.send(Method::POST, SIGN_IN, headers, Body::from(body)).await;
        assert!(answer.status == 422 && answer.text().contains(DAMAGED), "{kind} {shown}: {}", answer.status);
        assert!(!answer.headers.contains_key(header::SET_COOKIE), "{kind} {shown}");
    }
    for (path, person) in
        [("/cookies", &youth), ("/mon-espace/profil", &youth), ("/mon-espace/coffre-fort/partage", &youth)]
    {
        let headers = [("content-type", "application/json")];
        let answer = person.browser.send(Method::POST, path, &headers, Body::from("{}")).await.expect(422);
        answer.expect_text(DAMAGED);
    }
    let charset = [("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")];
    browser.send(Method::POST, SIGN_IN, &charset, Body::from(form)).await.expect_see("/mon-espace");
}
