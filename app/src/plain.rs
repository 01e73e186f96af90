//! The answers of the host when it cannot render a page: one sentence as plain text.

use crate::texts::{Language, Texts};
use axum::{
    body::Body,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};

/// The reason why the host cannot answer with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPage {
    /// Another site made the browser send this request.
    OtherSite,
    /// A handler panicked.
    Broken,
    /// The database does not answer.
    Unavailable,
}

/// The answer for this reason.
#[must_use]
pub fn instead(reason: NoPage) -> Response<Body> {
    let texts = Texts::of(Language::Fr);
    let (status, sentence) = match reason {
        NoPage::OtherSite => (StatusCode::FORBIDDEN, texts.errors_other_site()),
        NoPage::Broken => (StatusCode::INTERNAL_SERVER_ERROR, texts.errors_broken()),
        NoPage::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, texts.errors_unavailable_text()),
    };
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, kind, format!("{sentence}\n")).into_response()
}
