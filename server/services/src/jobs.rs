//! All periodic jobs. `jobs/run.rs` runs them, each on one instance at a time.
//!
//! We have a small runner of our own instead of a library. `apalis` 1.0 is maintained and uses sqlx 0.9 on both
//! engines. But it is two crates with a schema each (one of them with PL/pgSQL functions), and it reads the clock
//! inside SQL, so that neither tests nor `--at` can change it. It is made for queues of work, while we need a lease, a
//! history, a dry run and hours of Europe/Paris that stay right when the clocks change.

mod run;

pub use run::{JobError, JobReport};

use crate::{Services, error::Fault, periods::fixed_days, store};
use domain::{
    retention::RuleId,
    tasks::{RUNS_DAYS, RunCounts, Schedule, Task},
};
use futures::future::BoxFuture;

/// The parameters of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Whether the run only says what it would delete, and changes nothing.
    pub(crate) dry: bool,
}

/// A job.
pub(crate) struct Job {
    pub(crate) task: Task,
    pub(crate) schedule: Schedule,
    /// The work may be interrupted at any point and run twice: the next run finishes what this one leaves.
    pub(crate) work: fn(Services, Turn) -> BoxFuture<'static, Result<RunCounts, Fault>>,
}

/// Every job.
pub(crate) const JOBS: [Job; 5] = [
    Job {
        task: Task::SweepVault,
        schedule: Schedule::EveryMinutes(60),
        work: |services, turn| Box::pin(async move { services.sweep_vault_job(turn).await }),
    },
    Job {
        task: Task::EndSessions,
        schedule: Schedule::EveryMinutes(60),
        work: |services, turn| Box::pin(async move { services.end_sessions(turn).await }),
    },
    Job {
        task: Task::PruneHistory,
        schedule: Schedule::DailyAt { hour: 3, minute: 40 },
        work: |services, turn| Box::pin(async move { services.prune_history(turn).await }),
    },
    Job {
        task: Task::PruneReceipts,
        schedule: Schedule::DailyAt { hour: 4, minute: 10 },
        work: |services, turn| Box::pin(async move { services.prune_receipts(turn).await }),
    },
    Job {
        task: Task::Retention,
        // It runs early, so that what ended at midnight is deleted before the morning.
        schedule: Schedule::DailyAt { hour: 0, minute: 20 },
        work: |services, turn| Box::pin(async move { services.retention().keep_promises(turn).await }),
    },
];

/// How long attempts are counted, at most.
const ATTEMPTS_DAYS: i64 = fixed_days(RuleId::Attempts);
/// How long sent mails are kept.
const SENT_MAILS_DAYS: i64 = fixed_days(RuleId::SentMails);
/// How long mails are kept that could not be sent.
const FAILED_MAILS_DAYS: i64 = fixed_days(RuleId::FailedMails);
/// How long violations of pages are shown.
const VIOLATIONS_DAYS: i64 = 90;

pub(crate) fn counts<const N: usize>(counts: [(&str, u64); N]) -> RunCounts {
    counts.map(|(what, count)| (what.to_owned(), count)).into()
}

impl Services {
    async fn sweep_vault_job(&self, turn: Turn) -> Result<RunCounts, Fault> {
        let swept = self.sweep_all(false, turn.dry).await?;
        Ok(counts([("unfinished", swept.unfinished), ("deleted", swept.deleted), ("orphans", swept.orphans)]))
    }

    async fn end_sessions(&self, turn: Turn) -> Result<RunCounts, Fault> {
        let now = self.calendar.now();
        let idle = now.plus_hours(-24 * ATTEMPTS_DAYS);
        let ended = if turn.dry {
            let mut db = self.data.read().await?;
            [
                ("sessions", store::sessions::count_ended(&mut db, now).await?),
                ("codes", store::activation::count_expired(&mut db, now).await?),
                ("proposals", store::proposals::count_expired(&mut db, now).await?),
                ("attempts", store::throttle::count_older(&mut db, idle).await?),
            ]
        } else {
            let write = self.data.write(move |tx| {
                Box::pin(async move {
                    Ok([
                        ("sessions", store::sessions::delete_ended(tx, now).await?),
                        ("codes", store::activation::delete_expired(tx, now).await?),
                        ("proposals", store::proposals::expire(tx, now).await?),
                        ("attempts", store::throttle::delete_older(tx, idle).await?),
                    ])
                })
            });
            write.await?
        };
        Ok(counts(ended))
    }

    async fn prune_history(&self, turn: Turn) -> Result<RunCounts, Fault> {
        let before = |days: i64| self.calendar.now().plus_hours(-24 * days);
        let (sent, failed, runs) = (before(SENT_MAILS_DAYS), before(FAILED_MAILS_DAYS), before(RUNS_DAYS));
        let violations = self.calendar.local(before(VIOLATIONS_DAYS)).date;
        let (mails, runs, violations) = if turn.dry {
            let mut db = self.data.read().await?;
            let sent = store::mail::count_ended(&mut db, "sent", sent).await?;
            let failed = store::mail::count_ended(&mut db, "failed", failed).await?;
            let violations = store::consent_counts::count_older(&mut db, violations).await?;
            (sent + failed, store::jobs::count_older(&mut db, runs).await?, violations)
        } else {
            let write = self.data.write(move |tx| {
                Box::pin(async move {
                    let sent = store::mail::delete_ended(tx, "sent", sent).await?;
                    let failed = store::mail::delete_ended(tx, "failed", failed).await?;
                    let violations = store::consent_counts::delete_older(tx, violations).await?;
                    Ok((sent + failed, store::jobs::delete_older(tx, runs).await?, violations))
                })
            });
            write.await?
        };
        Ok(counts([("mails", mails), ("runs", runs), ("violations", violations)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_has_its_job() {
        assert_eq!(JOBS.map(|job| job.task), Task::ALL);
    }
}
