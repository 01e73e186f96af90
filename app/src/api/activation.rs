//! `POST /activation`: the code, then the password.

use super::{
    Posted, fail,
    identity::{after, open},
    refuse,
};
use crate::{page::Page, pages, render::render};
use axum::{body::Body, http::Response};
use domain::{
    activation::ActivationRefusal,
    forms::{FieldCode, FieldErrors, password::ActivationForm},
};
use tower_cookies::Cookies;

/// Looks the code up, or uses it.
pub(crate) async fn activate(page: Page, cookies: Cookies, Posted(form): Posted<ActivationForm>) -> Response<Body> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, pages::activation::page, false, ActivationForm::default(), errors).await,
    };
    let code = match form.validate_code() {
        Ok(code) => code,
        Err(errors) => return refuse(page, pages::activation::page, false, form.to_show_again(), errors).await,
    };
    let activations = page.host.activations.clone();
    let errors = if form.is_second_step() {
        match form.validate() {
            Ok(activation) => {
                let previous = page.visit.session.as_ref();
                match activations.activate(activation, &page.visit.client, previous).await {
                    Ok(session) => {
                        open(&cookies, &session);
                        return after(&page, &session);
                    }
                    Err(ActivationRefusal::Password(code)) => FieldErrors::one("password", code),
                    Err(refusal) => return from_the_start(page, form, refusal).await,
                }
            }
            Err(errors) => errors,
        }
    } else {
        FieldErrors::default()
    };
    // Either the code alone came, or it came with a password that will not do: whose is it?
    let identifier = match activations.identifier(&code, &page.visit.client).await {
        Ok(identifier) => identifier,
        Err(refusal) => return from_the_start(page, form, refusal).await,
    };
    let page = if errors.is_empty() { page } else { page.refusing(form.to_show_again(), errors) };
    let document = pages::activation::choose(&page, code.groups(), identifier);
    render(page, Ok(document), false).await
}

/// The code opens nothing: the first step again, with the same words whatever the reason.
async fn from_the_start(page: Page, form: ActivationForm, refusal: ActivationRefusal) -> Response<Body> {
    let code = match refusal {
        ActivationRefusal::Wrong => FieldCode::WrongActivationCode,
        ActivationRefusal::TooManyAttempts { minutes } => FieldCode::TooManyAttempts { minutes },
        ActivationRefusal::Password(code) => code,
        ActivationRefusal::Port(error) => return fail(page, error).await,
    };
    refuse(page, pages::activation::page, false, form.to_show_again(), FieldErrors::one("code", code)).await
}
