//! `/metrics` over real connections: who may read it, what it counts, and what it never contains.

use crate::{
    files::pdf,
    support::{Browser, ORIGIN, PASSWORD, TestApp, on_both_engines},
};
use app::routes::ROUTES;
use axum::Router;
use server::{
    router::{Parts, router},
    serve,
    settings::{MetricsToken, PublicUrl},
    site_file,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

on_both_engines!(
    only_this_machine_and_the_token_may_read_it,
    it_counts_what_happened,
    its_labels_are_patterns_and_name_nobody,
);

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Serves the portal on a port of its own, until the sender is dropped.
async fn listening(app: &TestApp, proxy: Option<IpAddr>, token: bool) -> (SocketAddr, Router, oneshot::Sender<()>) {
    let router = router(Parts {
        services: app.services.clone(),
        site: Arc::new(site_file::load(None).unwrap()),
        public: PublicUrl { origin: ORIGIN.to_owned(), secure: true },
        trusted_proxy: proxy,
        development: false,
        metrics_token: token.then(|| MetricsToken::parse(TOKEN).unwrap()),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = router.clone();
    tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        serve(listener, served, stopped).await.unwrap();
    });
    (address, router, stop)
}

/// Status, head and body of an answer.
async fn ask(address: SocketAddr, method: &str, headers: &str) -> (u16, String, String) {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!("{method} /metrics HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_owned(), body.to_owned())
}

/// The samples: the name with its labels, and the value.
fn samples(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with("# EOF\n"), "{text}");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.parse().unwrap())).unwrap())
        .collect()
}

async fn read(address: SocketAddr) -> BTreeMap<String, f64> {
    let (status, head, body) = ask(address, "GET", "Host: 127.0.0.1\r\n").await;
    assert_eq!(status, 200, "{head}");
    samples(&body)
}

async fn only_this_machine_and_the_token_may_read_it(app: &TestApp) {
    let local = "Host: 127.0.0.1\r\n";
    let right = format!("Host: portail.test\r\nAuthorization: Bearer {TOKEN}\r\n");
    let wrong = format!("Host: 127.0.0.1\r\nAuthorization: Bearer {}\r\n", TOKEN.replace('0', "1"));
    let forwarded = format!("{local}X-Forwarded-For: 203.0.113.7\r\n");
    let (closed, router, _stop) = listening(app, None, false).await;
    let (open, _, _stop) = listening(app, None, true).await;
    let (proxied, _, _stop) = listening(app, "127.0.0.1".parse().ok(), true).await;
    let unknown = Browser::new(router).get("/nulle-part").await.expect(404);
    for (address, method, headers, expected) in [
        (closed, "GET", local, 200),
        (closed, "GET", &forwarded, 404),
        (closed, "GET", &format!("{local}Forwarded: for=203.0.113.7\r\n"), 404),
        (closed, "GET", "Host: portail.test\r\n", 404),
        (closed, "GET", &right, 404),
        (closed, "POST", local, 404),
        (open, "GET", local, 200),
        (open, "GET", &right, 200),
        (open, "GET", &wrong, 404),
        (open, "GET", &forwarded, 404),
        // What the trusted proxy passes on comes from somebody else, whatever its headers claim.
        (proxied, "GET", local, 404),
        (proxied, "GET", &right, 200),
    ] {
        let (status, head, body) = ask(address, method, headers).await;
        assert_eq!(status, expected, "{method} {headers}");
        if expected == 200 {
            let kind = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
            assert!(head.contains(kind) && head.contains("cache-control: private, no-store"), "{head}");
            assert!(samples(&body).contains_key("balise_http_requests_in_flight"), "{body}");
        } else {
            // The answer is the one for a page that does not exist.
            assert_eq!(body, unknown.text().replace("/nulle-part", "/metrics"), "{method} {headers}");
        }
    }
    // Without a connection, the origin of a request is unknown.
    app.anonymous().get_with("/metrics", &[("host", "127.0.0.1")]).await.expect(404);
}

