//! What visitors send through the public forms, as it arrives. `inbox` reads and handles it.

use crate::{
    db::{Reads, Tx, on},
    error::Fault,
    store::{one_of, staff::Reachable},
};
use domain::{
    actor::Role,
    ids::{EventId, RequestId, SubmissionId},
    requests::{NewRequest, OpenEvent},
    time::Instant,
};
use uuid::Uuid;

/// How many hours the same text counts as the same request.
const SAME_WORDS_HOURS: i64 = 24;

/// A row to be written.
pub(crate) struct New<'a> {
    pub(crate) id: RequestId,
    pub(crate) submission: SubmissionId,
    pub(crate) at: Instant,
    pub(crate) request: &'a NewRequest,
}

/// Writes what a visitor sent. When the same submission comes again, its newest words replace the earlier ones, until a
/// member of staff takes the request up. For a day, the same words under another submission are the same request too: a
/// browser that goes back may fetch the form anew. Returns the id under which the request is stored: the given one when
/// it is new, an earlier one when it came before. Returns nothing when nothing was written: the request was taken up
/// already, it came word for word, or its event is not open any more. Visitors need no permission to write their own
/// request.
pub(crate) async fn upsert(tx: &mut Tx, new: &New<'_>) -> Result<Option<RequestId>, Fault> {
    let request = new.request;
    let id: Option<Uuid> = on!(tx, conn => sqlx::query_scalar(
        "INSERT INTO request (id, kind, submission, received_at, state, first_name, last_name, email, phone, birth_date,
                              postal_code, company, by_video, availability, message, event_id, structure, flags)
         SELECT $1, $2, $3, $4, 'new', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
         WHERE ($2 <> 'event'
             OR EXISTS (SELECT 1 FROM event e WHERE e.id = $15 AND e.closed_at IS NULL AND e.ends_at > $4))
           AND NOT EXISTS (
             SELECT 1 FROM request r
             WHERE r.kind = $2 AND r.received_at > $18 AND r.submission <> $3
               AND r.first_name = $5 AND r.last_name = $6 AND r.email IS NOT DISTINCT FROM $7
               AND r.phone IS NOT DISTINCT FROM $8 AND r.birth_date IS NOT DISTINCT FROM $9
               AND r.postal_code IS NOT DISTINCT FROM $10 AND r.company IS NOT DISTINCT FROM $11
               AND r.by_video IS NOT DISTINCT FROM $12 AND r.availability IS NOT DISTINCT FROM $13
               AND r.message IS NOT DISTINCT FROM $14 AND r.event_id IS NOT DISTINCT FROM $15
               AND r.structure IS NOT DISTINCT FROM $16
           )
         ON CONFLICT (submission) DO UPDATE SET
             first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
             phone = excluded.phone, birth_date = excluded.birth_date, postal_code = excluded.postal_code,
             company = excluded.company, by_video = excluded.by_video, availability = excluded.availability,
             message = excluded.message, event_id = excluded.event_id, structure = excluded.structure,
             flags = excluded.flags
             WHERE request.state = 'new' AND request.kind = excluded.kind
         RETURNING id",
    )
    .bind(Uuid::from(new.id))
    .bind(request.kind.code())
    .bind(Uuid::from(new.submission))
    .bind(new.at.millis())
    .bind(&request.first_name)
    .bind(&request.last_name)
    .bind(&request.email)
    .bind(&request.phone)
    .bind(request.birth_date.map(|day| day.to_string()))
    .bind(&request.postal_code)
    .bind(&request.company)
    .bind(request.by_video)
    .bind(&request.availability)
    .bind(&request.message)
    .bind(request.event.map(Uuid::from))
    .bind(&request.structure)
    .bind(request.findings.code())
    .bind(new.at.plus_hours(-SAME_WORDS_HOURS).millis())
    .fetch_optional(conn)
    .await)?;
    Ok(id.map(Into::into))
}

/// Whether a request of that submission is stored.
pub(crate) async fn is_known(db: &mut impl Reads, submission: SubmissionId) -> Result<bool, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM request WHERE submission = $1")
        .bind(Uuid::from(submission))
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}

/// Whether an event is open at `at`.
pub(crate) async fn is_open(db: &mut impl Reads, event: EventId, at: Instant) -> Result<bool, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar(
        "SELECT COUNT(*) FROM event WHERE id = $1 AND closed_at IS NULL AND ends_at > $2",
    )
    .bind(Uuid::from(event))
    .bind(at.millis())
    .fetch_one(conn)
    .await)?;
    Ok(count > 0)
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: Uuid,
    name: String,
    place: String,
    description: String,
    starts_at: i64,
    ends_at: i64,
}

impl From<EventRow> for OpenEvent {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            place: row.place,
            description: row.description,
            starts_at: Instant::from_millis(row.starts_at),
            ends_at: Instant::from_millis(row.ends_at),
        }
    }
}

/// The events that are open at `at`, the first to end first. Only as many are read as a page can offer.
pub(crate) async fn open_events(db: &mut impl Reads, at: Instant) -> Result<Vec<OpenEvent>, Fault> {
    let rows: Vec<EventRow> = on!(db, conn => sqlx::query_as(
        "SELECT id, name, place, description, starts_at, ends_at FROM event
         WHERE ends_at > $1 AND closed_at IS NULL ORDER BY ends_at, id LIMIT 20",
    )
    .bind(at.millis())
    .fetch_all(conn)
    .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The name of an event and when it ends.
pub(crate) async fn event(db: &mut impl Reads, event: EventId) -> Result<Option<(String, Instant)>, Fault> {
    let row: Option<(String, i64)> = on!(db, conn => sqlx::query_as("SELECT name, ends_at FROM event WHERE id = $1")
        .bind(Uuid::from(event))
        .fetch_optional(conn)
        .await)?;
    Ok(row.map(|(name, ends_at)| (name, Instant::from_millis(ends_at))))
}

/// How many members of staff get a mail about one request.
const TOLD: usize = 10;

/// Active staff of `roles` who have a mail address, those of the first role first; at most [`TOLD`].
pub(crate) async fn to_tell(db: &mut impl Reads, roles: &[Role]) -> Result<Vec<Reachable>, Fault> {
    let mut rows: Vec<(String, String, Option<String>)> = on!(db, conn => sqlx::query_as(
        // CROSS JOIN makes SQLite begin with the team, which is tens of people, instead of every account.
        "SELECT a.role, s.name, s.email FROM staff s CROSS JOIN account a
         WHERE a.id = s.account_id AND a.state = 'active' AND s.email IS NOT NULL
           AND replace($1, ',' || a.role || ',', '') <> $1
         ORDER BY s.sort_key, a.id LIMIT 500",
    )
    .bind(one_of(roles.iter().map(|role| role.code())))
    .fetch_all(conn)
    .await)?;
    rows.sort_by_key(|(code, ..)| roles.iter().position(|role| role.code() == code));
    Ok(rows.into_iter().take(TOLD).map(|(_, name, email)| Reachable { name, email }).collect())
}
