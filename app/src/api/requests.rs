//! `POST` of the public forms (F3 to F6): one way through for all of them.

use super::{Posted, refuse, see};
use crate::{
    page::{Page, PageResult},
    pages::public,
};
use axum::{body::Body, http::Response};
use domain::{
    forms::{
        FieldCode, FieldErrors, WHOLE_FORM, apprenticeship_tax::ApprenticeshipTaxForm, contact::ContactForm,
        event::EventForm, fields::is_of_age, pre_registration::PreRegistrationForm, public::PublicForm,
    },
    ids::SubmissionId,
    requests::{NewRequest, SubmitRefusal, TokenRefusal},
};
use std::future::Future;

/// `POST /contact`.
pub(crate) async fn contact(page: Page, Posted(form): Posted<ContactForm>) -> Response<Body> {
    let checked = |form: &ContactForm| form.validate();
    send(page, form, public::contact::page, checked).await
}

/// `POST /pre-inscription`.
pub(crate) async fn pre_register(page: Page, Posted(form): Posted<PreRegistrationForm>) -> Response<Body> {
    let today = page.today();
    let checked = |form: &PreRegistrationForm| form.validate(today);
    send(page, form, public::pre_registration::page, checked).await
}

/// `POST /evenement`.
pub(crate) async fn register_for_event(page: Page, Posted(form): Posted<EventForm>) -> Response<Body> {
    let events = match page.host.requests.open_events().await {
        Ok(events) => events,
        Err(error) => return super::fail(page, error).await,
    };
    let open: Vec<_> = events.iter().map(|event| event.id).collect();
    let (today, site) = (page.today(), page.host.site.clone());
    let checked = |form: &EventForm| form.validate(today, &open, &site.territory);
    send(page, form, public::event::page, checked).await
}

/// `POST /taxe-apprentissage`.
pub(crate) async fn apprenticeship_tax(page: Page, Posted(form): Posted<ApprenticeshipTaxForm>) -> Response<Body> {
    let checked = |form: &ApprenticeshipTaxForm| form.validate();
    send(page, form, public::apprenticeship_tax::page, checked).await
}

/// Checks, asks what the screening has to ask, stores. Whatever is in the way, all that was typed comes back.
async fn send<F, Fut>(
    page: Page,
    form: Result<F, FieldErrors>,
    show: impl FnOnce(Page) -> Fut,
    check: impl FnOnce(&F) -> Result<NewRequest, FieldErrors>,
) -> Response<Body>
where
    F: PublicForm + Default + Send + Sync + 'static,
    Fut: Future<Output = PageResult>,
{
    let form = match form {
        Ok(form) => form,
        Err(errors) => return again(page, show, true, F::default(), errors).await,
    };
    if form.is_trapped() {
        // Whoever fills in what nobody sees learns nothing from the answer.
        return see(&sent(&page, false));
    }
    let mut request = match check(&form) {
        Ok(request) => request,
        Err(errors) => return again(page, show, true, form, errors).await,
    };
    let (findings, questions) = form.ask();
    if !questions.is_empty() {
        return again(page, show, true, form, questions).await;
    }
    request.findings = findings;
    let elsewhere = request.birth_date.is_some_and(|born| !is_of_age(born, page.today()));
    let code = match page.host.requests.submit(request, form.token(), &page.visit.client).await {
        Ok(()) => return see(&sent(&page, elsewhere)),
        Err(SubmitRefusal::Token(refusal)) => once_more(refusal),
        Err(SubmitRefusal::TooMany { minutes }) => FieldCode::TooManySent { minutes },
        Err(SubmitRefusal::EventClosed) => FieldCode::EventClosed,
        Err(SubmitRefusal::Port(error)) => return super::fail(page, error).await,
    };
    again(page, show, true, form, FieldErrors::one(WHOLE_FORM, code)).await
}

/// Where the answer is: sent, and whom else to turn to where the age is not the one the organisation is for.
fn sent(page: &Page, elsewhere: bool) -> String {
    format!("{}?envoye={}", page.path(), if elsewhere { "orientation" } else { "oui" })
}

fn once_more(refusal: TokenRefusal) -> FieldCode {
    match refusal {
        TokenRefusal::TooFast => FieldCode::SentTooFast,
        TokenRefusal::TooOld => FieldCode::FormTooOld,
    }
}

/// As what a form was sent, if it was neither too soon nor too late.
pub(super) fn submission<F: PublicForm>(page: &Page, form: &F) -> Result<SubmissionId, FieldErrors> {
    let found = page.host.requests.submission(F::FORM, form.token());
    found.map_err(|refusal| FieldErrors::one(WHOLE_FORM, once_more(refusal)))
}

/// The form again, under a token that lets it be sent at once.
pub(super) async fn again<F, Fut>(
    page: Page,
    show: impl FnOnce(Page) -> Fut,
    island: bool,
    mut form: F,
    errors: FieldErrors,
) -> Response<Body>
where
    F: PublicForm + Send + Sync + 'static,
    Fut: Future<Output = PageResult>,
{
    match page.host.requests.renewed_token(F::FORM, form.token()) {
        Ok(token) => form.set_token(token),
        Err(error) => return super::fail(page, error).await,
    }
    refuse(page, show, island, form, errors).await
}
