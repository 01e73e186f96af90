//! `POST /mon-espace/profil`: a correction is asked for (E2).

use super::{Posted, fail, refuse, see};
use crate::{page::Page, pages};
use axum::{body::Body, http::Response};
use domain::forms::correction::CorrectionForm;

/// Records the correction.
pub(crate) async fn ask_correction(page: Page, Posted(form): Posted<CorrectionForm>) -> Response<Body> {
    let show = pages::youth::profile::page;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, show, false, CorrectionForm::default(), errors).await,
    };
    match form.validate() {
        Ok(correction) => match page.host.youths.ask_correction(&page.actor(), correction).await {
            Ok(()) => see("/mon-espace/profil?demande=envoyee#correction"),
            Err(error) => fail(page, error).await,
        },
        Err(errors) => refuse(page, show, false, form, errors).await,
    }
}
