//! `/taxe-apprentissage`: for companies that want to pay their apprenticeship tax to the organisation (F6).

use super::{gone_on, is_sent};
use crate::{
    actions::requests::SendApprenticeshipTax,
    components::{
        field::{line, text},
        form::{FORM, error_summary, live},
        icon::{BANKNOTE, icon},
        layout::Area,
        public_form::{Sent, below, defences, email, end, names, sent, token},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{forms::apprenticeship_tax::ApprenticeshipTaxForm, requests::RequestKind};
use leptos::prelude::*;

const KIND: RequestKind = RequestKind::ApprenticeshipTax;

/// The form, or the message that it arrived.
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
        let company = line("company", texts.tax_company(), &form.company).autocomplete("organization").capitalised();
        let message = text("message", texts.tax_message(), &form.message).hint(texts.tax_message_hint());
        view! {
            <div class="page-head">
                <span class="todo-icon todo-icon--sun">{icon(BANKNOTE)}</span>
                <h1>{texts.tax_title()}</h1>
                <p class="lead">{texts.tax_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            {live::<SendApprenticeshipTax>(&page, FORM, Some(ApprenticeshipTaxForm::CHECKS))}
            <form class="card form" id=FORM method="post" action="/taxe-apprentissage">
                {defences(texts, token)}
                {names(texts, &errors, &form.first_name, &form.last_name)}
                {company.view(texts, &errors)}
                {email(texts, &form.email).view(texts, &errors)}
                {message.rows(6).view(texts, &errors)}
                {end(texts, &form, &errors, texts.tax_submit())}
            </form>
            {below(&page, KIND, &[texts.tax_step_receipt(), texts.tax_step_answer()])}
        }
    }))
}
