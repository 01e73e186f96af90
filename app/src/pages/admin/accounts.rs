//! `/admin/comptes`: the accounts of staff, their roles, and what happened to them (A8).

pub(crate) mod change;
pub(crate) mod proposals;

use crate::{
    components::{
        account::{event_name, role_name, roles, state_badge, state_name},
        field::{Choice, options},
        format,
        icon::{HISTORY, KEY_ROUND, PENCIL, PLUS, SEARCH, TRIANGLE_ALERT, icon},
        layout::Area,
        message::{Level, empty, success},
        navigation::back,
        person::{avatar, facts},
        table::{Row, Step, Table, pagination, timeline},
    },
    page::{Document, Page, PageResult},
};
use domain::{
    accounts::{AccountDetail, AccountQuery, AccountRow, AccountState, Author},
    actor::{Kind, Role},
    ids::AccountId,
    paging::Paged,
};
use leptos::prelude::*;

pub(crate) const BASE: &str = "/admin/comptes";

/// Whether the visitor may propose and suspend; others may only read.
fn is_administrator(page: &Page) -> bool {
    matches!(page.actor().kind(), Kind::Staff { role: Role::Administrator, .. })
}

/// The list, one page at a time.
pub(crate) async fn page(page: Page) -> PageResult {
    let search: String = page.query("q").trim().chars().take(80).collect();
    let query = AccountQuery {
        search: search.clone(),
        role: Role::from_code(page.query("role")),
        state: AccountState::from_code(page.query("etat")),
        page: page.query("page").parse().unwrap_or(1).max(1),
    };
    let found = page.host.accounts.page(&page.actor(), query.clone()).await?;
    let waiting = page.host.accounts.proposals(&page.actor(), 1).await?.total;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.accounts_title(), move || {
        let narrowed = !search.is_empty() || query.role.is_some() || query.state.is_some();
        let lead = if narrowed { texts.accounts_found(found.total) } else { texts.accounts_total(found.total) };
        let content = if found.rows.is_empty() {
            empty(Level::Two, SEARCH, texts.accounts_no_match(), texts.accounts_no_match_text(), ()).into_any()
        } else {
            let pages = pagination(texts, found.page, found.pages(), &|number| list_address(&query, number));
            view! { {table(&page, &found)} {pages} }.into_any()
        };
        let new = is_administrator(&page).then(|| {
            view! { <a class="button" href=format!("{BASE}/nouveau")>{icon(PLUS)}{texts.accounts_new()}</a> }
        });
        view! {
            <div class="page-head">
                <h1>{texts.accounts_title()}</h1>
                <p class="lead">{lead}</p>
            </div>
            {waits(&page, waiting)}
            {filters(&page, &query, narrowed)}
            {content}
            {new.map(|new| view! { <p>{new}</p> })}
        }
    }))
}

/// How many proposals wait for a second person, with a link to them.
pub(crate) fn waits(page: &Page, waiting: u64) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    (waiting > 0).then(|| {
        view! {
            <div class="message">
                {icon(KEY_ROUND)}
                <div>
                    <p><strong>{texts.admin_waiting_count(waiting)}</strong></p>
                    <a href=format!("{BASE}/propositions")>{texts.admin_waiting_open()}</a>
                </div>
            </div>
        }
    })
}

fn filters(page: &Page, query: &AccountQuery, narrowed: bool) -> impl IntoView + use<> {
    let texts = page.texts;
    let role = query.role.map_or("", Role::code);
    let state = query.state.map_or("", AccountState::code);
    let states = AccountState::ALL.iter().map(move |state| Choice::new(state.code(), state_name(texts, *state)));
    let all = narrowed.then(|| view! { <a class="button button--quiet" href=BASE>{texts.accounts_search_all()}</a> });
    view! {
        <form class="filters" role="search" method="get" action=BASE>
            <div class="field field--grow">
                <label for="q">{texts.accounts_search()}</label>
                <input type="search" id="q" name="q" value=query.search.clone() maxlength="80" autocomplete="off"/>
            </div>
            <div class="field">
                <label for="role">{texts.accounts_role()}</label>
                <select id="role" name="role">
                    <option value="">{texts.accounts_role_any()}</option>
                    {options(roles(texts), role)}
                </select>
            </div>
            <div class="field">
                <label for="etat">{texts.accounts_state()}</label>
                <select id="etat" name="etat">
                    <option value="">{texts.accounts_state_any()}</option>
                    {options(states, state)}
                </select>
            </div>
            <button class="button">{icon(SEARCH)}{texts.accounts_search_submit()}</button>
            {all}
        </form>
    }
}

/// The address of a page of the list, which keeps the search.
fn list_address(query: &AccountQuery, number: u32) -> String {
    let search = percent_encoding::utf8_percent_encode(&query.search, percent_encoding::NON_ALPHANUMERIC);
    let role = query.role.map_or("", Role::code);
    let state = query.state.map_or("", AccountState::code);
    format!("{BASE}?q={search}&role={role}&etat={state}&page={number}")
}

