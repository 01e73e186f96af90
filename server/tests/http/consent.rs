//! Choices about cookies: nothing of a third party comes before an acceptance, and a withdrawal undoes everything (C1
//! to C3, C5, C7, C9 to C11, C13, C14). The ledger is tested in `ledger`.

use crate::support::{Answer, Browser, TestApp, on_both_engines};
use app::routes::{Audience, ROUTES};
use axum::{body::Body, http::Method};
use domain::{
    consent::{COOKIE, Choice, ServiceList},
    forms::consent::ConsentForm,
};

on_both_engines!(
    a_new_visitor_is_asked_first_with_two_equal_buttons,
    no_page_holds_anything_of_a_third_party_before_it_is_accepted,
    accepting_shows_the_video_there_and_nowhere_else,
    refusing_shows_nothing_and_asks_no_more,
    only_the_ticked_services_are_accepted,
    the_button_always_accepts_the_service_of_its_placeholder,
    the_button_once_shows_the_video_and_stores_nothing,
    a_service_that_is_not_there_has_no_page,
    reading_a_page_never_changes_a_choice,
    a_cookie_that_the_server_did_not_write_is_no_choice,
    the_signal_counts_as_a_refusal_until_a_choice_is_made,
    another_list_of_services_asks_again,
    a_site_without_optional_services_asks_nothing,
    a_choice_never_leads_to_another_site,
    a_choice_that_was_not_offered_is_refused,
);

const FRAME: &str = "<iframe";
const PLAYER: &str = "https://www.youtube-nocookie.com/embed/";
/// The page that shows the default site's video.
const EMBED: &str = "/embed/youtube/jNQXAC9IVRw";
/// The page that fills a frame on another page.
const FRAMED: &str = "/embed/youtube/jNQXAC9IVRw?cadre=oui";
/// What marks the banner: its form returns to the page that it stands on.
const BANNER: &str = "id=\"choix-cookies\"";
pub(crate) const ACCEPT: [(&str, &str); 2] = [("choice", "accept"), ("back", "/")];
pub(crate) const REFUSE: [(&str, &str); 2] = [("choice", "refuse"), ("back", "/")];

/// A site file whose services need no consent.
const PLAIN_SITE: &str = r#"
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
"#;

/// The paths of the pages that everyone may read.
fn public_pages() -> Vec<String> {
    let pages = ROUTES.iter().filter(|route| route.audience == Audience::Everyone && route.is_page());
    let fill = |path: &str| path.replace("{service}/{item}", "youtube/jNQXAC9IVRw").replace("{version}", "1");
    let paths: Vec<_> = pages.map(|route| fill(route.path)).collect();
    assert!(paths.len() >= 4, "{paths:?}");
    assert!(paths.iter().all(|path| !path.contains('{')), "a parameter without a value: {paths:?}");
    paths
}

/// Neither the page nor its headers name the machine of somebody else.
#[track_caller]
fn expect_nothing_foreign(answer: &Answer, path: &str) {
    let all = format!("{:?}\n{}", answer.headers, answer.text());
    for foreign in
        ["https://", "http://", "\"//", "youtube-nocookie", "youtube.com", "youtu.be", "ytimg", "google.com", FRAME]
    {
        // The name of the drawing language is not an address to load from.
        let found = all.replace("http://www.w3.org/2000/svg", "").contains(foreign);
        assert!(!found, "{path}: {foreign} in\n{all}");
    }
    assert!(answer.header("content-security-policy").contains("frame-src 'none'"), "{path}");
}

/// Whether `/cookies` names a cookie. The tests ask this about every cookie that an answer sets (C6).
pub(crate) fn is_declared(name: &str) -> bool {
    let own = ServiceList::of::<&str>(&[]).unwrap();
    own.iter().flat_map(|service| &service.cookies).any(|cookie| cookie.is_named(name))
}

/// The one cookie that an answer sets, apart from those that it expires.
#[track_caller]
fn kept(answer: &Answer) -> String {
    let lines = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let kept: Vec<_> = lines.filter(|line| !line.contains("Max-Age=0")).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    kept[0].to_owned()
}

