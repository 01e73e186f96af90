//! Two engines with one text for each query. Only this file chooses between the engines.
//!
//! Reading functions of the store take `&mut impl Reads`, writing ones `&mut Tx`: a write outside a
//! transaction does not compile.

pub(crate) mod inspecting;

use crate::error::Fault;
use futures::future::BoxFuture;
use sqlx::{
    Connection, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::Migrator,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::Path,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// After this time without use, a connection is tested before it is used.
const QUIET: Duration = Duration::from_secs(1);

/// How many rows SQLite may read before the caller takes them: more than any page holds.
const ROWS_AHEAD: usize = 256;

/// The first SQLite without the bug that can lose commits.
const SQLITE_MINIMUM: (u32, u32, u32) = (3, 51, 3);

/// The migrations of the data.
pub static DATA_MIGRATIONS: Migrator = sqlx::migrate!("migrations/data");
/// The migrations of the keyring.
pub static KEYRING_MIGRATIONS: Migrator = sqlx::migrate!("migrations/keyring");

/// A database, on either engine. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// Embedded: many readers, one writer.
    Sqlite {
        /// Connections that only read.
        read: SqlitePool,
        /// The one connection that writes.
        write: SqlitePool,
    },
    /// A server, which any number of instances may use.
    Postgres {
        /// Connections that only read. They are separate from the others: a request that holds one and also has to
        /// write, such as a refusal into the log, never waits for another such request.
        read: PgPool,
        /// Connections that write.
        write: PgPool,
    },
}

/// A connection for reading.
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A transaction. Only [`Db::write`] makes one.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The connection on which a query runs.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// How many statements this process has run. The difference before and after a page is its cost.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this process has run.
#[must_use]
pub fn statements() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

tokio::task_local! {
    /// How many statements the present work has run, in the tasks of its transactions too.
    static OF_THIS_WORK: Arc<AtomicU64>;
}

/// Runs `work` and returns how many statements it ran, whatever else this process does.
pub async fn counting<T>(work: impl Future<Output = T>) -> (T, u64) {
    let count = Arc::new(AtomicU64::new(0));
    let done = OF_THIS_WORK.scope(count.clone(), work).await;
    (done, count.load(Ordering::Relaxed))
}

/// Counts one statement; [`on!`] calls it for each one.
pub(crate) fn count_statement() {
    STATEMENTS.fetch_add(1, Ordering::Relaxed);
    // Outside of `counting` there is no counter.
    let _ = OF_THIS_WORK.try_with(|count| count.fetch_add(1, Ordering::Relaxed));
}

/// How many connections a pool has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Which database: `data` or `keyring`.
    pub name: &'static str,
    /// The use of the connections: `read` or `write`.
    pub connections: &'static str,
    /// Connections open.
    pub size: u32,
    /// Connections that are open and unused.
    pub idle: usize,
}

/// Something that can run a query: a reader or a transaction.
pub(crate) trait Reads: Send {
    fn conn(&mut self) -> Conn<'_>;
}

impl Reads for Reader {
    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

impl Reads for Tx {
    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(tx) => Conn::Sqlite(tx),
            Self::Postgres(tx) => Conn::Postgres(tx),
        }
    }
}

/// Runs the same expression on the engine of `$db`: `on!(tx, conn => sqlx::query(…).execute(conn).await)`.
macro_rules! on {
    ($db:expr, $conn:ident => $body:expr) => {{
        $crate::db::count_statement();
        match $crate::db::Reads::conn($db) {
            $crate::db::Conn::Sqlite($conn) => $body,
            $crate::db::Conn::Postgres($conn) => $body,
        }
    }};
}
pub(crate) use on;

/// Runs a statement that returns no rows, on the engine of `$tx`: `execute!(tx => sqlx::query(…).bind(…))?`. Its value
/// is the number of changed rows.
macro_rules! execute {
    ($tx:expr => $statement:expr) => {
        $crate::db::on!($tx, conn => $statement.execute(conn).await.map(|done| done.rows_affected()))
            .map_err($crate::error::Fault::from)
    };
}
pub(crate) use execute;

/// Runs a query that counts, on the engine of `$db`: `count!(db => sqlx::query_scalar("SELECT COUNT(*) …").bind(…))`.
macro_rules! count {
    ($db:expr => $query:expr) => {{
        let counted: Result<i64, sqlx::Error> = $crate::db::on!($db, conn => $query.fetch_one(conn).await);
        counted.map(i64::unsigned_abs).map_err($crate::error::Fault::from)
    }};
}
pub(crate) use count;

