//! What people ask about their own data (E15, GDPR art. 12 to 22): which right, whose data, and until when it has
//! to be answered.

use crate::{
    actor::Actor,
    error::{PortError, PortResult},
    identity::Client,
    ids::{RightsRequestId, SubmissionId},
    paging::Paged,
    screening::Findings,
    time::{CivilDate, Instant, Period},
    words::words,
};
use async_trait::async_trait;

/// How long there is to answer, from the day it came (art. 12-3).
pub const DELAY: Period = Period::Months(1);
/// The same, two months longer, where the person was told why in the first one (art. 12-3).
pub const EXTENDED_DELAY: Period = Period::Months(3);
/// From how many days before its date a request is marked as pressing.
pub const SOON_DAYS: u16 = 7;

words! {
    /// What somebody asks for.
    Right {
        /// To know what is known, and to have a copy (art. 15).
        Access = "access",
        /// To have it put right (art. 16).
        Rectification = "rectification",
        /// To have it erased (art. 17).
        Erasure = "erasure",
        /// To have it used no more for something (art. 21).
        Objection = "objection",
        /// To have it kept but not used while a dispute is settled (art. 18).
        Restriction = "restriction",
        /// To take it elsewhere (art. 20).
        Portability = "portability",
        /// To say what becomes of it after death (loi Informatique et Libertés, art. 85).
        Directives = "directives",
        /// To take back a yes (art. 7-3).
        Withdrawal = "withdrawal",
    }
}

words! {
    /// Why it has to be erased (art. 17-1).
    Ground {
        /// It serves no purpose any more.
        NotNeeded = "not_needed",
        /// It rested on a consent that is taken back.
        ConsentWithdrawn = "consent_withdrawn",
        /// The person objected, and nothing weighs more.
        Objection = "objection",
        /// It should never have been there.
        Unlawful = "unlawful",
        /// A law asks for it.
        LegalDuty = "legal_duty",
        /// It was collected from a child.
        Minor = "minor",
    }
}

words! {
    /// Whose data it is.
    Concerns {
        /// Their own.
        Oneself = "self",
        /// Their child's, under 15.
        Child = "child",
        /// The data of a person who has died.
        Deceased = "deceased",
    }
}

words! {
    /// How far a request has come.
    RightsState {
        /// To be answered.
        New = "new",
        /// To be answered, once it is sure who asks.
        Identity = "identity",
        /// Answered.
        Closed = "closed",
    }
}

words! {
    /// How it ended.
    RightsOutcome {
        /// Done.
        Granted = "granted",
        /// Done in part.
        Partly = "partly",
        /// Not done.
        Refused = "refused",
        /// The person asks no more.
        Withdrawn = "withdrawn",
    }
}

/// A request worth taking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRightsRequest {
    /// What is asked for.
    pub right: Right,
    /// Why it has to be erased; for an erasure alone.
    pub ground: Option<Ground>,
    /// Whose data it is.
    pub concerns: Concerns,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where the answer goes.
    pub email: String,
    /// What they want to add.
    pub message: Option<String>,
    /// What the screening found in it (A9).
    pub findings: Findings,
}

/// What is done with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RightsStep {
    /// A proof of identity is asked for, because there is a real doubt (art. 12-6).
    AskIdentity {
        /// Which doubt.
        doubt: String,
    },
    /// Two months more (art. 12-3).
    Extend {
        /// Why.
        reason: String,
    },
    /// What the person wrote freely is destroyed, and what the screening said of it.
    Blank,
    /// It is answered.
    Close {
        /// How it ends.
        outcome: RightsOutcome,
        /// What is written.
        answer: String,
    },
}

/// How near the date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It is over.
    Late,
    /// It is within [`SOON_DAYS`].
    Soon,
    /// There is time.
    Calm,
}

impl Urgency {
    /// The urgency of a request that is due on `due`, seen from `today`.
    #[must_use]
    pub fn of(due: CivilDate, today: CivilDate) -> Self {
        if due < today {
            Self::Late
        } else if due <= today.plus_days(SOON_DAYS) {
            Self::Soon
        } else {
            Self::Calm
        }
    }
}

