//! Subscribing to the newsletter, confirming and unsubscribing (F1).

use crate::{
    act::action,
    actions::newsletter::{ConfirmSubscription, Subscribe},
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

/// `POST /newsletter/desinscription`: the page's own button, or a mail program (RFC 8058). A mail program has no
/// session, sends no `Origin` and does not follow redirects.
pub(crate) async fn leave(page: Page, request: Request) -> Answer {
    let body = http_body_util::Limited::new(request.into_body(), ONE_CLICK_MAX_BYTES).collect().await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    // The body may be a plain form or multipart, as the RFC allows; it says nothing else, so the word is enough.
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
