//! What is over, counted and deleted a batch at a time: how many, never who.

use crate::{
    db::{Reads, Tx, execute, on},
    error::Fault,
};
use domain::{requests::RequestKind, time::Instant};
use uuid::Uuid;

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// Requests of one form that arrived before `before`.
pub(crate) async fn count_requests(db: &mut impl Reads, kind: RequestKind, before: Instant) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM request WHERE kind = $1 AND received_at < $2",
    )
    .bind(kind.code())
    .bind(before.millis())
    .fetch_one(conn)
    .await)?;
    Ok(number(count))
}

/// Deletes the oldest of them, with their answers.
pub(crate) async fn delete_requests(
    tx: &mut Tx,
    kind: RequestKind,
    before: Instant,
    at_most: i64,
) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(
        "DELETE FROM request WHERE id IN (
             SELECT id FROM request WHERE kind = $1 AND received_at < $2 ORDER BY received_at, id LIMIT ($3 + 0)
         )",
    )
    .bind(kind.code())
    .bind(before.millis())
    .bind(at_most))
}

/// Pre-registrations for events that were over at `now`.
pub(crate) async fn count_of_ended_events(db: &mut impl Reads, now: Instant) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM event e JOIN request r ON r.event_id = e.id WHERE e.ends_at <= $1",
    )
    .bind(now.millis())
    .fetch_one(conn)
    .await)?;
    Ok(number(count))
}

/// Deletes some of them, with their answers, one event after the other.
pub(crate) async fn delete_of_ended_events(tx: &mut Tx, now: Instant, at_most: i64) -> Result<u64, Fault> {
    let mut deleted = 0;
    while deleted < at_most {
        let event: Option<Uuid> = on!(tx, conn => sqlx::query_scalar(
            "SELECT e.id FROM event e
             WHERE e.ends_at <= $1 AND EXISTS (SELECT 1 FROM request r WHERE r.event_id = e.id) LIMIT 1",
        )
        .bind(now.millis())
        .fetch_optional(conn)
        .await)?;
        let Some(event) = event else { break };
        let gone = execute!(tx => sqlx::query(
            "DELETE FROM request WHERE id IN (
                 SELECT id FROM request WHERE event_id = $1 ORDER BY received_at LIMIT ($2 + 0)
             )",
        )
        .bind(event)
        .bind(at_most - deleted))?;
        deleted += i64::try_from(gone).unwrap_or(0);
    }
    Ok(number(deleted))
}

/// Requests about rights that were closed before `before`.
pub(crate) async fn count_rights(db: &mut impl Reads, before: Instant) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM rights_request WHERE closed_at < $1")
        .bind(before.millis())
        .fetch_one(conn)
        .await)?;
    Ok(number(count))
}

/// Deletes the oldest of them.
pub(crate) async fn delete_rights(tx: &mut Tx, before: Instant, at_most: i64) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(
        "DELETE FROM rights_request WHERE id IN (
             SELECT id FROM rights_request WHERE closed_at < $1 ORDER BY closed_at LIMIT ($2 + 0)
         )",
    )
    .bind(before.millis())
    .bind(at_most))
}

/// Sign-ups for the newsletter that nobody confirmed, asked for before `before`.
pub(crate) async fn count_unconfirmed(db: &mut impl Reads, before: Instant) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM subscription WHERE state = 'pending' AND asked_at < $1",
    )
    .bind(before.millis())
    .fetch_one(conn)
    .await)?;
    Ok(number(count))
}

/// Deletes the oldest of them.
pub(crate) async fn delete_unconfirmed(tx: &mut Tx, before: Instant, at_most: i64) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(
        "DELETE FROM subscription WHERE id IN (
             SELECT id FROM subscription WHERE state = 'pending' AND asked_at < $1 ORDER BY asked_at LIMIT ($2 + 0)
         ) AND state = 'pending'",
    )
    .bind(before.millis())
    .bind(at_most))
}

/// Visits before `before`.
pub(crate) async fn count_visits(db: &mut impl Reads, before: Instant) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM visit WHERE at < $1")
        .bind(before.millis())
        .fetch_one(conn)
        .await)?;
    Ok(number(count))
}
