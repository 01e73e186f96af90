//! Site files as visitors see their effect: modules that are off, colours, and the organisation's own words.

use crate::{
    files::pdf,
    support::{Browser, Person, TestApp, on_both_engines},
};
use app::routes::{ROUTES, Route};
use axum::http::Method;
use domain::{actor::Role, consent::SESSION_COOKIE, identity::Stage, site::Module};
use std::collections::{BTreeSet, VecDeque};

on_both_engines!(
    a_module_that_is_off_has_no_pages_and_nothing_leads_to_it,
    another_site_shows_its_own_words_and_nothing_of_the_default,
    colours_are_an_immutable_style_sheet,
);

const PARIS: &str = include_str!("../../sites/paris.toml");
const OTHER: &str = include_str!("../sites/autre.toml");

/// The default site file with these modules turned off.
fn without(off: &[Module]) -> String {
    let lines: String = off.iter().map(|module| format!("{} = false\n", module.code())).collect();
    PARIS.replacen("[modules]\n", &format!("[modules]\n{lines}"), 1)
}

/// The same person on another site.
fn moved(app: &TestApp, site: &str, browser: &Browser) -> Browser {
    let moved = Browser::new(app.with_site(site));
    if let Some(token) = browser.cookie(SESSION_COOKIE) {
        moved.set_cookie(SESSION_COOKIE, &token);
    }
    moved
}

/// Whether `path` is one that `route` answers.
fn answers(route: &Route, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (route.path.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(pattern, part)| pattern.starts_with('{') || pattern == part)
}

/// The paths of this site to which a page leads: links, forms, and what it loads.
fn targets(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for name in [" href=\"", " action=\"", " src=\"", " data-props=\""] {
        for rest in html.split(name).skip(1) {
            let value = rest.split('"').next().unwrap().replace("&quot;", "\"").replace("&amp;", "&");
            // The props of an island are JSON, and the addresses in them count as well.
            for part in value.split('"').filter(|part| part.starts_with('/')) {
                let path = part.split(['?', '#']).next().unwrap();
                found.insert(path.to_owned());
            }
        }
    }
    found
}

/// Everything that can be reached from `starts` by following links.
async fn crawl(browser: &Browser, starts: &[&str]) -> Vec<(String, BTreeSet<String>)> {
    let mut waiting: VecDeque<String> = starts.iter().map(ToString::to_string).collect();
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut pages = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let answer = browser.get(&path).await;
        if !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        let targets = targets(answer.text());
        for target in targets.iter().filter(|target| !target.starts_with("/assets/")) {
            if seen.insert(target.clone()) {
                waiting.push_back(target.clone());
            }
        }
        pages.push((path, targets));
    }
    pages
}

