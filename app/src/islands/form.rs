//! Sends any form without leaving its page. The server renders the form; this island stands beside it and listens to
//! it.
//!
//! The form stays a plain one: where no script runs, or when something fails here, the browser sends it itself.
//!
//! The public pages have 64 KiB for all their WebAssembly, so two things are done by hand. The island reads what it
//! needs from attributes of the page instead of props, and the browser's own parser reads the answers. Reading either
//! as JSON in Rust would take 28 KiB.

mod answer;
pub(crate) mod marker;
mod page;

use super::dom::{is_online, listen};
use answer::{Outcome, Refused};
use domain::forms::live::{check, rule_of};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};
use marker::Marker;
use page::FormOnPage;
use std::{cell::Cell, rc::Rc};
use web_sys::{BeforeUnloadEvent, Event, EventTarget, HtmlElement, SubmitEvent};

/// Sends the form of the [`Marker`] around it by calls.
#[island]
pub fn LiveForm() -> impl IntoView {
    // The server renders the same view, but has no page to look at.
    if cfg!(target_arch = "wasm32") {
        take_over();
    }
    view! { <p class="sr" aria-live="polite"></p> }
}

/// Who sends the form at its next submission.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// The island sends it.
    Ready,
    /// Nobody sends it again, because it is being sent.
    Sending,
    /// The browser sends it, because the island could not.
    GivenBack,
}

struct Live {
    page: FormOnPage,
    marker: Marker,
    phase: Cell<Phase>,
    /// The values of the form when the page came. While they are the same, leaving the page loses nothing. There are
    /// none for a form that came back with the typed values.
    untouched: Option<String>,
    /// The title of the page when it came.
    title: String,
    /// Whether the page is left because the form was sent.
    leaving: Cell<bool>,
}

/// Listens to the form. When the page lacks a part that the island needs, the form stays plain.
fn take_over() -> Option<()> {
    let marker = Marker::take_next()?;
    let page = FormOnPage::find(&marker)?;
    let untouched = page.fields(None).filter(|_| !page.has_summary());
    let (phase, leaving) = (Cell::new(Phase::Ready), Cell::new(false));
    let live = Rc::new(Live { page, marker, phase, untouched, leaving, title: document().title() });
    let form: EventTarget = live.page.form.clone().into();
    let window: EventTarget = window().into();
    // `pageshow` tells about a page that the browser had kept in memory: it comes back in the state in which it was
    // left.
    for (target, name) in
        [(&form, "submit"), (&form, "focusout"), (&form, "input"), (&window, "beforeunload"), (&window, "pageshow")]
    {
        let live = live.clone();
        listen(target, name, move |event| live.hear(name, &event));
    }
    Some(())
}

impl Live {
    fn hear(self: &Rc<Self>, name: &str, event: &Event) {
        match name {
            "submit" => self.submit(event),
            "focusout" => self.judge(event, true),
            "input" => {
                if self.phase.get() != Phase::Sending {
                    self.leaving.set(false);
                }
                self.judge(event, false);
            }
            "beforeunload" => self.ask_before_leaving(event),
            _ => self.wake(),
        }
    }

    fn submit(self: &Rc<Self>, event: &Event) {
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
        match self.phase.get() {
            Phase::GivenBack => self.leaving.set(true),
            Phase::Sending => event.prevent_default(),
            Phase::Ready => {
                // Values that the island cannot read are sent by the browser.
                let Some(body) = self.page.fields(button.as_ref()) else { return };
                event.prevent_default();
                self.phase.set(Phase::Sending);
                let sending = self.marker.sending();
                self.marker.say(&sending);
                let label = button.as_ref().map(|button| page::busy(button, &sending));
                let this = self.clone();
                spawn_local(async move {
                    let outcome = answer::post(&this.marker.call(), body).await;
                    if let (Some(button), Some(label)) = (&button, label) {
                        page::idle(button, &label);
                    }
                    this.marker.say("");
                    this.end(outcome, button.as_ref());
                });
            }
        }
    }

    fn end(&self, outcome: Outcome, button: Option<&HtmlElement>) {
        match outcome {
            Outcome::Done(path) => {
                // The phase stays « sending », so that pressing again before the next page comes sends nothing.
                self.leaving.set(true);
                page::go(&path);
            }
            Outcome::Refused(Refused::Fields(errors, token)) => {
                if let Some(token) = token {
                    self.page.set_token(&token);
                }
                if errors.iter().all(|error| !error.needs_the_page && self.page.has_place_of(error)) {
                    self.phase.set(Phase::Ready);
                    // The title of a form that came back refused says so already.
                    if self.untouched.is_some() {
                        document().set_title(&self.marker.wrong(&self.title));
                    }
                    self.page.show_errors(&errors, &self.marker.title());
                } else {
                    self.phase.set(Phase::GivenBack);
                    self.page.send_plainly(button);
                }
            }
            Outcome::Refused(Refused::Port(sentence)) => {
                self.phase.set(Phase::Ready);
                self.page.show_message(&sentence);
            }
            Outcome::Broken => {
                // Without any network, the browser would show its own error page and lose the typed values, so the
                // island sends the form at the next press too. With a network, something fails here that may work when
                // the browser sends the form itself.
                self.phase.set(if is_online() { Phase::GivenBack } else { Phase::Ready });
                self.page.show_message(&self.marker.cut());
            }
        }
    }

    fn wake(&self) {
        if self.phase.get() == Phase::Sending && self.leaving.get() {
            self.phase.set(Phase::Ready);
        }
    }

    /// Makes the browser ask, with its own text, before it leaves a form whose typed values were not sent.
    fn ask_before_leaving(&self, event: &Event) {
        if !self.leaving.get() && self.page.fields(None) != self.untouched {
            event.prevent_default();
            if let Some(event) = event.dyn_ref::<BeforeUnloadEvent>() {
                // Browsers up to 2023 only ask when this value is set.
                event.set_return_value("?");
            }
        }
    }

    /// Checks the field of `event`. While the field is filled in, its error goes away as soon as the value is right,
    /// and no new error appears.
    fn judge(&self, event: &Event, left: bool) {
        let Some(checks) = self.marker.checks() else { return };
        let judged = |name: &str, value: &str| {
            let code = check(rule_of(&checks.rules, name)?, value, checks.today)?;
            self.marker.sentence(&code)
        };
        let said = self.page.judge(event, left, judged);
        if left && self.phase.get() != Phase::Sending {
            self.marker.say(&said.unwrap_or_default());
        }
    }
}
