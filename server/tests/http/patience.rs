//! Slow clients, and stopping the server, over real connections. The clock of the runtime is paused, so a wait of
//! seconds takes no time.

use crate::rough::listen;
use axum::{Router, routing::get, routing::post};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};
use tower_http::timeout::RequestBodyTimeoutLayer;

/// A server with a fast route, a slow route, and one that reads a body.
async fn start() -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let slow = || async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        "finished"
    };
    let router = Router::new()
        .route("/sante", get(|| async { "ok" }))
        .route("/lent", get(slow))
        .route("/corps", post(|body: String| async move { body.len().to_string() }))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(30)));
    listen(router).await
}

/// Sends `request` and reads until the server closes the connection.
async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = connection.read_to_string(&mut answer).await;
    answer
}

const QUICK: &str = "GET /sante HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn the_server_closes_a_connection_whose_headers_never_end() {
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
        // The server closes the connection, so the reading ends.
        let _ = connection.read_to_end(&mut rest).await;
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_server_closes_a_silent_connection() {
    let (address, _stop, _running) = start().await;
    let began = tokio::time::Instant::now();
    // Nothing is sent; or the beginning of HTTP/2; or a whole request, after which the connection stays open.
    for said in ["", "PRI * HT", "GET /sante HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(said.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let _ = connection.read_to_end(&mut rest).await;
        assert_eq!(rest.starts_with(b"HTTP/1.1 200 OK"), said.starts_with("GET"), "{said}");
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_server_closes_a_connection_whose_body_never_comes() {
    let (address, _stop, _running) = start().await;
    let began = tokio::time::Instant::now();
    let request = "POST /corps HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nonly this";
    let answer = exchange(address, request).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_server_closes_a_connection_that_sends_single_bytes() {
    let (address, _stop, _running) = start().await;
    let began = tokio::time::Instant::now();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let head = "POST /corps HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    // No pause is as long as the longest allowed one.
    while connection.write_all(b"a").await.is_ok() {
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert!(began.elapsed() < Duration::from_secs(300), "still waited for after {:?}", began.elapsed());
    }
    assert!(exchange(address, QUICK).await.ends_with("ok"));
}

#[tokio::test(start_paused = true)]
async fn the_server_waits_for_a_slow_network() {
    let (address, _stop, _running) = start().await;
    let mut connection = TcpStream::connect(address).await.unwrap();
    // The transfer takes five minutes, at eight kibibytes every second and a half.
    let head = "POST /corps HTTP/1.1\r\nHost: x\r\nContent-Length: 1638400\r\nConnection: close\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..200 {
        connection.write_all(&[b'a'; 8 * 1024]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
    }
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&answer[..answer.len().min(300)]));
}

#[tokio::test(start_paused = true)]
async fn a_running_request_is_finished_before_the_server_stops() {
    let (address, stop, running) = start().await;
    let slow =
        tokio::spawn(
            async move { exchange(address, "GET /lent HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await },
        );
    // By this second of the paused clock, the server has read the slow request.
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.send(()).unwrap();
    assert!(slow.await.unwrap().ends_with("finished"));
    running.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
