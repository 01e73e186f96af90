//! `/pre-inscription`: asking for a first appointment (F4).

use super::{gone_on, is_sent};
use crate::{
    actions::requests::PreRegister,
    components::{
        field::{Choice, list, one_of, text},
        form::{FORM, error_summary, live},
        icon::{USERS, icon},
        layout::Area,
        public_form::{Sent, below, birth_date, defences, email, end, names, phone, sent, token},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::{
        fields::{AGES, OUTSIDE_PARIS},
        pre_registration::PreRegistrationForm,
    },
    requests::RequestKind,
};
use leptos::prelude::*;

const KIND: RequestKind = RequestKind::PreRegistration;

/// The form, or the message that it arrived.
pub(crate) async fn page(page: Page, shown: Shown<PreRegistrationForm>) -> PageResult {
    let texts = page.texts;
    if is_sent(&page) {
        let gone_on = gone_on(&page, KIND);
        return Ok(Document::new(Area::PublicForm, texts.pre_registration_sent_title(), move || {
            let steps: &[fn(Texts) -> &'static str] =
                &[Texts::pre_registration_step_call, Texts::pre_registration_step_meet];
            sent(&page, Sent { kind: KIND, title: texts.pre_registration_sent_title(), steps, gone_on })
        })
        .without_island());
    }
    let token = token(&page, &shown.form)?;
    Ok(Document::new(Area::PublicForm, texts.pre_registration_title(), move || {
        let steps = [
            texts.pre_registration_step_send(),
            texts.pre_registration_step_call(),
            texts.pre_registration_step_meet(),
        ];
        let labels = [
            ("first_name", texts.forms_first_name()),
            ("last_name", texts.forms_last_name()),
            ("birth_date", texts.forms_birth_date()),
            ("arrondissement", texts.pre_registration_arrondissement()),
            ("phone", texts.forms_phone()),
            ("email", texts.forms_email()),
            ("by_video", texts.pre_registration_by_video()),
            ("availability", texts.pre_registration_availability()),
            ("message", texts.pre_registration_message()),
        ];
        view! {
            <div class="page-head">
                <span class="todo-icon todo-icon--sun">{icon(USERS)}</span>
                <h1>{texts.pre_registration_title()}</h1>
                <p class="lead">{texts.pre_registration_lead(AGES.start(), AGES.end())}</p>
            </div>
            {error_summary(texts, &shown.errors, &labels)}
            {live::<PreRegister>(&page, FORM, Some(PreRegistrationForm::CHECKS))}
            {form(&page, &shown, token)}
            {below(&page, KIND, &steps)}
        }
    }))
}

fn form(page: &Page, shown: &Shown<PreRegistrationForm>, token: String) -> impl IntoView + use<> {
    let texts = page.texts;
    let Shown { form, errors } = shown;
    let arrondissements = (1..=20).map(|number: u32| {
        let name = if number == 1 { texts.forms_first_arrondissement() } else { texts.forms_nth_arrondissement() };
        Choice::new(number.to_string(), format!("{number}{name}"))
    });
    let arrondissements = arrondissements.chain([Choice::new(OUTSIDE_PARIS, texts.forms_outside_paris())]);
    let arrondissement =
        list("arrondissement", texts.pre_registration_arrondissement(), arrondissements, &form.arrondissement)
            .hint(texts.pre_registration_arrondissement_hint());
    let answers =
        [Choice::new("oui", texts.pre_registration_video_yes()), Choice::new("non", texts.pre_registration_video_no())];
    let by_video = [form.by_video.as_str()];
    let by_video = one_of("by_video", texts.pre_registration_by_video(), answers, &by_video);
    let availability = text("availability", texts.pre_registration_availability(), &form.availability)
        .hint(texts.pre_registration_availability_hint());
    let message =
        text("message", texts.pre_registration_message(), &form.message).hint(texts.pre_registration_message_hint());
    view! {
        <form class="card form" id=FORM method="post" action="/pre-inscription">
            {defences(texts, token)}
            {names(texts, errors, &form.first_name, &form.last_name)}
            {birth_date(texts, errors, &form.birth_date)}
            {arrondissement.view(texts, errors)}
            {phone(texts, errors, &form.phone)}
            {email(texts, &form.email).hint(texts.forms_email_optional_hint()).optional().view(texts, errors)}
            {by_video.view(texts, errors)}
            {availability.rows(2).optional().view(texts, errors)}
            {message.rows(4).optional().view(texts, errors)}
            {end(texts, form, errors, texts.pre_registration_submit())}
        </form>
    }
}
