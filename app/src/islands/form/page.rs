//! A form on the page: its fields, the errors beside them, the summary above them.

use super::{answer::Wrong, marker::Marker};
use crate::{
    fields::{Summary, SummaryLine, described_by, error_id, error_line, hint_id},
    islands::dom::{all, attribute, by_id, first, focus, target},
};
use leptos::{
    prelude::window,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, UrlSearchParams},
};

/// A form, and the element before which its summary is inserted.
pub(super) struct FormOnPage {
    pub(super) form: HtmlFormElement,
    place: Element,
}

impl FormOnPage {
    /// The form of `marker`.
    pub(super) fn find(marker: &Marker) -> Option<Self> {
        Some(Self { form: marker.form()?, place: marker.place().clone() })
    }

    /// The fields that the form would send, with the pressed button.
    pub(super) fn fields(&self, button: Option<&HtmlElement>) -> Option<String> {
        let data = FormData::new_with_form(&self.form).ok()?;
        if let Some(name) = button.and_then(|button| button.get_attribute("name")) {
            let value = button.map(|button| attribute(button, "value")).unwrap_or_default();
            data.append_with_str(&name, &value).ok()?;
        }
        let data = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        data.to_string().as_string()
    }

    /// Puts the token of the next submission into the form.
    pub(super) fn set_token(&self, token: &str) {
        if let Some(field) = first(&self.form, "[name=token]") {
            set(&field, "value", Some(token));
        }
    }

    /// Lets the browser send the form, as if there were no island.
    pub(super) fn send_plainly(&self, button: Option<&HtmlElement>) {
        // In a browser that does not know this function, the next press sends the form.
        let _ = self.form.request_submit_with_submitter(button);
    }

    /// Whether the form came back refused, with the typed values.
    pub(super) fn has_summary(&self) -> bool {
        self.summary().is_some()
    }

    fn summary(&self) -> Option<Element> {
        self.place.previous_element_sibling().filter(|before| before.class_list().contains("errors"))
    }

    /// Whether this page has a place to show the error.
    pub(super) fn has_place_of(&self, wrong: &Wrong) -> bool {
        wrong.field.is_empty() || self.field(&wrong.field).is_some()
    }

    /// The control with this name; the first one of several choices.
    fn field(&self, name: &str) -> Option<Element> {
        first(&self.form, &format!("[name=\"{name}\"]:not([type=hidden])"))
    }

    /// Shows each error beside its field, and all of them in the summary, which gets the focus.
    pub(super) fn show_errors(&self, errors: &[Wrong], title: &str) {
        self.clear_all();
        self.forget_passwords();
        let mut lines = Vec::new();
        for Wrong { field: name, sentence, .. } in errors {
            let (mut id, mut label) = (None, None);
            if let Some(field) = self.field(name) {
                // When a field has several errors, the first one is shown beside it.
                if by_id::<Element>(&error_id(name)).is_none() {
                    show(&field, name, sentence);
                }
                (id, label) = (Some(field.id()), self.label(&field));
            }
            lines.push(SummaryLine { field: id, label, sentence: sentence.clone() });
        }
        self.show_summary(&Summary { asks: false, title, lines: &lines, text: None });
    }

    /// Empties the password fields, as the server does on its page: a password is never shown again.
    fn forget_passwords(&self) {
        for field in all(&self.form, "input[type=password]") {
            field.unchecked_into::<HtmlInputElement>().set_value("");
        }
    }

    /// Shows one sentence above the form and gives it the focus.
    pub(super) fn show_message(&self, sentence: &str) {
        self.clear_all();
        self.show_summary(&Summary { asks: false, title: sentence, lines: &[], text: None });
    }

    fn show_summary(&self, summary: &Summary<'_>) {
        let _ = self.place.insert_adjacent_html("beforebegin", &summary.html());
        if let Some(summary) = self.summary() {
            focus(&summary);
        }
    }