/// A young person who shares a document, and one browser for each kind of signed-in person.
async fn everybody(app: &TestApp) -> (Person, Vec<(&'static str, Browser)>) {
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    youth.browser.deposit("/mon-espace/coffre-fort", "identity", &[("carte.pdf", &pdf(1, 900))]).await.expect(303);
    youth.browser.post("/mon-espace/coffre-fort/partage", &[("shared", "on")]).await.expect(303);
    let file = format!("/conseiller/jeunes/{}/coffre-fort", youth.id());
    advisor.browser.deposit(&file, "other", &[("convention.pdf", &pdf(2, 900))]).await.expect(303);
    let browsers = vec![
        ("anonymous", app.anonymous()),
        ("youth", youth.browser.same()),
        ("advisor", advisor.browser.same()),
        ("reception", app.staff(Role::Reception).await.browser),
        ("admin", app.staff(Role::Administrator).await.browser),
    ];
    (youth, browsers)
}

async fn a_module_that_is_off_has_no_pages_and_nothing_leads_to_it(app: &TestApp) {
    let (youth, browsers) = everybody(app).await;
    let now = app.services.calendar().now();
    let event = app.services.test_event(now, now.plus_hours(9)).await.unwrap().to_string();
    let document = app.documents(&youth).await[0].id.to_string();
    let fill = |path: &str| {
        let youth = youth.id().to_string();
        path.replace("{youth}", &youth)
            .replace("{document}", &document)
            .replace("{service}/{item}", "youtube/jNQXAC9IVRw")
            .replace("{network}", "x")
            .replace("{event}", &event)
    };
    let starts = ["/", "/mon-espace", "/conseiller", "/admin", "/nulle-part", "/connexion"];
    for off in [
        &[Module::Vault][..],
        &[Module::YouthSpace, Module::Vault],
        &[Module::Advisors],
        &[Module::YouthSpace, Module::Vault, Module::Advisors],
        &[Module::Contact, Module::PreRegistration],
        &[Module::Events, Module::ApprenticeshipTax, Module::Newsletter],
    ] {
        let site = without(off);
        let is_off = |route: &Route| route.modules.iter().any(|module| off.contains(module));
        let gone: Vec<_> = ROUTES.iter().filter(|route| is_off(route)).collect();
        assert!(!gone.is_empty(), "no route belongs to {off:?}");
        let kept: Vec<_> = ROUTES.iter().filter(|route| !is_off(route)).collect();
        for (who, browser) in &browsers {
            let browser = moved(app, &site, browser);
            for route in &gone {
                for method in [Method::GET, Method::POST] {
                    let own = [("sec-fetch-site", "same-origin")];
                    let answer = browser.send(method.clone(), &fill(route.path), &own, axum::body::Body::empty()).await;
                    assert_eq!(answer.status, 404, "{method} {} as {who}, {off:?} off", route.path);
                }
            }
            for (page, targets) in crawl(&browser, &starts).await {
                for target in targets {
                    let leads_off = gone.iter().any(|route| answers(route, &target))
                        && !kept.iter().any(|route| answers(route, &target));
                    assert!(!leads_off, "{page} as {who} leads to {target}, {off:?} off");
                    // Files are no routes, nor is the manifest of the app.
                    if !target.starts_with("/assets/") && target != "/manifest.webmanifest" {
                        let there = kept.iter().any(|route| answers(route, &target));
                        assert!(there, "{page} as {who} leads to {target}, which is no route");
                    }
                }
            }
        }
    }
    // The test of the test: with every module on, the crawl finds every page of the modules.
    let mut found = BTreeSet::new();
    for (_, browser) in &browsers {
        for (_, targets) in crawl(&browser.same(), &starts).await {
            found.extend(targets);
        }
    }
    // Some pages are left out: a page of one file needs that file, two pages are reached from mails only, and no event
    // is handed over here.
    let unled = [
        "/conseiller/jeunes/{youth}",
        "/newsletter/confirmer",
        "/newsletter/desinscription",
        "/admin/evenements/{event}/transmettre",
    ];
    // Islands call actions that only read; no link leads there.
    let led = |path: &str| !unled.contains(&path) && !path.starts_with("/action/");
    for route in ROUTES.iter().filter(|route| !route.modules.is_empty() && led(route.path)) {
        assert!(found.iter().any(|target| answers(route, target)), "the crawl does not find {}", route.path);
    }
    // A person whose space is turned off still signs in, and is not sent to a page that does not exist.
    let site = without(&[Module::YouthSpace, Module::Vault]);
    let visitor = Browser::new(app.with_site(&site));
    let fields = [("identifier", youth.identifier.as_str()), ("password", crate::support::PASSWORD)];
    visitor.post("/connexion", &fields).await.expect_see("/");
    visitor.get("/").await.expect(200);
}

async fn another_site_shows_its_own_words_and_nothing_of_the_default(app: &TestApp) {
    let visitor = Browser::new(app.with_site(OTHER));
    let home = visitor.get("/").await.expect(200);
    for sentence in [
        "Bienvenue à l’Exemple &lt;script&gt;alert(1)&lt;/script&gt;",
        "On vous écoute &amp; on avance.",
        "Mission Locale de l’Exemple &lt;b&gt;",
        "Tram A, arrêt Modèle",
        "Parking gratuit &lt;i&gt;derrière&lt;/i&gt;",
        "Tous les matins",
        "Le samedi, sur rendez-vous",
        "Numéro vert",
        "tel:0800000000",
        "href=\"https://www.exemple.test/antennes?a=1&amp;b=2\"",
        "Comment venir",
        "Horaires",
    ] {
        assert!(home.readable().contains(sentence), "« {sentence} » is not in:\n{}", home.readable());
    }
    let default = app.anonymous().get("/").await.expect(200);
    default.expect_sentence("Métro ligne 9").expect_no_text("Numéro vert");
    for never in
        ["Une phrase qui ne se voit pas", "<script", "<i>", "75011", "01 99 00 00 00", "youtube", "Tout accepter"]
    {
        assert!(!home.text().contains(never), "{never}");
    }
    let youth = app.youth().await;
    let space = moved(app, OTHER, &youth.browser).get("/mon-espace").await.expect(200);
    space.expect_text("Mes papiers").expect_no_text("Coffre-fort");
    // A section without content is not shown, not even its heading.
    let silent = PARIS.lines().filter(|line| !line.starts_with("hours") && !line.starts_with("directions"));
    let silent: Vec<_> = silent.collect();
    let home = Browser::new(app.with_site(&silent.join("\n"))).get("/").await.expect(200);
    home.expect_no_text("Horaires").expect_no_text("Comment venir");
}

async fn colours_are_an_immutable_style_sheet(app: &TestApp) {
    let visitor = Browser::new(app.with_site(OTHER));
    let home = visitor.get("/").await.expect(200);
    let sheets: Vec<_> = targets(home.text()).into_iter().filter(|path| path.ends_with(".css")).collect();
    let look = sheets.iter().find(|path| path.starts_with("/assets/look/")).expect("a link to the colours");
    assert_eq!(sheets.len(), 2, "{sheets:?}");
    let order = |path: &str| home.text().find(path).unwrap();
    assert!(sheets.iter().all(|path| path == look || order(path) < order(look)), "the colours come last");
    let css = visitor.get(look).await.expect(200);
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(css.header("cache-control"), "public, max-age=31536000, immutable");
    css.expect_text("--action:#7a1f5c").expect_text("--action:#f2b8dd");
    // Other colours have another path, so no browser keeps the old ones.
    let changed = Browser::new(app.with_site(&OTHER.replacen("#7a1f5c", "#7a1f5d", 1)));
    changed.get(look).await.expect(404);
    changed.get("/").await.expect(200).expect_no_text(look);
    // A site without colours of its own has one style sheet.
    let default = app.anonymous().get("/").await.expect(200);
    default.expect_no_text("/assets/look/");
    let session = app.staff(Role::Administrator).await;
    let admin = app.at_stage(session.account, Stage::Full).await;
    moved(app, OTHER, &admin).get("/admin").await.expect(200).expect_text(look);
}
