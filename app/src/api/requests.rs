//! The public forms (F3 to F6): one way through for all of them.

use crate::{
    act::action,
    actions::{
        Refusal,
        requests::{PreRegister, RegisterForEvent, SendApprenticeshipTax, SendContact, Sent, StructuresServing},
    },
    page::{Done, Page},
    pages::public,
};
use domain::{
    forms::{
        FieldCode, FieldErrors, WHOLE_FORM, apprenticeship_tax::ApprenticeshipTaxForm, contact::ContactForm,
        event::EventForm, person::is_of_age, pre_registration::PreRegistrationForm, public::PublicForm,
    },
    ids::SubmissionId,
    requests::{NewRequest, SubmitRefusal, TokenRefusal},
};

action!(SendContact: ContactForm with token, again in public::contact::page, then |_, page, sent| arrived(page, sent));
action!(
    PreRegister: PreRegistrationForm with token,
    again in public::pre_registration::page,
    then |_, page, sent| arrived(page, sent)
);
action!(RegisterForEvent: EventForm with token, again in public::event::page, then |_, page, sent| arrived(page, sent));
action!(
    SendApprenticeshipTax: ApprenticeshipTaxForm with token,
    again in public::apprenticeship_tax::page,
    then |_, page, sent| arrived(page, sent)
);
action!(
    StructuresServing: (),
    again in |page, _: crate::page::Shown<()>| public::event::page(page, Default::default()),
    then |_, _, _| Done::See("/evenement".to_owned())
);

/// To the page that says what happens next, and whom else to turn to where the age is not the organisation's.
fn arrived(page: &Page, sent: Sent) -> Done {
    Done::See(format!("{}?envoye={}", page.path(), if sent.elsewhere { "orientation" } else { "oui" }))
}

/// Checks, asks what the guard of free texts has to ask, stores.
///
/// # Errors
/// What is wrong in the form, what the guard asks, or what the port refused.
pub(crate) async fn send<F: PublicForm>(
    page: &Page,
    form: &F,
    check: impl FnOnce(&F) -> Result<NewRequest, FieldErrors>,
) -> Result<Sent, Refusal> {
    if form.is_trapped() {
        // Whoever fills in what nobody sees learns nothing from the answer.
        return Ok(Sent { elsewhere: false });
    }
    let mut request = check(form)?;
    let (findings, questions) = form.ask();
    if !questions.is_empty() {
        return Err(questions.into());
    }
    request.findings = findings;
    let elsewhere = request.birth_date.is_some_and(|born| !is_of_age(born, page.today()));
    let code = match page.host.requests.submit(request, form.token(), &page.visit.client).await {
        Ok(()) => return Ok(Sent { elsewhere }),
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

/// As what a public form was sent, if it was neither too soon nor too late.
///
/// # Errors
/// `SentTooFast` or `FormTooOld` for the form as a whole.
pub(super) fn submission<F: PublicForm>(page: &Page, form: &F) -> Result<SubmissionId, Refusal> {
    let found = page.host.requests.submission(F::FORM, form.token());
    found.map_err(|refusal| Refusal::field(WHOLE_FORM, once_more(refusal)))
}
