//! What a young person asks for in their own space (E2).

use super::{Form, Refusal, Value};
use domain::forms::correction::CorrectionForm;
use leptos::prelude::*;

/// Asks for a correction of the profile. The same token sent twice makes one correction.
#[server(prefix = "", endpoint = "mon-espace/profil", input = Form, output = Value)]
pub async fn ask_correction(
    /// What the form sends.
    #[server(flatten)]
    form: CorrectionForm,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    let correction = form.validate()?;
    let submission = crate::submit::submission_of(&page, CorrectionForm::FORM, &form.token)?;
    Ok(page.host.youths.ask_correction(&page.actor(), correction, submission).await?)
}
