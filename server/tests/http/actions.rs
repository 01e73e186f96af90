//! Actions through both doors: what a plain form gets, and what an island's call of the same function gets.

use crate::{
    event_admin::an_event,
    support::{Answer, Browser, TestApp, on_both_engines},
};
use app::routes::ROUTES;
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use domain::{
    actor::Role,
    forms::{correction::CorrectionForm, event_admin::EventAdminForm},
    ids::SubmissionId,
    requests::Requests,
};
use services::db::counting;
use std::collections::BTreeSet;

on_both_engines!(
    a_refused_form_says_the_same_at_both_doors,
    a_call_gives_the_value_and_says_where_a_form_would_go,
    another_site_is_refused_at_both_doors,
    a_malformed_body_is_never_read_as_a_no,
    the_ids_of_the_address_replace_those_of_the_body,
    a_refused_call_at_a_file_is_logged_with_its_ids,
    the_same_token_does_a_thing_once_through_either_door,
    a_foreign_or_old_token_is_refused,
    a_call_makes_no_more_statements_than_the_form,
    a_search_while_typing_finds_only_ones_own_people,
);

impl TestApp {
    /// The number that a form gets when it is shown.
    pub(crate) fn submission(&self) -> SubmissionId {
        Requests::new_submission(&self.services).unwrap()
    }
}

impl Browser {
    /// Calls an action as an island does.
    pub(crate) async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_html_form::to_string(fields).unwrap();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("accept", "application/json"),
        ];
        self.send(Method::POST, path, &headers, Body::from(body)).await
    }
}

/// Leptos knows exactly the actions that `ROUTES` mounts.
#[test]
fn every_action_is_mounted_and_nothing_else_is() {
    let known: BTreeSet<String> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
    let mounted: BTreeSet<String> =
        ROUTES.iter().filter_map(|route| route.call).map(|call| format!("POST {call}")).collect();
    assert_eq!(known, mounted);
    assert!(known.len() >= 25, "{} actions", known.len());
}

/// A path with parameters is the door of the page alone, and calls go to a path without parameters.
#[test]
fn a_call_address_has_no_parameter() {
    for route in ROUTES {
        let Some(call) = route.call else { continue };
        assert!(!call.contains('{'), "{call}");
        assert!(call == route.path || call.starts_with("/action/"), "{call}");
    }
}

fn json(answer: &Answer) -> serde_json::Value {
    assert!(answer.header("content-type").starts_with("application/json"), "{}", answer.text());
    serde_json::from_str(answer.text()).unwrap()
}

/// A field that the page of a form carries.
fn hidden(page: &Answer, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.text().split_once(&mark).unwrap_or_else(|| panic!("{name} is not on the page")).1;
    rest.split_once('"').unwrap().0.to_owned()
}

async fn a_refused_form_says_the_same_at_both_doors(app: &TestApp) {
    let visitor = app.anonymous();
    let form = [("first_name", "Zoé"), ("email", "zoe@")];
    let page = visitor.post("/contact", &form).await.expect(422);
    let call = json(&visitor.call("/contact", &form).await.expect(422));
    let errors = call["why"]["fields"].as_array().unwrap();
    let fields: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["last_name", "email", "postal_code", "message"]);
    for (field, sentence) in fields.iter().zip(call["sentences"].as_array().unwrap()) {
        let line = page.text().split_once(&format!("id=\"{field}-erreur\"")).expect("an error beside its field").1;
        let line = line.split_once("</p>").unwrap().0;
        assert!(line.contains(sentence.as_str().unwrap()), "{field}: {sentence} is not in {line}");
    }
    // The form can be sent again at once, at either door.
    assert!(!call["token"].as_str().unwrap().is_empty() && !hidden(&page, "token").is_empty());
}

