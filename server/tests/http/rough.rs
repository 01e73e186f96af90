//! Clients that misbehave, over real connections: they send too much, too fast, or not what they announced. They get an
//! answer where one can arrive, and other clients are answered meanwhile.

use crate::{
    files::pdf,
    support::{Engine, MULTIPART, TestApp, multipart},
};
use axum::{Router, routing::get};
use bytes::Bytes;
use domain::consent::SESSION_COOKIE;
use h2::{Reason, client::SendRequest};
use server::{serve, serve_at_most};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

const MEBIBYTE: usize = 1024 * 1024;
const QUICK: &str = "GET /sante HTTP/1.1\r\nHost: portail.test\r\nConnection: close\r\n\r\n";

/// A portal that listens on a port, and how to reach it.
pub(crate) struct Client {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// Serves a router on a free port of this machine, until it is told to stop or the sender is dropped.
pub(crate) async fn listen(router: Router) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let running = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        serve(listener, router, stopped).await.unwrap();
    });
    (address, stop, running)
}

/// The same, as a client that can reach it.
pub(crate) async fn listening(router: Router) -> Client {
    let (address, stop, running) = listen(router).await;
    Client { address, stop, running }
}

impl Client {
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends a whole request and then reads until the server closes the connection, as a browser does.
    pub(crate) async fn exchange(&self, request: &str) -> String {
        self.exchange_bytes(request.as_bytes()).await
    }

