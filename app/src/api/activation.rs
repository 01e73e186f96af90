//! `POST /activation`: first the code is sent, then the code with a password.

use super::{
    identity::{after, open},
    posted,
};
use crate::{
    page::{Answer, Done, Page, Shown, Stop},
    pages::activation,
};
use axum::extract::Request;
use domain::{
    activation::ActivationRefusal,
    forms::{FieldCode, FieldErrors, password::ActivationForm},
};

/// Looks up the code; with a password, uses the code to open the account.
pub(crate) async fn activate(page: Page, request: Request) -> Answer {
    let again = |form: &ActivationForm, errors| page.again(activation::page, form.to_show_again(), errors);
    let form: ActivationForm = posted(request).await.map_err(|errors| again(&ActivationForm::default(), errors))?;
    let code = form.validate_code().map_err(|errors| again(&form, errors))?;
    let activations = &page.host.activations;
    let mut errors = FieldErrors::default();
    if form.is_second_step() {
        match form.validate() {
            Ok(new) => match activations.activate(new, &page.visit.client, page.visit.session.as_ref()).await {
                Ok(session) => {
                    open(&page.cookies, &session);
                    return after(&page, &session);
                }
                Err(ActivationRefusal::Password(code)) => errors = FieldErrors::one("password", code),
                Err(refusal) => return Err(from_the_start(&page, &form, refusal)),
            },
            Err(wrong) => errors = wrong,
        }
    }
    // The code came alone, or with a password that is refused. In both cases the page says whose account the code
    // opens.
    let found = activations.identifier(&code, &page.visit.client).await;
    let identifier = found.map_err(|refusal| from_the_start(&page, &form, refusal))?;
    if errors.is_empty() {
        let document = activation::choose(&page, code.groups(), identifier, FieldErrors::default());
        return Ok(Done::Show(Box::new(document)));
    }
    let choose = |page: Page, shown: Shown<ActivationForm>| async move {
        Ok(activation::choose(&page, code.groups(), identifier, shown.errors))
    };
    Err(page.again(choose, form.to_show_again(), errors))
}

/// Shows the first step again, because the code opens nothing. The message is the same for every reason.
fn from_the_start(page: &Page, form: &ActivationForm, refusal: ActivationRefusal) -> Stop {
    let code = match refusal {
        ActivationRefusal::Wrong => FieldCode::WrongActivationCode,
        ActivationRefusal::TooManyAttempts { minutes } => FieldCode::TooManyAttempts { minutes },
        ActivationRefusal::Password(code) => code,
        ActivationRefusal::Port(error) => return error.into(),
    };
    page.again(activation::page, form.to_show_again(), FieldErrors::one("code", code))
}
