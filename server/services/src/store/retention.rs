//! Counts and deletes the data whose period is over, one batch at a time: how many rows, never whose. A dry run counts
//! with the same condition as the deletion.

use crate::{
    db::{Reads, Tx, count, execute, on},
    error::Fault,
};
use domain::{requests::RequestKind, time::Instant};
use uuid::Uuid;

/// The requests of the form `$1` that arrived before `$2`.
macro_rules! old_requests {
    () => {
        "FROM request WHERE kind = $1 AND received_at < $2"
    };
}

/// Requests of one form that arrived before `before`.
pub(crate) async fn count_requests(db: &mut impl Reads, kind: RequestKind, before: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", old_requests!()))
        .bind(kind.code())
        .bind(before.millis()))
}

/// Deletes the oldest of these requests, with their answers.
pub(crate) async fn delete_requests(
    tx: &mut Tx,
    kind: RequestKind,
    before: Instant,
    at_most: i64,
) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!(
        "DELETE FROM request WHERE id IN (SELECT id ",
        old_requests!(),
        " ORDER BY received_at, id LIMIT ($3 + 0))",
    ))
    .bind(kind.code())
    .bind(before.millis())
    .bind(at_most))
}

/// Which events were over at `$1`.
macro_rules! is_over {
    () => {
        "e.ends_at <= $1"
    };
}

/// Pre-registrations for events that were over at `now`.
pub(crate) async fn count_of_ended_events(db: &mut impl Reads, now: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!(
        "SELECT COUNT(*) FROM event e JOIN request r ON r.event_id = e.id WHERE ",
        is_over!(),
    ))
    .bind(now.millis()))
}

/// Deletes some of these pre-registrations, with their answers, one event after the other. For several events at once,
/// PostgreSQL would read all requests.
pub(crate) async fn delete_of_ended_events(tx: &mut Tx, now: Instant, at_most: i64) -> Result<u64, Fault> {
    let mut deleted = 0;
    while deleted < at_most {
        let event: Option<Uuid> = on!(tx, conn => sqlx::query_scalar(concat!(
            "SELECT e.id FROM event e WHERE ",
            is_over!(),
            " AND EXISTS (SELECT 1 FROM request r WHERE r.event_id = e.id) LIMIT 1",
        ))
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
        deleted = deleted.saturating_add_unsigned(gone);
    }
    Ok(deleted.unsigned_abs())
}

/// The requests about rights that were closed before `$1`.
macro_rules! closed_rights {
    () => {
        "FROM rights_request WHERE closed_at < $1"
    };
}

/// Requests about rights that were closed before `before`.
pub(crate) async fn count_rights(db: &mut impl Reads, before: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", closed_rights!())).bind(before.millis()))
}

/// Deletes the oldest of these requests.
pub(crate) async fn delete_rights(tx: &mut Tx, before: Instant, at_most: i64) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!(
        "DELETE FROM rights_request WHERE id IN (SELECT id ",
        closed_rights!(),
        " ORDER BY closed_at LIMIT ($2 + 0))",
    ))
    .bind(before.millis())
    .bind(at_most))
}

/// The sign-ups for the newsletter that nobody confirmed, asked for before `$1`.
macro_rules! unconfirmed {
    () => {
        "FROM subscription WHERE state = 'pending' AND asked_at < $1"
    };
}

/// Sign-ups for the newsletter that nobody confirmed, asked for before `before`.
pub(crate) async fn count_unconfirmed(db: &mut impl Reads, before: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", unconfirmed!())).bind(before.millis()))
}

/// Deletes the oldest of these sign-ups.
pub(crate) async fn delete_unconfirmed(tx: &mut Tx, before: Instant, at_most: i64) -> Result<u64, Fault> {
    // The state is checked twice, because on PostgreSQL somebody may confirm between the read and the deletion.
    execute!(tx => sqlx::query(concat!(
        "DELETE FROM subscription WHERE id IN (SELECT id ",
        unconfirmed!(),
        " ORDER BY asked_at LIMIT ($2 + 0)) AND state = 'pending'",
    ))
    .bind(before.millis())
    .bind(at_most))
}
