//! `/conseiller/demandes`: what visitors sent, for the staff whose work it is (A5).

pub(crate) mod request;

use crate::{
    components::{
        field::{Choice, options},
        form::attributes,
        format,
        icon::{CIRCLE_CHECK, CLOCK, FOLDER, MAIL, SEARCH, TRIANGLE_ALERT, icon},
        layout::Area,
        message::{Level, Tone, badge, empty},
        navigation::tabs,
        request::{kind_name, state_badge},
        table::{Row, Table, pagination},
    },
    islands::{
        requests::{self as island, RequestList},
        spaces,
    },
    page::{Document, Page, PageResult},
    texts::Texts,
};
use domain::{
    ids::RequestId,
    inbox::{InboxPage, InboxQuery, RequestRow, RequestState, Whose},
    requests::RequestKind,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

pub(crate) const BASE: &str = "/conseiller/demandes";

/// The list, a page at a time.
pub(crate) async fn page(page: Page) -> PageResult {
    let query = asked(|name| page.query(name));
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
            view! { {table(&page, &query, &inbox)} {pages} }.into_any()
        };
        view! {
            <div class="page-head">
                <h1>{texts.inbox_title()}</h1>
                <p class="lead">{lead}</p>
            </div>
            {request::said(&page)}
            {states(texts, &query, &inbox)}
            {filters(&page, &query, &inbox, narrowed)}
            <div {..attributes(sentences(texts))} id=island::LIST class="stack">
                <RequestList/>
                {content}
            </div>
        }
    }))
}

/// What the island says.
fn sentences(texts: Texts) -> [(&'static str, String); 5] {
    [
        (island::TAKEN, texts.inbox_done_take().to_owned()),
        (island::HANDED, texts.inbox_done_hand().to_owned()),
        (island::CLOSED, texts.inbox_done_close().to_owned()),
        (island::OVERTAKEN, texts.inbox_over().to_owned()),
        (spaces::FAILED, texts.inbox_failed().to_owned()),
    ]
}

/// What a list is asked for, by the values of its address.
fn asked<'a>(value: impl Fn(&str) -> &'a str) -> InboxQuery {
    InboxQuery {
        kind: RequestKind::from_code(value("formulaire")),
        state: RequestState::from_code(value("etat")),
        whose: Whose::from_code(value("suivi")).unwrap_or_default(),
        page: value("page").parse().unwrap_or(1).max(1),
    }
}

/// The address of the list that `list` describes, as [`described`] wrote it: always one of this page.
pub(crate) fn address_of(list: &str) -> String {
    let values: BTreeMap<String, String> = serde_html_form::from_str(list).unwrap_or_default();
    let query = asked(|name| values.get(name).map_or("", String::as_str));
    address(&query, query.state, query.page)
}

/// What a form of the list carries, so that it comes back to the same list.
fn described(query: &InboxQuery) -> String {
    address(query, query.state, query.page).split_once('?').map(|(_, values)| values.to_owned()).unwrap_or_default()
}

/// The anchor of a request in the list.
pub(crate) fn anchor(request: RequestId) -> String {
    format!("demande-{request}")
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
fn table(page: &Page, query: &InboxQuery, inbox: &InboxPage) -> impl IntoView + use<> {
    let texts = page.texts;
    let found = &inbox.found;
    let (first, last) = (found.first(), found.last());
    let columns = vec![
        texts.inbox_person(),
        texts.inbox_received(),
        texts.inbox_state(),
        texts.inbox_holder(),
        texts.inbox_goes_on(),
        texts.inbox_actions(),
    ];
    let list = described(query);
    let table = Table {
        class: "table--links requests",
        caption: texts.inbox_caption(first, last, found.total),
        columns,
        rows: found.rows.iter().map(|row| line(page, &list, row)).collect(),
    };
    view! { <div class="card">{table.view()}</div> }
}

fn line(page: &Page, list: &str, row: &RequestRow) -> Row {
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
        (row.state != RequestState::Closed).then(|| actions(texts, list, row).into_any()),
    ];
    Row { id: Some(anchor(row.id)), head: head.into_any(), cells }
}

/// What can be done with a request right in the list.
fn actions(texts: Texts, list: &str, row: &RequestRow) -> impl IntoView + use<> {
    let path = format!("{BASE}/{}", row.id);
    let button = |action: &'static str, text: &'static str| {
        view! {
            <form method="post" action=path.clone()>
                <input type="hidden" name="list" value=list.to_owned()/>
                <button class="button button--quiet button--small" name="action" value=action>
                    {text}<span class="sr">" "{row.name.clone()}</span>
                </button>
            </form>
        }
    };
    let take = row.holder.is_none().then(|| button("take", texts.inbox_take()));
    let encoded = percent_encoding::utf8_percent_encode(list, percent_encoding::NON_ALPHANUMERIC);
    let href = format!("{path}?liste={encoded}#{}", island::HAND_FORM);
    view! {
        <div class=island::ACTIONS>
            {take}
            <a class=format!("button button--quiet button--small {}", island::HAND) href=href>
                {texts.inbox_hand_submit()}<span class="sr">" "{row.name.clone()}</span>
            </a>
            {button("close", texts.inbox_close_here())}
        </div>
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_a_form_names_is_a_list_of_this_page() {
        let query =
            InboxQuery { state: Some(RequestState::Open), whose: Whose::Mine, page: 2, ..InboxQuery::default() };
        assert_eq!(described(&query), "formulaire=&etat=open&suivi=moi&page=2");
        assert_eq!(address_of(&described(&query)), address(&query, query.state, query.page));
        let first = format!("{BASE}?formulaire=&etat=&suivi=&page=1");
        for elsewhere in ["https://ailleurs.test/", "//ailleurs.test", "page=x&etat=%0d%0a", "\0", "etat=open#x"] {
            assert_eq!(address_of(elsewhere), first, "{elsewhere}");
        }
    }
}
