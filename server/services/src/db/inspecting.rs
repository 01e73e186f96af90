//! Opening a database only to read it: nothing is created and no migration is run.

use super::{Db, OpenError, SQLITE_MINIMUM, version};
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::{path::Path, str::FromStr, time::Duration};

/// Why a database cannot be inspected.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InspectError {
    #[error("{0}: there is no such database")]
    Missing(String),
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<sqlx::Error> for InspectError {
    fn from(error: sqlx::Error) -> Self {
        Self::Open(OpenError::Engine(error))
    }
}

impl Db {
    /// Opens `url` to read it. A missing SQLite file stays missing.
    pub(crate) async fn open_to_inspect(url: &str) -> Result<Self, InspectError> {
        let wait = Duration::from_secs(5);
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = Path::new(path.trim_start_matches("//"));
            if !path.exists() {
                return Err(InspectError::Missing(path.display().to_string()));
            }
            // The journal mode is not changed, and only reading is allowed.
            let options = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(false)
                .pragma("query_only", "ON")
                .busy_timeout(wait);
            let pool = SqlitePoolOptions::new().max_connections(2).acquire_timeout(wait).connect_with(options).await?;
            Ok(Self::Sqlite { read: pool.clone(), write: pool })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?.options([("default_transaction_read_only", "on")]);
            PgConnection::connect_with(&options).await?.close().await?;
            let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(wait).connect_with(options).await?;
            Ok(Self::Postgres { read: pool.clone(), write: pool })
        } else {
            // The message is the same as at a start, and never contains the whole URL.
            Err(OpenError::Url(url.split(':').next().unwrap_or_default().to_owned()).into())
        }
    }

    /// Whether the engine is the embedded one.
    pub(crate) const fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }
}

/// Whether this version of SQLite is safe for data.
pub(crate) fn trusts(sqlite: &str) -> bool {
    version(sqlite) >= SQLITE_MINIMUM
}
