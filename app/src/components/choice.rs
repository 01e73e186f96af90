//! Fields that offer something to choose from, and files.

use super::{
    form::{described_by, field_error, invalid},
    icon::{UPLOAD, icon},
};
use crate::texts::Texts;
use domain::forms::FieldErrors;
use leptos::prelude::*;

/// One of a list that is too long to be shown whole.
pub(crate) struct Select<'a> {
    /// Its name, which is its id too.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// A word of help under the label.
    pub(crate) hint: Option<&'static str>,
    /// What stands there while nothing is chosen.
    pub(crate) empty: &'static str,
    /// Values and what they are called.
    pub(crate) options: Vec<(&'static str, &'static str)>,
    /// What was chosen.
    pub(crate) value: &'a str,
}

impl Select<'_> {
    /// The field with its label, hint and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> impl IntoView + use<> {
        let Self { name, label, hint, empty, options, value } = self;
        let options: Vec<_> = options
            .into_iter()
            .map(|(option, text)| view! { <option value=option selected={option == value}>{text}</option> })
            .collect();
        view! {
            <div class="field">
                <label for=name>{label}</label>
                {hint.map(|hint| view! { <p class="hint" id=format!("{name}-aide")>{hint}</p> })}
                {field_error(texts, errors, name)}
                <select
                    id=name
                    name=name
                    required
                    aria-describedby=described_by(errors, name, hint.is_some())
                    aria-invalid=invalid(errors, name)
                >
                    <option value="">{empty}</option>
                    {options}
                </select>
            </div>
        }
    }
}

/// How many of a few choices may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// One: radio buttons.
    One,
    /// As many as wanted: boxes to tick.
    Several,
}

/// A few choices, all in sight, each a row to press.
pub(crate) struct Choices<'a> {
    /// Its name; its first choice has it as id, for the error summary.
    pub(crate) name: &'static str,
    /// What is asked.
    pub(crate) legend: &'static str,
    /// A word of help under it.
    pub(crate) hint: Option<&'static str>,
    /// One or several.
    pub(crate) take: Take,
    /// Values and what they are called.
    pub(crate) options: Vec<(&'static str, &'static str)>,
    /// What was chosen.
    pub(crate) chosen: &'a [&'a str],
}

impl Choices<'_> {
    /// The choices with their question, hint and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> impl IntoView + use<> {
        let Self { name, legend, hint, take, options, chosen } = self;
        let kind = match take {
            Take::One => "radio",
            Take::Several => "checkbox",
        };
        let rows: Vec<_> = options
            .into_iter()
            .enumerate()
            .map(|(at, (value, text))| {
                let id = if at == 0 { name.to_owned() } else { format!("{name}-{value}") };
                view! {
                    <label class="choice">
                        <input type=kind id=id name=name value=value checked=chosen.contains(&value)/>
                        <span>{text}</span>
                    </label>
                }
            })
            .collect();
        view! {
            <fieldset class="field" aria-describedby=described_by(errors, name, hint.is_some())>
                <legend>{legend}</legend>
                {hint.map(|hint| view! { <p class="hint" id=format!("{name}-aide")>{hint}</p> })}
                {field_error(texts, errors, name)}
                <div class="choices">{rows}</div>
            </fieldset>
        }
    }
}

/// Something that is on or off.
pub(crate) struct Switch {
    /// Its id, where an error leads to it.
    pub(crate) id: Option<&'static str>,
    /// Its name.
    pub(crate) name: &'static str,
    /// What is sent when it is on.
    pub(crate) value: String,
    /// Whether it is on.
    pub(crate) on: bool,
    /// What it is called.
    pub(crate) label: String,
    /// A line below.
    pub(crate) hint: String,
    /// The id of a text that says more.
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

/// Where files are dropped or chosen: the real input fills the box, so no script is needed.
pub(crate) fn file_drop(
    id: &'static str,
    name: &'static str,
    title: &'static str,
    hint: &'static str,
    accept: &'static str,
    described: &'static str,
    invalid: Option<&'static str>,
) -> impl IntoView {
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
