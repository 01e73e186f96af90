//! Each service on the list: where it appears, what the browser allows it, which cookies a refusal deletes, and what is
//! asked again (C4 to C8, C10, C12).

use crate::{
    consent::{ACCEPT, REFUSE, receipts, stored},
    support::{Answer, Browser, TestApp, on_both_engines},
};
use app::routes::{Audience, ROUTES};
use axum::{body::Body, http::Method};
use domain::consent::{COOKIE, SESSION_COOKIE};

on_both_engines!(
    each_frame_stands_alone_on_a_page_of_its_own,
    a_measurement_runs_on_public_pages_only,
    an_exempt_measurement_runs_until_the_visitor_objects,
    pages_ask_the_browser_for_no_permission_by_default,
    only_services_added_since_the_choice_are_asked_about,
    a_refusal_deletes_the_cookies_that_services_set,
    deleting_many_cookies_takes_several_answers,
    deleting_further_cookies_changes_no_choice,
    a_receipt_says_what_was_shown,
    erasing_the_traces_signs_out_and_clears_the_browser,
    links_to_other_sites_lead_to_the_declared_addresses,
);

/// A site with every known service and one declared in its file. Each service that has frames has an embed.
const FULL_SITE: &str = r#"
[organisation]
name = "Mission Locale d’Essai"
tagline = "Un essai."
address = "1 rue du Test"
city = "75011 Paris"
phone = "01 99 00 00 00"
email = "contact@exemple.test"
[legal]
form = "Association"
publisher = "Camille Exemple"
dpo_email = "dpo@exemple.test"
host_name = "Hébergeur d’essai"
host_address = "1 rue du Test, 75011 Paris"
[vault]
name = "Coffre-fort"
[consent]
services = ["google_analytics", "youtube", "vimeo", "facebook", "x", "instagram", "linkedin", "jitsi"]
[consent.google_analytics]
measurement = "G-EXEMPLE000"
[consent.jitsi]
host = "visio.exemple.test"
provider = { name = "8x8, Inc.", country = "États-Unis", outside_eu = true }
[[consent.declared]]
id = "carte"
name = "Carte d’exemple"
purpose = "embed"
about = "Montrer où nous trouver"
provider = { name = "Cartes d’exemple", country = "France", outside_eu = false }
exempt = false
cookies = [{ name = "carte_*", days = 30, about = "Retenir l’endroit regardé" }]
frame = { address = "https://carte.exemple.test/cadre/{item}" }
[[embeds]]
service = "youtube"
item = "jNQXAC9IVRw"
title = "Un film"
[[embeds]]
service = "vimeo"
item = "76979871"
title = "Un autre film"
[[embeds]]
service = "facebook"
item = "100000000000001"
title = "Une publication"
[[embeds]]
service = "instagram"
item = "CExemple001"
title = "Une photo"
[[embeds]]
service = "jitsi"
item = "accueil"
title = "La salle d’accueil"
[[embeds]]
service = "carte"
item = "paris"
title = "Nous trouver"
[sharing]
networks = ["facebook", "whatsapp"]
"#;

/// A site that measures its visits without cookies.
fn measured_site() -> String {
    let (before, _) = FULL_SITE.split_once("[consent]").unwrap();
    format!(
        "{before}[consent]\nservices = [\"matomo\"]\n[consent.matomo]\naddress = \"https://visites.exemple.test\"\nsite = 3\n\
         exempt = true\n"
    )
}

/// The path of each frame's page, and the origin of the frame.
const FRAMES: [(&str, &str); 6] = [
    ("/embed/youtube/jNQXAC9IVRw", "https://www.youtube-nocookie.com"),
    ("/embed/vimeo/76979871", "https://player.vimeo.com"),
    ("/embed/facebook/100000000000001", "https://www.facebook.com"),
    ("/embed/instagram/CExemple001", "https://www.instagram.com"),
    ("/embed/jitsi/accueil", "https://visio.exemple.test"),
    ("/embed/carte/paris", "https://carte.exemple.test"),
];

/// The sources of a directive of the policy.
fn directive<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    let policy = answer.header("content-security-policy");
    let found = policy.split("; ").find_map(|directive| directive.strip_prefix(name)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {name} in {policy}")).split(' ').collect()
}

