//! The search of the site (F7): what it finds, that both engines find the same, and that unchanged entries are not
//! written again.

use crate::{
    event_admin::an_event,
    support::{TestApp, on_both_engines},
};
use app::routes::ROUTES;
use domain::{
    actor::{Actor, Role},
    events::Events,
    search::{Entry, EntryKind, PAGE_SIZE, Search},
    site::Site,
};
use server::site_file;
use std::collections::BTreeSet;

on_both_engines!(
    pages_forms_events_and_news_are_found,
    unchanged_entries_are_not_written_again,
    an_event_is_found_while_it_is_open,
    every_word_must_match_and_titles_come_first,
    results_come_in_pages_of_twenty,
    every_query_is_answered,
    a_search_costs_three_statements_at_most,
);

const NEWS: &str = r#"
[[news]]
date = "2026-03-02"
title = "Un atelier de théâtre"
text = "Tous les jeudis, avec une troupe du quartier. C’est gratuit."
[[news]]
date = "2026-02-11"
title = "Fermeture exceptionnelle"
text = "Nous sommes fermés le 20 février."
"#;

fn site(more: &str) -> Site {
    site_file::parse("test.toml", &format!("{}{more}", include_str!("../../sites/paris.toml"))).unwrap()
}

async fn index(app: &TestApp, site: &Site) -> usize {
    let events = site.modules.has(domain::site::Module::Events);
    app.services.index_site(app::find::entries(site, ROUTES), events).await.unwrap()
}

async fn paths(app: &TestApp, query: &str) -> Vec<String> {
    app.services.search(query, 1).await.unwrap().rows.into_iter().map(|found| found.path).collect()
}

/// Every public page has an entry or is left out on purpose.
#[test]
fn every_public_page_is_described_or_left_out_on_purpose() {
    let described: BTreeSet<String> =
        app::find::entries(&site(""), ROUTES).into_iter().map(|entry| entry.path).collect();
    let wrong: Vec<_> = ROUTES
        .iter()
        .filter(|route| route.audience == app::routes::Audience::Everyone && route.is_page() && !route.development)
        .filter(|route| described.contains(route.path) == app::find::UNLISTED.contains(&route.path))
        .map(|route| route.path)
        .collect();
    assert!(wrong.is_empty(), "app/src/find.rs says nothing of these, or twice: {wrong:?}");
}

async fn pages_forms_events_and_news_are_found(app: &TestApp) {
    let site = site(NEWS);
    index(app, &site).await;
    for (query, path) in [
        ("accessibilité", "/accessibilite"),
        ("ACCESSIBILITE", "/accessibilite"),
        ("mention légale", "/mentions-legales"),
        ("cookie", "/cookies"),
        ("mot de passe", "/connexion"),
        ("emplois", "/"),
        ("théatre", "/#actualites"),
        ("statistique", "/chiffres-cles"),
        ("access", "/accessibilite"),
    ] {
        assert!(paths(app, query).await.iter().any(|found| found == path), "« {query} » does not find {path}");
    }
    assert_eq!(paths(app, "sous-marin").await, [""; 0]);
    let router = app.with_site(&format!("{}{NEWS}", include_str!("../../sites/paris.toml")));
    let visitor = crate::support::Browser::new(router);
    let page = visitor.get("/recherche?q=th%C3%A9%C3%A2tre").await.expect(200);
    page.expect_text("Un atelier de théâtre").expect_text("href=\"/#actualites\"").expect_sentence("1 résultat");
    visitor.get("/").await.expect(200).expect_text("id=\"actualites\"").expect_sentence("2 mars 2026");
    app.anonymous().get("/").await.expect(200).expect_no_text("id=\"actualites\"");
    let none = visitor.get("/recherche?q=sous-marin%3Cb%3E").await.expect(200);
    none.expect_sentence("Rien ne correspond à « sous-marin&lt;b&gt; »").expect_text("Par où commencer");
    let start = visitor.get("/recherche").await.expect(200).expect_text("Par où commencer");
    // The suggestions' own script, and no other.
    assert_eq!(start.text().matches("<script").count(), 1);
}

