//! A question with its answers in sight, and what a form is known by.

use super::form::{described_by, field_error};
use crate::texts::Texts;
use domain::{forms::FieldErrors, ids::SubmissionId};
use leptos::prelude::*;

/// What a form is known by, so that sent twice it counts once. A form shown again keeps its own.
pub(crate) fn submission(typed: &str, fresh: SubmissionId) -> impl IntoView + use<> {
    let id = typed.parse().unwrap_or(fresh);
    view! { <input type="hidden" name="submission" value=id.to_string()/> }
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

    #[test]
    fn a_form_shown_again_keeps_its_number() {
        let fresh: SubmissionId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let typed = "01890a5d-ac96-774b-bcce-b302099a8058";
        assert!(submission(typed, fresh).to_html().contains(typed));
        assert!(submission("\"><b>", fresh).to_html().contains(&fresh.to_string()));
    }
}
