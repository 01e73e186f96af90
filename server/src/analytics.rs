//! Counts how often public pages are read (F8), without a cookie or an identifier. It does not count people who ask not
//! to be tracked or who are signed in.

use crate::settings::PublicUrl;
use app::{
    host::Visit,
    routes::{Audience, ROUTES, Route},
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::analytics::{Analytics, PageVisit};
use services::Services;
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};
use url::Url;

/// The longest name of another site that is kept.
const REFERRER_MAX: usize = 100;

/// What the middleware [`note`] needs.
#[derive(Clone)]
pub(crate) struct Log {
    services: Services,
    /// The host of the portal itself.
    own_host: Arc<str>,
    pages: Arc<BTreeSet<&'static str>>,
}

impl Log {
    pub(crate) fn new(services: Services, public: &PublicUrl) -> Self {
        let host = Url::parse(&public.origin).ok().and_then(|url| url.host_str().map(str::to_owned));
        // A frame belongs to the page around it, so it is not counted.
        let is_read = |route: &&Route| {
            route.audience == Audience::Everyone
                && route.is_page()
                && !route.development
                && !route.path.starts_with("/embed/")
        };
        let pages = ROUTES.iter().filter(is_read).map(|route| route.path).collect();
        Self { services, own_host: host.unwrap_or_default().into(), pages: Arc::new(pages) }
    }
}

/// Records the visit of a public page after its answer.
pub(crate) async fn note(State(log): State<Arc<Log>>, request: Request, next: Next) -> Response {
    let visit = read(&log, &request);
    let response = next.run(request).await;
    let html =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let Some(visit) = visit.filter(|_| html && response.status() == StatusCode::OK) {
        log.services.note_visit(visit);
    }
    response
}

/// What is kept of a request, or nothing when it is not counted.
fn read(log: &Log, request: &Request) -> Option<PageVisit> {
    let headers = request.headers();
    let pattern = request.extensions().get::<MatchedPath>()?;
    let page = log.pages.get(pattern.as_str())?;
    let visit = request.extensions().get::<Visit>()?;
    let ahead = ["sec-purpose", "purpose"].iter().any(|name| text(headers, name).contains("prefetch"));
    if request.method() != Method::GET || visit.session.is_some() || ahead || asks_for_rest(headers) {
        return None;
    }
    let agent = text(headers, "user-agent");
    if !is_browser(agent) {
        return None;
    }
    let (browser, system, device) = family(agent);
    Some(PageVisit {
        page: (*page).to_owned(),
        browser,
        language: language(text(headers, "accept-language")),
        system,
        device,
        referrer: referrer(text(headers, "referer"), &log.own_host),
        address: cut(&visit.client.address),
    })
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether the browser sends « Do not track » or « Global Privacy Control ». Then even this record, which identifies
/// nobody, is not made.
fn asks_for_rest(headers: &HeaderMap) -> bool {
    ["dnt", "sec-gpc"].iter().any(|name| text(headers, name).trim() == "1")
}

/// Programs that read the web either say so, or do not claim to be browsers.
fn is_browser(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    agent.starts_with("mozilla/")
        && !["bot", "crawl", "spider", "preview", "monitor"].iter().any(|it| agent.contains(it))
}

/// The family of the browser, that of the system, and the kind of device. All people together have a few hundred
/// combinations.
fn family(agent: &str) -> (&'static str, &'static str, &'static str) {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map_or("other", |(_, name)| *name)
    };
    // The order matters, because each of these browsers also names the ones after it.
    let browser = first(&[
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("Edg", "Edge"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    let device = match system {
        "Android" if !agent.contains("Mobile") => "tablet",
        "iOS" if agent.contains("iPad") => "tablet",
        "Android" | "iOS" => "phone",
        _ => "computer",
    };
    (browser, system, device)
}

/// The language that is asked for first, without its region: `fr`.
fn language(accepted: &str) -> String {
    let first = accepted.split([',', ';', '-']).next().unwrap_or_default().trim().to_ascii_lowercase();
    let sane = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase());
    if sane { first } else { "other".to_owned() }
}

/// The host of another site that led here, without the page and without what its visitor searched for.
fn referrer(referer: &str, own_host: &str) -> Option<String> {
    let url = Url::parse(referer).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.domain()?.to_owned();
    (host != own_host && host.len() <= REFERRER_MAX).then_some(host)
}

/// The address cut so far that it no longer identifies a connection: 16 bits of IPv4 or 32 bits of IPv6 stay.
fn cut(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => Ipv4Addr::from_bits(address.to_bits() & 0xffff_0000).to_string(),
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() & (0xffff_ffff << 96)).to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    #[test]
    fn browsers_systems_and_devices() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                ("Samsung Internet", "Android", "phone"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                ("Chrome", "Android", "tablet"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                ("Safari", "iOS", "phone"),
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
                ("Chrome", "iOS", "tablet"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                ("Edge", "Windows", "computer"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
                ("Firefox", "Linux", "computer"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                ("Safari", "macOS", "computer"),
            ),
            ("Mozilla/5.0", ("other", "other", "computer")),
        ] {
            assert!(is_browser(agent), "{agent}");
            assert_eq!(family(agent), expected, "{agent}");
        }
        for program in
            ["", "curl/8.0", "Googlebot/2.1", "Mozilla/5.0 (compatible; bingbot/2.0)", "Mozilla/5.0 SomeSpider"]
        {
            assert!(!is_browser(program), "{program}");
        }
    }

    #[test]
    fn language_site_and_address_are_shortened() {
        for (accepted, kept) in
            [("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("AR", "ar"), ("*", "other"), ("", "other"), ("x-klingon", "other")]
        {
            assert_eq!(language(accepted), kept, "{accepted}");
        }
        for (referer, kept) in [
            ("https://www.exemple.org/?q=aide+lina", Some("www.exemple.org")),
            ("https://portail.test/contact", None),
            ("https://192.0.2.7/", None),
            ("android-app://com.exemple/", None),
            ("nonsense", None),
            ("", None),
        ] {
            assert_eq!(referrer(referer, "portail.test").as_deref(), kept, "{referer}");
        }
        for (address, kept) in [
            ("198.51.100.7", "198.51.0.0"),
            ("::ffff:198.51.100.7", "198.51.0.0"),
            ("2001:db8:1:2::7", "2001:db8::"),
            ("nonsense", ""),
        ] {
            assert_eq!(cut(address), kept, "{address}");
        }
    }

    #[test]
    fn a_signal_against_tracking_is_respected() {
        let with = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            asks_for_rest(&headers)
        };
        assert!(with("dnt", "1") && with("sec-gpc", "1"));
        assert!(!with("dnt", "0") && !with("sec-gpc", "0") && !with("accept", "1"));
    }

    proptest! {
        #[test]
        fn any_headers_give_short_values(agent in "\\PC{0,60}", accepted in "\\PC{0,30}", referer in "\\PC{0,80}") {
            let (browser, system, device) = family(&agent);
            prop_assert!([browser, system, device].iter().all(|word| word.len() <= 16));
            prop_assert!(language(&accepted).len() <= 5);
            prop_assert!(referrer(&referer, "a.test").is_none_or(|host| host.len() <= REFERRER_MAX));
        }
    }
}
