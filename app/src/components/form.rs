//! Form fields: label, hint and error belong together, and the summary on top takes the focus.

use super::icon::{TRIANGLE_ALERT, icon};
use crate::{page::Page, texts::Texts};
use domain::{
    error::PortResult,
    forms::{FieldCode, FieldErrors, WHOLE_FORM},
};
use leptos::prelude::*;

/// The sentence for a code.
pub(crate) fn sentence(texts: Texts, code: &FieldCode) -> String {
    match code {
        FieldCode::Required => texts.error_required().to_owned(),
        FieldCode::TooLong { max } => texts.error_too_long(max),
        FieldCode::UnknownChoice => texts.error_unknown_choice().to_owned(),
        FieldCode::NotSixDigits => texts.error_not_six_digits().to_owned(),
        FieldCode::WrongCredentials => texts.error_wrong_credentials().to_owned(),
        FieldCode::WrongCode => texts.error_wrong_code().to_owned(),
        FieldCode::TooManyAttempts { minutes } => texts.error_too_many_attempts(u64::from(*minutes)),
        FieldCode::TooShort { min } => texts.error_too_short(min),
        FieldCode::NotAnEmail => texts.error_not_an_email().to_owned(),
        FieldCode::NotAPhone => texts.error_not_a_phone().to_owned(),
        FieldCode::NotAnIdentifier => texts.error_not_an_identifier().to_owned(),
        FieldCode::IdentifierTaken => texts.error_identifier_taken().to_owned(),
        FieldCode::NothingToChange => texts.error_nothing_to_change().to_owned(),
        FieldCode::LastAdministrator => texts.error_last_administrator().to_owned(),
        FieldCode::WeakPassword => texts.error_weak_password().to_owned(),
        FieldCode::PasswordHoldsName => texts.error_password_holds_name().to_owned(),
        FieldCode::PasswordsDiffer => texts.error_passwords_differ().to_owned(),
        FieldCode::WrongPassword => texts.error_wrong_password().to_owned(),
        FieldCode::WrongActivationCode => texts.error_wrong_activation_code().to_owned(),
        FieldCode::Overtaken => texts.error_overtaken().to_owned(),
        FieldCode::Unreadable => texts.error_unreadable().to_owned(),
        FieldCode::NotATime => texts.error_not_a_time().to_owned(),
        FieldCode::SkippedHour => texts.error_skipped_hour().to_owned(),
        FieldCode::EndsBeforeItStarts => texts.error_ends_before_it_starts().to_owned(),
        FieldCode::InThePast => texts.error_in_the_past().to_owned(),
        FieldCode::EventIsOver => texts.error_event_is_over().to_owned(),
        FieldCode::NobodyRegistered => texts.error_nobody_registered().to_owned(),
        FieldCode::NoReceiver => texts.error_no_receiver().to_owned(),
        FieldCode::NotAName => texts.error_not_a_name().to_owned(),
        FieldCode::NotADay => texts.error_not_a_day().to_owned(),
        FieldCode::NotBornYet => texts.error_not_born_yet().to_owned(),
        FieldCode::BornTooLongAgo => texts.error_born_too_long_ago().to_owned(),
        FieldCode::NotAPostalCode => texts.error_not_a_postal_code().to_owned(),
        FieldCode::SeveralStructures => texts.error_several_structures().to_owned(),
        FieldCode::HoldsNir => texts.error_holds_nir().to_owned(),
        FieldCode::TellsOfHealth => texts.error_tells_of_health().to_owned(),
        FieldCode::SentTooFast => texts.error_sent_too_fast().to_owned(),
        FieldCode::FormTooOld => texts.error_form_too_old().to_owned(),
        FieldCode::TooManySent { minutes } => texts.error_too_many_sent(u64::from(*minutes)),
        FieldCode::EventClosed => texts.error_event_closed().to_owned(),
    }
}

/// The token of a form that is shown: `current`, with which it came back, or a new one. It is made for the word of the
/// form, and posted twice it is one submission.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn token_of(page: &Page, word: &str, current: &str) -> PortResult<String> {
    if current.is_empty() { page.host.requests.form_token(word) } else { Ok(current.to_owned()) }
}

/// The field that carries a token.
pub(crate) fn hidden_token(token: String) -> impl IntoView {
    view! { <input type="hidden" name="token" value=token/> }
}