async fn each_frame_stands_alone_on_a_page_of_its_own(app: &TestApp) {
    let site = app.with_site(FULL_SITE);
    let nobody = Browser::new(site.clone());
    for (path, origin) in FRAMES {
        let host = origin.strip_prefix("https://").unwrap();
        let before = nobody.get(path).await.expect(200).expect_no_text("<iframe");
        assert!(!before.text().contains(host) && directive(&before, "frame-src") == ["'none'"], "{path}");
        for answer in [nobody.post(path, &[]).await.expect(200), {
            let browser = Browser::new(site.clone());
            browser.post("/cookies", &ACCEPT).await.expect_see("/");
            browser.get(path).await.expect(200)
        }] {
            assert_eq!(answer.text().matches("<iframe").count(), 1, "{path}");
            assert!(answer.text().contains(&format!("src=\"{origin}/")), "{path}: {}", answer.text());
            assert_eq!(directive(&answer, "frame-src"), [origin], "{path}");
            assert_eq!(directive(&answer, "script-src"), ["'none'"], "{path}");
            assert_eq!(answer.header("content-security-policy").matches("https://").count(), 1, "{path}");
        }
    }
    // The page around a frame has only frames of our own, whatever was accepted.
    let browser = Browser::new(site);
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let home = browser.get("/").await.expect(200);
    assert_eq!(home.text().matches("<iframe").count(), FRAMES.len());
    assert_eq!(directive(&home, "frame-src"), ["'self'"]);
    for (path, origin) in FRAMES {
        assert!(home.text().contains(&format!("src=\"{path}?cadre=oui\"")), "{path}");
        assert!(!home.text().contains(origin), "{origin}");
    }
}

async fn a_measurement_runs_on_public_pages_only(app: &TestApp) {
    let browser = Browser::new(app.with_site(FULL_SITE));
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let choice = browser.cookie(COOKIE).unwrap();
    let home = browser.get("/").await.expect(200);
    let sources = directive(&home, "script-src");
    assert_eq!(sources.len(), 2, "{sources:?}");
    let nonce = sources[0].strip_prefix("'nonce-").and_then(|rest| rest.strip_suffix('\'')).unwrap();
    assert_eq!(sources[1], "https://www.googletagmanager.com/gtag/js");
    assert_eq!(home.text().matches("<script").count(), 2);
    assert_eq!(home.text().matches(&format!("nonce=\"{nonce}\"")).count(), 2);
    assert!(
        home.text().contains("/services/google-analytics.js\"")
            && home.text().contains("data-measurement=\"G-EXEMPLE000\"")
    );
    assert!(!home.header("content-security-policy").contains("unsafe"));
    assert!(directive(&home, "connect-src").contains(&"https://*.google-analytics.com"));

    let youth = app.youth().await;
    let signed_in = Browser::new(app.with_site(FULL_SITE));
    signed_in.set_cookie(COOKIE, &choice);
    signed_in.set_cookie(SESSION_COOKIE, &youth.browser.cookie(SESSION_COOKIE).unwrap());
    for path in ["/mon-espace", "/mon-espace/profil", "/appareils", "/mot-de-passe", "/", "/cookies"] {
        let page = signed_in.get(path).await.expect(200);
        // Islands call the portal itself, and nobody else.
        let island = ROUTES.iter().any(|route| route.path == path && route.island);
        let own = if island { "'self'" } else { "'none'" };
        assert!(!page.text().contains("gtag") && directive(&page, "connect-src") == [own], "{path}");
    }
    signed_in.get("/admin").await.expect(403).expect_no_text("gtag");
    browser.get("/nulle-part/jeunes/12").await.expect(404).expect_no_text("gtag");
    for path in ["/connexion", "/activation"] {
        let page = browser.get(path).await.expect(200);
        assert!(!page.text().contains("google") && directive(&page, "script-src") == ["'none'"], "{path}");
    }
}

