//! The marker is the element around the island. It comes right after the place of the error summary, and its attributes
//! say what the island has to know: which form, where to send it, and which texts to show.

use crate::islands::dom::{attribute, by_id, first};
use domain::{forms::FieldCode, time::CivilDate};
use leptos::{
    prelude::document,
    web_sys::{Element, HtmlFormElement},
};

/// The id of the form. An island removes this attribute when it takes the form.
pub(crate) const FORM: &str = "data-live-form";
/// The address of the action's calls.
pub(crate) const CALL: &str = "data-call";
/// The rules of the fields that are checked while they are filled in; absent when only the server checks the form.
pub(crate) const CHECKS: &str = "data-checks";
/// Today's date, which some rules need.
pub(crate) const TODAY: &str = "data-today";
/// The text that says that the form is being sent.
pub(crate) const SENDING: &str = "data-sending";
/// The text that says that the server was not reached.
pub(crate) const CUT: &str = "data-cut";
/// The title of the page while the form has errors: the tab shows it and screen readers read it.
pub(crate) const WRONG: &str = "data-wrong";
/// The placeholder in [`WRONG`] for the title that the page came with.
pub(crate) const PAGE_TITLE: &str = "{title}";
/// The heading of the summary.
pub(crate) const TITLE: &str = "data-title";

/// The attribute with the sentence for `code`; none for errors that are not checked while a form is filled in.
pub(crate) fn sentence_attribute(code: &FieldCode) -> Option<&'static str> {
    Some(match code {
        FieldCode::NotAName => "data-not-a-name",
        FieldCode::NotAnEmail => "data-not-an-email",
        FieldCode::NotAPhone => "data-not-a-phone",
        FieldCode::NotADay => "data-not-a-day",
        FieldCode::NotBornYet => "data-not-born-yet",
        FieldCode::BornTooLongAgo => "data-born-too-long-ago",
        FieldCode::NotAPostalCode => "data-not-a-postal-code",
        FieldCode::TooLong { .. } => "data-too-long",
        _ => return None,
    })
}

/// The marker of one form.
pub(crate) struct Marker(Element);

/// What is needed to check fields.
pub(super) struct Checks {
    pub(super) rules: String,
    pub(super) today: CivilDate,
}

impl Marker {
    /// The first marker of the page that no island has taken: islands wake one after another, in the order of the page.
    pub(super) fn take_next() -> Option<Self> {
        document().query_selector(&format!("[{FORM}]")).ok()?.map(Self)
    }

    /// The form. Asking for it takes the marker, so that no other island gets the same form.
    pub(super) fn form(&self) -> Option<HtmlFormElement> {
        let form = by_id(&self.get(FORM));
        self.0.remove_attribute(FORM).ok()?;
        form
    }

    /// The element before which the summary is inserted.
    pub(super) fn place(&self) -> &Element {
        &self.0
    }

    fn get(&self, name: &str) -> String {
        attribute(&self.0, name)
    }

    pub(super) fn call(&self) -> String {
        self.get(CALL)
    }

    pub(super) fn sending(&self) -> String {
        self.get(SENDING)
    }

    pub(super) fn cut(&self) -> String {
        self.get(CUT)
    }

    /// The title of the page while the form has errors, made from the title that the page came with.
    pub(super) fn wrong(&self, page_title: &str) -> String {
        self.get(WRONG).replace(PAGE_TITLE, page_title)
    }

    pub(super) fn title(&self) -> String {
        self.get(TITLE)
    }

    pub(super) fn checks(&self) -> Option<Checks> {
        Some(Checks { rules: self.0.get_attribute(CHECKS)?, today: self.get(TODAY).parse().ok()? })
    }

    /// The sentence for an error of a field.
    pub(super) fn sentence(&self, code: &FieldCode) -> Option<String> {
        let sentence = self.0.get_attribute(sentence_attribute(code)?)?;
        Some(match code {
            FieldCode::TooLong { max } => sentence.replace("{max}", &max.to_string()),
            _ => sentence,
        })
    }

    /// Makes screen readers announce `text`, in the line inside the marker.
    pub(super) fn say(&self, text: &str) {
        if let Some(line) = first(&self.0, "p") {
            line.set_text_content(Some(text));
        }
    }
}
