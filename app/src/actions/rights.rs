//! What people ask about their own data, and what the data-protection officer does with it (E15).

use super::{Form, Refusal, Value};
use domain::{
    forms::rights::{RightsForm, RightsStepForm},
    ids::RightsRequestId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the officer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stepped {
    /// The person was asked for an identity paper, because there is a real doubt.
    IdentityAsked,
    /// The time to answer was extended.
    Extended,
    /// The request was answered.
    Closed,
    /// The free text of the person is destroyed.
    Blanked,
}

/// Sends a request about one's own data, without an account. The same token sent twice makes one request.
#[server(prefix = "", endpoint = "mes-droits", input = Form, output = Value)]
pub async fn ask_about_rights(
    /// What the form sends.
    #[server(flatten)]
    form: RightsForm,
) -> Result<(), Refusal> {
    use domain::{
        error::PortError,
        forms::{FieldCode, WHOLE_FORM, public::PublicForm},
        rights::RightsRefusal,
    };

    let page = crate::page::Page::current()?;
    if form.is_trapped() {
        // Only a program fills in the trap. It gets the answer of a success, so that it learns nothing.
        return Ok(());
    }
    let new = form.validate()?;
    let (_, questions) = form.ask();
    if !questions.is_empty() {
        return Err(questions.into());
    }
    let submission = crate::submit::submission(&page, &form)?;
    let officer = page.host.site.legal.dpo_email.clone();
    match page.host.rights.ask(&page.actor(), &page.visit.client, new, submission, &officer).await {
        Ok(()) => Ok(()),
        Err(RightsRefusal::TooMany { minutes }) => {
            Err(Refusal::field(WHOLE_FORM, FieldCode::TooManyAttempts { minutes }))
        }
        Err(RightsRefusal::Over) => Err(PortError::NotFound.into()),
        Err(RightsRefusal::Port(error)) => Err(error.into()),
    }
}

/// Sends a request about one's own data from the person's own space.
#[server(prefix = "", endpoint = "mon-espace/droits", input = Form, output = Value)]
pub async fn ask_about_own_rights(
    /// What the form sends.
    #[server(flatten)]
    form: RightsForm,
) -> Result<(), Refusal> {
    ask_about_rights(form).await
}

/// The officer asks for an identity paper, takes more time, answers, or blanks the free text.
#[server(prefix = "", endpoint = "action/droits/avancer", input = Form, output = Value)]
pub async fn step_rights_request(
    /// The request.
    demande: RightsRequestId,
    /// What the form sends.
    #[server(flatten)]
    form: RightsStepForm,
) -> Result<Stepped, Refusal> {
    use domain::{
        forms::{FieldCode, WHOLE_FORM},
        rights::{RightsRefusal, RightsStep},
    };

    let page = crate::page::Page::current()?;
    let step = form.validate()?;
    let (stepped, field) = match step {
        RightsStep::AskIdentity { .. } => (Stepped::IdentityAsked, "doubt"),
        RightsStep::Extend { .. } => (Stepped::Extended, "reason"),
        RightsStep::Close { .. } => (Stepped::Closed, "answer"),
        RightsStep::Blank => (Stepped::Blanked, WHOLE_FORM),
    };
    match page.host.rights.step(&page.actor(), demande, step).await {
        Ok(()) => Ok(stepped),
        // A colleague changed the request first. The page shows the typed values again.
        Err(RightsRefusal::Over | RightsRefusal::TooMany { .. }) => Err(Refusal::field(field, FieldCode::Overtaken)),
        Err(RightsRefusal::Port(error)) => Err(error.into()),
    }
}
