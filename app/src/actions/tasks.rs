//! Periodic jobs, run by hand (O4).

use super::{Form, Refusal, Value};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The job that an administrator asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedRun {
    /// The code of the job: one of [`domain::tasks::Task::code`].
    pub task: String,
}

/// Asks for a job to run now. Asking again while it waits changes nothing.
#[server(prefix = "", endpoint = "action/taches/lancer", input = Form, output = Value)]
pub async fn run_task(
    /// The code of the job: one of [`domain::tasks::Task::code`].
    task: String,
) -> Result<AskedRun, Refusal> {
    let page = crate::page::Page::current()?;
    let task = domain::tasks::Task::from_code(&task).ok_or(domain::error::PortError::NotFound)?;
    page.host.tasks.ask_run(&page.actor(), task).await?;
    Ok(AskedRun { task: task.code().to_owned() })
}
