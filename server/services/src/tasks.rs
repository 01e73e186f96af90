//! What the people who look after the house see of jobs and mails.

use crate::{
    Services,
    access::{HouseFacts, RunTask, SeeTasks, authorize},
    clock::next_run,
    error::Fault,
    jobs::JOBS,
    store,
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    error::PortResult,
    tasks::{FailedMail, Listed, Task, TaskBoard, TaskState, Tasks, pages_of},
    time::Instant,
};

#[async_trait]
impl Tasks for Services {
    async fn board(&self, actor: &Actor, page: u32) -> PortResult<TaskBoard> {
        let access = authorize(actor, SeeTasks, HouseFacts)?;
        let may_run = authorize(actor, RunTask, HouseFacts).is_ok();
        let read = async {
            let mut db = self.data.read().await?;
            let states = store::jobs::states(&mut db).await?;
            let newest = store::jobs::newest(&mut db, &access).await?;
            let total = store::jobs::count_runs(&mut db).await?;
            let page = page.clamp(1, pages_of(total));
            let rows = store::jobs::runs(&mut db, &access, page).await?;
            let outbox = store::mail::outbox(&mut db, &access).await?;
            let now = self.calendar.now();
            let tasks = JOBS.iter().map(|job| {
                let state = states.iter().find(|state| state.task == job.task);
                let due = state.map_or(Instant::default(), |state| next_run(job.schedule, state.last_started_at));
                TaskState {
                    task: job.task,
                    schedule: job.schedule,
                    next_at: due.max(now),
                    asked: state.is_some_and(|state| state.asked),
                    last: newest.iter().find(|run| run.task == job.task).cloned(),
                }
            });
            Ok::<_, Fault>(TaskBoard { tasks: tasks.collect(), runs: Listed { rows, total, page }, outbox, may_run })
        };
        Ok(read.await?)
    }

    async fn failed_mails(&self, actor: &Actor, page: u32) -> PortResult<Listed<FailedMail>> {
        let access = authorize(actor, SeeTasks, HouseFacts)?;
        let read = async {
            let mut db = self.data.read().await?;
            let total = store::mail::outbox(&mut db, &access).await?.failed;
            let page = page.clamp(1, pages_of(total));
            let rows = store::mail::failed(&mut db, &access, page).await?;
            Ok::<_, Fault>(Listed { rows, total, page })
        };
        Ok(read.await?)
    }

    async fn ask_run(&self, actor: &Actor, task: Task) -> PortResult<()> {
        authorize(actor, RunTask, HouseFacts)?;
        let now = self.calendar.now();
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    store::jobs::know(tx, task).await?;
                    store::jobs::ask(tx, task, now).await
                })
            })
            .await?;
        self.jobs_bell.notify_one();
        Ok(())
    }
}
