//! Accounts of staff as their administrators see and change them (A8).

use super::portfolio::pattern;
use crate::{
    access::{
        Access, AccountFacts, ConfirmProposal, CreateAdministrator, HouseFacts, ProposalFacts, SeeAccounts,
        SuspendAccount,
    },
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::known,
};
use domain::{
    accounts::{AccountQuery, AccountRow, AccountState},
    actor::Role,
    fold::fold,
    ids::AccountId,
    paging::PAGE_SIZE,
    time::Instant,
};
use uuid::Uuid;

/// Waits until nobody else changes the rights of an account. What is read from here on stays true until this
/// transaction ends.
pub(crate) async fn take_turn(tx: &mut Tx) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE staff_turn SET turns = turns + 1 WHERE id = 1"))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    identifier: String,
    role: String,
    state: String,
    last_sign_in_at: Option<i64>,
}

impl Row {
    fn into_domain(self) -> Result<AccountRow, Fault> {
        Ok(AccountRow {
            account: self.id.into(),
            name: self.name,
            identifier: self.identifier,
            role: known(Role::from_code(&self.role))?,
            state: known(AccountState::from_code(&self.state))?,
            last_sign_in_at: self.last_sign_in_at.map(Instant::from_millis),
        })
    }
}

/// One page of the accounts that match, by name.
pub(crate) async fn page(
    db: &mut impl Reads,
    _: &Access<SeeAccounts, HouseFacts>,
    query: &AccountQuery,
) -> Result<Vec<AccountRow>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT a.id, s.name, a.identifier, a.role, a.state, a.last_sign_in_at
         FROM staff s JOIN account a ON a.id = s.account_id
         WHERE a.role IS NOT NULL AND (s.sort_key LIKE ('' || $1) OR a.identifier LIKE ('' || $1))
           AND ($2 = '' OR a.role = $2) AND ($3 = '' OR a.state = $3)
         ORDER BY s.sort_key, s.account_id LIMIT ($4 + 0) OFFSET $5",
    )
    .bind(pattern(&fold(&query.search)))
    .bind(query.role.map_or("", Role::code))
    .bind(query.state.map_or("", AccountState::code))
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(query.page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// How many accounts match.
pub(crate) async fn count(
    db: &mut impl Reads,
    _: &Access<SeeAccounts, HouseFacts>,
    query: &AccountQuery,
) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar(
        // CROSS JOIN makes SQLite begin with the team, which is small, instead of every account.
        "SELECT COUNT(*) FROM staff s CROSS JOIN account a
         WHERE a.id = s.account_id AND a.role IS NOT NULL
           AND (s.sort_key LIKE ('' || $1) OR a.identifier LIKE ('' || $1)) AND ($2 = '' OR a.role = $2) AND ($3 = '' OR a.state = $3)",
    )
    .bind(pattern(&fold(&query.search)))
    .bind(query.role.map_or("", Role::code))
    .bind(query.state.map_or("", AccountState::code))
    .fetch_one(conn)
    .await)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// One account in full.
pub(crate) struct Detail {
    pub(crate) row: AccountRow,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) created_at: Instant,
    pub(crate) devices: u64,
    pub(crate) attached: u64,
}

#[derive(sqlx::FromRow)]
struct DetailRow {
    #[sqlx(flatten)]
    row: Row,
    email: Option<String>,
    phone: Option<String>,
    created_at: i64,
    devices: i64,
    attached: i64,
}