pub(crate) fn stored(browser: &Browser) -> Option<Choice> {
    browser.cookie(COOKIE).as_deref().and_then(Choice::from_cookie)
}

pub(crate) async fn receipts(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM consent_receipt".into()).await
}

async fn a_new_visitor_is_asked_first_with_two_equal_buttons(app: &TestApp) {
    let answer = app.anonymous().get("/").await.expect(200);
    let body = answer.text().split_once("<body>").expect("a body without attributes").1;
    let banner = body.split_once("</section>").unwrap().0;
    assert!(body.starts_with("<section") && banner.contains(BANNER), "the banner is the first element");
    assert!(
        banner.contains("role=\"region\"")
            && banner.contains("aria-labelledby=\"choix-cookies\"")
            && banner.contains("<h2")
    );
    assert!(banner.contains("method=\"post\"") && banner.contains("action=\"/cookies\""));
    let buttons: Vec<_> = banner
        .split("<button")
        .skip(1)
        .map(|button| {
            let (tag, rest) = button.split_once('>').unwrap();
            let tag = tag.replace("value=\"accept\"", "…").replace("value=\"refuse\"", "…");
            (tag, rest.split_once("</button>").unwrap().0)
        })
        .collect();
    let labels: Vec<_> = buttons.iter().map(|(_, label)| *label).collect();
    assert_eq!(labels, ["Tout accepter", "Tout refuser"]);
    assert_eq!(buttons[0].0, buttons[1].0, "nothing but the value tells them apart");
    assert!(banner.contains("href=\"/cookies#choix\"") && banner.contains("Personnaliser"));
    assert!(answer.header("cache-control").contains("no-store"));
    assert!(!answer.headers.contains_key("set-cookie"), "asking stores nothing");

    // On `/cookies` the panel asks instead of the banner, with everything off.
    let panel = app.anonymous().get("/cookies").await.expect(200).expect_no_text(BANNER);
    let switch = panel.text().split("<input").find(|input| input.contains("name=\"service\"")).unwrap();
    assert!(!switch.split('>').next().unwrap().contains("checked"), "{switch}");
    for word in ["YouTube", "Google Ireland Ltd", "VISITOR_INFO1_LIVE", "YSC", "__Host-session", COOKIE] {
        // Long names may break at their underscores.
        assert!(panel.text().replace("<wbr>", "").contains(word), "{word}");
    }
}

async fn no_page_holds_anything_of_a_third_party_before_it_is_accepted(app: &TestApp) {
    for path in public_pages() {
        let answer = app.anonymous().get(&path).await.expect(200);
        expect_nothing_foreign(&answer, &path);
    }
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    for path in ["/mon-espace", "/mon-espace/profil", "/mon-espace/coffre-fort", "/"] {
        let answer = youth.browser.get(path).await.expect(200);
        expect_nothing_foreign(&answer, path);
    }
    for path in ["/conseiller/jeunes".to_owned(), format!("/conseiller/jeunes/{}", youth.id())] {
        let answer = advisor.browser.get(&path).await.expect(200);
        expect_nothing_foreign(&answer, &path);
    }
}

