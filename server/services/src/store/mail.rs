//! The outbox, and the pause of its queue. Nothing here reads the content of a mail.

use crate::{
    access::{Access, HouseFacts, SeeTasks},
    db::{Reads, Tx, count, execute, on},
    error::Fault,
    store::known,
};
use domain::{
    mail::MessageKind,
    paging::PAGE_SIZE,
    tasks::{FailedMail, OutboxState},
    time::Instant,
};
use uuid::Uuid;

/// A mail for the outbox: it is composed and sealed, and has its Message-ID.
pub(crate) struct Letter {
    pub(crate) id: Uuid,
    pub(crate) message_id: String,
    pub(crate) kind: MessageKind,
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: Instant,
}

/// Puts a letter into the outbox, in the transaction that causes it.
pub(crate) async fn enqueue(tx: &mut Tx, letter: &Letter) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO mail (id, message_id, kind, state, sealed, created_at, attempts, next_attempt_at, lease_until)
         VALUES ($1, $2, $3, 'waiting', $4, $5, 0, $5, 0)",
    )
    .bind(letter.id)
    .bind(&letter.message_id)
    .bind(letter.kind.code())
    .bind(&letter.sealed)
    .bind(letter.created_at.millis()))?;
    Ok(())
}

/// A mail that only this instance may send until its lease ends.
#[derive(sqlx::FromRow)]
pub(crate) struct Claimed {
    pub(crate) id: Uuid,
    pub(crate) message_id: String,
    pub(crate) kind: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) attempts: i64,
}

/// Takes the next mail that is due, under `lease` until `until`. Returns nothing when there is none, or when another
/// instance took it at this moment.
pub(crate) async fn claim(tx: &mut Tx, lease: Uuid, at: Instant, until: Instant) -> Result<Option<Claimed>, Fault> {
    Ok(on!(tx, conn => sqlx::query_as(
        "UPDATE mail SET lease = $1, lease_until = $2
         WHERE id = (
             SELECT m.id FROM mail m
             WHERE m.state = 'waiting' AND m.next_attempt_at <= $3 AND m.lease_until <= $3
             ORDER BY m.next_attempt_at, m.id LIMIT 1
         ) AND state = 'waiting' AND lease_until <= $3
         RETURNING id, message_id, kind, sealed, created_at, attempts",
    )
    .bind(lease)
    .bind(until.millis())
    .bind(at.millis())
    .fetch_optional(conn)
    .await)?)
}

/// Whether a mail is due that nobody holds.
pub(crate) async fn is_due(db: &mut impl Reads, at: Instant) -> Result<bool, Fault> {
    let due: i64 = on!(db, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM (
             SELECT 1 FROM mail WHERE state = 'waiting' AND next_attempt_at <= $1 AND lease_until <= $1 LIMIT 1
         ) AS one",
    )
    .bind(at.millis())
    .fetch_one(conn)
    .await)?;
    Ok(due > 0)
}

/// Ends a mail, and destroys its content. It was sent when there is no `reason`, and given up when there is one.
pub(crate) async fn end(
    tx: &mut Tx,
    mail: Uuid,
    lease: Uuid,
    at: Instant,
    given_up: Option<&str>,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "UPDATE mail SET state = $1, reason = $2, ended_at = $3, sealed = NULL, attempts = attempts + 1,
                lease = NULL, lease_until = 0
         WHERE id = $4 AND lease = $5 AND state = 'waiting'",
    )
    .bind(if given_up.is_some() { "failed" } else { "sent" })
    .bind(given_up)
    .bind(at.millis())
    .bind(mail)
    .bind(lease))?;
    Ok(())
}

/// Makes a mail wait for its next attempt.
pub(crate) async fn put_off(
    tx: &mut Tx,
    mail: Uuid,
    lease: Uuid,
    next_attempt_at: Instant,
    reason: &str,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "UPDATE mail SET attempts = attempts + 1, next_attempt_at = $1, reason = $2, lease = NULL, lease_until = 0
         WHERE id = $3 AND lease = $4 AND state = 'waiting'",
    )
    .bind(next_attempt_at.millis())
    .bind(reason)
    .bind(mail)
    .bind(lease))?;
    Ok(())
}

/// Gives a mail back that was not tried, so that it keeps its place in the queue.
pub(crate) async fn give_back(tx: &mut Tx, mail: Uuid, lease: Uuid) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE mail SET lease = NULL, lease_until = 0 WHERE id = $1 AND lease = $2")
        .bind(mail)
        .bind(lease))?;
    Ok(())
}

/// Ends every lease. Call it at the start of a portal, and only when there is one instance.
pub(crate) async fn end_leases(tx: &mut Tx) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE mail SET lease = NULL, lease_until = 0 WHERE state = 'waiting' AND lease IS NOT NULL"))?;
    Ok(())
}

