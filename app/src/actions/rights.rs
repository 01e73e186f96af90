//! What people ask about their own data, and what the data-protection officer does with it (E15).

use super::{Form, Refusal};
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
    /// A paper is asked for, in real doubt.
    IdentityAsked,
    /// The time to answer is longer.
    Extended,
    /// It is answered.
    Closed,
    /// What the person wrote freely is destroyed.
    Blanked,
}

/// Asks about one's own data, without an account. The same token twice is one request.
#[server(prefix = "", endpoint = "mes-droits", input = Form)]
pub async fn ask_about_rights(
    /// What the form sends.
    #[server(flatten)]
    form: RightsForm,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    crate::api::rights::ask(&page, &form).await
}

/// The same from the own space.
#[server(prefix = "", endpoint = "mon-espace/droits", input = Form)]
pub async fn ask_about_own_rights(
    /// What the form sends.
    #[server(flatten)]
    form: RightsForm,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    crate::api::rights::ask(&page, &form).await
}

/// The officer asks for a paper, takes more time, answers, or blanks.
#[server(prefix = "", endpoint = "action/droits/avancer", input = Form)]
pub async fn step_rights_request(
    /// The request.
    demande: RightsRequestId,
    /// What the form sends.
    #[server(flatten)]
    form: RightsStepForm,
) -> Result<Stepped, Refusal> {
    let page = crate::page::Page::current()?;
    crate::api::rights::step(&page, demande, &form).await
}
