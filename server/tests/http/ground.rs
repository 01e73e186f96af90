//! What all pages have in common: headers, scripts, the rule against other sites, static files, failures.

use crate::{
    accounts::awaiting,
    event_admin, events,
    files::pdf,
    forms::{self, opened},
    matrix::{Cast, outcome},
    newsletter, rights,
    second_factor::{enrolling, shown},
    support::{Answer, Browser, MULTIPART, ORIGIN, PASSWORD, TOTP_KEY, TestApp, multipart, on_both_engines},
};
use app::routes::ROUTES;
use axum::{body::Body, http::Method};
use domain::actor::Role;
use server::{
    assets,
    router::{Parts, router},
    settings::PublicUrl,
    site_file,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

on_both_engines!(
    every_answer_carries_the_headers,
    only_pages_with_an_island_have_a_script,
    each_answer_with_an_island_has_its_own_nonce,
    another_site_cannot_make_a_browser_post,
    an_unknown_path_gets_a_page_that_says_so,
    pages_of_development_do_not_exist_in_production,
    a_malformed_id_gets_the_page_for_unknown_paths,
    other_methods_are_refused,
    the_health_addresses_answer,
    assets_are_immutable_under_their_hash,
    without_a_database_one_plain_sentence_is_answered,
);

/// Checks the headers that every answer has, and that a page is not stored.
#[track_caller]
fn check_headers(answer: &Answer, what: &str) {
    for (name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        let values: Vec<_> = answer.headers.get_all(name).iter().collect();
        assert_eq!(values, [expected], "{what}: {name}");
    }
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1, "{what}");
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    for never in ["'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", "*", "http:"] {
        assert!(!policy.contains(never), "{what}: {never} in {policy}");
    }
    if !what.starts_with("/assets") {
        assert_eq!(answer.header("cache-control"), "private, no-store", "{what}");
    }
    if answer.header("content-type").starts_with("text/html") {
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{what}");
        for part in ["form-action 'self'", "base-uri 'none'", "style-src 'self'", "img-src 'self'", "font-src 'none'"] {
            assert!(policy.contains(part), "{what}: {part} is not in {policy}");
        }
    }
    for teller in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!answer.headers.contains_key(teller), "{what}: {teller}");
    }
}

async fn every_answer_carries_the_headers(app: &TestApp) {
    let cast = Cast::of(app).await;
    for route in ROUTES {
        let answer = cast.admitted(app, route).await.get(&cast.fill(route.path)).await;
        let expected = match route.path {
            // These redirect to a page of this site or of another.
            "/cookies/suite" | "/embed/{service}/{item}/ailleurs" | "/partager/{network}" => 303,
            // The visitor has not chosen yet.
            "/cookies/recu" => 404,
            _ if route.posts && !route.is_page() => 405,
            _ => 200,
        };
        assert_eq!(answer.status.as_u16(), expected, "{}", route.path);
        check_headers(&answer, route.path);
        if route.is_page() {
            assert!(answer.header("content-type").starts_with("text/html"), "{}", route.path);
            check_headers(&app.anonymous().get(&cast.fill(route.path)).await, route.path);
        }
        let empty = app.anonymous().post(&cast.fill(route.path), &[]).await;
        check_headers(&empty, route.path);
    }
    let visitor = app.anonymous();
    for path in ["/nulle-part", "/sante", "/pret", "/robots.txt", "/assets/0/app.css", "/embed/inconnu"] {
        check_headers(&visitor.get(path).await, path);
    }
    check_headers(&cast.youth.browser.get("/conseiller").await.expect(403), "a refusal");
    let abroad = [("sec-fetch-site", "cross-site")];
    check_headers(&visitor.send(Method::POST, "/cookies", &abroad, Body::empty()).await.expect(403), "another site");

    // A portal that is served to this machine alone has no TLS.
    let plain = on_this_machine(app, false);
    assert_eq!(plain.get("/").await.expect(200).header("strict-transport-security"), "");
}

