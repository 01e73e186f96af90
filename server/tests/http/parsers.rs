//! Any text in any form, site file or public address is either read or refused with a sentence, and never breaks a
//! page. The crate `domain` tests its own parsers, and `make fuzz` tries them longer.

use crate::{
    columns::SIGN_IN,
    matrix::{Cast, outcome},
    support::{Browser, MULTIPART, TestApp, multipart, on_both_engines},
};
use app::routes::ROUTES;
use axum::{body::Body, http::Method};
use domain::forms::{
    consent::ConsentForm, correction::CorrectionForm, second_factor::CodeForm, sign_in::SignInForm, vault::SharingForm,
};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use server::{settings::PublicUrl, site_file};

on_both_engines!(no_text_breaks_a_form, no_text_breaks_a_query_or_a_path);

fn anything(most: usize) -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..most).prop_map(String::from_iter)
}

/// Texts that broke something once, and random ones, the same at every run.
fn texts(count: usize) -> Vec<String> {
    let mut texts: Vec<String> = [
        "\0",
        "a\0b",
        "\u{feff}",
        "\u{202e}txt.exe",
        "%00",
        "%",
        "%%%",
        "'; DROP TABLE account; --",
        "${jndi:x}",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "\r\nSet-Cookie: a=b",
        "🏳️‍🌈",
        "ﷺ",
        "e\u{301}\u{301}\u{301}",
        "İ",
        "ß",
        "-1",
        "1e999",
        "NaN",
        "null",
        "\u{10ffff}",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("\0".repeat(300));
    texts.push("é".repeat(5_000));
    let mut runner = TestRunner::deterministic();
    texts.extend((0..count).map(|_| anything(40).new_tree(&mut runner).unwrap().current()));
    texts
}

/// The names of the fields in the portal's forms.
const FIELDS: [&str; 22] = [
    "identifier",
    "password",
    "code",
    "message",
    "choice",
    "service",
    "back",
    "shared",
    "first_name",
    "last_name",
    "email",
    "phone",
    "birth_date",
    "postal_code",
    "arrondissement",
    "by_video",
    "availability",
    "company",
    "event",
    "structure",
    "token",
    "confirmed",
];

async fn no_text_breaks_a_form(app: &TestApp) {
    let cast = Cast::of(app).await;
    for text in texts(8) {
        let plain = serde_html_form::to_string(FIELDS.map(|field| (field, text.as_str()))).unwrap();
        let name = text.replace(['\r', '\n', '"'], "_");
        let deposit = multipart(&name, &[(&format!("{name}.pdf"), b"%PDF-1.7")]);
        for (kind, body) in [("application/x-www-form-urlencoded", plain.into_bytes()), (MULTIPART, deposit)] {
            // The throttle is cleared, because attempts are counted for each account.
            app.execute("DELETE FROM throttle".into()).await;
            for form in valid_forms_of(app, &cast).await {
                let headers = [("content-type", kind), ("sec-fetch-site", "same-origin")];
                let answer = form.1.send(Method::POST, &form.0, &headers, Body::from(body.clone())).await;
                let status = answer.status.as_u16();
                assert!([200, 303, 413, 422].contains(&status), "{} {text:?} as {kind}: {status}", form.0);
                assert!(!answer.text().contains("<script>alert"), "{} {text:?}", form.0);
            }
        }
    }
}

/// The path and the browser of each form that may be sent again and again.
async fn valid_forms_of(app: &TestApp, cast: &Cast) -> Vec<(String, Browser)> {
    let mut forms = Vec::new();
    for route in ROUTES.iter().filter(|route| route.posts && !route.path.ends_with("/supprimer")) {
        if route.path != "/deconnexion" && route.path != "/connexion/codes-de-secours" {
            forms.push((cast.fill(route.path), cast.admitted(app, route).await));
        }
    }
    forms
}

async fn no_text_breaks_a_query_or_a_path(app: &TestApp) {
    let cast = Cast::of(app).await;
    for text in texts(10) {
        let query =
            serde_html_form::to_string(["q", "page", "vers", "depose", "partage", "supprime"].map(|n| (n, &text)))
                .unwrap();
        if query.len() > 30_000 {
            continue;
        }
        for route in ROUTES.iter().filter(|route| route.is_page()) {
            let browser = cast.admitted(app, route).await;
            let answer = browser.get(&format!("{}?{query}", cast.fill(route.path))).await;
            let status = answer.status.as_u16();
            assert!([200, 404].contains(&status), "{} {text:?}: {status}", route.path);
            assert!(!answer.text().contains("<script>alert"), "{} {text:?}", route.path);
        }
        let part: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for route in ROUTES.iter().filter(|route| route.path.contains('{')) {
            // The parameter in braces gets the text.
            let pieces = route.path.split('/').map(|piece| if piece.starts_with('{') { part.as_str() } else { piece });
            let path = pieces.collect::<Vec<_>>().join("/");
            let answer = cast.admitted(app, route).await.get(&path).await;
            let status = answer.status.as_u16();
            assert!([404, 405].contains(&status), "{path}: {status}");
        }
    }
    assert_ne!(outcome(&cast.youth.browser.get("/mon-espace").await), SIGN_IN);
}

proptest! {
    #![proptest_config(Config::with_cases(128))]

    #[test]
    fn any_body_is_read_or_refused(body in vec(any::<u8>(), 0..300), text in "[a-z&=%0-9+]{0,80}") {
        for body in [body.as_slice(), text.as_bytes()] {
            let _ = serde_html_form::from_bytes::<SignInForm>(body).map(|form| form.validate().is_ok());
            let _ = serde_html_form::from_bytes::<CodeForm>(body).map(|form| form.validate().is_ok());
            let _ = serde_html_form::from_bytes::<CorrectionForm>(body).map(|form| form.validate().is_ok());
            let _ = serde_html_form::from_bytes::<SharingForm>(body).map(|form| form.validate().is_ok());
            let _ = serde_html_form::from_bytes::<ConsentForm>(body).map(|form| form.back().len());
        }
    }

    #[test]
    fn typed_values_arrive_unchanged(identifier in anything(40), password in anything(40)) {
        let body = serde_html_form::to_string([("identifier", &identifier), ("password", &password)]).unwrap();
        let form: SignInForm = serde_html_form::from_str(&body).unwrap();
        prop_assert_eq!((form.identifier, form.password), (identifier, password));
    }

    #[test]
    fn a_public_address_is_an_origin_or_refused(
        value in prop_oneof![anything(40), "https?://[a-z0-9.\\[\\]:@/?#-]{0,30}", "https://[a-z]{1,10}\\.test(:[0-9]{1,6})?/?"],
    ) {
        match PublicUrl::parse(&value) {
            Ok(public) => {
                prop_assert!(public.secure == public.origin.starts_with("https://"));
                prop_assert!(!public.origin.ends_with('/') && public.origin.matches('/').count() == 2, "{}", public.origin);
                prop_assert!(public.origin.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(PublicUrl::parse(&public.origin).unwrap(), public);
            }
            Err(error) => prop_assert!(error.to_string().starts_with("BALISE_PUBLIC_URL: ")),
        }
    }

    #[test]
    fn a_damaged_site_file_is_read_or_refused_in_one_line(at in 0..2_000_usize, cut in 0..30_usize, put in anything(12)) {
        const DEFAULT: &str = include_str!("../../sites/paris.toml");
        let boundary = |mut at: usize| { while !DEFAULT.is_char_boundary(at) { at -= 1; } at };
        let from = boundary(at.min(DEFAULT.len()));
        let to = boundary((from + cut).min(DEFAULT.len())).max(from);
        let text = format!("{}{put}{}", &DEFAULT[..from], &DEFAULT[to..]);
        match site_file::parse("site.toml", &text) {
            Ok(site) => {
                prop_assert!(!site.name.trim().is_empty() && site.name.chars().count() <= 200);
                prop_assert!((6..=12).contains(&site.consent_months));
            }
            Err(error) => {
                let line = error.to_string();
                prop_assert!(line.starts_with("BALISE_SITE: site.toml") && !line.contains('\n'), "{}", line);
            }
        }
    }
}
