//! Who is acting: the person behind a session, or the machine itself.

use crate::{
    ids::{AccountId, YouthId},
    words::words,
};
use serde::{Deserialize, Serialize};

words! {
    /// What a member of staff may do (A6).
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Role {
        /// Heads the organisation.
        Director = "director",
        /// Works with the young people attached to them.
        Advisor = "advisor",
        /// Welcomes and directs.
        Reception = "reception",
        /// Runs a project across advisors.
        ProjectLead = "project_lead",
        /// Supports the teams.
        AdministrativeAssistant = "administrative_assistant",
        /// Leads the team of a sector.
        SectorHead = "sector_head",
        /// Keeps accounts and settings; sees no file.
        Administrator = "admin",
        /// Data-protection officer; sees the register and the requests, no file.
        Dpo = "dpo",
    }
}

impl Role {
    /// The roles whose work is with young people: only they can be attached to a file (A6, E3).
    pub const FOLLOWING: &[Self] = &[Self::Advisor, Self::SectorHead, Self::ProjectLead];
    /// The roles that look after the house: its accounts, its jobs, its journal (A6).
    pub const HOUSE: &[Self] = &[Self::Administrator, Self::Dpo];
    /// The roles that change something there.
    pub const ADMINISTRATORS: &[Self] = &[Self::Administrator];
    /// The roles that say yes or no to what somebody else proposed (A8). The director is one of them for a house that
    /// has one administrator only.
    pub const DECIDING: &[Self] = &[Self::Administrator, Self::Director];
    /// The roles that look after events (F5).
    pub const EVENT_TEAM: &[Self] = &[Self::Administrator, Self::Director, Self::ProjectLead];
    /// The roles that hand over what people answered to an event's form: administrators do not see those answers.
    pub const EVENT_FORWARDERS: &[Self] = &[Self::Director, Self::ProjectLead];

    /// Whether this role is one of `roles`.
    #[must_use]
    pub fn is_in(self, roles: &[Self]) -> bool {
        roles.contains(&self)
    }

    /// Whether this is one of [`Self::FOLLOWING`].
    #[must_use]
    pub fn follows_young_people(self) -> bool {
        self.is_in(Self::FOLLOWING)
    }
}

/// Who asks. Built from a session by the host, by a job or by the command line, and by nothing
/// else: `app` cannot make one (clippy's `disallowed-methods`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(Kind);

/// What [`Actor`] holds, for matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nobody signed in.
    Anonymous,
    /// A young person in their own space.
    Youth {
        /// Their account.
        account: AccountId,
        /// Their file.
        youth: YouthId,
    },
    /// A member of staff whose second factor was checked.
    Staff {
        /// Their account.
        account: AccountId,
        /// Their role.
        role: Role,
    },
    /// A periodic job, or the command line.
    Machine(&'static str),
}

impl Actor {
    /// Nobody signed in.
    #[must_use]
    pub const fn anonymous() -> Self {
        Self(Kind::Anonymous)
    }

    /// A young person whose session was checked.
    #[must_use]
    pub const fn youth(account: AccountId, youth: YouthId) -> Self {
        Self(Kind::Youth { account, youth })
    }

    /// A member of staff whose session and second factor were checked.
    #[must_use]
    pub const fn staff(account: AccountId, role: Role) -> Self {
        Self(Kind::Staff { account, role })
    }

    /// The machine itself: `name` is the job's or the command's.
    #[must_use]
    pub const fn machine(name: &'static str) -> Self {
        Self(Kind::Machine(name))
    }

    /// For matching.
    #[must_use]
    pub const fn kind(&self) -> &Kind {
        &self.0
    }

    /// The account behind the session, if there is one.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self.0 {
            Kind::Youth { account, .. } | Kind::Staff { account, .. } => Some(account),
            Kind::Anonymous | Kind::Machine(_) => None,
        }
    }

    /// The young person acting in their own space, if that is who asks.
    #[must_use]
    pub const fn own_youth(&self) -> Option<YouthId> {
        match self.0 {
            Kind::Youth { youth, .. } => Some(youth),
            _ => None,
        }
    }
}
