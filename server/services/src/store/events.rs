//! Events for which people can pre-register, and the records of hand-overs (F5).

use crate::{
    access::{Access, ForwardEvent, HouseFacts, KindFacts, ManageEvents, ReadRequest},
    db::{Reads, Tx, execute, on},
    error::Fault,
};
use data_encoding::HEXLOWER;
use domain::{
    events::{Event, Forwarding, NewEvent},
    ids::{AccountId, EventId, ForwardingId},
    paging::PAGE_SIZE,
    time::Instant,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    place: String,
    description: String,
    starts_at: i64,
    ends_at: i64,
    closed_at: Option<i64>,
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            place: row.place,
            description: row.description,
            starts_at: Instant::from_millis(row.starts_at),
            ends_at: Instant::from_millis(row.ends_at),
            closed_at: row.closed_at.map(Instant::from_millis),
        }
    }
}

fn offset(page: u32) -> i64 {
    i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE)
}

/// How many events there are.
pub(crate) async fn count(db: &mut impl Reads) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM event").fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// One page of the events, the last to end first.
pub(crate) async fn page(
    db: &mut impl Reads,
    _: &Access<ManageEvents, HouseFacts>,
    page: u32,
) -> Result<Vec<Event>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT id, name, place, description, starts_at, ends_at, closed_at FROM event
         ORDER BY ends_at DESC, id DESC LIMIT ($1 + 0) OFFSET $2",
    )
    .bind(i64::from(PAGE_SIZE))
    .bind(offset(page))
    .fetch_all(conn)
    .await)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// How many pre-registrations each event of a page has.
pub(crate) async fn registrations(
    db: &mut impl Reads,
    _: &Access<ReadRequest, KindFacts>,
    page: u32,
) -> Result<Vec<(EventId, u64)>, Fault> {
    let rows: Vec<(Uuid, i64)> = on!(db, conn => sqlx::query_as(
        "SELECT e.id, (SELECT COUNT(*) FROM request r WHERE r.event_id = e.id) FROM (
             SELECT id FROM event ORDER BY ends_at DESC, id DESC LIMIT ($1 + 0) OFFSET $2
         ) e",
    )
    .bind(i64::from(PAGE_SIZE))
    .bind(offset(page))
    .fetch_all(conn)
    .await)?;
    Ok(rows.into_iter().map(|(event, count)| (event.into(), u64::try_from(count).unwrap_or(0))).collect())
}

/// How many pre-registrations `event` has.
pub(crate) async fn count_registrations(
    db: &mut impl Reads,
    _: &Access<ReadRequest, KindFacts>,
    event: EventId,
) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM request WHERE event_id = $1")
        .bind(Uuid::from(event))
        .fetch_one(conn)
        .await)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// One event.
pub(crate) async fn one(db: &mut impl Reads, event: EventId) -> Result<Option<Event>, Fault> {
    let row: Option<Row> = on!(db, conn => sqlx::query_as(
        "SELECT id, name, place, description, starts_at, ends_at, closed_at FROM event WHERE id = $1",
    )
    .bind(Uuid::from(event))
    .fetch_optional(conn)
    .await)?;
    Ok(row.map(Event::from))
}

/// The events that are open at `at`, the first to end first; at most `limit`.
pub(crate) async fn open(db: &mut impl Reads, at: Instant, limit: i64) -> Result<Vec<Event>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT id, name, place, description, starts_at, ends_at, closed_at FROM event
         WHERE ends_at > $1 AND closed_at IS NULL ORDER BY ends_at, id LIMIT ($2 + 0)",
    )
    .bind(at.millis())
    .bind(limit)
    .fetch_all(conn)
    .await)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// Creates an open event; returns nothing when this id exists already.
pub(crate) async fn insert(
    tx: &mut Tx,
    _: &Access<ManageEvents, HouseFacts>,
    id: EventId,
    new: &NewEvent,
    at: Instant,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO event (id, name, place, description, starts_at, ends_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(Uuid::from(id))
    .bind(&new.name)
    .bind(&new.place)
    .bind(&new.description)
    .bind(new.starts_at.millis())
    .bind(new.ends_at.millis())
    .bind(at.millis()))?;
    Ok(())
}

