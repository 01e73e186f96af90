//! Accounts and staff.

use crate::{
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::known,
};
use domain::{actor::Role, fold::fold, ids::AccountId, time::Instant};
use uuid::Uuid;

/// The columns of an account that a sign-in reads.
pub(crate) struct Credential {
    pub(crate) account: AccountId,
    pub(crate) role: Option<Role>,
    /// `None` for an account that was never activated or is suspended. A sign-in then answers as for a wrong password.
    pub(crate) password_hash: Option<String>,
}

#[derive(sqlx::FromRow)]
struct CredentialRow {
    id: Uuid,
    role: Option<String>,
    state: String,
    password_hash: Option<String>,
}

/// The account with this folded identifier.
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
    /// The folded identifier.
    pub(crate) identifier: &'a str,
    pub(crate) role: Option<Role>,
    /// None for an account that awaits its activation.
    pub(crate) password_hash: Option<&'a str>,
    pub(crate) created_at: Instant,
}

/// Writes an account.
pub(crate) async fn insert(tx: &mut Tx, account: &NewAccount<'_>) -> Result<(), Fault> {
    let state = if account.password_hash.is_some() { "active" } else { "awaiting" };
    execute!(tx => sqlx::query(
        "INSERT INTO account (id, identifier, role, state, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(Uuid::from(account.id))
    .bind(account.identifier)
    .bind(account.role.map(Role::code))
    .bind(state)
    .bind(account.password_hash)
    .bind(account.created_at.millis()))?;
    Ok(())
}

/// Stores how to reach a member of staff.
pub(crate) async fn insert_staff(
    tx: &mut Tx,
    account: AccountId,
    name: &str,
    email: &str,
    phone: Option<&str>,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO staff (account_id, name, email, phone, sort_key) VALUES ($1, $2, $3, $4, $5)")
        .bind(Uuid::from(account))
        .bind(name)
        .bind(email)
        .bind(phone)
        .bind(fold(name)))?;
    Ok(())
}

/// Fills in the sort key of staff whose rows were written before that column existed.
pub(crate) async fn fold_names(tx: &mut Tx) -> Result<(), Fault> {
    let rows: Vec<(Uuid, String)> = on!(tx, conn => sqlx::query_as("SELECT account_id, name FROM staff WHERE sort_key IS NULL")
        .fetch_all(conn)
        .await)?;
    for (account, name) in rows {
        execute!(tx => sqlx::query("UPDATE staff SET sort_key = $1 WHERE account_id = $2")
            .bind(fold(&name))
            .bind(account))?;
    }
    Ok(())
}

/// Goes on with a sign-in whose password was right, if it still is: when the password was changed or the account
/// suspended during the check, the sign-in fails. `full` is the moment of the sign-in, when no other step is needed.
pub(crate) async fn enter(
    tx: &mut Tx,
    account: AccountId,
    password_hash: &str,
    full: Option<Instant>,
) -> Result<bool, Fault> {
    let entered = execute!(tx => sqlx::query(
        "UPDATE account SET last_sign_in_at = COALESCE($1, last_sign_in_at)
         WHERE id = $2 AND state = 'active' AND password_hash = $3",
    )
    .bind(full.map(Instant::millis))
    .bind(Uuid::from(account))
    .bind(password_hash))?;
    Ok(entered == 1)
}

/// Records a complete sign-in, second factor included.
pub(crate) async fn note_sign_in(tx: &mut Tx, account: AccountId, at: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE account SET last_sign_in_at = $1 WHERE id = $2")
        .bind(at.millis())
        .bind(Uuid::from(account)))?;
    Ok(())
}

/// Records that the owner of an account closed the hint about installing the app.
pub(crate) async fn close_install_hint(tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
    on!(tx, conn => sqlx::query("INSERT INTO install_hint_closed (account_id) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(Uuid::from(account))
        .execute(conn)
        .await
        .map(drop))?;
    Ok(())
}

/// The identifier, the password's hash and the names of an account. A new password must not resemble them.
#[derive(sqlx::FromRow)]
pub(crate) struct Known {
    pub(crate) identifier: String,
    pub(crate) password_hash: Option<String>,
    pub(crate) name: String,
}

/// Reads the values that the owner's new password must not resemble.
pub(crate) async fn known_of(db: &mut impl Reads, account: AccountId) -> Result<Option<Known>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT a.identifier, a.password_hash,
                COALESCE(s.name, y.first_name || ' ' || y.birth_name || ' ' || COALESCE(y.usual_name, ''), '') AS name
         FROM account a
         LEFT JOIN staff s ON s.account_id = a.id
         LEFT JOIN youth y ON y.account_id = a.id
         WHERE a.id = $1 AND a.state = 'active'",
    )
    .bind(Uuid::from(account))
    .fetch_optional(conn)
    .await)?)
}

/// Sets the first password of an account that awaits one. Returns whether it did.
pub(crate) async fn activate(tx: &mut Tx, account: AccountId, password_hash: &str) -> Result<bool, Fault> {
    let activated = execute!(tx => sqlx::query(
        "UPDATE account SET state = 'active', password_hash = $1 WHERE id = $2 AND state = 'awaiting'",
    )
    .bind(password_hash)
    .bind(Uuid::from(account)))?;
    Ok(activated == 1)
}

/// Replaces the password, if it is still the one that was checked. Returns whether it did.
pub(crate) async fn change_password(
    tx: &mut Tx,
    account: AccountId,
    checked_hash: &str,
    password_hash: &str,
) -> Result<bool, Fault> {
    let changed = execute!(tx => sqlx::query(
        "UPDATE account SET password_hash = $1 WHERE id = $2 AND state = 'active' AND password_hash = $3",
    )
    .bind(password_hash)
    .bind(Uuid::from(account))
    .bind(checked_hash))?;
    Ok(changed == 1)
}

/// Whether there is any account: `demo` only fills an empty database.
pub(crate) async fn any(db: &mut impl Reads) -> Result<bool, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM (SELECT 1 FROM account LIMIT 1) AS one")
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}
