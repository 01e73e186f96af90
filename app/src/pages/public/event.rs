//! `/evenement`: pre-registering for an event, while one is open (F5).

use super::is_sent;
use crate::{
    actions::requests::RegisterForEvent,
    components::{
        field::{Choice, line, one_of},
        form::{FORM, error_summary, live, sentence},
        format,
        icon::{CALENDAR_CLOCK, icon},
        layout::Area,
        message::{Level, Tone, empty, message},
        public_form::{Sent, below, birth_date, defences, email, end, names, phone, sent, token},
    },
    islands::territory::{self, StructuresOf},
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::{FieldCode, FieldErrors, event::EventForm, fields::AGES},
    requests::{OpenEvent, RequestKind},
    site::Module,
};
use leptos::{
    attr::{any_attribute::IntoAnyAttribute, custom::custom_attribute},
    prelude::*,
};

const KIND: RequestKind = RequestKind::Event;

/// The form of the open events. When none is open, the page says so and gives other links.
pub(crate) async fn page(page: Page, shown: Shown<EventForm>) -> PageResult {
    let texts = page.texts;
    if is_sent(&page) {
        return Ok(Document::new(Area::PublicForm, texts.event_page_sent_title(), move || {
            let steps: &[fn(Texts) -> &'static str] = &[Texts::event_page_step_pass_on, Texts::event_page_step_contact];
            sent(&page, Sent { kind: KIND, title: texts.event_page_sent_title(), steps, gone_on: None })
        })
        .without_island());
    }
    let events = page.host.requests.open_events().await?;
    if events.is_empty() {
        return Ok(closed(page));
    }
    let token = token(&page, &shown.form)?;
    Ok(Document::new(Area::PublicForm, texts.event_page_title(), move || {
        let steps = [texts.event_page_step_send(), texts.event_page_step_pass_on(), texts.event_page_step_contact()];
        let labels = [
            ("event", texts.event_page_which()),
            ("first_name", texts.forms_first_name()),
            ("last_name", texts.forms_last_name()),
            ("birth_date", texts.forms_birth_date()),
            ("postal_code", texts.event_page_postal_code()),
            ("structure", texts.event_page_structure()),
            ("phone", texts.forms_phone()),
            ("email", texts.forms_email()),
        ];
        view! {
            <div class="page-head">
                <span class="todo-icon todo-icon--sun">{icon(CALENDAR_CLOCK)}</span>
                <h1>{texts.event_page_title()}</h1>
                <p class="lead">{texts.event_page_lead(AGES.start(), AGES.end())}</p>
            </div>
            {error_summary(texts, &shown.errors, &labels)}
            {live::<RegisterForEvent>(&page, FORM, Some(EventForm::CHECKS))}
            {(events.len() == 1).then(|| presented(&page, &events[0]))}
            {form(&page, &events, &shown, token)}
            {below(&page, KIND, &steps)}
        }
    }))
}

/// The page when no event is open: it says what people can do instead.
fn closed(page: Page) -> Document {
    let texts = page.texts;
    Document::new(Area::PublicForm, texts.event_page_none_title(), move || {
        let late = page.is_refusal().then(|| message(Tone::Warning, sentence(texts, &FieldCode::EventClosed), ()));
        let ways: Vec<_> = [
            (Module::PreRegistration, "/pre-inscription", texts.event_page_none_pre_registration()),
            (Module::Contact, "/contact", texts.event_page_none_contact()),
        ]
        .into_iter()
        .filter(|(module, ..)| page.has(*module))
        .enumerate()
        .map(|(at, (_, path, name))| {
            let class = if at == 0 { "button" } else { "button button--second" };
            view! { <a class=class href=path>{name}</a> }
        })
        .collect();
        view! {
            <div class="page-head"><h1>{texts.event_page_title()}</h1></div>
            {late}
            {empty(
                Level::Two,
                CALENDAR_CLOCK,
                texts.event_page_none_title(),
                texts.event_page_none_text(),
                view! { <div class="row">{ways}</div> },
            )}
        }
    })
    .without_island()
}

/// The date and the place of an event.
fn when_and_where(page: &Page, event: &OpenEvent) -> String {
    let texts = page.texts;
    let (starts, ends) = (page.host.calendar.local(event.starts_at), page.host.calendar.local(event.ends_at));
    let hour = |hour, minute| texts.event_page_hour(hour, format!("{minute:02}"));
    let (from, to) = (hour(starts.hour, starts.minute), hour(ends.hour, ends.minute));
    let first = format::date(texts, starts.date);
    if starts.date == ends.date {
        texts.event_page_on(first, from, to, &event.place)
    } else {
        texts.event_page_from_to(first, format::date(texts, ends.date), &event.place)
    }
}

fn presented(page: &Page, event: &OpenEvent) -> impl IntoView + use<> {
    view! {
        <section class="card card--sun" aria-labelledby="t-evenement">
            <h2 id="t-evenement">{event.name.clone()}</h2>
            <p class="with-icon">{icon(CALENDAR_CLOCK)}<strong>{when_and_where(page, event)}</strong></p>
            {(!event.description.is_empty()).then(|| view! { <p class="verbatim">{event.description.clone()}</p> })}
        </section>
    }
}

fn form(page: &Page, events: &[OpenEvent], shown: &Shown<EventForm>, token: String) -> impl IntoView + use<> {
    let texts = page.texts;
    let Shown { form, errors } = shown;
    let which = (events.len() > 1).then(|| {
        let events = events
            .iter()
            .map(|event| Choice::new(event.id.to_string(), event.name.clone()).hint(when_and_where(page, event)));
        one_of("event", texts.event_page_which(), events, &[&*form.event]).view(texts, errors)
    });
    let serving = page.host.site.territory.serving(form.postal_code.trim());
    let structure = (serving.len() > 1).then(|| {
        let structures = serving.iter().map(|structure| Choice::new(structure.code.clone(), structure.name.clone()));
        which_structure(texts, errors, structures.collect(), &form.structure)
    });
    let postal_code = line("postal_code", texts.event_page_postal_code(), &form.postal_code)
        .hint(texts.event_page_postal_code_hint());
    let postal_code = postal_code.autocomplete("postal-code").inputmode("numeric").class("short");
    view! {
        <form class="card form" id=FORM method="post" action="/evenement">
            {defences(texts, token)}
            {which}
            {names(texts, errors, &form.first_name, &form.last_name)}
            {birth_date(texts, errors, &form.birth_date)}
            {postal_code.view(texts, errors)}
            {structures(texts, structure)}
            {phone(texts, errors, &form.phone)}
            {email(texts, &form.email).hint(texts.forms_email_optional_hint()).optional().view(texts, errors)}
            {end(texts, form, errors, texts.event_page_submit())}
        </form>
    }
}

/// The question « Which of them? », for a postal code that several Missions Locales serve.
fn which_structure(texts: Texts, errors: &FieldErrors, structures: Vec<Choice>, chosen: &str) -> impl IntoView + use<> {
    let chosen = [chosen];
    let structure = one_of("structure", texts.event_page_structure(), structures, &chosen);
    structure.hint(texts.event_page_structure_hint()).view(texts, errors)
}

/// The place where the page says which Missions Locales serve the postal code. The island writes there while the code
/// is typed, the server after the form is sent. The template holds the question with one answer, which the island
/// copies.
fn structures(texts: Texts, asked: Option<impl IntoView + 'static>) -> impl IntoView {
    let attributes: Vec<_> = [
        (territory::ONE, texts.event_page_served_by("{name}")),
        (territory::NONE, texts.event_page_served_by_nobody().to_owned()),
        (territory::SEVERAL, texts.event_page_served_by_several().to_owned()),
    ]
    .map(|(name, value)| custom_attribute(name, value).into_any_attr())
    .into();
    let blank = which_structure(texts, &FieldErrors::default(), vec![Choice::new("", "-")], "");
    view! {
        <div class="form" id={territory::PLACE} {..attributes}>
            <StructuresOf/>
            {asked}
        </div>
        <template id={territory::TEMPLATE}>{blank}</template>
    }
}
