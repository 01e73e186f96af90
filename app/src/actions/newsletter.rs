//! Subscribing to the newsletter and confirming it (F1). Leaving it is a plain endpoint: mail programs post there.

use super::{Form, Refusal};
use domain::forms::newsletter::NewsletterForm;
use leptos::prelude::*;

/// Subscribes an address. The answer is the same whether or not the address is known.
#[server(prefix = "", endpoint = "newsletter", input = Form)]
pub async fn subscribe(
    /// What the form sends.
    #[server(flatten)]
    form: NewsletterForm,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    crate::api::newsletter::subscribe(&page, &form).await
}

/// Confirms a subscription by the token of the link that was mailed.
#[server(prefix = "", endpoint = "newsletter/confirmer", input = Form)]
pub async fn confirm_subscription(
    /// The token of the link; empty when it stands in the address.
    #[server(default)]
    jeton: String,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    crate::api::newsletter::confirm(&page, &jeton).await
}