async fn accepting_shows_the_video_there_and_nowhere_else(app: &TestApp) {
    let browser = app.anonymous();
    let answer = browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let cookie = kept(&answer);
    let mut parts: Vec<_> = cookie.split("; ").collect();
    let value = parts.remove(0).strip_prefix("eu-consent=").unwrap();
    parts.sort_unstable();
    // Scripts and people can read the cookie; it lasts 6 months of 30 days.
    assert_eq!(parts, ["Max-Age=15552000", "Path=/", "SameSite=Lax", "Secure"]);
    let json: serde_json::Value = serde_json::from_str(&percent_decoded(value)).unwrap();
    assert_eq!(json["v"], 1);
    assert_eq!(json["purposes"]["video"], true);
    assert_eq!(json["purposes"]["measurement"], true);
    assert_eq!(json["services"], serde_json::json!(["google_analytics", "youtube"]));
    let receipt = json["receipt"].as_str().unwrap();

    for path in public_pages() {
        let answer = browser.get(&path).await.expect(200).expect_no_text(BANNER);
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
        let policy = answer.header("content-security-policy").to_owned();
        if path == EMBED {
            // The page has the provider's frame, and no script or picture of anyone else.
            assert!(answer.text().contains(FRAME) && answer.text().contains(PLAYER), "{path}");
            assert!(policy.contains("frame-src https://www.youtube-nocookie.com;"), "{policy}");
            assert!(policy.contains("script-src 'none'") && policy.matches("https://").count() == 1, "{policy}");
        } else {
            // The accepted measurement runs; the video is a frame of our own.
            assert!(!answer.text().contains("youtube-nocookie") && !answer.text().contains("youtube.com"), "{path}");
            // No service runs where people sign in (C5) or write about themselves.
            let typed = [
                "/connexion",
                "/activation",
                "/contact",
                "/pre-inscription",
                "/evenement",
                "/taxe-apprentissage",
                "/mes-droits",
                "/newsletter",
                "/newsletter/confirmer",
                "/newsletter/desinscription",
                "/recherche",
                // The worker of the app keeps this page: the same for everybody, whatever they accepted.
                "/hors-ligne",
            ];
            let measured = !typed.contains(&path.as_str());
            let tag = "src=\"https://www.googletagmanager.com/gtag/js?id=G-EXEMPLE000\"";
            assert_eq!(answer.text().contains(tag), measured, "{path}");
            assert_eq!(answer.text().contains(FRAMED), path == "/", "{path}");
            let frames = if path == "/" { "frame-src 'self';" } else { "frame-src 'none';" };
            assert!(policy.contains(frames), "{path}: {policy}");
        }
    }
    // The frame holds the provider's page, and only our own pages may show the frame.
    let framed = browser.get(FRAMED).await.expect(200).expect_text(PLAYER);
    assert!(framed.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(framed.header("x-frame-options"), "SAMEORIGIN");
    app.anonymous().get(FRAMED).await.expect(200).expect_no_text(PLAYER).expect_text("Voir une fois");
    browser.get("/cookies").await.expect(200).expect_text(receipt).expect_text("checked");
    // No service runs in a signed-in space or where a password is typed (C5).
    let youth = app.youth().await;
    youth.browser.set_cookie(COOKIE, value);
    for path in ["/mon-espace", "/mon-espace/profil", "/mon-espace/coffre-fort"] {
        expect_nothing_foreign(&youth.browser.get(path).await.expect(200), path);
    }
    expect_nothing_foreign(&browser.get("/nulle-part").await.expect(404), "/nulle-part");
}

fn percent_decoded(text: &str) -> String {
    let form: Vec<(String, String)> = serde_html_form::from_str(&format!("value={text}")).unwrap();
    form.into_iter().next().unwrap().1
}

async fn refusing_shows_nothing_and_asks_no_more(app: &TestApp) {
    let browser = app.anonymous();
    // Refusing after an acceptance takes one click as well: withdrawing is as easy.
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let answer = browser.post("/cookies", &REFUSE).await.expect_see("/");
    assert!(kept(&answer).contains("Max-Age=15552000"), "kept as long as a yes");
    let choice = stored(&browser).unwrap();
    assert!(choice.services.is_empty());
    assert_eq!(choice.purposes.values().collect::<Vec<_>>(), [&false, &false]);
    for path in public_pages() {
        let answer = browser.get(&path).await.expect(200).expect_no_text(BANNER);
        expect_nothing_foreign(&answer, &path);
    }
    app.clock.advance_millis(150 * 24 * 3_600_000);
    browser.get("/").await.expect(200).expect_no_text(BANNER);
    assert_eq!(receipts(app).await, 2);
}

async fn only_the_ticked_services_are_accepted(app: &TestApp) {
    let browser = app.anonymous();
    browser
        .post("/cookies", &[("choice", "custom"), ("place", "panel"), ("service", "youtube"), ("back", "/cookies")])
        .await
        .expect_see("/cookies");
    browser.get("/").await.expect(200).expect_text(FRAMED);
    browser
        .post("/cookies", &[("choice", "custom"), ("place", "panel"), ("back", "/cookies")])
        .await
        .expect_see("/cookies");
    expect_nothing_foreign(&browser.get("/").await.expect(200), "/");
    // « Tout refuser » refuses everything, even services that are still ticked.
    browser.post("/cookies", &[("choice", "refuse"), ("service", "youtube")]).await.expect_see("/");
    assert_eq!(stored(&browser).unwrap().services, []);
    assert_eq!(app.services.ledger().verify().await.unwrap().map(|report| report.receipts), Ok(3));
    let panel = app.number("SELECT COUNT(*) FROM consent_receipt WHERE place = 'panel'".into()).await;
    assert_eq!(panel, 2);
}

async fn the_button_always_accepts_the_service_of_its_placeholder(app: &TestApp) {
    let browser = app.anonymous();
    browser.post("/cookies", &REFUSE).await.expect_see("/");
    for path in ["/", EMBED] {
        let page = browser.get(path).await.expect(200);
        for part in [
            "action=\"/embed/youtube/jNQXAC9IVRw\"",
            "value=\"always\"",
            "formaction=\"/cookies\"",
            "Voir une fois",
            "Toujours",
        ] {
            assert!(page.text().contains(part), "{path}: {part}");
        }
    }
    let fields = [("service", "youtube"), ("place", "placeholder"), ("back", EMBED), ("choice", "always")];
    browser.post("/cookies", &fields).await.expect_see(EMBED);
    browser.get(EMBED).await.expect(200).expect_text(PLAYER);
    browser.get("/").await.expect(200).expect_text(FRAMED);
    assert_eq!(app.number("SELECT COUNT(*) FROM consent_receipt WHERE place = 'placeholder'".into()).await, 1);
}

async fn the_button_once_shows_the_video_and_stores_nothing(app: &TestApp) {
    let browser = app.anonymous();
    let placeholder = browser.get(EMBED).await.expect(200);
    expect_nothing_foreign(&placeholder, EMBED);
    let answer = browser.post(EMBED, &[("service", "youtube"), ("back", "/")]).await.expect(200);
    assert!(answer.text().contains(PLAYER));
    assert!(answer.header("content-security-policy").contains("frame-src https://www.youtube-nocookie.com;"));
    assert!(!answer.headers.contains_key("set-cookie"));
    assert_eq!((browser.cookie(COOKIE), receipts(app).await), (None, 0));
    for path in public_pages() {
        expect_nothing_foreign(&browser.get(&path).await.expect(200), &path);
    }
    browser.get("/").await.expect(200).expect_text(BANNER);
    // A person who refused may look once, and their refusal stays.
    browser.post("/cookies", &REFUSE).await.expect_see("/");
    browser.post(EMBED, &[]).await.expect(200).expect_text(PLAYER);
    expect_nothing_foreign(&browser.get(EMBED).await.expect(200), EMBED);
}

async fn a_service_that_is_not_there_has_no_page(app: &TestApp) {
    for item in ["dQw4w9WgXcQ", "..", "%3Cscript%3E", "jNQXAC9IVRw%2F"] {
        let path = format!("/embed/youtube/{item}");
        app.anonymous().get(&path).await.expect(404).expect_no_text("<script>");
        app.anonymous().post(&path, &[]).await.expect(404);
        app.anonymous().get(&format!("{path}/ailleurs")).await.expect(404);
    }
    for service in ["hotjar", "session", "choice", "YouTube", "youtube%20", "..", "%3Cscript%3E"] {
        let path = format!("/embed/{service}/jNQXAC9IVRw");
        app.anonymous().get(&path).await.expect(404).expect_no_text("<script>");
        app.anonymous().post(&path, &[]).await.expect(404);
    }
    let plain = Browser::new(app.with_site(PLAIN_SITE));
    plain.get(EMBED).await.expect(404);
    plain.post(EMBED, &[]).await.expect(404);
}

async fn reading_a_page_never_changes_a_choice(app: &TestApp) {
    let browser = app.anonymous();
    for path in [
        "/cookies?choice=accept",
        "/cookies?choice=accept&service=youtube&back=/",
        "/?choice=accept",
        "/embed/youtube/jNQXAC9IVRw?choice=always",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = browser.send(method, path, &[], Body::empty()).await.expect(200);
            assert!(!answer.headers.contains_key("set-cookie"), "{path}");
        }
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        browser.send(method, "/cookies", &[], Body::empty()).await.expect(405);
    }
    assert_eq!((browser.cookie(COOKIE), receipts(app).await), (None, 0));
    browser.get("/").await.expect(200).expect_text(BANNER);
}

