//! Periodic jobs: which instance runs one, when it last began, and what its runs did.

use crate::{
    access::{Access, HouseFacts, SeeTasks},
    db::{Reads, Tx, count, execute, on},
    error::Fault,
    store::known,
};
use domain::{
    paging::PAGE_SIZE,
    tasks::{Cause, RunCounts, RunOutcome, Task, TaskRun},
    time::Instant,
};
use uuid::Uuid;

/// The state of a job.
pub(crate) struct State {
    pub(crate) task: Task,
    pub(crate) last_started_at: Instant,
    pub(crate) asked: bool,
    pub(crate) lease_until: Instant,
}

#[derive(sqlx::FromRow)]
struct StateRow {
    name: String,
    last_started_at: i64,
    asked_at: Option<i64>,
    lease_until: i64,
}

/// The states of all jobs that ever ran, without jobs that this version no longer has.
pub(crate) async fn states(db: &mut impl Reads) -> Result<Vec<State>, Fault> {
    let rows: Vec<StateRow> = on!(db, conn => sqlx::query_as(
        "SELECT name, last_started_at, asked_at, lease_until FROM job ORDER BY name",
    )
    .fetch_all(conn)
    .await)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(State {
                task: Task::from_code(&row.name)?,
                last_started_at: Instant::from_millis(row.last_started_at),
                asked: row.asked_at.is_some(),
                lease_until: Instant::from_millis(row.lease_until),
            })
        })
        .collect())
}

/// Adds a job to the table, if it is missing.
pub(crate) async fn know(tx: &mut Tx, task: Task) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO job (name, last_started_at, lease_until) VALUES ($1, 0, 0) ON CONFLICT (name) DO NOTHING",
    )
    .bind(task.code()))?;
    Ok(())
}

/// The beginning of a run.
pub(crate) struct Beginning {
    pub(crate) run: Uuid,
    pub(crate) task: Task,
    pub(crate) cause: Cause,
    pub(crate) lease: Uuid,
    pub(crate) lease_until: Instant,
    pub(crate) at: Instant,
    /// When the job had last begun, as it was when the schedule was read. If another instance was faster, the value has
    /// changed since, and this instance does not begin.
    pub(crate) seen: Instant,
    /// The moment that the schedule takes for the beginning of the run.
    pub(crate) last_started_at: Instant,
}

/// Takes the job's lease and records the run; returns false when another instance has the lease. A run whose lease
/// expired was interrupted.
pub(crate) async fn begin(tx: &mut Tx, beginning: &Beginning) -> Result<bool, Fault> {
    let taken = execute!(tx => sqlx::query(
        "UPDATE job SET lease = $1, lease_until = $2, last_started_at = $3, asked_at = NULL
         WHERE name = $4 AND last_started_at = $5 AND lease_until <= $6",
    )
    .bind(beginning.lease)
    .bind(beginning.lease_until.millis())
    .bind(beginning.last_started_at.millis())
    .bind(beginning.task.code())
    .bind(beginning.seen.millis())
    .bind(beginning.at.millis()))?;
    if taken == 0 {
        return Ok(false);
    }
    interrupt(tx, beginning.task, beginning.at).await?;
    execute!(tx => sqlx::query("INSERT INTO job_run (id, name, cause, started_at, counts) VALUES ($1, $2, $3, $4, '{}')")
        .bind(beginning.run)
        .bind(beginning.task.code())
        .bind(beginning.cause.code())
        .bind(beginning.at.millis()))?;
    Ok(true)
}

async fn interrupt(tx: &mut Tx, task: Task, at: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "UPDATE job_run SET ended_at = $1, outcome = 'interrupted' WHERE name = $2 AND ended_at IS NULL",
    )
    .bind(at.millis())
    .bind(task.code()))?;
    Ok(())
}

/// Renews the lease; returns false when it was lost.
pub(crate) async fn renew(tx: &mut Tx, task: Task, lease: Uuid, until: Instant) -> Result<bool, Fault> {
    Ok(execute!(tx => sqlx::query("UPDATE job SET lease_until = $1 WHERE name = $2 AND lease = $3")
        .bind(until.millis())
        .bind(task.code())
        .bind(lease))?
        == 1)
}

