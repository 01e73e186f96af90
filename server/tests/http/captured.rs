//! Keeps in memory what the program logs: everything from our own crates at the finest level, and the rest as in
//! production. The whole process has one log, because several threads work on a request.

use std::{
    io::{self, Write},
    sync::{Mutex, MutexGuard, Once, PoisonError},
};
use tracing_subscriber::EnvFilter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Memory;

fn lines() -> MutexGuard<'static, Vec<u8>> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Write for Memory {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        lines().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what is logged from now on.
pub(crate) fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ours = ["http", "request", "server", "services", "app", "domain"].map(|target| format!("{target}=trace"));
        let filter = EnvFilter::new(format!("warn,{}", ours.join(",")));
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Memory).init();
    });
}

/// Everything that was logged so far.
pub(crate) fn text() -> String {
    String::from_utf8_lossy(&lines()).into_owned()
}