async fn an_exempt_measurement_runs_until_the_visitor_objects(app: &TestApp) {
    let site = app.with_site(&measured_site());
    let browser = Browser::new(site.clone());
    let home = browser.get("/").await.expect(200).expect_no_text("choix-cookies");
    assert!(
        home.text().contains("src=\"https://visites.exemple.test/matomo.js\"")
            && home.text().contains("data-cookies=\"no\"")
    );
    assert_eq!(directive(&home, "connect-src"), ["https://visites.exemple.test/matomo.php"]);
    browser.get("/cookies").await.expect(200).expect_text("Vous pouvez vous opposer").expect_text("checked");
    browser.get_with("/", &[("sec-gpc", "1")]).await.expect(200).expect_no_text("matomo");
    browser.post("/cookies", &[("choice", "custom"), ("place", "panel")]).await.expect_see("/");
    browser.get("/").await.expect(200).expect_no_text("matomo");
    assert_eq!(stored(&browser).unwrap().purposes.get("measurement"), Some(&false));
}

async fn pages_ask_the_browser_for_no_permission_by_default(app: &TestApp) {
    let site = app.with_site(FULL_SITE);
    let browser = Browser::new(site.clone());
    let permissions = |answer: &Answer| answer.header("permissions-policy").to_owned();
    for route in ROUTES.iter().filter(|route| route.audience == Audience::Everyone && route.is_page()) {
        let path = route.path.replace("{service}/{item}", "jitsi/accueil").replace("{version}", "1");
        let found = permissions(&browser.get(&path).await.expect(200));
        for name in ["camera", "microphone", "display-capture", "fullscreen", "geolocation", "payment"] {
            assert!(found.contains(&format!("{name}=()")), "{path}: {found}");
        }
    }
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let meeting = permissions(&browser.get("/embed/jitsi/accueil").await.expect(200));
    assert!(
        meeting.contains("camera=(self \"https://visio.exemple.test\")") && meeting.contains("geolocation=()"),
        "{meeting}"
    );
    let film = permissions(&browser.get("/embed/vimeo/76979871").await.expect(200));
    assert!(film.contains("fullscreen=(self \"https://player.vimeo.com\")") && film.contains("camera=()"), "{film}");
    assert!(permissions(&browser.get("/connexion").await.expect(200)).contains("camera=()"));
}

/// A browser that chose on a site with the services `before` comes to a site with the services `after`.
async fn later(app: &TestApp, before: &str, choice: &[(&str, &str)], after: &str) -> Browser {
    let list = |services: &str| {
        let (start, _) = FULL_SITE.split_once("[consent]").unwrap();
        format!("{start}[consent]\nservices = [{services}]\n")
    };
    let earlier = Browser::new(app.with_site(&list(before)));
    earlier.post("/cookies", choice).await.expect_see("/");
    let browser = Browser::new(app.with_site(&list(after)));
    browser.set_cookie(COOKIE, &earlier.cookie(COOKIE).unwrap());
    browser
}

async fn only_services_added_since_the_choice_are_asked_about(app: &TestApp) {
    let custom = [("choice", "custom"), ("service", "youtube")];
    let (before, after) = ("\"youtube\", \"x\"", "\"youtube\", \"x\", \"vimeo\"");
    let names = |browser: &Browser| {
        let ids = stored(browser).unwrap().services;
        ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>()
    };
    let browser = later(app, before, &custom, after).await;
    let page = browser.get("/").await.expect(200).expect_text("Du nouveau dans les cookies").expect_text("Vimeo");
    let banner = page.text().split_once("</section>").unwrap().0;
    assert!(!banner.contains("YouTube") && !banner.contains("(X)"), "{banner}");
    assert!(
        banner.contains("value=\"always\"") && banner.contains("value=\"keep\"") && banner.contains("value=\"vimeo\"")
    );
    browser.get_with("/", &[("sec-gpc", "1")]).await.expect(200).expect_no_text("Du nouveau");
    // Refusing the new service leaves the other choices as they were, and is remembered.
    browser.post("/cookies", &[("choice", "keep"), ("service", "vimeo"), ("back", "/")]).await.expect_see("/");
    assert_eq!(names(&browser), ["youtube"]);
    browser.get("/").await.expect(200).expect_no_text("choix-cookies");
    let browser = later(app, before, &custom, after).await;
    browser.post("/cookies", &[("choice", "always"), ("service", "vimeo"), ("back", "/")]).await.expect_see("/");
    assert_eq!(names(&browser), ["vimeo", "youtube"]);
    browser.get("/").await.expect(200).expect_no_text("choix-cookies");
    // A service that was removed asks nothing.
    let browser = later(app, after, &ACCEPT, before).await;
    browser.get("/").await.expect(200).expect_no_text("choix-cookies");
}

