//! Guessing at secrets: what a client can change does not change the count, many guesses at once are counted one by
//! one, and an account that does not exist costs as much work as one that does. The tests count work, and never measure
//! time.

use crate::{
    identity::typed,
    rough::{Client, listening},
    second_factor::shown,
    support::{Answer, Engine, ORIGIN, PASSWORD, TOTP_KEY, TestApp, on_both_engines},
};
use axum::Router;
use domain::{
    actor::Role,
    consent::SESSION_COOKIE,
    identity::{Client as From, Credentials, Identities, SignInRefusal, Stage},
};
use futures::future::{join_all, select_all};
use server::{
    router::{Parts, router},
    settings::PublicUrl,
    site_file,
};
use std::{process::Command, sync::Arc};

on_both_engines!(
    without_a_proxy_the_address_is_that_of_the_connection,
    behind_the_trusted_proxy_its_own_entry_counts,
    many_attempts_at_once_are_counted_one_by_one,
    many_codes_at_once_are_counted_one_by_one,
    guesses_at_one_account_do_not_throttle_others_at_the_address,
    an_unknown_account_costs_a_hash_like_a_known_one,
    other_pages_answer_during_two_hundred_sign_ins,
);

const WRONG: &str = "L’identifiant ou le mot de passe n’est pas le bon.";
const TOO_MANY: &str = "Trop d’essais.";

/// The portal behind a reverse proxy on this machine.
fn behind_a_proxy(app: &TestApp) -> Router {
    let public = PublicUrl { origin: ORIGIN.to_owned(), secure: true };
    let site = Arc::new(site_file::load(None).unwrap());
    let trusted_proxy = Some("127.0.0.1".parse().unwrap());
    router(Parts {
        services: app.services.clone(),
        site,
        public,
        trusted_proxy,
        development: false,
        metrics_token: None,
    })
}

/// Tries a wrong password over a connection, with these headers.
async fn guess(client: &Client, identifier: &str, password: &str, headers: &str) -> String {
    let body = format!("identifier={identifier}&password={password}");
    client
        .exchange(&format!(
            "POST /connexion HTTP/1.1\r\nHost: portail.test\r\nConnection: close\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
}

/// Sets the count of the address, which was tried `times` times, to the last allowed attempt.
async fn all_but_used_up(app: &TestApp, times: i64) {
    let changed = app.execute(format!("UPDATE throttle SET attempts = 100 WHERE attempts = {times}")).await;
    assert_eq!(changed, 1, "the address, and nothing else, was tried from {times} times");
}

async fn without_a_proxy_the_address_is_that_of_the_connection(app: &TestApp) {
    let client = listening(app.router.clone()).await;
    let disguise = |n: u32| {
        format!(
            "X-Forwarded-For: 203.0.113.{n}\r\nX-Forwarded-For: 2001:db8::{n}\r\nForwarded: for=203.0.113.{n}\r\n\
             X-Real-IP: 203.0.113.{n}\r\nUser-Agent: {n}\r\nCookie: __Host-session={n:043}\r\n"
        )
    };
    for n in 0..3 {
        let answer = guess(&client, &format!("personne.{n}"), "non", &disguise(n)).await;
        assert!(answer.contains(WRONG), "{answer}");
    }
    all_but_used_up(app, 3).await;
    let youth = app.youth().await;
    for n in 3..8 {
        let answer = guess(&client, &youth.identifier, PASSWORD, &disguise(n)).await;
        assert!(answer.contains(TOO_MANY), "{answer}");
    }
    client.stop().await;
}

async fn behind_the_trusted_proxy_its_own_entry_counts(app: &TestApp) {
    let client = listening(behind_a_proxy(app)).await;
    // The client changes the entries before; the last entry is the proxy's.
    for (times, mine, other) in [(2, "203.0.113.9", "203.0.113.10"), (3, "2001:db8:1:2:", "2001:db8:1:3:")] {
        // The /64 network of a household counts as one address.
        let last = |n: u32, base: &str| if base.ends_with(':') { format!("{base}:{n:x}") } else { base.to_owned() };
        let forwarded = |n: u32, base: &str| format!("X-Forwarded-For: 198.51.100.{n}, {}\r\n", last(n, base));
        for n in 0..times {
            let answer = guess(&client, &format!("p{times}.{n}"), "non", &forwarded(n + 1, mine)).await;
            assert!(answer.contains(WRONG), "{answer}");
        }
        all_but_used_up(app, times.into()).await;
        let answer = guess(&client, "encore", "non", &forwarded(77, mine)).await;
        assert!(answer.contains(TOO_MANY), "{mine}: {answer}");
        let answer = guess(&client, &format!("voisin.{times}"), "non", &forwarded(77, other)).await;
        assert!(answer.contains(WRONG), "{other}: {answer}");
        app.execute("DELETE FROM throttle".into()).await;
    }
    client.stop().await;
}

fn counted(answers: &[Answer], sentence: &str) -> usize {
    answers.iter().filter(|answer| answer.text().contains(sentence)).count()
}

async fn many_attempts_at_once_are_counted_one_by_one(app: &TestApp) {
    let youth = app.youth().await;
    let before = app.services.test_password_checks();
    let browsers: Vec<_> = (0..40).map(|_| app.anonymous()).collect();
    let answers = join_all(browsers.iter().map(|browser| typed(browser, &youth.identifier, "pas le bon"))).await;
    assert_eq!((counted(&answers, WRONG), counted(&answers, TOO_MANY)), (10, 30));
    assert_eq!(app.services.test_password_checks() - before, 10, "the others were not even checked");
    typed(&app.anonymous(), &youth.identifier, PASSWORD).await.expect(422).expect_text(TOO_MANY);
}

async fn many_codes_at_once_are_counted_one_by_one(app: &TestApp) {
    let person = app.staff_signed_out(Role::Advisor, Some(TOTP_KEY)).await;
    let mut browsers = Vec::new();
    for n in 0..20 {
        let browser = app.at_stage(person.account, Stage::SecondFactor).await;
        browser.set_cookie("eu-consent", &n.to_string());
        browsers.push(browser);
    }
    let right: Vec<_> = (-1..=1).map(|steps| shown(app, TOTP_KEY, steps)).collect();
    let wrong =
        ["000000", "111111", "222222", "333333"].into_iter().find(|code| !right.iter().any(|r| r == code)).unwrap();
    let fields = [("code", wrong)];
    let answers = join_all(browsers.iter().map(|browser| browser.post("/connexion/code", &fields))).await;
    assert_eq!(counted(&answers, "Ce code n’est pas le bon"), 5);
    assert_eq!(counted(&answers, TOO_MANY), 15);
    for browser in &browsers {
        assert!(browser.cookie(SESSION_COOKIE).is_some());
        browser.get("/conseiller").await.expect_see("/connexion/code");
    }
}

async fn guesses_at_one_account_do_not_throttle_others_at_the_address(app: &TestApp) {
    let youth = app.youth().await;
    for _ in 0..120 {
        typed(&app.anonymous(), "personne.42", "pas le bon").await.expect(422);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM throttle WHERE attempts = 10".into()).await, 1, "ten at the address");
    typed(&app.anonymous(), &youth.identifier, PASSWORD).await.expect_see("/mon-espace");
}

async fn an_unknown_account_costs_a_hash_like_a_known_one(app: &TestApp) {
    let (youth, staff) = (app.youth().await, app.staff_signed_out(Role::Advisor, None).await);
    let suspended = app.youth().await;
    let id = app.sql_id(suspended.account);
    app.execute(format!("UPDATE account SET state = 'suspended' WHERE id = {id}")).await;
    let awaiting = app.awaiting_youth().await;
    for identifier in
        [&youth.identifier, &staff.identifier, &suspended.identifier, &awaiting, "personne.42", "' OR 1=1"]
    {
        let before = app.services.test_password_checks();
        typed(&app.anonymous(), identifier, "pas le bon").await.expect(422).expect_text(WRONG);
        assert_eq!(app.services.test_password_checks() - before, 1, "{identifier}");
    }
}

/// The test below runs this one in a process of its own, because statements are counted for a whole process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by an_unknown_account_costs_the_queries_of_a_known_one"]
async fn queries_in_a_process_of_its_own() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::start(engine).await;
        let (youth, awaiting) = (app.youth().await, app.awaiting_youth().await);
        let mut costs = Vec::new();
        for identifier in [&youth.identifier, &awaiting, "personne.42"] {
            let before = services::db::statements();
            let client = From { address: "203.0.113.7".into(), device: "Autre".into() };
            let credentials = Credentials { identifier: identifier.to_owned(), password: "pas le bon".into() };
            let refused = app.services.sign_in(credentials, &client, None).await.err();
            assert!(matches!(refused, Some(SignInRefusal::Wrong)), "{identifier}");
            costs.push(services::db::statements() - before);
        }
        assert!(costs[0] >= 3 && costs.iter().all(|cost| *cost == costs[0]), "{engine:?}: {costs:?}");
        app.finish().await;
    }
}

#[test]
fn an_unknown_account_costs_the_queries_of_a_known_one() {
    let test = ["--exact", "throttle::queries_in_a_process_of_its_own", "--ignored", "--nocapture"];
    let output = Command::new(std::env::current_exe().unwrap()).args(test).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "{out}\n{err}");
}

