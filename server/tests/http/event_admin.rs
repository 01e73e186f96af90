//! Events (F5): the team creates, changes, closes and reopens them, and hands over their pre-registrations encrypted.

use crate::support::{Person, TestApp, on_both_engines};
use axum::Router;
use domain::{
    actor::{Actor, Role},
    error::PortError,
    events::{EventRefusal, Events, ForwardColumns, ForwardWords, NewEvent},
    forms::event_admin::EventAdminForm,
    ids::EventId,
};
use std::io::Read;
use uuid::Uuid;

on_both_engines!(
    an_event_is_created_changed_closed_and_reopened,
    errors_are_shown_and_typed_values_are_kept,
    only_some_roles_see_how_many_are_registered,
    an_event_that_is_over_cannot_be_changed,
    only_the_receiver_can_read_the_file,
    nothing_is_handed_over_without_a_receiver_or_without_registrations,
    other_roles_are_refused,
    a_site_without_events_has_no_such_pages,
);

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// An open event on 2 April 2026.
pub(crate) async fn an_event(app: &TestApp, name: &str) -> EventId {
    let director = Actor::staff(app.staff(Role::Director).await.account, Role::Director);
    app.services.create_event(&director, new(app, name), app.submission()).await.unwrap()
}

fn new(app: &TestApp, name: &str) -> NewEvent {
    let form = EventAdminForm {
        name: name.into(),
        place: "Salle d’exemple, 11e".into(),
        description: "Venez rencontrer des employeurs.".into(),
        start_date: "2026-04-02".into(),
        start_time: "09:30".into(),
        end_date: "2026-04-02".into(),
        end_time: "17:00".into(),
        ..EventAdminForm::default()
    };
    form.validate(&*app.services.calendar()).unwrap()
}

/// Words of a file that nobody reads here.
fn words() -> ForwardWords {
    let none = String::new;
    let columns = ForwardColumns {
        first_name: none(),
        last_name: none(),
        birth_date: none(),
        postal_code: none(),
        structure: none(),
        phone: none(),
        email: none(),
        received_on: none(),
    };
    ForwardWords { file: "fichier".into(), event: "evenement".into(), columns }
}

/// Pre-registers a person for `event`.
pub(crate) async fn register(app: &TestApp, event: EventId, number: u32, first_name: &str) {
    let (id, event) = (app.sql_id(Uuid::from_u128(number.into())), app.sql_id(event));
    app.execute(format!(
        "INSERT INTO request (id, kind, submission, received_at, state, first_name, last_name, phone, birth_date,
                              postal_code, structure, event_id)
         VALUES ({id}, 'event', {id}, {number}, 'new', '{first_name}', 'Exemple', '+33639981234', '2007-05-04', '75011',
                 'Mission Locale d’exemple', {event})"
    ))
    .await;
}

pub(crate) fn fields<'f>(name: &'f str, end: (&'f str, &'f str)) -> Vec<(&'static str, &'f str)> {
    vec![
        ("name", name),
        ("place", "Salle d’exemple"),
        ("description", "Pour tout le monde."),
        ("start_date", "2026-03-28"),
        ("start_time", "20:00"),
        ("end_date", end.0),
        ("end_time", end.1),
    ]
}

