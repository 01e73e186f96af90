//! Dated events one can pre-register for (F5): looked after by the team, passed on under encryption.

use crate::{
    actor::Actor,
    error::{PortError, PortResult},
    ids::{EventId, ForwardingId, SubmissionId},
    paging::Paged,
    time::Instant,
};
use async_trait::async_trait;

/// Most pre-registrations in one file that is handed over, oldest first.
pub const FORWARD_MAX: u32 = 10_000;

/// A named, dated event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event.
    pub id: EventId,
    /// What it is called.
    pub name: String,
    /// Where it takes place.
    pub place: String,
    /// What it is, in the organisation's words.
    pub description: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends: with it go the pre-registrations.
    pub ends_at: Instant,
    /// Since when nobody can pre-register, if somebody decided so.
    pub closed_at: Option<Instant>,
}

/// Whether one can pre-register for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventState {
    /// One can.
    Open,
    /// It is to come, and somebody closed the pre-registration.
    Closed,
    /// It has taken place.
    Over,
}

impl Event {
    /// The state of the event at `now`. An event that is over is `Over`, whether or not it was closed before.
    #[must_use]
    pub fn state(&self, now: Instant) -> EventState {
        if self.ends_at <= now {
            EventState::Over
        } else if self.closed_at.is_some() {
            EventState::Closed
        } else {
            EventState::Open
        }
    }
}

/// An event worth keeping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What it is called, on one line.
    pub name: String,
    /// Where it takes place, on one line.
    pub place: String,
    /// What it is.
    pub description: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends, after that and after now.
    pub ends_at: Instant,
}

/// An event as the team sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The event.
    pub event: Event,
    /// How many pre-registrations there are now; `None` for a role whose work they are not.
    pub registrations: Option<u64>,
}

/// One handing-over of pre-registrations: how many there were, and never whose they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarding {
    /// Which time.
    pub id: ForwardingId,
    /// When.
    pub at: Instant,
    /// The name of the member of staff who did.
    pub by: String,
    /// The public key it was encrypted to.
    pub recipient: String,
    /// How many pre-registrations it held.
    pub requests: u64,
    /// SHA-256 of the encrypted file, in hexadecimal.
    pub sha256: String,
}

/// All that the page of a handing-over shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardBoard {
    /// The event.
    pub event: Event,
    /// How many pre-registrations a file would hold now.
    pub registrations: u64,
    /// What was handed over before, newest first; at most fifty.
    pub before: Vec<Forwarding>,
}

/// The words of the file that is handed over. They are given from above: services have no text for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardWords {
    /// What the file's name begins with.
    pub file: String,
    /// What stands for the event in the file's name, where the event's own name has no letter that goes through
    /// everywhere.
    pub event: String,
    /// The heads of the table's columns.
    pub columns: ForwardColumns,
}

/// The heads of the columns, from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardColumns {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// When they were born.
    pub birth_date: String,
    /// Where they live.
    pub postal_code: String,
    /// The Mission Locale that serves their postal code.
    pub structure: String,
    /// Their telephone number.
    pub phone: String,
    /// Their mail address.
    pub email: String,
    /// When they pre-registered.
    pub received_on: String,
}

/// An encrypted file that is handed over. It is written down before anybody receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardedFile {
    /// What it is called, in ASCII.
    pub name: String,
    /// The `age` file.
    pub bytes: Vec<u8>,
}

/// Why nothing was done with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventRefusal {
    /// It has taken place meanwhile.
    Over,
    /// Nobody is pre-registered.
    Nobody,
    /// Anything else.
    Port(PortError),
}

impl From<PortError> for EventRefusal {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// Looking after events.
#[async_trait]
pub trait Events: Send + Sync {
    /// One page of all events, the latest first.
    async fn events(&self, actor: &Actor, page: u32) -> PortResult<Paged<EventRow>>;

    /// One event.
    async fn event(&self, actor: &Actor, event: EventId) -> PortResult<EventRow>;

    /// A new event, open at once. The same submission twice is one event.
    async fn create_event(&self, actor: &Actor, new: NewEvent, submission: SubmissionId) -> PortResult<EventId>;

    /// The event as it is now to be, unless it is over.
    async fn change_event(&self, actor: &Actor, event: EventId, new: NewEvent) -> Result<(), EventRefusal>;

    /// Closes the pre-registration, or opens it again, unless the event is over.
    async fn close_event(&self, actor: &Actor, event: EventId, closed: bool) -> Result<(), EventRefusal>;

    /// What could be handed over of an event, and what was.
    async fn forward_board(&self, actor: &Actor, event: EventId) -> PortResult<ForwardBoard>;

    /// The event's pre-registrations under the heads of `words`, encrypted to `receiver`, an `age` public key. That they were handed over is
    /// written down before this answers.
    async fn forward(
        &self,
        actor: &Actor,
        event: EventId,
        receiver: &str,
        words: &ForwardWords,
    ) -> Result<ForwardedFile, EventRefusal>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_over() {
        let at = Instant::from_millis;
        let event = |closed_at| Event {
            id: uuid::Uuid::nil().into(),
            name: String::new(),
            place: String::new(),
            description: String::new(),
            starts_at: at(10),
            ends_at: at(20),
            closed_at,
        };
        for (closed_at, now, state) in [
            (None, 0, EventState::Open),
            (None, 19, EventState::Open),
            (None, 20, EventState::Over),
            (Some(at(5)), 19, EventState::Closed),
            (Some(at(5)), 20, EventState::Over),
        ] {
            assert_eq!(event(closed_at).state(at(now)), state, "{closed_at:?} {now}");
        }
    }
}
