//! Counts of attempts at everything that can be guessed. Buckets are keyed hashes, so no identifier or address is
//! stored.

use crate::{
    db::{Reads, Tx, count, execute, on},
    error::Fault,
};
use domain::time::Instant;

#[derive(sqlx::FromRow)]
struct Row {
    attempts: i64,
    since: i64,
}

/// Counts one more attempt in `bucket`, whose count starts again after `window_millis`. Returns how many attempts there
/// are now, and since when.
pub(crate) async fn count(
    tx: &mut Tx,
    bucket: &[u8],
    at: Instant,
    window_millis: i64,
) -> Result<(i64, Instant), Fault> {
    let row: Row = on!(tx, conn => sqlx::query_as(
        "INSERT INTO throttle (bucket, attempts, since) VALUES ($1, 1, $2)
         ON CONFLICT (bucket) DO UPDATE SET
             attempts = CASE WHEN throttle.since <= $3 THEN 1 ELSE throttle.attempts + 1 END,
             since = CASE WHEN throttle.since <= $3 THEN $2 ELSE throttle.since END
         RETURNING attempts, since",
    )
    .bind(bucket)
    .bind(at.millis())
    .bind(at.plus_millis(-window_millis).millis())
    .fetch_one(conn)
    .await)?;
    Ok((row.attempts, Instant::from_millis(row.since)))
}

/// Deletes the count of `bucket`, because the right answer was given.
pub(crate) async fn clear(tx: &mut Tx, bucket: &[u8]) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM throttle WHERE bucket = $1").bind(bucket))?;
    Ok(())
}

/// Takes one attempt back. It was right, so it must not count against other people behind the same address.
pub(crate) async fn give_back(tx: &mut Tx, bucket: &[u8]) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE throttle SET attempts = attempts - 1 WHERE bucket = $1 AND attempts > 0")
        .bind(bucket))?;
    Ok(())
}

/// The buckets that were begun before `$1`.
macro_rules! older {
    () => {
        "FROM throttle WHERE since < $1"
    };
}

/// How many buckets were begun before `at`.
pub(crate) async fn count_older(db: &mut impl Reads, at: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", older!())).bind(at.millis()))
}

/// Removes the buckets begun before `at`; returns how many.
pub(crate) async fn delete_older(tx: &mut Tx, at: Instant) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", older!())).bind(at.millis()))
}