/// A visitor of a portal that is served to this machine alone, as developers do.
fn on_this_machine(app: &TestApp, development: bool) -> Browser {
    let public = PublicUrl { origin: "http://127.0.0.1:3000".into(), secure: false };
    let site = Arc::new(site_file::load(None).unwrap());
    Browser::new(router(Parts {
        services: app.services.clone(),
        site,
        public,
        trusted_proxy: None,
        development,
        metrics_token: None,
    }))
}

async fn pages_of_development_do_not_exist_in_production(app: &TestApp) {
    let pages: Vec<_> = ROUTES.iter().filter(|route| route.development).collect();
    assert!(!pages.is_empty());
    for route in pages {
        on_this_machine(app, true).get(route.path).await.expect(200).expect_text("class=\"finder\"");
        let answer = on_this_machine(app, false).get(route.path).await.expect(404);
        assert!(answer.text().contains("Cette page n’existe pas"), "{}", route.path);
    }
}

/// The tags of a page, each without its `<` and `>`.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap())
}

/// Checks that a page has no inline style and no inline handler, which would need `unsafe-inline`.
#[track_caller]
fn check_inline(html: &str, what: &str) {
    for tag in tags(html) {
        let mut words = tag.split([' ', '\n', '\t', '"', '\'']);
        let name = words.next().unwrap();
        assert!(name != "style", "{what}: <{tag}>");
        for word in words {
            let handler = word.starts_with("on") && word.ends_with('=') && word.len() > 3;
            assert!(!handler && word != "style=", "{what}: <{tag}>");
        }
        assert!(!tag.contains("javascript:"), "{what}: <{tag}>");
    }
}

#[track_caller]
fn check_no_script(answer: &Answer, what: &str) {
    let html = answer.text();
    for never in ["<script", "modulepreload", "leptos-island", "<noscript", "__RESOLVED", ".wasm", ".js\""] {
        assert!(!html.contains(never), "{what}: {never} in\n{html}");
    }
    check_inline(html, what);
    assert!(answer.header("content-security-policy").contains("script-src 'none'"), "{what}");
    assert!(answer.header("content-security-policy").contains("connect-src 'none'"), "{what}");
}

async fn only_pages_with_an_island_have_a_script(app: &TestApp) {
    let cast = Cast::of(app).await;
    for route in ROUTES.iter().filter(|route| route.is_page()) {
        let path = cast.fill(route.path);
        let answer = cast.admitted(app, route).await.get(&path).await.expect(200);
        if route.island {
            check_inline(answer.text(), &path);
            assert_eq!(answer.text().matches("<script").count(), 1, "{path}");
            assert!(answer.text().contains("<leptos-island"), "{path} is said to have an island");
        } else {
            check_no_script(&answer, &path);
            assert!(!answer.text().contains("<!--"), "{path}: a comment");
        }
    }
    // Error pages need no script either.
    check_no_script(&app.anonymous().get("/nulle-part").await.expect(404), "404");
    check_no_script(&cast.youth.browser.get("/conseiller").await.expect(403), "403");
    check_no_script(&app.anonymous().post("/connexion", &[]).await.expect(422), "422");
    check_no_script(&cast.youth.browser.post("/appareils", &[]).await.expect(422), "422");
    check_no_script(&cast.youth.browser.get("/mon-espace/coffre-fort/rien/supprimer").await.expect(404), "404");
    // A refused form of a page with an island has the island again.
    let refused = cast.youth.browser.post("/mon-espace/coffre-fort", &[]).await.expect(422);
    assert!(refused.text().contains("<leptos-island") && refused.text().matches("<script").count() == 1);
    check_inline(refused.text(), "422");
}

