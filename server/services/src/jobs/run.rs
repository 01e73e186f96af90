//! Runs jobs, each on one instance at a time, with a lease in the database. After a crash the lease ends within
//! minutes.

use super::{JOBS, Job, Turn};
use crate::{
    Services,
    clock::{FixedClock, SystemClock, next_run, parse_paris},
    error::Fault,
    stop::Stop,
    store::{self, jobs::Beginning},
};
use domain::{
    tasks::{Cause, RunCounts, RunOutcome, Task},
    time::Instant,
};
use std::{sync::Arc, time::Duration};

/// How long a lease holds unless it is renewed.
const LEASE_MINUTES: i64 = 5;
/// The time between two renewals of a lease.
const RENEW_EVERY: Duration = Duration::from_secs(60);
/// The time between two looks at the schedules when nobody asks for a job.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What a run did, or what a dry run would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobReport {
    /// The job.
    pub task: Task,
    /// Whether it was a dry run, which changed nothing.
    pub dry: bool,
    /// The counts.
    pub counts: RunCounts,
}

/// A job did not run to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// There is no job of this name.
    #[error("{name}: there is no such job; there are: {}", Task::ALL.map(Task::code).join(", "))]
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// The text is no date.
    #[error("--at {text}: expected a date such as 2026-03-29 or a time in Europe/Paris such as 2026-03-29T14:30")]
    At {
        /// The text that was given.
        text: String,
    },
    /// Another instance or another run is running the job.
    #[error("{}: it is running already; try again when it is over", .0.code())]
    Busy(Task),
    /// Something failed during the run.
    #[error("{}: {reason}", task.code())]
    Failed {
        /// The job.
        task: Task,
        /// The reason, for the log.
        reason: String,
    },
}

impl Services {
    /// Runs jobs when they are due or when somebody asks, until `stop`.
    pub async fn run_jobs_until(&self, stop: Stop) {
        while !stop.is_asked() {
            if let Err(fault) = self.run_due(&stop).await {
                tracing::error!(%fault, "the jobs could not be looked after");
            }
            tokio::select! {
                () = self.jobs_bell.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.asked() => {}
            }
        }
    }

    /// Runs the jobs that are due now. Returns those that ran here.
    ///
    /// # Errors
    /// A message when the database does not answer.
    pub async fn run_due_jobs(&self) -> Result<Vec<Task>, String> {
        self.run_due(&Stop::never()).await.map_err(|fault| fault.to_string())
    }

    /// Releases the leases that an earlier run left behind. Call it before the first look, and only when there is one
    /// instance.
    ///
    /// # Errors
    /// A message when the database does not answer.
    pub async fn free_jobs(&self) -> Result<(), String> {
        let now = self.calendar.now();
        let freed = self.data.write(move |tx| Box::pin(async move { store::jobs::end_leases(tx, now).await }));
        freed.await.map_err(|fault| fault.to_string())
    }

    /// Runs one job by its name now, for the command line. `at` sets the clock that the job sees; `dry` changes
    /// nothing, not even the history.
    ///
    /// # Errors
    /// A message for the person who ran the command.
    pub async fn run_job(&self, name: &str, at: Option<&str>, dry: bool) -> Result<JobReport, JobError> {
        let job = JOBS.iter().find(|job| job.task.code() == name);
        let job = job.ok_or_else(|| JobError::Unknown { name: name.to_owned() })?;
        let at = at.map(|text| parse_paris(text).ok_or_else(|| JobError::At { text: text.to_owned() })).transpose()?;
        let task = job.task;
        let failed = |fault: Fault| JobError::Failed { task, reason: fault.to_string() };
        let services = match at {
            Some(at) => self.seeing(Arc::new(SystemClock::with(FixedClock::at(at)))),
            None => self.clone(),
        };
        if dry {
            let counts = (job.work)(services, Turn { dry }).await.map_err(failed)?;
            return Ok(JobReport { task, dry, counts });
        }
        let now = self.calendar.now();
        let state = self.last_started(task).await.map_err(failed)?;
        // A run with another clock does not change when the job is due.
        let last = if at.is_some() { state } else { now };
        let begun = self.begin_run(task, Cause::Command, state, last, now).await.map_err(failed)?;
        let beginning = begun.ok_or(JobError::Busy(task))?;
        match self.carry_through(job, services, beginning, &Stop::never()).await.map_err(failed)? {
            Ok(counts) => Ok(JobReport { task, dry, counts }),
            Err(reason) => Err(JobError::Failed { task, reason }),
        }
    }

