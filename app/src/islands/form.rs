//! Sends any form without leaving its page: the form itself is the server's, this island listens to it from beside.
//!
//! The form stays a plain one. Where no script runs, or as soon as something fails here, the browser sends it as it is.

mod page;

use crate::actions::{Refusal, Why};
use domain::{
    forms::{FieldCode, live::check},
    time::CivilDate,
};
use leptos::{
    prelude::*,
    server_fn::{
        client::{Client, browser::BrowserClient},
        error::FromServerFnError,
        request::{ClientReq, browser::BrowserRequest},
        response::ClientRes,
    },
    task::spawn_local,
    wasm_bindgen::{JsCast, prelude::Closure},
    web_sys,
};
use page::FormOnPage;
use serde::{Deserialize, Serialize};
use std::{cell::Cell, rc::Rc};
use web_sys::{BeforeUnloadEvent, Event, EventTarget, HtmlElement, SubmitEvent};

/// The sentences that the island says by itself; what the server refuses comes with its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FormTexts {
    /// The form is on its way.
    pub sending: String,
    /// The server was not reached, or answered something that is no answer.
    pub cut: String,
    /// The heading of the summary.
    pub title: String,
    /// Its heading when it asks a question in place of a reproach.
    pub ask_title: String,
    /// What can be done about that question.
    pub ask_text: String,
}

/// What the fields of a form are checked by while they are filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checks {
    /// The word of the form, by which its rules are known.
    pub kind: String,
    /// The day it is, as ISO text.
    pub today: String,
    /// Not the name of a person.
    pub name: String,
    /// Not an address.
    pub email: String,
    /// Not a telephone number.
    pub phone: String,
    /// No day of the calendar.
    pub day: String,
    /// A day to come.
    pub not_born: String,
    /// A day too long ago.
    pub too_long_ago: String,
    /// Not a postal code.
    pub postal_code: String,
    /// Too many characters; `{max}` stands for the most.
    pub too_long: String,
}

impl Checks {
    /// What is wrong with `value` in the field `name`, if anything is.
    fn sentence(&self, name: &str, value: &str) -> Option<String> {
        let today: CivilDate = self.today.parse().ok()?;
        Some(match check(&self.kind, name, value, today)? {
            FieldCode::NotAName => self.name.clone(),
            FieldCode::NotAnEmail => self.email.clone(),
            FieldCode::NotAPhone => self.phone.clone(),
            FieldCode::NotADay => self.day.clone(),
            FieldCode::NotBornYet => self.not_born.clone(),
            FieldCode::BornTooLongAgo => self.too_long_ago.clone(),
            FieldCode::NotAPostalCode => self.postal_code.clone(),
            FieldCode::TooLong { max } => self.too_long.replace("{max}", &max.to_string()),
            _ => return None,
        })
    }
}

/// Sends the form `form` by calls. It stands where the summary of the form's errors goes, right after it.
#[island]
pub fn LiveForm(
    /// The id of the form.
    form: String,
    /// The address of the action's calls.
    call: String,
    /// How fields are checked while they are filled in; nothing where the server alone knows.
    checks: Option<Checks>,
    /// The sentences.
    texts: FormTexts,
) -> impl IntoView {
    let status = page::status_id(&form);
    let id = status.clone();
    Effect::new(move |_| {
        if let Some(page) = FormOnPage::find(&form, &id) {
            Live::take_over(page, call.clone(), checks.clone(), texts.clone());
        }
    });
    view! { <p class="sr" id=status aria-live="polite"></p> }
}

/// Who sends the form when it is submitted next.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// The island.
    Ready,
    /// Nobody: it is on its way.
    Sending,
    /// The browser: the island could not.
    GivenBack,
}

/// What became of a call.
enum Outcome {
    /// It is done, and this is the page to go to.
    Done(String),
    /// It was refused.
    Refused(Refusal),
    /// The server was not reached, or what answered is not the server.
    Broken,
}

struct Live {
    page: FormOnPage,
    call: String,
    checks: Option<Checks>,
    texts: FormTexts,
    phase: Cell<Phase>,
    /// What the form held when the page came: as long as nothing differs, nothing can be lost. Nothing for a form that
    /// came back with what was typed in it.
    untouched: Option<String>,
    /// Whether the page is left because the form was sent.
    leaving: Cell<bool>,
}

impl Live {
    fn take_over(page: FormOnPage, call: String, checks: Option<Checks>, texts: FormTexts) {
        let untouched = page.fields(None).filter(|_| !page.has_summary());
        let (phase, leaving) = (Cell::new(Phase::Ready), Cell::new(false));
        let live = Rc::new(Self { page, call, checks, texts, phase, untouched, leaving });
        let form = live.page.form.clone();
        let this = live.clone();
        listen(&form, "submit", move |event| this.submit(&event));
        let this = live.clone();
        listen(&form, "focusout", move |event| this.judge(&event, true));
        let this = live.clone();
        listen(&form, "input", move |event| {
            this.leaving.set(false);
            this.judge(&event, false);
        });
        let this = live.clone();
        listen(&window(), "beforeunload", move |event| this.ask_before_leaving(&event));
        // A page that the browser kept in memory comes back as it was left.
        listen(&window(), "pageshow", move |_| live.wake());
    }

