//! The keyring database: one wrapped key per young person, and the head of the ledger (V8, C8).

use crate::{
    db::{Reads, Tx, execute, on},
    error::Fault,
};
use domain::{ids::YouthId, time::Instant};
use uuid::Uuid;

/// The wrapped key of a person.
pub(crate) async fn find(db: &mut impl Reads, youth: YouthId) -> Result<Option<Vec<u8>>, Fault> {
    Ok(on!(db, conn => sqlx::query_scalar("SELECT wrapped_key FROM person_key WHERE youth_id = $1")
        .bind(Uuid::from(youth))
        .fetch_optional(conn)
        .await)?)
}

/// Stores a person's key, unless the person has one already.
pub(crate) async fn insert(tx: &mut Tx, youth: YouthId, wrapped: &[u8], at: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO person_key (youth_id, wrapped_key, created_at) VALUES ($1, $2, $3) ON CONFLICT (youth_id) DO NOTHING",
    )
    .bind(Uuid::from(youth))
    .bind(wrapped)
    .bind(at.millis()))?;
    Ok(())
}

/// The fingerprint of the master key with which this keyring was made. The first call stores `mine`.
pub(crate) async fn fingerprint(tx: &mut Tx, mine: &[u8]) -> Result<Vec<u8>, Fault> {
    execute!(tx => sqlx::query("INSERT INTO key_check (id, fingerprint) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(mine))?;
    Ok(on!(tx, conn => sqlx::query_scalar("SELECT fingerprint FROM key_check WHERE id = 1").fetch_one(conn).await)?)
}

/// The newest link of the ledger: how many receipts, and its keyed hash.
#[derive(sqlx::FromRow)]
pub(crate) struct LedgerHead {
    pub(crate) receipts: i64,
    pub(crate) mac: Vec<u8>,
}

/// The newest link of the ledger.
pub(crate) async fn ledger_head(db: &mut impl Reads) -> Result<Option<LedgerHead>, Fault> {
    Ok(
        on!(db, conn => sqlx::query_as("SELECT receipts, mac FROM ledger_head WHERE id = 1").fetch_optional(conn).await)?,
    )
}

/// Moves the head on from `from`, the one that was read before. Changes nothing when another instance moved it first.
pub(crate) async fn advance_ledger(tx: &mut Tx, from: &LedgerHead, to: &LedgerHead) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO ledger_head (id, receipts, mac) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET receipts = $1, mac = $2
         WHERE ledger_head.receipts = $3 AND ledger_head.mac = $4",
    )
    .bind(to.receipts)
    .bind(&to.mac)
    .bind(from.receipts)
    .bind(&from.mac))?;
    Ok(())
}

/// The beginning of the ledger: how many receipts were deleted by age, and the keyed hash of the last of them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct LedgerCheckpoint {
    pub(crate) receipts: i64,
    pub(crate) mac: Vec<u8>,
    pub(crate) at: i64,
    pub(crate) seal: Vec<u8>,
}

/// The beginning of the ledger; nothing before the first receipt was deleted.
pub(crate) async fn ledger_checkpoint(db: &mut impl Reads) -> Result<Option<LedgerCheckpoint>, Fault> {
    Ok(on!(db, conn => sqlx::query_as("SELECT receipts, mac, at, seal FROM ledger_checkpoint WHERE id = 1")
        .fetch_optional(conn)
        .await)?)
}

/// Moves the beginning of the ledger forward, never back.
pub(crate) async fn advance_checkpoint(tx: &mut Tx, to: &LedgerCheckpoint) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO ledger_checkpoint (id, receipts, mac, at, seal) VALUES (1, $1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET receipts = $1, mac = $2, at = $3, seal = $4
         WHERE ledger_checkpoint.receipts < $1",
    )
    .bind(to.receipts)
    .bind(&to.mac)
    .bind(to.at)
    .bind(&to.seal))?;
    Ok(())
}
