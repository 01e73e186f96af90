//! What one person proposed about an account and a second one has to confirm (A8).

use crate::{
    access::{
        Access, AccountFacts, ConfirmProposal, DeclineProposal, HouseFacts, ProposalFacts, ProposeChange, SeeProposals,
        SuspendAccount, WithdrawProposal,
    },
    db::{Reads, Tx, count, execute, on},
    error::Fault,
    store::known,
};
use domain::{
    accounts::ProposalKind,
    actor::Role,
    ids::{AccountId, ProposalId},
    paging::PAGE_SIZE,
    time::Instant,
};
use uuid::Uuid;

/// A proposal that waits.
pub(crate) struct Pending {
    pub(crate) id: ProposalId,
    pub(crate) kind: ProposalKind,
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) identifier: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) current_role: Option<Role>,
    pub(crate) role: Option<Role>,
    pub(crate) proposed_by: AccountId,
    pub(crate) proposer: String,
    pub(crate) proposed_at: Instant,
    pub(crate) expires_at: Instant,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    account_id: Uuid,
    name: String,
    identifier: String,
    email: Option<String>,
    phone: Option<String>,
    role_now: Option<String>,
    role: Option<String>,
    proposed_by: Uuid,
    proposer: String,
    proposed_at: i64,
    expires_at: i64,
}

impl Row {
    fn into_pending(self) -> Result<Pending, Fault> {
        let role = |role: Option<String>| role.map(|role| known(Role::from_code(&role))).transpose();
        Ok(Pending {
            id: self.id.into(),
            kind: known(ProposalKind::from_code(&self.kind))?,
            account: self.account_id.into(),
            name: self.name,
            identifier: self.identifier,
            email: self.email,
            phone: self.phone,
            current_role: role(self.role_now)?,
            role: role(self.role)?,
            proposed_by: self.proposed_by.into(),
            proposer: self.proposer,
            proposed_at: Instant::from_millis(self.proposed_at),
            expires_at: Instant::from_millis(self.expires_at),
        })
    }
}

/// A page of the proposals that wait at `at`, oldest first.
pub(crate) async fn page(
    db: &mut impl Reads,
    _: &Access<SeeProposals, HouseFacts>,
    page: u32,
    at: Instant,
) -> Result<Vec<Pending>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT p.id, p.kind, p.account_id, COALESCE(p.name, s.name, '') AS name,
                COALESCE(p.identifier, a.identifier, '') AS identifier, COALESCE(p.email, s.email) AS email,
                COALESCE(p.phone, s.phone) AS phone, a.role AS role_now, p.role, p.proposed_by,
                q.name AS proposer, p.proposed_at, p.expires_at
         FROM account_proposal p
         JOIN staff q ON q.account_id = p.proposed_by
         LEFT JOIN account a ON a.id = p.account_id
         LEFT JOIN staff s ON s.account_id = p.account_id
         WHERE p.state = 'pending' AND p.expires_at > $1
         ORDER BY p.proposed_at, p.id LIMIT ($2 + 0) OFFSET $3",
    )
    .bind(at.millis())
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    rows.into_iter().map(Row::into_pending).collect()
}

/// How many proposals wait at `at`.
pub(crate) async fn count(
    db: &mut impl Reads,
    _: &Access<SeeProposals, HouseFacts>,
    at: Instant,
) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM account_proposal WHERE state = 'pending' AND expires_at > $1")
            .bind(at.millis())
            .fetch_one(conn)
            .await)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// What reading one proposal requires: the right to see all of them, or to decide on this one.
pub(crate) trait MayReadProposal {}

impl MayReadProposal for Access<SeeProposals, HouseFacts> {}
impl MayReadProposal for Access<ConfirmProposal, ProposalFacts> {}

/// One proposal that waits at `at`.
pub(crate) async fn one(
    db: &mut impl Reads,
    _: &impl MayReadProposal,
    proposal: ProposalId,
    at: Instant,
) -> Result<Option<Pending>, Fault> {
    let row: Option<Row> = on!(db, conn => sqlx::query_as(
        "SELECT p.id, p.kind, p.account_id, COALESCE(p.name, s.name, '') AS name,
                COALESCE(p.identifier, a.identifier, '') AS identifier, COALESCE(p.email, s.email) AS email,
                COALESCE(p.phone, s.phone) AS phone, a.role AS role_now, p.role, p.proposed_by,
                q.name AS proposer, p.proposed_at, p.expires_at
         FROM account_proposal p
         JOIN staff q ON q.account_id = p.proposed_by
         LEFT JOIN account a ON a.id = p.account_id
         LEFT JOIN staff s ON s.account_id = p.account_id
         WHERE p.id = $1 AND p.state = 'pending' AND p.expires_at > $2",
    )
    .bind(Uuid::from(proposal))
    .bind(at.millis())
    .fetch_optional(conn)
    .await)?;
    row.map(Row::into_pending).transpose()
}

/// A proposal to be written.
pub(crate) struct New<'a> {
    pub(crate) id: ProposalId,
    pub(crate) kind: ProposalKind,
    pub(crate) account: AccountId,
    /// Identifier, name, address and telephone of a new account.
    pub(crate) person: Option<(&'a str, &'a str, &'a str, Option<&'a str>)>,
    pub(crate) role: Option<Role>,
    pub(crate) proposed_by: AccountId,
    pub(crate) at: Instant,
    pub(crate) expires_at: Instant,
}