async fn a_cookie_that_the_server_did_not_write_is_no_choice(app: &TestApp) {
    const BOTH: &str = "[\"google_analytics\",\"youtube\"]";
    let browser = app.anonymous();
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let right = browser.cookie(COOKIE).unwrap();
    let json = percent_decoded(&right);
    let tampered = |from: &str, to: &str| {
        assert!(json.contains(from), "{from} is not in {json}");
        json.replacen(from, to, 1).replace('"', "%22").replace(',', "%2C").replace(' ', "%20")
    };
    let list = stored(&browser).unwrap().list;
    for garbage in [
        String::new(),
        "1".to_owned(),
        "true".to_owned(),
        "%7B%7D".to_owned(),
        "%FF%FE%00".to_owned(),
        "%".to_owned(),
        right[..right.len() - 5].to_owned(),
        format!("{right}x"),
        right.replacen("%22", "%27", 1),
        tampered("\"v\":1", "\"v\":2"),
        tampered("\"v\":1", "\"v\":1,\"admin\":true"),
        tampered(&list, "000000000000"),
        tampered(BOTH, "\"youtube\""),
        tampered(BOTH, &format!("[{}]", vec!["\"youtube\""; 25].join(","))),
        tampered(BOTH, &format!("[\"youtube\",\"{}\"]", "x".repeat(2_000))),
        "x".repeat(8_000),
        "%5B".repeat(300),
    ] {
        let visitor = app.anonymous();
        visitor.set_cookie(COOKIE, &garbage);
        let answer = visitor.get("/").await.expect(200).expect_text(BANNER);
        expect_nothing_foreign(&answer, &garbage);
    }
    // A service that is not on the list stays closed, even if the cookie names it.
    let visitor = app.anonymous();
    visitor.set_cookie(COOKIE, &tampered(BOTH, "[\"https://evil.test\"]"));
    expect_nothing_foreign(&visitor.get("/").await.expect(200), "an invented service");
}

