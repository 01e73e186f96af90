//! `/admin/evenements` and the pages under it: the events for which people can pre-register (F5).

pub(crate) mod forwarding;

use crate::{
    actions::events::{ChangeEvent, CreateEvent},
    components::{
        field::{line, text},
        form::{FORM, error_summary, hidden_id, hidden_token, live, token_of},
        format,
        icon::{CALENDAR_CLOCK, CIRCLE_CHECK, CLOCK, HISTORY, LOCK, PLUS, UPLOAD, icon},
        layout::Area,
        message::{Level, Tone, badge, done, empty},
        navigation::back,
        table::{Row, Table, pagination},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    error::PortError,
    events::{Event, EventRow, EventState},
    forms::{
        FieldErrors,
        event_admin::{EventAdminForm, EventStateForm},
    },
    ids::EventId,
    time::Instant,
};
use leptos::prelude::*;

/// The path of the list.
pub(crate) const BASE: &str = "/admin/evenements";

/// The message about what was just done, at the top of a page.
fn told(page: &Page) -> Option<AnyView> {
    let texts = page.texts;
    let (title, text) = match page.query("fait") {
        "cree" => (texts.events_created(), texts.events_created_text()),
        "change" => (texts.events_changed(), ""),
        "ferme" => (texts.events_closed(), texts.events_closed_text()),
        "ouvert" => (texts.events_opened(), texts.events_created_text()),
        _ => return None,
    };
    Some(done(title, text).into_any())
}

fn state(texts: Texts, event: &Event, now: Instant) -> impl IntoView + use<> {
    match event.state(now) {
        EventState::Open => badge(Tone::Success, CIRCLE_CHECK, texts.events_state_open()),
        EventState::Closed => badge(Tone::Warning, LOCK, texts.events_state_closed()),
        EventState::Over => badge(Tone::Info, HISTORY, texts.events_state_over()),
    }
}

/// « 2 avril 2026, 9 h 30 », then the end of the event.
fn moments(page: &Page, event: &Event) -> String {
    let moment = |at: Instant| {
        let local = page.host.calendar.local(at);
        let (day, minute) = (format::date(page.texts, local.date), format!("{:02}", local.minute));
        (day.clone(), page.texts.events_moment(&day, local.hour, &minute), page.texts.events_hour(local.hour, &minute))
    };
    let ((first, from, _), (last, to, hour)) = (moment(event.starts_at), moment(event.ends_at));
    page.texts.events_from_to(from, if first == last { hour } else { to })
}

/// All events.
pub(crate) async fn page(page: Page) -> PageResult {
    let number = page.query("page").parse().unwrap_or(1).max(1);
    let found = page.host.events.events(&page.actor(), number).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.events_title(), move || {
        let new = view! { <a class="button" href=format!("{BASE}/nouveau")>{icon(PLUS)}{texts.events_new()}</a> };
        let href = |number: u32| format!("{BASE}?page={number}");
        let (content, new) = if found.rows.is_empty() {
            let nothing = empty(Level::Two, CALENDAR_CLOCK, texts.events_empty(), texts.events_empty_text(), new);
            (nothing.into_any(), None)
        } else {
            (view! { <div class="card">{table(&page, &found.rows)}</div> }.into_any(), Some(new))
        };
        view! {
            <div class="page-head">
                <h1>{texts.events_title()}</h1>
                <p class="lead">{texts.events_lead()}</p>
                {new}
            </div>
            {told(&page)}
            {content}
            {pagination(texts, found.page, found.pages(), &href)}
        }
    }))
}

fn table(page: &Page, rows: &[EventRow]) -> impl IntoView + use<> {
    let texts = page.texts;
    let now = page.host.calendar.now();
    let mut columns = vec![texts.events_event(), texts.events_when(), texts.events_state()];
    // Only some roles see how many people pre-registered, so this column may be missing; a cell without a column is not
    // shown.
    columns.extend(rows.iter().any(|row| row.registrations.is_some()).then(|| texts.events_registrations()));
    let rows = rows.iter().map(|row| {
        let event = &row.event;
        let head = view! {
            <a href=format!("{BASE}/{}", event.id)>{event.name.clone()}</a>
            <br/>
            <span class="hint">{event.place.clone()}</span>
        };
        Row::new(
            head.into_any(),
            vec![
                Some(moments(page, event).into_any()),
                Some(state(texts, event, now).into_any()),
                row.registrations.map(|count| count.to_string().into_any()),
            ],
        )
    });
    Table { class: "table--links", caption: texts.events_caption().to_owned(), columns, rows: rows.collect() }.view()
}

/// `/admin/evenements/nouveau`.
pub(crate) async fn new(page: Page, shown: Shown<EventAdminForm>) -> PageResult {
    let texts = page.texts;
    let token = token_of(&page, EventAdminForm::FORM, &shown.form.token)?;
    Ok(Document::new(Area::AdminForm, texts.events_new(), move || {
        let Shown { form: typed, errors } = shown;
        view! {
            <div class="page-head">
                {back(BASE, texts.events_title())}
                <h1>{texts.events_new()}</h1>
                <p class="lead">{texts.events_new_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels(texts))}
            {live::<CreateEvent>(&page, FORM, None)}
            {form(texts, &errors, &typed, format!("{BASE}/nouveau"), texts.events_create(), hidden_token(token))}
        }
    }))
}

