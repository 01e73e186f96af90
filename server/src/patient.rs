//! Time limits for clients: a connection must send something soon, a body must arrive fast enough, and a body that
//! nobody wants is read to its end within bounds.

use axum::BoxError;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep, timeout},
};

/// The longest wait for a body, whatever its length.
const GRACE: Duration = Duration::from_secs(60);
/// For each so many bytes that arrived, the wait is a second longer: a slow network gets the time it needs, and a
/// client that sends a byte now and then does not.
const BYTES_A_SECOND: u64 = 4 * 1024;
/// The most bytes that are read of a body that nobody wants.
const UNWANTED_BYTES: u64 = 250 * 1024 * 1024;
/// The longest time for reading such a body.
const UNWANTED_WITHIN: Duration = Duration::from_secs(60);
/// The longest pause in such a body: a client that pauses longer is no longer sending.
const UNWANTED_PAUSE: Duration = Duration::from_secs(10);

/// The length of the preface that tells HTTP/2 from HTTP/1. Until it has arrived, hyper does not limit the time.
const PREFACE_BYTES: usize = 24;

/// A connection whose first bytes must arrive in time. A client that sends nothing at all would hold a place for ever.
pub(crate) struct PatientStream {
    stream: TcpStream,
    first: Option<(usize, Pin<Box<Sleep>>)>,
}

impl PatientStream {
    pub(crate) fn new(stream: TcpStream, within: Duration) -> Self {
        Self { stream, first: Some((0, Box::pin(sleep(within)))) }
    }
}

impl AsyncRead for PatientStream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if let Some((received, over)) = &mut this.first {
            match &read {
                Poll::Ready(_) => {
                    *received += buffer.filled().len() - before;
                    if *received >= PREFACE_BYTES {
                        this.first = None;
                    }
                }
                Poll::Pending if over.as_mut().poll(context).is_ready() => {
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
                Poll::Pending => {}
            }
        }
        read
    }
}

impl AsyncWrite for PatientStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The client sends too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body does not come")]
struct TooSlow;

/// A body whose reading has a time limit. Only the time spent waiting for the client counts, not the time that the
/// service takes. When the service drops the body, the rest is read and thrown away, within bounds: a browser reads the
/// answer only after it has finished sending.
pub(crate) struct PatientBody {
    incoming: Option<Incoming>,
    received: u64,
    waited: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl PatientBody {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self { incoming: Some(incoming), received: 0, waited: Duration::ZERO, waiting: None }
    }

    /// The time that the client has left.
    fn patience(&self) -> Duration {
        (GRACE + Duration::from_secs(self.received / BYTES_A_SECOND)).saturating_sub(self.waited)
    }
}

impl Body for PatientBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let body = self.get_mut();
        let Some(incoming) = &mut body.incoming else { return Poll::Ready(None) };
        match Pin::new(incoming).poll_frame(context) {
            Poll::Ready(frame) => {
                if let Some((since, _)) = body.waiting.take() {
                    body.waited += since.elapsed();
                }
                match &frame {
                    Some(Ok(frame)) => body.received += frame.data_ref().map_or(0, |data| data.len() as u64),
                    Some(Err(_)) | None => body.incoming = None,
                }
                Poll::Ready(frame.map(|frame| frame.map_err(BoxError::from)))
            }
            Poll::Pending => {
                let patience = body.patience();
                let (_, over) = body.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(patience))));
                if over.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                // The body is dropped before its end: hyper closes the connection after the answer.
                body.incoming = None;
                Poll::Ready(Some(Err(TooSlow.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for PatientBody {
    fn drop(&mut self) {
        let Some(incoming) = self.incoming.take().filter(|incoming| !incoming.is_end_stream()) else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(drain(incoming));
        }
    }
}

async fn drain(mut incoming: Incoming) {
    let all = async {
        let mut length = 0;
        loop {
            let frame = std::future::poll_fn(|context| Pin::new(&mut incoming).poll_frame(context));
            match timeout(UNWANTED_PAUSE, frame).await {
                Ok(Some(Ok(frame))) => length += frame.data_ref().map_or(0, |data| data.len() as u64),
                _ => break,
            }
            if length > UNWANTED_BYTES {
                break;
            }
        }
    };
    let _ = timeout(UNWANTED_WITHIN, all).await;
}