async fn the_signal_counts_as_a_refusal_until_a_choice_is_made(app: &TestApp) {
    const SIGNAL: [(&str, &str); 1] = [("sec-gpc", "1")];
    let browser = app.anonymous();
    for path in public_pages() {
        let answer = browser.get_with(&path, &SIGNAL).await.expect(200).expect_no_text(BANNER);
        expect_nothing_foreign(&answer, &path);
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
    }
    browser.get_with("/", &SIGNAL).await.expect_text("Votre navigateur demande à ne pas être suivi");
    browser.get_with("/", &[("sec-gpc", "0")]).await.expect(200).expect_text(BANNER);
    assert_eq!(receipts(app).await, 0);
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    browser
        .get_with("/", &SIGNAL)
        .await
        .expect(200)
        .expect_text(FRAMED)
        .expect_no_text("Votre navigateur demande à ne pas être suivi");
}

async fn another_list_of_services_asks_again(app: &TestApp) {
    let before = Browser::new(app.with_site(PLAIN_SITE));
    before.post("/cookies", &ACCEPT).await.expect_see("/");
    let old = before.cookie(COOKIE).unwrap();
    let browser = app.anonymous();
    browser.set_cookie(COOKIE, &old);
    let answer = browser.get("/").await.expect(200).expect_text(BANNER);
    expect_nothing_foreign(&answer, "/");
    // The browser's signal counts again under the new list, since the old choice no longer does.
    let answer = browser.get_with("/", &[("sec-gpc", "1")]).await.expect(200).expect_no_text(BANNER);
    expect_nothing_foreign(&answer, "/");

    // A changed wording makes no new list.
    browser.post("/cookies", &ACCEPT).await.expect_see("/");
    let reworded = PLAIN_SITE.to_owned()
        + "[consent]\nservices = [\"youtube\", \"google_analytics\"]\nmonths = 12\n\
           [consent.google_analytics]\nmeasurement = \"G-AUTRE\"\n\
           [[embeds]]\nservice = \"youtube\"\nitem = \"jNQXAC9IVRw\"\ntitle = \"Autre\"\n";
    let reworded = app.with_site(&reworded);
    let same = Browser::new(reworded.clone());
    same.set_cookie(COOKIE, &browser.cookie(COOKIE).unwrap());
    same.get("/").await.expect(200).expect_no_text(BANNER).expect_text(FRAMED);
    let answer = Browser::new(reworded).post("/cookies", &ACCEPT).await.expect_see("/");
    assert!(kept(&answer).contains("Max-Age=31104000"), "12 months of 30 days");
}