async fn an_event_is_created_changed_closed_and_reopened(app: &TestApp) {
    let lead = app.staff(Role::ProjectLead).await.browser;
    lead.get("/admin/evenements").await.expect(200).expect_text("Aucun événement pour l’instant");
    let answer =
        lead.post("/admin/evenements/nouveau", &fields("Forum <b>", ("2026-03-29", "03:00"))).await.expect(303);
    let path = answer.header("location").strip_suffix("?fait=cree").unwrap().to_owned();
    let shown = lead.get(&format!("{path}?fait=cree")).await.expect(200);
    shown.expect_sentence("L’événement est créé.").expect_text("value=\"2026-03-28\"").expect_no_text("<b>");
    // The clocks go forward that night, so that 20 h to 3 h lasts six hours.
    assert_eq!(app.number("SELECT ends_at - starts_at FROM event".into()).await, 6 * 3_600_000);
    let list = lead.get("/admin/evenements").await.expect(200);
    list.expect_text("Forum &lt;b&gt;").expect_sentence("Du 28 mars 2026, 20 h 00 à 29 mars 2026, 3 h 00");

    let changed = fields("Grand forum", ("2026-03-28", "22:30"));
    lead.post(&path, &changed).await.expect_see(&format!("{path}?fait=change"));
    lead.get("/admin/evenements").await.expect(200).expect_sentence("Du 28 mars 2026, 20 h 00 à 22 h 30");

    let state = format!("{path}/fermer");
    lead.post(&state, &[("action", "close")]).await.expect_see(&format!("{path}?fait=ferme"));
    let closed_at = app.number("SELECT closed_at FROM event".into()).await;
    app.clock.advance_millis(60_000);
    // A second click changes nothing.
    lead.post(&state, &[("action", "close")]).await.expect(303);
    assert_eq!(app.number("SELECT closed_at FROM event".into()).await, closed_at);
    lead.get(&path).await.expect(200).expect_text("Fermée").expect_text("Rouvrir la préinscription");
    lead.post(&state, &[("action", "open")]).await.expect_see(&format!("{path}?fait=ouvert"));
    lead.get(&path).await.expect(200).expect_text("Ouverte").expect_text("Fermer la préinscription");
    assert_eq!(app.number("SELECT COUNT(*) FROM event WHERE closed_at IS NULL".into()).await, 1);
}

