//! `POST /admin/taches/{task}/lancer`: somebody wants a job to run now.

use super::{fail, see};
use crate::page::Page;
use axum::{body::Body, http::Response};
use domain::{error::PortError, tasks::Task};

/// Asks for the run.
pub(crate) async fn run(page: Page) -> Response<Body> {
    let code: String = page.param("task").unwrap_or_default();
    let Some(task) = Task::from_code(&code) else {
        return fail(page, PortError::NotFound).await;
    };
    match page.host.tasks.ask_run(&page.actor(), task).await {
        Ok(()) => see(&format!("/admin/taches?demande={}", task.code())),
        Err(error) => fail(page, error).await,
    }
}
