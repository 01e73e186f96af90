//! The work the site does by itself: what each job is for, when it ran, and the mails that wait.

use crate::{actor::Actor, error::PortResult, mail, paging::Paged, time::Instant, words::words};
use async_trait::async_trait;
use std::collections::BTreeMap;

words! {
    /// A periodic job.
    Task {
        /// Repairs what an interrupted deposit or deletion left in the vault.
        SweepVault = "sweep-vault",
        /// Removes sessions that are over and counts of attempts nobody needs.
        EndSessions = "end-sessions",
        /// Removes the traces of old mails, old runs and what pages tried long ago.
        PruneHistory = "prune-history",
        /// Removes receipts of choices that are too old to prove anything.
        PruneReceipts = "prune-receipts",
        /// Removes, rule by rule, what the register says is over.
        Retention = "retention",
    }
}

/// How many days a run is shown.
pub const RUNS_DAYS: i64 = 90;

/// What a run counted, by words that never change. It holds numbers only, nothing about a person.
pub type RunCounts = BTreeMap<String, u64>;

words! {
    /// What made a job run.
    Cause {
        /// Its hour had come.
        Schedule = "schedule",
        /// Somebody asked for it on its page.
        Person = "person",
        /// The command line.
        Command = "command",
    }
}

words! {
    /// How a run ended.
    RunOutcome {
        /// To its end.
        Done = "done",
        /// Something did not answer; the log says what.
        Failed = "failed",
        /// The program stopped meanwhile.
        Interrupted = "interrupted",
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
    pub ended: Option<(Instant, RunOutcome)>,
    /// What it did.
    pub counts: RunCounts,
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
    pub kind: mail::MessageKind,
    /// When it was written.
    pub written_at: Instant,
    /// When it was given up.
    pub ended_at: Instant,
    /// The server's three digits, or a word.
    pub reason: String,
}

/// All that the page of the jobs shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskBoard {
    /// Every job.
    pub tasks: Vec<TaskState>,
    /// The runs.
    pub runs: Paged<TaskRun>,
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
    async fn failed_mails(&self, actor: &Actor, page: u32) -> PortResult<Paged<FailedMail>>;

    /// Asks for a run as soon as possible. It changes nothing when one was asked for already, or runs.
    async fn ask_run(&self, actor: &Actor, task: Task) -> PortResult<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_named_by_small_letters_and_hyphens() {
        for task in Task::ALL {
            assert!(task.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
        assert_eq!(Task::from_code("sweep"), None);
    }
}