async fn errors_are_shown_and_typed_values_are_kept(app: &TestApp) {
    let admin = app.staff(Role::Administrator).await.browser;
    for (end, sentence) in [
        (("2026-03-29", "02:30"), "Cette heure n’existe pas ce jour-là"),
        (("2026-03-28", "20:00"), "La fin doit venir après le début."),
        (("2026-02-30", "20:00"), "Cette date n’existe pas."),
        (("2026-03-29", "25:00"), "Ce n’est pas une heure."),
    ] {
        let answer = admin.post("/admin/evenements/nouveau", &fields("Forum", end)).await.expect(422);
        answer.expect_sentence(sentence).expect_text("value=\"Forum\"").expect_text("Pour tout le monde.");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM event".into()).await, 0);
    let event = an_event(app, "Forum").await;
    let path = format!("/admin/evenements/{event}");
    admin.post(&path, &[("name", "Autre nom")]).await.expect(422).expect_text("value=\"Autre nom\"");
    admin.post(&format!("{path}/fermer"), &[("action", "burn")]).await.expect(422);
    admin.get(&format!("/admin/evenements/{}", Uuid::nil())).await.expect(404);
    admin.get("/admin/evenements/demain").await.expect(404);
}

async fn only_some_roles_see_how_many_are_registered(app: &TestApp) {
    let (event, quiet) = (an_event(app, "Forum").await, an_event(app, "Salon").await);
    for number in 1..=3 {
        register(app, event, number, "Lina").await;
    }
    for (role, told) in [(Role::Director, true), (Role::ProjectLead, true), (Role::Administrator, false)] {
        let person = app.staff(role).await;
        let page = person.browser.get(&format!("/admin/evenements/{event}")).await.expect(200);
        assert_eq!(page.readable().contains("3 personnes sont préinscrites."), told, "{role:?}");
        let actor = Actor::staff(person.account, role);
        let rows = app.services.events(&actor, 1).await.unwrap().rows;
        let counts = |id| rows.iter().find(|row| row.event.id == id).unwrap().registrations;
        assert_eq!((counts(event), counts(quiet)), (told.then_some(3), told.then_some(0)), "{role:?}");
    }
}

async fn an_event_that_is_over_cannot_be_changed(app: &TestApp) {
    let event = an_event(app, "Forum").await;
    let later = new(app, "Autre");
    app.clock.advance_millis(40 * DAY);
    let director = app.staff(Role::Director).await;
    let actor = Actor::staff(director.account, Role::Director);
    assert_eq!(app.services.close_event(&actor, event, true).await, Err(EventRefusal::Over));
    assert_eq!(app.services.change_event(&actor, event, later).await, Err(EventRefusal::Over));
    let nothing = app.services.close_event(&actor, Uuid::nil().into(), true).await;
    assert_eq!(nothing, Err(EventRefusal::Port(PortError::NotFound)));
    let page = director.browser.get(&format!("/admin/evenements/{event}")).await.expect(200);
    page.expect_text("Terminée").expect_no_text("Rouvrir").expect_no_text("Enregistrer les changements");
    let state = format!("/admin/evenements/{event}/fermer");
    let refused = director.browser.post(&state, &[("action", "open")]).await.expect(422);
    refused.expect_sentence("Cet événement est terminé : il ne change plus.");
}

/// The default site with a receiver, and the receiver's secret key.
fn with_receiver(app: &TestApp) -> (Router, age::x25519::Identity) {
    let key = age::x25519::Identity::generate();
    let receiver = key.to_public();
    let site = include_str!("../../sites/paris.toml");
    let text = format!("{site}\n[events]\nreceiver = \"{receiver}\"\nreceiver_name = \"L’association régionale\"\n");
    (app.with_site(&text), key)
}

/// The browser of `person` on another router.
async fn on(app: &TestApp, router: &Router, person: &Person) -> crate::support::Browser {
    let there = app.at_stage(person.account, domain::identity::Stage::Full).await;
    let browser = crate::support::Browser::new(router.clone());
    let name = domain::consent::SESSION_COOKIE;
    browser.set_cookie(name, &there.cookie(name).unwrap());
    browser
}

async fn only_the_receiver_can_read_the_file(app: &TestApp) {
    let (router, key) = with_receiver(app);
    let event = an_event(app, "Forum des métiers").await;
    register(app, event, 2, "=1+1").await;
    register(app, event, 1, "Lina").await;
    let path = format!("/admin/evenements/{event}/transmettre");
    let lead = app.staff(Role::ProjectLead).await;
    let browser = on(app, &router, &lead).await;
    let before = browser.get(&path).await.expect(200);
    before.expect_sentence("2 préinscriptions à transmettre.").expect_text("Rien n’a encore été transmis");
    let file = browser.post(&path, &[]).await.expect(200);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"preinscriptions-forum-des-metiers-2026-03-10.csv.age\""
    );
    assert!(!file.body.windows(4).any(|window| window == b"Lina"));
    let decryptor = age::Decryptor::new(&file.body[..]).unwrap();
    let mut text = String::new();
    let mut plain = decryptor.decrypt(std::iter::once(&key as &dyn age::Identity)).unwrap();
    plain.read_to_string(&mut text).unwrap();
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "Lina;Exemple;2007-05-04;75011;Mission Locale d’exemple;0639981234;;1970-01-01",
            "'=1+1;Exemple;2007-05-04;75011;Mission Locale d’exemple;0639981234;;1970-01-01",
        ]
    );
    // The page shows each handing-over, and its row names nobody.
    let actor = Actor::staff(lead.account, Role::ProjectLead);
    let board = app.services.forward_board(&actor, event).await.unwrap();
    let noted = &board.before[0];
    assert_eq!((board.before.len(), noted.requests), (1, 2));
    assert_eq!(noted.recipient, key.to_public().to_string());
    let hash = {
        use sha2::{Digest, Sha256};
        data_encoding::HEXLOWER.encode(&Sha256::digest(&file.body))
    };
    assert_eq!(noted.sha256, hash);
    browser.get(&path).await.expect(200).expect_text(&hash).expect_text("Karim");
    // A second file of the same people has other bytes.
    let again = browser.post(&path, &[]).await.expect(200);
    assert_ne!(again.body, file.body);
    assert_eq!(app.number("SELECT COUNT(*) FROM forwarding".into()).await, 2);
    // If the row cannot be written, no file leaves.
    app.execute("ALTER TABLE forwarding RENAME TO elsewhere".into()).await;
    browser.post(&path, &[]).await.expect(500);
    app.execute("ALTER TABLE elsewhere RENAME TO forwarding".into()).await;
}

