//! `/admin`: the home of the administration.

use super::{
    accounts::{BASE, waits},
    rights::{BASE as RIGHTS, pressing},
};
use crate::{
    components::layout::Area,
    page::{Document, Page, PageResult},
};
use domain::{
    actor::{Kind, Role},
    register::ProcessingId,
};
use leptos::prelude::*;

/// The pages of the administration, and what waits in them.
pub(crate) async fn page(page: Page) -> PageResult {
    let waiting = page.host.accounts.proposals(&page.actor(), 1).await?.total;
    let officer = |role: &Role| ProcessingId::Rights.is_seen_by(*role);
    let rights = match page.actor().kind() {
        Kind::Staff { role, .. } if officer(role) => Some(page.host.rights.list(&page.actor(), false, 1).await?),
        _ => None,
    };
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.nav_admin_space(), move || {
        let nothing = (waiting == 0).then(|| view! { <p>{texts.admin_waiting_none()}</p> });
        view! {
            <div class="page-head">
                <h1>{texts.nav_admin_space()}</h1>
                <p class="lead">{texts.admin_lead()}</p>
            </div>
            {rights.map(|list| view! {
                <section class="card" aria-labelledby="t-droits">
                    <h2 id="t-droits">{texts.officer_home()}</h2>
                    <p>{if list.open == 0 { texts.officer_home_none().to_owned() } else { texts.officer_lead(list.open) }}</p>
                    {pressing(&page, &list)}
                    <a class="button button--second" href=RIGHTS>{texts.officer_home_open()}</a>
                </section>
            })}
            <section class="card" aria-labelledby="t-attente">
                <h2 id="t-attente">{texts.admin_waiting()}</h2>
                {nothing}
                {waits(&page, waiting)}
            </section>
            <section class="card" aria-labelledby="t-comptes">
                <h2 id="t-comptes">{texts.nav_accounts()}</h2>
                <p>{texts.admin_accounts_text()}</p>
                <a class="button button--second" href=BASE>{texts.admin_accounts_open()}</a>
            </section>
        }
    }))
}
