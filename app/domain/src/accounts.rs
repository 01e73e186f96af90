//! Accounts of staff: proposed by one person, confirmed by another, suspended by one (A8).
//!
//! Whatever gives rights takes two people, so that one hijacked administrator can raise nobody. Whatever
//! takes rights away takes one, and is in effect at once.

use crate::{
    activation::Invitation,
    actor::{Actor, Role},
    error::{PortError, PortResult},
    forms::account::{Change, NewStaff},
    ids::{AccountId, ProposalId, SubmissionId},
    time::Instant,
};
use async_trait::async_trait;

/// How many rows a page of accounts, proposals or events shows.
pub const PAGE_SIZE: u32 = 50;
/// How long a proposal waits for a second person.
pub const PROPOSAL_DAYS: i64 = 14;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable word that the database uses.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The one that `code` names.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.code() == code)
            }
        }
    };
}

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

/// One page of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// The page shown, 1 for the first.
    pub page: u32,
}

impl<T> Paged<T> {
    /// How many pages there are; 1 when there is nothing.
    #[must_use]
    pub fn pages(&self) -> u32 {
        u32::try_from(self.total.div_ceil(u64::from(PAGE_SIZE)).max(1)).unwrap_or(u32::MAX)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for state in AccountState::ALL {
            assert_eq!(AccountState::from_code(state.code()), Some(*state));
        }
        for kind in ProposalKind::ALL {
            assert_eq!(ProposalKind::from_code(kind.code()), Some(*kind));
        }
        let codes: std::collections::BTreeSet<_> = AccountEvent::ALL.iter().map(|event| event.code()).collect();
        assert_eq!(codes.len(), AccountEvent::ALL.len(), "each event has a word of its own");
        assert_eq!(AccountState::from_code("other"), None);
    }

    #[test]
    fn pages_are_counted_up() {
        let pages = |total| Paged::<()> { rows: Vec::new(), total, page: 1 }.pages();
        assert_eq!([0, 1, 50, 51, 100].map(pages), [1, 1, 1, 2, 2]);
    }
}
