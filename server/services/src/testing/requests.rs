//! Public forms that visitors sent, made in one call.

use super::fail;
use crate::{
    Services,
    clock::parse_paris,
    db::{execute, on},
    store,
};
use domain::{
    actor::Role,
    ids::{AccountId, EventId},
    requests::RequestKind,
    time::Instant,
};
use uuid::Uuid;

/// A moment of the wall clock in Paris, `2026-03-29T01:59`, or the first moment of a day.
///
/// # Panics
/// When the text is no moment.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that names no moment is wrong")]
pub fn moment(text: &str) -> Instant {
    parse_paris(text).expect("a moment such as 2026-03-29T14:30")
}

impl Services {
    /// An event.
    ///
    /// # Errors
    /// A message.
    pub async fn test_event(&self, starts_at: Instant, ends_at: Instant) -> Result<EventId, String> {
        let id: EventId = store::new_id();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let (name, place) = ("Forum d’exemple", "Salle d’exemple");
                store::sample_requests::insert_event(tx, id, name, place, starts_at, ends_at, starts_at).await
            })
        });
        write.await.map_err(fail)?;
        Ok(id)
    }

    /// The names of the staff who get a mail when something waits for one of `roles`, in order.
    ///
    /// # Errors
    /// A message.
    pub async fn test_told(&self, roles: &[Role]) -> Result<Vec<String>, String> {
        let read = async { store::requests::to_tell(&mut self.data.read().await?, roles).await };
        Ok(read.await.map_err(fail)?.into_iter().map(|person| person.name).collect())
    }

    /// A message that `staff` answered.
    ///
    /// # Errors
    /// A message.
    pub async fn test_answered_request(&self, staff: AccountId, at: Instant) -> Result<(), String> {
        let request = Uuid::from(self.test_request(RequestKind::Contact, |request| request.received_at = at).await?);
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                execute!(tx => sqlx::query(
                    "INSERT INTO request_answer (id, request_id, staff_id, at, message) VALUES ($1, $1, $2, $3, 'Oui.')",
                )
                .bind(request)
                .bind(Uuid::from(staff))
                .bind(at.millis()))
                .map(drop)
            })
        });
        write.await.map_err(fail)
    }

    /// A sign-up for the newsletter.
    ///
    /// # Errors
    /// A message.
    pub async fn test_subscription(&self, email: &'static str, confirmed: bool, at: Instant) -> Result<(), String> {
        let id: Uuid = store::new_id();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                execute!(tx => sqlx::query(
                    "INSERT INTO subscription
                         (id, email, email_key, first_name, last_name, category, measured, state, asked_at)
                     VALUES ($1, $2, $2, 'Lina', 'Exemple', 'young', FALSE, $3, $4)",
                )
                .bind(id)
                .bind(email)
                .bind(if confirmed { "confirmed" } else { "pending" })
                .bind(at.millis()))
                .map(drop)
            })
        });
        write.await.map_err(fail)
    }

    /// A request about rights, closed or open.
    ///
    /// # Errors
    /// A message.
    pub async fn test_rights_request(&self, closed_at: Option<Instant>) -> Result<(), String> {
        let id: Uuid = store::new_id();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                execute!(tx => sqlx::query(
                    "INSERT INTO rights_request
                         (id, submission, received_at, due_on, state, kind, concerns, first_name, last_name, email,
                          closed_at)
                     VALUES ($1, $1, 0, '2026-04-10', $2, 'access', 'self', 'Lina', 'Exemple', 'lina@exemple.test', $3)",
                )
                .bind(id)
                .bind(if closed_at.is_some() { "closed" } else { "new" })
                .bind(closed_at.map(Instant::millis)))
                .map(drop)
            })
        });
        write.await.map_err(fail)
    }

    /// The counts of each run of a job, as they are stored.
    ///
    /// # Errors
    /// A message.
    pub async fn test_counts(&self) -> Result<Vec<String>, String> {
        let read = async {
            let mut db = self.data.read().await?;
            let counts = on!(&mut db, conn => sqlx::query_scalar("SELECT counts FROM job_run").fetch_all(conn).await);
            counts.map_err(Into::into)
        };
        read.await.map_err(fail)
    }
}