    async fn last_started(&self, task: Task) -> Result<Instant, Fault> {
        let states = store::jobs::states(&mut self.data.read().await?).await?;
        Ok(states.iter().find(|state| state.task == task).map_or(Instant::default(), |state| state.last_started_at))
    }

    async fn run_due(&self, stop: &Stop) -> Result<Vec<Task>, Fault> {
        let mut ran = Vec::new();
        for job in &JOBS {
            if stop.is_asked() {
                break;
            }
            // The states are read again for each job, because the job before may have taken an hour.
            let states = store::jobs::states(&mut self.data.read().await?).await?;
            let state = states.iter().find(|state| state.task == job.task);
            let now = self.calendar.now();
            let seen = state.map_or(Instant::default(), |state| state.last_started_at);
            let asked = state.is_some_and(|state| state.asked);
            let held = state.is_some_and(|state| state.lease_until > now);
            if held || !(asked || next_run(job.schedule, seen) <= now) {
                continue;
            }
            let cause = if asked { Cause::Person } else { Cause::Schedule };
            if let Some(beginning) = self.begin_run(job.task, cause, seen, now, now).await? {
                let outcome = self.carry_through(job, self.clone(), beginning, stop).await?;
                if outcome.is_ok() {
                    ran.push(job.task);
                }
            }
        }
        Ok(ran)
    }

    /// Takes the lease; gives nothing when another run was faster.
    async fn begin_run(
        &self,
        task: Task,
        cause: Cause,
        seen: Instant,
        last_started_at: Instant,
        at: Instant,
    ) -> Result<Option<Beginning>, Fault> {
        let lease_until = at.plus_minutes(LEASE_MINUTES);
        let beginning = Beginning {
            run: store::new_id(),
            task,
            cause,
            lease: store::new_id(),
            lease_until,
            at,
            seen,
            last_started_at,
        };
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    store::jobs::know(tx, task).await?;
                    Ok(store::jobs::begin(tx, &beginning).await?.then_some(beginning))
                })
            })
            .await
    }

    /// Runs a job that was begun, keeps its lease meanwhile, and records how it ended.
    async fn carry_through(
        &self,
        job: &Job,
        services: Self,
        beginning: Beginning,
        stop: &Stop,
    ) -> Result<Result<RunCounts, String>, Fault> {
        let (task, lease) = (beginning.task, beginning.lease);
        // The work is a separate task, so that a panic ends only this run.
        let mut work = tokio::spawn((job.work)(services, Turn { dry: false }));
        let mut renewals = tokio::time::interval(RENEW_EVERY);
        renewals.tick().await;
        let (outcome, result) = loop {
            tokio::select! {
                ended = &mut work => break match ended {
                    Ok(Ok(counts)) => (RunOutcome::Done, Ok(counts)),
                    Ok(Err(fault)) => (RunOutcome::Failed, Err(fault.to_string())),
                    Err(_) => (RunOutcome::Failed, Err("it panicked".to_owned())),
                },
                () = stop.asked() => {
                    work.abort();
                    break (RunOutcome::Interrupted, Err("the program stops".to_owned()));
                }
                _ = renewals.tick() => {
                    let until = self.calendar.now().plus_minutes(LEASE_MINUTES);
                    let kept = self.data.write(move |tx| {
                        Box::pin(async move { store::jobs::renew(tx, task, lease, until).await })
                    });
                    // A database that does not answer now may answer at the next renewal: the lease lasts longer than
                    // several renewals.
                    if matches!(kept.await, Ok(false)) {
                        work.abort();
                        break (RunOutcome::Interrupted, Err("another instance took over".to_owned()));
                    }
                }
            }
        };
        let now = self.calendar.now();
        let job = task.code();
        match &result {
            Ok(counts) => tracing::info!(job, ?counts, "a job ran"),
            Err(reason) => tracing::error!(job, reason, "a job did not run to its end"),
        }
        let counts = serde_json::to_string(result.as_ref().unwrap_or(&RunCounts::new()))
            .map_err(|_| Fault::Broken("counts cannot be written down"))?;
        self.data
            .write(move |tx| Box::pin(async move { store::jobs::end(tx, &beginning, now, outcome, &counts).await }))
            .await?;
        Ok(result)
    }
}
