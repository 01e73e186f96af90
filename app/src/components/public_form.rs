//! What the public forms have in common: their fields, the question of the guard, what happens next.

use super::{
    form::{described_by, error_summary, escape, field_error, hidden_token, invalid, sentence, token_of},
    icon::{CIRCLE_CHECK, HEART_PULSE, icon},
    message::{Tone, message_with},
    notice::notice,
};
use crate::{
    components::format,
    islands::live::{LiveChecks, LiveTexts},
    page::Page,
    texts::Texts,
};
use domain::{
    error::PortResult,
    forms::{FieldErrors, public::PublicForm},
    requests::RequestKind,
    time::CivilDate,
};
use leptos::prelude::*;

/// A field of one line.
pub(crate) struct Line<'a> {
    /// Its name, which is its id too.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// A word of help under the label.
    pub(crate) hint: Option<&'static str>,
    /// `text`, `email`, `tel`.
    pub(crate) kind: &'static str,
    /// What the browser may fill in.
    pub(crate) autocomplete: &'static str,
    /// `numeric` for digits.
    pub(crate) inputmode: Option<&'static str>,
    /// Whether it may stay empty; its label says so.
    pub(crate) optional: bool,
    /// Its look, when it is not a plain one.
    pub(crate) class: Option<&'static str>,
    /// What was typed.
    pub(crate) value: &'a str,
}

impl<'a> Line<'a> {
    /// A text that has to be there.
    pub(crate) const fn text(
        name: &'static str,
        label: &'static str,
        autocomplete: &'static str,
        value: &'a str,
    ) -> Self {
        Self {
            name,
            label,
            hint: None,
            kind: "text",
            autocomplete,
            inputmode: None,
            optional: false,
            class: None,
            value,
        }
    }

    /// The field with its label, hint and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> impl IntoView + use<> {
        let Self { name, label, hint, kind, autocomplete, inputmode, optional, class, value } = self;
        let value = (!value.is_empty()).then(|| value.to_owned());
        let names = kind == "text" && inputmode.is_none();
        view! {
            <div class="field">
                <label for=name>{label}{optional.then(|| self::optional(texts))}</label>
                {hint.map(|hint| view! { <p class="hint" id=format!("{name}-aide")>{hint}</p> })}
                {field_error(texts, errors, name)}
                <input
                    type=kind
                    id=name
                    name=name
                    class=class
                    value=value
                    autocomplete=autocomplete
                    inputmode=inputmode
                    autocapitalize=if names { "words" } else { "none" }
                    spellcheck="false"
                    required=!optional
                    aria-describedby=described_by(errors, name, hint.is_some())
                    aria-invalid=invalid(errors, name)
                />
            </div>
        }
    }
}

/// A first and a last name.
pub(crate) fn names(texts: Texts, errors: &FieldErrors, first: &str, last: &str) -> impl IntoView + use<> {
    view! {
        {Line::text("first_name", texts.forms_first_name(), "given-name", first).view(texts, errors)}
        {Line::text("last_name", texts.forms_last_name(), "family-name", last).view(texts, errors)}
    }
}

/// The day somebody was born.
pub(crate) fn birth_date(texts: Texts, errors: &FieldErrors, value: &str) -> impl IntoView + use<> {
    let line = Line {
        inputmode: Some("numeric"),
        hint: Some(texts.forms_birth_date_hint()),
        class: Some("short"),
        ..Line::text("birth_date", texts.forms_birth_date(), "bday", value)
    };
    line.view(texts, errors)
}

/// A telephone number.
pub(crate) fn phone(texts: Texts, errors: &FieldErrors, value: &str) -> impl IntoView + use<> {
    let line = Line {
        kind: "tel",
        inputmode: Some("tel"),
        hint: Some(texts.forms_phone_hint()),
        class: Some("short"),
        ..Line::text("phone", texts.forms_phone(), "tel", value)
    };
    line.view(texts, errors)
}

/// A mail address.
pub(crate) fn email(
    texts: Texts,
    errors: &FieldErrors,
    hint: Option<&'static str>,
    optional: bool,
    value: &str,
) -> impl IntoView + use<> {
    let line = Line {
        kind: "email",
        inputmode: Some("email"),
        hint,
        optional,
        ..Line::text("email", texts.forms_email(), "email", value)
    };
    line.view(texts, errors)
}

fn optional(texts: Texts) -> impl IntoView {
    view! { " "<span class="optional">{texts.forms_optional()}</span> }
}