async fn a_site_without_optional_services_asks_nothing(app: &TestApp) {
    let browser = Browser::new(app.with_site(PLAIN_SITE));
    for path in public_pages().iter().filter(|path| !path.starts_with("/embed/")) {
        let answer = browser.get(path).await.expect(200).expect_no_text(BANNER).expect_no_text("Tout accepter");
        expect_nothing_foreign(&answer, path);
        browser.get_with(path, &[("sec-gpc", "1")]).await.expect_no_text("demande à ne pas être suivi");
    }
    let page = browser
        .get("/cookies")
        .await
        .expect(200)
        .expect_text("Aucun service de ce site n’a besoin de votre accord.")
        .expect_no_text("YouTube")
        .expect_no_text("name=\"choice\"");
    assert!(page.text().replace("<wbr>", "").contains("__Host-session"), "the site's own are listed all the same");
    browser.post("/cookies", &[("choice", "always"), ("service", "youtube")]).await.expect(422);
}

async fn a_choice_never_leads_to_another_site(app: &TestApp) {
    let browser = app.anonymous();
    for (back, location) in [
        ("/cookies", "/cookies"),
        ("/?a=b", "/?a=b"),
        ("", "/"),
        ("//evil.test", "/"),
        ("///evil.test", "/"),
        ("/\\evil.test", "/"),
        ("https://evil.test/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("cookies", "/"),
    ] {
        let answer = browser.post("/cookies", &[("choice", "refuse"), ("back", back)]).await.expect_see(location);
        assert!(kept(&answer).starts_with("eu-consent="), "{back:?}");
    }
    let long = format!("/{}", "x".repeat(400));
    browser.post("/cookies", &[("choice", "refuse"), ("back", &long)]).await.expect_see("/");
    // The form of the banner returns to the page that it was on, with its address quoted.
    let page = app.anonymous().get("/embed/youtube/jNQXAC9IVRw?a=%22%3E%3Cscript%3E").await.expect(200);
    assert!(page.text().contains(BANNER) && !page.text().contains("\"><script>"), "{}", page.text());
}

async fn a_choice_that_was_not_offered_is_refused(app: &TestApp) {
    for fields in [
        &[("choice", "")][..],
        &[("choice", "ACCEPT")],
        &[("choice", "accept"), ("choice", "refuse")],
        &[("service", "youtube")],
        &[("choice", "custom"), ("service", "hotjar")],
        &[("choice", "custom"), ("service", "session")],
        &[("choice", "always"), ("service", "youtube"), ("service", "inconnu")],
    ] {
        let browser = app.anonymous();
        let answer = browser.post("/cookies", fields).await.expect(422);
        assert!(!answer.headers.contains_key("set-cookie"), "{fields:?}");
        assert!(answer.text().contains("role=\"alert\""), "{fields:?} says what is wrong");
    }
    assert_eq!(receipts(app).await, 0);
    assert_eq!(ConsentForm::default().back(), "/");
}
