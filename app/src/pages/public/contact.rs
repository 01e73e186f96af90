//! `/contact`: writing to the organisation (F3).

use super::{gone_on, is_sent};
use crate::{
    actions::requests::SendContact,
    components::{
        field::{Choice, list, text},
        form::{FORM, error_summary, live},
        icon::{MAIL, icon},
        layout::Area,
        public_form::{Sent, below, defences, email, end, names, sent, token},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::{
        contact::ContactForm,
        fields::{OUTSIDE_PARIS, paris_codes},
    },
    requests::RequestKind,
};
use leptos::prelude::*;

const KIND: RequestKind = RequestKind::Contact;

/// The form, or the message that it arrived.
pub(crate) async fn page(page: Page, shown: Shown<ContactForm>) -> PageResult {
    let texts = page.texts;
    if is_sent(&page) {
        let gone_on = gone_on(&page, KIND);
        return Ok(Document::new(Area::PublicForm, texts.contact_sent_title(), move || {
            let steps: &[fn(Texts) -> &'static str] = &[Texts::contact_step_read, Texts::contact_step_answer];
            sent(&page, Sent { kind: KIND, title: texts.contact_sent_title(), steps, gone_on })
        })
        .without_island());
    }
    let token = token(&page, &shown.form)?;
    Ok(Document::new(Area::PublicForm, texts.contact_title(), move || {
        let Shown { form, errors } = shown;
        let labels = [
            ("first_name", texts.forms_first_name()),
            ("last_name", texts.forms_last_name()),
            ("email", texts.forms_email()),
            ("postal_code", texts.contact_postal_code()),
            ("message", texts.contact_message()),
        ];
        let codes = paris_codes().map(|code| Choice::new(code.to_string(), code.to_string()));
        let codes = codes.chain([Choice::new(OUTSIDE_PARIS, texts.forms_outside_paris())]);
        let postal_code = list("postal_code", texts.contact_postal_code(), codes, &form.postal_code);
        let message = text("message", texts.contact_message(), &form.message).hint(texts.contact_message_hint());
        view! {
            <div class="page-head">
                <span class="todo-icon todo-icon--sun">{icon(MAIL)}</span>
                <h1>{texts.contact_title()}</h1>
                <p class="lead">{texts.contact_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            {live::<SendContact>(&page, FORM, Some(ContactForm::CHECKS))}
            <form class="card form" id=FORM method="post" action="/contact">
                {defences(texts, token)}
                {names(texts, &errors, &form.first_name, &form.last_name)}
                {email(texts, &form.email).hint(texts.contact_email_hint()).view(texts, &errors)}
                {postal_code.view(texts, &errors)}
                {message.rows(7).view(texts, &errors)}
                {end(texts, &form, &errors, texts.contact_submit())}
            </form>
            {below(&page, KIND, &[texts.contact_step_receipt(), texts.contact_step_read(), texts.contact_step_answer()])}
        }
    }))
}
