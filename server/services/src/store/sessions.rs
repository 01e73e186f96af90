//! Sessions, stored by the hash of their token.

use crate::{
    db::{Reads, Tx, count, execute, on},
    error::Fault,
    store::known,
};
use domain::{
    actor::Role,
    identity::Stage,
    ids::{AccountId, YouthId},
    time::Instant,
};
use uuid::Uuid;

/// A session with the present state of its account.
pub(crate) struct Row {
    pub(crate) account: AccountId,
    pub(crate) youth: Option<YouthId>,
    pub(crate) role: Option<Role>,
    pub(crate) stage: Stage,
    pub(crate) last_seen_at: Instant,
    pub(crate) ends_at: Instant,
    pub(crate) install_hint_closed: bool,
}

#[derive(sqlx::FromRow)]
struct Raw {
    account_id: Uuid,
    youth_id: Option<Uuid>,
    role: Option<String>,
    stage: String,
    last_seen_at: i64,
    ends_at: i64,
    install_hint_closed: bool,
}

/// The session of an active account.
pub(crate) async fn find(db: &mut impl Reads, token_hash: &[u8]) -> Result<Option<Row>, Fault> {
    let raw: Option<Raw> = on!(db, conn => sqlx::query_as(
        "SELECT s.account_id, y.id AS youth_id, a.role, s.stage, s.last_seen_at, s.ends_at,
                c.account_id IS NOT NULL AS install_hint_closed
         FROM session s
         JOIN account a ON a.id = s.account_id
         LEFT JOIN youth y ON y.account_id = a.id
         LEFT JOIN install_hint_closed c ON c.account_id = a.id
         WHERE s.token_hash = $1 AND a.state = 'active'",
    )
    .bind(token_hash)
    .fetch_optional(conn)
    .await)?;
    raw.map(|raw| {
        Ok(Row {
            account: raw.account_id.into(),
            youth: raw.youth_id.map(Into::into),
            role: raw.role.map(|role| known(Role::from_code(&role))).transpose()?,
            stage: known(Stage::from_code(&raw.stage))?,
            last_seen_at: Instant::from_millis(raw.last_seen_at),
            ends_at: Instant::from_millis(raw.ends_at),
            install_hint_closed: raw.install_hint_closed,
        })
    })
    .transpose()
}

/// A session to be written.
pub(crate) struct New<'a> {
    pub(crate) token_hash: &'a [u8],
    pub(crate) account: AccountId,
    pub(crate) stage: Stage,
    pub(crate) device: &'a str,
    pub(crate) at: Instant,
    pub(crate) ends_at: Instant,
    pub(crate) sealed_codes: Option<&'a [u8]>,
}

/// Opens a session.
pub(crate) async fn insert(tx: &mut Tx, session: &New<'_>) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO session (token_hash, account_id, stage, device, created_at, last_seen_at, ends_at, sealed_codes)
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
    )
    .bind(session.token_hash)
    .bind(Uuid::from(session.account))
    .bind(session.stage.code())
    .bind(session.device)
    .bind(session.at.millis())
    .bind(session.ends_at.millis())
    .bind(session.sealed_codes))?;
    Ok(())
}

/// Notes that a session was used.
pub(crate) async fn touch(tx: &mut Tx, token_hash: &[u8], at: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE session SET last_seen_at = $1 WHERE token_hash = $2")
        .bind(at.millis())
        .bind(token_hash))?;
    Ok(())
}

/// Ends a session. Returns whether there was one: a step of sign-in only counts for the request that ends the step
/// before.
pub(crate) async fn delete(tx: &mut Tx, token_hash: &[u8]) -> Result<bool, Fault> {
    let ended = execute!(tx => sqlx::query("DELETE FROM session WHERE token_hash = $1")
        .bind(token_hash))?;
    Ok(ended == 1)
}

/// The sessions that ended before `$1`.
macro_rules! ended {
    () => {
        "FROM session WHERE ends_at < $1"
    };
}

/// How many sessions ended before `at`.
pub(crate) async fn count_ended(db: &mut impl Reads, at: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", ended!())).bind(at.millis()))
}

/// Removes the sessions that ended before `at`; returns how many.
pub(crate) async fn delete_ended(tx: &mut Tx, at: Instant) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", ended!())).bind(at.millis()))
}

/// The sealed recovery codes of a session that has to acknowledge them.
pub(crate) async fn sealed_codes(db: &mut impl Reads, token_hash: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let codes: Option<Option<Vec<u8>>> = on!(db, conn => sqlx::query_scalar("SELECT sealed_codes FROM session WHERE token_hash = $1")
            .bind(token_hash)
            .fetch_optional(conn)
            .await)?;
    Ok(codes.flatten())
}

/// Ends every session of an account, steps of sign-in included.
pub(crate) async fn delete_of(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM session WHERE account_id = $1")
        .bind(Uuid::from(account)))?;
    Ok(())
}

/// Ends every session of an account but one.
pub(crate) async fn delete_others(tx: &mut Tx, account: AccountId, kept: &[u8]) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM session WHERE account_id = $1 AND token_hash <> $2")
        .bind(Uuid::from(account))
        .bind(kept))?;
    Ok(())
}

/// A session as its owner's list of devices needs it.
#[derive(sqlx::FromRow)]
pub(crate) struct Open {
    pub(crate) token_hash: Vec<u8>,
    pub(crate) device: String,
    pub(crate) created_at: i64,
    pub(crate) last_seen_at: i64,
}

/// The open sessions of an account, the last used first, `most` at most.
pub(crate) async fn open_of(
    db: &mut impl Reads,
    account: AccountId,
    now: Instant,
    idle_since: Instant,
    most: u32,
) -> Result<Vec<Open>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT token_hash, device, created_at, last_seen_at FROM session
         WHERE account_id = $1 AND stage = $2 AND ends_at > $3 AND last_seen_at > $4
         ORDER BY last_seen_at DESC, created_at DESC LIMIT ($5 + 0)",
    )
    .bind(Uuid::from(account))
    .bind(Stage::Full.code())
    .bind(now.millis())
    .bind(idle_since.millis())
    .bind(i64::from(most))
    .fetch_all(conn)
    .await)?)
}
