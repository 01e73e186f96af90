//! The installable app (P1 to P4): its manifest, its worker, the offline page, and the hint how to install it.

use crate::support::{Answer, Browser, TestApp, on_both_engines};
use axum::http::HeaderMap;
use domain::actor::Role;
use serde_json::Value;
use server::assets;

on_both_engines!(
    the_manifest_has_the_name_and_the_colours_of_its_site,
    the_pictures_of_the_manifest_have_the_sizes_that_it_names,
    the_worker_is_asked_for_each_time_and_may_only_talk_to_the_portal,
    the_worker_keeps_a_page_that_is_the_same_for_everybody_and_its_style,
    the_worker_stores_nothing_else_and_leaves_forms_alone,
    the_offline_page_names_the_organisation_and_its_telephone,
    only_signed_in_pages_register_the_worker,
    pages_name_the_manifest_where_the_app_can_be_installed,
    signing_out_does_not_empty_the_cache_of_the_browser,
    the_hint_how_to_install_goes_away_for_good,
);

const OTHER: &str = include_str!("../sites/autre.toml");

async fn manifest(browser: &Browser) -> Value {
    let answer = browser.get("/manifest.webmanifest").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/manifest+json");
    assert_eq!(answer.header("cache-control"), "no-cache");
    serde_json::from_str(answer.text()).unwrap()
}

fn texts<'m>(manifest: &'m Value, list: &str, field: &str) -> Vec<&'m str> {
    manifest[list].as_array().unwrap().iter().map(|entry| entry[field].as_str().unwrap()).collect()
}

async fn the_manifest_has_the_name_and_the_colours_of_its_site(app: &TestApp) {
    let paris = manifest(&app.anonymous()).await;
    for (field, expected) in [
        ("id", "/"),
        ("scope", "/"),
        ("start_url", "/connexion"),
        ("display", "standalone"),
        ("lang", "fr"),
        ("name", "Mission Locale de Paris"),
        ("short_name", "ML Paris"),
        ("theme_color", "#29256f"),
        ("background_color", "#faf6ee"),
    ] {
        assert_eq!(paris[field], expected, "{field}");
    }
    assert_eq!(texts(&paris, "shortcuts", "url"), ["/mon-espace", "/mon-espace/coffre-fort", "/contact"]);
    assert_eq!(texts(&paris, "shortcuts", "name"), ["Mon espace", "Coffre-fort", "Nous écrire"]);
    assert_eq!(texts(&paris, "icons", "purpose"), ["any", "any", "maskable"]);
    assert_eq!(texts(&paris, "icons", "sizes"), ["192x192", "512x512", "512x512"]);
    assert_eq!(texts(&paris, "screenshots", "form_factor"), ["narrow", "narrow", "wide"]);
    assert!(paris.get("prefer_related_applications").is_none(), "a browser would offer another app");

    let other = manifest(&Browser::new(app.with_site(OTHER))).await;
    assert_eq!(other["id"], "/");
    assert_eq!(other["name"], "Mission Locale de l’Exemple <b>");
    assert_eq!(other["short_name"], other["name"], "the name, where no shorter one is given");
    assert_eq!(other["theme_color"], "#7a1f5c");
    assert_eq!(texts(&other, "shortcuts", "name")[1], "Mes papiers");
    assert_eq!(
        texts(&other, "screenshots", "form_factor"),
        ["narrow", "narrow"],
        "no picture of a space it does not have"
    );

    let off =
        OTHER.replacen("advisors = false", "advisors = false\nyouth_space = false\nvault = false\ncontact = false", 1);
    let public = manifest(&Browser::new(app.with_site(&off))).await;
    assert_eq!(public["start_url"], "/");
    assert_eq!(public["shortcuts"], Value::Array(Vec::new()));
}

/// The width and height in the head of a PNG.
fn png_size(bytes: &[u8]) -> String {
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    format!("{}x{}", number(16), number(20))
}

/// The width and height in the head of a WebP as browsers write it.
fn webp_size(bytes: &[u8]) -> String {
    assert!(bytes.starts_with(b"RIFF") && &bytes[8..16] == b"WEBPVP8X", "{:?}", &bytes[..16]);
    // Three bytes, the least significant first, hold the number minus one.
    let number = |at: usize| bytes[at..at + 3].iter().rev().fold(0, |sum, byte| sum * 256 + u32::from(*byte)) + 1;
    format!("{}x{}", number(24), number(27))
}