fn labels(texts: Texts) -> [(&'static str, &'static str); 7] {
    [
        ("name", texts.events_name()),
        ("place", texts.events_place()),
        ("description", texts.events_description()),
        ("start_date", texts.events_start_date()),
        ("start_time", texts.events_start_time()),
        ("end_date", texts.events_end_date()),
        ("end_time", texts.events_end_time()),
    ]
}

fn form(
    texts: Texts,
    errors: &FieldErrors,
    typed: &EventAdminForm,
    action: String,
    submit: &'static str,
    hidden: impl IntoView + 'static,
) -> AnyView {
    let [name, place, description, start_date, start_time, end_date, end_time] = labels(texts);
    let input = |(name, label): (&'static str, &'static str), kind, hint: Option<&'static str>, value: &str| {
        let field = line(name, label, value).kind(kind);
        let field = match hint {
            Some(hint) => field.hint(hint),
            None => field,
        };
        field.view(texts, errors).into_any()
    };
    view! {
        <form class="card form" id=FORM method="post" action=action>
            {hidden}
            {input(name, "text", None, &typed.name)}
            {input(place, "text", Some(texts.events_place_hint()), &typed.place)}
            {text(description.0, description.1, &typed.description).hint(texts.events_description_hint()).view(texts, errors)}
            <div class="both">
                {input(start_date, "date", None, &typed.start_date)}
                {input(start_time, "time", None, &typed.start_time)}
            </div>
            <div class="both">
                {input(end_date, "date", None, &typed.end_date)}
                {input(end_time, "time", None, &typed.end_time)}
            </div>
            <p class="hint">{texts.events_end_hint()}</p>
            <button class="button button--wide">{submit}</button>
        </form>
    }
    .into_any()
}

/// What the page of an event shows again: the form, or the error of the button that closes and reopens it.
#[derive(Default)]
pub(crate) struct EventShown {
    typed: Option<EventAdminForm>,
    errors: FieldErrors,
}

impl From<Shown<EventAdminForm>> for EventShown {
    fn from(Shown { form, errors }: Shown<EventAdminForm>) -> Self {
        Self { typed: Some(form), errors }
    }
}

impl From<Shown<EventStateForm>> for EventShown {
    fn from(Shown { errors, .. }: Shown<EventStateForm>) -> Self {
        Self { typed: None, errors }
    }
}

/// `/admin/evenements/{event}`: one event, which can be changed, closed or reopened.
pub(crate) async fn event(page: Page, shown: EventShown) -> PageResult {
    let id: EventId = page.param("event").map_err(|_| PortError::NotFound)?;
    let row = page.host.events.event(&page.actor(), id).await?;
    let texts = page.texts;
    let title = row.event.name.clone();
    let over = row.event.state(page.host.calendar.now()) == EventState::Over;
    let document = Document::new(Area::AdminForm, title, move || {
        let event = &row.event;
        let now = page.host.calendar.now();
        let EventShown { typed, errors } = shown;
        let typed = typed.unwrap_or_else(|| EventAdminForm::of(event, &*page.host.calendar));
        let base = format!("{BASE}/{id}");
        let registrations = row.registrations.map(|count| view! { <p>{texts.events_count(count)}</p> });
        let hand_over = page.leads_to("/admin/evenements/{event}/transmettre").then(|| {
            view! {
                <a class="button button--second" href=format!("{base}/transmettre")>
                    {icon(UPLOAD)}
                    {texts.events_hand_over()}
                </a>
            }
        });
        let content = if over {
            (!event.description.is_empty())
                .then(|| view! { <p class="verbatim">{event.description.clone()}</p> })
                .into_any()
        } else {
            form(texts, &errors, &typed, base.clone(), texts.events_change(), hidden_id("event", id)).into_any()
        };
        view! {
            <div class="page-head">
                {back(BASE, texts.events_title())}
                <h1>{event.name.clone()}</h1>
                <p class="lead">{event.place.clone()}</p>
            </div>
            {told(&page)}
            {error_summary(texts, &errors, &labels(texts))}
            {(!over).then(|| live::<ChangeEvent>(&page, FORM, None))}
            <section class="card" aria-labelledby="t-etat">
                <h2 id="t-etat">{texts.events_registration()}</h2>
                <p class="with-icon">{icon(CLOCK)}<span>{moments(&page, event)}</span></p>
                <p>{state(texts, event, now)}</p>
                {registrations}
                <div class="row">
                    {switch(texts, event, now, &base)}
                    {hand_over}
                </div>
            </section>
            {content}
        }
    });
    Ok(if over { document.without_island() } else { document })
}

/// The button that closes or reopens an event with one click. An event that is over has none.
fn switch(texts: Texts, event: &Event, now: Instant, base: &str) -> Option<AnyView> {
    let (action, label, class) = match event.state(now) {
        EventState::Open => ("close", texts.events_close(), "button button--second"),
        EventState::Closed => ("open", texts.events_open(), "button"),
        EventState::Over => return None,
    };
    Some(
        view! {
            <form method="post" action=format!("{base}/fermer")>
                <button class=class name="action" value=action>{label}</button>
            </form>
        }
        .into_any(),
    )
}
