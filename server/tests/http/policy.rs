//! The policy page, its versions and the public register.

use crate::support::{Browser, TestApp, on_both_engines};
use domain::register::{Policies, ProcessingId};
use server::site_file;

on_both_engines!(
    the_policy_says_what_the_register_says,
    a_changed_policy_is_a_new_version_and_the_old_one_stays,
    the_register_is_a_page_and_two_files,
);

/// A visitor of the same portal, under the default site file with `changes`.
fn other(app: &TestApp, changes: &[(&str, &str)]) -> Browser {
    let file = include_str!("../../sites/paris.toml");
    let text = changes.iter().fold(file.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    Browser::new(app.with_site(&text))
}

async fn the_policy_says_what_the_register_says(app: &TestApp) {
    let text = app.anonymous().get("/confidentialite").await.expect(200).text().to_owned();
    let site = site_file::load(None).unwrap();
    for id in ProcessingId::ALL {
        assert!(text.contains(&format!("id=\"{}\"", id.anchor())), "{id:?}");
        assert!(text.contains(&format!("href=\"#{}\"", id.anchor())), "{id:?} is in the contents");
    }
    for expected in
        [site.name.as_str(), &site.legal.dpo_email, &site.legal.host_name, "6 mois après", "365 jours après"]
    {
        assert!(text.contains(expected), "{expected}");
    }
    // The page says once, at the beginning, where data comes from. Mails are counted from their last try.
    for expected in ["<dd>D’I-MILO\u{a0}: prénom, nom, ", "30 jours après le dernier essai d’envoi", "(DPO)"] {
        assert!(text.contains(expected), "{expected}");
    }
    // The policy says the period that the site file sets, and says nothing of a module that is off.
    let changes = [("# contact = 4", "contact = 2"), ("# newsletter = false", "newsletter = false\nvault = false")];
    let text = other(app, &changes).get("/confidentialite").await.expect(200).text().to_owned();
    assert!(text.contains("2 mois après") && !text.contains("6 mois après"));
    assert!(!text.contains("id=\"newsletter\"") && !text.contains("id=\"documents\""));
}

async fn a_changed_policy_is_a_new_version_and_the_old_one_stays(app: &TestApp) {
    let visitor = app.anonymous();
    let first = visitor.get("/confidentialite").await.expect(200).text().to_owned();
    assert!(first.contains("depuis le 10 mars 2026 (version 1)"), "{}", &first[..2000]);
    // Reading the same policy again makes no version.
    visitor.get("/confidentialite").await.expect(200);
    assert_eq!(app.services.versions().await.unwrap().len(), 1);
    visitor.get("/confidentialite/versions/2").await.expect(404);

    app.clock.advance_millis(40 * 24 * 3_600_000);
    let other = other(app, &[("# contact = 4", "contact = 2")]);
    let second = other.get("/confidentialite").await.expect(200).text().to_owned();
    assert!(second.contains("depuis le 19 avril 2026 (version 2)"));
    let list = other.get("/confidentialite/versions").await.expect(200).text().to_owned();
    assert!(list.contains("/confidentialite/versions/1\"") && list.contains("19 avril 2026"));
    let old = other.get("/confidentialite/versions/1").await.expect(200).text().to_owned();
    assert!(old.contains("6 mois après") && old.contains("10 mars 2026") && !old.contains("2 mois après"));
    // A policy that returns to its earlier text is a new version, with a date of its own.
    app.anonymous().get("/confidentialite").await.expect(200);
    for path in ["/confidentialite/versions/0", "/confidentialite/versions/x", "/confidentialite/versions/99999999999"]
    {
        app.anonymous().get(path).await.expect(404);
    }
}

async fn the_register_is_a_page_and_two_files(app: &TestApp) {
    let visitor = app.anonymous();
    let page = visitor.get("/registre").await.expect(200).text().to_owned();
    let json = visitor.get("/registre.json").await.expect(200);
    assert_eq!(json.header("content-type"), "application/json");
    let json: serde_json::Value = serde_json::from_str(json.text()).unwrap();
    let entries = json["processings"].as_array().unwrap();
    assert_eq!(entries.len(), ProcessingId::ALL.len());
    let csv = visitor.get("/registre.csv").await.expect(200);
    assert!(csv.header("content-type").starts_with("text/csv") && csv.header("content-disposition").contains(".csv"));
    let text = csv.text();
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), entries.len());
    for (entry, row) in entries.iter().zip(&rows) {
        let name = entry["name"].as_str().unwrap();
        assert_eq!(&row[0], name);
        assert!(page.contains(name), "{name}");
        assert!(entry["kept"].as_array().is_some_and(|kept| !kept.is_empty()), "{name}");
    }
}