async fn the_pictures_of_the_manifest_have_the_sizes_that_it_names(app: &TestApp) {
    let visitor = app.anonymous();
    let manifest = manifest(&visitor).await;
    let mut all = 0;
    for (list, size) in [("icons", png_size as fn(&[u8]) -> String), ("screenshots", webp_size)] {
        for picture in manifest[list].as_array().unwrap() {
            let path = picture["src"].as_str().unwrap();
            let answer = visitor.get(path).await.expect(200);
            assert_eq!(answer.header("content-type"), picture["type"].as_str().unwrap(), "{path}");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable", "{path}");
            assert_eq!(size(&answer.body), picture["sizes"].as_str().unwrap(), "{path}");
            all += answer.body.len();
        }
    }
    assert!(all <= 220 * 1024, "icons and screenshots: {all} bytes");
    let home = visitor.get("/").await.expect(200);
    let apple = home.text().split("rel=\"apple-touch-icon\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(png_size(&visitor.get(apple).await.expect(200).body), "180x180");
}

/// The value of a constant of the worker.
fn constant(worker: &Answer, name: &str) -> String {
    let (_, rest) = worker.text().split_once(&format!("const {name} = \"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn the_worker_is_asked_for_each_time_and_may_only_talk_to_the_portal(app: &TestApp) {
    let visitor = app.anonymous();
    let worker = visitor.get("/sw.js").await.expect(200);
    assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert_eq!(worker.header("x-content-type-options"), "nosniff");
    let policy = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";
    assert_eq!(worker.header("content-security-policy"), policy);
    assert!(worker.body.len() <= 4 * 1024, "{} bytes", worker.body.len());
    let tag = worker.header("etag").to_owned();
    let again = visitor.get_with("/sw.js", &[("if-none-match", &tag)]).await.expect(304);
    assert!(again.body.is_empty());
    // The answer is the same for everyone, and looks nobody up.
    let youth = app.youth().await;
    assert_eq!(youth.browser.get("/sw.js").await.expect(200).body, worker.body);
    assert!(worker.headers.get("set-cookie").is_none());
}

async fn the_worker_keeps_a_page_that_is_the_same_for_everybody_and_its_style(app: &TestApp) {
    let (visitor, youth, staff) = (app.anonymous(), app.youth().await, app.staff(Role::Dpo).await);
    let worker = visitor.get("/sw.js").await.expect(200);
    let (path, style) = (constant(&worker, "PAGE"), constant(&worker, "STYLE"));
    let page = visitor.get(&path).await.expect(200);
    visitor.post("/cookies", &[("choice", "accept")]).await.expect(303);
    for browser in [&visitor, &youth.browser, &staff.browser] {
        assert_eq!(browser.get(&path).await.expect(200).text(), page.text());
    }
    assert_eq!(page.text().matches("rel=\"stylesheet\"").count(), 1);
    assert!(page.text().contains(&format!("<link rel=\"stylesheet\" href=\"{style}\">")), "{}", page.text());
    let css = visitor.get(&style).await.expect(200);
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(css.text().contains("prefers-color-scheme:") && !css.text().contains("url("), "it needs nothing else");

    // Another site keeps another page, with its colours in the one style.
    let other = Browser::new(app.with_site(OTHER));
    let theirs = other.get("/sw.js").await.expect(200);
    assert_ne!(constant(&theirs, "RELEASE"), constant(&worker, "RELEASE"));
    let css = other.get(&constant(&theirs, "STYLE")).await.expect(200);
    assert!(css.text().contains("--action:#7a1f5c"), "the colours of the site come after those of the build");
}

async fn the_worker_stores_nothing_else_and_leaves_forms_alone(app: &TestApp) {
    let worker = app.anonymous().get("/sw.js").await.expect(200);
    let code: String = worker.text().lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    for never in [".put(", ".add(", "indexedDB", "clone()", "POST", "HEAD", "importScripts"] {
        assert!(!code.contains(never), "{never} in the worker");
    }
    assert_eq!(code.matches("addAll(").count(), 1);
    assert!(code.contains("addAll([PAGE, STYLE]"), "{code}");
    for part in [
        "request.method !== \"GET\"",
        "headers.has(\"range\")",
        "mode === \"navigate\"",
        "skipWaiting()",
        "clients.claim()",
    ] {
        assert!(code.contains(part), "{part} is not in the worker");
    }
}

async fn the_offline_page_names_the_organisation_and_its_telephone(app: &TestApp) {
    let page = app.anonymous().get("/hors-ligne").await.expect(200);
    for part in ["Mission Locale de Paris", "href=\"tel:0199000000\"", "Pas de réseau", "href=\"\"", "de 9 h à 17 h 30"]
    {
        assert!(page.text().contains(part), "{part} is not in {}", page.text());
    }
    // The page needs nothing from the network, and asks nothing about cookies.
    for never in ["<script", "<form", "choix-cookies", "manifest", "app.css"] {
        assert!(!page.text().contains(never), "{never}");
    }
    let other = Browser::new(app.with_site(OTHER)).get("/hors-ligne").await.expect(200);
    for part in ["Mission Locale de l’Exemple &lt;b&gt;", "href=\"tel:0199000009\"", "href=\"tel:0800000000\""] {
        assert!(other.text().contains(part), "{part} is not in {}", other.text());
    }
    let length = page.body.len();
    assert!(length <= 6 * 1024, "{length} bytes");
}

/// Checks whether the page registers the worker, and that its policy allows this exactly then.
#[track_caller]
fn registers(answer: &Answer) -> bool {
    let registers = answer.text().contains("serviceWorker?.register(\"/sw.js\")");
    let allowed = answer.header("content-security-policy").contains(" worker-src 'self';");
    assert_eq!(registers, allowed, "{}", answer.header("content-security-policy"));
    registers
}

async fn only_signed_in_pages_register_the_worker(app: &TestApp) {
    let (visitor, youth, advisor) = (app.anonymous(), app.youth().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    let theirs = format!("/conseiller/jeunes/{}/coffre-fort", youth.id());
    for (browser, path, expected) in [
        (&visitor, "/", false),
        // This page has an island, but nothing is left on the device of a person who only writes to the organisation.
        (&visitor, "/contact", false),
        (&visitor, "/hors-ligne", false),
        (&visitor, "/embed/youtube/jNQXAC9IVRw", false),
        (&youth.browser, "/mon-espace", false),
        (&youth.browser, "/mon-espace/coffre-fort", true),
        (&advisor.browser, theirs.as_str(), true),
    ] {
        assert_eq!(registers(&browser.get(path).await.expect(200)), expected, "{path}");
    }
}

async fn pages_name_the_manifest_where_the_app_can_be_installed(app: &TestApp) {
    let (visitor, youth, watching) = (app.anonymous(), app.youth().await, app.anonymous());
    watching.post("/cookies", &[("choice", "accept")]).await.expect(303);
    for (browser, path, expected) in [
        (&visitor, "/", true),
        (&visitor, "/connexion", true),
        (&youth.browser, "/mon-espace", true),
        (&visitor, "/hors-ligne", false),
        (&watching, "/embed/youtube/jNQXAC9IVRw?cadre=oui", false),
    ] {
        let answer = browser.get(path).await.expect(200);
        let named = answer.text().contains("<link rel=\"manifest\" href=\"/manifest.webmanifest\">");
        let allowed = answer.header("content-security-policy").contains(" manifest-src 'self';");
        assert_eq!((named, allowed), (expected, expected), "{path}");
    }
}

fn clears(headers: &HeaderMap) -> Option<&str> {
    headers.get("clear-site-data").map(|value| value.to_str().unwrap())
}

async fn signing_out_does_not_empty_the_cache_of_the_browser(app: &TestApp) {
    // Emptying the cache can stop a browser for seconds, and the cache is empty anyway: every private page is
    // `no-store`.
    let youth = app.youth().await;
    let out = youth.browser.same().post("/deconnexion", &[]).await.expect_see("/");
    assert!(clears(&out.headers).is_none_or(|value| !value.contains("cache")), "{:?}", clears(&out.headers));
    // « Effacer mes traces » deletes everything: "storage" includes the worker and what it keeps.
    let erased = app.youth().await.browser.post("/cookies/traces", &[]).await.expect(303);
    assert_eq!(clears(&erased.headers), Some("\"cache\", \"cookies\", \"storage\""));
}

async fn the_hint_how_to_install_goes_away_for_good(app: &TestApp) {
    const HINT: &str = "action=\"/appareils/installation\"";
    let shown = async |browser: &Browser, path: &str| browser.get(path).await.expect(200).text().contains(HINT);
    let (youth, advisor, reception) = (app.youth().await, app.advisor().await, app.staff(Role::Reception).await);
    for (person, home) in [(&youth, "/mon-espace"), (&advisor, "/conseiller"), (&reception, "/conseiller")] {
        assert!(shown(&person.browser, home).await, "{home}");
        person.browser.post("/appareils/installation", &[]).await.expect_see(home);
        assert!(!shown(&person.browser, home).await, "{home}");
        // The account remembers it, so the hint is gone on every device.
        let elsewhere = app.at_stage(person.account, domain::identity::Stage::Full).await;
        assert!(!shown(&elsewhere, home).await, "{home}");
        // The page of the devices still shows the steps.
        person.browser.get("/appareils").await.expect(200).expect_text("Ajouter à l’écran d’accueil");
        assert!(!shown(&person.browser, "/appareils").await);
    }
    assert!(shown(&app.youth().await.browser, "/mon-espace").await, "somebody else still reads it");
    assert!(!shown(&app.advisor().await.browser, "/conseiller/jeunes").await, "not in the list that is open all day");
    assert_eq!(app.number("SELECT COUNT(*) FROM install_hint_closed".into()).await, 3);
}

#[test]
fn the_style_of_the_offline_page_weighs_at_most_5_kibibytes() {
    let built = assets::find("offline.css").expect("run `make assets`, then test again");
    let length = built.brotli.expect("precompressed").len();
    assert!(length <= 5 * 1024, "{length} bytes");
}
