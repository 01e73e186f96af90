//! The work the site does by itself: what each job is for, when it ran, and the mails that wait.

use crate::{actor::Actor, error::PortResult, mail, time::Instant};
use async_trait::async_trait;
use std::collections::BTreeMap;

/// How many runs or mails a page shows.
pub const PAGE_SIZE: u32 = 50;

/// A periodic job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// Repairs what an interrupted deposit or deletion left in the vault.
    SweepVault,
    /// Removes sessions that are over and counts of attempts nobody needs.
    EndSessions,
    /// Removes the traces of old mails, old runs and what pages tried long ago.
    PruneHistory,
    /// Removes receipts of choices that prove nothing any more.
    PruneReceipts,
    /// Removes, rule by rule, what the register says is over.
    Retention,
}

impl Task {
    /// Every job.
    pub const ALL: [Self; 5] =
        [Self::SweepVault, Self::EndSessions, Self::PruneHistory, Self::PruneReceipts, Self::Retention];

    /// The stable word of the command line, the database and the address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SweepVault => "sweep-vault",
            Self::EndSessions => "end-sessions",
            Self::PruneHistory => "prune-history",
            Self::PruneReceipts => "prune-receipts",
            Self::Retention => "retention",
        }
    }

    /// The job that `code` names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.code() == code)
    }
}

/// What was counted during a run, by stable words. Numbers alone: never whose.
pub type Counts = BTreeMap<String, u64>;

/// What made a job run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its hour had come.
    Schedule,
    /// Somebody asked for it on its page.
    Person,
    /// The command line.
    Command,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 3] = [Self::Schedule, Self::Person, Self::Command];

    /// The stable word of the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Person => "person",
            Self::Command => "command",
        }
    }

    /// The cause that `code` names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// To its end.
    Done,
    /// Something did not answer; the log says what.
    Failed,
    /// The program stopped meanwhile.
    Interrupted,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Done, Self::Failed, Self::Interrupted];

    /// The stable word of the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    /// The outcome that `code` names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// One run of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRun {
    /// Which job.
    pub task: Task,
    /// What made it run.
    pub cause: Cause,
    /// When it began.
    pub started_at: Instant,
    /// When and how it ended; nothing while it runs.
    pub ended: Option<(Instant, Outcome)>,
    /// What it did.
    pub counts: Counts,
}

/// How often a job runs, on the organisation's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Again so many minutes after it last began.
    EveryMinutes(u16),
    /// Every day at this time in Europe/Paris, once on the days the hour changes too.
    DailyAt {
        /// 0 to 23.
        hour: u8,
        /// 0 to 59.
        minute: u8,
    },
}

/// A job and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskState {
    /// Which job.
    pub task: Task,
    /// How often it runs.
    pub schedule: Schedule,
    /// When it runs next.
    pub next_at: Instant,
    /// Whether somebody asked for a run that has not begun.
    pub asked: bool,
    /// Its newest run, if it ever ran.
    pub last: Option<TaskRun>,
}

/// The outbox in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboxState {
    /// Mails that wait to leave.
    pub waiting: u64,
    /// Mails that were given up.
    pub failed: u64,
    /// Since when the mail server takes no mail, if it takes none, and when it is tried next.
    pub silent: Option<(Instant, Instant)>,
}

/// A mail that never left. Neither to whom nor what it said is known any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedMail {
    /// What kind of message it was.
    pub kind: mail::Kind,
    /// When it was written.
    pub written_at: Instant,
    /// When it was given up.
    pub ended_at: Instant,
    /// The server's three digits, or a word.
    pub reason: String,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows of the page, newest first.
    pub rows: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// The page, 1 for the first.
    pub page: u32,
}

impl<T> Listed<T> {
    /// How many pages there are; 1 when there is nothing.
    #[must_use]
    pub fn pages(&self) -> u32 {
        pages_of(self.total)
    }
}

/// How many pages `total` rows take; 1 for none.
#[must_use]
pub fn pages_of(total: u64) -> u32 {
    u32::try_from(total.div_ceil(u64::from(PAGE_SIZE)).max(1)).unwrap_or(u32::MAX)
}

/// All that the page of the jobs shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskBoard {
    /// Every job.
    pub tasks: Vec<TaskState>,
    /// The runs.
    pub runs: Listed<TaskRun>,
    /// The mails.
    pub outbox: OutboxState,
    /// Whether the actor may ask for a run.
    pub may_run: bool,
}

/// Looking after the jobs.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// The jobs, and one page of their runs.
    async fn board(&self, actor: &Actor, page: u32) -> PortResult<TaskBoard>;

    /// One page of the mails that were given up.
    async fn failed_mails(&self, actor: &Actor, page: u32) -> PortResult<Listed<FailedMail>>;

    /// Asks for a run as soon as possible. It changes nothing when one was asked for already, or runs.
    async fn ask_run(&self, actor: &Actor, task: Task) -> PortResult<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_what_they_say() {
        for task in Task::ALL {
            assert_eq!(Task::from_code(task.code()), Some(task));
            assert!(task.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
        for cause in Cause::ALL {
            assert_eq!(Cause::from_code(cause.code()), Some(cause));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
        }
        assert_eq!(Task::from_code("sweep"), None);
    }

    #[test]
    fn nothing_is_one_page() {
        assert_eq!([0, 1, 50, 51, 100, 101].map(pages_of), [1, 1, 1, 2, 2, 3]);
    }
}
