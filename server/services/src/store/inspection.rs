//! What `balise doctor` counts. It reads only numbers and ids: no names and no content.

use crate::{
    db::{Reads, on},
    error::Fault,
};
use domain::{
    ids::{DocumentId, YouthId},
    time::Instant,
};
use uuid::Uuid;

/// A document of any person, to be opened.
#[derive(sqlx::FromRow)]
pub(crate) struct Sealed {
    pub(crate) id: Uuid,
    pub(crate) youth_id: Uuid,
    pub(crate) bytes: i64,
    pub(crate) sealed_record: Option<Vec<u8>>,
    pub(crate) wrapped_key: Option<Vec<u8>>,
}

/// The committed documents from `id` on, in their order; at most `limit`.
pub(crate) async fn documents_from(db: &mut impl Reads, id: DocumentId, limit: i64) -> Result<Vec<Sealed>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT id, youth_id, bytes, sealed_record, wrapped_key FROM document
         WHERE id >= $1 AND state = 'committed' ORDER BY id LIMIT $2",
    )
    .bind(Uuid::from(id))
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// The last committed document.
pub(crate) async fn last_document(db: &mut impl Reads) -> Result<Option<Uuid>, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SELECT id FROM document WHERE state = 'committed' ORDER BY id DESC LIMIT 1")
        .fetch_optional(conn)
        .await)?)
}

/// How many documents are committed.
pub(crate) async fn documents(db: &mut impl Reads) -> Result<i64, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM document WHERE state = 'committed'")
        .fetch_one(conn)
        .await)?)
}

/// Deposits begun before `before` that were never finished, and deletions that were never swept.
pub(crate) async fn unfinished(db: &mut impl Reads, before: Instant) -> Result<i64, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM document WHERE state IN ('pending', 'deleted') AND created_at < $1",
    )
    .bind(before.millis())
    .fetch_one(conn)
    .await)?)
}

/// Vaults whose stored counts of documents and bytes differ from their documents.
pub(crate) async fn miscounted_vaults(db: &mut impl Reads) -> Result<i64, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM vault v LEFT JOIN (
             SELECT youth_id, COUNT(*) AS documents, CAST(SUM(bytes) AS BIGINT) AS bytes
             FROM document WHERE state <> 'deleted' GROUP BY youth_id
         ) d ON d.youth_id = v.youth_id
         WHERE v.documents <> COALESCE(d.documents, 0) OR v.bytes <> COALESCE(d.bytes, 0)",
    )
    .fetch_one(conn)
    .await)?)
}

/// The people after `youth` who have a committed document, in order; at most `limit`.
pub(crate) async fn owners_after(db: &mut impl Reads, youth: YouthId, limit: i64) -> Result<Vec<Uuid>, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar(
        "SELECT v.youth_id FROM vault v WHERE v.youth_id > $1
         AND EXISTS (SELECT 1 FROM document d WHERE d.youth_id = v.youth_id AND d.state = 'committed')
         ORDER BY v.youth_id LIMIT $2",
    )
    .bind(Uuid::from(youth))
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// The people after `youth`, in order; at most `limit`.
pub(crate) async fn people_after(db: &mut impl Reads, youth: YouthId, limit: i64) -> Result<Vec<Uuid>, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SELECT id FROM youth WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(Uuid::from(youth))
        .bind(limit)
        .fetch_all(conn)
        .await)?)
}

/// The people after `youth` who have a key in the keyring, in order; at most `limit`.
pub(crate) async fn keys_after(db: &mut impl Reads, youth: YouthId, limit: i64) -> Result<Vec<Uuid>, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar(
        "SELECT youth_id FROM person_key WHERE youth_id > $1 ORDER BY youth_id LIMIT $2",
    )
    .bind(Uuid::from(youth))
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// The fingerprint of the master key with which the keyring was made, if it has been used.
pub(crate) async fn fingerprint(db: &mut impl Reads) -> Result<Option<Vec<u8>>, Fault> {
    Ok(
        on!(db, conn => sqlx::query_scalar("SELECT fingerprint FROM key_check WHERE id = 1").fetch_optional(conn).await)?,
    )
}

/// Administrators who may sign in.
pub(crate) async fn active_administrators(db: &mut impl Reads, role: &str) -> Result<i64, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM account WHERE role = $1 AND state = 'active'")
        .bind(role)
        .fetch_one(conn)
        .await)?)
}

/// The number of mails that have waited since before `before`, and of those that were given up since `after`.
pub(crate) async fn stuck_mails(db: &mut impl Reads, before: Instant, after: Instant) -> Result<(i64, i64), Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT COALESCE(SUM(CASE WHEN state = 'waiting' AND created_at < $1 THEN 1 ELSE 0 END), 0),
                COALESCE(SUM(CASE WHEN state = 'failed' AND ended_at > $2 THEN 1 ELSE 0 END), 0)
         FROM mail",
    )
    .bind(before.millis())
    .bind(after.millis())
    .fetch_one(conn)
    .await)?)
}

/// The runs of jobs that failed since `after`.
pub(crate) async fn failed_runs(db: &mut impl Reads, after: Instant) -> Result<i64, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM job_run WHERE started_at > $1 AND outcome = 'failed'")
        .bind(after.millis())
        .fetch_one(conn)
        .await)?)
}

/// The latest moment in the database: of a choice about cookies, a visit or a new account.
pub(crate) async fn latest(db: &mut impl Reads) -> Result<Option<Instant>, Fault> {
    let latest: Option<i64> = on!(db, conn => sqlx::query_scalar(
        "SELECT MAX(at) FROM (
             SELECT MAX(last_seen_at) AS at FROM session
             UNION ALL SELECT MAX(created_at) FROM account
             UNION ALL SELECT at FROM consent_receipt WHERE number = (SELECT MAX(number) FROM consent_receipt)
         ) AS moments",
    )
    .fetch_one(conn)
    .await)?;
    Ok(latest.map(Instant::from_millis))
}

/// The version of the embedded engine.
pub(crate) async fn sqlite_version(db: &mut impl Reads) -> Result<String, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SELECT sqlite_version()").fetch_one(conn).await)?)
}

/// The version of the database's server.
pub(crate) async fn postgres_version(db: &mut impl Reads) -> Result<String, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SHOW server_version").fetch_one(conn).await)?)
}

/// The answer of SQLite's own check of its file.
pub(crate) async fn quick_check(db: &mut impl Reads) -> Result<Vec<String>, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("PRAGMA quick_check(3)").fetch_all(conn).await)?)
}

/// The number of SQLite rows that refer to a missing row. Only the number: a row may belong to a person.
pub(crate) async fn dangling(db: &mut impl Reads) -> Result<usize, Fault> {
    Ok(on!(db, conn => sqlx::query("PRAGMA foreign_key_check").fetch_all(conn).await.map(|rows| rows.len()))?)
}

/// The migrations that were run: version, whether it was completed, checksum. None when none was ever run.
pub(crate) async fn migrations_run(db: &mut impl Reads, embedded: bool) -> Result<Vec<(i64, bool, Vec<u8>)>, Fault> {
    // Each engine has another list of its tables.
    let there = match embedded {
        true => "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
        false => "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')",
    };
    let there: i64 = on!(db, conn => sqlx::query_scalar(there).fetch_one(conn).await)?;
    if there == 0 {
        return Ok(Vec::new());
    }
    Ok(on!(db, conn => sqlx::query_as("SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version")
        .fetch_all(conn)
        .await)?)
}