/// A field of several lines.
pub(crate) struct Lines<'a> {
    /// Its name, which is its id too.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// A word of help under the label.
    pub(crate) hint: &'static str,
    /// How many lines it shows.
    pub(crate) rows: u8,
    /// Whether it may stay empty; its label says so.
    pub(crate) optional: bool,
    /// What was typed.
    pub(crate) value: &'a str,
}

impl Lines<'_> {
    /// The field with its label, hint and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> impl IntoView + use<> {
        let Self { name, label, hint, rows, optional, value } = self;
        view! {
            <div class="field">
                <label for=name>{label}{optional.then(|| self::optional(texts))}</label>
                <p class="hint" id=format!("{name}-aide")>{hint}</p>
                {field_error(texts, errors, name)}
                <textarea
                    id=name
                    name=name
                    rows=rows.to_string()
                    required=!optional
                    aria-describedby=described_by(errors, name, true)
                    aria-invalid=invalid(errors, name)
                    inner_html=escape(value)
                ></textarea>
            </div>
        }
    }
}

/// A choice in a list that is made as the page is; `options` are values and what they are called.
pub(crate) fn choice(
    texts: Texts,
    errors: &FieldErrors,
    (name, label, hint): (&'static str, &'static str, Option<&'static str>),
    options: Vec<(String, String)>,
    chosen: &str,
) -> impl IntoView + use<> {
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
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
                <option value="">{texts.forms_choose()}</option>
                {options}
            </select>
        </div>
    }
}