/// The errors on top of a form, each leading to its field. Takes the focus without a script.
/// `labels` name the fields, in the order of the form.
pub(crate) fn error_summary(
    texts: Texts,
    errors: &FieldErrors,
    labels: &[(&'static str, &'static str)],
) -> Option<AnyView> {
    if errors.is_empty() {
        return None;
    }
    let lines: Vec<_> = errors
        .iter()
        .map(|error| {
            let text = sentence(texts, &error.code);
            let label = labels.iter().find(|(field, _)| *field == error.field).map(|(_, label)| *label);
            match label {
                Some(label) => {
                    // A question needs no colon.
                    let separator = if label.ends_with('?') { " " } else { "\u{a0}: " };
                    view! { <li><a href=format!("#{}", error.field)>{label}{separator}{text}</a></li> }.into_any()
                }
                None => view! { <li>{text}</li> }.into_any(),
            }
        })
        .collect();
    Some(
        view! {
            <div class="errors" role="alert" tabindex="-1" autofocus>
                <h2>{texts.error_summary_title()}</h2>
                <ul>{lines}</ul>
            </div>
        }
        .into_any(),
    )
}

/// The error beside one field.
pub(crate) fn field_error(texts: Texts, errors: &FieldErrors, field: &'static str) -> Option<impl IntoView + use<>> {
    let code = errors.of(field).filter(|_| field != WHOLE_FORM)?;
    let text = sentence(texts, code);
    Some(view! { <p class="error" id=format!("{field}-erreur")>{icon(TRIANGLE_ALERT)}<span>{text}</span></p> })
}

/// The ids that describe a field: its hint and its error, those that are there.
pub(crate) fn described_by(errors: &FieldErrors, field: &'static str, hint: bool) -> Option<String> {
    let mut ids = Vec::new();
    if hint {
        ids.push(format!("{field}-aide"));
    }
    if errors.of(field).is_some() {
        ids.push(format!("{field}-erreur"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// « true » on a field that has an error.
pub(crate) fn invalid(errors: &FieldErrors, field: &str) -> Option<&'static str> {
    errors.of(field).map(|_| "true")
}

/// A one-line field.
pub(crate) struct Input<'a> {
    /// Its name, which is its id too.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// A word of help under the label.
    pub(crate) hint: Option<&'static str>,
    /// `text`, `password`, `search`.
    pub(crate) kind: &'static str,
    /// What the browser may fill in.
    pub(crate) autocomplete: &'static str,
    /// `numeric` for codes.
    pub(crate) inputmode: Option<&'static str>,
    /// Its look, when it is not a plain one.
    pub(crate) class: Option<&'static str>,
    /// What was typed. Never give a password.
    pub(crate) value: &'a str,
}

impl Input<'_> {
    /// The field with its label, hint and error.
    pub(crate) fn view(self, texts: Texts, errors: &FieldErrors) -> impl IntoView + use<> {
        let Self { name, label, hint, kind, autocomplete, inputmode, class, value } = self;
        let value = (!value.is_empty()).then(|| value.to_owned());
        view! {
            <div class="field">
                <label for=name>{label}</label>
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
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    aria-describedby=described_by(errors, name, hint.is_some())
                    aria-invalid=invalid(errors, name)
                />
            </div>
        }
    }
}

/// A field of several lines. Its text is escaped here: Leptos 0.8 does not escape a textarea's content.
pub(crate) fn text_area(
    texts: Texts,
    errors: &FieldErrors,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: &str,
) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <p class="hint" id=format!("{name}-aide")>{hint}</p>
            {field_error(texts, errors, name)}
            <textarea
                id=name
                name=name
                rows="5"
                required
                aria-describedby=described_by(errors, name, true)
                aria-invalid=invalid(errors, name)
                inner_html=escape(value)
            ></textarea>
        </div>
    }
}

/// `text` as the content of an element. The leading line break is kept: HTML drops the first one.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 1);
    html.push('\n');
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn a_textarea_cannot_be_closed_from_within() {
        let texts = Texts::of(Language::Fr);
        let html = text_area(texts, &FieldErrors::default(), "message", "", "", "</textarea><script>alert(1)</script>")
            .to_html();
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;"), "{html}");
    }

    #[test]
    fn a_value_cannot_leave_its_attribute() {
        let texts = Texts::of(Language::Fr);
        let field = Input {
            name: "a",
            label: "A",
            hint: None,
            kind: "text",
            autocomplete: "off",
            inputmode: None,
            class: None,
            value: "\"><script>",
        };
        assert!(!field.view(texts, &FieldErrors::default()).to_html().contains("<script>"));
    }
}