async fn each_answer_with_an_island_has_its_own_nonce(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut nonces = BTreeSet::new();
    let routes: Vec<_> = ROUTES.iter().filter(|route| route.island).collect();
    assert!(!routes.is_empty());
    for route in &routes {
        let browser = cast.admitted(app, route).await;
        for _ in 0..2 {
            let answer = browser.get(&cast.fill(route.path)).await.expect(200);
            let policy = answer.header("content-security-policy");
            let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0;
            assert!(nonce.len() >= 22, "128 bits: {nonce}");
            assert!(
                policy.contains(&format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval';")),
                "{policy}"
            );
            let script = tags(answer.text()).find(|tag| tag.starts_with("script")).unwrap();
            assert!(script.contains(&format!("nonce=\"{nonce}\"")) && script.contains("type=\"module\""), "{script}");
            let preload = tags(answer.text()).find(|tag| tag.contains("modulepreload")).unwrap();
            assert!(preload.contains(&format!("nonce=\"{nonce}\"")), "{preload}");
            assert!(nonces.insert(nonce.to_owned()), "{nonce} came twice");
        }
    }
    assert_eq!(nonces.len(), 2 * routes.len());
}

/// A form that would be accepted.
pub(crate) struct Form {
    /// Its route, as [`ROUTES`] writes it.
    pub(crate) route: &'static str,
    pub(crate) path: String,
    browser: Browser,
    kind: &'static str,
    body: Vec<u8>,
    done: &'static str,
}

impl Form {
    pub(crate) async fn send(&self, headers: &[(&'static str, &str)]) -> Answer {
        let mut all = vec![("content-type", self.kind)];
        all.extend_from_slice(headers);
        self.browser.same().send(Method::POST, &self.path, &all, Body::from(self.body.clone())).await
    }
}

/// For each route that takes posts, a form that would be accepted. The sign-out comes last.
pub(crate) async fn valid_forms(app: &TestApp, cast: &Cast) -> Vec<Form> {
    // A form that is sent at once would count as sent by a program.
    let mut tokens = BTreeMap::new();
    for path in ["/contact", "/pre-inscription", "/evenement", "/taxe-apprentissage"] {
        tokens.insert(path, opened(app, &app.anonymous(), path).await);
    }
    let typed = |path: &str, fields: &[(&str, &str)]| {
        serde_html_form::to_string([fields, &[("token", tokens[path].as_str())]].concat()).unwrap()
    };
    let (enrolling, secret) = enrolling(app).await;
    let code = |key| serde_html_form::to_string([("code", shown(app, key, 0))]).unwrap();
    let form = |fields: &[(&str, &str)]| serde_html_form::to_string(fields).unwrap();
    let credentials = [("identifier", cast.youth.identifier.as_str()), ("password", PASSWORD)];
    let mut forms = Vec::new();
    for route in ROUTES.iter().filter(|route| route.posts) {
        // The link in a mail also has this parameter.
        let mut query = String::new();
        let (browser, body, done) = match route.path {
            "/cookies" => (app.anonymous(), "choice=accept".to_owned(), "303 /"),
            "/embed/{service}/{item}" => (app.anonymous(), String::new(), "200"),
            "/cookies/traces" => (app.anonymous(), String::new(), "303 /cookies/traces?fait=oui"),
            "/connexion" => (app.anonymous(), serde_html_form::to_string(credentials).unwrap(), "303 /mon-espace"),
            "/connexion/code" => (cast.admitted(app, route).await, code(TOTP_KEY), "303 /conseiller"),
            "/connexion/enrolement" => (enrolling.browser.same(), code(secret), "303 /connexion/codes-de-secours"),
            "/connexion/codes-de-secours" => (cast.admitted(app, route).await, String::new(), "303 /conseiller"),
            "/deconnexion" => (cast.youth.browser.same(), String::new(), "303 /"),
            "/mon-espace/profil" => (
                cast.youth.browser.same(),
                "message=bonjour".to_owned(),
                "303 /mon-espace/profil?demande=envoyee#correction",
            ),
            "/activation" => {
                let invited = awaiting(app, Role::Reception).await;
                let code = app.services.test_code(invited.account).await.unwrap();
                (app.anonymous(), form(&[("code", code.reveal())]), "200")
            }
            "/appareils" => (app.youth().await.browser, form(&[("device", "others")]), "303 /appareils?fait=autres"),
            "/mot-de-passe" => {
                let new = "quatre lampes au plafond";
                let fields = [("current", PASSWORD), ("password", new), ("again", new)];
                (app.youth().await.browser, form(&fields), "303 /appareils?fait=mot-de-passe")
            }
            "/admin/comptes/nouveau" => {
                let fields = [
                    ("name", "Alix Modèle"),
                    ("identifier", "alix.modele"),
                    ("email", "alix@exemple.test"),
                    ("role", "advisor"),
                ];
                (cast.admitted(app, route).await, form(&fields), "303 /admin/comptes/propositions?fait=propose")
            }
            "/admin/comptes/propositions/{proposal}" => {
                (cast.admitted(app, route).await, form(&[("decision", "confirm")]), "200")
            }
            "/admin/comptes/{account}/proposer" => {
                (cast.admitted(app, route).await, form(&[("what", "invite")]), "303 /admin/comptes/")
            }
            path @ ("/contact" | "/pre-inscription" | "/taxe-apprentissage") => {
                let known = forms::FORMS.iter().find(|form| form.path == path).unwrap();
                (app.anonymous(), typed(path, known.right), "303 /")
            }
            "/evenement" => (app.anonymous(), typed(route.path, events::RIGHT), "303 /evenement?envoye="),
            "/admin/evenements/nouveau" | "/admin/evenements/{event}" => {
                let fields = event_admin::fields("Forum", ("2026-03-29", "12:00"));
                (cast.admitted(app, route).await, form(&fields), "303 /admin/evenements/")
            }
            "/admin/evenements/{event}/fermer" => {
                (cast.admitted(app, route).await, form(&[("action", "close")]), "303 /admin/evenements/")
            }
            // The site of these tests has no receiver: the page says so, and no file leaves.
            "/admin/evenements/{event}/transmettre" => (cast.admitted(app, route).await, String::new(), "422"),
            "/mes-droits" => (app.anonymous(), form(&rights::fields(&rights::fresh(app))), "303 /mes-droits?fait=oui"),
            "/mon-espace/droits" => (
                cast.youth.browser.same(),
                form(&rights::fields(&rights::fresh(app))),
                "303 /mon-espace/droits?fait=oui",
            ),
            "/newsletter" => {
                (app.anonymous(), form(&newsletter::fields(&newsletter::fresh(app))), "303 /newsletter?fait=oui")
            }
            "/newsletter/confirmer" => {
                query = newsletter::waiting(app, &format!("{}@exemple.test", app.fresh("attente"))).await;
                (app.anonymous(), String::new(), "303 /newsletter/confirmer?fait=oui")
            }
            "/newsletter/desinscription" => {
                query = newsletter::confirmed(app, &format!("{}@exemple.test", app.fresh("lectrice"))).await;
                (app.anonymous(), String::new(), "303 /newsletter/desinscription?fait=oui")
            }
            "/conseiller/demandes/{request}" => {
                (cast.admitted(app, route).await, form(&[("action", "take")]), "303 /conseiller/demandes/")
            }
            "/admin/droits/{demande}" => {
                let fields = [("step", "identity"), ("doubt", "Deux personnes ont ce nom.")];
                (cast.admitted(app, route).await, form(&fields), "303 /admin/droits/")
            }
            "/mon-espace/coffre-fort/partage" => {
                (cast.youth.browser.same(), "shared=on".to_owned(), "303 /mon-espace/coffre-fort?partage=oui#partage")
            }
            _ => (cast.admitted(app, route).await, String::new(), "303"),
        };
        let deposit = route.path.ends_with("/coffre-fort");
        let body = if deposit { multipart("other", &[("autre.pdf", &pdf(2, 900))]) } else { body.into_bytes() };
        let kind = if deposit { MULTIPART } else { "application/x-www-form-urlencoded" };
        let path = if query.is_empty() { cast.fill(route.path) } else { query };
        forms.push(Form { route: route.path, path, browser, kind, body, done });
    }
    forms.sort_by_key(|form| form.path == "/deconnexion");
    forms
}

/// Numbers that a post could change.
pub(crate) async fn state(app: &TestApp) -> Vec<(&'static str, i64)> {
    let mut numbers = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM session",
        "SELECT COUNT(*) FROM throttle",
        "SELECT COUNT(*) FROM second_factor WHERE confirmed",
        "SELECT COUNT(*) FROM recovery_code",
        "SELECT COUNT(*) FROM correction",
        "SELECT COUNT(*) FROM vault WHERE shared",
        "SELECT COUNT(*) FROM document WHERE state = 'committed'",
        "SELECT COUNT(*) FROM document",
        "SELECT COUNT(*) FROM account WHERE state = 'suspended'",
        "SELECT COUNT(*) FROM install_hint_closed",
        "SELECT COUNT(*) FROM account_proposal WHERE state = 'pending'",
        "SELECT COUNT(*) FROM activation_code",
        "SELECT COUNT(*) FROM journal",
        "SELECT COUNT(*) FROM access_log",
        "SELECT COUNT(*) FROM consent_receipt",
        "SELECT COUNT(*) FROM request",
        "SELECT COUNT(*) FROM rights_request",
        "SELECT COUNT(*) FROM subscription",
        "SELECT COUNT(*) FROM event",
        "SELECT COUNT(*) FROM event WHERE closed_at IS NOT NULL",
        "SELECT COUNT(*) FROM request WHERE assigned_to IS NOT NULL",
        "SELECT COUNT(*) FROM rights_request WHERE state <> 'identity'",
        "SELECT COUNT(*) FROM subscription WHERE state = 'pending'",
    ] {
        numbers.push((sql, app.number(sql.into()).await));
    }
    numbers
}

async fn another_site_cannot_make_a_browser_post(app: &TestApp) {
    let cast = Cast::of(app).await;
    let forms = valid_forms(app, &cast).await;
    assert_eq!(forms.len(), ROUTES.iter().filter(|route| route.posts).count());
    let before = state(app).await;
    for form in &forms {
        for abroad in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
            &[("origin", "https://evil.test")],
            &[("origin", "null")],
            &[("origin", "http://portail.test")],
            &[("origin", "https://portail.test.evil.test")],
        ] {
            let answer = form.send(abroad).await;
            let refused = answer.status == 403 && answer.text().contains("vient d’un autre site");
            assert!(refused, "{} {abroad:?}: {}", form.path, answer.status);
            assert!(!answer.headers.contains_key("set-cookie"), "{}", form.path);
        }
    }
    assert_eq!(state(app).await, before, "nothing was done");
    // The same forms are accepted from the portal itself, so the other site was the reason for the refusals.
    for (index, form) in forms.iter().enumerate() {
        let own: &[_] = if index % 2 == 0 { &[("origin", ORIGIN)] } else { &[("sec-fetch-site", "same-origin")] };
        let answer = form.send(own).await;
        assert!(
            outcome(&answer).starts_with(form.done),
            "{}: {} instead of {}",
            form.path,
            outcome(&answer),
            form.done
        );
    }
    assert_ne!(state(app).await, before);
}

async fn an_unknown_path_gets_a_page_that_says_so(app: &TestApp) {
    let youth = app.youth().await;
    for path in [
        "/nulle-part",
        "/mon-espace/nulle-part",
        "/conseiller/nulle-part",
        "/cookies/",
        "/admin/nulle-part",
        "/index.php",
        "/%2e%2e/etc/passwd",
    ] {
        for browser in [&app.anonymous(), &youth.browser] {
            let answer = browser.get(path).await.expect(404).expect_text("Cette page n’existe pas");
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
            let posted = browser.post(path, &[]).await;
            assert!([404, 405].contains(&posted.status.as_u16()), "{path}: {}", posted.status);
        }
    }
    // The page does not repeat the path.
    app.anonymous().get("/%3Cscript%3Ealert(1)%3C/script%3E").await.expect(404).expect_no_text("alert(1)</");
}

async fn a_malformed_id_gets_the_page_for_unknown_paths(app: &TestApp) {
    let cast = Cast::of(app).await;
    let stranger = app.youth().await;
    let unknown =
        [uuid::Uuid::nil().to_string(), uuid::Uuid::from_u128(0x0195_807c_0000_7000_8000_0000_0000_0001).to_string()];
    let nonsense = ["rien", "0", "-1", "%ff", "%00", "..%2f..%2fetc", "%E2%80%AE", "'", &"a".repeat(300)];
    for id in nonsense.iter().copied().chain(unknown.iter().map(String::as_str)) {
        for (browser, path, posts) in [
            (&cast.youth.browser, format!("/mon-espace/coffre-fort/{id}"), false),
            (&cast.youth.browser, format!("/mon-espace/coffre-fort/{id}/supprimer"), true),
            (&cast.advisor.browser, cast.fill(&format!("/conseiller/jeunes/{{youth}}/coffre-fort/{id}")), false),
            (
                &cast.advisor.browser,
                cast.fill(&format!("/conseiller/jeunes/{{youth}}/coffre-fort/{id}/supprimer")),
                true,
            ),
        ] {
            browser.get(&path).await.expect(404).expect_text("Cette page n’existe pas");
            if posts {
                browser.post(&path, &[]).await.expect(404);
            }
        }
    }
    for id in nonsense {
        for rest in ["", "/coffre-fort", "/coffre-fort/rien", "/coffre-fort/rien/supprimer"] {
            let path = format!("/conseiller/jeunes/{id}{rest}");
            cast.advisor.browser.get(&path).await.expect(404).expect_text("Cette page n’existe pas");
        }
    }
    // The file of another person is refused, and a missing one is not found; neither answer has a name.
    for (id, status) in [(stranger.id().to_string(), 403), (unknown[1].clone(), 404)] {
        for rest in ["", "/coffre-fort"] {
            let path = format!("/conseiller/jeunes/{id}{rest}");
            cast.advisor.browser.get(&path).await.expect(status).expect_no_text("Lina");
        }
    }
}

async fn other_methods_are_refused(app: &TestApp) {
    let cast = Cast::of(app).await;
    for route in ROUTES {
        let path = cast.fill(route.path);
        let browser = cast.admitted(app, route).await;
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
            let own = [("sec-fetch-site", "same-origin")];
            let answer = browser.send(method, &path, &own, Body::empty()).await.expect(405);
            assert!(!answer.header("allow").is_empty(), "{path}");
        }
        if route.is_page() {
            let head = browser.send(Method::HEAD, &path, &[], Body::empty()).await.expect(200);
            assert_eq!((head.body.len(), head.header("content-type")), (0, "text/html; charset=utf-8"), "{path}");
        }
        if !route.posts {
            browser.post(&path, &[]).await.expect(405);
        }
    }
    app.anonymous().send(Method::HEAD, "/nulle-part", &[], Body::empty()).await.expect(404);
    assert_eq!(app.number("SELECT COUNT(*) FROM document WHERE state = 'committed'".into()).await, 2);
}

