//! The sharing switch of a vault (V5): it acts as soon as it is moved.
//!
//! The form around it is the server's, and its attributes hold the sentences. This island listens to the box, calls
//! [`share_vault`], and hides the button that is not needed any more. When a call fails, the box goes back to what the
//! server knows and the button comes back.

use super::dom::{attribute, by_id, first, hide, listen};
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
/// « It was not saved. »
pub(crate) const FAILED: &str = "data-failed";

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
    /// What the server knows.
    known: Cell<bool>,
    sending: Cell<bool>,
}

fn take_over() -> Option<()> {
    let (form, switch): (Element, HtmlInputElement) = (by_id(FORM)?, by_id(BOX)?);
    let button = first(&form, "button")?;
    let known = Cell::new(switch.default_checked());
    // A box that was moved before the island woke, or put back by the browser, is sent by the button alone: consent is
    // never guessed.
    hide(&button, switch.checked() == known.get());
    let sharing = Rc::new(Sharing { form, switch, button, known, sending: Cell::new(false) });
    let this = sharing.clone();
    listen(&sharing.switch, "change", move |_| {
        // While a call is on its way, a further move waits: `send` looks at the box again when the answer is there.
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
    /// Sends what the box says until the server knows it.
    async fn send(&self) {
        while self.switch.checked() != self.known.get() {
            let shared = if self.switch.checked() { "on" } else { "" };
            match share_vault(SharingForm { shared: shared.to_owned() }).await {
                Ok(now) => {
                    self.known.set(now.shared);
                    hide(&self.button, true);
                    self.say(&attribute(&self.form, if now.shared { ON } else { OFF }));
                }
                Err(refusal) => {
                    self.switch.set_checked(self.known.get());
                    hide(&self.button, false);
                    let sentence = refusal.sentences.into_iter().next();
                    self.say(&sentence.unwrap_or_else(|| attribute(&self.form, FAILED)));
                }
            }
        }
    }

    fn say(&self, sentence: &str) {
        if let Some(line) = first(&self.form, "[role=status]") {
            line.set_text_content(Some(sentence));
        }
    }
}
