//! `POST /appareils`, `POST /appareils/installation` and `POST /mot-de-passe`.

use super::{Posted, fail, identity::home_of, refuse, see};
use crate::{page::Page, pages};
use axum::{body::Body, http::Response};
use domain::{
    devices::PasswordRefusal,
    error::PortError,
    forms::{
        FieldCode, FieldErrors,
        device::{SignOut, SignOutForm},
        password::PasswordForm,
    },
};

/// Signs out one device, or all others.
pub(crate) async fn sign_out(page: Page, Posted(form): Posted<SignOutForm>) -> Response<Body> {
    let whom = match form.and_then(|form| form.validate()) {
        Ok(whom) => whom,
        Err(errors) => return refuse(page, pages::devices::page, false, SignOutForm::default(), errors).await,
    };
    let Some(session) = &page.visit.session else {
        return fail(page, PortError::NotSignedIn).await;
    };
    let (ended, done) = match whom {
        SignOut::One(device) => (page.host.devices.sign_out_device(session, device).await, "un"),
        SignOut::Others => (page.host.devices.sign_out_others(session).await, "autres"),
    };
    match ended {
        Ok(()) => see(&format!("/appareils?fait={done}")),
        Err(error) => fail(page, error).await,
    }
}

/// Never shows again how the app is installed.
pub(crate) async fn close_install_hint(page: Page) -> Response<Body> {
    let Some(session) = &page.visit.session else {
        return fail(page, PortError::NotSignedIn).await;
    };
    match page.host.devices.close_install_hint(session).await {
        Ok(()) => see(home_of(&page, session.role())),
        Err(error) => fail(page, error).await,
    }
}

/// Changes the password.
pub(crate) async fn change_password(page: Page, Posted(form): Posted<PasswordForm>) -> Response<Body> {
    let show = pages::devices::change_password;
    let change = match form.and_then(|form| form.validate()) {
        Ok(change) => change,
        // Passwords are never shown again: there is nothing to keep.
        Err(errors) => return refuse(page, show, false, PasswordForm::default(), errors).await,
    };
    let Some(session) = &page.visit.session else {
        return fail(page, PortError::NotSignedIn).await;
    };
    let errors = match page.host.devices.change_password(session, change).await {
        Ok(()) => return see("/appareils?fait=mot-de-passe"),
        Err(PasswordRefusal::Wrong) => FieldErrors::one("current", FieldCode::WrongPassword),
        Err(PasswordRefusal::Password(code)) => FieldErrors::one("password", code),
        Err(PasswordRefusal::TooManyAttempts { minutes }) => {
            FieldErrors::one("current", FieldCode::TooManyAttempts { minutes })
        }
        Err(PasswordRefusal::Port(error)) => return fail(page, error).await,
    };
    refuse(page, show, false, PasswordForm::default(), errors).await
}
