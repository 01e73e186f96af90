//! What the program logs, kept in memory: everything at the finest level from our own crates, the rest as in
//! production. One log for the whole process, since a request is worked on by several threads.

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

/// From now on what is logged is kept.
pub(crate) fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ours = ["http", "request", "server", "services", "app", "domain"].map(|target| format!("{target}=trace"));
        let filter = EnvFilter::new(format!("warn,{}", ours.join(",")));
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Memory).init();
    });
}

/// All of it so far.
pub(crate) fn text() -> String {
    String::from_utf8_lossy(&lines()).into_owned()
}
