//! `/conseiller/jeunes`: the young people attached to the advisor (A2).

use crate::{
    components::{
        format,
        icon::{CHEVRON_LEFT, CHEVRON_RIGHT, EYE, SEARCH, USERS, icon},
        layout::Area,
        person::avatar,
    },
    page::{Document, Page, PageResult},
};
use domain::{
    portfolio::{PAGE_SIZE, PortfolioPage, PortfolioQuery, PortfolioRow},
    site::Module,
};
use leptos::prelude::*;

const BASE: &str = "/conseiller/jeunes";

/// The list, a page at a time.
pub(crate) async fn page(page: Page) -> PageResult {
    let search: String = page.query("q").trim().chars().take(100).collect();
    let query = PortfolioQuery { search: search.clone(), page: page.query("page").parse().unwrap_or(1).max(1) };
    let found = page.host.portfolios.page(&page.actor(), query).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Staff, texts.staff_portfolio(), move || {
        let lead =
            if search.is_empty() { texts.staff_total(found.total) } else { texts.staff_found(found.total, &search) };
        let content = match (found.rows.is_empty(), search.is_empty()) {
            (false, _) => view! { {table(&page, &found)} {pagination(&page, &found, &search)} }.into_any(),
            (true, true) => empty(USERS, texts.staff_none(), texts.staff_none_text()).into_any(),
            (true, false) => empty(SEARCH, texts.staff_no_match(), texts.staff_no_match_text()).into_any(),
        };
        let all = (!search.is_empty())
            .then(|| view! { <a class="button button--quiet" href=BASE>{texts.staff_search_all()}</a> });
        view! {
            <div class="page-head">
                <h1>{texts.staff_portfolio()}</h1>
                <p class="lead">{lead}</p>
            </div>
            <form class="filters" role="search" method="get" action=BASE>
                <div class="field field--grow">
                    <label for="q">{texts.staff_search()}</label>
                    <input type="search" id="q" name="q" value=search.clone() maxlength="100" autocomplete="off"/>
                </div>
                <button class="button">{icon(SEARCH)}{texts.staff_search_submit()}</button>
                {all}
            </form>
            {content}
        }
    }))
}

fn empty(svg: &'static str, title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">{icon(svg)}</span>
            <h2>{title}</h2>
            <p>{text}</p>
        </div>
    }
}

/// A table on a tablet, a list on a phone: each cell names its column.
fn table(page: &Page, found: &PortfolioPage) -> impl IntoView + use<> {
    let texts = page.texts;
    let first = u64::from(found.page.saturating_sub(1)) * u64::from(PAGE_SIZE) + 1;
    let last = first + u64::try_from(found.rows.len()).unwrap_or_default().saturating_sub(1);
    let vault = page.has(Module::Vault).then(|| texts.staff_vault());
    let columns: Vec<_> = [texts.staff_name(), texts.staff_city(), texts.staff_job(), texts.staff_next()]
        .into_iter()
        .chain(vault)
        .map(|column| view! { <th role="columnheader" scope="col">{column}</th> })
        .collect();
    let rows: Vec<_> = found.rows.iter().map(|row| line(page, row)).collect();
    view! {
        <div class="card">
            <table class="table table--links" role="table">
                <caption>{texts.staff_caption(first, last, found.total)}</caption>
                <thead role="rowgroup"><tr role="row">{columns}</tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

fn line(page: &Page, row: &PortfolioRow) -> impl IntoView + use<> {
    let texts = page.texts;
    let next = match row.next_at {
        Some(at) => view! { <span>{format::day_and_hour(page, at)}</span> }.into_any(),
        None => view! { <span class="hint">{texts.staff_nothing_next()}</span> }.into_any(),
    };
    let shared =
        row.vault_shared.then(|| view! { <span class="badge badge--success">{icon(EYE)}{texts.staff_shared()}</span> });
    let shared =
        page.has(Module::Vault).then(|| view! { <td role="cell" data-label=texts.staff_vault()>{shared}</td> });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row">
                <span class="person">
                    {avatar(&row.name, false)}
                    <span>
                        <a href=format!("{BASE}/{}", row.youth)>{row.name.clone()}</a>
                        <br/>
                        <span class="hint">{age(page, row.birth_date)}</span>
                    </span>
                </span>
            </th>
            <td role="cell" data-label=texts.staff_city()>{row.city.clone()}</td>
            <td role="cell" data-label=texts.staff_job()>{row.target_job.clone()}</td>
            <td role="cell" data-label=texts.staff_next()>{next}</td>
            {shared}
        </tr>
    }
}

/// « 19 ans ».
pub(super) fn age(page: &Page, birth_date: domain::time::CivilDate) -> String {
    page.texts.staff_age(u64::try_from(birth_date.age_on(page.today())).unwrap_or_default())
}

fn pagination(page: &Page, found: &PortfolioPage, search: &str) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    let pages = found.pages();
    let search = percent_encoding::utf8_percent_encode(search, percent_encoding::NON_ALPHANUMERIC).to_string();
    let href = |number: u32| match search.as_str() {
        "" => format!("{BASE}?page={number}"),
        search => format!("{BASE}?q={search}&page={number}"),
    };
    (pages > 1).then(|| {
        let previous = if found.page > 1 {
            let href = href(found.page - 1);
            view! { <a class="button button--second" rel="prev" href=href>{icon(CHEVRON_LEFT)}{texts.staff_previous()}</a> }.into_any()
        } else {
            view! { <span></span> }.into_any()
        };
        let following = if found.page < pages {
            let href = href(found.page + 1);
            view! { <a class="button button--second" rel="next" href=href>{texts.staff_following()}{icon(CHEVRON_RIGHT)}</a> }.into_any()
        } else {
            view! { <span></span> }.into_any()
        };
        view! {
            <nav class="pages" aria-label=texts.staff_pages()>
                {previous}
                <span>{texts.staff_page(found.page, pages)}</span>
                {following}
            </nav>
        }
    })
}
