//! What every form has around its fields: the sentences for its errors, the summary above it, and the island that sends
//! it where scripts run.

use crate::{
    fields::{Summary, SummaryLine},
    islands::form::{LiveForm, marker},
    page::Page,
    texts::Texts,
};
use domain::{
    error::PortResult,
    forms::{
        FieldCode, FieldErrors, WHOLE_FORM,
        live::{Check, written},
    },
    ids::SubmissionId,
};
use leptos::{
    attr::custom::custom_attribute,
    prelude::*,
    server_fn::ServerFn,
    tachys::html::{
        InertElement,
        attribute::any_attribute::{AnyAttribute, IntoAnyAttribute},
    },
};

/// The sentence for an error code.
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

/// The token of a form that is shown: the `current` one, with which it was sent, or a new one. It is made for the kind
/// of form that `word` names. Two posts with the same token count as one submission.
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

/// The summary above a form: each error with a link to its field, or the question that the screening asks (A9), which
/// is not shown as an error. It takes the focus without a script. `labels` are the labels of the fields.
pub(crate) fn error_summary(
    texts: Texts,
    errors: &FieldErrors,
    labels: &[(&'static str, &'static str)],
) -> Option<InertElement> {
    if errors.is_empty() {
        return None;
    }
    let asks = errors.only_ask();
    let line = |field: &str, code: &FieldCode| {
        let label = labels.iter().find(|(name, _)| *name == field).map(|(_, label)| (*label).to_owned());
        SummaryLine {
            field: (field != WHOLE_FORM && (asks || label.is_some())).then(|| field.to_owned()),
            label: label.filter(|_| !asks),
            sentence: sentence(texts, code),
        }
    };
    let lines: Vec<_> = errors.iter().map(|error| line(&error.field, &error.code)).collect();
    Some(if asks {
        let (title, text) = (texts.forms_ask_title(), Some(texts.forms_ask_text()));
        InertElement::new(Summary { asks, title, lines: &lines, text }.html())
    } else {
        summary_of(texts.error_summary_title(), &lines)
    })
}

/// A summary whose lines are not errors of fields.
pub(crate) fn summary_of(title: &str, lines: &[SummaryLine]) -> InertElement {
    InertElement::new(Summary { asks: false, title, lines, text: None }.html())
}

/// The errors that can be shown while a field is filled in.
const CHECKED: &[FieldCode] = &[
    FieldCode::NotAName,
    FieldCode::NotAnEmail,
    FieldCode::NotAPhone,
    FieldCode::NotADay,
    FieldCode::NotBornYet,
    FieldCode::BornTooLongAgo,
    FieldCode::NotAPostalCode,
    FieldCode::TooLong { max: 0 },
];

/// The id of the form, on a page that has one form.
pub(crate) const FORM: &str = "formulaire";

/// The island that sends the form with the id `form` by calls of the action `A`. Put it right after the summary,
/// because it shows its own summary there. `checks` are the rules of the fields that are checked while they are filled
/// in.
pub(crate) fn live<A: ServerFn>(page: &Page, form: &'static str, checks: Option<&[(&str, Check)]>) -> AnyView {
    let texts = page.texts;
    let mut attributes = vec![
        (marker::FORM, form.to_owned()),
        (marker::CALL, A::PATH.to_owned()),
        (marker::SENDING, texts.live_sending().to_owned()),
        (marker::CUT, texts.live_cut().to_owned()),
        (marker::WRONG, texts.live_title_error(marker::PAGE_TITLE)),
        (marker::TITLE, texts.error_summary_title().to_owned()),
    ];
    if let Some(checks) = checks {
        attributes.extend([(marker::CHECKS, written(checks)), (marker::TODAY, page.today().to_string())]);
        for code in CHECKED {
            let said = match code {
                FieldCode::TooLong { .. } => texts.error_too_long("{max}"),
                code => sentence(texts, code),
            };
            attributes.extend(marker::sentence_attribute(code).map(|name| (name, said)));
        }
    }
    view! { <div class="sr" {..self::attributes(attributes)}><LiveForm/></div> }.into_any()
}

/// Attributes by which an element tells an island what it has to know.
pub(crate) fn attributes(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Vec<AnyAttribute> {
    pairs.into_iter().map(|(name, value)| custom_attribute(name, value).into_any_attr()).collect()
}

/// A hidden id, which says to a call what the form is about: the address of a call has no ids. A plain form gets them
/// from the address of its page.
pub(crate) fn hidden_id(name: &'static str, id: impl std::fmt::Display) -> impl IntoView {
    view! { <input type="hidden" name=name value=id.to_string()/> }
}

/// The hidden number of a submission, so that a form that is sent twice counts once. A form that is shown again keeps
/// its number.
pub(crate) fn submission(typed: &str, fresh: SubmissionId) -> impl IntoView + use<> {
    let id = typed.parse().unwrap_or(fresh);
    view! { <input type="hidden" name="submission" value=id.to_string()/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    const TEXTS: Texts = Texts::of(Language::Fr);

    fn html(errors: &FieldErrors) -> String {
        error_summary(TEXTS, errors, &[("name", "Nom"), ("when", "Quand ?")])
            .map(|view| view.to_html())
            .unwrap_or_default()
    }

    #[test]
    fn the_summary_names_each_field_and_leads_to_it() {
        assert_eq!(html(&FieldErrors::default()), "");
        let mut errors = FieldErrors::one("name", FieldCode::Required);
        errors.push("when", FieldCode::NotADay);
        errors.push(WHOLE_FORM, FieldCode::Overtaken);
        let html = html(&errors);
        for line in [
            format!("<li><a href=\"#name\">Nom\u{a0}: {}</a></li>", TEXTS.error_required()),
            format!("<li><a href=\"#when\">Quand ? {}</a></li>", TEXTS.error_not_a_day()),
            format!("<li>{}</li>", TEXTS.error_overtaken()),
        ] {
            assert!(html.contains(&line), "{line}: {html}");
        }
        assert!(html.contains("tabindex=\"-1\" autofocus"), "{html}");
    }

    #[test]
    fn a_question_of_the_screening_is_not_shown_as_an_error() {
        let html = html(&FieldErrors::one("name", FieldCode::HoldsNir));
        assert!(html.contains("errors--ask") && html.contains(TEXTS.forms_ask_title()), "{html}");
        assert!(html.contains(&format!("<a href=\"#name\">{}</a>", TEXTS.error_holds_nir())), "{html}");
    }

    #[test]
    fn a_form_shown_again_keeps_its_number() {
        let fresh: SubmissionId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let typed = "01890a5d-ac96-774b-bcce-b302099a8058";
        assert!(submission(typed, fresh).to_html().contains(typed));
        assert!(submission("\"><b>", fresh).to_html().contains(&fresh.to_string()));
    }
}
