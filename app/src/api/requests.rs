//! The public forms (F3 to F6): all of them are handled in the same way.

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

/// Goes to the page that says what happens next. For an age that the organisation does not serve, that page also says
/// who else can help.
fn arrived(page: &Page, sent: Sent) -> Done {
    Done::See(format!("{}?envoye={}", page.path(), if sent.elsewhere { "orientation" } else { "oui" }))
}