/// A few choices in sight, one to be taken; the first has the name as id, for the error summary.
pub(crate) fn radios(
    texts: Texts,
    errors: &FieldErrors,
    (name, legend, hint): (&'static str, &'static str, Option<&'static str>),
    options: Vec<(String, String, Option<String>)>,
    chosen: &str,
) -> impl IntoView + use<> {
    let options: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(at, (value, text, more))| {
            let id = if at == 0 { name.to_owned() } else { format!("{name}-{at}") };
            let checked = value == chosen;
            view! {
                <label class="choice">
                    <input type="radio" id=id name=name value=value checked=checked required/>
                    <span>{text}{more.map(|more| view! { <span class="hint">{more}</span> })}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field" aria-describedby=described_by(errors, name, hint.is_some())>
            <legend>{legend}</legend>
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-aide")>{hint}</p> })}
            {field_error(texts, errors, name)}
            <div class="choices">{options}</div>
        </fieldset>
    }
}

/// A token for a form that is shown: the one it came back with, or a new one.
pub(crate) fn token<F: PublicForm>(page: &Page, form: &F) -> PortResult<String> {
    token_of(page, F::FORM, form.token())
}

/// What no one sees: the token, and the trap.
pub(crate) fn defences(texts: Texts, token: String) -> impl IntoView {
    view! {
        {hidden_token(token)}
        {trap(texts)}
    }
}

/// A field that neither eyes, keyboard nor screen readers meet: whoever fills it in is a program.
fn trap(texts: Texts) -> impl IntoView {
    view! {
        <div class="trap" aria-hidden="true">
            <label for="website">{texts.forms_trap()}</label>
            <input type="text" id="website" name="website" tabindex="-1" autocomplete="off"/>
        </div>
    }
}

/// What is wrong, or the question that the guard asks: kind, and in the place of a reproach.
pub(crate) fn summary(texts: Texts, errors: &FieldErrors, labels: &[(&'static str, &'static str)]) -> Option<AnyView> {
    if !errors.only_ask() {
        return error_summary(texts, errors, labels);
    }
    let lines: Vec<_> = errors
        .iter()
        .map(|error| view! { <li><a href=format!("#{}", error.field)>{sentence(texts, &error.code)}</a></li> })
        .collect();
    Some(
        view! {
            <div class="errors errors--ask" role="alert" tabindex="-1" autofocus>
                <h2>{texts.forms_ask_title()}</h2>
                <ul>{lines}</ul>
                <p>{texts.forms_ask_text()}</p>
            </div>
        }
        .into_any(),
    )
}

/// The end of a form: a box to send all the same where the guard asks, and the button.
pub(crate) fn end<F: PublicForm>(
    texts: Texts,
    form: &F,
    errors: &FieldErrors,
    button: &'static str,
) -> impl IntoView + use<F> {
    ending(texts, !form.confirmed().is_empty(), errors, button)
}

/// The same for a form whose `confirmed` is known.
pub(crate) fn ending(
    texts: Texts,
    confirmed: bool,
    errors: &FieldErrors,
    button: &'static str,
) -> impl IntoView + use<> {
    let asks = errors.only_ask() || confirmed;
    let health = errors.iter().any(|error| error.code == domain::forms::FieldCode::TellsOfHealth);
    let ask = asks.then(|| {
        view! {
            <label class="choice ask">
                <input type="checkbox" name="confirmed" value="oui" checked=confirmed/>
                <span>
                    <strong>{texts.forms_send_anyway()}</strong>
                    <span class="hint">{texts.forms_send_anyway_hint()}</span>
                </span>
            </label>
        }
    });
    view! {
        {health.then(|| message_with(HEART_PULSE, Tone::Info, texts.forms_listening(), texts.forms_listening_text()))}
        {ask}
        <button class="button button--wide">{button}</button>
    }
}

/// The id of the form of a page.
pub(crate) const FORM: &str = "formulaire";

/// Checks each field as it is left, where scripts run; takes no place.
fn live(page: &Page, kind: RequestKind) -> impl IntoView + use<> {
    let texts = page.texts;
    let said = LiveTexts {
        name: texts.error_not_a_name().to_owned(),
        email: texts.error_not_an_email().to_owned(),
        phone: texts.error_not_a_phone().to_owned(),
        day: texts.error_not_a_day().to_owned(),
        not_born: texts.error_not_born_yet().to_owned(),
        too_long_ago: texts.error_born_too_long_ago().to_owned(),
        postal_code: texts.error_not_a_postal_code().to_owned(),
        too_long: texts.error_too_long("{max}"),
    };
    view! {
        <div class="sr">
            <LiveChecks form=FORM.to_owned() kind=kind.code().to_owned() today=page.today().to_string() texts=said/>
        </div>
    }
}

/// The notice, and the way the answer takes.
pub(crate) fn below(page: &Page, kind: RequestKind, steps: &[&'static str]) -> impl IntoView + use<> {
    view! {
        {live(page, kind)}
        {notice(page, kind.processing())}
        {next(page.texts.forms_next(), steps.iter().map(|step| (*step).to_owned()).collect())}
    }
}

/// What happens next, step by step.
fn next(title: &'static str, steps: Vec<String>) -> impl IntoView {
    let steps: Vec<_> = steps
        .into_iter()
        .enumerate()
        .map(|(at, step)| {
            view! {
                <li>
                    <span class="timeline-mark" aria-hidden="true">{at + 1}</span>
                    <div><p>{step}</p></div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card card--soft" aria-labelledby="t-suite">
            <h2 id="t-suite">{title}</h2>
            <ol class="timeline plain">{steps}</ol>
        </section>
    }
}

/// What was said when a form was sent.
pub(crate) struct Sent {
    /// The form.
    pub(crate) kind: RequestKind,
    /// What is done.
    pub(crate) title: &'static str,
    /// What happens next.
    pub(crate) steps: &'static [fn(Texts) -> &'static str],
    /// From which day on it is gone; nothing where each event says so.
    pub(crate) gone_on: Option<CivilDate>,
}

/// The page after a form was sent: it is there, what happens next, when it is deleted.
pub(crate) fn sent(page: &Page, sent: Sent) -> impl IntoView + use<> {
    let texts = page.texts;
    let Sent { kind, title, steps, gone_on } = sent;
    let mut lines: Vec<String> = steps.iter().map(|step| step(texts).to_owned()).collect();
    lines.push(match gone_on {
        Some(day) => texts.forms_gone_on(format::date(texts, day)),
        None => texts.forms_gone_after_event().to_owned(),
    });
    let elsewhere = (page.query("envoye") == "orientation")
        .then(|| message_with(HEART_PULSE, Tone::Info, texts.forms_elsewhere(), texts.forms_elsewhere_text()));
    view! {
        <div class="page-head">
            <span class="todo-icon todo-icon--sun">{icon(CIRCLE_CHECK)}</span>
            <h1>{title}</h1>
            <p class="lead" role="status">{texts.forms_sent_lead()}</p>
        </div>
        {elsewhere}
        {next(texts.forms_next(), lines)}
        <p>{texts.forms_sent_urgent()}" "<a href=format!("tel:{}", format::dialled(&page.host.site.phone))>{page.host.site.phone.clone()}</a></p>
        <div class="row">
            <a class="button" href="/">{texts.forms_to_home()}</a>
            <a class="button button--second" href=kind.path()>{texts.forms_another()}</a>
        </div>
        {notice(page, kind.processing())}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn a_textarea_cannot_be_closed_from_within() {
        let texts = Texts::of(Language::Fr);
        let lines =
            Lines { name: "message", label: "", hint: "", rows: 5, optional: true, value: "</textarea><script>" };
        let html = lines.view(texts, &FieldErrors::default()).to_html();
        assert!(!html.contains("<script>"), "{html}");
    }
}
