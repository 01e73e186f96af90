//! `/metrics`: numbers for Prometheus in the OpenMetrics text format. They tell which pages are asked for, how often
//! and how long answers take, and never by whom. The labels are the patterns of `ROUTES`, so their number is limited.

mod readings;

use crate::{settings::MetricsToken, visit::Peer};
use app::routes::ROUTES;
use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use services::Services;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tower::ServiceExt;

/// The paths for machines, which are not in [`ROUTES`].
const OWN_ROUTES: [&str; 8] =
    ["/assets/{hash}/{*name}", "/robots.txt", "/manifest.webmanifest", "/sw.js", "/sante", "/pret", "/csp", "/metrics"];
/// The label of every path that is not a route.
const NO_ROUTE: &str = "-";
/// The methods that have a label of their own.
const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "OPTIONS", "other"];
/// The classes of statuses.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// The bounds in seconds: from a page without a query to an upload on a slow network.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    method: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: &'static str,
}

/// The numbers of one route. Each counter is looked up once, and afterwards only added to.
struct Row {
    route: &'static str,
    requests: [[OnceLock<Counter>; CLASSES.len()]; METHODS.len()],
    seconds: OnceLock<Histogram>,
}

impl Row {
    fn of(route: &'static str) -> Self {
        Self { route, requests: Default::default(), seconds: OnceLock::new() }
    }
}

/// All numbers of this process.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    rows: HashMap<&'static str, Row>,
    no_route: Row,
}

impl Metrics {
    /// Starts with all numbers at zero.
    pub(crate) fn new(services: Services) -> Self {
        let mut registry = Registry::with_prefix("balise");
        let requests = Family::<RequestLabels, Counter>::default();
        let seconds: Family<RouteLabel, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let in_flight = Gauge::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time until the answer's head was ready",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("http_requests_in_flight", "Requests being answered", in_flight.clone());
        registry.register_collector(Box::new(readings::Readings::new(services)));
        // An action whose page has parameters is called at an address of its own.
        let calls = ROUTES.iter().filter_map(|route| route.call);
        let routes = ROUTES.iter().map(|route| route.path).chain(calls).chain(OWN_ROUTES);
        let rows = routes.map(|route| (route, Row::of(route))).collect();
        Self { registry, requests, seconds, in_flight, rows, no_route: Row::of(NO_ROUTE) }
    }

    /// The pattern of the route that answers a request, or `-` without one. It is a static text, so a label never holds
    /// a path that somebody typed.
    pub(crate) fn route(&self, matched: Option<&MatchedPath>) -> &'static str {
        self.row(matched.map_or(NO_ROUTE, MatchedPath::as_str)).route
    }

    fn row(&self, route: &str) -> &Row {
        self.rows.get(route).unwrap_or(&self.no_route)
    }

    /// Counts a request as running until the result is dropped, which also happens when the browser goes away.
    pub(crate) fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, route: &'static str, method: &'static str, status: StatusCode, took: Duration) {
        let row = self.row(route);
        let at = METHODS.iter().position(|known| *known == method).unwrap_or(METHODS.len() - 1);
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        let counter = row.requests[at][class].get_or_init(|| {
            let labels = RequestLabels { route: row.route, method: METHODS[at], status: CLASSES[class] };
            self.requests.get_or_create_owned(&labels)
        });
        counter.inc();
        row.seconds
            .get_or_init(|| self.seconds.get_or_create_owned(&RouteLabel { route: row.route }))
            .observe(took.as_secs_f64());
    }

    fn text(&self) -> Option<String> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry).ok()?;
        Some(text)
    }
}

/// A request that is being answered.
pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The name of the method, or `other`: a name that a client invents is neither logged nor counted.
pub(crate) fn known(method: &Method) -> &'static str {
    METHODS.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// What decides who may read `/metrics`.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) token: Option<MetricsToken>,
    pub(crate) trusted_proxy: Option<IpAddr>,
    /// The router that answers everyone else: they get the page for unknown paths.
    pub(crate) otherwise: Router,
}

/// `GET /metrics`: for requests from this machine, or with the token.
pub(crate) async fn show(door: Door, request: Request) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let from =
        Origin { peer, trusted_proxy: door.trusted_proxy, headers: request.headers(), uri_host: request.uri().host() };
    if request.method() == Method::GET && from.may_read(door.token.as_ref()) {
        let Some(text) = door.metrics.text() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
        return ([(header::CONTENT_TYPE, kind)], text).into_response();
    }
    match door.otherwise.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// What a request for `/metrics` shows of its origin.
