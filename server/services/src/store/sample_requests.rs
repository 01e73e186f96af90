//! Requests as the public forms store them, for the demonstration and for tests.

use crate::{
    db::{Tx, execute},
    error::Fault,
    store::new_id,
};
use domain::{
    ids::{AccountId, EventId, RequestId},
    inbox::RequestState,
    requests::RequestKind,
    time::Instant,
};
use uuid::Uuid;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct NewRow {
    pub(crate) id: RequestId,
    pub(crate) kind: RequestKind,
    pub(crate) received_at: Instant,
    pub(crate) state: RequestState,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) birth_date: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) by_video: Option<bool>,
    pub(crate) availability: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) event: Option<EventId>,
    pub(crate) structure: Option<String>,
    pub(crate) flags: Option<String>,
    pub(crate) assigned_to: Option<AccountId>,
}

/// Writes the request.
pub(crate) async fn insert(tx: &mut Tx, new: &NewRow) -> Result<(), Fault> {
    let closed_at = (new.state == RequestState::Closed).then(|| new.received_at.plus_hours(26).millis());
    execute!(tx => sqlx::query(
        "INSERT INTO request (id, kind, submission, received_at, state, first_name, last_name, email, phone, birth_date,
                              postal_code, company, by_video, availability, message, event_id, structure, flags,
                              assigned_to, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
    )
    .bind(Uuid::from(new.id))
    .bind(new.kind.code())
    .bind(new_id::<Uuid>())
    .bind(new.received_at.millis())
    .bind(new.state.code())
    .bind(&new.first_name)
    .bind(&new.last_name)
    .bind(&new.email)
    .bind(&new.phone)
    .bind(&new.birth_date)
    .bind(&new.postal_code)
    .bind(&new.company)
    .bind(new.by_video)
    .bind(&new.availability)
    .bind(&new.message)
    .bind(new.event.map(Uuid::from))
    .bind(&new.structure)
    .bind(&new.flags)
    .bind(new.assigned_to.map(Uuid::from))
    .bind(closed_at))?;
    Ok(())
}

/// Writes an event for which people can pre-register.
pub(crate) async fn insert_event(
    tx: &mut Tx,
    event: EventId,
    name: &str,
    place: &str,
    starts_at: Instant,
    ends_at: Instant,
    created_at: Instant,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO event (id, name, place, description, starts_at, ends_at, created_at)
         VALUES ($1, $2, $3, '', $4, $5, $6)",
    )
    .bind(Uuid::from(event))
    .bind(name)
    .bind(place)
    .bind(starts_at.millis())
    .bind(ends_at.millis())
    .bind(created_at.millis()))?;
    Ok(())
}
