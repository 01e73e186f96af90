//! A person sees their own sessions, ends them, and changes their password.

use crate::{
    identity::typed,
    support::{Answer, Browser, PASSWORD, Person, TestApp, on_both_engines},
};
use data_encoding::HEXLOWER;
use domain::{actor::Role, consent::SESSION_COOKIE, identity::Stage};
use sha2::{Digest, Sha256};

on_both_engines!(
    the_list_shows_open_sessions_and_marks_this_one,
    one_device_is_signed_out_at_once,
    all_others_are_signed_out_at_once,
    the_session_of_another_person_is_not_found,
    expired_sessions_are_not_listed,
    every_space_links_to_the_devices,
    a_new_password_needs_the_old_one_and_ends_the_others,
    guesses_of_the_old_password_are_throttled,
);

const DEVICES: &str = "/appareils";
const PASSWORD_PATH: &str = "/mot-de-passe";
const NEW: &str = "quatre lampes au plafond";
const MINUTE: i64 = 60_000;

/// The ids that the buttons of the list send, in the order of the list.
fn ids(answer: &Answer) -> Vec<String> {
    let found = answer.text().split("name=\"device\" value=\"").skip(1);
    found.map(|rest| rest.split('"').next().unwrap().to_owned()).filter(|id| id != "others").collect()
}

async fn another(app: &TestApp, person: &Person) -> Browser {
    app.at_stage(person.account, Stage::Full).await
}

async fn sign_out(browser: &Browser, device: &str) -> Answer {
    browser.post(DEVICES, &[("device", device)]).await
}

async fn change(browser: &Browser, current: &str, new: &str, again: &str) -> Answer {
    browser.post(PASSWORD_PATH, &[("current", current), ("password", new), ("again", again)]).await
}

async fn the_list_shows_open_sessions_and_marks_this_one(app: &TestApp) {
    let youth = app.youth().await;
    let alone = youth.browser.get(DEVICES).await.expect(200).expect_text("Cet appareil");
    assert!(ids(&alone).is_empty());
    alone.expect_text("Votre compte n’est ouvert nulle part ailleurs.").expect_no_text("value=\"others\"");
    app.clock.advance_millis(5 * MINUTE);
    let phone = another(app, &youth).await;
    app.at_stage(youth.account, Stage::SecondFactor).await;
    let list = phone.get(DEVICES).await.expect(200).expect_text("value=\"others\"");
    assert_eq!(ids(&list).len(), 1, "the other one; a sign-in under way is no device");
    assert_eq!(list.text().matches("Cet appareil").count(), 1);
    let list = list.expect_sentence("Ouvert le 10 mars, 10 h 05").expect_sentence("Ouvert le 10 mars, 10 h 00");
    // The list does not hold a token or its hash: its ids open no session.
    for browser in [&youth.browser, &phone] {
        let token = browser.cookie(SESSION_COOKIE).unwrap();
        let hash = HEXLOWER.encode(&Sha256::digest(token.as_bytes()));
        assert!(!list.text().contains(&token) && !list.text().contains(&hash[..16]), "{}", list.text());
    }
    let id = ids(&list)[0].replace('-', "");
    let hash = HEXLOWER.encode(&Sha256::digest(youth.browser.cookie(SESSION_COOKIE).unwrap().as_bytes()));
    assert!(!hash.contains(&id));
}

async fn one_device_is_signed_out_at_once(app: &TestApp) {
    for person in [app.youth().await, app.advisor().await] {
        let home = if person.youth.is_some() { "/mon-espace" } else { "/conseiller" };
        let (old, other) = (another(app, &person).await, another(app, &person).await);
        app.clock.advance_millis(MINUTE);
        other.get(home).await.expect(200);
        let aimed = ids(&person.browser.get(DEVICES).await.expect(200));
        assert_eq!(aimed.len(), 2);
        // The device that was used last comes first, and `other` was just used.
        sign_out(&person.browser, &aimed[1]).await.expect_see("/appareils?fait=un");
        let left =
            ids(&person.browser.get("/appareils?fait=un").await.expect(200).expect_text("L’appareil est déconnecté."));
        assert_eq!(left, aimed[..1]);
        old.get(home).await.expect(303);
        other.get(home).await.expect(200);
        person.browser.get(home).await.expect(200);
        // The same click again finds no such device.
        sign_out(&person.browser, &aimed[1]).await.expect(404);
    }
}

async fn all_others_are_signed_out_at_once(app: &TestApp) {
    let (youth, stranger) = (app.youth().await, app.youth().await);
    let others = [another(app, &youth).await, another(app, &youth).await];
    let under_way = app.at_stage(youth.account, Stage::SecondFactor).await;
    sign_out(&youth.browser, "others").await.expect_see("/appareils?fait=autres");
    for other in &others {
        other.get("/mon-espace").await.expect_see("/connexion?vers=%2Fmon%2Despace");
    }
    under_way.get("/connexion/code").await.expect(303);
    youth.browser.get("/mon-espace").await.expect(200);
    stranger.browser.get("/mon-espace").await.expect(200);
}

