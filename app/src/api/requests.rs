//! The public forms (F3 to F6): one way through for all of them.

use crate::{
    act::action,
    actions::requests::{PreRegister, RegisterForEvent, SendApprenticeshipTax, SendContact, Sent, StructuresServing},
    page::{Done, Page},
    pages::public,
};
use domain::forms::{
    apprenticeship_tax::ApprenticeshipTaxForm, contact::ContactForm, event::EventForm,
    pre_registration::PreRegistrationForm, public::PublicForm,
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
