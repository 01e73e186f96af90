//! The fields of every form. Each has a label, maybe a hint, its error and its control.
//!
//! A page describes a field and then views it: `line("email", …).kind("email").hint(…).view(texts, &errors)`. The error
//! stands between the label and the control, so that it is read before typing and stays in sight under strong zoom.

use super::{
    form::sentence,
    icon::{UPLOAD, icon},
};
use crate::{
    fields::{described_by, error_line, escape, hint_id},
    texts::Texts,
};
use domain::forms::FieldErrors;
use leptos::{prelude::*, tachys::html::InertElement};
use std::borrow::Cow;

/// Whether a field may stay empty.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// It may not, and the browser checks that too.
    Always,
    /// It depends on another field. Browsers cannot know that, so only the server checks it.
    Sometimes,
    /// It may, and its label says so.
    Never,
}

/// A field with its control `C`: [`Line`], [`Text`], [`List`] or [`Choices`].
pub(crate) struct Field<C> {
    name: &'static str,
    label: &'static str,
    hint: Option<Cow<'static, str>>,
    need: Need,
    class: &'static str,
    control: C,
}

impl<C> Field<C> {
    const fn new(name: &'static str, label: &'static str, control: C) -> Self {
        Self { name, label, hint: None, need: Need::Always, class: "", control }
    }

    /// The same field with a hint under its label.
    pub(crate) fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same field, which may stay empty; its label says so.
    pub(crate) fn optional(mut self) -> Self {
        self.need = Need::Never;
        self
    }

    /// The same field, which only some answers to another field need.
    pub(crate) fn needed_sometimes(mut self) -> Self {
        self.need = Need::Sometimes;
        self
    }

    /// The same field with a CSS class: on the control of one line, or on the whole group of choices.
    pub(crate) fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    fn required(&self) -> bool {
        self.need == Need::Always
    }

    fn described_by(&self, errors: &FieldErrors) -> Option<String> {
        described_by(self.name, self.hint.is_some(), errors.of(self.name).is_some())
    }

    fn caption(&self, texts: Texts) -> AnyView {
        let optional =
            (self.need == Need::Never).then(|| view! { " "<span class="optional">{texts.forms_optional()}</span> });
        view! { {self.label}{optional} }.into_any()
    }

    fn help(&self) -> Option<AnyView> {
        let id = hint_id(self.name);
        self.hint.clone().map(|hint| view! { <p class="hint" id=id>{hint}</p> }.into_any())
    }

    /// The field around its control, which the label names.
    fn around(&self, texts: Texts, errors: &FieldErrors, control: impl IntoView) -> AnyView {
        view! {
            <div class="field">
                <label for=self.name>{self.caption(texts)}</label>
                {self.help()}
                {field_error(texts, errors, self.name)}
                {control}
            </div>
        }
        .into_any()
    }
}

/// The line with the error of a field, if it has one.
pub(crate) fn field_error(texts: Texts, errors: &FieldErrors, field: &str) -> Option<InertElement> {
    errors.of(field).map(|code| InertElement::new(error_line(field, &sentence(texts, code))))
}

/// « true » on a field that has an error.
pub(crate) fn invalid(errors: &FieldErrors, field: &str) -> Option<&'static str> {
    errors.of(field).map(|_| "true")
}

/// The control of a single line of text.
pub(crate) struct Line<'a> {
    kind: &'static str,
    autocomplete: &'static str,
    inputmode: Option<&'static str>,
    autocapitalize: &'static str,
    value: &'a str,
}

/// A field of one line. Never give it a password as `value`.
pub(crate) const fn line<'a>(name: &'static str, label: &'static str, value: &'a str) -> Field<Line<'a>> {
    let control = Line { kind: "text", autocomplete: "off", inputmode: None, autocapitalize: "none", value };
    Field::new(name, label, control)
}

