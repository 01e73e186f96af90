//! What the forms that create something share: the token that makes a form sent twice count once, and the one way in
//! which public forms become requests.

use crate::{actions::Refusal, page::Page};
use domain::{
    error::PortResult,
    forms::{FieldCode, FieldErrors, WHOLE_FORM, fields::is_of_age, public::PublicForm},
    ids::SubmissionId,
    requests::{NewRequest, SubmitRefusal, TokenRefusal},
};

/// The submission of a form that creates something, read from its token; `word` names the form. The same token is the
/// same submission, from a plain form or a call, however often it is sent. A form without a token is a new submission.
///
/// # Errors
/// `FormTooOld` for a token that is older than a day, or that is not ours.
pub(crate) fn submission_of(page: &Page, word: &str, token: &str) -> Result<SubmissionId, Refusal> {
    let requests = &page.host.requests;
    if token.is_empty() {
        return Ok(requests.new_submission()?);
    }
    requests.shown_as(word, token).map_err(|_| Refusal::field(WHOLE_FORM, FieldCode::FormTooOld))
}

/// Puts a new token into a form that is shown again, so that it can be sent at once, and returns the token for a call.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn renew(page: &Page, word: &str, token: &mut String) -> PortResult<String> {
    *token = page.host.requests.renewed_token(word, token)?;
    Ok(token.clone())
}

/// The submission of a public form, if it was sent neither too soon nor too late.
///
/// # Errors
/// `SentTooFast` or `FormTooOld` for the form as a whole.
pub(crate) fn submission<F: PublicForm>(page: &Page, form: &F) -> Result<SubmissionId, Refusal> {
    let found = page.host.requests.submission(F::FORM, form.token());
    found.map_err(|refusal| Refusal::field(WHOLE_FORM, once_more(refusal)))
}

/// Sends a public form that becomes a request: checks it, asks the questions of the screening of free texts, stores it.
/// The value is true when the organisation does not serve people of this age, who should turn to somebody else.
///
/// # Errors
/// The errors of the form, a question of the screening, or the refusal of the port.
pub(crate) async fn send<F: PublicForm>(
    page: &Page,
    form: &F,
    check: impl FnOnce(&F) -> Result<NewRequest, FieldErrors>,
) -> Result<bool, Refusal> {
    if form.is_trapped() {
        // Only a program fills in the trap. It gets the answer of a success, so that it learns nothing.
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
