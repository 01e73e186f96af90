//! `/recherche`: finding a page, a form, an event or a piece of news (F7). The form is plain, so people can keep the
//! address of a search.

use crate::{
    components::{
        icon::{CALENDAR_CLOCK, CHEVRON_RIGHT, FILE_TEXT, INFO, PENCIL, SEARCH, icon},
        layout::Area,
        message::{Level, empty},
        table::pagination,
    },
    find,
    islands::suggest::{self, Suggestions},
    page::{Document, Page, PageResult},
    texts::Texts,
};
use domain::{
    paging::Paged,
    search::{EntryKind, PAGE_SIZE, QUERY_MAX, SearchResult},
};
use leptos::{
    attr::{any_attribute::IntoAnyAttribute, custom::custom_attribute},
    prelude::*,
};

/// The results, or links to start from.
pub(crate) async fn page(page: Page) -> PageResult {
    let query: String = page.query("q").trim().chars().take(QUERY_MAX).collect();
    let number = page.query("page").parse().unwrap_or(1).max(1);
    let found = match query.is_empty() {
        true => Paged::of(0, 1, PAGE_SIZE),
        false => page.host.searches.search(&query, number).await?,
    };
    let texts = page.texts;
    let title = if query.is_empty() { texts.search_title().to_owned() } else { texts.search_title_of(&query) };
    Ok(Document::new(Area::PublicForm, title, move || {
        let encoded = percent_encoding::utf8_percent_encode(&query, percent_encoding::NON_ALPHANUMERIC).to_string();
        let href = |number: u32| format!("/recherche?q={encoded}&page={number}");
        let content = if query.is_empty() {
            suggestions(&page).into_any()
        } else if found.rows.is_empty() {
            let nothing = empty(Level::Two, SEARCH, texts.search_none(&query), texts.search_none_text(), ());
            view! { {nothing}{suggestions(&page)} }.into_any()
        } else {
            let rows: Vec<_> = found.rows.iter().map(|finding| result(texts, finding)).collect();
            view! {
                <section class="stack" aria-labelledby="t-resultats">
                    <h2 id="t-resultats">{texts.search_count(found.total)}</h2>
                    <div class="card"><ol class="todo plain">{rows}</ol></div>
                </section>
            }
            .into_any()
        };
        view! {
            <div class="page-head">
                <h1>{texts.search_title()}</h1>
                <p class="lead">{texts.search_lead()}</p>
            </div>
            <form class="finder" method="get" action="/recherche" role="search">
                <label for="q">{texts.search_label()}</label>
                <div>
                    <input
                        type="search"
                        id="q"
                        name="q"
                        value=query.clone()
                        maxlength=QUERY_MAX.to_string()
                        autocomplete="off"
                        required
                    />
                    <button class="button">{icon(SEARCH)}{texts.search_submit()}</button>
                </div>
                {suggesting(texts)}
            </form>
            {content}
            {pagination(texts, found.page, found.pages(), &href)}
        }
    }))
}

fn result(texts: Texts, finding: &SearchResult) -> impl IntoView + use<> {
    let (svg, kind) = match finding.kind {
        EntryKind::Page => (FILE_TEXT, texts.search_kind_page()),
        EntryKind::Form => (PENCIL, texts.search_kind_form()),
        EntryKind::Event => (CALENDAR_CLOCK, texts.search_kind_event()),
        EntryKind::News => (INFO, texts.search_kind_news()),
    };
    view! {
        <li>
            <span class="todo-icon">{icon(svg)}</span>
            <div>
                <h3><a href=finding.path.clone()>{finding.title.clone()}</a></h3>
                <p class="hint">{kind}". "{finding.summary.clone()}</p>
            </div>
            {icon(CHEVRON_RIGHT)}
        </li>
    }
}

/// The place where suggestions appear while somebody types, and the texts that announce them.
fn suggesting(texts: Texts) -> impl IntoView {
    let attributes: Vec<_> = [
        (suggest::NAME, texts.search_suggestions().to_owned()),
        (suggest::COUNT, texts.search_suggestions_count("{count}")),
    ]
    .map(|(name, value)| custom_attribute(name, value).into_any_attr())
    .into();
    view! { <div class="suggesting" id={suggest::PLACE} {..attributes}><Suggestions/></div> }
}

/// The pages that most people look for.
fn suggestions(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let links: Vec<_> = find::suggested(&page.host.site, page.routes)
        .into_iter()
        .map(|entry| view! { <li><a href=entry.path>{entry.title}</a></li> })
        .collect();
    view! {
        <section class="card" aria-labelledby="t-idees">
            <h2 id="t-idees">{texts.search_ideas()}</h2>
            <ul class="chips plain">{links}</ul>
        </section>
    }
}
