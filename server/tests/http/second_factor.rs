//! The second factor of staff: enrolment, codes that work once, recovery codes, and throttling after failures (A8).

use crate::{
    identity::typed,
    support::{Browser, NOW, PASSWORD, Person, TOTP_KEY, TestApp, on_both_engines},
};
use app::routes::{Audience, ROUTES};
use axum::http::header;
use data_encoding::BASE32_NOPAD;
use domain::{
    actor::Role,
    consent::SESSION_COOKIE,
    identity::{Identities, Session, Stage},
};

use totp_rs::Builder;

on_both_engines!(
    a_password_alone_opens_nothing,
    a_password_without_an_authenticator_opens_nothing_but_enrolment,
    an_advisor_enrols_and_notes_recovery_codes,
    each_recovery_code_works_once,
    a_code_works_one_step_early_or_late,
    a_code_works_once_in_any_browser,
    two_windows_cannot_share_a_code,
    failures_are_counted_across_sessions,
    the_second_step_has_to_follow_within_ten_minutes,
    recovery_codes_are_shown_for_half_an_hour,
    every_step_has_a_cookie_of_its_own,
    an_earlier_step_is_closed,
    the_code_leads_to_the_page_that_was_asked_for,
);

const MINUTE: i64 = 60_000;
const CODE: &str = "/connexion/code";
const ENROLMENT: &str = "/connexion/enrolement";
const CODES: &str = "/connexion/codes-de-secours";
const WRONG: &str = "Ce code n’est pas le bon, ou il a déjà servi.";
const TOO_MANY: &str = "Trop d’essais.";

/// The code that an authenticator with `key` shows, `steps` steps of 30 seconds from now.
pub(crate) fn shown(app: &TestApp, key: [u8; 20], steps: i64) -> String {
    let seconds = app.services.calendar().now().unix_seconds().checked_add_signed(30 * steps).unwrap();
    Builder::new().with_secret(key).build().unwrap().generate(seconds).to_string()
}

/// Six digits that no step around now shows.
fn wrong_code(app: &TestApp, key: [u8; 20]) -> String {
    let right: Vec<_> = (-2..=2).map(|steps| shown(app, key, steps)).collect();
    ["000000", "111111", "222222", "333333", "444444", "555555"]
        .into_iter()
        .find(|code| !right.iter().any(|right| right == code))
        .unwrap()
        .to_owned()
}

async fn enter(browser: &Browser, code: &str) -> crate::support::Answer {
    browser.post(CODE, &[("code", code)]).await
}

async fn enrolled(app: &TestApp) -> Person {
    app.staff_signed_out(Role::Advisor, Some(TOTP_KEY)).await
}

/// A browser that has just given the right password.
async fn awaited(app: &TestApp, person: &Person) -> Browser {
    app.at_stage(person.account, Stage::SecondFactor).await
}

async fn session_of(app: &TestApp, browser: &Browser) -> Session {
    app.services.session(&browser.cookie(SESSION_COOKIE).unwrap()).await.unwrap().unwrap()
}

/// The letters and digits of a text, without what separates them.
fn letters(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag && c.is_ascii_alphanumeric() => text.push(c),
            _ => {}
        }
    }
    text
}

/// Every path that is not for everyone redirects to `step`, forms included.
async fn every_path_leads_to(browser: &Browser, step: &str) {
    let mut tried = 0;
    for route in ROUTES.iter().filter(|route| route.audience != Audience::Everyone && route.path != step) {
        let path = route.path.replace("{youth}", "0195807c-0000-7000-8000-000000000000");
        let path = path.replace("{document}", "0195807c-0000-7000-8000-000000000001");
        let path = path.replace("{account}", "0195807c-0000-7000-8000-000000000002");
        let path = path.replace("{proposal}", "0195807c-0000-7000-8000-000000000003");
        browser.get(&path).await.expect_see(step);
        browser.post(&path, &[("code", "000000")]).await.expect_see(step);
        tried += 1;
    }
    assert!(tried > 10, "{tried} routes");
}

