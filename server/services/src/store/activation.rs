//! Activation codes, stored as hashes. A code itself proves that its holder may see whose account it opens.

use crate::{
    db::{Reads, Tx, count, execute, on},
    error::Fault,
    store::known,
};
use domain::{actor::Role, ids::AccountId, time::Instant};
use uuid::Uuid;

/// Gives an account a new code. The earlier code is no longer valid.
pub(crate) async fn put(
    tx: &mut Tx,
    account: AccountId,
    code_hash: &[u8],
    at: Instant,
    expires_at: Instant,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO activation_code (account_id, code_hash, created_at, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id) DO UPDATE SET
             code_hash = excluded.code_hash, created_at = excluded.created_at, expires_at = excluded.expires_at",
    )
    .bind(Uuid::from(account))
    .bind(code_hash)
    .bind(at.millis())
    .bind(expires_at.millis()))?;
    Ok(())
}

/// The account that a code opens.
pub(crate) struct Opens {
    pub(crate) account: AccountId,
    pub(crate) role: Option<Role>,
    pub(crate) identifier: String,
    /// Every name of the person: the password must not contain one.
    pub(crate) name: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    role: Option<String>,
    identifier: String,
    name: String,
}

/// The account that the code opens at `at`; nothing when the code is unknown or expired, or the account awaits no
/// activation.
pub(crate) async fn find(db: &mut impl Reads, code_hash: &[u8], at: Instant) -> Result<Option<Opens>, Fault> {
    let row: Option<Row> = on!(db, conn => sqlx::query_as(
        "SELECT a.id, a.role, a.identifier,
                COALESCE(s.name, y.first_name || ' ' || y.birth_name || ' ' || COALESCE(y.usual_name, ''), '') AS name
         FROM activation_code c
         JOIN account a ON a.id = c.account_id AND a.state = 'awaiting'
         LEFT JOIN staff s ON s.account_id = a.id
         LEFT JOIN youth y ON y.account_id = a.id
         WHERE c.code_hash = $1 AND c.expires_at > $2",
    )
    .bind(code_hash)
    .bind(at.millis())
    .fetch_optional(conn)
    .await)?;
    row.map(|row| {
        Ok(Opens {
            account: row.id.into(),
            role: row.role.map(|role| known(Role::from_code(&role))).transpose()?,
            identifier: row.identifier,
            name: row.name,
        })
    })
    .transpose()
}

/// Uses a code up. Returns whether it was still valid: when it is used twice at once, only one use succeeds.
pub(crate) async fn take(tx: &mut Tx, account: AccountId, code_hash: &[u8], at: Instant) -> Result<bool, Fault> {
    let taken = execute!(tx => sqlx::query(
        "DELETE FROM activation_code WHERE account_id = $1 AND code_hash = $2 AND expires_at > $3",
    )
    .bind(Uuid::from(account))
    .bind(code_hash)
    .bind(at.millis()))?;
    Ok(taken == 1)
}

/// Takes the code of an account back.
pub(crate) async fn delete_of(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM activation_code WHERE account_id = $1")
        .bind(Uuid::from(account)))?;
    Ok(())
}

/// The codes that have expired at `$1`.
macro_rules! expired {
    () => {
        "FROM activation_code WHERE expires_at <= $1"
    };
}

/// How many codes have expired at `at`.
pub(crate) async fn count_expired(db: &mut impl Reads, at: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", expired!())).bind(at.millis()))
}

/// Deletes the codes that have expired at `at` and returns how many.
pub(crate) async fn delete_expired(tx: &mut Tx, at: Instant) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", expired!())).bind(at.millis()))
}