/// Gives up the mails written before `before` that nobody is sending; returns how many.
pub(crate) async fn give_up(tx: &mut Tx, before: Instant, at: Instant, reason: &str) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(
        "UPDATE mail SET state = 'failed', sealed = NULL, ended_at = $1, reason = $2, lease = NULL, lease_until = 0
         WHERE state = 'waiting' AND created_at < $3 AND lease_until <= $1",
    )
    .bind(at.millis())
    .bind(reason)
    .bind(before.millis()))
}

/// Since when the queue waits for the mail server, and until when.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(crate) struct Pause {
    pub(crate) since: i64,
    pub(crate) until: i64,
}

/// The last pause of the queue, which may have ended.
pub(crate) async fn pause(db: &mut impl Reads) -> Result<Option<Pause>, Fault> {
    Ok(on!(db, conn => sqlx::query_as("SELECT since, until FROM mail_pause WHERE id = 1")
        .fetch_optional(conn)
        .await)?)
}

/// Records one more failure to reach the server and returns how many there are now in a row.
pub(crate) async fn count_failure(tx: &mut Tx, at: Instant, reason: &str) -> Result<i64, Fault> {
    Ok(on!(tx, conn => sqlx::query_scalar(
        "INSERT INTO mail_pause (id, since, failures, until, reason) VALUES (1, $1, 1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET failures = mail_pause.failures + 1, reason = $2
         RETURNING failures",
    )
    .bind(at.millis())
    .bind(reason)
    .fetch_one(conn)
    .await)?)
}

/// Makes the queue wait until `until`.
pub(crate) async fn pause_until(tx: &mut Tx, until: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE mail_pause SET until = $1 WHERE id = 1")
        .bind(until.millis()))?;
    Ok(())
}

/// Ends the pause: the server answers again, or the settings name another one.
pub(crate) async fn end_pause(tx: &mut Tx) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM mail_pause WHERE id = 1"))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct OutboxRow {
    waiting: i64,
    failed: i64,
    silent_since: Option<i64>,
    silent_until: Option<i64>,
}

/// The numbers of the outbox.
pub(crate) async fn outbox(db: &mut impl Reads, _: &Access<SeeTasks, HouseFacts>) -> Result<OutboxState, Fault> {
    let row: OutboxRow = on!(db, conn => sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM mail WHERE state = 'waiting') AS waiting,
                (SELECT COUNT(*) FROM mail WHERE state = 'failed') AS failed,
                (SELECT since FROM mail_pause WHERE id = 1) AS silent_since,
                (SELECT until FROM mail_pause WHERE id = 1) AS silent_until",
    )
    .fetch_one(conn)
    .await)?;
    Ok(OutboxState {
        waiting: u64::try_from(row.waiting).unwrap_or(0),
        failed: u64::try_from(row.failed).unwrap_or(0),
        silent: row.silent_since.map(Instant::from_millis).zip(row.silent_until.map(Instant::from_millis)),
    })
}

#[derive(sqlx::FromRow)]
struct FailedRow {
    kind: String,
    created_at: i64,
    ended_at: i64,
    reason: Option<String>,
}

/// One page of the mails that were given up, newest first.
pub(crate) async fn failed(
    db: &mut impl Reads,
    _: &Access<SeeTasks, HouseFacts>,
    page: u32,
) -> Result<Vec<FailedMail>, Fault> {
    let rows: Vec<FailedRow> = on!(db, conn => sqlx::query_as(
        "SELECT kind, created_at, ended_at, reason FROM mail WHERE state = 'failed'
         ORDER BY ended_at DESC, id DESC LIMIT ($1 + 0) OFFSET $2",
    )
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    rows.into_iter()
        .map(|row| {
            Ok(FailedMail {
                kind: known(MessageKind::from_code(&row.kind))?,
                written_at: Instant::from_millis(row.created_at),
                ended_at: Instant::from_millis(row.ended_at),
                reason: row.reason.unwrap_or_default(),
            })
        })
        .collect()
}

/// The mails that ended in the state `$1` before `$2`.
macro_rules! ended {
    () => {
        "FROM mail WHERE state = $1 AND ended_at < $2"
    };
}

/// How many mails ended in `state` before `before`.
pub(crate) async fn count_ended(db: &mut impl Reads, state: &'static str, before: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", ended!())).bind(state).bind(before.millis()))
}

/// Removes the mails that ended in `state` before `before`; returns how many.
pub(crate) async fn delete_ended(tx: &mut Tx, state: &'static str, before: Instant) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", ended!())).bind(state).bind(before.millis()))
}
