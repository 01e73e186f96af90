//! Accounts and staff.

use crate::{
    db::{Reads, Tx, on},
    error::Fault,
    store::known,
};
use domain::{actor::Role, ids::AccountId, time::Instant};
use uuid::Uuid;

/// What a sign-in needs to know of an account.
pub(crate) struct Credential {
    pub(crate) account: AccountId,
    pub(crate) role: Option<Role>,
    /// Nothing for an account that was never activated or is suspended: the password is then wrong.
    pub(crate) password_hash: Option<String>,
}

#[derive(sqlx::FromRow)]
struct CredentialRow {
    id: Uuid,
    role: Option<String>,
    state: String,
    password_hash: Option<String>,
}

/// The account that `identifier`, folded, names.
pub(crate) async fn credential(db: &mut impl Reads, identifier: &str) -> Result<Option<Credential>, Fault> {
    let row: Option<CredentialRow> = on!(db, conn => sqlx::query_as(
        "SELECT id, role, state, password_hash FROM account WHERE identifier = $1",
    )
    .bind(identifier)
    .fetch_optional(conn)
    .await)?;
    row.map(|row| {
        Ok(Credential {
            account: row.id.into(),
            role: row.role.map(|role| known(Role::from_code(&role))).transpose()?,
            password_hash: row.password_hash.filter(|_| row.state == "active"),
        })
    })
    .transpose()
}

/// An account to be written.
pub(crate) struct NewAccount<'a> {
    pub(crate) id: AccountId,
    /// Folded.
    pub(crate) identifier: &'a str,
    pub(crate) role: Option<Role>,
    /// Nothing for one that awaits activation.
    pub(crate) password_hash: Option<&'a str>,
    pub(crate) created_at: Instant,
}

/// Writes an account.
pub(crate) async fn insert(tx: &mut Tx, account: &NewAccount<'_>) -> Result<(), Fault> {
    let state = if account.password_hash.is_some() { "active" } else { "awaiting" };
    on!(tx, conn => sqlx::query(
        "INSERT INTO account (id, identifier, role, state, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(Uuid::from(account.id))
    .bind(account.identifier)
    .bind(account.role.map(Role::code))
    .bind(state)
    .bind(account.password_hash)
    .bind(account.created_at.millis())
    .execute(conn)
    .await
    .map(drop))?;
    Ok(())
}

/// Writes how to reach a member of staff.
pub(crate) async fn insert_staff(
    tx: &mut Tx,
    account: AccountId,
    name: &str,
    email: &str,
    phone: &str,
) -> Result<(), Fault> {
    on!(tx, conn => sqlx::query("INSERT INTO staff (account_id, name, email, phone) VALUES ($1, $2, $3, $4)")
        .bind(Uuid::from(account))
        .bind(name)
        .bind(email)
        .bind(phone)
        .execute(conn)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether there is any account at all: `demo` fills an empty database only.
pub(crate) async fn any(db: &mut impl Reads) -> Result<bool, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM (SELECT 1 FROM account LIMIT 1) AS one")
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}