async fn other_pages_answer_during_two_hundred_sign_ins(app: &TestApp) {
    const CROWD: usize = 200;
    let client = Arc::new(listening(behind_a_proxy(app)).await);
    let youth = app.youth().await;
    let crowd: Vec<_> = (0..CROWD)
        .map(|n| {
            let client = client.clone();
            tokio::spawn(async move {
                let address = format!("X-Forwarded-For: 203.0.{}.{}\r\n", n / 100, n % 100);
                guess(&client, &format!("foule.{n}"), "pas%20le%20bon", &address).await
            })
        })
        .collect();
    // Each attempt is counted before its hash is computed, so nearly all of them are running now.
    while app.number("SELECT COUNT(*) FROM throttle".into()).await < 2 * (CROWD as i64 * 9 / 10) {
        assert!(crowd.iter().any(|sign_in| !sign_in.is_finished()), "they were not even counted");
        tokio::task::yield_now().await;
    }
    let cookie = format!("Cookie: {SESSION_COOKIE}={}\r\n", youth.browser.cookie(SESSION_COOKIE).unwrap());
    for (path, cookie, expected) in
        [("/sante", "", "ok"), ("/", "", "Mission"), ("/mon-espace", cookie.as_str(), "Bonjour Lina")]
    {
        let request = format!("GET {path} HTTP/1.1\r\nHost: portail.test\r\nConnection: close\r\n{cookie}\r\n");
        let answer = client.exchange(&request).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains(expected), "{path}: {answer}");
    }
    let answered = crowd.iter().filter(|sign_in| sign_in.is_finished()).count();
    assert!(answered < CROWD * 3 / 4, "{answered} sign-ins were answered before three pages");
    // They are answered as usual, and the test need not wait for all of them.
    let (answer, _, rest) = select_all(crowd).await;
    assert!(answer.unwrap().contains(WRONG));
    for sign_in in &rest {
        sign_in.abort();
    }
    join_all(rest).await;
    Arc::into_inner(client).unwrap().stop().await;
}
