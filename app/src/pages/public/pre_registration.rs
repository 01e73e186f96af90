//! `/pre-inscription`: asking for a first appointment (F4).

use super::{gone_on, is_sent};
use crate::{
    components::{
        icon::{USERS, icon},
        layout::Area,
        public_form::{
            FORM, Lines, Sent, below, birth_date, choice, defences, email, end, names, phone, radios, sent, summary,
            token,
        },
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::{person::OUTSIDE_PARIS, pre_registration::PreRegistrationForm},
    requests::RequestKind,
};
use leptos::prelude::*;

const KIND: RequestKind = RequestKind::PreRegistration;

/// The form, or the word that it arrived.
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
                <p class="lead">{texts.pre_registration_lead()}</p>
            </div>
            {summary(texts, &shown.errors, &labels)}
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
        (number.to_string(), format!("{number}{name}"))
    });
    let arrondissements =
        arrondissements.chain([(OUTSIDE_PARIS.to_owned(), texts.forms_outside_paris().to_owned())]).collect();
    let arrondissement =
        ("arrondissement", texts.pre_registration_arrondissement(), Some(texts.pre_registration_arrondissement_hint()));
    let answers = vec![
        ("oui".to_owned(), texts.pre_registration_video_yes().to_owned(), None),
        ("non".to_owned(), texts.pre_registration_video_no().to_owned(), None),
    ];
    let availability = Lines {
        name: "availability",
        label: texts.pre_registration_availability(),
        hint: texts.pre_registration_availability_hint(),
        rows: 2,
        optional: true,
        value: &form.availability,
    };
    let message = Lines {
        name: "message",
        label: texts.pre_registration_message(),
        hint: texts.pre_registration_message_hint(),
        rows: 4,
        optional: true,
        value: &form.message,
    };
    view! {
        <form class="card form" id=FORM method="post" action="/pre-inscription">
            {defences(texts, token)}
            {names(texts, errors, &form.first_name, &form.last_name)}
            {birth_date(texts, errors, &form.birth_date)}
            {choice(texts, errors, arrondissement, arrondissements, &form.arrondissement)}
            {phone(texts, errors, &form.phone)}
            {email(texts, errors, Some(texts.forms_email_optional_hint()), true, &form.email)}
            {radios(texts, errors, ("by_video", texts.pre_registration_by_video(), None), answers, &form.by_video)}
            {availability.view(texts, errors)}
            {message.view(texts, errors)}
            {end(texts, form, errors, texts.pre_registration_submit())}
        </form>
    }
}