/// The `Set-Cookie` lines that delete a cookie.
fn swept(answer: &Answer) -> Vec<String> {
    let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned());
    lines.filter(|line| line.contains("Max-Age=0")).collect()
}

async fn a_refusal_deletes_the_cookies_that_services_set(app: &TestApp) {
    let browser = app.anonymous();
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    for name in ["_ga", "_ga_X", "_gid", "__atuvc", "autre"] {
        browser.set_cookie(name, "1");
    }
    // A new acceptance keeps the cookies of the accepted services and deletes the others.
    let lines = swept(&browser.post("/cookies", &ACCEPT).await.expect_see("/"));
    assert!(!lines.iter().any(|line| line.starts_with("_ga=") || line.starts_with("_ga_X=")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("_gid=;")), "{lines:?}");
    browser.set_cookie("_gid", "1");
    browser.set_cookie("autre", "1");
    let youth = app.youth().await;
    browser.set_cookie(SESSION_COOKIE, &youth.browser.cookie(SESSION_COOKIE).unwrap());
    let lines = swept(&browser.post("/cookies", &REFUSE).await.expect_see("/"));
    for name in ["_ga", "_ga_X", "_gid"] {
        let start = format!("{name}=; Path=/; Max-Age=0");
        assert!(lines.contains(&format!("{start}; Secure")), "{lines:?}");
        assert!(lines.contains(&format!("{start}; Domain=portail.test; Secure")), "{lines:?}");
    }
    assert!(lines.iter().any(|line| line.starts_with("autre=;")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.starts_with(SESSION_COOKIE)), "{lines:?}");
    // The choice cookie of this host stays, and one that a parent domain may have set is deleted.
    assert!(lines.iter().filter(|line| line.starts_with(COOKIE)).all(|line| line.contains("; Domain=")), "{lines:?}");
    youth.browser.get("/mon-espace").await.expect(200);
}

async fn deleting_many_cookies_takes_several_answers(app: &TestApp) {
    let browser = app.anonymous();
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    for index in 0..90 {
        browser.set_cookie(&format!("_ga_number_{index:03}"), "1");
    }
    browser.set_cookie(&format!("_pk_{}", "x".repeat(1_500)), "1");
    let mut answer = browser.post("/cookies", &[("choice", "refuse"), ("back", "/cookies?a=b")]).await.expect(303);
    let mut answers = 1;
    loop {
        let length: usize = swept(&answer).iter().map(String::len).sum();
        assert!(length <= 4_096, "{length} bytes");
        let location = answer.header("location").to_owned();
        if !location.starts_with("/cookies/suite") {
            assert_eq!(location, "/cookies?a=b");
            break;
        }
        answers += 1;
        assert!(answers < 20, "no end");
        answer = browser.get(&location).await.expect(303);
    }
    assert!(answers > 2, "{answers}");
    for index in 0..90 {
        assert_eq!(browser.cookie(&format!("_ga_number_{index:03}")), None);
    }
    assert_eq!(receipts(app).await, 2, "one receipt a choice");
}

async fn deleting_further_cookies_changes_no_choice(app: &TestApp) {
    let browser = app.anonymous();
    browser.set_cookie("_ga", "1");
    // Without a choice, no cookie is deleted.
    let answer = browser.get("/cookies/suite?apres=&back=/cookies").await.expect_see("/cookies");
    assert!(!answer.headers.contains_key("set-cookie"));
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let before = browser.cookie(COOKIE);
    assert_eq!(swept(&browser.get("/cookies/suite?apres=&back=/").await.expect_see("/")), Vec::<String>::new());
    assert_eq!((browser.cookie(COOKIE), receipts(app).await), (before, 1));
    for back in ["//evil.test", "https://evil.test", ""] {
        browser.get(&format!("/cookies/suite?back={back}")).await.expect_see("/");
    }
}

