//! Turns a request into a [`Visit`]: the session behind its cookie, the consent, and the client's address.

use app::{
    host::Visit,
    plain::{NoPage, instead},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use domain::{
    consent::{COOKIE, ConsentState, SESSION_COOKIE},
    identity::Client,
    site::Site,
};
use services::Services;
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use tower_cookies::Cookies;

/// The other end of the connection, put into each request by the server loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// What [`receive`] needs to know of the portal.
#[derive(Clone)]
pub(crate) struct Reception {
    pub(crate) services: Services,
    pub(crate) site: Arc<Site>,
    pub(crate) trusted_proxy: Option<IpAddr>,
}

/// The first middleware: it adds the [`Visit`] to the request, which all later code reads instead of the headers.
pub(crate) async fn receive(
    State(reception): State<Arc<Reception>>,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let session = match cookies.get(SESSION_COOKIE) {
        None => None,
        Some(cookie) => match reception.services.session(cookie.value()).await {
            Ok(session) => session,
            Err(_) => return instead(NoPage::Unavailable),
        },
    };
    let headers = request.headers();
    let gpc = headers.get("sec-gpc").is_some_and(|value| value == "1");
    // When the cookie comes twice, a parent domain set one of the two. The browser does not say which one, so the
    // server reads neither and asks the question again.
    let choice = cookies.get(COOKIE).filter(|_| !is_sent_twice(headers, COOKIE));
    let consent = ConsentState::read(choice.as_ref().map(|choice| choice.value()), gpc, &reception.site.services);
    let arrives = headers.get("sec-fetch-site").is_none_or(|site| site != "same-origin");
    let client = Client { address: address_of(&request, reception.trusted_proxy), device: device(headers) };
    request.extensions_mut().insert(Visit { session, consent, arrives, client });
    next.run(request).await
}

/// Whether a request names the cookie more than once.
fn is_sent_twice(headers: &HeaderMap, name: &str) -> bool {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let names = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    names.filter(|(known, _)| known.trim() == name).count() > 1
}

/// The address to throttle `request` by.
pub(crate) fn address_of(request: &Request, trusted: Option<IpAddr>) -> String {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    peer.map(|peer| address(peer, trusted, request.headers())).unwrap_or_default()
}

/// The address to throttle by. `x-forwarded-for` is read only when the trusted proxy sent the request, and then only
/// its last entry, which the proxy added itself: the client could write anything into the entries before.
fn address(peer: IpAddr, trusted: Option<IpAddr>, headers: &HeaderMap) -> String {
    let forwarded = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    let client = match trusted {
        Some(proxy) if proxy == peer => forwarded().unwrap_or(peer),
        _ => peer,
    };
    match client.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        // A provider gives a whole /64 network to each household.
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).to_string(),
    }
}

/// The browser and the system, for the list of devices; empty where neither is known. The name is coarse on purpose,
/// so that it cannot tell two people apart.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Firefox", "Firefox"),
        ("Edg", "Edge"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::{collection::vec, prelude::*};

    #[test]
    fn forwarded_addresses_count_only_from_the_named_proxy() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 203.0.113.7"));
        assert_eq!(address(proxy, Some(proxy), &headers), "203.0.113.7");
        assert_eq!(address(proxy, None, &headers), "10.0.0.1");
        assert_eq!(address("10.0.0.2".parse().unwrap(), Some(proxy), &headers), "10.0.0.2");
        headers.append("x-forwarded-for", HeaderValue::from_static("nonsense"));
        assert_eq!(address(proxy, Some(proxy), &headers), "10.0.0.1");
    }

    #[test]
    fn a_cookie_sent_twice_is_seen_in_one_line_or_two() {
        let sent = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
            }
            is_sent_twice(&headers, COOKIE)
        };
        assert!(sent(&["eu-consent=a; other=1; eu-consent=b"]) && sent(&["eu-consent=a", "eu-consent=b"]));
        assert!(!sent(&["eu-consent=a; my-eu-consent=b"]) && !sent(&["a=eu-consent=; eu-consent=b"]) && !sent(&[]));
    }

    #[test]
    fn ipv6_addresses_of_one_network_are_throttled_together() {
        let one = address("2001:db8:1:2:aaaa::1".parse().unwrap(), None, &HeaderMap::new());
        let other = address("2001:db8:1:2:bbbb::2".parse().unwrap(), None, &HeaderMap::new());
        assert_eq!((one.as_str(), one == other), ("2001:db8:1:2::", true));
        assert_eq!(address("::ffff:203.0.113.7".parse().unwrap(), None, &HeaderMap::new()), "203.0.113.7");
    }

    proptest! {
        #[test]
        fn the_throttled_address_is_always_valid(peer: u128, proxied: bool, entries in vec("\\PC{0,40}|[0-9a-f:., ]{0,60}", 0..4)) {
            let peer = IpAddr::V6(Ipv6Addr::from_bits(peer));
            let mut headers = HeaderMap::new();
            for entry in entries {
                if let Ok(value) = HeaderValue::from_str(&entry) {
                    headers.append("x-forwarded-for", value);
                }
            }
            let text = address(peer, proxied.then_some(peer), &headers);
            let parsed: IpAddr = text.parse().expect("an address");
            // An address that was cut to its network stays as it is.
            prop_assert_eq!(address(parsed, None, &headers), text.as_str());
            prop_assert!(text.len() <= 39);
            if !proxied {
                prop_assert_eq!(text, address(peer, None, &HeaderMap::new()), "the headers of the browser do not matter");
            }
        }

        #[test]
        fn the_name_of_a_device_is_short_and_plain(agent in "\\PC{0,80}|(Firefox|Chrome|Safari|Edg|Android|iPhone|Linux|[ -~]){0,9}") {
            let mut headers = HeaderMap::new();
            if let Ok(agent) = HeaderValue::from_str(&agent) {
                headers.insert(header::USER_AGENT, agent);
            }
            let name = device(&headers);
            prop_assert!(name.len() <= 30 && name.is_ascii(), "{}", name);
        }
    }
}