/// Why a database could not be opened. The message is for the person who starts the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL has neither of the two schemes.
    #[error("{0}: expected sqlite:PATH or postgres://USER@HOST/NAME")]
    Url(String),
    /// The SQLite library is too old to be safe for data.
    #[error("SQLite {found} can lose commits; at least {}.{}.{} is needed", SQLITE_MINIMUM.0, SQLITE_MINIMUM.1, SQLITE_MINIMUM.2)]
    SqliteTooOld {
        /// The version that was found.
        found: String,
    },
    /// The engine refused.
    #[error("cannot open the database: {0}")]
    Engine(#[from] sqlx::Error),
    /// A migration failed.
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl Db {
    /// Opens `url`; a missing SQLite file is created.
    ///
    /// # Errors
    /// The reason of the failure, for the person who starts the program.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path.trim_start_matches("//"))).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?;
            // A pool tries again until it times out, so a wrong address or password is looked for first and reported at
            // once.
            PgConnection::connect_with(&options).await?.close().await?;
            let pool = || {
                PgPoolOptions::new()
                    .max_connections(8)
                    .acquire_timeout(Duration::from_secs(5))
                    .test_before_acquire(false)
                    // A server that restarts closes its connections. A connection that was used a moment ago needs no
                    // test.
                    .before_acquire(|connection, about| {
                        Box::pin(async move {
                            if about.idle_for > QUIET {
                                connection.ping().await?;
                            }
                            Ok(true)
                        })
                    })
            };
            let write = pool().connect_with(options.clone()).await?;
            let read = pool().connect_with(options.options([("default_transaction_read_only", "on")])).await?;
            Ok(Self::Postgres { read, write })
        } else {
            // The message never contains the whole URL, which may hold a password.
            Err(OpenError::Url(url.split(':').next().unwrap_or_default().to_owned()))
        }
    }

    async fn open_sqlite(path: &Path) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Deleted data is overwritten, because a row of a key must not survive in a free page.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5));
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            // A file needs no test of its connection.
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&write).await?;
        if version(&found) < SQLITE_MINIMUM {
            return Err(OpenError::SqliteTooOld { found });
        }
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            // A page of a list is read in one go, so that the reading thread does not wait for the caller.
            .connect_with(options.pragma("query_only", "ON").row_buffer_size(ROWS_AHEAD))
            .await?;
        Ok(Self::Sqlite { read, write })
    }

    /// Runs the migrations.
    ///
    /// # Errors
    /// The migration that failed.
    pub async fn migrate(&self, migrations: &Migrator) -> Result<(), OpenError> {
        match self {
            Self::Sqlite { write, .. } => migrations.run(write).await?,
            Self::Postgres { write, .. } => migrations.run(write).await?,
        }
        Ok(())
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<Reader, Fault> {
        Ok(match self {
            Self::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Self::Postgres { read, .. } => Reader::Postgres(read.acquire().await?),
        })
    }

    /// Runs `work` in a transaction, which is committed when the work succeeds. It runs in its own task, so a browser
    /// that closes its connection cannot interrupt it or damage the pool.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Fault>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
        T: Send + 'static,
    {
        let db = self.clone();
        let transaction = async move {
            let mut tx = match &db {
                // The write lock is taken at once, so that two transactions never both read before one of them writes.
                Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
                Self::Postgres { write, .. } => Tx::Postgres(write.begin().await?),
            };
            let result = work(&mut tx).await;
            match (result, tx) {
                (Ok(value), Tx::Sqlite(tx)) => tx.commit().await.map(|()| Ok(value))?,
                (Ok(value), Tx::Postgres(tx)) => tx.commit().await.map(|()| Ok(value))?,
                (Err(fault), Tx::Sqlite(tx)) => tx.rollback().await.map(|()| Err(fault))?,
                (Err(fault), Tx::Postgres(tx)) => tx.rollback().await.map(|()| Err(fault))?,
            }
        };
        let task = match OF_THIS_WORK.try_with(Arc::clone) {
            Ok(count) => tokio::spawn(OF_THIS_WORK.scope(count, transaction)),
            Err(_) => tokio::spawn(transaction),
        };
        task.await.map_err(|_| Fault::Broken("a transaction panicked"))?
    }

    /// The use of each pool, its connections, and how many of them are unused.
    pub(crate) fn pools(&self) -> [(&'static str, u32, usize); 2] {
        match self {
            Self::Sqlite { read, write } => {
                [("read", read.size(), read.num_idle()), ("write", write.size(), write.num_idle())]
            }
            Self::Postgres { read, write } => {
                [("read", read.size(), read.num_idle()), ("write", write.size(), write.num_idle())]
            }
        }
    }

    /// Waits until every connection is finished, then closes them.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

fn version(text: &str) -> (u32, u32, u32) {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}
