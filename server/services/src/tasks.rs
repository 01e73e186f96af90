//! What administrators see of jobs and mails.

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
    paging::{PAGE_SIZE, Paged},
    tasks::{FailedMail, Task, TaskBoard, TaskState, Tasks},
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
            let mut runs = Paged::of(store::jobs::count_runs(&mut db).await?, page, PAGE_SIZE);
            runs.rows = store::jobs::runs(&mut db, &access, runs.page).await?;
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
            Ok::<_, Fault>(TaskBoard { tasks: tasks.collect(), runs, outbox, may_run })
        };
        Ok(read.await?)
    }

    async fn failed_mails(&self, actor: &Actor, page: u32) -> PortResult<Paged<FailedMail>> {
        let access = authorize(actor, SeeTasks, HouseFacts)?;
        let read = async {
            let mut db = self.data.read().await?;
            let mut found = Paged::of(store::mail::outbox(&mut db, &access).await?.failed, page, PAGE_SIZE);
            found.rows = store::mail::failed(&mut db, &access, found.page).await?;
            Ok::<_, Fault>(found)
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
