//! `/conseiller`: the first page of staff. Those who follow young people find their list here.

use super::{portfolio, requests};
use crate::{
    components::{
        icon::LIGHTHOUSE,
        install,
        layout::{Area, has_inbox},
    },
    page::{Document, Page, PageResult},
    pages::admin::accounts::waits,
};
use domain::{
    actor::{Kind, Role},
    site::Module,
};
use leptos::prelude::*;

/// The portfolio. Staff whose work is elsewhere get a short text instead: they see no young person (A6).
pub(crate) async fn page(page: Page) -> PageResult {
    let follows = matches!(page.actor().kind(), Kind::Staff { role, .. } if Role::follows_young_people(*role));
    if follows && page.has(Module::Advisors) {
        return portfolio::page(page).await;
    }
    let waiting = match page.actor().kind() {
        Kind::Staff { role: Role::Director, .. } => page.host.accounts.proposals(&page.actor(), 1).await?.total,
        _ => 0,
    };
    let texts = page.texts;
    Ok(Document::new(Area::Staff, texts.staff_home_title(), move || {
        view! {
            <div class="hello">
                <div class="hello-text">
                    <h1>{texts.staff_home_title()}</h1>
                    <p>{texts.staff_home_lead()}</p>
                </div>
                <span inner_html=LIGHTHOUSE></span>
            </div>
            {waits(&page, waiting)}
            {has_inbox(&page).then(|| view! {
                <div class="card">
                    <p>{texts.inbox_home_text()}</p>
                    <a class="button" href=requests::BASE>{texts.inbox_home_open()}</a>
                </div>
            })}
            <div class="card"><p>{texts.staff_home_text()}</p></div>
            {install::hint(&page)}
        }
    })
    // Only the portfolio has an island.
    .without_island())
}
