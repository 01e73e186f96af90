//! Accounts of staff: proposed by one person, confirmed by another, suspended by one (A8).
//!
//! Whatever gives rights takes two people, so that one hijacked administrator can raise nobody. Whatever
//! takes rights away takes one, and is in effect at once.

use crate::{
    activation::Invitation,
    actor::{Actor, Role},
    error::{PortError, PortResult},
    ids::{AccountId, ProposalId, SubmissionId},
    paging::Paged,
    time::Instant,
    words::words,
};
use async_trait::async_trait;

/// How long a proposal waits for a second person.
pub const PROPOSAL_DAYS: i64 = 14;

words! {
    /// What an account can do at the moment.
    AccountState {
        /// Nothing but be activated.
        Awaiting = "awaiting",
        /// Sign in.
        Active = "active",
        /// Nothing at all.
        Suspended = "suspended",
    }
}

words! {
    /// What a proposal is about.
    ProposalKind {
        /// A new account.
        Create = "create",
        /// Another role.
        Role = "role",
        /// A suspended account as it was.
        Reactivate = "reactivate",
        /// A new password and a new authenticator, through a new code.
        Invite = "invite",
    }
}

words! {
    /// What happened to an account, in the journal.
    AccountEvent {
        /// A new account was proposed.
        CreateProposed = "create_proposed",
        /// Another role was proposed.
        RoleProposed = "role_proposed",
        /// Reactivation was proposed.
        ReactivateProposed = "reactivate_proposed",
        /// A new invitation was proposed.
        InviteProposed = "invite_proposed",
        /// The account was made.
        Created = "created",
        /// The role changed.
        RoleChanged = "role_changed",
        /// The account is active again.
        Reactivated = "reactivated",
        /// Password and authenticator were reset, a new code went out.
        Invited = "invited",
        /// The second person said no.
        Declined = "declined",
        /// The proposal was taken back.
        Withdrawn = "withdrawn",
        /// The account was suspended.
        Suspended = "suspended",
        /// A password was chosen with a code.
        Activated = "activated",
        /// The password was changed by its owner.
        PasswordChanged = "password_changed",
        /// Made or reset at the command line, because everybody was locked out.
        Rescued = "rescued",
    }
}

impl ProposalKind {
    /// What the journal says of its being proposed.
    #[must_use]
    pub const fn proposed(self) -> AccountEvent {
        match self {
            Self::Create => AccountEvent::CreateProposed,
            Self::Role => AccountEvent::RoleProposed,
            Self::Reactivate => AccountEvent::ReactivateProposed,
            Self::Invite => AccountEvent::InviteProposed,
        }
    }

    /// What the journal says of its being confirmed.
    #[must_use]
    pub const fn confirmed(self) -> AccountEvent {
        match self {
            Self::Create => AccountEvent::Created,
            Self::Role => AccountEvent::RoleChanged,
            Self::Reactivate => AccountEvent::Reactivated,
            Self::Invite => AccountEvent::Invited,
        }
    }
}

/// Which accounts are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountQuery {
    /// Words of a name or an identifier; empty finds everybody.
    pub search: String,
    /// Only this role.
    pub role: Option<Role>,
    /// Only this state.
    pub state: Option<AccountState>,
    /// 1 for the first page.
    pub page: u32,
}

/// One account of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The account.
    pub account: AccountId,
    /// First and last name.
    pub name: String,
    /// What they sign in with.
    pub identifier: String,
    /// Their role.
    pub role: Role,
    /// What the account can do.
    pub state: AccountState,
    /// When they last came in, second factor included.
    pub last_sign_in_at: Option<Instant>,
}

/// One account and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDetail {
    /// Who, which role, which state.
    pub row: AccountRow,
    /// How to write to them.
    pub email: Option<String>,
    /// How to call them.
    pub phone: Option<String>,
    /// When the account was made.
    pub created_at: Instant,
    /// Sessions that are open now.
    pub devices: u64,
    /// Young people attached to them now: a number, nobody's name.
    pub attached: u64,
    /// What happened, newest first.
    pub history: Paged<HistoryLine>,
    /// Whether the actor may propose changes.
    pub may_propose: bool,
    /// Whether the actor may suspend this account: it is somebody else's, and not suspended.
    pub may_suspend: bool,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// A member of staff, by name.
    Staff(String),
    /// Somebody whose name is not there any more, or a young person.
    Other,
    /// The command line or a job.
    Machine,
}

