//! `/taxe-apprentissage`: for firms that want to give their apprenticeship tax (F6).

use super::{gone_on, is_sent};
use crate::{
    components::{
        icon::{BANKNOTE, icon},
        layout::Area,
        public_form::{FORM, Line, Lines, Sent, below, defences, email, end, names, sent, summary, token},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{forms::apprenticeship_tax::ApprenticeshipTaxForm, requests::RequestKind};
use leptos::prelude::*;

const KIND: RequestKind = RequestKind::ApprenticeshipTax;

/// The form, or the word that it arrived.
pub(crate) async fn page(page: Page, shown: Shown<ApprenticeshipTaxForm>) -> PageResult {
    let texts = page.texts;
    if is_sent(&page) {
        let gone_on = gone_on(&page, KIND);
        return Ok(Document::new(Area::PublicForm, texts.tax_sent_title(), move || {
            let steps: &[fn(Texts) -> &'static str] = &[Texts::tax_step_answer];
            sent(&page, Sent { kind: KIND, title: texts.tax_sent_title(), steps, gone_on })
        })
        .without_island());
    }
    let token = token(&page, &shown.form)?;
    Ok(Document::new(Area::PublicForm, texts.tax_title(), move || {
        let Shown { form, errors } = shown;
        let labels = [
            ("first_name", texts.forms_first_name()),
            ("last_name", texts.forms_last_name()),
            ("company", texts.tax_company()),
            ("email", texts.forms_email()),
            ("message", texts.tax_message()),
        ];
        let message = Lines {
            name: "message",
            label: texts.tax_message(),
            hint: texts.tax_message_hint(),
            rows: 6,
            optional: false,
            value: &form.message,
        };
        view! {
            <div class="page-head">
                <span class="todo-icon todo-icon--sun">{icon(BANKNOTE)}</span>
                <h1>{texts.tax_title()}</h1>
                <p class="lead">{texts.tax_lead()}</p>
            </div>
            {summary(texts, &errors, &labels)}
            <form class="card form" id=FORM method="post" action="/taxe-apprentissage">
                {defences(texts, token)}
                {names(texts, &errors, &form.first_name, &form.last_name)}
                {Line::text("company", texts.tax_company(), "organization", &form.company).view(texts, &errors)}
                {email(texts, &errors, None, false, &form.email)}
                {message.view(texts, &errors)}
                {end(texts, &form, &errors, texts.tax_submit())}
            </form>
            {below(&page, KIND, &[texts.tax_step_receipt(), texts.tax_step_answer()])}
        }
    }))
}