/// Changes an event that is not over at `at`; false when there is none.
pub(crate) async fn change(
    tx: &mut Tx,
    _: &Access<ManageEvents, HouseFacts>,
    id: EventId,
    new: &NewEvent,
    at: Instant,
) -> Result<bool, Fault> {
    Ok(execute!(tx => sqlx::query(
        "UPDATE event SET name = $1, place = $2, description = $3, starts_at = $4, ends_at = $5
         WHERE id = $6 AND ends_at > $7",
    )
    .bind(&new.name)
    .bind(&new.place)
    .bind(&new.description)
    .bind(new.starts_at.millis())
    .bind(new.ends_at.millis())
    .bind(Uuid::from(id))
    .bind(at.millis()))?
        == 1)
}

/// Closes an event that is not over at `at`, or reopens it; returns false when there is none. An event that is closed
/// twice keeps the moment of the first time.
pub(crate) async fn close(
    tx: &mut Tx,
    _: &Access<ManageEvents, HouseFacts>,
    id: EventId,
    closed: bool,
    at: Instant,
) -> Result<bool, Fault> {
    Ok(execute!(tx => sqlx::query(
        "UPDATE event SET closed_at = CASE WHEN $1 THEN COALESCE(closed_at, $2) ELSE NULL END
         WHERE id = $3 AND ends_at > $2",
    )
    .bind(closed)
    .bind(at.millis())
    .bind(Uuid::from(id)))?
        == 1)
}

/// A pre-registration to be handed over.
#[derive(sqlx::FromRow)]
pub(crate) struct Registration {
    pub(crate) received_at: i64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) birth_date: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) structure: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
}

/// The pre-registrations of `event`, oldest first; at most `limit`.
pub(crate) async fn to_forward(
    db: &mut impl Reads,
    _: &Access<ForwardEvent, HouseFacts>,
    event: EventId,
    limit: i64,
) -> Result<Vec<Registration>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT received_at, first_name, last_name, birth_date, postal_code, structure, phone, email FROM request
         WHERE event_id = $1 ORDER BY received_at, id LIMIT ($2 + 0)",
    )
    .bind(Uuid::from(event))
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// The record of a hand-over.
pub(crate) struct NewForwarding<'f> {
    pub(crate) id: ForwardingId,
    pub(crate) event: EventId,
    pub(crate) at: Instant,
    pub(crate) staff: AccountId,
    pub(crate) recipient: &'f str,
    pub(crate) requests: usize,
    pub(crate) sha256: &'f [u8],
}

/// Records that pre-registrations were handed over.
pub(crate) async fn note_forwarding(
    tx: &mut Tx,
    _: &Access<ForwardEvent, HouseFacts>,
    new: &NewForwarding<'_>,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO forwarding (id, event_id, at, staff_id, recipient, requests, sha256)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(Uuid::from(new.id))
    .bind(Uuid::from(new.event))
    .bind(new.at.millis())
    .bind(Uuid::from(new.staff))
    .bind(new.recipient)
    .bind(i64::try_from(new.requests).unwrap_or(i64::MAX))
    .bind(new.sha256))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ForwardingRow {
    id: Uuid,
    at: i64,
    name: String,
    recipient: String,
    requests: i64,
    sha256: Vec<u8>,
}

/// The hand-overs of `event`, newest first; at most fifty.
pub(crate) async fn forwardings(
    db: &mut impl Reads,
    _: &Access<ForwardEvent, HouseFacts>,
    event: EventId,
) -> Result<Vec<Forwarding>, Fault> {
    let rows: Vec<ForwardingRow> = on!(db, conn => sqlx::query_as(
        "SELECT f.id, f.at, s.name, f.recipient, f.requests, f.sha256 FROM forwarding f
         JOIN staff s ON s.account_id = f.staff_id
         WHERE f.event_id = $1 ORDER BY f.at DESC, f.id DESC LIMIT 50",
    )
    .bind(Uuid::from(event))
    .fetch_all(conn)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|row| Forwarding {
            id: row.id.into(),
            at: Instant::from_millis(row.at),
            by: row.name,
            recipient: row.recipient,
            requests: u64::try_from(row.requests).unwrap_or(0),
            sha256: HEXLOWER.encode(&row.sha256),
        })
        .collect())
}
