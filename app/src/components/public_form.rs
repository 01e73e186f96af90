//! What the public forms share: common fields, the question of the screening, and what happens next.

use super::{
    field::{Field, Line, line},
    form::{hidden_token, token_of},
    icon::{CIRCLE_CHECK, HEART_PULSE, icon},
    message::{Tone, message_with},
    notice::notice,
};
use crate::{components::format, page::Page, texts::Texts};
use domain::{
    error::PortResult,
    forms::{FieldErrors, fields::AGES, public::PublicForm},
    requests::RequestKind,
    time::CivilDate,
};
use leptos::prelude::*;

/// The fields of a first and a last name.
pub(crate) fn names(texts: Texts, errors: &FieldErrors, first: &str, last: &str) -> impl IntoView + use<> {
    let name = |name, label, token, value| {
        line(name, label, value).autocomplete(token).capitalised().view(texts, errors).into_any()
    };
    view! {
        {name("first_name", texts.forms_first_name(), "given-name", first)}
        {name("last_name", texts.forms_last_name(), "family-name", last)}
    }
}

/// The field of a date of birth.
pub(crate) fn birth_date(texts: Texts, errors: &FieldErrors, value: &str) -> impl IntoView + use<> {
    let field = line("birth_date", texts.forms_birth_date(), value).hint(texts.forms_birth_date_hint());
    field.autocomplete("bday").inputmode("numeric").class("short").view(texts, errors)
}

/// The field of a phone number.
pub(crate) fn phone(texts: Texts, errors: &FieldErrors, value: &str) -> impl IntoView + use<> {
    let field = line("phone", texts.forms_phone(), value).hint(texts.forms_phone_hint());
    field.kind("tel").autocomplete("tel").inputmode("tel").class("short").view(texts, errors)
}

/// The field of an e-mail address.
pub(crate) fn email<'a>(texts: Texts, value: &'a str) -> Field<Line<'a>> {
    line("email", texts.forms_email(), value).kind("email").autocomplete("email").inputmode("email")
}

/// The token of a form that is shown: the one with which it was sent, or a new one.
pub(crate) fn token<F: PublicForm>(page: &Page, form: &F) -> PortResult<String> {
    token_of(page, F::FORM, form.token())
}

/// The hidden fields: the token and the trap.
pub(crate) fn defences(texts: Texts, token: String) -> impl IntoView {
    view! {
        {hidden_token(token)}
        {trap(texts)}
    }
}

/// A field that people cannot see, hear or reach with the keyboard. Only programs fill it in.
fn trap(texts: Texts) -> impl IntoView {
    view! {
        <div class="trap" aria-hidden="true">
            <label for="website">{texts.forms_trap()}</label>
            <input type="text" id="website" name="website" tabindex="-1" autocomplete="off"/>
        </div>
    }
}

/// The end of a form: the button, and above it the box that confirms the form when the screening asks (A9).
pub(crate) fn end<F: PublicForm>(
    texts: Texts,
    form: &F,
    errors: &FieldErrors,
    button: &'static str,
) -> impl IntoView + use<F> {
    ending(texts, !form.confirmed().is_empty(), errors, button)
}

/// The end of a form whose value of `confirmed` is given.
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

/// The text below a form: what is done with the data, and what happens after the form is sent.
pub(crate) fn below(page: &Page, kind: RequestKind, steps: &[&'static str]) -> impl IntoView + use<> {
    view! {
        {notice(page, kind.processing())}
        {next(page.texts.forms_next(), steps.iter().map(|step| (*step).to_owned()).collect())}
    }
}

/// What happens next, as a list of steps.
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

/// The contents of the page after a form was sent.
pub(crate) struct Sent {
    /// The form that was sent.
    pub(crate) kind: RequestKind,
    /// What was done.
    pub(crate) title: &'static str,
    /// What happens next.
    pub(crate) steps: &'static [fn(Texts) -> &'static str],
    /// The day of the deletion; none where it depends on the event.
    pub(crate) gone_on: Option<CivilDate>,
}

/// The page after a form was sent: that it arrived, what happens next, and when it is deleted.
pub(crate) fn sent(page: &Page, sent: Sent) -> impl IntoView + use<> {
    let texts = page.texts;
    let Sent { kind, title, steps, gone_on } = sent;
    let mut lines: Vec<String> = steps.iter().map(|step| step(texts).to_owned()).collect();
    lines.push(match gone_on {
        Some(day) => texts.forms_gone_on(format::date(texts, day)),
        None => texts.forms_gone_after_event().to_owned(),
    });
    let elsewhere = (page.query("envoye") == "orientation").then(|| {
        message_with(
            HEART_PULSE,
            Tone::Info,
            texts.forms_elsewhere(),
            texts.forms_elsewhere_text(AGES.start(), AGES.end()),
        )
    });
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
