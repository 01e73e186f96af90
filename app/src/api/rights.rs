//! What people ask about their own data, and what the officer does with it (E15).

use super::{
    Posted, fail, refuse,
    requests::{again, submission},
    see,
};
use crate::{
    page::{Page, PageResult},
    pages::{
        admin::rights::{BASE, request::page as show},
        rights,
    },
};
use axum::{body::Body, http::Response};
use domain::{
    error::PortError,
    forms::{
        FieldCode, FieldErrors, WHOLE_FORM,
        public::PublicForm,
        rights::{RightsForm, RightsStepForm},
    },
    ids::RightsRequestId,
    rights::{RightsRefusal, RightsStep},
};
use std::future::Future;

/// `POST /mes-droits`.
pub(crate) async fn ask(page: Page, Posted(form): Posted<RightsForm>) -> Response<Body> {
    take(page, form, rights::PUBLIC, rights::page).await
}

/// `POST /mon-espace/droits`.
pub(crate) async fn ask_own(page: Page, Posted(form): Posted<RightsForm>) -> Response<Body> {
    take(page, form, rights::OWN, rights::own).await
}

async fn take<Fut: Future<Output = PageResult>>(
    page: Page,
    form: Result<RightsForm, FieldErrors>,
    path: &str,
    show: fn(Page) -> Fut,
) -> Response<Body> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return again(page, show, false, RightsForm::default(), errors).await,
    };
    let done = || see(&format!("{path}?fait=oui"));
    if form.is_trapped() {
        // A program is told what it wants to hear.
        return done();
    }
    let new = match form.validate() {
        Ok(new) => new,
        Err(errors) => return again(page, show, false, form, errors).await,
    };
    let (_, questions) = form.ask();
    if !questions.is_empty() {
        return again(page, show, false, form, questions).await;
    }
    let submission = match submission(&page, &form) {
        Ok(submission) => submission,
        Err(errors) => return again(page, show, false, form, errors).await,
    };
    let officer = page.host.site.legal.dpo_email.clone();
    match page.host.rights.ask(&page.actor(), &page.visit.client, new, submission, &officer).await {
        Ok(()) => done(),
        Err(RightsRefusal::TooMany { minutes }) => {
            let errors = FieldErrors::one(WHOLE_FORM, FieldCode::TooManyAttempts { minutes });
            again(page, show, false, form, errors).await
        }
        Err(RightsRefusal::Over) => fail(page, PortError::NotFound).await,
        Err(RightsRefusal::Port(error)) => fail(page, error).await,
    }
}

/// `POST /admin/droits/{demande}`.
pub(crate) async fn step(page: Page, Posted(form): Posted<RightsStepForm>) -> Response<Body> {
    let request: RightsRequestId = match page.param("demande") {
        Ok(request) => request,
        Err(error) => return fail(page, error).await,
    };
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, show, false, RightsStepForm::default(), errors).await,
    };
    let step = match form.validate() {
        Ok(step) => step,
        Err(errors) => return refuse(page, show, false, form, errors).await,
    };
    let done = |word: &str| see(&format!("{BASE}/{request}?fait={word}"));
    let (word, field) = match step {
        RightsStep::AskIdentity { .. } => ("identite", "doubt"),
        RightsStep::Extend { .. } => ("prolonge", "reason"),
        RightsStep::Close { .. } => ("clos", "answer"),
        RightsStep::Blank => ("efface", WHOLE_FORM),
    };
    match page.host.rights.step(&page.actor(), request, step).await {
        Ok(()) => done(word),
        // What was typed is not lost with the race.
        Err(RightsRefusal::Over | RightsRefusal::TooMany { .. }) => {
            refuse(page, show, false, form, FieldErrors::one(field, FieldCode::Overtaken)).await
        }
        Err(RightsRefusal::Port(error)) => fail(page, error).await,
    }
}
