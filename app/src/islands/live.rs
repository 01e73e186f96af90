//! Checks the fields of a public form as they are left, by the rules of the server, and says what is wrong beside them.

use domain::{forms::FieldCode, forms::live::check, time::CivilDate};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, prelude::Closure},
    web_sys,
};
use serde::{Deserialize, Serialize};
use web_sys::{Element, Event, FormData, HtmlFormElement};

/// The sentences of the island; `{max}` stands for a number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LiveTexts {
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
    /// Too many characters.
    pub too_long: String,
}

impl LiveTexts {
    fn sentence(&self, code: &FieldCode) -> Option<String> {
        Some(match code {
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

const TRIANGLE_ALERT: &str = include_str!("../../icons/triangle-alert.svg");

/// Listens to the form around it. Shows nothing itself: it says aloud what is wrong with the field just left.
#[island]
pub fn LiveChecks(
    /// The id of the form.
    form: String,
    /// Its word, by which its rules are known.
    kind: String,
    /// The day it is.
    today: String,
    /// The sentences.
    texts: LiveTexts,
) -> impl IntoView {
    let aloud = RwSignal::new(String::new());
    Effect::new(move |_| {
        let form = document().get_element_by_id(&form).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let (Some(form), Ok(today)) = (form, today.parse::<CivilDate>()) else { return };
        for (event, leaving) in [("focusout", true), ("input", false)] {
            let (kind, texts, watched) = (kind.clone(), texts.clone(), form.clone());
            listen(&form, event, move |event| {
                let said = judge(&watched, &kind, today, &texts, &event, leaving);
                if leaving {
                    aloud.set(said.unwrap_or_default());
                }
            });
        }
    });
    view! { <p class="sr" aria-live="polite">{move || aloud.get()}</p> }
}

/// Looks at the field of `event`. While typing, a mistake goes as soon as it is mended, and none appears.
fn judge(
    form: &HtmlFormElement,
    kind: &str,
    today: CivilDate,
    texts: &LiveTexts,
    event: &Event,
    leaving: bool,
) -> Option<String> {
    let field = event.target()?.dyn_into::<Element>().ok()?;
    let name = field.get_attribute("name")?;
    let shown = document().get_element_by_id(&format!("{name}-erreur"));
    if !leaving && shown.is_none() {
        return None;
    }
    let value = FormData::new_with_form(form).ok()?.get(&name).as_string()?;
    let sentence = check(kind, &name, &value, today).and_then(|code| texts.sentence(&code));
    match &sentence {
        Some(sentence) => show(&field, &name, sentence, shown),
        // What the server asked for is still missing.
        None if value.trim().is_empty() => None,
        None => clear(&field, &name, shown),
    };
    sentence
}

/// The sentence beside its field, as the server would have written it.
fn show(field: &Element, name: &str, sentence: &str, shown: Option<Element>) -> Option<()> {
    let line = match shown {
        Some(line) => line,
        None => {
            let line = document().create_element("p").ok()?;
            line.set_id(&format!("{name}-erreur"));
            line.set_class_name("error");
            let parent = field.parent_node()?;
            parent.insert_before(&line, Some(field)).ok()?;
            line
        }
    };
    let mark = document().create_element("span").ok()?;
    mark.set_class_name("i");
    mark.set_inner_html(TRIANGLE_ALERT);
    let words = document().create_element("span").ok()?;
    words.set_text_content(Some(sentence));
    line.set_text_content(None);
    line.append_child(&mark).ok()?;
    line.append_child(&words).ok()?;
    field.set_attribute("aria-invalid", "true").ok()?;
    describe(field, name, true)
}

fn clear(field: &Element, name: &str, shown: Option<Element>) -> Option<()> {
    shown?.remove();
    field.remove_attribute("aria-invalid").ok()?;
    describe(field, name, false)
}

/// The ids of what describes the field: its hint, and its error if there is one.
fn describe(field: &Element, name: &str, wrong: bool) -> Option<()> {
    let hint = format!("{name}-aide");
    let mut ids = Vec::new();
    if document().get_element_by_id(&hint).is_some() {
        ids.push(hint);
    }
    if wrong {
        ids.push(format!("{name}-erreur"));
    }
    if ids.is_empty() {
        field.remove_attribute("aria-describedby").ok()
    } else {
        field.set_attribute("aria-describedby", &ids.join(" ")).ok()
    }
}

/// Listens as long as the page lives.
fn listen(form: &HtmlFormElement, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener).into_js_value();
    // A browser that refuses a listener keeps the plain form.
    let _ = form.add_event_listener_with_callback(event, listener.unchecked_ref());
}