async fn a_password_alone_opens_nothing(app: &TestApp) {
    let advisor = enrolled(app).await;
    let browser = app.anonymous();
    let answer = typed(&browser, &advisor.identifier, PASSWORD).await.expect_see(CODE);
    assert_eq!(answer.headers.get_all(header::SET_COOKIE).iter().count(), 1);
    browser.get(CODE).await.expect(200).expect_text("name=\"code\"");
    every_path_leads_to(&browser, CODE).await;
    // The page does not even show a name: the person is not signed in yet.
    browser.get("/").await.expect(200).expect_no_text("href=\"/conseiller\"");
    enter(&browser, &wrong_code(app, TOTP_KEY)).await.expect(422).expect_text(WRONG);
    enter(&browser, "12345").await.expect(422).expect_text("Entrez les six chiffres");
    enter(&browser, "").await.expect(422).expect_text("Remplissez ce champ.");
    every_path_leads_to(&browser, CODE).await;
    enter(&browser, &shown(app, TOTP_KEY, 0)).await.expect_see("/conseiller");
    browser.get("/conseiller").await.expect(200);
}

async fn a_password_without_an_authenticator_opens_nothing_but_enrolment(app: &TestApp) {
    let advisor = app.staff_signed_out(Role::Administrator, None).await;
    let browser = app.anonymous();
    typed(&browser, &advisor.identifier, PASSWORD).await.expect_see(ENROLMENT);
    every_path_leads_to(&browser, ENROLMENT).await;
    browser.get(ENROLMENT).await.expect(200);
    every_path_leads_to(&browser, ENROLMENT).await;
}

async fn an_advisor_enrols_and_notes_recovery_codes(app: &TestApp) {
    let advisor = app.staff_signed_out(Role::Advisor, None).await;
    let browser = app.anonymous();
    typed(&browser, &advisor.identifier, PASSWORD).await.expect_see(ENROLMENT);

    let page = browser.get(ENROLMENT).await.expect(200).expect_text("<svg viewBox=").expect_text("name=\"code\"");
    let key = app.services.enrolment(&session_of(app, &browser).await).await.unwrap().key;
    assert_eq!(key.len(), 32, "160 bits");
    assert!(letters(page.text()).contains(&key), "the key can be typed: {}", page.text());
    assert_eq!(browser.get(ENROLMENT).await.text(), page.text(), "the same key until it is confirmed");
    let again = app.anonymous();
    typed(&again, &advisor.identifier, PASSWORD).await.expect_see(ENROLMENT);
    assert!(letters(again.get(ENROLMENT).await.expect(200).text()).contains(&key));
    let secret: [u8; 20] = BASE32_NOPAD.decode(key.as_bytes()).unwrap().try_into().unwrap();

    let refused = browser.post(ENROLMENT, &[("code", &wrong_code(app, secret))]).await.expect(422).expect_text(WRONG);
    assert!(letters(refused.text()).contains(&key), "the same key after a slip");
    browser.post(ENROLMENT, &[("code", &"A".repeat(26))]).await.expect(422).expect_text("Entrez les six chiffres");
    browser.post(ENROLMENT, &[("code", &shown(app, secret, 0))]).await.expect_see(CODES);

    let page = browser.get(CODES).await.expect(200);
    let codes = app.services.recovery_codes(&session_of(app, &browser).await).await.unwrap();
    assert_eq!(codes.len(), 10);
    let read = letters(page.text());
    for code in &codes {
        assert!(code.len() == 26 && read.contains(code), "{code}");
    }
    assert_eq!(browser.get(CODES).await.expect(200).text(), page.text(), "until they are noted");
    every_path_leads_to(&browser, CODES).await;
    // The other window is out of date: the authenticator is confirmed, and its code is used up.
    again.post(ENROLMENT, &[("code", &shown(app, secret, 0))]).await.expect(422);

    browser.post(CODES, &[]).await.expect_see("/conseiller");
    browser.get("/conseiller").await.expect(200);
    browser.get(CODES).await.expect_see("/connexion");
    browser.post(CODES, &[]).await.expect_see("/connexion");
    assert_eq!(app.number("SELECT COUNT(*) FROM session WHERE sealed_codes IS NOT NULL".into()).await, 0);

    // From now on the sign-in asks for a code, and the key is never shown again.
    app.clock.advance_millis(MINUTE);
    let next = app.anonymous();
    typed(&next, &advisor.identifier, PASSWORD).await.expect_see(CODE);
    next.get(ENROLMENT).await.expect_see(CODE);
    enter(&next, &shown(app, secret, 0)).await.expect_see("/conseiller");
}