impl Field<Line<'_>> {
    /// The same field of another type: `email`, `tel`, `password`, `date`.
    pub(crate) fn kind(mut self, kind: &'static str) -> Self {
        self.control.kind = kind;
        self
    }

    /// The same field, which the browser may fill in.
    pub(crate) fn autocomplete(mut self, token: &'static str) -> Self {
        self.control.autocomplete = token;
        self
    }

    /// The same field with another keyboard on phones, such as `numeric`.
    pub(crate) fn inputmode(mut self, mode: &'static str) -> Self {
        self.control.inputmode = Some(mode);
        self
    }

    /// The same field for a name: a phone's keyboard begins each word with a capital.
    pub(crate) fn capitalised(mut self) -> Self {
        self.control.autocapitalize = "words";
        self
    }

    /// The field with its label, hint and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> AnyView {
        let Line { kind, autocomplete, inputmode, autocapitalize, value } = self.control;
        let value = (!value.is_empty()).then(|| value.to_owned());
        let control = view! {
            <input
                type=kind
                id=self.name
                name=self.name
                class=(!self.class.is_empty()).then_some(self.class)
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                autocapitalize=autocapitalize
                spellcheck="false"
                required=self.required()
                aria-describedby=self.described_by(errors)
                aria-invalid=invalid(errors, self.name)
            />
        };
        self.around(texts, errors, control)
    }
}

/// The control of several lines of text.
pub(crate) struct Text<'a> {
    rows: u8,
    value: &'a str,
}

/// A field of several lines.
pub(crate) const fn text<'a>(name: &'static str, label: &'static str, value: &'a str) -> Field<Text<'a>> {
    Field::new(name, label, Text { rows: 5, value })
}

impl Field<Text<'_>> {
    /// The same field that shows `rows` lines.
    pub(crate) fn rows(mut self, rows: u8) -> Self {
        self.control.rows = rows;
        self
    }

    /// The field with its label, hint and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> AnyView {
        // Leptos 0.8 does not escape the content of a text area. HTML drops the first line break, so that one is added.
        let value = format!("\n{}", escape(self.control.value));
        let control = view! {
            <textarea
                id=self.name
                name=self.name
                rows=self.control.rows.to_string()
                required=self.required()
                aria-describedby=self.described_by(errors)
                aria-invalid=invalid(errors, self.name)
                inner_html=value
            ></textarea>
        };
        self.around(texts, errors, control)
    }
}

/// One answer to choose: the value that is sent, its label, and a hint where the label is not enough.
pub(crate) struct Choice {
    value: Cow<'static, str>,
    label: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
}

impl Choice {
    /// An answer that needs no hint.
    pub(crate) fn new(value: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// The same answer with a hint.
    pub(crate) fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A control for one answer of a long list.
pub(crate) struct List<'a> {
    empty: Option<&'static str>,
    choices: Vec<Choice>,
    chosen: &'a str,
}

/// A field with a list to choose from.
pub(crate) fn list<'a>(
    name: &'static str,
    label: &'static str,
    choices: impl IntoIterator<Item = Choice>,
    chosen: &'a str,
) -> Field<List<'a>> {
    Field::new(name, label, List { empty: None, choices: choices.into_iter().collect(), chosen })
}

impl Field<List<'_>> {
    /// The same list with another text where nothing is chosen yet.
    pub(crate) fn empty(mut self, words: &'static str) -> Self {
        self.control.empty = Some(words);
        self
    }

    /// The field with its label, hint and error.
    pub(crate) fn view(mut self, texts: Texts, errors: &FieldErrors) -> AnyView {
        let options = options(std::mem::take(&mut self.control.choices), self.control.chosen);
        let control = view! {
            <select
                id=self.name
                name=self.name
                required=self.required()
                aria-describedby=self.described_by(errors)
                aria-invalid=invalid(errors, self.name)
            >
                <option value="">{self.control.empty.unwrap_or(texts.forms_choose())}</option>
                {options}
            </select>
        };
        self.around(texts, errors, control)
    }
}

