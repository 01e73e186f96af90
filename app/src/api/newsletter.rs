//! Subscribing, confirming and leaving (F1).

use super::{
    Posted, fail, refuse,
    requests::{again, submission},
    see,
};
use crate::{
    page::Page,
    pages::newsletter::{self, BASE, CONFIRM, DeadLink, LEAVE},
};
use axum::{
    body::Body,
    extract::Request,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    error::PortError,
    forms::{FieldCode, FieldErrors, WHOLE_FORM, newsletter::NewsletterForm, public::PublicForm},
    newsletter::NewsletterRefusal,
};
use http_body_util::BodyExt;

/// Longest body of a one-click unsubscription, in bytes.
const ONE_CLICK_MAX_BYTES: usize = 4 * 1024;

/// `POST /newsletter`: the answer is the same whether or not the address is known.
pub(crate) async fn subscribe(page: Page, Posted(form): Posted<NewsletterForm>) -> Response<Body> {
    let show = newsletter::page;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return again(page, show, false, NewsletterForm::default(), errors).await,
    };
    let done = || see(&format!("{BASE}?fait=oui"));
    if form.is_trapped() {
        // A program is told what it wants to hear.
        return done();
    }
    let new = match form.validate() {
        Ok(new) => new,
        Err(errors) => return again(page, show, false, form, errors).await,
    };
    if let Err(errors) = submission(&page, &form) {
        return again(page, show, false, form, errors).await;
    }
    match page.host.newsletter.subscribe(&page.visit.client, new).await {
        Ok(()) => done(),
        Err(NewsletterRefusal::TooMany { minutes }) => {
            let errors = FieldErrors::one(WHOLE_FORM, FieldCode::TooManyAttempts { minutes });
            again(page, show, false, form, errors).await
        }
        Err(NewsletterRefusal::Over) => fail(page, PortError::NotFound).await,
        Err(NewsletterRefusal::Port(error)) => fail(page, error).await,
    }
}

/// What a link that does nothing is answered with.
fn dead() -> FieldErrors {
    FieldErrors::one(WHOLE_FORM, FieldCode::Unreadable)
}

/// `POST /newsletter/confirmer`.
pub(crate) async fn confirm(page: Page) -> Response<Body> {
    match page.host.newsletter.confirm(page.query("jeton")).await {
        Ok(()) => see(&format!("{CONFIRM}?fait=oui")),
        Err(NewsletterRefusal::Port(error)) => fail(page, error).await,
        Err(_) => refuse(page, newsletter::confirm, false, DeadLink, dead()).await,
    }
}

/// `POST /newsletter/desinscription`: the page's own button, or a mail program (RFC 8058), which has neither session
/// nor `Origin` and does not follow redirects.
pub(crate) async fn leave(page: Page, request: Request) -> Response<Body> {
    let body = http_body_util::Limited::new(request.into_body(), ONE_CLICK_MAX_BYTES).collect().await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    // As a plain form or in parts: both are allowed, and nothing else is in it.
    let one_click = body.windows(b"One-Click".len()).any(|word| word == b"One-Click");
    let left = page.host.newsletter.unsubscribe(page.query("jeton")).await;
    match (left, one_click) {
        (Ok(()), true) => plain(StatusCode::OK, "C’est fait : votre adresse est effacée.\n"),
        (Ok(()), false) => see(&format!("{LEAVE}?fait=oui")),
        (Err(NewsletterRefusal::Port(error)), _) => fail(page, error).await,
        (Err(_), true) => plain(StatusCode::NOT_FOUND, "Ce lien ne marche plus.\n"),
        (Err(_), false) => refuse(page, newsletter::leave, false, DeadLink, dead()).await,
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