/// A line of an account's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// When.
    pub at: Instant,
    /// Who.
    pub author: Author,
    /// What.
    pub event: AccountEvent,
}

/// A proposal that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// What is proposed.
    pub kind: ProposalKind,
    /// The account, or the one it will become.
    pub account: AccountId,
    /// Whose account.
    pub name: String,
    /// What they sign in with, or will.
    pub identifier: String,
    /// How to write to them.
    pub email: Option<String>,
    /// How to call them.
    pub phone: Option<String>,
    /// The role they have.
    pub current_role: Option<Role>,
    /// The role they are to have, where that is proposed.
    pub role: Option<Role>,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Instant,
    /// When it is over.
    pub expires_at: Instant,
    /// Whether the actor proposed it, and so may take it back.
    pub may_withdraw: bool,
    /// Whether the actor may say yes.
    pub may_confirm: bool,
    /// Whether the actor may say no.
    pub may_decline: bool,
}

/// An account worth proposing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStaff {
    /// First and last name.
    pub name: String,
    /// Small letters, digits, dots and hyphens.
    pub identifier: String,
    /// Where the invitation goes.
    pub email: String,
    /// In E.164 where it is a French number.
    pub phone: Option<String>,
    /// What they will be.
    pub role: Role,
}

/// A change worth proposing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another role.
    Role(Role),
    /// A suspended account as it was.
    Reactivate,
    /// A new password and a new authenticator.
    Invite,
}

/// What is done with a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The second person says yes.
    Confirm,
    /// The second person says no.
    Decline,
    /// The first person takes it back.
    Withdraw,
}

/// Why a change of an account was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountRefusal {
    /// The proposal was decided by somebody else, or it is over.
    #[error("over")]
    Over,
    /// Somebody has, or is about to get, this identifier.
    #[error("identifier taken")]
    Taken,
    /// The account is like that already, or the same is being proposed.
    #[error("nothing to change")]
    NothingToChange,
    /// Nobody would be left to look after the accounts.
    #[error("last administrator")]
    LastAdministrator,
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Looking after the accounts of staff.
#[async_trait]
pub trait StaffAccounts: Send + Sync {
    /// The accounts, by name.
    async fn page(&self, actor: &Actor, query: AccountQuery) -> PortResult<Paged<AccountRow>>;
    /// One account; `page` is that of its history.
    async fn detail(&self, actor: &Actor, account: AccountId, page: u32) -> PortResult<AccountDetail>;
    /// What waits for a second person, oldest first.
    async fn proposals(&self, actor: &Actor, page: u32) -> PortResult<Paged<Proposal>>;
    /// One proposal that waits.
    async fn proposal(&self, actor: &Actor, proposal: ProposalId) -> PortResult<Proposal>;
    /// Proposes an account; nothing exists until it is confirmed. The same submission twice is one proposal.
    async fn propose_new(
        &self,
        actor: &Actor,
        new: NewStaff,
        submission: SubmissionId,
    ) -> Result<ProposalId, AccountRefusal>;
    /// Proposes a change of an account. The same submission twice is one proposal.
    async fn propose_change(
        &self,
        actor: &Actor,
        account: AccountId,
        change: Change,
        submission: SubmissionId,
    ) -> Result<ProposalId, AccountRefusal>;
    /// Confirms, declines or withdraws. A new account or invitation gives its code, this once.
    async fn decide(
        &self,
        actor: &Actor,
        proposal: ProposalId,
        decision: Decision,
    ) -> Result<Option<Invitation>, AccountRefusal>;
    /// Suspends an account and ends all its sessions.
    async fn suspend(&self, actor: &Actor, account: AccountId) -> Result<(), AccountRefusal>;
}
