//! What forms that create something share: the token by which a form sent twice does a thing once, and the one way
//! through for the public forms that become requests.

use crate::{actions::Refusal, page::Page};
use domain::{
    error::PortResult,
    forms::{FieldCode, FieldErrors, WHOLE_FORM, fields::is_of_age, public::PublicForm},
    ids::SubmissionId,
    requests::{NewRequest, SubmitRefusal, TokenRefusal},
};

/// As what a form of the word `word` was shown, for forms that create something: the same token is the same thing, at
/// whichever door and however often it comes. A form that comes without a token is a new one.
///
/// # Errors
/// `FormTooOld` for a token that is older than a day, or none of ours.
pub(crate) fn submission_of(page: &Page, word: &str, token: &str) -> Result<SubmissionId, Refusal> {
    let requests = &page.host.requests;
    if token.is_empty() {
        return Ok(requests.new_submission()?);
    }
    requests.shown_as(word, token).map_err(|_| Refusal::field(WHOLE_FORM, FieldCode::FormTooOld))
}

/// Puts the token into a form that is shown again, by which it can be sent at once; gives it back for a call.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn renew(page: &Page, word: &str, token: &mut String) -> PortResult<String> {
    *token = page.host.requests.renewed_token(word, token)?;
    Ok(token.clone())
}

/// As what a public form was sent, if it was neither too soon nor too late.
///
/// # Errors
/// `SentTooFast` or `FormTooOld` for the form as a whole.
pub(crate) fn submission<F: PublicForm>(page: &Page, form: &F) -> Result<SubmissionId, Refusal> {
    let found = page.host.requests.submission(F::FORM, form.token());
    found.map_err(|refusal| Refusal::field(WHOLE_FORM, once_more(refusal)))
}

/// Sends a public form that becomes a request: checks it, asks what the screening of free texts has to ask, stores it.
/// The value says whether the person has an age that the organisation is not for, and should turn to somebody else.
///
/// # Errors
/// What is wrong in the form, what the screening asks, or what the port refused.
pub(crate) async fn send<F: PublicForm>(
    page: &Page,
    form: &F,
    check: impl FnOnce(&F) -> Result<NewRequest, FieldErrors>,
) -> Result<bool, Refusal> {
    if form.is_trapped() {
        // Whoever fills in what nobody sees learns nothing from the answer.
        return Ok(false);
    }
    let mut request = check(form)?;
    let (findings, questions) = form.ask();
    if !questions.is_empty() {
        return Err(questions.into());
    }
    request.findings = findings;
    let elsewhere = request.birth_date.is_some_and(|born| !is_of_age(born, page.today()));
    let code = match page.host.requests.submit(request, form.token(), &page.visit.client).await {
        Ok(()) => return Ok(elsewhere),
        Err(SubmitRefusal::Token(refusal)) => once_more(refusal),
        Err(SubmitRefusal::TooMany { minutes }) => FieldCode::TooManySent { minutes },
        Err(SubmitRefusal::EventClosed) => FieldCode::EventClosed,
        Err(SubmitRefusal::Port(error)) => return Err(error.into()),
    };
    Err(Refusal::field(WHOLE_FORM, code))
}

fn once_more(refusal: TokenRefusal) -> FieldCode {
    match refusal {
        TokenRefusal::TooFast => FieldCode::SentTooFast,
        TokenRefusal::TooOld => FieldCode::FormTooOld,
    }
}
