//! `/admin/droits`: the requests of people about their own data, for the data-protection officer (E15).

pub(crate) mod request;

use crate::{
    components::{
        format,
        icon::{CIRCLE_CHECK, CLOCK, SCALE},
        layout::Area,
        message::{Level, Tone, empty, message},
        navigation::tabs,
        rights::{right_name, state_badge, urgency_badge},
        table::{Row, Table, pagination},
    },
    page::{Document, Page, PageResult},
};
use domain::rights::{RightsPage, RightsRow, SOON_DAYS};
use leptos::prelude::*;

pub(crate) const BASE: &str = "/admin/droits";

/// The list: the open requests by their due date, or the answered ones.
pub(crate) async fn page(page: Page) -> PageResult {
    let closed = page.query("etat") == "closes";
    let number = page.query("page").parse().unwrap_or(1);
    let list = page.host.rights.list(&page.actor(), closed, number).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.officer_title(), move || {
        let state = if closed { "?etat=closes&page=" } else { "?page=" };
        let content = if list.found.rows.is_empty() {
            let (title, text) = if closed {
                (texts.officer_empty_done(), texts.officer_empty_done_text())
            } else {
                (texts.officer_empty(), texts.officer_empty_text())
            };
            empty(Level::Two, SCALE, title, text, ()).into_any()
        } else {
            let address = |number| format!("{BASE}{state}{number}");
            let pages = pagination(texts, list.found.page, list.found.pages(), &address);
            view! { {table(&page, &list, closed)} {pages} }.into_any()
        };
        let ways = vec![
            (BASE.to_owned(), texts.officer_to_do().to_owned(), CLOCK, !closed),
            (format!("{BASE}?etat=closes"), texts.officer_done().to_owned(), CIRCLE_CHECK, closed),
        ];
        view! {
            <div class="page-head">
                <h1>{texts.officer_title()}</h1>
                <p class="lead">{texts.officer_lead(list.open)}</p>
            </div>
            {pressing(&page, &list)}
            {tabs(texts.officer_tabs().to_owned(), ways)}
            {content}
        }
    }))
}

/// How many requests are late, and how many soon will be.
pub(crate) fn pressing(page: &Page, list: &RightsPage) -> impl IntoView + use<> {
    let texts = page.texts;
    let late = (list.late > 0).then(|| message(Tone::Danger, texts.officer_late(list.late), texts.officer_late_text()));
    let soon = (list.soon > 0)
        .then(|| message(Tone::Warning, texts.officer_soon(list.soon, SOON_DAYS), texts.officer_soon_text()));
    view! { {late} {soon} }
}

fn table(page: &Page, list: &RightsPage, closed: bool) -> impl IntoView + use<> {
    let texts = page.texts;
    let found = &list.found;
    let (first, last) = (found.first(), found.last());
    let caption = if closed {
        texts.officer_caption_done(first, last, found.total)
    } else {
        texts.officer_caption(first, last, found.total)
    };
    let columns = vec![texts.officer_person(), texts.officer_received(), texts.officer_due(), texts.officer_state()];
    let rows = found.rows.iter().map(|row| line(page, row)).collect();
    let table = Table { class: "table--links", caption, columns, rows };
    view! { <div class="card">{table.view()}</div> }
}

fn line(page: &Page, row: &RightsRow) -> Row {
    let texts = page.texts;
    let head = view! {
        <a href=format!("{BASE}/{}", row.id)>{row.name.clone()}</a>
        <br/>
        <span class="hint">{right_name(texts, row.right)}</span>
    };
    let due = view! {
        <span>{format::date(texts, row.due_on)}" "{urgency_badge(texts, row, page.today())}</span>
    };
    let cells = vec![
        Some(format::day_of(page, row.received_at).into_any()),
        Some(due.into_any()),
        Some(state_badge(texts, row).into_any()),
    ];
    Row::new(head.into_any(), cells)
}