async fn the_session_of_another_person_is_not_found(app: &TestApp) {
    let (one, two) = (app.youth().await, app.youth().await);
    another(app, &two).await;
    let theirs = ids(&two.browser.get(DEVICES).await.expect(200));
    for id in [theirs[0].as_str(), "0195807c-0000-7000-8000-000000000001"] {
        sign_out(&one.browser, id).await.expect(404);
    }
    for damaged in ["", "rien", "%ff", "1"] {
        sign_out(&one.browser, damaged).await.expect(422).expect_text("Le formulaire est arrivé abîmé.");
    }
    assert_eq!(ids(&two.browser.get(DEVICES).await.expect(200)), theirs);
    // A session that waits for its second factor cannot use this page either.
    let advisor = app.advisor().await;
    let half = app.at_stage(advisor.account, Stage::SecondFactor).await;
    half.get(DEVICES).await.expect_see("/connexion/code");
    sign_out(&half, "others").await.expect_see("/connexion/code");
    advisor.browser.get("/conseiller").await.expect(200);
}

async fn expired_sessions_are_not_listed(app: &TestApp) {
    let advisor = app.advisor().await;
    another(app, &advisor).await;
    app.clock.advance_millis(29 * MINUTE);
    let list = advisor.browser.get(DEVICES).await.expect(200);
    assert_eq!(ids(&list).len(), 1);
    app.clock.advance_millis(MINUTE);
    let list = advisor.browser.get(DEVICES).await.expect(200);
    assert!(ids(&list).is_empty(), "the other one rested for half an hour");
}

async fn every_space_links_to_the_devices(app: &TestApp) {
    let youth = app.youth().await;
    let profile = youth.browser.get("/mon-espace/profil").await.expect(200);
    profile.expect_text("href=\"/appareils\"").expect_text("href=\"/mot-de-passe\"");
    for (role, home) in
        [(Role::Advisor, "/conseiller"), (Role::Reception, "/conseiller"), (Role::Administrator, "/admin")]
    {
        let person = app.staff(role).await;
        person.browser.get(home).await.expect(200).expect_text("href=\"/appareils\"");
        let list = person.browser.get(DEVICES).await.expect(200);
        list.expect_text(&format!("href=\"{home}\" class=\"brand\"")).expect_text("href=\"/mot-de-passe\"");
    }
    // A visitor comes back to the page after the sign-in.
    let visitor = app.anonymous();
    visitor.get(DEVICES).await.expect_see("/connexion?vers=%2Fappareils");
    let fields = [("identifier", youth.identifier.as_str()), ("password", PASSWORD)];
    visitor.post("/connexion?vers=%2Fappareils", &fields).await.expect_see(DEVICES);
}

async fn a_new_password_needs_the_old_one_and_ends_the_others(app: &TestApp) {
    let youth = app.youth().await;
    let other = another(app, &youth).await;
    for (current, new, again, sentence) in [
        ("", "", "", "Remplissez ce champ."),
        ("pas le bon", NEW, NEW, "Ce n’est pas votre mot de passe actuel."),
        (PASSWORD, "onze signes", "onze signes", "C’est trop court"),
        (PASSWORD, NEW, "autre chose ici", "Ce n’est pas le même"),
        (PASSWORD, "azertyuiop123", "azertyuiop123", "se devine trop vite"),
        (PASSWORD, "Lina Exemple 2007", "Lina Exemple 2007", "Votre nom ou votre identifiant est dedans"),
    ] {
        let answer = change(&youth.browser, current, new, again).await.expect(422).expect_sentence(sentence);
        for typed in [current, new, again].into_iter().filter(|typed| !typed.is_empty()) {
            assert!(!answer.text().contains(&format!("value=\"{typed}\"")), "{typed}");
        }
    }
    other.get("/mon-espace").await.expect(200);
    change(&youth.browser, PASSWORD, NEW, NEW).await.expect_see("/appareils?fait=mot-de-passe");
    youth.browser.get("/appareils?fait=mot-de-passe").await.expect(200).expect_text("Votre mot de passe est changé.");
    other.get("/mon-espace").await.expect(303);
    typed(&app.anonymous(), &youth.identifier, PASSWORD).await.expect(422);
    typed(&app.anonymous(), &youth.identifier, NEW).await.expect_see("/mon-espace");
    let noted = format!(
        "SELECT COUNT(*) FROM journal WHERE action = 'password_changed' AND subject_id = {}",
        app.sql_id(youth.account)
    );
    assert_eq!(app.number(noted).await, 1);
}

async fn guesses_of_the_old_password_are_throttled(app: &TestApp) {
    let (youth, other) = (app.youth().await, app.youth().await);
    for _ in 0..5 {
        change(&youth.browser, "pas le bon", NEW, NEW).await.expect(422).expect_text("mot de passe actuel");
    }
    change(&youth.browser, PASSWORD, NEW, NEW).await.expect(422).expect_text("Trop d’essais.");
    change(&other.browser, PASSWORD, NEW, NEW).await.expect(303);
    app.clock.advance_millis(15 * MINUTE);
    change(&youth.browser, PASSWORD, NEW, NEW).await.expect(303);
}
