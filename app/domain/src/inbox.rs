//! What visitors sent, as staff deal with it (A5): who has it, what was answered, when it goes.

use crate::{
    actor::{Actor, Role},
    error::{PortError, PortResult},
    ids::{AccountId, RequestId, SubmissionId},
    paging::Paged,
    requests::RequestKind,
    screening::Findings,
    time::{CivilDate, Instant},
    words::words,
};
use async_trait::async_trait;

/// The roles whose work has to do with at least one form: the others have no inbox.
pub const READERS: &[Role] = {
    const FOUND: &([Role; Role::ALL.len()], usize) = &readers();
    FOUND.0.split_at(FOUND.1).0
};

const fn readers() -> ([Role; Role::ALL.len()], usize) {
    let mut found = Role::ALL;
    let (mut role, mut count) = (0, 0);
    while role < Role::ALL.len() {
        let mut kind = 0;
        while kind < RequestKind::ALL.len() {
            let seen_by = RequestKind::ALL[kind].processing().seen_by();
            let mut at = 0;
            while at < seen_by.len() {
                if seen_by[at] as u8 == Role::ALL[role] as u8 {
                    found[count] = Role::ALL[role];
                    count += 1;
                    // The role is found: the remaining readers and forms need no look.
                    at = seen_by.len() - 1;
                    kind = RequestKind::ALL.len() - 1;
                }
                at += 1;
            }
            kind += 1;
        }
        role += 1;
    }
    (found, count)
}

words! {
    /// How far a request has come.
    RequestState {
        /// Nobody has dealt with it yet.
        New = "new",
        /// Somebody has.
        Open = "open",
        /// There is nothing left to do.
        Closed = "closed",
    }
}

words! {
    /// Whose requests a list shows.
    #[derive(Default)]
    Whose {
        /// Everybody's.
        #[default]
        Anybody = "",
        /// The actor's own.
        Mine = "moi",
        /// Those that nobody has taken.
        Nobody = "personne",
    }
}

/// Which requests are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxQuery {
    /// Only what came by this form.
    pub kind: Option<RequestKind>,
    /// Only this state; nothing for what is still to be dealt with.
    pub state: Option<RequestState>,
    /// Only these people's.
    pub whose: Whose,
    /// 1 for the first page.
    pub page: u32,
}

/// One line of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// Its id.
    pub id: RequestId,
    /// By which form it came.
    pub kind: RequestKind,
    /// When.
    pub received_at: Instant,
    /// How far it has come.
    pub state: RequestState,
    /// First and last name.
    pub name: String,
    /// Whether the screening found something in it.
    pub flagged: bool,
    /// Who has it, by name.
    pub holder: Option<String>,
    /// The day it is gone; nothing while its event has no end.
    pub goes_on: Option<CivilDate>,
}

/// How many requests are in each state, whatever state is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateCounts {
    /// New ones.
    pub new: u64,
    /// Open ones.
    pub open: u64,
    /// Closed ones.
    pub closed: u64,
}

impl StateCounts {
    /// How many a list of `state` has.
    #[must_use]
    pub const fn of(self, state: Option<RequestState>) -> u64 {
        match state {
            None => self.new + self.open,
            Some(RequestState::New) => self.new,
            Some(RequestState::Open) => self.open,
            Some(RequestState::Closed) => self.closed,
        }
    }
}

/// A page of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxPage {
    /// The requests, newest first.
    pub found: Paged<RequestRow>,
    /// How many there are in each state, by the other filters.
    pub counts: StateCounts,
    /// The forms whose requests the actor sees.
    pub kinds: Vec<RequestKind>,
}

/// Something that was done with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerLine {
    /// When.
    pub at: Instant,
    /// By whom.
    pub author: String,
    /// What was written to the person; nothing when their own words were blanked.
    pub message: Option<String>,
}

/// A colleague who may deal with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Their account.
    pub account: AccountId,
    /// First and last name.
    pub name: String,
}

/// A whole request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestDetail {
    /// What the list says of it.
    pub row: RequestRow,
    /// Who has it.
    pub assigned_to: Option<AccountId>,
    /// Where answers go.
    pub email: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
    /// Their birth date.
    pub birth_date: Option<CivilDate>,
    /// Postal code, arrondissement, or « Hors Paris ».
    pub postal_code: Option<String>,
    /// The firm.
    pub company: Option<String>,
    /// Whether an interview by video is fine.
    pub by_video: Option<bool>,
    /// When they are free, in their own words.
    pub availability: Option<String>,
    /// What they wrote.
    pub message: Option<String>,
    /// The event it is about, by name.
    pub event: Option<String>,
    /// The Mission Locale that serves the postal code.
    pub structure: Option<String>,
    /// What the screening found (A9).
    pub findings: Findings,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// What was done so far, oldest first.
    pub answers: Vec<AnswerLine>,
    /// Whom it can be handed to.
    pub colleagues: Vec<Colleague>,
}

/// What is done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// The actor takes it, if nobody has it.
    Take,
    /// It goes from whoever had it to a colleague.
    Hand {
        /// Who had it.
        from: Option<AccountId>,
        /// Who gets it.
        to: AccountId,
    },
    /// Nobody has it any more.
    Release {
        /// Who had it.
        from: Option<AccountId>,
    },
    /// There is nothing left to do.
    Close,
    /// There is something left to do after all.
    Reopen,
    /// What the person wrote freely is destroyed, and what the screening said of it.
    Blank,
}

/// An answer worth sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAnswer {
    /// Sent twice, it is one answer.
    pub submission: SubmissionId,
    /// What is written to the person.
    pub message: String,
    /// Whether the request is closed with it.
    pub close: bool,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InboxStep {
    /// A button.
    Handling(Handling),
    /// An answer.
    Answer(NewAnswer),
}

/// Why something was not done with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxRefusal {
    /// Somebody else was quicker: it is not as the page showed it.
    #[error("over")]
    Over,
    /// There is no address to write to.
    #[error("no address")]
    NoAddress,
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Dealing with what visitors sent.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// The requests that the actor sees, newest first.
    async fn list(&self, actor: &Actor, query: InboxQuery) -> PortResult<InboxPage>;
    /// One request.
    async fn detail(&self, actor: &Actor, request: RequestId) -> PortResult<RequestDetail>;
    /// What a form to answer holds, so that sent twice it is one answer.
    fn submission(&self) -> SubmissionId;
    /// Takes, hands over, releases, closes, opens again, or blanks what was written.
    async fn handle(&self, actor: &Actor, request: RequestId, what: Handling) -> Result<(), InboxRefusal>;
    /// Answers by mail. The same answer twice is one.
    async fn answer(&self, actor: &Actor, request: RequestId, answer: NewAnswer) -> Result<(), InboxRefusal>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_those_whom_the_register_names() {
        for role in Role::ALL {
            let reads = RequestKind::ALL.iter().any(|kind| kind.processing().is_seen_by(role));
            assert_eq!(READERS.iter().filter(|reader| **reader == role).count(), usize::from(reads), "{role:?}");
        }
        assert!(!READERS.contains(&Role::Administrator) && !READERS.contains(&Role::Dpo));
    }

    #[test]
    fn what_is_to_be_dealt_with_is_new_or_open() {
        let counts = StateCounts { new: 3, open: 2, closed: 10 };
        assert_eq!(counts.of(None), 5);
        assert_eq!(counts.of(Some(RequestState::Closed)), 10);
    }
}