async fn unchanged_entries_are_not_written_again(app: &TestApp) {
    let all = app::find::entries(&site(""), ROUTES).len();
    assert_eq!(index(app, &site("")).await, all);
    assert_eq!(index(app, &site("")).await, 0);
    let terms = app.number("SELECT COUNT(*) FROM search_term".into()).await;
    assert!(terms > 100, "{terms}");
    assert_eq!(index(app, &site(NEWS)).await, 2);
    assert_eq!(paths(app, "troupe").await, ["/#actualites"]);
    // One word of a piece of news changes, and the other piece is removed.
    let (first, _) = NEWS.rsplit_once("[[news]]").unwrap();
    assert_eq!(index(app, &site(&first.replace("troupe", "chorale"))).await, 2);
    assert_eq!((paths(app, "troupe").await.len(), paths(app, "chorale").await.len()), (0, 1));
    assert_eq!(paths(app, "fermeture").await.len(), 0);
    // No term of a removed entry is left.
    assert_eq!(index(app, &site("")).await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM search_term".into()).await, terms);
    // Two instances start at the same time.
    let second = app.second_instance().await;
    let entries = || app::find::entries(&site(NEWS), ROUTES);
    let (one, other) = tokio::join!(app.services.index_site(entries(), true), second.index_site(entries(), true));
    assert_eq!((one.is_ok(), other.is_ok()), (true, true));
    assert_eq!(paths(app, "théâtre").await.len(), 1);
    second.close().await;
}

async fn an_event_is_found_while_it_is_open(app: &TestApp) {
    index(app, &site("")).await;
    let actor = Actor::staff(app.staff(Role::Director).await.account, Role::Director);
    let event = an_event(app, "Forum des métiers du bâtiment").await;
    let found = app.services.search("metier batiment", 1).await.unwrap();
    assert_eq!((found.total, found.rows[0].kind), (1, EntryKind::Event));
    assert_eq!(found.rows[0].path, "/evenement");
    app.services.close_event(&actor, event, true).await.unwrap();
    assert_eq!(paths(app, "batiment").await.len(), 0);
    app.services.close_event(&actor, event, false).await.unwrap();
    assert_eq!(paths(app, "batiment").await.len(), 1);
    // Starting the portal changes nothing, and restores entries that were lost.
    assert_eq!(index(app, &site("")).await, 0);
    app.execute("DELETE FROM search_entry WHERE kind = 'event'".into()).await;
    assert_eq!(index(app, &site("")).await, 1);
    assert_eq!(paths(app, "batiment").await.len(), 1);
    // A site without events finds none, and no site finds an event that is over, whatever the table holds.
    let entries = app::find::entries(&site(""), ROUTES);
    assert_eq!(app.services.index_site(entries, false).await.unwrap(), 1);
    assert_eq!(paths(app, "batiment").await.len(), 0);
    index(app, &site("")).await;
    app.clock.advance_millis(40 * 24 * 60 * 60 * 1_000);
    assert_eq!(paths(app, "batiment").await.len(), 0);
}

fn entry(number: usize, title: &str, text: &str) -> Entry {
    Entry {
        kind: EntryKind::Page,
        key: number.to_string(),
        path: format!("/{number}"),
        title: title.to_owned(),
        summary: String::new(),
        text: text.to_owned(),
    }
}

async fn every_word_must_match_and_titles_come_first(app: &TestApp) {
    let entries = vec![
        entry(1, "Logement", "trouver un emploi"),
        entry(2, "Emploi", "trouver un logement, un emploi, un emploi encore"),
        entry(3, "Transports", "aller à un emploi"),
        entry(4, "Pré-inscription", ""),
        entry(5, "Préinscriptions", ""),
    ];
    app.services.index_site(entries, true).await.unwrap();
    assert_eq!(paths(app, "emploi").await[0], "/2");
    assert_eq!(paths(app, "emploi").await.len(), 3);
    assert_eq!(paths(app, "logement emplois").await.len(), 2);
    assert_eq!(paths(app, "emploi emplois EMPLOI").await.len(), 3, "a word said again changes nothing");
    assert_eq!(paths(app, "logement emploi transports").await.len(), 0);
    assert_eq!(paths(app, "emploi tran").await, ["/3"]);
    assert_eq!(paths(app, "tran emploi").await.len(), 0, "only the last word may be a beginning");
    // The word is written as one, with a hyphen, and with or without an ending: both entries are found.
    for query in ["préinscription", "preinscriptions", "pré-inscription", "PRÉ‑INSCRIPTIONS"] {
        let mut found = paths(app, query).await;
        found.sort();
        assert_eq!(found, ["/4", "/5"], "{query}");
    }
    // Words that no entry joins with a hyphen are two words.
    assert_eq!(paths(app, "logement-emploi").await.len(), 2);
}

async fn results_come_in_pages_of_twenty(app: &TestApp) {
    let entries: Vec<_> = (0..45).map(|number| entry(number, "Atelier", "")).collect();
    app.services.index_site(entries, true).await.unwrap();
    let mut seen = BTreeSet::new();
    for (page, rows) in [(1, PAGE_SIZE), (2, PAGE_SIZE), (3, 5)] {
        let found = app.services.search("ateliers", page).await.unwrap();
        assert_eq!((found.total, found.pages(), found.rows.len()), (45, 3, rows as usize));
        seen.extend(found.rows.into_iter().map(|row| row.path));
    }
    assert_eq!(seen.len(), 45);
    // A page number past the end gives the first page.
    assert_eq!(app.services.search("ateliers", 9).await.unwrap().page, 1);
    let page = app.anonymous().get("/recherche?q=ateliers&page=2").await.expect(200);
    page.expect_text("href=\"/recherche?q=ateliers&amp;page=3\"").expect_sentence("Page 2 sur 3");
}

/// Unusual words, alone, in pairs or repeated many times: the search always answers, and both engines give the same.
async fn every_query_is_answered(app: &TestApp) {
    index(app, &site(NEWS)).await;
    let words =
        ["emploi", "%", "_", "'", "\"", "É", "l’été", "--", "*", "a*", "日本", "ß", "½", "\u{301}", "🙂", "de", "q"];
    let mut queries: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for one in words {
        queries.extend(words.iter().map(|other| format!("{one} {other}")));
        queries.push(one.repeat(300));
    }
    let visitor = app.anonymous();
    let mut found = Vec::new();
    for query in &queries {
        found.push(app.services.search(query, 1).await.unwrap().total);
    }
    assert_eq!(found.iter().filter(|total| **total > 0).count(), FOUND, "of {} queries", queries.len());
    for query in ["%00", "%ff", "%F0%9F", "a&q=b", "&page=-1", "emploi&page=99999999999", "emploi&page=4294967295"] {
        let status = visitor.get(&format!("/recherche?q={query}")).await.status.as_u16();
        assert!(status == 200, "{query}: {status}");
    }
}

/// The number of queries of that test that find something, which is the same on both engines.
const FOUND: usize = 80;

async fn a_search_costs_three_statements_at_most(app: &TestApp) {
    index(app, &site("")).await;
    for (query, page) in [("emploi", 1), ("emploi", 7), ("sous-marin", 1), ("sous-marin", 7), ("de", 1)] {
        let (found, statements) = services::db::counting(app.services.search(query, page)).await;
        found.unwrap();
        assert!(statements <= 3, "{query}, page {page}: {statements} statements");
    }
}