/// One account at `at`, with how many sessions are open and how many young people are attached.
pub(crate) async fn one(
    db: &mut impl Reads,
    _: &Access<SeeAccounts, HouseFacts>,
    account: AccountId,
    at: Instant,
    idle_since: Instant,
) -> Result<Option<Detail>, Fault> {
    let found: Option<DetailRow> = on!(db, conn => sqlx::query_as(
        "SELECT a.id, s.name, a.identifier, a.role, a.state, a.last_sign_in_at, s.email, s.phone, a.created_at,
                (SELECT COUNT(*) FROM session o WHERE o.account_id = a.id AND o.stage = 'full'
                    AND o.ends_at > $2 AND o.last_seen_at > $3) AS devices,
                (SELECT COUNT(DISTINCT t.youth_id) FROM attachment t WHERE t.staff_id = a.id
                    AND t.started_at <= $2 AND (t.ended_at IS NULL OR t.ended_at > $2)) AS attached
         FROM staff s JOIN account a ON a.id = s.account_id
         WHERE s.account_id = $1",
    )
    .bind(Uuid::from(account))
    .bind(at.millis())
    .bind(idle_since.millis())
    .fetch_optional(conn)
    .await)?;
    found
        .map(|found| {
            Ok(Detail {
                row: found.row.into_domain()?,
                email: found.email,
                phone: found.phone,
                created_at: Instant::from_millis(found.created_at),
                devices: u64::try_from(found.devices).unwrap_or(0),
                attached: u64::try_from(found.attached).unwrap_or(0),
            })
        })
        .transpose()
}

/// Role, state and name of a staff account that is about to be changed.
pub(crate) async fn standing(
    db: &mut impl Reads,
    account: AccountId,
) -> Result<Option<(Role, AccountState, String)>, Fault> {
    let row: Option<(String, String, String)> = on!(db, conn => sqlx::query_as(
        "SELECT a.role, a.state, s.name FROM account a JOIN staff s ON s.account_id = a.id WHERE a.id = $1",
    )
    .bind(Uuid::from(account))
    .fetch_optional(conn)
    .await)?;
    row.map(|(role, state, name)| Ok((known(Role::from_code(&role))?, known(AccountState::from_code(&state))?, name)))
        .transpose()
}

/// The id, the role and the state of the staff account with this identifier.
pub(crate) async fn by_identifier(
    db: &mut impl Reads,
    identifier: &str,
) -> Result<Option<(AccountId, Option<Role>, AccountState)>, Fault> {
    let row: Option<(Uuid, Option<String>, String)> = on!(db, conn => sqlx::query_as("SELECT id, role, state FROM account WHERE identifier = $1")
            .bind(identifier)
            .fetch_optional(conn)
            .await)?;
    row.map(|(id, role, state)| {
        Ok((
            id.into(),
            role.map(|role| known(Role::from_code(&role))).transpose()?,
            known(AccountState::from_code(&state))?,
        ))
    })
    .transpose()
}

/// Suspends an account, unless no administrator would be left. Returns whether it did.
pub(crate) async fn suspend(tx: &mut Tx, access: &Access<SuspendAccount, AccountFacts>) -> Result<bool, Fault> {
    let suspended = execute!(tx => sqlx::query(
        "UPDATE account SET state = 'suspended'
         WHERE id = $1 AND role IS NOT NULL AND state <> 'suspended' AND (
             role <> 'admin' OR EXISTS (
                 SELECT 1 FROM account o WHERE o.role = 'admin' AND o.state = 'active' AND o.id <> $1
             )
         )",
    )
    .bind(Uuid::from(access.facts().account)))?;
    Ok(suspended == 1)
}

/// Gives an account another role, unless no administrator would be left. Returns whether it did.
pub(crate) async fn set_role(
    tx: &mut Tx,
    access: &Access<ConfirmProposal, ProposalFacts>,
    role: Role,
) -> Result<bool, Fault> {
    let changed = execute!(tx => sqlx::query(
        "UPDATE account SET role = $2
         WHERE id = $1 AND role IS NOT NULL AND role <> $2 AND (
             role <> 'admin' OR EXISTS (
                 SELECT 1 FROM account o WHERE o.role = 'admin' AND o.state = 'active' AND o.id <> $1
             )
         )",
    )
    .bind(Uuid::from(access.facts().account))
    .bind(role.code()))?;
    Ok(changed == 1)
}

/// Gives a suspended account its former state. Returns whether it did.
pub(crate) async fn reactivate(tx: &mut Tx, access: &Access<ConfirmProposal, ProposalFacts>) -> Result<bool, Fault> {
    let reactivated = execute!(tx => sqlx::query(
        "UPDATE account SET state = CASE WHEN password_hash IS NULL THEN 'awaiting' ELSE 'active' END
         WHERE id = $1 AND role IS NOT NULL AND state = 'suspended'",
    )
    .bind(Uuid::from(access.facts().account)))?;
    Ok(reactivated == 1)
}