struct Origin<'r> {
    peer: Option<IpAddr>,
    trusted_proxy: Option<IpAddr>,
    headers: &'r HeaderMap,
    uri_host: Option<&'r str>,
}

impl Origin<'_> {
    fn may_read(&self, token: Option<&MetricsToken>) -> bool {
        match self.headers.get(header::AUTHORIZATION) {
            // A request with a token is judged by the token alone, wherever it comes from.
            Some(sent) => {
                let sent = sent.to_str().ok().and_then(|sent| sent.split_once(' '));
                let sent = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
                token.zip(sent).is_some_and(|(token, (_, sent))| token.is(sent.trim()))
            }
            None => self.is_this_machine(),
        }
    }

    /// Behind a proxy on the same machine, every peer is this machine. A request that a proxy passed on shows this by
    /// its headers, or by a host name that is not this machine's.
    fn is_this_machine(&self) -> bool {
        let local = self.peer.is_some_and(|peer| peer.to_canonical().is_loopback() && self.trusted_proxy != Some(peer));
        let passed_on = self.headers.keys().any(|name| {
            let name = name.as_str();
            name.starts_with("x-forwarded") || matches!(name, "forwarded" | "x-real-ip" | "via")
        });
        let named = self.headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(self.uri_host);
        local && !passed_on && named.is_some_and(is_loopback_name)
    }
}

/// Whether a `Host`, with or without a port, names this machine.
fn is_loopback_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn only_this_machine_and_the_token_may_read_the_metrics() {
        let token = MetricsToken::parse(TOKEN).unwrap();
        let right = format!("Bearer {TOKEN}");
        let wrong = format!("Bearer {TOKEN}0");
        let local = ("host", "127.0.0.1:3000");
        let public = ("host", "portail.test");
        let right = ("authorization", right.as_str());
        // The peer, the headers, whether it may read without a token in the settings, and with one.
        type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], bool, bool);
        let cases: &[Case<'_>] = &[
            ("127.0.0.1", &[local], true, true),
            ("127.0.0.1", &[("host", "localhost")], true, true),
            ("::1", &[("host", "[::1]:3000")], true, true),
            ("::ffff:127.0.0.1", &[local], true, true),
            ("127.0.0.1", &[public], false, false),
            ("127.0.0.1", &[("host", "localhost.evil.test")], false, false),
            ("127.0.0.1", &[], false, false),
            ("127.0.0.1", &[local, ("x-forwarded-for", "203.0.113.7")], false, false),
            ("127.0.0.1", &[local, ("x-forwarded-proto", "https")], false, false),
            ("127.0.0.1", &[local, ("forwarded", "for=203.0.113.7")], false, false),
            ("127.0.0.1", &[local, ("via", "1.1 proxy")], false, false),
            ("127.0.0.1", &[local, ("x-real-ip", "203.0.113.7")], false, false),
            // This is the trusted proxy.
            ("127.0.0.9", &[local], false, false),
            ("203.0.113.7", &[local], false, false),
            ("203.0.113.7", &[public, right], false, true),
            ("127.0.0.9", &[public, right, ("x-forwarded-for", "203.0.113.7")], false, true),
            ("203.0.113.7", &[public, ("authorization", &wrong)], false, false),
            ("203.0.113.7", &[public, ("authorization", "Bearer ")], false, false),
            ("203.0.113.7", &[public, ("authorization", TOKEN)], false, false),
            ("203.0.113.7", &[public, ("authorization", "Basic 0123456789abcdef0123456789abcdef")], false, false),
            // A wrong token is refused on this machine too.
            ("127.0.0.1", &[local, ("authorization", &wrong)], false, false),
        ];
        for (peer, pairs, open, with_token) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in *pairs {
                headers.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
            }
            let trusted_proxy = "127.0.0.9".parse().ok();
            let origin = Origin { peer: peer.parse().ok(), trusted_proxy, headers: &headers, uri_host: None };
            assert_eq!(origin.may_read(None), *open, "{peer} {pairs:?}");
            assert_eq!(origin.may_read(Some(&token)), *with_token, "{peer} {pairs:?} with a token");
        }
    }

    #[test]
    fn invented_methods_share_one_label() {
        assert_eq!(known(&Method::GET), "GET");
        assert_eq!(known(&Method::from_bytes(b"LINA-EXEMPLE").unwrap()), "other");
        assert_eq!(known(&Method::DELETE), "other");
    }
}