/// A person who has to enrol and stands at that step, with the key that the page proposes.
pub(crate) async fn enrolling(app: &TestApp) -> (Person, [u8; 20]) {
    let mut person = app.staff_signed_out(Role::Advisor, None).await;
    person.browser = app.at_stage(person.account, Stage::Enrolment).await;
    let key = app.services.enrolment(&session_of(app, &person.browser).await).await.unwrap().key;
    (person, BASE32_NOPAD.decode(key.as_bytes()).unwrap().try_into().unwrap())
}

/// A person who is being shown recovery codes.
pub(crate) async fn noting_codes(app: &TestApp) -> (Person, [u8; 20]) {
    let (person, secret) = enrolling(app).await;
    person.browser.post(ENROLMENT, &[("code", &shown(app, secret, 0))]).await.expect_see(CODES);
    (person, secret)
}

/// A person who has enrolled, with their recovery codes.
async fn with_recovery_codes(app: &TestApp) -> (Person, Vec<String>) {
    let (person, _) = noting_codes(app).await;
    let browser = &person.browser;
    let codes = app.services.recovery_codes(&session_of(app, browser).await).await.unwrap();
    browser.post(CODES, &[]).await.expect_see("/conseiller");
    (person, codes)
}

async fn each_recovery_code_works_once(app: &TestApp) {
    let ((one, codes), (two, _)) = (with_recovery_codes(app).await, with_recovery_codes(app).await);
    let groups = |code: &str| {
        code.as_bytes().chunks(5).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join("-")
    };
    for (index, code) in codes.iter().enumerate() {
        let typed = match index % 3 {
            0 => groups(code).to_lowercase(),
            1 => code.clone(),
            _ => format!(" {} ", groups(code).replace('-', " ")),
        };
        // The recovery code of another person opens nothing.
        enter(&awaited(app, &two).await, &typed).await.expect(422);
        app.clock.advance_millis(16 * MINUTE);
        enter(&awaited(app, &one).await, &typed).await.expect_see("/conseiller");
        enter(&awaited(app, &one).await, &typed).await.expect(422).expect_text(WRONG);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM recovery_code WHERE used_at IS NULL".into()).await, 10);
}

async fn a_code_works_one_step_early_or_late(app: &TestApp) {
    assert_eq!(NOW.millis() % 30_000, 0, "the clock stands at the beginning of a step");
    for (steps, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let person = enrolled(app).await;
        let answer = enter(&awaited(app, &person).await, &shown(app, TOTP_KEY, steps)).await;
        assert_eq!(answer.status.as_u16(), if accepted { 303 } else { 422 }, "{steps} steps");
    }
    // This is the last moment of the step, and then the first moment of the next.
    let person = enrolled(app).await;
    let before = shown(app, TOTP_KEY, -1);
    app.clock.advance_millis(29_999);
    let browser = awaited(app, &person).await;
    app.clock.advance_millis(1);
    enter(&browser, &before).await.expect(422).expect_text(WRONG);
    enter(&browser, &shown(app, TOTP_KEY, -1)).await.expect_see("/conseiller");
}

async fn a_code_works_once_in_any_browser(app: &TestApp) {
    let person = enrolled(app).await;
    let (now, next) = (shown(app, TOTP_KEY, 0), shown(app, TOTP_KEY, 1));
    enter(&awaited(app, &person).await, &next).await.expect_see("/conseiller");
    enter(&awaited(app, &person).await, &next).await.expect(422).expect_text(WRONG);
    enter(&awaited(app, &person).await, &now).await.expect(422).expect_text(WRONG);
    app.clock.advance_millis(30_000);
    enter(&awaited(app, &person).await, &next).await.expect(422).expect_text(WRONG);
    app.clock.advance_millis(30_000);
    enter(&awaited(app, &person).await, &shown(app, TOTP_KEY, 0)).await.expect_see("/conseiller");
    // Another person with the same key could still use the code.
    enter(&awaited(app, &enrolled(app).await).await, &shown(app, TOTP_KEY, 0)).await.expect_see("/conseiller");
}

async fn two_windows_cannot_share_a_code(app: &TestApp) {
    let (person, codes) = with_recovery_codes(app).await;
    let other = enrolled(app).await;
    for (person, code) in [(&person, codes[0].clone()), (&other, shown(app, TOTP_KEY, 0))] {
        let (one, two) = (awaited(app, person).await, awaited(app, person).await);
        let answers = tokio::join!(enter(&one, &code), enter(&two, &code));
        let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
    }
    // The same window sends the code twice: the session of the step before has ended.
    app.clock.advance_millis(MINUTE);
    let window = awaited(app, &other).await;
    let twin = window.same();
    let (code, next) = (shown(app, TOTP_KEY, 0), shown(app, TOTP_KEY, 1));
    let answers = tokio::join!(enter(&window, &code), enter(&twin, &next));
    let opened = [&answers.0, &answers.1].iter().filter(|answer| answer.header("location") == "/conseiller").count();
    assert_eq!(opened, 1, "{:?} {:?}", answers.0.headers, answers.1.headers);
}

async fn failures_are_counted_across_sessions(app: &TestApp) {
    let (person, codes) = with_recovery_codes(app).await;
    let other = enrolled(app).await;
    let (right, wrong) = (shown(app, TOTP_KEY, 0), wrong_code(app, TOTP_KEY));
    for attempt in 0..5 {
        let code = if attempt % 2 == 0 { wrong.clone() } else { "A".repeat(26) };
        enter(&awaited(app, &other).await, &code).await.expect(422).expect_text(WRONG);
        enter(&awaited(app, &person).await, &"B".repeat(26)).await.expect(422).expect_text(WRONG);
    }
    let browser = awaited(app, &other).await;
    enter(&browser, &right).await.expect(422).expect_text(TOO_MANY);
    enter(&awaited(app, &person).await, &codes[0]).await.expect(422).expect_text(TOO_MANY);
    browser.get("/conseiller").await.expect_see(CODE);
    // Another right password does not start the count again.
    let again = app.anonymous();
    typed(&again, &other.identifier, PASSWORD).await.expect_see(CODE);
    enter(&again, &right).await.expect(422).expect_text(TOO_MANY);
    // Neither attempt used up the code that was refused.
    app.clock.advance_millis(15 * MINUTE);
    enter(&awaited(app, &person).await, &codes[0]).await.expect_see("/conseiller");
    enter(&awaited(app, &other).await, &shown(app, TOTP_KEY, 0)).await.expect_see("/conseiller");

    // Wrong codes at an enrolment count as well.
    let (newcomer, secret) = enrolling(app).await;
    let browser = &newcomer.browser;
    for _ in 0..5 {
        browser.post(ENROLMENT, &[("code", &wrong_code(app, secret))]).await.expect(422).expect_text(WRONG);
    }
    browser.post(ENROLMENT, &[("code", &shown(app, secret, 0))]).await.expect(422).expect_text(TOO_MANY);
}

async fn the_second_step_has_to_follow_within_ten_minutes(app: &TestApp) {
    for (key, step) in [(Some(TOTP_KEY), CODE), (None, ENROLMENT)] {
        let person = app.staff_signed_out(Role::Advisor, key).await;
        let browser = app.anonymous();
        typed(&browser, &person.identifier, PASSWORD).await.expect_see(step);
        app.clock.advance_millis(10 * MINUTE - 1);
        browser.get(step).await.expect(200);
        app.clock.advance_millis(1);
        let answer = browser.get(step).await.expect(303);
        assert!(answer.header("location").starts_with("/connexion?vers="), "{}", answer.header("location"));
        let answer = browser.post(step, &[("code", &shown(app, TOTP_KEY, 0))]).await.expect(303);
        assert!(answer.header("location").starts_with("/connexion?vers="), "{}", answer.header("location"));
    }
}

async fn recovery_codes_are_shown_for_half_an_hour(app: &TestApp) {
    let (person, secret) = noting_codes(app).await;
    let browser = &person.browser;
    app.clock.advance_millis(30 * MINUTE - 1);
    browser.get(CODES).await.expect(200);
    app.clock.advance_millis(1);
    assert!(browser.get(CODES).await.expect(303).header("location").starts_with("/connexion?vers="));
    assert!(browser.post(CODES, &[]).await.expect(303).header("location").starts_with("/connexion?vers="));
    // The person has enrolled all the same, and the authenticator works.
    enter(&awaited(app, &person).await, &shown(app, secret, 0)).await.expect_see("/conseiller");
}

async fn every_step_has_a_cookie_of_its_own(app: &TestApp) {
    let person = app.staff_signed_out(Role::Advisor, None).await;
    let browser = app.anonymous();
    typed(&browser, &person.identifier, PASSWORD).await.expect_see(ENROLMENT);
    let enrolment = browser.same();
    let key = app.services.enrolment(&session_of(app, &browser).await).await.unwrap().key;
    let secret = BASE32_NOPAD.decode(key.as_bytes()).unwrap().try_into().unwrap();
    browser.post(ENROLMENT, &[("code", &shown(app, secret, 0))]).await.expect_see(CODES);
    let codes = browser.same();
    browser.post(CODES, &[]).await.expect_see("/conseiller");
    for (before, path) in [(&enrolment, ENROLMENT), (&codes, CODES), (&codes, "/conseiller")] {
        let answer = before.get(path).await.expect(303);
        assert!(answer.header("location").starts_with("/connexion?vers="), "{path}: {}", answer.header("location"));
    }

    app.clock.advance_millis(MINUTE);
    let waiting = awaited(app, &person).await;
    let browser = waiting.same();
    let answer = enter(&browser, &shown(app, secret, 0)).await.expect_see("/conseiller");
    for part in ["__Host-session=", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
        assert!(answer.header("set-cookie").contains(part), "{part}");
    }
    waiting.get(CODE).await.expect_see("/connexion?vers=%2Fconnexion%2Fcode");
    browser.get("/conseiller").await.expect(200);
}

async fn an_earlier_step_is_closed(app: &TestApp) {
    let person = app.advisor().await;
    let youth = app.youth().await;
    for browser in [&person.browser, &youth.browser] {
        for path in [CODE, ENROLMENT, CODES] {
            browser.get(path).await.expect_see("/connexion");
            browser.post(path, &[("code", &shown(app, TOTP_KEY, 0))]).await.expect_see("/connexion");
        }
    }
    for path in [CODE, ENROLMENT, CODES] {
        assert!(app.anonymous().get(path).await.expect(303).header("location").starts_with("/connexion?vers="));
    }
}

async fn the_code_leads_to_the_page_that_was_asked_for(app: &TestApp) {
    let advisor = enrolled(app).await;
    let browser = app.anonymous();
    browser.get("/conseiller/jeunes").await.expect_see("/connexion?vers=%2Fconseiller%2Fjeunes");
    browser
        .post("/connexion?vers=%2Fconseiller%2Fjeunes", &[("identifier", &advisor.identifier), ("password", PASSWORD)])
        .await
        .expect_see("/connexion/code?vers=%2Fconseiller%2Fjeunes");
    let step = "/connexion/code?vers=%2Fconseiller%2Fjeunes";
    browser.get(step).await.expect(200).expect_text(&format!("action=\"{step}\""));
    browser.post(step, &[("code", &shown(app, TOTP_KEY, 0))]).await.expect_see("/conseiller/jeunes");
}
