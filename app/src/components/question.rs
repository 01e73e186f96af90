//! What forms for anybody have besides: fields that nobody has to fill in, and one that nobody sees.

use super::form::{described_by, escape, field_error, invalid};
use crate::texts::Texts;
use domain::{forms::FieldErrors, ids::SubmissionId};
use leptos::prelude::*;

/// A field that neither eyes, keyboard nor screen readers meet: whoever fills it in is a program.
pub(crate) fn trap(texts: Texts) -> impl IntoView {
    view! {
        <div class="sr" aria-hidden="true">
            <label for="website">{texts.public_form_trap()}</label>
            <input type="text" id="website" name="website" tabindex="-1" autocomplete="off"/>
        </div>
    }
}

/// What a form is known by, so that sent twice it counts once. A form shown again keeps its own.
pub(crate) fn submission(typed: &str, fresh: SubmissionId) -> impl IntoView + use<> {
    let id = typed.parse().unwrap_or(fresh);
    view! { <input type="hidden" name="submission" value=id.to_string()/> }
}

/// A one-line field that may stay empty.
pub(crate) struct Optional<'a> {
    /// Its name, which is its id too.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// The word that says it may stay empty.
    pub(crate) optional: &'static str,
    /// What the browser may fill in.
    pub(crate) autocomplete: &'static str,
    /// What was typed.
    pub(crate) value: &'a str,
}

impl Optional<'_> {
    /// The field with its label and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> impl IntoView + use<> {
        let Self { name, label, optional, autocomplete, value } = self;
        let value = (!value.is_empty()).then(|| value.to_owned());
        view! {
            <div class="field">
                <label for=name>{label}" "<span class="optional">{optional}</span></label>
                {field_error(texts, errors, name)}
                <input
                    type="text"
                    id=name
                    name=name
                    value=value
                    autocomplete=autocomplete
                    aria-describedby=described_by(errors, name, false)
                    aria-invalid=invalid(errors, name)
                />
            </div>
        }
    }
}

/// A field of several lines that may stay empty.
pub(crate) fn optional_text_area(
    texts: Texts,
    errors: &FieldErrors,
    name: &'static str,
    label: (&'static str, &'static str),
    hint: &'static str,
    value: &str,
) -> impl IntoView + use<> {
    let (label, optional) = label;
    view! {
        <div class="field">
            <label for=name>{label}" "<span class="optional">{optional}</span></label>
            <p class="hint" id=format!("{name}-aide")>{hint}</p>
            {field_error(texts, errors, name)}
            <textarea
                id=name
                name=name
                rows="5"
                aria-describedby=described_by(errors, name, true)
                aria-invalid=invalid(errors, name)
                inner_html=escape(value)
            ></textarea>
        </div>
    }
}

/// One answer of a question, all in sight, with a line that explains it.
pub(crate) struct Answer {
    /// What is sent.
    pub(crate) value: &'static str,
    /// What it is called.
    pub(crate) name: &'static str,
    /// What it means, where its name is not enough.
    pub(crate) text: Option<&'static str>,
}

/// A question with one answer among a few.
pub(crate) struct Question<'a> {
    /// Its name; its first answer has it as id, for the error summary.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) legend: &'static str,
    /// A word of help under it.
    pub(crate) hint: Option<&'static str>,
    /// Its look, after `field`.
    pub(crate) class: &'static str,
    /// Whether the browser insists on an answer.
    pub(crate) required: bool,
    /// What was chosen.
    pub(crate) chosen: &'a str,
}

impl Question<'_> {
    /// The question with its answers and its error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors, answers: Vec<Answer>) -> impl IntoView + use<> {
        let Self { name, legend, hint, class, required, chosen } = self;
        let rows: Vec<_> = answers
            .into_iter()
            .enumerate()
            .map(|(at, Answer { value, name: title, text })| {
                let id = if at == 0 { name.to_owned() } else { format!("{name}-{value}") };
                let text = text.map(|text| view! { <span class="hint">{text}</span> });
                view! {
                    <label class="choice">
                        <input type="radio" id=id name=name value=value required=required checked=value == chosen/>
                        <span><span>{title}</span>{text}</span>
                    </label>
                }
            })
            .collect();
        view! {
            <fieldset class=format!("field {class}") aria-describedby=described_by(errors, name, hint.is_some())>
                <legend>{legend}</legend>
                {hint.map(|hint| view! { <p class="hint" id=format!("{name}-aide")>{hint}</p> })}
                {field_error(texts, errors, name)}
                <div class="choices">{rows}</div>
            </fieldset>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn a_textarea_cannot_be_closed_from_within() {
        let texts = Texts::of(Language::Fr);
        let html = optional_text_area(texts, &FieldErrors::default(), "message", ("", ""), "", "</textarea><script>")
            .to_html();
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn a_form_shown_again_keeps_its_number() {
        let fresh: SubmissionId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let typed = "01890a5d-ac96-774b-bcce-b302099a8058";
        assert!(submission(typed, fresh).to_html().contains(typed));
        assert!(submission("\"><b>", fresh).to_html().contains(&fresh.to_string()));
    }
}
