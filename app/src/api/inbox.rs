//! `POST /conseiller/demandes/{request}`: what staff do with a request (A5).

use super::{Posted, fail, refuse, see};
use crate::{
    page::Page,
    pages::advisor::requests::{BASE, request::page as show},
};
use axum::{body::Body, http::Response};
use domain::{
    forms::{FieldCode, FieldErrors, inbox::HandlingForm},
    ids::RequestId,
    inbox::{Handled, Handling, InboxRefusal},
};

/// Takes, hands over, releases, closes, opens again, blanks or answers.
pub(crate) async fn handle(page: Page, Posted(form): Posted<HandlingForm>) -> Response<Body> {
    let request: RequestId = match page.param("request") {
        Ok(request) => request,
        Err(error) => return fail(page, error).await,
    };
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, show, false, HandlingForm::default(), errors).await,
    };
    let done = |word: &str| see(&format!("{BASE}/{request}?fait={word}"));
    match form.validate() {
        Ok(Handled::Handling(what)) => match page.host.inbox.handle(&page.actor(), request, what).await {
            Ok(()) => done(match what {
                Handling::Take => "pris",
                Handling::Hand { .. } => "confie",
                Handling::Release { .. } => "rendu",
                Handling::Close => "clos",
                Handling::Reopen => "rouvert",
                Handling::Blank => "efface",
            }),
            Err(InboxRefusal::Over | InboxRefusal::NoAddress) => done("depasse"),
            Err(InboxRefusal::Port(error)) => fail(page, error).await,
        },
        Ok(Handled::Answer(answer)) => match page.host.inbox.answer(&page.actor(), request, answer).await {
            Ok(()) => done("repondu"),
            // What was typed is not lost with the race.
            Err(InboxRefusal::Over) => {
                refuse(page, show, false, form, FieldErrors::one("answer", FieldCode::Overtaken)).await
            }
            Err(InboxRefusal::NoAddress) => done("depasse"),
            Err(InboxRefusal::Port(error)) => fail(page, error).await,
        },
        Err(errors) => refuse(page, show, false, form, errors).await,
    }
}
