//! The error pages: they say what happened and what people can do.

use crate::{
    components::{
        icon::{HOUSE, LIGHTHOUSE, drawing, icon},
        layout::{Area, space_of},
    },
    page::{Document, Page},
};
use axum::http::StatusCode;
use domain::error::PortError;
use leptos::prelude::*;

/// The page for a port's refusal. It shows nothing internal.
pub(crate) fn document(page: &Page, error: &PortError) -> Document {
    let texts = page.texts;
    let (status, title, text) = match error {
        PortError::NotFound => (StatusCode::NOT_FOUND, texts.errors_not_found_title(), texts.errors_not_found_text()),
        PortError::Refused | PortError::NotSignedIn => {
            (StatusCode::FORBIDDEN, texts.errors_refused_title(), texts.errors_refused_text())
        }
        PortError::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, texts.errors_unavailable_title(), texts.errors_unavailable_text())
        }
        PortError::Internal => {
            (StatusCode::INTERNAL_SERVER_ERROR, texts.errors_internal_title(), texts.errors_internal_text())
        }
    };
    let (home, to_home) = match space_of(page) {
        Some(space) => (space, texts.errors_to_my_space()),
        None => ("/", texts.errors_to_home()),
    };
    Document::new(Area::Public, title, move || {
        view! {
            <div class="lost">
                {drawing("lost-art", LIGHTHOUSE)}
                <div>
                    <p class="lost-code" aria-hidden="true">{status.as_u16()}</p>
                    <h1>{title}</h1>
                    <p class="lead">{text}</p>
                    <a class="button" href=home>{icon(HOUSE)}{to_home}</a>
                </div>
            </div>
        }
    })
    .with_status(status)
}
