//! The consent ledger: append-only, chained (C8).

use crate::{
    db::{Reads, Tx, on},
    error::Fault,
};
use uuid::Uuid;

/// One receipt as the database has it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct ReceiptRow {
    pub(crate) number: i64,
    pub(crate) id: Uuid,
    pub(crate) at: i64,
    pub(crate) decisions: String,
    pub(crate) list_hash: Vec<u8>,
    pub(crate) text_hash: Vec<u8>,
    pub(crate) place: String,
    pub(crate) previous: Vec<u8>,
    pub(crate) mac: Vec<u8>,
}

/// The newest receipt.
pub(crate) async fn last(db: &mut impl Reads) -> Result<Option<ReceiptRow>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT number, id, at, decisions, list_hash, text_hash, place, previous, mac
         FROM consent_receipt ORDER BY number DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await)?)
}

/// The receipts after `number`, in order; at most `limit`.
pub(crate) async fn after(db: &mut impl Reads, number: i64, limit: i64) -> Result<Vec<ReceiptRow>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT number, id, at, decisions, list_hash, text_hash, place, previous, mac
         FROM consent_receipt WHERE number > $1 ORDER BY number LIMIT ($2 + 0)",
    )
    .bind(number)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// Appends a receipt; fails as a unique violation when somebody else appended first.
pub(crate) async fn insert(tx: &mut Tx, receipt: &ReceiptRow) -> Result<(), Fault> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO consent_receipt (number, id, at, decisions, list_hash, text_hash, place, previous, mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(receipt.number)
    .bind(receipt.id)
    .bind(receipt.at)
    .bind(&receipt.decisions)
    .bind(&receipt.list_hash)
    .bind(&receipt.text_hash)
    .bind(&receipt.place)
    .bind(&receipt.previous)
    .bind(&receipt.mac)
    .execute(conn)
    .await
    .map(drop))?;
    Ok(())
}

/// Keeps a text that was shown, once.
pub(crate) async fn keep_text(tx: &mut Tx, hash: &[u8], content: &str) -> Result<(), Fault> {
    on!(tx, conn => sqlx::query("INSERT INTO consent_text (hash, content) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
        .bind(hash)
        .bind(content)
        .execute(conn)
        .await
        .map(drop))?;
    Ok(())
}
