//! `/registre.json` and `/registre.csv`: the public register as files.

use crate::{
    page::{Answer, Done, Page},
    register,
};
use axum::{extract::Request, http::header, response::IntoResponse};
use domain::error::PortError;

fn file(kind: &'static str, name: &'static str, bytes: Option<Vec<u8>>) -> Answer {
    let bytes = bytes.ok_or(PortError::Internal)?;
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok(Done::Send((headers, bytes).into_response()))
}

/// For machines.
pub(crate) async fn json(page: Page, _: Request) -> Answer {
    file("application/json", "registre.json", register::json(page.texts, &page.host.site).ok())
}

/// For spreadsheets.
pub(crate) async fn csv(page: Page, _: Request) -> Answer {
    file("text/csv; charset=utf-8", "registre.csv", register::csv(page.texts, &page.host.site).ok())
}