async fn the_health_addresses_answer(app: &TestApp) {
    let visitor = app.anonymous();
    visitor.get("/sante").await.expect(200);
    visitor.get("/pret").await.expect(200);
    app.services.close().await;
    visitor.get("/sante").await.expect(200);
    visitor.get("/pret").await.expect(503);
}

const NOT_BUILT: &str = "the program was built without its static files: run `make assets`, then test again";

fn unbrotli(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap();
    plain
}

async fn assets_are_immutable_under_their_hash(app: &TestApp) {
    let base = assets::base().expect(NOT_BUILT);
    let browser = app.anonymous();
    for name in ["app.css", "public.js", "public_bg.wasm", "spaces.js", "spaces_bg.wasm", "favicon.svg"] {
        let path = format!("{base}/{name}");
        let asset = assets::find(name).unwrap_or_else(|| panic!("{name}: {NOT_BUILT}"));
        for (accepts, coding) in [
            ("", ""),
            ("identity", ""),
            ("br", "br"),
            ("gzip", "gzip"),
            ("gzip, deflate, br, zstd", "br"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("deflate", ""),
        ] {
            let answer = browser.get_with(&path, &[("accept-encoding", accepts)]).await.expect(200);
            assert_eq!(answer.header("content-encoding"), coding, "{name} for {accepts}");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("content-type"), asset.content_type);
            assert!(answer.header("vary").contains("accept-encoding"));
            check_headers(&answer, &path);
            let body = if coding == "br" { unbrotli(&answer.body) } else { answer.body.to_vec() };
            assert!(coding == "gzip" || body == asset.plain, "{name} for {accepts}");
            assert!(coding.is_empty() || answer.body.len() < asset.plain.len(), "{name} for {accepts}");
        }
        let head = browser.send(Method::HEAD, &path, &[], Body::empty()).await.expect(200);
        assert_eq!(head.header("content-length"), asset.plain.len().to_string(), "{name}");
        browser.get(&format!("/assets/0123456789abcdef/{name}")).await.expect(404);
    }
    assert_eq!(assets::find("public_bg.wasm").unwrap().content_type, "application/wasm");
    for away in
        ["", "/", "/inconnu.css", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%2fmanifest.json", "/app.css/", "/%00"]
    {
        browser.get(&format!("{base}{away}")).await.expect(404);
    }
    browser.get("/robots.txt").await.expect(200).expect_text("User-agent");

    // Every file that a page names under this folder is there, and a page loads one entry point.
    let youth = app.youth().await;
    for (visitor, path, entry, other) in
        [(&youth.browser, "/mon-espace/coffre-fort", "spaces", "public"), (&browser, "/contact", "public", "spaces")]
    {
        let page = visitor.get(path).await.expect(200);
        let mut named = BTreeSet::new();
        for rest in page.text().split(&base).skip(1) {
            named.insert(rest.split(['"', '\'', '\\', '&', ')']).next().unwrap().to_owned());
        }
        for needed in [format!("/{entry}.js"), format!("/{entry}_bg.wasm"), "/app.css".to_owned()] {
            assert!(named.contains(&needed), "{path} does not load {needed}: {named:?}");
        }
        assert!(!named.iter().any(|name| name.contains(other)), "{path}: {named:?}");
        for name in named {
            browser.get(&format!("{base}{name}")).await.expect(200);
        }
    }
}

async fn without_a_database_one_plain_sentence_is_answered(app: &TestApp) {
    const SENTENCE: &str = "Le site ne répond pas bien en ce moment. Rien n’est perdu : réessayez dans une minute.";
    let youth = app.youth().await;
    app.services.close().await;
    let visitor = app.anonymous();
    let answers = [
        ("a page with a session", youth.browser.get("/mon-espace").await),
        ("a public page with a session", youth.browser.get("/").await),
        ("a deposit", youth.browser.deposit("/mon-espace/coffre-fort", "other", &[("a.pdf", &pdf(1, 900))]).await),
        ("a sign-in", visitor.post("/connexion", &[("identifier", &youth.identifier), ("password", PASSWORD)]).await),
        ("a choice", visitor.post("/cookies", &[("choice", "accept")]).await),
    ];
    for (what, answer) in answers {
        let answer = answer.expect(503).expect_sentence(SENTENCE);
        check_headers(&answer, what);
        assert!(!answer.headers.contains_key("set-cookie"), "{what}");
        for internal in ["sqlx", "Pool", "pool", "sqlite", "postgres", "SELECT", "src/", "panicked", "Lina"] {
            assert!(!answer.text().contains(internal), "{what}: {internal}");
        }
    }
    // Pages that need no database still answer.
    visitor.get("/").await.expect(200);
    visitor.get("/connexion").await.expect(200);
    visitor.get("/cookies").await.expect(200);
}
