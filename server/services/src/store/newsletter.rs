//! Subscriptions to the newsletter (F1). To change one, a signed link of its mails must prove that the person got it.

use crate::{
    db::{Reads, Tx, execute, on},
    error::Fault,
    newsletter_links::Proof,
};
use domain::{ids::SubscriptionId, newsletter::NewSubscription, time::Instant};
use uuid::Uuid;

/// A subscription as a mail needs it.
#[derive(sqlx::FromRow)]
pub(crate) struct Reader {
    pub(crate) id: Uuid,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
}

/// Records a sign-up under a new id. It replaces a waiting sign-up of the same address, whose link is then void.
/// Returns whether it was recorded: a confirmed subscription is not changed.
pub(crate) async fn sign_up(
    tx: &mut Tx,
    id: SubscriptionId,
    email_key: &str,
    new: &NewSubscription,
    at: Instant,
) -> Result<bool, Fault> {
    let written = execute!(tx => sqlx::query(
        "INSERT INTO subscription (id, email, email_key, first_name, last_name, category, organisation, position,
                                   measured, state, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', $10)
         ON CONFLICT (email_key) DO UPDATE SET
             id = excluded.id, email = excluded.email, first_name = excluded.first_name,
             last_name = excluded.last_name, category = excluded.category, organisation = excluded.organisation,
             position = excluded.position, measured = excluded.measured, asked_at = excluded.asked_at
         WHERE subscription.state = 'pending'",
    )
    .bind(Uuid::from(id))
    .bind(&new.email)
    .bind(email_key)
    .bind(&new.first_name)
    .bind(&new.last_name)
    .bind(new.category.code())
    .bind(&new.organisation)
    .bind(&new.position)
    .bind(new.measured)
    .bind(at.millis()))?;
    Ok(written == 1)
}

/// The confirmed subscription of an address. Use it only for a mail to that address.
pub(crate) async fn of_address(db: &mut impl Reads, email_key: &str) -> Result<Option<Reader>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT id, first_name, last_name, email FROM subscription WHERE email_key = $1 AND state = 'confirmed'",
    )
    .bind(email_key)
    .fetch_optional(conn)
    .await)?)
}

/// Confirms a sign-up that was made after `since`. Returns the subscriber; nothing when no sign-up waits.
pub(crate) async fn confirm(tx: &mut Tx, proof: &Proof, at: Instant, since: Instant) -> Result<Option<Reader>, Fault> {
    Ok(on!(tx, conn => sqlx::query_as(
        "UPDATE subscription SET state = 'confirmed', confirmed_at = $2
         WHERE id = $1 AND state = 'pending' AND asked_at > $3
         RETURNING id, first_name, last_name, email",
    )
    .bind(Uuid::from(proof.subscription()))
    .bind(at.millis())
    .bind(since.millis())
    .fetch_optional(conn)
    .await)?)
}

/// Whether a subscription is confirmed.
pub(crate) async fn is_confirmed(db: &mut impl Reads, proof: &Proof) -> Result<bool, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM subscription WHERE id = $1 AND state = 'confirmed'")
        .bind(Uuid::from(proof.subscription()))
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}

/// Deletes a subscription. Returns its folded address; nothing when it was deleted before.
pub(crate) async fn remove(tx: &mut Tx, proof: &Proof) -> Result<Option<String>, Fault> {
    Ok(on!(tx, conn => sqlx::query_scalar("DELETE FROM subscription WHERE id = $1 RETURNING email_key")
        .bind(Uuid::from(proof.subscription()))
        .fetch_optional(conn)
        .await)?)
}
