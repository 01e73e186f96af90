//! Subscribing to the newsletter and confirming it (F1). Unsubscribing is a plain endpoint, because mail programs post
//! to it.

use super::{Form, Refusal, Value};
use domain::forms::newsletter::NewsletterForm;
use leptos::prelude::*;

/// Subscribes an address. The answer is the same whether or not the address is known.
#[server(prefix = "", endpoint = "newsletter", input = Form, output = Value)]
pub async fn subscribe(
    /// What the form sends.
    #[server(flatten)]
    form: NewsletterForm,
) -> Result<(), Refusal> {
    use domain::{
        error::PortError,
        forms::{FieldCode, WHOLE_FORM, public::PublicForm},
        newsletter::NewsletterRefusal,
    };

    let page = crate::page::Page::current()?;
    if form.is_trapped() {
        // Only a program fills in the trap. It gets the answer of a success, so that it learns nothing.
        return Ok(());
    }
    let new = form.validate()?;
    crate::submit::submission(&page, &form)?;
    match page.host.newsletter.subscribe(&page.visit.client, new).await {
        Ok(()) => Ok(()),
        Err(NewsletterRefusal::TooMany { minutes }) => {
            Err(Refusal::field(WHOLE_FORM, FieldCode::TooManyAttempts { minutes }))
        }
        Err(NewsletterRefusal::Over) => Err(PortError::NotFound.into()),
        Err(NewsletterRefusal::Port(error)) => Err(error.into()),
    }
}

/// Confirms a subscription by the token of the link that was mailed.
#[server(prefix = "", endpoint = "newsletter/confirmer", input = Form, output = Value)]
pub async fn confirm_subscription(
    /// The token of the link; empty when the address of the page has it.
    #[server(default)]
    jeton: String,
) -> Result<(), Refusal> {
    use domain::newsletter::NewsletterRefusal;

    let page = crate::page::Page::current()?;
    let token = if jeton.is_empty() { page.query("jeton") } else { &jeton };
    match page.host.newsletter.confirm(token).await {
        Ok(()) => Ok(()),
        Err(NewsletterRefusal::Port(error)) => Err(error.into()),
        Err(_) => Err(Refusal::unreadable()),
    }
}
