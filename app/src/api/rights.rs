//! What people ask about their own data, and what the officer does with it (E15).

use super::requests::submission;
use crate::{
    act::action,
    actions::{
        Refusal,
        rights::{AskAboutOwnRights, AskAboutRights, StepRightsRequest, Stepped},
    },
    page::{Done, Page},
    pages::{
        admin::rights::{BASE, request},
        rights,
    },
};
use domain::{
    error::PortError,
    forms::{
        FieldCode, WHOLE_FORM,
        public::PublicForm,
        rights::{RightsForm, RightsStep, RightsStepForm},
    },
    ids::RightsRequestId,
    rights::RightsRefusal,
};

action!(
    AskAboutRights: RightsForm with token,
    again in rights::page,
    then |_, _, ()| Done::See(format!("{}?fait=oui", rights::PUBLIC))
);
action!(
    AskAboutOwnRights: RightsForm with token,
    again in rights::own,
    then |_, _, ()| Done::See(format!("{}?fait=oui", rights::OWN))
);
action!(
    StepRightsRequest: RightsStepForm,
    again in request::page,
    then |action, _, stepped| {
        let word = match stepped {
            Stepped::IdentityAsked => "identite",
            Stepped::Extended => "prolonge",
            Stepped::Closed => "clos",
            Stepped::Blanked => "efface",
        };
        Done::See(format!("{BASE}/{}?fait={word}", action.demande))
    }
);

/// Takes a request about somebody's own data.
///
/// # Errors
/// What is wrong in the form, what the guard asks, or what the port refused.
pub(crate) async fn ask(page: &Page, form: &RightsForm) -> Result<(), Refusal> {
    if form.is_trapped() {
        // A program is told what it wants to hear.
        return Ok(());
    }
    let new = form.validate()?;
    let (_, questions) = form.ask();
    if !questions.is_empty() {
        return Err(questions.into());
    }
    let submission = submission(page, form)?;
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

/// Does what the officer's form asks with `request`.
///
/// # Errors
/// What is wrong in the form, or what the port refused.
pub(crate) async fn step(page: &Page, request: RightsRequestId, form: &RightsStepForm) -> Result<Stepped, Refusal> {
    let step = form.validate()?;
    let (stepped, field) = match step {
        RightsStep::AskIdentity { .. } => (Stepped::IdentityAsked, "doubt"),
        RightsStep::Extend { .. } => (Stepped::Extended, "reason"),
        RightsStep::Close { .. } => (Stepped::Closed, "answer"),
        RightsStep::Blank => (Stepped::Blanked, WHOLE_FORM),
    };
    match page.host.rights.step(&page.actor(), request, step).await {
        Ok(()) => Ok(stepped),
        // The page shows what was typed again: somebody else was quicker.
        Err(RightsRefusal::Over | RightsRefusal::TooMany { .. }) => Err(Refusal::field(field, FieldCode::Overtaken)),
        Err(RightsRefusal::Port(error)) => Err(error.into()),
    }
}