    /// The name of a field: the text of its label or legend, without the note that says that it is optional.
    fn label(&self, field: &Element) -> Option<String> {
        let label = match question(field) {
            Some(question) => first(&question, "legend")?,
            None => first(&self.form, &format!("label[for=\"{}\"]", field.id()))?,
        };
        let words = label.first_child()?.text_content()?;
        Some(words.trim().to_owned()).filter(|words| !words.is_empty())
    }

    /// Removes the summary and every error beside a field.
    fn clear_all(&self) {
        if let Some(summary) = self.summary() {
            summary.remove();
        }
        for line in all(&self.form, "p.error[id$=-erreur]") {
            let id = line.id();
            let name = id.trim_end_matches("-erreur");
            line.remove();
            if let Some(field) = self.field(name) {
                mark(&field, name, false);
            }
        }
    }

    /// Checks the field of `event`. Before the field was `left`, an error can only disappear.
    pub(super) fn judge(
        &self,
        event: &Event,
        left: bool,
        check: impl FnOnce(&str, &str) -> Option<String>,
    ) -> Option<String> {
        let field = target(event)?;
        let name = field.get_attribute("name")?;
        let shown: Option<Element> = by_id(&error_id(&name));
        if !left && shown.is_none() {
            return None;
        }
        let value = FormData::new_with_form(&self.form).ok()?.get(&name).as_string()?;
        let sentence = check(&name, &value);
        if sentence.is_some() || !value.trim().is_empty() {
            if let Some(line) = shown {
                line.remove();
            }
            match &sentence {
                Some(sentence) => show(&field, &name, sentence),
                None => mark(&field, &name, false),
            }
        }
        // The check finds no error, but the value that the server asked for is still missing, so its sentence stays.
        sentence
    }
}

/// The group of choices of `field`, if it is a choice. Other fields in a group have their own label.
fn question(field: &Element) -> Option<Element> {
    let kind = field.get_attribute("type")?;
    if kind == "radio" || kind == "checkbox" { field.closest("fieldset.field").ok()? } else { None }
}

/// Shows a sentence where the server's page shows it: above the control, below the hint.
fn show(field: &Element, name: &str, sentence: &str) {
    let line = error_line(name, sentence);
    let _ = match question(field) {
        None => field.insert_adjacent_html("beforebegin", &line),
        Some(question) => {
            let hint = by_id(&hint_id(name));
            match hint.or_else(|| first(&question, "legend")) {
                Some(above) => above.insert_adjacent_html("afterend", &line),
                None => question.insert_adjacent_html("afterbegin", &line),
            }
        }
    };
    mark(field, name, true);
}

/// Tells screen readers which texts describe a field, and whether it is invalid.
fn mark(field: &Element, name: &str, wrong: bool) {
    let described = question(field);
    // A group of choices has no value of its own, so it cannot be marked as invalid.
    if described.is_none() {
        set(field, "aria-invalid", wrong.then_some("true"));
    }
    let hint = by_id::<Element>(&hint_id(name)).is_some();
    let ids = described_by(name, hint, wrong);
    set(described.as_ref().unwrap_or(field), "aria-describedby", ids.as_deref());
}

fn set(element: &Element, attribute: &str, value: Option<&str>) {
    // When a browser refuses an attribute, the sentence is still shown.
    let _ = match value {
        Some(value) => element.set_attribute(attribute, value),
        None => element.remove_attribute(attribute),
    };
}

/// Marks a button as busy and returns its text. The button keeps the focus, which it would lose if it were disabled.
pub(super) fn busy(button: &HtmlElement, text: &str) -> String {
    let label = button.inner_html();
    set(button, "aria-disabled", Some("true"));
    button.set_text_content(Some(text));
    label
}

/// Gives a button its text back.
pub(super) fn idle(button: &HtmlElement, label: &str) {
    set(button, "aria-disabled", None);
    button.set_inner_html(label);
}

/// Goes to `path`, a page of this site.
pub(super) fn go(path: &str) {
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    // To a place of the page that is shown already, the browser would only scroll.
    let path = match path.split_once('#') {
        Some((page, _)) if page == here => page,
        _ => path,
    };
    let _ = location.assign(path);
}
