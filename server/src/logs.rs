//! The log: one line for each request and for each message of the services, as text or as JSON.
//!
//! A setting can make only this program's own crates log more. Libraries would log headers, cookies and statements at
//! lower levels, so they stay at warnings.

use crate::settings::LogFormat;
use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    io::IsTerminal,
    panic,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

/// The log targets of this program; `request` is the target of the line for each request.
const OWN: [&str; 6] = ["app", "balise", "domain", "request", "server", "services"];

/// Starts logging to the standard error.
pub fn start(level: LevelFilter, format: LogFormat) {
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::registry().with(layer(level, format, colours, std::io::stderr)).init();
}

fn layer<W>(level: LevelFilter, format: LogFormat, colours: bool, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = Targets::new().with_default(level.min(LevelFilter::WARN)).with_targets(OWN.map(|own| (own, level)));
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => lines.with_ansi(colours).with_target(false).with_filter(filter).boxed(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).with_filter(filter).boxed()
        }
    }
}

/// Logs a panic by its place, and with its message only if the message is part of the program's text: a formatted
/// message may hold personal data. The usual hook would write it to the standard error, which is the log.
pub fn keep_panics_quiet() {
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("…");
        tracing::error!(at, message, "panicked");
    }));
}

/// An id that ties the lines of one request together: the start of this process and the number of the request. It does
/// not identify the person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestId(u64);

impl RequestId {
    /// The id of the next request.
    pub(crate) fn next() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(COUNT.fetch_add(1, Ordering::Relaxed))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The first half differs after each start and between instances.
        static PROCESS: LazyLock<u32> = LazyLock::new(|| {
            let random = RandomState::new().hash_one(std::process::id());
            u32::try_from(random >> 32).unwrap_or(0)
        });
        write!(to, "{:08x}-{:x}", *PROCESS, self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(level: LevelFilter, format: LogFormat, work: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::registry().with(layer(level, format, false, move || writer.clone()));
        tracing::subscriber::with_default(subscriber, work);
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn libraries_stay_at_warnings() {
        let work = || {
            tracing::debug!(target: "services::vault", "ours");
            tracing::debug!(target: "hyper::proto", "cookie: secret");
            tracing::info!(target: "sqlx::query", "statement");
            tracing::warn!(target: "sqlx::pool", "slow");
        };
        let all = written(LevelFilter::TRACE, LogFormat::Text, work);
        assert!(all.contains("ours") && all.contains("slow"), "{all}");
        assert!(!all.contains("secret") && !all.contains("statement"), "{all}");
        let few = written(LevelFilter::ERROR, LogFormat::Text, work);
        assert_eq!(few, "");
    }

    #[test]
    fn a_line_of_json_is_an_object_with_the_request_it_belongs_to() {
        let text = written(LevelFilter::INFO, LogFormat::Json, || {
            let span = tracing::info_span!(target: "request", "request", id = %RequestId::next());
            span.in_scope(|| tracing::info!(target: "request", method = "GET", route = "/", status = 200, millis = 1));
        });
        let line: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!((&line["method"], &line["route"], &line["status"]), (&"GET".into(), &"/".into(), &200.into()));
        assert!(line["span"]["id"].as_str().unwrap().contains('-'), "{line}");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn no_two_requests_have_the_same_id() {
        let (one, two) = (RequestId::next().to_string(), RequestId::next().to_string());
        assert_ne!(one, two);
        assert_eq!(one.split('-').next(), two.split('-').next());
    }
}