async fn a_call_gives_the_value_and_says_where_a_form_would_go(app: &TestApp) {
    let youth = app.youth().await;
    let path = "/mon-espace/coffre-fort/partage";
    let answer = youth.browser.call(path, &[("shared", "on")]).await.expect(200);
    assert_eq!(json(&answer), serde_json::json!({ "shared": true }));
    assert_eq!(answer.header("location"), "/mon-espace/coffre-fort?partage=oui#partage");
    let answer = youth.browser.call(path, &[("shared", "peut-être")]).await.expect(422);
    assert_eq!(json(&answer)["why"]["fields"][0]["code"], "unknown_choice");
    assert_eq!(answer.header("location"), "");
    // A request that accepts a page as well gets the page.
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html,application/xhtml+xml,application/json"),
    ];
    let page = youth.browser.send(Method::POST, path, &headers, Body::from("shared=on")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

async fn another_site_is_refused_at_both_doors(app: &TestApp) {
    let youth = app.youth().await;
    let before = app.number("SELECT COUNT(*) FROM correction".into()).await;
    for route in ROUTES.iter().filter(|route| route.call.is_some() && !route.path.contains('{')) {
        for accept in ["text/html", "application/json"] {
            for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://ailleurs.test")] {
                let headers =
                    [("content-type", "application/x-www-form-urlencoded"), ("accept", accept), (name, value)];
                let body = Body::from("message=Bonjour&shared=on");
                let answer = youth.browser.send(Method::POST, route.path, &headers, body).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {accept} {name}", route.path);
            }
        }
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM correction".into()).await, before);
    assert_eq!(app.number("SELECT COUNT(*) FROM vault WHERE shared".into()).await, 0);
}

async fn a_malformed_body_is_never_read_as_a_no(app: &TestApp) {
    let youth = app.youth().await;
    let path = "/mon-espace/coffre-fort/partage";
    youth.browser.post(path, &[("shared", "on")]).await.expect(303);
    let form = "application/x-www-form-urlencoded";
    let long = "a=".to_owned() + &"x".repeat(64 * 1024);
    for (kind, body) in [
        ("application/json", b"{}".as_slice()),
        ("text/plain", b"shared="),
        (form, b"shared=%00"),
        (form, b"shared=%ff"),
        (form, b"shared=\xff"),
        (form, long.as_bytes()),
    ] {
        for accept in ["text/html", "application/json"] {
            let headers = [("content-type", kind), ("accept", accept)];
            let answer = youth.browser.send(Method::POST, path, &headers, Body::from(body.to_vec())).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {accept}");
            if accept == "application/json" {
                assert_eq!(json(&answer)["why"]["fields"][0]["code"], "unreadable");
            }
        }
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM vault WHERE shared".into()).await, 1, "still shared");
}

async fn the_ids_of_the_address_replace_those_of_the_body(app: &TestApp) {
    let director = app.staff(Role::Director).await;
    let (one, other) = (an_event(app, "Premier").await, an_event(app, "Second").await);
    let (one, other) = (one.to_string(), other.to_string());
    let path = format!("/admin/evenements/{one}/fermer");
    let answer = director.browser.post(&path, &[("event", &other), ("action", "close")]).await.expect(303);
    assert_eq!(answer.header("location"), format!("/admin/evenements/{one}?fait=ferme"));
    let closed = |name: &str| format!("SELECT COUNT(*) FROM event WHERE name = '{name}' AND closed_at IS NOT NULL");
    assert_eq!(app.number(closed("Premier")).await, 1);
    assert_eq!(app.number(closed("Second")).await, 0);
    // A call has the ids in its body, and its answer names the page of that event.
    let answer = director.browser.call("/action/evenements/fermer", &[("event", &other), ("action", "close")]).await;
    assert_eq!(answer.expect(200).header("location"), format!("/admin/evenements/{other}?fait=ferme"));
    // With a wrong id the page does not exist, and a call cannot be read.
    director.browser.post("/admin/evenements/42/fermer", &[("action", "close")]).await.expect(404);
    director.browser.call("/action/evenements/fermer", &[("event", "42"), ("action", "close")]).await.expect(422);
}

async fn a_refused_call_at_a_file_is_logged_with_its_ids(app: &TestApp) {
    let (youth, advisor, reception) = (app.youth().await, app.advisor().await, app.staff(Role::Reception).await);
    let file = crate::files::pdf(1, 2_000);
    youth.browser.deposit("/mon-espace/coffre-fort", "identity", &[("carte.pdf", &file)]).await.expect(303);
    let (id, document) = (youth.id().to_string(), app.documents(&youth).await[0].id);
    let refused = || app.number("SELECT COUNT(*) FROM access_log WHERE refused".into());
    let before = refused().await;
    let fields = [("youth", id.as_str()), ("document", &document.to_string())];
    // Both refusals are logged: the one because of the role, and the one because of the attachment.
    reception.browser.call("/action/jeunes/coffre-fort/supprimer", &fields).await.expect(403);
    advisor.browser.call("/action/jeunes/coffre-fort/supprimer", &fields).await.expect(403);
    assert_eq!(refused().await, before + 2);
    let named = format!("SELECT COUNT(*) FROM access_log WHERE refused AND document_id = {}", app.sql_id(document));
    assert_eq!(app.number(named).await, 2);
}

/// The fields that are posted to `path`, a count of what they create, and the person who posts them.
struct Creating<'a> {
    browser: &'a Browser,
    path: String,
    call: &'a str,
    fields: Vec<(&'a str, String)>,
    made: &'a str,
}

async fn the_same_token_does_a_thing_once_through_either_door(app: &TestApp) {
    let visitor = app.anonymous();
    let youth = app.youth().await;
    let admin = app.staff(Role::Administrator).await;
    let director = app.staff(Role::Director).await;
    let colleague = app.staff(Role::Reception).await;
    let account = colleague.account.to_string();
    let s = str::to_owned;
    let contact = vec![
        ("first_name", s("Zoé")),
        ("last_name", s("Exemple")),
        ("email", s("zoe@exemple.test")),
        ("postal_code", s("75011")),
        ("message", s("Bonjour")),
    ];
    let rights = vec![
        ("kind", s("access")),
        ("concerns", s("self")),
        ("first_name", s("Zoé")),
        ("last_name", s("Exemple")),
        ("email", s("zoe@exemple.test")),
    ];
    let staff = vec![
        ("name", s("Alix Modèle")),
        ("identifier", s("a.modele")),
        ("email", s("alix@exemple.test")),
        ("role", s("advisor")),
    ];
    let event = vec![
        ("name", s("Forum d’exemple")),
        ("place", s("Salle d’exemple")),
        ("description", s("Venez.")),
        ("start_date", s("2026-04-02")),
        ("start_time", s("09:30")),
        ("end_date", s("2026-04-02")),
        ("end_time", s("17:00")),
    ];
    let change = vec![("account", account.clone()), ("what", s("role")), ("role", s("director"))];
    let cases = [
        Creating { browser: &visitor, path: s("/contact"), call: "/contact", fields: contact, made: "request" },
        Creating {
            browser: &visitor,
            path: s("/mes-droits"),
            call: "/mes-droits",
            fields: rights,
            made: "rights_request",
        },
        Creating {
            browser: &youth.browser,
            path: s("/mon-espace/profil"),
            call: "/mon-espace/profil",
            fields: vec![("message", s("Mon adresse a changé."))],
            made: "correction",
        },
        Creating {
            browser: &admin.browser,
            path: s("/admin/comptes/nouveau"),
            call: "/admin/comptes/nouveau",
            fields: staff,
            made: "account_proposal",
        },
        Creating {
            browser: &admin.browser,
            path: format!("/admin/comptes/{account}/proposer"),
            call: "/action/comptes/proposer",
            fields: change,
            made: "account_proposal",
        },
        Creating {
            browser: &director.browser,
            path: s("/admin/evenements/nouveau"),
            call: "/admin/evenements/nouveau",
            fields: event,
            made: "event",
        },
    ];
    for Creating { browser, path, call, fields, made } in &cases {
        for call_first in [true, false] {
            let token = hidden(&browser.get(path).await.expect(200), "token");
            app.clock.advance_millis(5_000);
            let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            // The second round proposes and creates something else, so that nothing open stands in its way.
            let other = if call_first { "" } else { "bis" };
            let (identifier, message) = (format!("a.modele{other}"), format!("Mon adresse a changé {other}"));
            for (name, value) in &mut fields {
                match *name {
                    "identifier" => *value = &identifier,
                    // The same text within a day is one message, whatever its token.
                    "message" => *value = &message,
                    "role" if *value == "director" && !call_first => *value = "advisor",
                    _ => {}
                }
            }
            fields.push(("token", &token));
            if *made == "account_proposal" && !call_first {
                app.execute("UPDATE account_proposal SET state = 'withdrawn'".into()).await;
            }
            let count = || app.number(format!("SELECT COUNT(*) FROM {made}"));
            let before = count().await;
            let mut locations = BTreeSet::new();
            for round in 0..4 {
                let called = (round % 2 == 0) == call_first;
                let answer = if called { browser.call(call, &fields).await } else { browser.post(path, &fields).await };
                let expected = if called { StatusCode::OK } else { StatusCode::SEE_OTHER };
                assert_eq!(answer.status, expected, "{path}, round {round}: {}", answer.text());
                locations.insert(answer.header("location").to_owned());
            }
            assert_eq!(count().await, before + 1, "{path}");
            assert_eq!(locations.len(), 1, "{path}: the first answer again: {locations:?}");
        }
    }
}

async fn a_foreign_or_old_token_is_refused(app: &TestApp) {
    let youth = app.youth().await;
    let count = || app.number("SELECT COUNT(*) FROM correction".into());
    let foreign = app.services.form_token(EventAdminForm::FORM).unwrap();
    let old = app.services.form_token(CorrectionForm::FORM).unwrap();
    for token in ["1", foreign.as_str()] {
        let fields = [("message", "Mon adresse a changé."), ("token", token)];
        let page = youth.browser.post("/mon-espace/profil", &fields).await.expect(422);
        assert!(page.text().contains("Mon adresse a changé."), "nothing typed is lost");
        // The form is accepted under the token that it got now.
        assert_ne!(hidden(&page, "token"), token);
        let call = youth.browser.call("/mon-espace/profil", &fields).await.expect(422);
        assert_eq!(json(&call)["why"]["fields"][0]["code"], "form_too_old");
    }
    assert_eq!(count().await, 0);
    app.clock.advance_millis(25 * 3_600_000);
    let fields = [("message", "Mon adresse a changé."), ("token", old.as_str())];
    let again = app.at_stage(youth.account, domain::identity::Stage::Full).await;
    let call = again.call("/mon-espace/profil", &fields).await.expect(422);
    let token = json(&call)["token"].as_str().unwrap().to_owned();
    again.call("/mon-espace/profil", &[fields[0], ("token", &token)]).await.expect(200);
    assert_eq!(count().await, 1);
}

async fn a_call_makes_no_more_statements_than_the_form(app: &TestApp) {
    let youth = app.youth().await;
    let path = "/mon-espace/coffre-fort/partage";
    let (_, form) = counting(youth.browser.post(path, &[("shared", "on")])).await;
    let (_, call) = counting(youth.browser.call(path, &[("shared", "")])).await;
    assert!(call > 0 && call <= form, "{call} statements of a call, {form} of a form");
}

async fn a_search_while_typing_finds_only_ones_own_people(app: &TestApp) {
    let advisor = app.advisor().await;
    let (mine, theirs) = (app.youth().await, app.youth().await);
    app.attach(&mine, &advisor).await;
    app.attach(&theirs, &app.advisor().await).await;
    let answer = advisor.browser.call("/action/jeunes/chercher", &[("q", "")]).await.expect(200);
    let found = json(&answer);
    let ids: Vec<_> = found["people"].as_array().unwrap().iter().map(|one| one["youth"].as_str().unwrap()).collect();
    assert_eq!(ids, [mine.id().to_string()]);
    assert_eq!((&found["more"], &found["people"][0]["planned"]), (&false.into(), &false.into()));
    // The page shows the same row.
    let page = advisor.browser.get("/conseiller/jeunes").await.expect(200);
    let name = found["people"][0]["name"].as_str().unwrap();
    assert!(page.text().contains(&format!("href=\"/conseiller/jeunes/{}\">{name}</a>", mine.id())), "{name}");
    assert!(!answer.text().contains(&theirs.id().to_string()));
    let none = advisor.browser.call("/action/jeunes/chercher", &[("q", "personne")]).await.expect(200);
    assert_eq!(json(&none)["people"].as_array().unwrap().len(), 0);
}
