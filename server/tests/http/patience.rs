//! Slow clients, and stopping: over real connections, with the runtime's clock paused so that a wait of
//! seconds takes none.

use axum::{Router, routing::get, routing::post};
use server::serve;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use tower_http::timeout::RequestBodyTimeoutLayer;

/// A server with a quick route, a slow one and one that reads a body.
async fn start() -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let slow = || async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        "finished"
    };
    let router = Router::new()
        .route("/sante", get(|| async { "ok" }))
        .route("/lent", get(slow))
        .route("/corps", post(|body: String| async move { body }))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(30)));
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

/// Sends `request` and reads until the server closes.
async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = connection.read_to_string(&mut answer).await;
    answer
}

const QUICK: &str = "GET /sante HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn headers_that_never_end_are_not_waited_for() {
    let (address, _stop, _running) = start().await;
    let began = tokio::time::Instant::now();
    let mut held = Vec::new();
    for _ in 0..50 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
        held.push(connection);
    }
    assert!(exchange(address, QUICK).await.ends_with("ok"), "others are answered meanwhile");
    for mut connection in held {
        let mut rest = Vec::new();
        // Closed by the server: the reading ends.
        let _ = connection.read_to_end(&mut rest).await;
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes_is_not_waited_for() {
    let (address, _stop, _running) = start().await;
    let began = tokio::time::Instant::now();
    let request = "POST /corps HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nonly this";
    let answer = exchange(address, request).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_running_request_is_finished_when_stopping() {
    let (address, stop, running) = start().await;
    let slow =
        tokio::spawn(
            async move { exchange(address, "GET /lent HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await },
        );
    // By this (paused) second the slow request has been accepted and read.
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.send(()).unwrap();
    assert!(slow.await.unwrap().ends_with("finished"));
    running.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