async fn a_receipt_says_what_was_shown(app: &TestApp) {
    let browser = app.anonymous();
    browser.get("/cookies/recu").await.expect(404);
    let banner = browser.get("/").await.expect(200);
    browser.post("/cookies", &REFUSE).await.expect_see("/");
    let answer = browser.get("/cookies/recu").await.expect(200);
    assert!(answer.header("content-disposition").starts_with("attachment;"));
    let receipt: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
    assert_eq!(receipt["receipt"].as_str().unwrap(), stored(&browser).unwrap().receipt.to_string());
    assert_eq!(receipt["decisions"], serde_json::json!({ "google_analytics": false, "youtube": false }));
    assert_eq!(
        (&receipt["place"], &receipt["at_unix_ms"]),
        (&"banner".into(), &app.services.calendar().now().millis().into())
    );
    for line in receipt["text"].as_str().unwrap().lines() {
        assert!(banner.text().contains(line), "{line} was not shown");
    }
    // The panel shows its text word for word too, and the receipt names the text that was shown there.
    let panel = browser.get("/cookies").await.expect(200);
    browser.post("/cookies", &[("choice", "accept"), ("place", "panel")]).await.expect_see("/");
    let receipt: serde_json::Value =
        serde_json::from_str(browser.get("/cookies/recu").await.expect(200).text()).unwrap();
    let text = receipt["text"].as_str().unwrap();
    assert!(text.contains("Google Ireland Ltd (Irlande)") && text.contains("_ga_*"), "{text}");
    assert!(text.lines().take(2).all(|line| panel.text().contains(line)), "{text}");
    assert!(receipt["list"].as_str().unwrap().contains("youtube|video|Google Ireland Ltd|true"));
    // A receipt is shown only to the browser whose cookie holds its number.
    app.anonymous().get("/cookies/recu").await.expect(404);
}

async fn erasing_the_traces_signs_out_and_clears_the_browser(app: &TestApp) {
    let youth = app.youth().await;
    youth.browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let session = youth.browser.cookie(SESSION_COOKIE).unwrap();
    youth.browser.get("/cookies").await.expect(200).expect_text("Effacer mes traces sur cet ordinateur");
    let answer = youth.browser.post("/cookies/traces", &[]).await.expect_see("/cookies/traces?fait=oui");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"cookies\", \"storage\"");
    assert_eq!((youth.browser.cookie(SESSION_COOKIE), youth.browser.cookie(COOKIE)), (None, None));
    youth.browser.get("/cookies/traces?fait=oui").await.expect(200).expect_text("C’est effacé.");
    // The session has ended on the server; the browser did not only lose its cookie.
    youth.browser.set_cookie(SESSION_COOKIE, &session);
    youth.browser.get("/mon-espace").await.expect(303);
    // A GET or HEAD erases nothing.
    let other = app.youth().await;
    for method in [Method::GET, Method::HEAD] {
        let answer = other.browser.send(method, "/cookies/traces", &[], Body::empty()).await.expect(200);
        assert!(!answer.headers.contains_key("clear-site-data"));
    }
    other.browser.get("/mon-espace").await.expect(200);
}

async fn links_to_other_sites_lead_to_the_declared_addresses(app: &TestApp) {
    let browser = Browser::new(app.with_site(FULL_SITE));
    let home = browser.get("/").await.expect(200).expect_text("/partager/whatsapp").expect_no_text("wa.me");
    assert!(!home.text().contains("/partager/x"), "not on this site's list");
    for (path, address) in [
        (
            "/partager/facebook?u=https://evil.test",
            "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fportail%2Etest%2F",
        ),
        ("/partager/whatsapp", "https://wa.me/?text=https%3A%2F%2Fportail%2Etest%2F"),
        ("/embed/vimeo/76979871/ailleurs", "https://vimeo.com/76979871"),
        ("/embed/carte/paris/ailleurs", "https://carte.exemple.test/cadre/paris"),
    ] {
        let answer = browser.get(path).await.expect(303);
        assert_eq!(answer.header("location"), address, "{path}");
    }
    for path in ["/partager/x", "/partager/evil", "/embed/vimeo/1/ailleurs"] {
        browser.get(path).await.expect(404);
    }
}