    fn submit(self: &Rc<Self>, event: &Event) {
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        let button = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
        match self.phase.get() {
            Phase::GivenBack => self.leaving.set(true),
            Phase::Sending => event.prevent_default(),
            Phase::Ready => {
                // What cannot be read here is sent by the browser.
                let Some(body) = self.page.fields(button.as_ref()) else { return };
                event.prevent_default();
                self.phase.set(Phase::Sending);
                self.page.say(&self.texts.sending);
                let label = button.as_ref().map(|button| self.page.busy(button, &self.texts.sending));
                let this = self.clone();
                spawn_local(async move {
                    let outcome = post(&this.call, body).await;
                    if let (Some(button), Some(label)) = (&button, label) {
                        this.page.idle(button, &label);
                    }
                    this.page.say("");
                    this.end(outcome, button.as_ref());
                });
            }
        }
    }

    fn end(&self, outcome: Outcome, button: Option<&HtmlElement>) {
        match outcome {
            Outcome::Done(path) => {
                // The phase stays: whoever presses again before the next page is there sends nothing.
                self.leaving.set(true);
                page::go(&path);
            }
            Outcome::Refused(Refusal { why: Why::Fields(errors), sentences }) => {
                let too_old = errors.iter().any(|error| error.code == FieldCode::FormTooOld);
                if too_old || !self.page.has_fields_of(&errors) {
                    // The server's page has what this one lacks: a fresh form, or a question that the answers call for.
                    self.give_back();
                    self.page.send_plainly(button);
                    return;
                }
                self.phase.set(Phase::Ready);
                self.page.show_errors(&errors, &sentences, &self.texts);
            }
            Outcome::Refused(Refusal { sentences, .. }) => {
                self.phase.set(Phase::Ready);
                self.page.show_message(sentences.first().map_or(&self.texts.cut, |sentence| sentence));
            }
            Outcome::Broken => {
                // Without any network the browser would show its own page and lose what was typed: the island tries
                // again. With one, something here does not work, and the browser's own way may.
                if page::is_online() { self.give_back() } else { self.phase.set(Phase::Ready) }
                self.page.show_message(&self.texts.cut);
            }
        }
    }

    fn give_back(&self) {
        self.phase.set(Phase::GivenBack);
    }

    fn wake(&self) {
        if self.phase.get() == Phase::Sending && self.leaving.get() {
            self.phase.set(Phase::Ready);
        }
    }

    /// The browser asks, in its own words, before it leaves a form in which something was typed and not sent.
    fn ask_before_leaving(&self, event: &Event) {
        if !self.leaving.get() && self.page.fields(None) != self.untouched {
            event.prevent_default();
            if let Some(event) = event.dyn_ref::<BeforeUnloadEvent>() {
                // Browsers of 2023 and before ask only when this is set.
                event.set_return_value("?");
            }
        }
    }

    /// Looks at the field of `event`. While it is filled in, a mistake goes as soon as it is mended and none appears.
    fn judge(&self, event: &Event, left: bool) {
        let Some(checks) = &self.checks else { return };
        let said = self.page.judge(event, left, |name, value| checks.sentence(name, value));
        if left && self.phase.get() != Phase::Sending {
            self.page.say(&said.unwrap_or_default());
        }
    }
}

/// Posts a form's fields by the client of server functions: one function for all actions, since only a refusal is read.
async fn post(call: &str, body: String) -> Outcome {
    const FORM: &str = "application/x-www-form-urlencoded";
    let request: Result<BrowserRequest, Refusal> = BrowserRequest::try_new_post(call, FORM, "application/json", body);
    let Ok(request) = request else { return Outcome::Broken };
    let answer: Result<_, Refusal> = <BrowserClient as Client<Refusal>>::send(request).await;
    let Ok(answer) = answer else { return Outcome::Broken };
    let (status, location) = (ClientRes::<Refusal>::status(&answer), ClientRes::<Refusal>::location(&answer));
    if status == 200 {
        // Without the header this is the whole address of what answered.
        return if location.starts_with('/') { Outcome::Done(location) } else { Outcome::Broken };
    }
    let body: Result<_, Refusal> = answer.try_into_bytes().await;
    match body.map(Refusal::de) {
        Ok(refusal) if refusal.why != Why::Network => Outcome::Refused(refusal),
        _ => Outcome::Broken,
    }
}

/// Listens as long as the page lives.
fn listen(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener).into_js_value();
    // A browser that refuses a listener keeps the plain form.
    let _ = target.add_event_listener_with_callback(event, listener.unchecked_ref());
}