/// The options of a `<select>`.
pub(crate) fn options(choices: impl IntoIterator<Item = Choice>, chosen: &str) -> Vec<AnyView> {
    let option = |choice: Choice| {
        let selected = choice.value == chosen;
        view! { <option value=choice.value selected=selected>{choice.label}</option> }.into_any()
    };
    choices.into_iter().map(option).collect()
}

/// A control that shows all its answers, each on its own row.
pub(crate) struct Choices<'a> {
    kind: &'static str,
    choices: Vec<Choice>,
    chosen: &'a [&'a str],
}

/// A question with one answer out of a few.
pub(crate) fn one_of<'a>(
    name: &'static str,
    legend: &'static str,
    choices: impl IntoIterator<Item = Choice>,
    chosen: &'a [&'a str],
) -> Field<Choices<'a>> {
    Field::new(name, legend, Choices { kind: "radio", choices: choices.into_iter().collect(), chosen })
}

/// A question with any number of answers.
pub(crate) fn some_of<'a>(
    name: &'static str,
    legend: &'static str,
    choices: impl IntoIterator<Item = Choice>,
    chosen: &'a [&'a str],
) -> Field<Choices<'a>> {
    let field = Field::new(name, legend, Choices { kind: "checkbox", choices: choices.into_iter().collect(), chosen });
    // On a check box, `required` would ask for that very box.
    field.needed_sometimes()
}

impl Field<Choices<'_>> {
    /// The question with its answers, its hint and its error. The id of the first answer is the name of the field,
    /// because the summary leads there.
    pub(crate) fn view(mut self, texts: Texts, errors: &FieldErrors) -> AnyView {
        let required = self.required();
        let (name, kind, chosen) = (self.name, self.control.kind, self.control.chosen);
        let rows: Vec<_> = std::mem::take(&mut self.control.choices)
            .into_iter()
            .enumerate()
            .map(|(at, Choice { value, label, hint })| {
                let id = if at == 0 { name.to_owned() } else { format!("{name}-{value}") };
                let checked = chosen.contains(&&*value);
                let hint = hint.map(|hint| view! { <span class="hint">{hint}</span> });
                view! {
                    <label class="choice">
                        <input type=kind id=id name=name value=value required=required checked=checked/>
                        <span><span>{label}</span>{hint}</span>
                    </label>
                }
            })
            .collect();
        view! {
            <fieldset class=format!("field {}", self.class).trim_end().to_owned() aria-describedby=self.described_by(errors)>
                <legend>{self.caption(texts)}</legend>
                {self.help()}
                {field_error(texts, errors, name)}
                <div class="choices">{rows}</div>
            </fieldset>
        }
        .into_any()
    }
}

/// A control that is on or off.
pub(crate) struct Switch {
    /// The id, when an error leads to the switch.
    pub(crate) id: Option<&'static str>,
    /// The name of the field.
    pub(crate) name: &'static str,
    /// The value that is sent when it is on.
    pub(crate) value: String,
    /// Whether it is on.
    pub(crate) on: bool,
    /// The label.
    pub(crate) label: String,
    /// The line below the label.
    pub(crate) hint: String,
    /// The id of another text that describes the switch.
    pub(crate) described: Option<&'static str>,
}

impl Switch {
    /// The switch.
    pub(crate) fn view(self) -> impl IntoView {
        let Self { id, name, value, on, label, hint, described } = self;
        view! {
            <label class="switch">
                <input type="checkbox" id=id name=name value=value checked=on aria-describedby=described/>
                <span><strong>{label}</strong><span class="hint">{hint}</span></span>
            </label>
        }
    }
}

