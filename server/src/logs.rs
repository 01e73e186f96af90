//! What is logged, and what must not be.

use std::panic;

/// What is logged when nobody says otherwise (`BALISE_LOG`).
pub const FILTER: &str = "info,sqlx=warn";

/// A panic is logged by where it happened and, when the message is part of the program's text, by that: one that was
/// put together may quote what was being worked on. The usual hook would write it to the standard error, which is
/// the log.
pub fn keep_panics_quiet() {
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("…");
        tracing::error!(at, message, "panicked");
    }));
}