/// One line of the officer's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsRow {
    /// Its id.
    pub id: RightsRequestId,
    /// What is asked for.
    pub right: Right,
    /// Who asks, first and last name.
    pub name: String,
    /// When it came.
    pub received_at: Instant,
    /// Until when it has to be answered.
    pub due_on: CivilDate,
    /// How far it has come.
    pub state: RightsState,
    /// How it ended.
    pub outcome: Option<RightsOutcome>,
}

/// A page of the officer's list, and what presses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsPage {
    /// The requests: those to be answered by date, what is over first; answered ones newest first.
    pub found: Paged<RightsRow>,
    /// How many are to be answered.
    pub open: u64,
    /// How many of them are late.
    pub late: u64,
    /// How many of them are due within [`SOON_DAYS`].
    pub soon: u64,
}

/// A whole request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsDetail {
    /// What the list says of it.
    pub row: RightsRow,
    /// Why it has to be erased, where that is asked for.
    pub ground: Option<Ground>,
    /// Whose data it is.
    pub concerns: Concerns,
    /// Where answers go.
    pub email: String,
    /// What they wrote.
    pub message: Option<String>,
    /// What the screening found in it (A9).
    pub findings: Findings,
    /// Whether it was sent by somebody signed in, whose account says who they are.
    pub from_account: bool,
    /// When it was extended.
    pub extended_at: Option<Instant>,
    /// Why.
    pub extension_reason: Option<String>,
    /// When a proof of identity was asked for.
    pub identity_asked_at: Option<Instant>,
    /// When it was answered.
    pub closed_at: Option<Instant>,
    /// What was answered.
    pub answer: Option<String>,
}

impl RightsDetail {
    /// Whether it can still be extended by two months: once, and only while the first month runs (art. 12-3).
    #[must_use]
    pub fn may_extend(&self, today: CivilDate) -> bool {
        self.row.state != RightsState::Closed && self.extended_at.is_none() && today <= self.row.due_on
    }
}

/// Why a request was not taken, or a step not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RightsRefusal {
    /// Too many from one place; `minutes` to wait.
    #[error("too many")]
    TooMany {
        /// Minutes until the next is taken.
        minutes: u32,
    },
    /// It is not as the page showed it.
    #[error("over")]
    Over,
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Asking, and answering within the legal time.
#[async_trait]
pub trait RightsRequests: Send + Sync {
    /// Takes a request, from anybody; sent twice, a submission is one request. Acknowledged by mail, told to the
    /// officers, or to `officer` while none of them has an address.
    async fn ask(
        &self,
        actor: &Actor,
        client: &Client,
        new: NewRightsRequest,
        submission: SubmissionId,
        officer: &str,
    ) -> Result<(), RightsRefusal>;
    /// The requests that are `closed`, or are not.
    async fn list(&self, actor: &Actor, closed: bool, page: u32) -> PortResult<RightsPage>;
    /// One request.
    async fn detail(&self, actor: &Actor, request: RightsRequestId) -> PortResult<RightsDetail>;
    /// Asks for a proof of identity, extends, or answers. The person is told each time.
    async fn step(&self, actor: &Actor, request: RightsRequestId, step: RightsStep) -> Result<(), RightsRefusal>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_counted_on_the_calendar() {
        let day = |text: &str| text.parse::<CivilDate>().unwrap();
        for (received, due, extended) in [
            ("2026-01-31", "2026-02-28", "2026-04-30"),
            ("2028-01-31", "2028-02-29", "2028-04-30"),
            ("2026-03-10", "2026-04-10", "2026-06-10"),
            ("2026-11-30", "2026-12-30", "2027-02-28"),
        ] {
            assert_eq!(DELAY.after(day(received)), day(due), "{received}");
            assert_eq!(EXTENDED_DELAY.after(day(received)), day(extended), "{received}");
        }
    }

    #[test]
    fn the_day_itself_is_not_late() {
        let day = |text: &str| text.parse::<CivilDate>().unwrap();
        let today = day("2026-03-10");
        for (due, urgency) in [
            ("2026-03-09", Urgency::Late),
            ("2026-03-10", Urgency::Soon),
            ("2026-03-17", Urgency::Soon),
            ("2026-03-18", Urgency::Calm),
        ] {
            assert_eq!(Urgency::of(day(due), today), urgency, "{due}");
        }
    }
}
