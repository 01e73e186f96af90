//! The middleware around every route: the rule against cross-site requests, the headers of answers, the request log.

use crate::{
    logs::RequestId,
    metrics::{self, Metrics},
    settings::PublicUrl,
};
use app::plain::{NoPage, instead};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use std::{any::Any, sync::Arc, time::Instant};
use tracing::Instrument;

/// Refuses requests that another site made a browser send. Safe methods pass. `Sec-Fetch-Site` decides when the
/// browser sends it; older browsers send `Origin`, which must be ours. A request with neither comes from a program
/// that is no browser, and passes.
pub(crate) async fn cross_site(State(public): State<Arc<PublicUrl>>, request: Request, next: Next) -> Response {
    if allowed(&public, request.method(), request.headers()) {
        next.run(request).await
    } else {
        instead(NoPage::OtherSite)
    }
}

fn allowed(public: &PublicUrl, method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        (values.next().map(HeaderValue::as_bytes), values.next().is_some())
    };
    match (one("sec-fetch-site"), one("origin")) {
        // No browser sends one of these headers twice.
        ((_, true), _) | (_, (_, true)) => false,
        ((Some(site), _), _) => site == b"same-origin" || site == b"none",
        ((None, _), (Some(origin), _)) => origin == public.origin.as_bytes(),
        ((None, _), (None, _)) => true,
    }
}

/// The answer when a handler panicked. The panic's message is dropped: it could hold a person's data.
pub(crate) fn broken(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    instead(NoPage::Broken)
}

/// Adds the headers that every answer has. A header that the handler set itself is kept.
pub(crate) async fn headers(State(public): State<Arc<PublicUrl>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // With `no-referrer`, old browsers would send `Origin: null` from our own pages.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(header::CACHE_CONTROL, "private, no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    );
    if public.secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

/// Counts each request and writes one line about it: method, pattern of the route, status, time, and an id that other
/// lines about the same request share. The line never holds the path itself, a query, an address or a name.
pub(crate) async fn observe(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let _in_flight = metrics.begin();
    let method = metrics::known(request.method());
    let route = metrics.route(request.extensions().get::<MatchedPath>());
    let span = tracing::info_span!(target: "request", "request", id = %RequestId::next());
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status(), began.elapsed());
    metrics.answered(route, method, status, took);
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(target: "request", method, route, status = status.as_u16(), millis));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_other_sites_are_refused() {
        let public = PublicUrl { origin: "https://portail.example.org".into(), secure: true };
        type Headers = &'static [(&'static str, &'static str)];
        let cases: [(&str, Headers, bool); 12] = [
            ("GET", &[("sec-fetch-site", "cross-site")], true),
            ("POST", &[("sec-fetch-site", "same-origin")], true),
            ("POST", &[("sec-fetch-site", "none")], true),
            ("POST", &[("sec-fetch-site", "same-site")], false),
            ("POST", &[("sec-fetch-site", "cross-site")], false),
            ("POST", &[("sec-fetch-site", "cross-site"), ("origin", "https://portail.example.org")], false),
            ("POST", &[("origin", "https://portail.example.org")], true),
            ("POST", &[("origin", "https://portail.example.org.evil.test")], false),
            ("POST", &[("origin", "null")], false),
            ("POST", &[], true),
            ("POST", &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            ("DELETE", &[("sec-fetch-site", "cross-site")], false),
        ];
        for (method, pairs, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(allowed(&public, &method.parse().unwrap(), &headers), expected, "{method} {pairs:?}");
        }
    }
}
