//! The sharing switch of a vault (V5). It acts as soon as it is moved.
//!
//! The server writes the form around the island, and the attributes of the form hold the sentences. The island listens
//! to the box, calls [`share_vault`], and hides the button, which is not needed any more. When a call fails, the box
//! shows again what the server knows, and the button comes back.

use super::{
    dom::{attribute, by_id, first, listen, say},
    spaces::{hide, reason},
};
use crate::actions::vault::share_vault;
use domain::forms::vault::SharingForm;
use leptos::{
    prelude::*,
    task::spawn_local,
    web_sys::{Element, HtmlInputElement},
};
use std::{cell::Cell, rc::Rc};

/// The id of the form.
pub(crate) const FORM: &str = "partager";
/// The id of the box.
pub(crate) const BOX: &str = "shared";
/// « Attached staff may read now. »
pub(crate) const ON: &str = "data-on";
/// « Attached staff may not read any more. »
pub(crate) const OFF: &str = "data-off";

/// Sends the sharing switch when it is moved.
#[island]
pub fn SharingSwitch() -> impl IntoView {
    // The server renders the same view and has no page to look at.
    if cfg!(target_arch = "wasm32") {
        take_over();
    }
    view! { <p role="status"></p> }
}

struct Sharing {
    form: Element,
    switch: HtmlInputElement,
    button: Element,
    /// Whether the vault is shared, as far as the server has said.
    known: Cell<bool>,
    sending: Cell<bool>,
}

fn take_over() -> Option<()> {
    let (form, switch): (Element, HtmlInputElement) = (by_id(FORM)?, by_id(BOX)?);
    let button = first(&form, "button")?;
    let known = Cell::new(switch.default_checked());
    // Somebody may have moved the box before the island started, or the browser may have restored an old state. Such a
    // box is only sent when the button is pressed, because consent is never guessed.
    hide(&button, switch.checked() == known.get());
    let sharing = Rc::new(Sharing { form, switch, button, known, sending: Cell::new(false) });
    let this = sharing.clone();
    listen(&sharing.switch, "change", move |_| {
        // While a call is on its way, a further move waits: `send` looks at the box again after the answer.
        if !this.sending.replace(true) {
            let this = this.clone();
            spawn_local(async move {
                this.send().await;
                this.sending.set(false);
            });
        }
    });
    Some(())
}

impl Sharing {
    /// Sends the state of the box until the server knows it.
    async fn send(&self) {
        while self.switch.checked() != self.known.get() {
            let shared = if self.switch.checked() { "on" } else { "" };
            match share_vault(SharingForm { shared: shared.to_owned() }).await {
                Ok(now) => {
                    self.known.set(now.shared);
                    hide(&self.button, true);
                    say(&self.form, &attribute(&self.form, if now.shared { ON } else { OFF }));
                }
                Err(refusal) => {
                    self.switch.set_checked(self.known.get());
                    hide(&self.button, false);
                    say(&self.form, &reason(refusal, &self.form));
                }
            }
        }
    }
}