async fn nothing_is_handed_over_without_a_receiver_or_without_registrations(app: &TestApp) {
    let event = an_event(app, "Forum").await;
    let path = format!("/admin/evenements/{event}/transmettre");
    let director = app.staff(Role::Director).await;
    let page = director.browser.get(&path).await.expect(200);
    page.expect_text("Aucun destinataire n’est réglé.").expect_text("receiver = \"age1…\"").expect_no_text("<button>");
    let refused = director.browser.post(&path, &[]).await.expect(422);
    refused.expect_sentence("Aucune clé de destinataire n’est réglée : rien n’a été transmis.");
    let (router, _) = with_receiver(app);
    let browser = on(app, &router, &director).await;
    let refused = browser.post(&path, &[]).await.expect(422);
    refused.expect_sentence("Personne n’est préinscrit : il n’y a rien à transmettre.");
    browser.get(&format!("/admin/evenements/{}/transmettre", Uuid::nil())).await.expect(404);
    assert_eq!(app.number("SELECT COUNT(*) FROM forwarding".into()).await, 0);
}

async fn other_roles_are_refused(app: &TestApp) {
    let (router, key) = with_receiver(app);
    let event = an_event(app, "Forum").await;
    register(app, event, 1, "Lina").await;
    let receiver = key.to_public().to_string();
    for role in Role::ALL {
        let person = app.staff(role).await;
        let may = [Role::ProjectLead, Role::Director].contains(&role);
        let browser = on(app, &router, &person).await;
        let answer = browser.post(&format!("/admin/evenements/{event}/transmettre"), &[]).await;
        assert_eq!(answer.status.as_u16(), if may { 200 } else { 403 }, "{role:?}");
        let actor = Actor::staff(person.account, role);
        let refused = |result: Result<_, EventRefusal>| result.err() == Some(EventRefusal::Port(PortError::Refused));
        assert_eq!(refused(app.services.forward(&actor, event, &receiver, &words()).await.map(drop)), !may, "{role:?}");
        assert_eq!(app.services.forward_board(&actor, event).await.is_ok(), may, "{role:?}");
        let manages = may || role == Role::Administrator;
        assert_eq!(app.services.events(&actor, 1).await.is_ok(), manages, "{role:?}");
        assert_eq!(app.services.event(&actor, event).await.is_ok(), manages, "{role:?}");
        assert_eq!(
            app.services.create_event(&actor, new(app, "X"), app.submission()).await.is_ok(),
            manages,
            "{role:?}"
        );
        assert_eq!(app.services.close_event(&actor, event, true).await.is_ok(), manages, "{role:?}");
        assert_eq!(app.services.close_event(&actor, event, false).await.is_ok(), manages, "{role:?}");
    }
    // Each of the two roles that may do it handed over once by the page and once by the port.
    assert_eq!(app.number("SELECT COUNT(*) FROM forwarding".into()).await, 4);
}

async fn a_site_without_events_has_no_such_pages(app: &TestApp) {
    let site = include_str!("../../sites/paris.toml").replacen("[modules]", "[modules]\nevents = false", 1);
    let router = app.with_site(&site);
    let director = app.staff(Role::Director).await;
    let browser = on(app, &router, &director).await;
    browser.get("/admin/evenements").await.expect(404);
    browser.get("/conseiller").await.expect(200).expect_no_text("/admin/evenements");
    director.browser.get("/conseiller").await.expect(200).expect_text("/admin/evenements");
}
