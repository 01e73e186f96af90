//! `/conseiller/jeunes`: the young people attached to the advisor (A2).

use crate::{
    components::{
        form::attributes,
        icon::{SEARCH, USERS, icon},
        install,
        layout::Area,
        message::{Level, empty},
        portfolio::{found, lead, searched},
        table::{pagination, table},
    },
    islands::{
        portfolio::{self as finder, PeopleFinder},
        spaces,
    },
    page::{Document, Page, PageResult},
    people,
};
use domain::{
    paging::Paged,
    portfolio::{PortfolioPage, PortfolioQuery, PortfolioRow},
    site::Module,
};
use leptos::prelude::*;

pub(crate) use crate::people::BASE;

/// The list, a page at a time.
pub(crate) async fn page(page: Page) -> PageResult {
    let search = searched(page.query("q"));
    let query = PortfolioQuery { search: search.clone(), page: page.query("page").parse().unwrap_or(1).max(1) };
    let list = page.host.portfolios.page(&page.actor(), query).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Staff, texts.staff_portfolio(), move || {
        let found = &list.found;
        let lead = lead(texts, found, &search);
        // Nobody is entrusted to them at all.
        let alone = found.rows.is_empty() && search.is_empty();
        let content = match alone {
            true => empty(Level::Two, USERS, texts.staff_none(), texts.staff_none_text(), ()).into_any(),
            false => people(&page, &list, &search).into_any(),
        };
        let sentences = [(spaces::FAILED, texts.staff_search_failed().to_owned())];
        view! {
            <div class="page-head">
                <h1>{texts.staff_portfolio()}</h1>
                <p class="lead" id=finder::LEAD>{lead}</p>
            </div>
            <form class="finder" id=finder::FORM action=BASE role="search" method="get" {..attributes(sentences)}>
                <label for=finder::FIELD>{texts.staff_search()}</label>
                <div>
                    <input type="search" id=finder::FIELD name="q" value=search.clone() maxlength="100" autocomplete="off"/>
                    <button class="button">{icon(SEARCH)}<span>{texts.staff_search_submit()}</span></button>
                </div>
                <PeopleFinder/>
            </form>
            <div class="beside">
                <div id=finder::LIST>{content}</div>
                <section id=finder::FILE aria-label=texts.staff_open_file() hidden></section>
            </div>
            // Where staff start, and not in the list that they come back to all day.
            {(page.path() == "/conseiller").then(|| install::hint(&page))}
        }
    }))
}

/// The list, with a way to each letter and to the other pages.
fn people(page: &Page, list: &PortfolioPage, search: &str) -> impl IntoView + use<> {
    let texts = page.texts;
    let nobody = list.found.rows.is_empty();
    let everybody = || view! { <a class="button button--second" href=BASE>{texts.staff_search_all()}</a> };
    let all = view! { <p id=finder::EVERYBODY hidden=search.is_empty() || nobody>{everybody()}</p> };
    let none = empty(Level::Two, SEARCH, texts.staff_no_match(), texts.staff_no_match_text(), everybody());
    let search = percent_encoding::utf8_percent_encode(search, percent_encoding::NON_ALPHANUMERIC).to_string();
    let href = |number: u32| match search.as_str() {
        "" => format!("{BASE}?page={number}"),
        search => format!("{BASE}?q={search}&page={number}"),
    };
    let found = &list.found;
    let letters = letters(page, list, &href);
    let pages = pagination(page.texts, found.page, found.pages(), &href);
    // What is hidden is there for the island, which shows it when a search asks for it.
    view! {
        {all}
        <div id=finder::NOBODY hidden=!nobody>{none}</div>
        {letters}
        <div class="card" hidden=nobody>{rows(page, found)}</div>
        {pages}
        <a class="button button--second" id=finder::MORE href=href(2) hidden>{texts.staff_search_more()}</a>
    }
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
fn rows(page: &Page, found_here: &Paged<PortfolioRow>) -> impl IntoView + use<> {
    let texts = page.texts;
    let mut columns = vec![texts.staff_name(), texts.staff_job(), texts.staff_next()];
    // Cells without a column are not shown.
    columns.extend(page.has(Module::Vault).then(|| texts.staff_vault()));
    let names: Vec<_> = columns.iter().map(|&name| name.to_owned()).collect();
    let mut letter = None;
    let rows: String = found_here
        .rows
        .iter()
        .map(|person| {
            let starts = letter.replace(person.initial) != Some(person.initial);
            let id = starts.then(|| anchor(person.initial));
            people::row(&found(page, person), id.as_deref(), &names)
        })
        .collect();
    let caption = texts.staff_caption(found_here.first(), found_here.last(), found_here.total);
    let body = view! { <tbody role="rowgroup" inner_html=rows></tbody> };
    table("table--links people", caption, &columns, body)
}
