//! `/registre.json` and `/registre.csv`: the public register as files.

use crate::{page::Page, register};
use axum::{
    body::Body,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};

fn file(kind: &'static str, name: &'static str, bytes: Option<Vec<u8>>) -> Response<Body> {
    match bytes {
        Some(bytes) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
                .into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// For machines.
pub(crate) async fn json(page: Page) -> Response<Body> {
    file("application/json", "registre.json", register::json(page.texts, &page.host.site).ok())
}

/// For spreadsheets.
pub(crate) async fn csv(page: Page) -> Response<Body> {
    file("text/csv; charset=utf-8", "registre.csv", register::csv(page.texts, &page.host.site).ok())
}
