//! The sharing switch of a vault (V5): it acts as soon as it is moved.
//!
//! The form around it is the server's. This island listens to its box, calls [`share_vault`], and hides the button that
//! is not needed any more. When the call fails, the box goes back to what the server knows and the button comes back.

use crate::actions::vault::share_vault;
use domain::forms::vault::SharingForm;
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, prelude::Closure},
    web_sys::{Element, HtmlInputElement},
};

/// The id of the box.
pub(crate) const BOX: &str = "shared";
/// The class of the button that sends the form without a script.
pub(crate) const BUTTON: &str = "sharing-submit";

/// Sends the sharing switch when it is moved.
#[island]
pub fn SharingSwitch(
    /// « Attached staff may read now. »
    on: String,
    /// « Attached staff may not read any more. »
    off: String,
    /// « It was not saved. »
    failed: String,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        let page = document();
        let switch = page.get_element_by_id(BOX).and_then(|found| found.dyn_into::<HtmlInputElement>().ok());
        let button = page.query_selector(&format!(".{BUTTON}")).ok().flatten();
        let (Some(switch), Some(button)) = (switch, button) else { return };
        hide(&button, true);
        let (box_, texts) = (switch.clone(), [on.clone(), off.clone(), failed.clone()]);
        let listener = Closure::<dyn FnMut()>::new(move || {
            let (switch, button, texts) = (box_.clone(), button.clone(), texts.clone());
            // A second move waits until the first has its answer.
            switch.set_disabled(true);
            spawn_local(async move {
                let wanted = switch.checked();
                let form = SharingForm { shared: if wanted { "on".to_owned() } else { String::new() } };
                let [on, off, failed] = texts;
                match share_vault(form).await {
                    Ok(now) => {
                        switch.set_checked(now.shared);
                        said.set(if now.shared { on } else { off });
                    }
                    Err(refusal) => {
                        switch.set_checked(!wanted);
                        hide(&button, false);
                        said.set(refusal.sentences.into_iter().next().unwrap_or(failed));
                    }
                }
                switch.set_disabled(false);
                let _ = switch.focus();
            });
        });
        let _ = switch.add_event_listener_with_callback("change", listener.into_js_value().unchecked_ref());
    });
    view! { <p role="status">{move || said.get()}</p> }
}

fn hide(button: &Element, hidden: bool) {
    let _ = if hidden { button.set_attribute("hidden", "") } else { button.remove_attribute("hidden") };
}
