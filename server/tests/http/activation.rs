//! Activation codes: each opens its account once (E1, A8).

use crate::{
    accounts::awaiting,
    identity::typed,
    support::{Answer, Browser, Engine, PASSWORD, TestApp, files_under, on_both_engines},
};
use domain::{activation::ActivationCode, actor::Role, consent::SESSION_COOKIE};
use futures::future::join_all;

on_both_engines!(
    a_young_person_opens_their_space,
    a_link_only_fills_the_code_in,
    a_code_opens_once,
    when_many_use_a_code_at_once_one_opens_the_account,
    every_wrong_code_gets_the_same_answer,
    a_code_expires_after_72_hours,
    wrong_codes_are_throttled_and_right_ones_are_not,
    a_refused_password_is_explained_and_never_shown,
    an_activation_ends_every_session_of_the_account,
    codes_are_stored_as_their_hash_alone,
);

const PATH: &str = "/activation";
const NEW: &str = "quatre lampes au plafond";
const NOTHING: &str = "Ce code n’ouvre rien.";
const HOUR: i64 = 60 * 60_000;

async fn enter(browser: &Browser, code: &str) -> Answer {
    browser.post(PATH, &[("code", code)]).await
}

async fn choose(browser: &Browser, code: &str, password: &str, again: &str) -> Answer {
    let fields = [("code", code), ("step", "password"), ("password", password), ("again", again)];
    browser.post(PATH, &fields).await
}

/// An invited advisor and the code of the invitation.
async fn invited(app: &TestApp) -> (crate::support::Person, ActivationCode) {
    let person = awaiting(app, Role::Advisor).await;
    let code = app.services.test_code(person.account).await.unwrap();
    (person, code)
}

async fn a_young_person_opens_their_space(app: &TestApp) {
    let (account, _) = app.services.test_youth("lina.attend", None, |_| {}).await.unwrap();
    let code = app.services.test_code(account).await.unwrap();
    let phone = app.anonymous();
    typed(&phone, "lina.attend", NEW).await.expect(422);
    let typed_code = code.groups().to_lowercase().replace('-', " ");
    let page = enter(&phone, &typed_code).await.expect(200);
    page.expect_text("value=\"lina.attend\"").expect_text("autocomplete=\"username\"").expect_no_text("Lina");
    assert_eq!(phone.cookie(SESSION_COOKIE), None);
    choose(&phone, &code.groups(), NEW, NEW).await.expect_see("/mon-espace");
    phone.get("/mon-espace").await.expect(200).expect_text("Lina");
    let other = app.anonymous();
    typed(&other, "lina.attend", NEW).await.expect_see("/mon-espace");
}

async fn a_link_only_fills_the_code_in(app: &TestApp) {
    let (_, code) = invited(app).await;
    let visitor = app.anonymous();
    let before = app.number("SELECT COUNT(*) FROM throttle".into()).await;
    for _ in 0..3 {
        let page = visitor.get(&format!("{PATH}?code={}", code.reveal())).await.expect(200);
        page.expect_text(&format!("value=\"{}\"", code.reveal())).expect_no_text("name=\"password\"");
    }
    visitor.get(&format!("{PATH}?code={}", "%22%3E%3Cscript%3E")).await.expect(200).expect_no_text("<script");
    visitor.get(&format!("{PATH}?code={}", "a".repeat(5_000))).await.expect(200).expect_no_text(&"a".repeat(100));
    assert_eq!(app.number("SELECT COUNT(*) FROM throttle".into()).await, before);
    assert_eq!(app.number("SELECT COUNT(*) FROM activation_code".into()).await, 1);
    enter(&visitor, code.reveal()).await.expect(200);
}

async fn a_code_opens_once(app: &TestApp) {
    let (person, code) = invited(app).await;
    let visitor = app.anonymous();
    choose(&visitor, code.reveal(), NEW, NEW).await.expect_see("/connexion/enrolement");
    let again = app.anonymous();
    enter(&again, code.reveal()).await.expect(422).expect_text(NOTHING);
    choose(&again, code.reveal(), "cinq tasses sur la table", "cinq tasses sur la table").await.expect(422);
    assert_eq!(again.cookie(SESSION_COOKIE), None);
    assert_eq!(app.number("SELECT COUNT(*) FROM activation_code".into()).await, 0);
    typed(&app.anonymous(), &person.identifier, NEW).await.expect_see("/connexion/enrolement");
    typed(&app.anonymous(), &person.identifier, "cinq tasses sur la table").await.expect(422);
}