/// The control for files, which can be dropped or chosen. The real file input fills the box, so no script is needed.
pub(crate) fn file_drop(
    id: &'static str,
    name: &'static str,
    title: &'static str,
    hint: impl Into<Cow<'static, str>>,
    accept: &'static str,
    described: &'static str,
    invalid: Option<&'static str>,
) -> impl IntoView {
    let hint = hint.into();
    view! {
        <div class="drop">
            <label for=id>
                {icon(UPLOAD)}
                <strong>{title}</strong>
                <span class="hint">{hint}</span>
            </label>
            <input
                type="file"
                id=id
                name=name
                multiple
                accept=accept
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;
    use domain::forms::FieldCode;

    const TEXTS: Texts = Texts::of(Language::Fr);

    fn html(view: impl IntoView) -> String {
        view.into_any().to_html().replace("<!>", "")
    }

    #[test]
    fn the_content_of_a_text_area_cannot_close_it() {
        let html =
            html(text("message", "", "</textarea><script>alert(1)</script>").view(TEXTS, &FieldErrors::default()));
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains(">\n&lt;/textarea&gt;&lt;script&gt;"), "{html}");
    }

    #[test]
    fn a_value_cannot_end_its_attribute() {
        let html = html(line("a", "A", "\"><script>").view(TEXTS, &FieldErrors::default()));
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn a_field_has_the_attributes_that_help_to_fill_it_in() {
        let field = line("email", "Mail", "").kind("email").inputmode("email").autocomplete("email").class("short");
        let html = html(field.view(TEXTS, &FieldErrors::default()));
        for part in ["type=\"email\"", "inputmode=\"email\"", "autocomplete=\"email\"", "class=\"short\""] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(html.contains(" required") && html.contains("autocapitalize=\"none\""), "{html}");
        assert!(!html.contains("aria-") && !html.contains("value="), "{html}");
        let name = html_of_name();
        assert!(name.contains("autocapitalize=\"words\"") && !name.contains(" required"), "{name}");
        assert!(name.contains("<span class=\"optional\">"), "{name}");
    }

    fn html_of_name() -> String {
        html(line("name", "Nom", "").capitalised().optional().view(TEXTS, &FieldErrors::default()))
    }

    /// For every control, the server and the island write the same bytes for an error.
    #[test]
    fn the_server_writes_an_error_with_the_code_of_the_island() {
        let mut errors = FieldErrors::default();
        for field in ["line", "text", "list", "one", "some"] {
            errors.push(field, FieldCode::Required);
        }
        let choices = || [Choice::new("a", "A"), Choice::new("b", "B").hint("Deux")];
        for (name, html, hint) in [
            ("line", html(line("line", "L", "").hint("Aide").view(TEXTS, &errors)), true),
            ("text", html(text("text", "L", "").hint("Aide").view(TEXTS, &errors)), true),
            ("list", html(list("list", "L", choices(), "").view(TEXTS, &errors)), false),
            ("one", html(one_of("one", "L", choices(), &[]).view(TEXTS, &errors)), false),
            ("some", html(some_of("some", "L", choices(), &["b"]).hint("Aide").view(TEXTS, &errors)), true),
        ] {
            assert!(html.contains(&error_line(name, TEXTS.error_required())), "{html}");
            let described = described_by(name, hint, true).unwrap();
            assert!(html.contains(&format!("aria-describedby=\"{described}\"")), "{html}");
            assert_eq!(html.contains(&format!("id=\"{}\"", hint_id(name))), hint, "{html}");
            let group = html.starts_with("<fieldset");
            assert_eq!(html.contains("aria-invalid=\"true\""), !group, "a group is described, not invalid: {html}");
        }
    }

    #[test]
    fn a_form_shown_again_keeps_the_chosen_answers() {
        let choices = || [Choice::new("a", "A"), Choice::new("b", "B")];
        let none = FieldErrors::default();
        let list = html(list("list", "L", choices(), "b").view(TEXTS, &none));
        assert!(list.contains("<option value=\"b\" selected>"), "{list}");
        let one = html(one_of("one", "L", choices(), &["b"]).view(TEXTS, &none));
        assert!(one.contains("id=\"one-b\" name=\"one\" value=\"b\" required checked"), "{one}");
        assert!(one.contains("id=\"one\" name=\"one\" value=\"a\" required>"), "{one}");
        let some = html(some_of("some", "L", choices(), &["a", "b"]).view(TEXTS, &none));
        assert!(some.matches(" checked").count() == 2 && !some.contains(" required"), "{some}");
    }
}
