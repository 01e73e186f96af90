//! `/conseiller/jeunes`: the young people attached to the advisor (A2).

use crate::{
    components::{
        format,
        icon::{CALENDAR_CLOCK, EYE, SEARCH, USERS, icon},
        install,
        layout::Area,
        message::{Level, Tone, badge, empty},
        person::avatar,
        portfolio::{about, lead, searched},
        table::{Row, Table, pagination},
    },
    page::{Document, Page, PageResult},
};
use domain::{
    paging::Paged,
    portfolio::{PortfolioPage, PortfolioQuery, PortfolioRow},
    site::Module,
};
use leptos::prelude::*;

pub(crate) const BASE: &str = "/conseiller/jeunes";
/// The list, a page at a time.
pub(crate) async fn page(page: Page) -> PageResult {
    let search = searched(page.query("q"));
    let query = PortfolioQuery { search: search.clone(), page: page.query("page").parse().unwrap_or(1).max(1) };
    let list = page.host.portfolios.page(&page.actor(), query).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Staff, texts.staff_portfolio(), move || {
        let found = &list.found;
        let lead = lead(texts, found, &search);
        let all = || view! { <a class="button button--second" href=BASE>{texts.staff_search_all()}</a> };
        let content = match (found.rows.is_empty(), search.is_empty()) {
            (false, _) => people(&page, &list, &search).into_any(),
            (true, true) => empty(Level::Two, USERS, texts.staff_none(), texts.staff_none_text(), ()).into_any(),
            (true, false) => {
                empty(Level::Two, SEARCH, texts.staff_no_match(), texts.staff_no_match_text(), all()).into_any()
            }
        };
        let all = (!search.is_empty() && !found.rows.is_empty()).then(all);
        view! {
            <div class="page-head">
                <h1>{texts.staff_portfolio()}</h1>
                <p class="lead">{lead}</p>
            </div>
            <form class="finder" role="search" method="get" action=BASE>
                <label for="q">{texts.staff_search()}</label>
                <div>
                    <input type="search" id="q" name="q" value=search.clone() maxlength="100" autocomplete="off"/>
                    <button class="button">{icon(SEARCH)}<span>{texts.staff_search_submit()}</span></button>
                </div>
            </form>
            {all}
            {content}
            // Where staff start, and not in the list that they come back to all day.
            {(page.path() == "/conseiller").then(|| install::hint(&page))}
        }
    }))
}

/// The list, with a way to each letter and to the other pages.
fn people(page: &Page, list: &PortfolioPage, search: &str) -> impl IntoView + use<> {
    let search = percent_encoding::utf8_percent_encode(search, percent_encoding::NON_ALPHANUMERIC).to_string();
    let href = |number: u32| match search.as_str() {
        "" => format!("{BASE}?page={number}"),
        search => format!("{BASE}?q={search}&page={number}"),
    };
    let found = &list.found;
    let letters = letters(page, list, &href);
    let pages = pagination(page.texts, found.page, found.pages(), &href);
    view! { {letters} {table(page, found)} {pages} }
}

/// A few people are seen at a glance; from here on a letter is quicker.
const LETTERS_FROM: u64 = 8;

/// From a letter to its first person, on whatever page they are.
fn letters(page: &Page, list: &PortfolioPage, href: &dyn Fn(u32) -> String) -> Option<impl IntoView + use<>> {
    let found = &list.found;
    let links: Vec<_> = list
        .initials
        .iter()
        .map(|initial| {
            let anchor = anchor(initial.letter);
            // On the page itself nothing has to be loaded again.
            let href = if initial.page() == found.page {
                format!("#{anchor}")
            } else {
                format!("{}#{anchor}", href(initial.page()))
            };
            view! { <a href=href>{initial.letter.to_uppercase().to_string()}</a> }
        })
        .collect();
    let useful = found.total >= LETTERS_FROM && links.len() > 1;
    useful.then(|| view! { <nav class="letters" aria-label=page.texts.staff_letters()>{links}</nav> })
}

fn anchor(letter: char) -> String {
    format!("lettre-{letter}")
}

/// A table on a tablet, a list on a phone.
fn table(page: &Page, found: &Paged<PortfolioRow>) -> impl IntoView + use<> {
    let texts = page.texts;
    let (first, last) = (found.first(), found.last());
    let mut letter = None;
    let rows = found
        .rows
        .iter()
        .map(|person| {
            let starts = letter.replace(person.initial) != Some(person.initial);
            Row { id: starts.then(|| anchor(person.initial)), ..line(page, person) }
        })
        .collect();
    let mut columns = vec![texts.staff_name(), texts.staff_job(), texts.staff_next()];
    // Cells without a column are not shown.
    columns.extend(page.has(Module::Vault).then(|| texts.staff_vault()));
    let table =
        Table { class: "table--links people", caption: texts.staff_caption(first, last, found.total), columns, rows };
    view! { <div class="card">{table.view()}</div> }
}

fn line(page: &Page, person: &PortfolioRow) -> Row {
    let texts = page.texts;
    let about = about(page, person);
    let head = view! {
        <span class="person">
            {avatar(&person.name, false)}
            <span>
                <a class="person-name" href=format!("{BASE}/{}", person.youth)>{person.name.clone()}</a>
                <br/>
                <span class="hint">{about}</span>
            </span>
        </span>
    };
    let job = person.target_job.clone().map(IntoAny::into_any);
    let next = match person.next_at {
        Some(at) => {
            view! { <span class="with-icon">{icon(CALENDAR_CLOCK)}<span>{format::day_and_hour(page, at)}</span></span> }
                .into_any()
        }
        None => view! { <span class="hint">{texts.staff_nothing_next()}</span> }.into_any(),
    };
    let shared = person.vault_shared.then(|| badge(Tone::Success, EYE, texts.staff_shared()).into_any());
    Row::new(head.into_any(), vec![job, Some(next), shared])
}