async fn it_counts_what_happened(app: &TestApp) {
    let (address, router, _stop) = listening(app, None, false).await;
    let somebody = app.youth().await;
    let browser = Browser::new(router);
    let requests = |route: &str, method: &str, status: &str| {
        format!("balise_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}")
    };
    browser.get("/").await.expect(200);
    browser.get("/").await.expect(200);
    browser.get("/nulle-part").await.expect(404);
    browser.get("/mon-espace").await.expect(303);
    let identifier = somebody.identifier.as_str();
    browser.post("/connexion", &[("identifier", identifier), ("password", "faux")]).await.expect(422);
    browser.post("/connexion", &[("identifier", identifier), ("password", PASSWORD)]).await.expect(303);
    let file = pdf(1, 70_000);
    browser.deposit("/mon-espace/coffre-fort", "identity", &[("carte.pdf", &file)]).await.expect(303);
    let document = app.documents(&somebody).await[0].id;
    let path = format!("/mon-espace/coffre-fort/{document}");
    browser.get(&path).await.expect(200);
    browser.get_with(&path, &[("range", "bytes=0-99")]).await.expect(206);

    let found = read(address).await;
    for (name, expected) in [
        (requests("/", "GET", "2xx"), 2.0),
        (requests("-", "GET", "4xx"), 1.0),
        (requests("/mon-espace", "GET", "3xx"), 1.0),
        (requests("/connexion", "POST", "4xx"), 1.0),
        (requests("/connexion", "POST", "3xx"), 1.0),
        (requests("/mon-espace/coffre-fort/{document}", "GET", "2xx"), 2.0),
        ("balise_http_request_duration_seconds_count{route=\"/\"}".into(), 2.0),
        ("balise_http_request_duration_seconds_bucket{le=\"+Inf\",route=\"/\"}".into(), 2.0),
        // This request is the one that asks for the metrics.
        ("balise_http_requests_in_flight".into(), 1.0),
        ("balise_uploads_bytes_total".into(), file.len() as f64),
        ("balise_downloads_bytes_total".into(), file.len() as f64 + 100.0),
        // One attempt has the wrong password and one has the right one.
        ("balise_sign_ins_total{outcome=\"wrong\"}".into(), 1.0),
        ("balise_sign_ins_total{outcome=\"complete\"}".into(), 1.0),
        ("balise_sign_ins_total{outcome=\"throttled\"}".into(), 0.0),
        (format!("balise_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1.0),
    ] {
        assert_eq!(found.get(&name), Some(&expected), "{name} in {found:#?}");
    }
    let at_least = |name: &str, least: f64| {
        let value = found.get(name).copied().unwrap_or(-1.0);
        assert!(value >= least, "{name}: {value} is not {least} or more");
    };
    at_least("balise_database_statements_total", 10.0);
    at_least("balise_database_connections{database=\"data\",connections=\"read\"}", 1.0);
    at_least("balise_database_connections_idle{database=\"keyring\",connections=\"write\"}", 0.0);
    at_least("balise_process_resident_memory_bytes", 1e6);
    at_least("balise_process_open_fds", 5.0);
    at_least("balise_process_cpu_seconds_total", 0.0);
    // The counters continue from their values.
    browser.get("/").await.expect(200);
    assert_eq!(read(address).await[&requests("/", "GET", "2xx")], 3.0);
}

async fn its_labels_are_patterns_and_name_nobody(app: &TestApp) {
    let (address, router, _stop) = listening(app, None, false).await;
    let somebody = app.youth().await;
    let browser = Browser::new(router);
    for number in 0..200 {
        browser.get(&format!("/canari-{number}?canari={number}")).await.expect(404);
        browser.get(&format!("/embed/canari-{number}")).await.expect(404);
    }
    let method = axum::http::Method::from_bytes(b"CANARI").unwrap();
    browser.send(method, "/", &[("user-agent", "canari")], axum::body::Body::empty()).await.expect(405);
    browser.post("/connexion", &[("identifier", &somebody.identifier), ("password", "canari")]).await.expect(422);
    browser.call("/action/coffre-fort/supprimer", &[("document", "canari")]).await.expect(401);
    let (_, _, text) = ask(address, "GET", "Host: 127.0.0.1\r\n").await;
    for never in ["canari", &somebody.identifier, &somebody.id().to_string(), "127.0.0.1", "Lina"] {
        assert!(!text.contains(never), "{never} in\n{text}");
    }
    let routes: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.split_once("route=\"")?.1.split_once('"'))
        .map(|(route, _)| route)
        .collect();
    let own = ["-", "/metrics", "/sante", "/pret", "/csp", "/robots.txt", "/assets/{hash}/{*name}"];
    for route in routes {
        let known = ROUTES.iter().any(|known| known.path == route || known.call == Some(route));
        assert!(own.contains(&route) || known, "{route}");
    }
    // An action is counted at the address where it is called.
    assert!(text.contains("route=\"/action/coffre-fort/supprimer\""), "{text}");
}
