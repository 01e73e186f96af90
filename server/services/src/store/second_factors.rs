//! Authenticators and recovery codes of staff (A8).

use crate::{
    db::{Reads, Tx, execute, on},
    error::Fault,
};
use domain::{ids::AccountId, time::Instant};
use uuid::Uuid;

/// An authenticator.
#[derive(sqlx::FromRow)]
pub(crate) struct SecondFactor {
    pub(crate) sealed_key: Vec<u8>,
    pub(crate) confirmed: bool,
}

/// The authenticator of an account.
pub(crate) async fn find(db: &mut impl Reads, account: AccountId) -> Result<Option<SecondFactor>, Fault> {
    Ok(on!(db, conn => sqlx::query_as("SELECT sealed_key, confirmed FROM second_factor WHERE account_id = $1")
        .bind(Uuid::from(account))
        .fetch_optional(conn)
        .await)?)
}

/// Stores a key that is still to be confirmed, unless the account has one already.
pub(crate) async fn propose(tx: &mut Tx, account: AccountId, sealed_key: &[u8]) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO second_factor (account_id, sealed_key, confirmed, last_step) VALUES ($1, $2, FALSE, 0)
         ON CONFLICT (account_id) DO NOTHING",
    )
    .bind(Uuid::from(account))
    .bind(sealed_key))?;
    Ok(())
}

/// Uses the code of a time step, once. Returns whether it was still unused.
pub(crate) async fn use_step(tx: &mut Tx, account: AccountId, step: i64) -> Result<bool, Fault> {
    let used = execute!(tx => sqlx::query(
        "UPDATE second_factor SET last_step = $1, confirmed = TRUE WHERE account_id = $2 AND last_step < $1",
    )
    .bind(step)
    .bind(Uuid::from(account)))?;
    Ok(used == 1)
}

/// Replaces the recovery codes of an account.
pub(crate) async fn replace_codes(tx: &mut Tx, account: AccountId, hashes: &[[u8; 32]]) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM recovery_code WHERE account_id = $1")
        .bind(Uuid::from(account)))?;
    for hash in hashes {
        execute!(tx => sqlx::query("INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)")
            .bind(Uuid::from(account))
            .bind(hash.as_slice()))?;
    }
    Ok(())
}

/// Uses a recovery code, once. Returns whether it was still unused.
pub(crate) async fn use_code(tx: &mut Tx, account: AccountId, hash: &[u8], at: Instant) -> Result<bool, Fault> {
    let used = execute!(tx => sqlx::query(
        "UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND code_hash = $3 AND used_at IS NULL",
    )
    .bind(at.millis())
    .bind(Uuid::from(account))
    .bind(hash))?;
    Ok(used == 1)
}