/// A table on a tablet, a list on a phone.
fn table(page: &Page, found: &Paged<AccountRow>) -> impl IntoView + use<> {
    let texts = page.texts;
    let (first, last) = (found.first(), found.last());
    let columns =
        vec![texts.accounts_name(), texts.accounts_role(), texts.accounts_state(), texts.accounts_last_sign_in()];
    let rows = found.rows.iter().map(|row| line(page, row)).collect();
    let caption = texts.accounts_caption(first, last, found.total);
    let table = Table { class: "table--links people", caption, columns, rows };
    view! { <div class="card">{table.view()}</div> }
}

fn line(page: &Page, row: &AccountRow) -> Row {
    let texts = page.texts;
    let head = view! {
        <span class="person">
            {avatar(&row.name, false)}
            <span>
                <a class="person-name" href=format!("{BASE}/{}", row.account)>{row.name.clone()}</a>
                <br/>
                <span class="hint">{row.identifier.clone()}</span>
            </span>
        </span>
    };
    let cells = vec![
        Some(role_name(texts, row.role).into_any()),
        Some(state_badge(texts, row.state).into_any()),
        Some(last_sign_in(page, row).into_any()),
    ];
    Row::new(head.into_any(), cells)
}

fn last_sign_in(page: &Page, row: &AccountRow) -> String {
    row.last_sign_in_at.map_or_else(|| page.texts.accounts_never().to_owned(), |at| format::day_of(page, at))
}

/// `/admin/comptes/{account}`: one account and what happened to it.
pub(crate) async fn account(page: Page) -> PageResult {
    let account: AccountId = page.param("account")?;
    let number = page.query("page").parse().unwrap_or(1);
    let detail = page.host.accounts.detail(&page.actor(), account, number).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, detail.row.name.clone(), move || {
        let said = match page.query("fait") {
            "propose" => Some(texts.propose_done()),
            "suspendu" => Some(texts.accounts_suspended()),
            _ => None,
        };
        view! {
            {head(&page, &detail)}
            {said.map(|text| success(text.to_owned()))}
            <div class="split">
                <div>
                    {about(&page, &detail)}
                    {history(&page, &detail)}
                </div>
                <div>{actions(&page, &detail)}</div>
            </div>
        }
    }))
}

fn head(page: &Page, detail: &AccountDetail) -> impl IntoView + use<> {
    let texts = page.texts;
    view! {
        <div class="page-head">
            {back(BASE, texts.accounts_title())}
            <h1>{detail.row.name.clone()}</h1>
            <p class="lead">{role_name(texts, detail.row.role)}" "{state_badge(texts, detail.row.state)}</p>
        </div>
    }
}

fn about(page: &Page, detail: &AccountDetail) -> impl IntoView + use<> {
    let texts = page.texts;
    let rows = vec![
        (texts.accounts_identifier(), Some(detail.row.identifier.clone())),
        (texts.accounts_email(), detail.email.clone()),
        (texts.accounts_phone(), detail.phone.as_deref().map(format::phone)),
        (texts.accounts_created(), Some(format::day_of(page, detail.created_at))),
        (texts.accounts_last_sign_in(), Some(last_sign_in(page, &detail.row))),
        (texts.accounts_devices(), Some(detail.devices.to_string())),
        (texts.accounts_attached(), Some(texts.accounts_attached_count(detail.attached))),
    ];
    view! {
        <section class="card" aria-labelledby="t-compte">
            <h2 id="t-compte">{texts.accounts_about()}</h2>
            {facts(page, rows)}
        </section>
    }
}

fn actions(page: &Page, detail: &AccountDetail) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    let base = format!("{BASE}/{}", detail.row.account);
    let suspend = detail.may_suspend.then(|| {
        view! {
            <p>{texts.accounts_suspend_text()}</p>
            <a class="button button--danger" href=format!("{base}/suspendre")>{icon(TRIANGLE_ALERT)}{texts.accounts_suspend()}</a>
        }
    });
    detail.may_propose.then(|| {
        view! {
            <section class="card" aria-labelledby="t-changer">
                <h2 id="t-changer">{texts.accounts_actions()}</h2>
                <p>{texts.accounts_propose_change_text()}</p>
                <a class="button button--second" href=format!("{base}/proposer")>{icon(PENCIL)}{texts.accounts_propose_change()}</a>
                {suspend}
            </section>
        }
    })
}

fn history(page: &Page, detail: &AccountDetail) -> impl IntoView + use<> {
    let texts = page.texts;
    let steps: Vec<_> = detail
        .history
        .rows
        .iter()
        .map(|line| {
            let author = match &line.author {
                Author::Staff(name) => name.clone(),
                Author::Machine => texts.accounts_author_machine().to_owned(),
                Author::Other => texts.accounts_author_other().to_owned(),
            };
            let when = format::day_of(page, line.at);
            Step {
                icon: HISTORY,
                title: event_name(texts, line.event).to_owned(),
                note: texts.accounts_history_note(when, author),
            }
        })
        .collect();
    let base = format!("{BASE}/{}", detail.row.account);
    let list = if steps.is_empty() {
        view! { <p>{texts.accounts_history_none()}</p> }.into_any()
    } else {
        timeline(steps).into_any()
    };
    view! {
        <section class="card" aria-labelledby="t-journal">
            <h2 id="t-journal">{texts.accounts_history()}</h2>
            {list}
            {pagination(texts, detail.history.page, detail.history.pages(), &|number| format!("{base}?page={number}"))}
        </section>
    }
}
