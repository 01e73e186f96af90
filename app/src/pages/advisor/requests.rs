//! `/conseiller/demandes`: what visitors sent, for the staff whose work it is (A5).

pub(crate) mod request;

use crate::{
    components::{
        field::{Choice, options},
        format,
        icon::{CIRCLE_CHECK, CLOCK, FOLDER, MAIL, SEARCH, TRIANGLE_ALERT, icon},
        layout::Area,
        message::{Level, Tone, badge, empty},
        navigation::tabs,
        request::{kind_name, state_badge},
        table::{Row, Table, pagination},
    },
    page::{Document, Page, PageResult},
    texts::Texts,
};
use domain::{
    inbox::{InboxPage, InboxQuery, RequestRow, RequestState, Whose},
    requests::RequestKind,
};
use leptos::prelude::*;

pub(crate) const BASE: &str = "/conseiller/demandes";

/// The list, a page at a time.
pub(crate) async fn page(page: Page) -> PageResult {
    let query = InboxQuery {
        kind: RequestKind::from_code(page.query("formulaire")),
        state: RequestState::from_code(page.query("etat")),
        whose: Whose::from_code(page.query("suivi")).unwrap_or_default(),
        page: page.query("page").parse().unwrap_or(1).max(1),
    };
    let inbox = page.host.inbox.list(&page.actor(), query.clone()).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Staff, texts.inbox_title(), move || {
        let narrowed = query.kind.is_some() || query.whose != Whose::Anybody;
        let total = inbox.found.total;
        let lead =
            if narrowed || query.state.is_some() { texts.inbox_lead_found(total) } else { texts.inbox_lead(total) };
        let content = if inbox.found.rows.is_empty() {
            let (title, text) = if narrowed || query.state.is_some() {
                (texts.inbox_no_match(), texts.inbox_no_match_text())
            } else {
                (texts.inbox_empty(), texts.inbox_empty_text())
            };
            empty(Level::Two, MAIL, title, text, ()).into_any()
        } else {
            let address = |number| address(&query, query.state, number);
            let pages = pagination(texts, inbox.found.page, inbox.found.pages(), &address);
            view! { {table(&page, &inbox)} {pages} }.into_any()
        };
        view! {
            <div class="page-head">
                <h1>{texts.inbox_title()}</h1>
                <p class="lead">{lead}</p>
            </div>
            {states(texts, &query, &inbox)}
            {filters(&page, &query, &inbox, narrowed)}
            {content}
        }
    }))
}

/// The address of a page of the list that keeps what was looked for.
fn address(query: &InboxQuery, state: Option<RequestState>, number: u32) -> String {
    let kind = query.kind.map_or("", RequestKind::code);
    let state = state.map_or("", RequestState::code);
    format!("{BASE}?formulaire={kind}&etat={state}&suivi={}&page={number}", query.whose.code())
}

/// How many are in each state, and the way to them.
fn states(texts: Texts, query: &InboxQuery, inbox: &InboxPage) -> impl IntoView + use<> {
    let state = |state, name: String, svg| (address(query, state, 1), name, svg, query.state == state);
    let counts = inbox.counts;
    tabs(
        texts.inbox_states().to_owned(),
        vec![
            state(None, texts.inbox_to_do(counts.of(None)), FOLDER),
            state(Some(RequestState::New), texts.inbox_new(counts.new), MAIL),
            state(Some(RequestState::Open), texts.inbox_open(counts.open), CLOCK),
            state(Some(RequestState::Closed), texts.inbox_closed(counts.closed), CIRCLE_CHECK),
        ],
    )
}

fn filters(page: &Page, query: &InboxQuery, inbox: &InboxPage, narrowed: bool) -> impl IntoView + use<> {
    let texts = page.texts;
    let kind = query.kind.map_or("", RequestKind::code);
    let kinds: Vec<_> = inbox.kinds.iter().filter(|kind| page.has(kind.module())).copied().collect();
    let kinds = kinds.into_iter().map(move |kind| Choice::new(kind.code(), kind_name(texts, kind)));
    let whose = Whose::ALL.map(|whose| {
        let name = match whose {
            Whose::Anybody => texts.inbox_whose_any(),
            Whose::Mine => texts.inbox_whose_mine(),
            Whose::Nobody => texts.inbox_whose_nobody(),
        };
        Choice::new(whose.code(), name)
    });
    let state = query.state.map(|state| view! { <input type="hidden" name="etat" value=state.code()/> });
    let all = narrowed.then(|| {
        let everything = address(&InboxQuery::default(), query.state, 1);
        view! { <a class="button button--quiet" href=everything>{texts.inbox_filter_all()}</a> }
    });
    view! {
        <form class="filters" method="get" action=BASE>
            {state}
            <div class="field">
                <label for="formulaire">{texts.inbox_kind()}</label>
                <select id="formulaire" name="formulaire">
                    <option value="">{texts.inbox_kind_any()}</option>
                    {options(kinds, kind)}
                </select>
            </div>
            <div class="field">
                <label for="suivi">{texts.inbox_whose()}</label>
                <select id="suivi" name="suivi">{options(whose, query.whose.code())}</select>
            </div>
            <button class="button">{icon(SEARCH)}{texts.inbox_filter()}</button>
            {all}
        </form>
    }
}

/// A table on a tablet, cards on a phone.
fn table(page: &Page, inbox: &InboxPage) -> impl IntoView + use<> {
    let texts = page.texts;
    let found = &inbox.found;
    let (first, last) = (found.first(), found.last());
    let columns = vec![
        texts.inbox_person(),
        texts.inbox_received(),
        texts.inbox_state(),
        texts.inbox_holder(),
        texts.inbox_goes_on(),
    ];
    let table = Table {
        class: "table--links",
        caption: texts.inbox_caption(first, last, found.total),
        columns,
        rows: found.rows.iter().map(|row| line(page, row)).collect(),
    };
    view! { <div class="card">{table.view()}</div> }
}

fn line(page: &Page, row: &RequestRow) -> Row {
    let texts = page.texts;
    let head = view! {
        <a href=format!("{BASE}/{}", row.id)>{row.name.clone()}</a>
        <br/>
        <span class="hint">{kind_name(texts, row.kind)}</span>
    };
    let holder = row.holder.clone().unwrap_or_else(|| texts.inbox_nobody().to_owned());
    let state = view! { <span>{state_badge(texts, row.state)}" "{flagged(texts, row)}</span> };
    let cells = vec![
        Some(format::day_of(page, row.received_at).into_any()),
        Some(state.into_any()),
        Some(holder.into_any()),
        Some(goes_on(page, row).into_any()),
    ];
    Row::new(head.into_any(), cells)
}

/// Whether somebody should read it with care (A9).
fn flagged(texts: Texts, row: &RequestRow) -> Option<impl IntoView + use<>> {
    row.flagged.then(|| badge(Tone::Danger, TRIANGLE_ALERT, texts.inbox_flagged()))
}

/// The day it is gone.
fn goes_on(page: &Page, row: &RequestRow) -> String {
    let texts = page.texts;
    row.goes_on.map_or_else(|| texts.inbox_goes_after_event().to_owned(), |day| format::date(texts, day))
}
