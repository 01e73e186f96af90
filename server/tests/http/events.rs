//! `/evenement` takes pre-registrations while an event is open, and finds the Mission Locale of a postal code.

use crate::{
    forms::{opened, sent, token, with},
    support::{NOW, TestApp, on_both_engines},
};

on_both_engines!(
    without_an_open_event_the_page_says_so_and_names_other_ways,
    one_open_event_needs_no_choice,
    one_of_several_open_events_is_chosen,
    an_event_that_has_closed_meanwhile_refuses_registrations,
    a_postal_code_with_several_missions_locales_needs_a_choice,
);

const PATH: &str = "/evenement";
const HOUR: i64 = 3_600_000;
const NONE: &str = "Aucun événement n’est ouvert en ce moment";

pub(crate) const RIGHT: &[(&str, &str)] = &[
    ("first_name", "Zoé"),
    ("last_name", "Exemple"),
    ("birth_date", "4/5/2007"),
    ("postal_code", "75011"),
    ("phone", "06 39 98 12 34"),
    ("email", "zoe@exemple.test"),
];

/// Creates an event that lasts from `from` to `to`, in hours from now.
async fn event(app: &TestApp, number: u128, name: &str, from: i64, to: i64) -> String {
    let id = uuid::Uuid::from_u128(number);
    let (starts, ends) = (NOW.plus_hours(from).millis(), NOW.plus_hours(to).millis());
    let sql = format!(
        "INSERT INTO event (id, name, place, description, starts_at, ends_at, created_at)
         VALUES ({}, '{name}', 'Halle Exemple', 'Des employeurs.', {starts}, {ends}, 0)",
        app.sql_id(id)
    );
    assert_eq!(app.execute(sql).await, 1);
    id.to_string()
}

async fn requests(app: &TestApp, condition: &str) -> i64 {
    app.number(format!("SELECT COUNT(*) FROM request WHERE kind = 'event' AND {condition}")).await
}

async fn without_an_open_event_the_page_says_so_and_names_other_ways(app: &TestApp) {
    event(app, 1, "Forum passé", -5, -1).await;
    event(app, 2, "Forum fermé", 5, 9).await;
    app.execute("UPDATE event SET closed_at = 1 WHERE name = 'Forum fermé'".into()).await;
    let browser = app.anonymous();
    let page = browser.get(PATH).await.expect(200).expect_sentence(NONE).expect_no_text("<form class=\"card");
    page.expect_text("href=\"/pre-inscription\"").expect_text("href=\"/contact\"").expect_no_text("Forum");
    browser.post(PATH, RIGHT).await.expect(422).expect_sentence(NONE);
    assert_eq!(requests(app, "1 = 1").await, 0);
}

async fn one_open_event_needs_no_choice(app: &TestApp) {
    event(app, 1, "Forum de l’emploi", 48, 52).await;
    let browser = app.anonymous();
    let page = browser.get(PATH).await.expect(200).expect_text("Forum de l’emploi");
    let page = page.expect_sentence("12 mars 2026, de 10 h 00 à 14 h 00, Halle Exemple");
    // The template that the island copies holds the question; the form does not ask it.
    let asked = page.text().split_once("<template").unwrap().0;
    assert!(!asked.contains("name=\"event\"") && !asked.contains("name=\"structure\""), "{asked}");
    let token = opened(app, &browser, PATH).await;
    let answer = sent(&browser, PATH, RIGHT, &token).await.expect_see("/evenement?envoye=oui");
    browser
        .get(answer.header("location"))
        .await
        .expect(200)
        .expect_sentence("Vos réponses sont supprimées du site dès que l’événement est passé.");
    let stored = "structure = '75119S00' AND postal_code = '75011' AND event_id IS NOT NULL AND phone = '+33639981234'";
    assert_eq!(requests(app, stored).await, 1);
    let mails = app.mailbox().await;
    assert_eq!(mails.len(), 1);
    for part in [&mails[0].text, &mails[0].html] {
        assert!(part.contains("Forum de l’emploi") && part.contains("13 mars 2026"), "{part}");
    }
    // Every field is wrong at once.
    let wrong =
        [("first_name", "1"), ("postal_code", "7501"), ("birth_date", "1/1/2050"), ("phone", "x"), ("email", "x")];
    let page = sent(&browser, PATH, &wrong, &token).await.expect(422);
    for sentence in [
        "Écrivez le nom en lettres",
        "Remplissez ce champ.",
        "Ce n’est pas un code postal.",
        "Cette date est encore à venir.",
        "Ce numéro n’est pas complet.",
        "Cette adresse mail n’est pas complète.",
    ] {
        assert!(page.readable().contains(sentence), "{sentence}");
    }
    page.expect_text("value=\"7501\"").expect_text("value=\"1/1/2050\"");
}

