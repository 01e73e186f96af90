//! Subscribing, confirming and leaving (F1).

use super::requests::submission;
use crate::{
    act::action,
    actions::{
        Refusal,
        newsletter::{ConfirmSubscription, Subscribe},
    },
    page::{Answer, Done, Page, see},
    pages::newsletter::{self, BASE, CONFIRM, LEAVE},
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

action!(
    Subscribe: NewsletterForm with token,
    again in newsletter::page,
    then |_, _, ()| Done::See(format!("{BASE}?fait=oui"))
);
action!(
    ConfirmSubscription: (),
    again in newsletter::confirm,
    then |_, _, ()| Done::See(format!("{CONFIRM}?fait=oui"))
);

/// Notes an address that has to be confirmed.
///
/// # Errors
/// What is wrong in the form, or what the port refused.
pub(crate) async fn subscribe(page: &Page, form: &NewsletterForm) -> Result<(), Refusal> {
    if form.is_trapped() {
        // A program is told what it wants to hear.
        return Ok(());
    }
    let new = form.validate()?;
    submission(page, form)?;
    match page.host.newsletter.subscribe(&page.visit.client, new).await {
        Ok(()) => Ok(()),
        Err(NewsletterRefusal::TooMany { minutes }) => {
            Err(Refusal::field(WHOLE_FORM, FieldCode::TooManyAttempts { minutes }))
        }
        Err(NewsletterRefusal::Over) => Err(PortError::NotFound.into()),
        Err(NewsletterRefusal::Port(error)) => Err(error.into()),
    }
}

/// Confirms the subscription that `token` was mailed for. A plain form has it in its address.
///
/// # Errors
/// `Unreadable` for a link that does nothing, or what the port refused.
pub(crate) async fn confirm(page: &Page, token: &str) -> Result<(), Refusal> {
    let token = if token.is_empty() { page.query("jeton") } else { token };
    match page.host.newsletter.confirm(token).await {
        Ok(()) => Ok(()),
        Err(NewsletterRefusal::Port(error)) => Err(error.into()),
        Err(_) => Err(Refusal::unreadable()),
    }
}

/// `POST /newsletter/desinscription`: the page's own button, or a mail program (RFC 8058), which has neither session
/// nor `Origin` and does not follow redirects.
pub(crate) async fn leave(page: Page, request: Request) -> Answer {
    let body = http_body_util::Limited::new(request.into_body(), ONE_CLICK_MAX_BYTES).collect().await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    // As a plain form or in parts: both are allowed, and nothing else is in it.
    let one_click = body.windows(b"One-Click".len()).any(|word| word == b"One-Click");
    let left = page.host.newsletter.unsubscribe(page.query("jeton")).await;
    match (left, one_click) {
        (Ok(()), true) => Ok(plain(StatusCode::OK, page.texts.newsletter_one_click_left())),
        (Ok(()), false) => see(format!("{LEAVE}?fait=oui")),
        (Err(NewsletterRefusal::Port(error)), _) => Err(error.into()),
        (Err(_), true) => Ok(plain(StatusCode::NOT_FOUND, page.texts.newsletter_one_click_dead())),
        (Err(_), false) => Err(page.again(newsletter::leave, (), FieldErrors::one(WHOLE_FORM, FieldCode::Unreadable))),
    }
}

fn plain(status: StatusCode, text: &'static str) -> Done {
    let answer: Response<Body> =
        (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{text}\n")).into_response();
    Done::Send(answer)
}
