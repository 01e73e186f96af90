//! The server loop: connections with time limits, a graceful stop, and a check of every object after the start.

use crate::{
    patient::{PatientBody, PatientStream},
    visit::Peer,
};
use anyhow::Context;
use axum::{Router, body::Body, extract::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use services::Services;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::ServiceExt;

/// The longest time for the headers of a request.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// The most bytes of the headers of a request, and of what waits to be read or written on one connection.
const BUFFER_BYTES: usize = 128 * 1024;
/// The longest wait for running requests when the server stops.
pub(crate) const STOP_WITHIN: Duration = Duration::from_secs(10);
/// The most connections at a time; more of them wait in the system's queue.
const CONNECTIONS: usize = 2_000;

/// Answers requests on `listener` with `router` until `stop` completes, and then waits for the running ones.
///
/// # Errors
/// An error on a single connection is not one.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    serve_at_most(CONNECTIONS, listener, router, stop).await
}

/// [`serve`] with another limit of connections.
///
/// # Errors
/// As [`serve`].
pub async fn serve_at_most(
    connections: usize,
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(BUFFER_BYTES);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_pending_accept_reset_streams(20)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(connections));
    tokio::pin!(stop);
    loop {
        // A stop must not wait until a connection ends.
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place.context("the server is closing")?,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Most likely there are no file handles left, and the next try may find one.
                    tracing::warn!(kind = ?error.kind(), "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Small answers are sent at once.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            router.clone().oneshot(request.map(|body| Body::new(PatientBody::new(body))))
        });
        let stream = TokioIo::new(PatientStream::new(stream, HEADERS_WITHIN));
        let connection = server.serve_connection_with_upgrades(stream, service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // An error of one client's connection is not worth a line in the log.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_WITHIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}

/// Looks at every object once, while the server answers already. No other instance was running at the start.
pub(crate) async fn sweep_stored(services: Services) {
    match services.sweep_stored().await {
        Ok(swept) => tracing::info!(orphans = swept.orphans, "looked at every object"),
        Err(error) => tracing::error!(%error, "the sweep did not finish"),
    }
}