async fn one_of_several_open_events_is_chosen(app: &TestApp) {
    event(app, 1, "Forum de l’emploi", 48, 52).await;
    let second = event(app, 2, "Nuit des métiers", 20, 40).await;
    let browser = app.anonymous();
    browser.get(PATH).await.expect(200).expect_sentence("Du 11 mars 2026 au 12 mars 2026, Halle Exemple");
    let first_token = opened(app, &browser, PATH).await;
    sent(&browser, PATH, RIGHT, &first_token).await.expect(422).expect_text("id=\"event-erreur\"");
    let other = with(RIGHT, "event", "00000000-0000-0000-0000-000000000009");
    let page = sent(&browser, PATH, &other, &first_token).await.expect(422);
    page.expect_sentence("Les inscriptions à cet événement viennent de fermer.");
    sent(&browser, PATH, &with(RIGHT, "event", &second), &first_token).await.expect(303);
    assert_eq!(requests(app, &format!("event_id = {}", app.sql_id(uuid::Uuid::from_u128(2)))).await, 1);
}

async fn an_event_that_has_closed_meanwhile_refuses_registrations(app: &TestApp) {
    let id = event(app, 1, "Forum de l’emploi", 1, 2).await;
    event(app, 2, "Nuit des métiers", 20, 40).await;
    let browser = app.anonymous();
    let first = opened(app, &browser, PATH).await;
    let chosen = with(RIGHT, "event", &id);
    app.clock.advance_millis(2 * HOUR);
    let page = sent(&browser, PATH, &chosen, &first).await.expect(422);
    page.expect_sentence("Les inscriptions à cet événement viennent de fermer.")
        .expect_text("value=\"zoe@exemple.test\"");
    assert_eq!(requests(app, "1 = 1").await, 0);
    assert!(app.mailbox().await.is_empty());
    // The statement that writes the request checks the event as well, because two instances may read different states.
    use domain::{
        forms::event::EventForm,
        ids::EventId,
        requests::{Requests, SubmitRefusal},
    };
    let event: EventId = uuid::Uuid::from_u128(1).into();
    let form = EventForm {
        first_name: "Zoé".into(),
        last_name: "Exemple".into(),
        birth_date: "4/5/2007".into(),
        postal_code: "75011".into(),
        phone: "06 39 98 12 34".into(),
        ..EventForm::default()
    };
    let today = app.services.calendar().today();
    let request = form.validate(today, &[event], &domain::territory::Territory::default()).unwrap();
    let client = domain::identity::Client { address: "192.0.2.1".into(), device: String::new() };
    let submitted = app.services.submit(request, &first, &client).await;
    assert_eq!(submitted, Err(SubmitRefusal::EventClosed));
    assert_eq!(requests(app, "1 = 1").await, 0);
}

async fn a_postal_code_with_several_missions_locales_needs_a_choice(app: &TestApp) {
    event(app, 1, "Forum de l’emploi", 48, 52).await;
    let browser = app.anonymous();
    let first = opened(app, &browser, PATH).await;
    let fields = with(RIGHT, "postal_code", "77400");
    let page = sent(&browser, PATH, &fields, &first).await.expect(422);
    let page = page.expect_sentence("Plusieurs Missions Locales s’occupent de ce code postal : choisissez la vôtre.");
    let page = page.expect_text("value=\"77468S00\"").expect_text("value=\"77999S00\"").expect_text("value=\"77400\"");
    assert_eq!(requests(app, "1 = 1").await, 0);
    sent(&browser, PATH, &with(&fields, "structure", "77999S00"), &token(&page)).await.expect(303);
    assert_eq!(requests(app, "structure = '77999S00'").await, 1);
    // A code that the table does not know is accepted, without a Mission Locale.
    let next = opened(app, &browser, PATH).await;
    sent(&browser, PATH, &with(RIGHT, "postal_code", "13001"), &next).await.expect(303);
    assert_eq!(requests(app, "structure IS NULL AND postal_code = '13001'").await, 1);
}