/// What resetting an account requires: the confirmation of a second person, or the command line.
pub(crate) trait MayReset {}

impl MayReset for Access<ConfirmProposal, ProposalFacts> {}
impl MayReset for Access<CreateAdministrator, HouseFacts> {}

/// Removes password, authenticator and recovery codes from an account, which then awaits activation. It does nothing if
/// no administrator would be left, except for the command line (`even_last`), which hands out the new code itself.
/// Returns whether it did.
pub(crate) async fn reset(tx: &mut Tx, _: &impl MayReset, account: AccountId, even_last: bool) -> Result<bool, Fault> {
    let reset = execute!(tx => sqlx::query(
        "UPDATE account SET state = 'awaiting', password_hash = NULL
         WHERE id = $1 AND role IS NOT NULL AND (
             $2 OR role <> 'admin' OR state <> 'active' OR EXISTS (
                 SELECT 1 FROM account o WHERE o.role = 'admin' AND o.state = 'active' AND o.id <> $1
             )
         )",
    )
    .bind(Uuid::from(account))
    .bind(even_last))?;
    if reset != 1 {
        return Ok(false);
    }
    execute!(tx => sqlx::query("DELETE FROM second_factor WHERE account_id = $1")
        .bind(Uuid::from(account)))?;
    execute!(tx => sqlx::query("DELETE FROM recovery_code WHERE account_id = $1")
        .bind(Uuid::from(account)))?;
    Ok(true)
}

/// What creating an account requires: the confirmation of a second person, or the command line.
pub(crate) trait MayCreate {}

impl MayCreate for Access<ConfirmProposal, ProposalFacts> {}
impl MayCreate for Access<CreateAdministrator, HouseFacts> {}

/// A new account, which awaits its activation.
pub(crate) struct NewStaffAccount<'a> {
    pub(crate) id: AccountId,
    pub(crate) identifier: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) phone: Option<&'a str>,
    pub(crate) role: Role,
    pub(crate) at: Instant,
}

/// Writes an account, unless its identifier is taken. Returns whether it did.
pub(crate) async fn create(tx: &mut Tx, _: &impl MayCreate, new: &NewStaffAccount<'_>) -> Result<bool, Fault> {
    let written = execute!(tx => sqlx::query(
        "INSERT INTO account (id, identifier, role, state, created_at) VALUES ($1, $2, $3, 'awaiting', $4)
         ON CONFLICT (identifier) DO NOTHING",
    )
    .bind(Uuid::from(new.id))
    .bind(new.identifier)
    .bind(new.role.code())
    .bind(new.at.millis()))?;
    if written == 1 {
        super::accounts::insert_staff(tx, new.id, new.name, new.email, new.phone).await?;
    }
    Ok(written == 1)
}

/// A member of staff who has a mail address.
#[derive(sqlx::FromRow)]
pub(crate) struct Reachable {
    pub(crate) name: String,
    pub(crate) email: Option<String>,
}

/// The administrators who are not suspended, without `but`. There are two of them, seldom more.
pub(crate) async fn administrators(db: &mut impl Reads, but: AccountId) -> Result<Vec<Reachable>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT s.name, s.email FROM account a JOIN staff s ON s.account_id = a.id
         WHERE a.role = 'admin' AND a.state <> 'suspended' AND a.id <> $1 ORDER BY a.id LIMIT 50",
    )
    .bind(Uuid::from(but))
    .fetch_all(conn)
    .await)?)
}

/// The people who may confirm what `proposed_by` proposed about `about`.
pub(crate) async fn deciders(
    db: &mut impl Reads,
    proposed_by: AccountId,
    about: AccountId,
) -> Result<Vec<Reachable>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT s.name, s.email FROM account a JOIN staff s ON s.account_id = a.id
         WHERE a.role IN ('admin', 'director') AND a.state = 'active' AND a.id <> $1 AND a.id <> $2
         ORDER BY a.id LIMIT 50",
    )
    .bind(Uuid::from(proposed_by))
    .bind(Uuid::from(about))
    .fetch_all(conn)
    .await)?)
}