async fn when_many_use_a_code_at_once_one_opens_the_account(app: &TestApp) {
    let (person, code) = invited(app).await;
    let browsers: Vec<_> = (0..6).map(|_| app.anonymous()).collect();
    let passwords: Vec<_> = (0..6).map(|index| format!("{NEW} et {index} chaises")).collect();
    let attempts = browsers.iter().zip(&passwords).map(|(browser, new)| choose(browser, code.reveal(), new, new));
    let answers = join_all(attempts).await;
    let opened: Vec<_> = answers.iter().enumerate().filter(|(_, answer)| answer.status == 303).collect();
    assert_eq!(opened.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let theirs = app.sql_id(person.account);
    assert_eq!(app.number(format!("SELECT COUNT(*) FROM session WHERE account_id = {theirs}")).await, 1);
    for (index, password) in passwords.iter().enumerate() {
        let expected = if index == opened[0].0 { 303 } else { 422 };
        typed(&app.anonymous(), &person.identifier, password).await.expect(expected);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM journal WHERE action = 'activated'".into()).await, 1);
}

async fn every_wrong_code_gets_the_same_answer(app: &TestApp) {
    let (_, used) = invited(app).await;
    choose(&app.anonymous(), used.reveal(), NEW, NEW).await.expect(303);
    let (suspended, theirs) = invited(app).await;
    let id = app.sql_id(suspended.account);
    app.execute(format!("UPDATE account SET state = 'suspended' WHERE id = {id}")).await;
    let (replaced, old) = invited(app).await;
    app.services.test_code(replaced.account).await.unwrap();
    let unknown = ActivationCode::read(&"7".repeat(26)).unwrap();
    let mut pages = Vec::new();
    let codes = [&used, &theirs, &old, &unknown].map(|code| code.reveal().to_owned());
    for code in codes.iter().map(String::as_str).chain(["pas un code", &"8".repeat(26)]) {
        for second in [false, true] {
            let visitor = app.anonymous();
            let answer =
                if second { choose(&visitor, code, NEW, NEW).await } else { enter(&visitor, code).await }.expect(422);
            pages.push(answer.text().replace(code, "CODE"));
        }
    }
    assert!(pages[0].contains(NOTHING) && pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
}

async fn a_code_expires_after_72_hours(app: &TestApp) {
    let (_, code) = invited(app).await;
    app.clock.advance_millis(72 * HOUR - 1);
    enter(&app.anonymous(), code.reveal()).await.expect(200);
    app.clock.advance_millis(1);
    enter(&app.anonymous(), code.reveal()).await.expect(422).expect_text(NOTHING);
    choose(&app.anonymous(), code.reveal(), NEW, NEW).await.expect(422);
    app.services.run_job("end-sessions", None, false).await.unwrap();
    assert_eq!(app.number("SELECT COUNT(*) FROM activation_code".into()).await, 0);
}

async fn wrong_codes_are_throttled_and_right_ones_are_not(app: &TestApp) {
    let (_, code) = invited(app).await;
    let visitor = app.anonymous();
    for _ in 0..40 {
        enter(&visitor, code.reveal()).await.expect(200);
    }
    for guess in 0..30 {
        enter(&app.anonymous(), &format!("{guess:026}")).await.expect(422).expect_text(NOTHING);
    }
    let late = enter(&visitor, code.reveal()).await.expect(422);
    late.expect_text("Trop d’essais.").expect_no_text(NOTHING);
    choose(&visitor, code.reveal(), NEW, NEW).await.expect(422).expect_text("Trop d’essais.");
    app.clock.advance_millis(15 * 60_000);
    choose(&visitor, code.reveal(), NEW, NEW).await.expect(303);
}

async fn a_refused_password_is_explained_and_never_shown(app: &TestApp) {
    let (person, code) = invited(app).await;
    let visitor = app.anonymous();
    let holds_name = format!("avec {} dedans", person.identifier);
    for (password, again, sentence) in [
        ("", "", "Remplissez ce champ."),
        ("onze signes", "onze signes", "C’est trop court : 12 signes au moins."),
        (NEW, "quatre lampes au plafone", "Ce n’est pas le même que juste au-dessus."),
        ("motdepasse123", "motdepasse123", "Ce mot de passe se devine trop vite."),
        (&holds_name, &holds_name, "Votre nom ou votre identifiant est dedans"),
        ("Karim a des patins", "Karim a des patins", "Votre nom ou votre identifiant est dedans"),
    ] {
        let answer = choose(&visitor, code.reveal(), password, again).await.expect(422).expect_sentence(sentence);
        // Still at the second step, with everything but the passwords.
        let answer = answer.expect_text(&format!("value=\"{}\"", person.identifier)).expect_text(&code.groups());
        if !password.is_empty() {
            answer.expect_no_text(&format!("value=\"{password}\"")).expect_no_text(again);
        }
        assert_eq!(visitor.cookie(SESSION_COOKIE), None);
    }
    let long = "é".repeat(201);
    choose(&visitor, code.reveal(), &long, &long).await.expect(422).expect_sentence("C’est trop long");
    choose(&visitor, code.reveal(), NEW, NEW).await.expect_see("/connexion/enrolement");
}

async fn an_activation_ends_every_session_of_the_account(app: &TestApp) {
    let advisor = app.advisor().await;
    let id = app.sql_id(advisor.account);
    // A reset leaves the account like this; here one session was opened in between.
    app.execute(format!("UPDATE account SET state = 'awaiting', password_hash = NULL WHERE id = {id}")).await;
    app.execute(format!("DELETE FROM second_factor WHERE account_id = {id}")).await;
    let code = app.services.test_code(advisor.account).await.unwrap();
    // Another person is still signed in on the shared computer.
    let hall = app.youth().await;
    choose(&hall.browser, code.reveal(), NEW, NEW).await.expect_see("/connexion/enrolement");
    assert_eq!(app.number(format!("SELECT COUNT(*) FROM session WHERE account_id = {id}")).await, 1);
    advisor.browser.get("/conseiller").await.expect(303);
    let theirs = app.sql_id(hall.account);
    assert_eq!(app.number(format!("SELECT COUNT(*) FROM session WHERE account_id = {theirs}")).await, 0);
    typed(&app.anonymous(), &advisor.identifier, PASSWORD).await.expect(422);
}

async fn codes_are_stored_as_their_hash_alone(app: &TestApp) {
    let (_, code) = invited(app).await;
    enter(&app.anonymous(), code.reveal()).await.expect(200);
    assert_eq!(app.number("SELECT COUNT(*) FROM activation_code WHERE LENGTH(code_hash) = 32".into()).await, 1);
    if app.engine == Engine::Sqlite {
        for file in files_under(app.folder.path()) {
            let bytes = std::fs::read(&file).unwrap();
            for text in [code.reveal(), &code.groups()] {
                assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{}", file.display());
            }
        }
    }
}
