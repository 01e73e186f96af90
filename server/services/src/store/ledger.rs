//! The consent ledger, which is append-only and chained (C8), and the texts to which its receipts refer.

use crate::{
    access::{Access, HouseFacts, SeeConsents},
    db::{Reads, Tx, count, execute, on},
    error::Fault,
};
use domain::{paging::PAGE_SIZE, time::Instant};
use uuid::Uuid;

/// One receipt as it is stored.
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

/// Appends a receipt. It fails as a unique violation when another instance appended first.
pub(crate) async fn insert(tx: &mut Tx, receipt: &ReceiptRow) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
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
    .bind(&receipt.mac))?;
    Ok(())
}

/// The receipts up to the number `$1`.
macro_rules! receipts_up_to {
    () => {
        "FROM consent_receipt WHERE number <= $1"
    };
}

/// How many receipts there are up to `number`.
pub(crate) async fn count_up_to(db: &mut impl Reads, number: i64) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", receipts_up_to!())).bind(number))
}

/// Deletes the receipts up to `number`, after a checkpoint was sealed, and returns how many.
pub(crate) async fn delete_up_to(tx: &mut Tx, number: i64) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", receipts_up_to!())).bind(number))
}

/// A receipt with its texts.
#[derive(sqlx::FromRow)]
pub(crate) struct WholeReceipt {
    pub(crate) at: i64,
    pub(crate) decisions: String,
    pub(crate) list_hash: Vec<u8>,
    pub(crate) text_hash: Vec<u8>,
    pub(crate) place: String,
    pub(crate) list: String,
    pub(crate) text: String,
}

/// The receipt with that random id. Only the browser that made the choice has the id, so it needs no other proof.
pub(crate) async fn find(db: &mut impl Reads, id: Uuid) -> Result<Option<WholeReceipt>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT r.at, r.decisions, r.list_hash, r.text_hash, r.place, l.content AS list, t.content AS text
         FROM consent_receipt r
         JOIN consent_text l ON l.hash = r.list_hash
         JOIN consent_text t ON t.hash = r.text_hash
         WHERE r.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await)?)
}

/// Stores a text that was shown, once.
pub(crate) async fn keep_text(tx: &mut Tx, hash: &[u8], content: &str, at: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO consent_text (hash, content, first_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
    )
    .bind(hash)
    .bind(content)
    .bind(at.millis()))?;
    Ok(())
}

/// A text or a list as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct TextRow {
    pub(crate) hash: Vec<u8>,
    pub(crate) content: String,
    pub(crate) first_at: i64,
}

/// The texts whose hash comes after `hash`, in its order; at most `limit`.
pub(crate) async fn texts_after(db: &mut impl Reads, hash: &[u8], limit: i64) -> Result<Vec<TextRow>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT hash, content, first_at FROM consent_text WHERE hash > $1 ORDER BY hash LIMIT ($2 + 0)",
    )
    .bind(hash)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// One page of the texts, the newest first.
pub(crate) async fn texts(
    db: &mut impl Reads,
    _: &Access<SeeConsents, HouseFacts>,
    page: u32,
) -> Result<Vec<TextRow>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT hash, content, first_at FROM consent_text ORDER BY first_at DESC, hash DESC LIMIT ($1 + 0) OFFSET $2",
    )
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?)
}

/// How many texts there are.
pub(crate) async fn count_texts(db: &mut impl Reads) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar("SELECT COUNT(*) FROM consent_text"))
}

/// The texts, first shown before `$1`, that no receipt after the number `$2` refers to.
macro_rules! idle_texts {
    () => {
        "FROM consent_text WHERE first_at < $1
         AND NOT EXISTS (SELECT 1 FROM consent_receipt r WHERE r.list_hash = consent_text.hash AND r.number > $2)
         AND NOT EXISTS (SELECT 1 FROM consent_receipt r WHERE r.text_hash = consent_text.hash AND r.number > $2)"
    };
}

/// How many texts, first shown before `before`, no receipt after `number` refers to.
pub(crate) async fn count_idle_texts(db: &mut impl Reads, before: Instant, number: i64) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", idle_texts!())).bind(before.millis()).bind(number))
}

/// Removes the texts, first shown before `before`, that no receipt after `number` refers to; returns how many.
pub(crate) async fn delete_idle_texts(tx: &mut Tx, before: Instant, number: i64) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", idle_texts!())).bind(before.millis()).bind(number))
}
