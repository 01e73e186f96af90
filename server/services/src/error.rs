//! What can fail inside the services, and what the outside may know of it.

use crate::crypto::CryptoError;
use domain::error::PortError;

/// A fault inside the services.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// A reason that the caller may know.
    #[error(transparent)]
    Port(#[from] PortError),
    #[error("database: {}", describe(.0))]
    Db(#[from] sqlx::Error),
    #[error("cryptography: {0}")]
    Crypto(#[from] CryptoError),
    #[error("object store: {}", kind_of(.0))]
    Store(#[from] object_store::Error),
    /// A state that should be impossible, described without personal data.
    #[error("{0}")]
    Broken(&'static str),
}

impl Fault {
    /// Whether the disk or the database file is full.
    pub(crate) fn is_full(&self) -> bool {
        const SQLITE_FULL: &str = "13";
        const DISK_FULL: &str = "53100";
        match self {
            Self::Db(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| code == SQLITE_FULL || code == DISK_FULL)
            }
            Self::Store(_) => true,
            _ => false,
        }
    }
}

/// An engine's message may quote the row, so only its code goes to the log.
fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => format!("code {}", error.code().unwrap_or_default()),
        sqlx::Error::Io(error) => format!("input or output ({:?})", error.kind()),
        sqlx::Error::PoolTimedOut => "no free connection in time".to_owned(),
        sqlx::Error::PoolClosed => "closing".to_owned(),
        sqlx::Error::RowNotFound => "a row is missing".to_owned(),
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} cannot be decoded"),
        _ => "other".to_owned(),
    }
}

fn kind_of(error: &object_store::Error) -> &'static str {
    match error {
        object_store::Error::NotFound { .. } => "an object is missing",
        object_store::Error::AlreadyExists { .. } => "an object is there already",
        _ => "does not take or give an object",
    }
}

impl From<Fault> for PortError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Port(error) => error,
            Fault::Db(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)) => {
                tracing::error!(%fault, "unavailable");
                Self::Unavailable
            }
            _ => {
                tracing::error!(%fault, "internal error");
                Self::Internal
            }
        }
    }
}
