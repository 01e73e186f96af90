//! `/contact`: writing to the organisation (F3).

use super::{gone_on, is_sent};
use crate::{
    components::{
        icon::{MAIL, icon},
        layout::Area,
        public_form::{FORM, Lines, Sent, below, choice, defences, email, end, names, sent, summary, token},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::{
        contact::ContactForm,
        person::{OUTSIDE_PARIS, paris_codes},
    },
    requests::RequestKind,
};
use leptos::prelude::*;

const KIND: RequestKind = RequestKind::Contact;

/// The form, or the word that it arrived.
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
        let codes = paris_codes().map(|code| (code.to_string(), code.to_string()));
        let codes = codes.chain([(OUTSIDE_PARIS.to_owned(), texts.forms_outside_paris().to_owned())]).collect();
        let message = Lines {
            name: "message",
            label: texts.contact_message(),
            hint: texts.contact_message_hint(),
            rows: 7,
            optional: false,
            value: &form.message,
        };
        view! {
            <div class="page-head">
                <span class="todo-icon todo-icon--sun">{icon(MAIL)}</span>
                <h1>{texts.contact_title()}</h1>
                <p class="lead">{texts.contact_lead()}</p>
            </div>
            {summary(texts, &errors, &labels)}
            <form class="card form" id=FORM method="post" action="/contact">
                {defences(texts, token)}
                {names(texts, &errors, &form.first_name, &form.last_name)}
                {email(texts, &errors, Some(texts.contact_email_hint()), false, &form.email)}
                {choice(texts, &errors, ("postal_code", texts.contact_postal_code(), None), codes, &form.postal_code)}
                {message.view(texts, &errors)}
                {end(texts, &form, &errors, texts.contact_submit())}
            </form>
            {below(&page, KIND, &[texts.contact_step_receipt(), texts.contact_step_read(), texts.contact_step_answer()])}
        }
    }))
}