/// Records the end of a run and releases its lease.
pub(crate) async fn end(
    tx: &mut Tx,
    beginning: &Beginning,
    at: Instant,
    outcome: RunOutcome,
    counts: &str,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "UPDATE job_run SET ended_at = $1, outcome = $2, counts = $3 WHERE id = $4 AND ended_at IS NULL",
    )
    .bind(at.millis())
    .bind(outcome.code())
    .bind(counts)
    .bind(beginning.run))?;
    execute!(tx => sqlx::query("UPDATE job SET lease = NULL, lease_until = 0 WHERE name = $1 AND lease = $2")
        .bind(beginning.task.code())
        .bind(beginning.lease))?;
    Ok(())
}

/// Ends every lease. Call it at the start of a portal, and only when there is one instance.
pub(crate) async fn end_leases(tx: &mut Tx, at: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE job SET lease = NULL, lease_until = 0 WHERE lease IS NOT NULL"))?;
    execute!(tx => sqlx::query("UPDATE job_run SET ended_at = $1, outcome = 'interrupted' WHERE ended_at IS NULL")
        .bind(at.millis()))?;
    Ok(())
}

/// Records that somebody wants a run now, unless one is asked for or running already.
pub(crate) async fn ask(tx: &mut Tx, task: Task, at: Instant) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE job SET asked_at = $1 WHERE name = $2 AND asked_at IS NULL AND lease_until <= $1")
        .bind(at.millis())
        .bind(task.code()))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct RunRow {
    name: String,
    cause: String,
    started_at: i64,
    ended_at: Option<i64>,
    outcome: Option<String>,
    counts: String,
}

impl RunRow {
    fn into_domain(self) -> Result<TaskRun, Fault> {
        let outcome = self.outcome.map(|outcome| known(RunOutcome::from_code(&outcome))).transpose()?;
        Ok(TaskRun {
            task: known(Task::from_code(&self.name))?,
            cause: known(Cause::from_code(&self.cause))?,
            started_at: Instant::from_millis(self.started_at),
            ended: self.ended_at.map(Instant::from_millis).zip(outcome),
            counts: serde_json::from_str::<RunCounts>(&self.counts)
                .map_err(|_| Fault::Broken("the counts of a run cannot be read"))?,
        })
    }
}

/// The newest run of each job.
pub(crate) async fn newest(db: &mut impl Reads, _: &Access<SeeTasks, HouseFacts>) -> Result<Vec<TaskRun>, Fault> {
    let rows: Vec<RunRow> = on!(db, conn => sqlx::query_as(
        "SELECT r.name, r.cause, r.started_at, r.ended_at, r.outcome, r.counts FROM job_run r
         WHERE r.id IN (
             SELECT (SELECT n.id FROM job_run n WHERE n.name = j.name ORDER BY n.started_at DESC, n.id DESC LIMIT 1)
             FROM job j
         )",
    )
    .fetch_all(conn)
    .await)?;
    known_runs(rows)
}

/// One page of the runs, newest first.
pub(crate) async fn runs(
    db: &mut impl Reads,
    _: &Access<SeeTasks, HouseFacts>,
    page: u32,
) -> Result<Vec<TaskRun>, Fault> {
    let rows: Vec<RunRow> = on!(db, conn => sqlx::query_as(
        "SELECT name, cause, started_at, ended_at, outcome, counts FROM job_run
         ORDER BY started_at DESC, id DESC LIMIT ($1 + 0) OFFSET $2",
    )
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    known_runs(rows)
}

/// Leaves out the runs of jobs that this version no longer has.
fn known_runs(rows: Vec<RunRow>) -> Result<Vec<TaskRun>, Fault> {
    rows.into_iter().filter(|row| Task::from_code(&row.name).is_some()).map(RunRow::into_domain).collect()
}

/// How many runs there are.
pub(crate) async fn count_runs(db: &mut impl Reads) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar("SELECT COUNT(*) FROM job_run"))
}

/// The runs that began before `$1` and are over.
macro_rules! older {
    () => {
        "FROM job_run WHERE started_at < $1 AND ended_at IS NOT NULL"
    };
}

/// How many runs began before `before` and are over.
pub(crate) async fn count_older(db: &mut impl Reads, before: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", older!())).bind(before.millis()))
}

/// Removes the runs that began before `before` and are over; returns how many.
pub(crate) async fn delete_older(tx: &mut Tx, before: Instant) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", older!())).bind(before.millis()))
}
