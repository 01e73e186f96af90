//! The public forms (F3 to F6). The same token sent twice makes one request.

use super::{Form, Refusal, Value};
use domain::forms::{
    apprenticeship_tax::ApprenticeshipTaxForm, contact::ContactForm, event::EventForm,
    pre_registration::PreRegistrationForm,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The value of a form that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The organisation does not serve people of this age: the answer says who else can help them.
    pub elsewhere: bool,
}

/// Sends a message to the organisation (F3).
#[server(prefix = "", endpoint = "contact", input = Form, output = Value)]
pub async fn send_contact(
    /// What the form sends.
    #[server(flatten)]
    form: ContactForm,
) -> Result<Sent, Refusal> {
    let page = crate::page::Page::current()?;
    Ok(Sent { elsewhere: crate::submit::send(&page, &form, ContactForm::validate).await? })
}

/// Asks for a first appointment (F4).
#[server(prefix = "", endpoint = "pre-inscription", input = Form, output = Value)]
pub async fn pre_register(
    /// What the form sends.
    #[server(flatten)]
    form: PreRegistrationForm,
) -> Result<Sent, Refusal> {
    let page = crate::page::Page::current()?;
    let today = page.today();
    Ok(Sent { elsewhere: crate::submit::send(&page, &form, |form| form.validate(today)).await? })
}

/// Pre-registers somebody for an open event (F5).
#[server(prefix = "", endpoint = "evenement", input = Form, output = Value)]
pub async fn register_for_event(
    /// What the form sends.
    #[server(flatten)]
    form: EventForm,
) -> Result<Sent, Refusal> {
    let page = crate::page::Page::current()?;
    let open: Vec<_> = page.host.requests.open_events().await?.iter().map(|event| event.id).collect();
    let today = page.today();
    Ok(Sent {
        elsewhere: crate::submit::send(&page, &form, |form| form.validate(today, &open, &page.host.site.territory))
            .await?,
    })
}

/// Sends a question about the apprenticeship tax (F6).
#[server(prefix = "", endpoint = "taxe-apprentissage", input = Form, output = Value)]
pub async fn send_apprenticeship_tax(
    /// What the form sends.
    #[server(flatten)]
    form: ApprenticeshipTaxForm,
) -> Result<Sent, Refusal> {
    let page = crate::page::Page::current()?;
    Ok(Sent { elsewhere: crate::submit::send(&page, &form, ApprenticeshipTaxForm::validate).await? })
}

/// A Mission Locale that serves a postal code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// The code that the event's form sends.
    pub code: String,
    /// The name of the Mission Locale.
    pub name: String,
}

/// Says which Missions Locales serve a postal code (F5). It changes nothing. For a text that is no postal code it gives
/// none.
#[server(prefix = "", endpoint = "action/evenement/structures", input = Form, output = Value)]
pub async fn structures_serving(
    /// The text that was typed as a postal code.
    #[server(default)]
    postal_code: String,
) -> Result<Vec<Serving>, Refusal> {
    let page = crate::page::Page::current()?;
    let serving = page.host.site.territory.serving(postal_code.trim());
    Ok(serving.iter().map(|one| Serving { code: one.code.clone(), name: one.name.clone() }).collect())
}