/// Whether a proposal with this id was written before, in any state.
pub(crate) async fn is_known(db: &mut impl Reads, id: ProposalId) -> Result<bool, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM account_proposal WHERE id = $1")
        .bind(Uuid::from(id))
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}

/// Writes a proposal, unless one waits for the same account or identifier. Returns whether it did.
pub(crate) async fn insert(tx: &mut Tx, _: &Access<ProposeChange, HouseFacts>, new: &New<'_>) -> Result<bool, Fault> {
    let written = execute!(tx => sqlx::query(
        "INSERT INTO account_proposal
             (id, kind, account_id, identifier, name, email, phone, role, proposed_by, proposed_at, expires_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending')
         ON CONFLICT DO NOTHING",
    )
    .bind(Uuid::from(new.id))
    .bind(new.kind.code())
    .bind(Uuid::from(new.account))
    .bind(new.person.map(|(identifier, ..)| identifier))
    .bind(new.person.map(|(_, name, ..)| name))
    .bind(new.person.map(|(_, _, email, _)| email))
    .bind(new.person.and_then(|(_, _, _, phone)| phone))
    .bind(new.role.map(Role::code))
    .bind(Uuid::from(new.proposed_by))
    .bind(new.at.millis())
    .bind(new.expires_at.millis()))?;
    Ok(written == 1)
}

/// A decision that ends a proposal, and the state after it.
pub(crate) trait Ends {
    const STATE: &str;
    fn facts(&self) -> &ProposalFacts;
    fn decided_by(&self) -> Option<AccountId>;
}

macro_rules! ends {
    ($($permission:ident = $state:literal),+ $(,)?) => {$(
        impl Ends for Access<$permission, ProposalFacts> {
            const STATE: &str = $state;
            fn facts(&self) -> &ProposalFacts {
                Access::facts(self)
            }
            fn decided_by(&self) -> Option<AccountId> {
                self.actor().account()
            }
        }
    )+};
}

ends!(ConfirmProposal = "confirmed", DeclineProposal = "declined", WithdrawProposal = "withdrawn");

/// Ends a proposal that waits at `at`, and removes the names in it. Returns whether it did: when two people decide at
/// once, only one of them ends it, and nobody confirms what they proposed themselves.
pub(crate) async fn end<A: Ends>(tx: &mut Tx, access: &A, at: Instant) -> Result<bool, Fault> {
    let ended = execute!(tx => sqlx::query(
        "UPDATE account_proposal
         SET state = $2, decided_by = $3, decided_at = $4, identifier = NULL, name = NULL, email = NULL, phone = NULL
         WHERE id = $1 AND state = 'pending' AND expires_at > $4 AND ($2 <> 'confirmed' OR proposed_by <> $3)",
    )
    .bind(Uuid::from(access.facts().proposal))
    .bind(A::STATE)
    .bind(access.decided_by().map(Uuid::from))
    .bind(at.millis()))?;
    Ok(ended == 1)
}

/// Takes back the waiting proposals from or about an account whose rights were just removed or changed. Returns whom
/// they were about.
pub(crate) async fn withdraw_around(
    tx: &mut Tx,
    access: &impl ChangesRights,
    at: Instant,
) -> Result<Vec<AccountId>, Fault> {
    let about: Vec<Uuid> = on!(tx, conn => sqlx::query_scalar(
        "UPDATE account_proposal
         SET state = 'withdrawn', decided_by = $2, decided_at = $3,
             identifier = NULL, name = NULL, email = NULL, phone = NULL
         WHERE state = 'pending' AND (proposed_by = $1 OR account_id = $1)
         RETURNING account_id",
    )
    .bind(Uuid::from(access.account()))
    .bind(access.by().map(Uuid::from))
    .bind(at.millis())
    .fetch_all(conn)
    .await)?;
    Ok(about.into_iter().map(Into::into).collect())
}

/// Proof that the rights of an account may change.
pub(crate) trait ChangesRights {
    fn account(&self) -> AccountId;
    fn by(&self) -> Option<AccountId>;
}

impl ChangesRights for Access<SuspendAccount, AccountFacts> {
    fn account(&self) -> AccountId {
        self.facts().account
    }
    fn by(&self) -> Option<AccountId> {
        self.actor().account()
    }
}

impl ChangesRights for Access<ConfirmProposal, ProposalFacts> {
    fn account(&self) -> AccountId {
        Access::facts(self).account
    }
    fn by(&self) -> Option<AccountId> {
        self.actor().account()
    }
}

/// The proposals that nobody confirmed in time, at `$1`.
macro_rules! expired {
    () => {
        "WHERE state = 'pending' AND expires_at <= $1"
    };
}

/// How many proposals nobody confirmed in time.
pub(crate) async fn count_expired(db: &mut impl Reads, at: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) FROM account_proposal ", expired!())).bind(at.millis()))
}

/// Ends the proposals that nobody confirmed in time, and removes the names in them; returns how many.
pub(crate) async fn expire(tx: &mut Tx, at: Instant) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!(
        "UPDATE account_proposal
         SET state = 'expired', decided_at = $1, identifier = NULL, name = NULL, email = NULL, phone = NULL ",
        expired!(),
    ))
    .bind(at.millis()))
}