    async fn exchange_bytes(&self, request: &[u8]) -> String {
        let mut connection = self.connect().await;
        connection.write_all(request).await.expect("all of it is taken");
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await.expect("the answer arrives whole");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Checks that another client is answered.
    async fn answers_others(&self, meanwhile: &str) {
        let answer = self.exchange(QUICK).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"), "{meanwhile}: {answer}");
    }

    async fn http2(&self) -> (SendRequest<Bytes>, JoinHandle<Result<(), h2::Error>>) {
        let (send, connection) = h2::client::handshake(self.connect().await).await.unwrap();
        (send, tokio::spawn(connection))
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.running.await.unwrap();
    }
}

/// A request whose body is announced by its length, or sent in chunks.
fn request(method: &str, path: &str, headers: &str, body: &[u8], chunked: bool) -> Vec<u8> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: portail.test\r\nConnection: close\r\n{headers}");
    if !chunked {
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        return [request.as_bytes(), body].concat();
    }
    request.push_str("Transfer-Encoding: chunked\r\n\r\n");
    let mut request = request.into_bytes();
    for chunk in body.chunks(60_000) {
        request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend_from_slice(chunk);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    request
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_sends_too_much_reads_why_it_is_refused() {
    const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
    let app = TestApp::start(Engine::Sqlite).await;
    let youth = app.youth().await;
    let client = listening(app.router.clone()).await;
    let cookie = format!("Cookie: {SESSION_COOKIE}={}\r\n", youth.browser.cookie(SESSION_COOKIE).unwrap());
    let deposit = format!("{cookie}Content-Type: {MULTIPART}\r\n");
    let large = format!("identifier={}", "a".repeat(8 * MEBIBYTE)).into_bytes();
    let file = multipart("other", &[("gros.pdf", &pdf(1, 26 * MEBIBYTE))]);
    let headless = vec![b'x'; 4 * MEBIBYTE];
    let form = |more: &str| format!("{FORM}{more}");
    let cases = [
        ("POST", "/connexion", form(""), &large, "422", "arrivé abîmé"),
        ("POST", "/mon-espace/profil", form(&cookie), &large, "422", "arrivé abîmé"),
        ("POST", "/nulle-part", form(""), &large, "404", "n’existe pas"),
        ("POST", "/mon-espace", form(&cookie), &large, "405", ""),
        ("PUT", "/cookies", form(""), &large, "405", ""),
        ("POST", "/mon-espace/profil", form(""), &large, "303", "/connexion?vers="),
        ("POST", "/conseiller/jeunes", form(&cookie), &large, "403", ""),
        ("POST", "/connexion", form("Sec-Fetch-Site: cross-site\r\n"), &large, "403", "autre site"),
        ("POST", "/sante", form(""), &large, "405", ""),
        ("POST", "/csp", "Content-Type: application/csp-report\r\n".to_owned(), &large, "413", ""),
        ("POST", "/csp", form(""), &large, "415", ""),
        ("POST", "/mon-espace/coffre-fort", deposit.clone(), &file, "413", "gros.pdf"),
        ("POST", "/mon-espace/coffre-fort", deposit.clone(), &headless, "422", "arrivé abîmé"),
        ("POST", "/mon-espace/coffre-fort", form(&cookie), &large, "422", "arrivé abîmé"),
    ];
    for (method, path, headers, body, status, sentence) in &cases {
        for chunked in [false, true] {
            let answer = client.exchange_bytes(&request(method, path, headers, body, chunked)).await;
            let what = format!("{method} {path}, chunked: {chunked}");
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{what}: {}", &answer[..answer.len().min(500)]);
            assert!(answer.contains(sentence), "{what}: {answer}");
        }
        client.answers_others(path).await;
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM document".into()).await, 0);
    client.stop().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_lengths_harm_no_other_request() {
    let app = TestApp::start(Engine::Sqlite).await;
    let client = listening(app.router.clone()).await;
    let head = "POST /connexion HTTP/1.1\r\nHost: portail.test\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    // The client sends less than it announced, and then nothing.
    let mut short = client.connect().await;
    short.write_all(format!("{head}Content-Length: 1000\r\n\r\nidentifier=a").as_bytes()).await.unwrap();
    client.answers_others("a body that stays away").await;
    short.shutdown().await.unwrap();
    let mut answer = String::new();
    let _ = short.read_to_string(&mut answer).await;
    assert!(!answer.contains(" 303 ") && !answer.contains(" 200 "), "{answer}");
    // The client sends more than it announced: the rest is not read as a second request.
    let more = format!("{head}Connection: close\r\nContent-Length: 5\r\n\r\nident{}", "ifier=a".repeat(1000));
    let answer = client.exchange(&more).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    // Two lengths, a length together with chunks, or nonsense are refused before anything is read.
    for lie in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 0x10\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ] {
        let answer = client.exchange(&format!("{head}{lie}\r\nident")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{lie}: {answer}");
    }
    for chunks in ["zz\r\n", "-1\r\n", "fffffffffffffffff\r\nabc", "5\r\nabcdefg\r\n0\r\n\r\n"] {
        let answer =
            client.exchange(&format!("{head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")).await;
        assert!(!answer.contains(" 303 ") && !answer.contains(" 200 "), "{chunks:?}: {answer}");
    }
    client.answers_others("lies").await;
    client.stop().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_headers_are_refused() {
    let app = TestApp::start(Engine::Sqlite).await;
    let client = listening(app.router.clone()).await;
    let many: String = (0..5_000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "a".repeat(2 * MEBIBYTE));
    let wide = format!("Cookie: {}\r\n", "eu-consent=%7B%22; ".repeat(20_000));
    for (flood, what) in [(&many, "many"), (&long, "long"), (&wide, "wide")] {
        let mut connection = client.connect().await;
        // The server may answer and close before everything was sent.
        let _ = connection.write_all(format!("GET / HTTP/1.1\r\nHost: portail.test\r\n{flood}\r\n").as_bytes()).await;
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{what}: {answer}");
        client.answers_others(what).await;
    }
    // HTTP/2 limits the list of headers as well.
    let (mut send, connection) = client.http2().await;
    let request = http_request("GET", "/").header("x-long", "a".repeat(60_000)).body(()).unwrap();
    match send.send_request(request, true) {
        Ok((answer, _)) => {
            if let Ok(answer) = answer.await {
                assert_eq!(answer.status().as_u16(), 431);
            }
        }
        // The client respects the limit that the server announced.
        Err(error) => assert!(!error.is_io(), "{error}"),
    }
    client.answers_others("HTTP/2 headers").await;
    connection.abort();
    client.stop().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pipelined_requests_are_answered_in_order() {
    let app = TestApp::start(Engine::Sqlite).await;
    let client = listening(app.router.clone()).await;
    let mut row = String::new();
    for n in 0..500 {
        let path = if n % 2 == 0 { "/sante" } else { "/nulle-part" };
        row.push_str(&format!("GET {path} HTTP/1.1\r\nHost: portail.test\r\n\r\n"));
    }
    row.push_str(QUICK);
    let mut connection = client.connect().await;
    let (mut read, mut write) = connection.split();
    let mut answer = String::new();
    let (written, _) = tokio::join!(write.write_all(row.as_bytes()), read.read_to_string(&mut answer));
    written.unwrap();
    let statuses: Vec<_> = answer.match_indices("HTTP/1.1 ").map(|(at, _)| &answer[at + 9..at + 12]).collect();
    assert_eq!(statuses.len(), 501);
    for (n, status) in statuses.iter().enumerate() {
        assert_eq!(*status, if n % 2 == 0 { "200" } else { "404" }, "answer {n}");
    }
    client.stop().await;
    app.finish().await;
}

fn http_request(method: &str, path: &str) -> axum::http::request::Builder {
    axum::http::Request::builder().method(method).uri(format!("http://portail.test{path}"))
}

/// Sends a form in frames of one byte. Gives the status, or none when the server closed the connection.
async fn in_tiny_frames(client: &Client, bytes: usize) -> Option<u16> {
    let (mut send, connection) = client.http2().await;
    let form = http_request("POST", "/connexion").header("content-type", "application/x-www-form-urlencoded");
    let (answer, mut body) = send.send_request(form.body(()).unwrap(), false).unwrap();
    let form = format!("identifier={}", "a".repeat(bytes));
    let mut frames = form.bytes().map(|byte| Bytes::copy_from_slice(&[byte]));
    // Once the server closes, nothing more can be sent.
    let sent = frames.all(|frame| body.send_data(frame, false).is_ok());
    client.answers_others("tiny frames").await;
    let ended = sent && body.send_data(Bytes::new(), true).is_ok();
    let status = answer.await.ok().map(|answer| answer.status().as_u16());
    assert!(ended || status.is_none(), "{status:?} to half a body");
    connection.abort();
    status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_frames_are_read_and_a_flood_of_them_is_refused() {
    let app = TestApp::start(Engine::Sqlite).await;
    let client = listening(app.router.clone()).await;
    assert_eq!(in_tiny_frames(&client, 50).await, Some(422));
    let flood = in_tiny_frames(&client, 10_000).await;
    assert!([None, Some(422)].contains(&flood), "{flood:?}");
    client.answers_others("tiny frames").await;
    client.stop().await;
    app.finish().await;
}

/// How many requests are running now, and how many ran at most at once.
#[derive(Default)]
struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Gauge {
    /// Waits until the number is right. The wait is limited, so that a failure does not hang.
    async fn until(&self, right: impl Fn(usize) -> bool) {
        let turn = async {
            while !right(self.now.load(Ordering::SeqCst)) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(300), turn).await.expect("the requests being worked on");
    }
}

struct Working(Arc<Gauge>);

impl Working {
    fn new(gauge: &Arc<Gauge>) -> Self {
        let now = gauge.now.fetch_add(1, Ordering::SeqCst) + 1;
        gauge.most.fetch_max(now, Ordering::SeqCst);
        Self(gauge.clone())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A router whose route `/lent` never answers.
fn slow(gauge: &Arc<Gauge>) -> Router {
    let gauge = gauge.clone();
    let never = move || {
        let working = Working::new(&gauge);
        async move {
            let _working = working;
            std::future::pending::<()>().await;
        }
    };
    Router::new().route("/sante", get(|| async { "ok\n" })).route("/lent", get(never))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_are_reset_at_once_do_not_pile_up() {
    let gauge = Arc::new(Gauge::default());
    let client = listening(slow(&gauge)).await;
    let (mut send, connection) = client.http2().await;
    let mut sent = 0;
    for n in 0..10_000 {
        match send.clone().ready().await {
            Ok(ready) => send = ready,
            Err(_) => break,
        }
        let Ok((answer, mut stream)) = send.send_request(http_request("GET", "/lent").body(()).unwrap(), true) else {
            break;
        };
        stream.send_reset(Reason::CANCEL);
        drop((answer, stream));
        sent += 1;
        if n % 1_000 == 0 {
            client.answers_others("resets").await;
        }
    }
    client.answers_others("resets").await;
    let most = gauge.most.load(Ordering::SeqCst);
    assert!(most <= 100, "{most} requests were worked on at once, of {sent}");
    drop(send);
    connection.abort();
    let _ = connection.await;
    // None of the reset streams goes on running.
    gauge.until(|now| now == 0).await;
    client.answers_others("after the resets").await;
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_has_a_hundred_streams_at_most() {
    let gauge = Arc::new(Gauge::default());
    let client = listening(slow(&gauge)).await;
    let (mut send, connection) = client.http2().await;
    let mut open = Vec::new();
    // Until the client knows the server's settings, it may open more streams: the server refuses them.
    for _ in 0..300 {
        match send.send_request(http_request("GET", "/lent").body(()).unwrap(), true) {
            Ok(stream) => open.push(stream),
            Err(_) => break,
        }
    }
    gauge.until(|now| now >= 100).await;
    client.answers_others("a hundred streams").await;
    assert_eq!(gauge.most.load(Ordering::SeqCst), 100);
    drop(open);
    connection.abort();
    client.stop().await;
}

/// A server with two places, both taken by silent connections.
async fn crowded() -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>, Vec<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = slow(&Arc::default());
    let running = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        serve_at_most(2, listener, router, stopped).await.unwrap();
    });
    let mut silent = Vec::new();
    for _ in 0..2 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(b"GET /sante HTTP/1.1\r\n").await.unwrap();
        silent.push(connection);
    }
    (address, stop, running, silent)
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_place_is_answered_when_one_is_free() {
    let (address, _stop, _running, silent) = crowded().await;
    let mut third = TcpStream::connect(address).await.unwrap();
    third.write_all(QUICK.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // The silent connections lose their places when the time for their headers is over.
    third.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("ok\n"), "{answer}");
    drop(silent);
}

#[tokio::test(start_paused = true)]
async fn the_server_stops_even_when_all_places_are_taken() {
    let began = tokio::time::Instant::now();
    let (_, stop, running, silent) = crowded().await;
    // By this second of the paused clock, both places are taken.
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.send(()).unwrap();
    running.await.unwrap();
    assert!(began.elapsed() <= Duration::from_secs(12), "{:?}", began.elapsed());
    drop(silent);
}
