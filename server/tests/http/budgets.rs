//! Budgets in queries and in bytes, and islands that the linker must not drop. The budgets in bytes measure the static
//! files that are embedded in the program under test, so `make assets` has to run first.

use crate::{
    files::pdf,
    matrix::Cast,
    support::{TestApp, on_both_engines},
};
use app::routes::{Audience, ROUTES};
use server::assets;
use services::db::counting;
use std::collections::BTreeSet;

on_both_engines!(
    no_page_runs_more_than_six_queries,
    the_policy_weighs_at_most_20_kilobytes,
    the_dashboard_of_a_busy_young_person_is_small,
    every_island_on_a_page_is_in_the_script_that_the_page_loads,
);

/// The most statements that a page may run, with those for its session and for the access log.
const STATEMENTS_MAX: u64 = 6;

const NOT_BUILT: &str = "the program was built without its static files: run `make assets`, then test again";

/// An embedded file.
fn asset(name: &str) -> &'static assets::Asset {
    assert!(assets::base().is_some(), "{NOT_BUILT}");
    assets::find(name).unwrap_or_else(|| panic!("{name}: {NOT_BUILT}"))
}

/// The length of the file as the browser receives it, compressed.
fn brotli_length(name: &str) -> usize {
    asset(name).brotli.unwrap_or_else(|| panic!("{name} is not precompressed")).len()
}

/// The length of a page as a reverse proxy would send it, compressed at a middle level.
fn compressed(html: &str) -> usize {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
    let mut bytes = Vec::new();
    brotli::BrotliCompress(&mut html.as_bytes(), &mut bytes, &parameters).unwrap();
    bytes.len()
}

/// The entry points, and what each may weigh: WebAssembly and script together, as they travel.
const ENTRY_POINTS: [(&str, usize); 2] = [("public", 64 * 1024), ("spaces", 110 * 1024)];

#[test]
fn the_islands_of_each_entry_point_keep_to_its_budget() {
    for (entry, most) in ENTRY_POINTS {
        let (wasm, script) = (format!("{entry}_bg.wasm"), format!("{entry}.js"));
        let length = brotli_length(&wasm) + brotli_length(&script);
        assert!(length <= most, "{entry}: {length} bytes, {most} at most");
        assert!(asset(&wasm).plain.starts_with(b"\0asm"));
    }
}

#[test]
fn the_style_weighs_at_most_20_kibibytes() {
    let length = brotli_length("app.css");
    assert!(length <= 20 * 1024, "app.css: {length} bytes");
}

#[test]
fn a_second_language_adds_no_byte_to_the_islands() {
    // The WebAssembly holds no sentence of the site: islands get theirs from the page.
    for (entry, _) in ENTRY_POINTS {
        let wasm = asset(&format!("{entry}_bg.wasm")).plain;
        for sentence in
            ["Trop d’essais", "Déposer un document", "Le réseau s’est coupé", "Envoi en cours", "Tout accepter"]
        {
            assert!(
                !wasm.windows(sentence.len()).any(|window| window == sentence.as_bytes()),
                "{entry}: « {sentence} »"
            );
        }
    }
}

async fn the_policy_weighs_at_most_20_kilobytes(app: &TestApp) {
    let html = app.anonymous().get("/confidentialite").await.expect(200);
    let length = compressed(html.text());
    assert!(length <= 20_000, "/confidentialite: {length} bytes of brotli");
}

async fn no_page_runs_more_than_six_queries(app: &TestApp) {
    let cast = Cast::of(app).await;
    let youth = app.sql_id(cast.youth.id());
    let later = app.services.calendar().now().plus_hours(30).millis();
    // Each page has rows to show, so that none of its queries is skipped.
    for insert in [
        format!("INSERT INTO appointment VALUES ({youth}, {youth}, {later}, 'workshop', 'Atelier', 'Salle 4')"),
        format!("INSERT INTO situation VALUES ({youth}, {youth}, 'En formation', 'current', '2026-01-05', NULL, NULL)"),
        format!("INSERT INTO correction VALUES ({youth}, {youth}, {later}, 'Mon adresse a changé')"),
    ] {
        assert_eq!(app.execute(insert).await, 1);
    }
    cast.youth.browser.post("/mon-espace/coffre-fort/partage", &[("shared", "on")]).await.expect(303);

    let mut too_many = Vec::new();
    for route in ROUTES.iter().filter(|route| route.is_page()) {
        let browser = cast.admitted(app, route).await;
        for query in ["", "?q=li&page=2", "?q=personne"] {
            let path = format!("{}{query}", cast.fill(route.path));
            let (answer, statements) = counting(browser.get(&path)).await;
            answer.expect(200);
            assert!(statements > 0 || route.audience == Audience::Everyone, "{path}: the count does not count");
            if statements > STATEMENTS_MAX {
                too_many.push(format!("{path}: {statements} statements"));
            }
        }
    }
    assert!(too_many.is_empty(), "{}", too_many.join("\n"));
}

async fn the_dashboard_of_a_busy_young_person_is_small(app: &TestApp) {
    let youth = app.youth().await;
    let advisor = app.advisor().await;
    app.attach(&youth, &advisor).await;
    let file = pdf(1, 30_000);
    let names: Vec<_> = (0..12).map(|index| format!("Attestation de formation professionnelle {index}.pdf")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), file.as_slice())).collect();
    youth.browser.deposit("/mon-espace/coffre-fort", "school_and_diplomas", &files).await.expect(303);
    let later = app.services.calendar().now().plus_hours(30).millis();
    app.execute(format!(
        "INSERT INTO appointment (id, youth_id, starts_at, kind, title, place)
         SELECT id, youth_id, {later}, 'workshop', 'Atelier « trouver un stage »', 'Antenne Centre, salle 4' FROM document"
    ))
    .await;
    let page = youth.browser.get("/mon-espace").await.expect(200);
    for part in ["Attestation de formation", "Antenne Centre", &advisor.identifier] {
        assert!(page.text().contains(part), "{part} is not on the dashboard");
    }
    let length = compressed(page.text());
    assert!(length <= 15 * 1024, "{length} bytes of {}", page.body.len());
}

async fn every_island_on_a_page_is_in_the_script_that_the_page_loads(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut found = BTreeSet::new();
    for route in ROUTES.iter().filter(|route| route.island) {
        let path = cast.fill(route.path);
        let page = cast.admitted(app, route).await.get(&path).await.expect(200);
        let loaded = page.text().split_once("*as islands from").expect("a page with an island has a script").1;
        let loaded = loaded.split('"').nth(1).unwrap().rsplit('/').next().unwrap();
        let script = std::str::from_utf8(asset(loaded).plain).unwrap();
        let islands: Vec<_> =
            page.text().split("data-component=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(!islands.is_empty(), "{path} has no island");
        for island in islands {
            assert!(
                script.contains(&format!("export function {island}(")),
                "{path}: {loaded} does not export {island}: the linker dropped it, it belongs to another entry point, \
                 or the assets are older than the code (`make assets`)"
            );
        }
        // The page hydrates an island by this name.
        assert!(page.text().contains("islands.hydrate()") && script.contains("export function hydrate("));
        found.insert(loaded.to_owned());
    }
    assert_eq!(found.len(), ENTRY_POINTS.len(), "every entry point has a page: {found:?}");
}
