//! `/mon-espace`: the next appointments, the newest documents, and whom to call.

use crate::{
    components::{
        icon::{CALENDAR_CLOCK, FILE_TEXT, LIGHTHOUSE, PHONE, UPLOAD, icon},
        install,
        layout::Area,
        message::{Level, empty},
        person::{contact, next_events, sharing},
        vault::{Place, document_row, gauge},
    },
    page::{Document, Page, PageResult},
};
use domain::site::Module;
use leptos::prelude::*;

const VAULT: &str = "/mon-espace/coffre-fort";

/// The dashboard.
pub(crate) async fn page(page: Page) -> PageResult {
    let dashboard = page.host.youths.dashboard(&page.actor()).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Youth, texts.dashboard_title(), move || {
        let next = if dashboard.next.is_empty() {
            empty(Level::Three, CALENDAR_CLOCK, texts.dashboard_next_empty(), texts.dashboard_next_empty_text(), ())
                .into_any()
        } else {
            next_events(&page, &dashboard.next).into_any()
        };
        let has_vault = page.has(Module::Vault);
        let newest = if dashboard.newest.is_empty() {
            empty(Level::Three, FILE_TEXT, texts.vault_empty(), texts.dashboard_newest_empty(), ()).into_any()
        } else {
            let rows: Vec<_> =
                dashboard.newest.iter().map(|document| document_row(&page, VAULT, document, Place::Card)).collect();
            view! { <ul class="docs docs--light plain">{rows}</ul> }.into_any()
        };
        let advisor = match &dashboard.referent {
            Some(referent) => contact(referent).into_any(),
            None => view! { <p>{texts.dashboard_advisor_none(&page.host.site.phone)}</p> }.into_any(),
        };
        let call = dashboard.referent.as_ref().and_then(|referent| {
            let phone = referent.phone.as_ref()?;
            let text = texts.dashboard_call(&referent.name);
            Some(view! { <a class="button button--second" href=format!("tel:{phone}")>{icon(PHONE)}{text}</a> })
        });
        let shared = if dashboard.vault_shared { texts.dashboard_shared() } else { texts.dashboard_not_shared() };
        view! {
            <div class="hello">
                <div class="hello-text">
                    <h1>{texts.dashboard_hello(&dashboard.first_name)}</h1>
                    <p>{texts.dashboard_lead()}</p>
                </div>
                // The drawing is a direct child of the grid, so it has no wrapper.
                <span inner_html=LIGHTHOUSE></span>
                <div class="row">
                    {has_vault.then(|| view! {
                        <a class="button" href="/mon-espace/coffre-fort#deposer">{icon(UPLOAD)}{texts.dashboard_deposit()}</a>
                    })}
                    {call}
                </div>
            </div>
            <div class="split">
                <div>
                    <section class="card" aria-labelledby="t-suite">
                        <h2 id="t-suite">{texts.dashboard_next()}</h2>
                        {next}
                    </section>
                    {has_vault.then(|| view! {
                        <section class="card" aria-labelledby="t-docs">
                            <div class="card-head">
                                <h2 id="t-docs">{texts.dashboard_newest()}</h2>
                                <a href=VAULT>{texts.dashboard_all()}</a>
                            </div>
                            {newest}
                        </section>
                    })}
                </div>
                <div>
                    <section class="card" aria-labelledby="t-conseil">
                        <h2 id="t-conseil">{texts.dashboard_advisor()}</h2>
                        {advisor}
                    </section>
                    {has_vault.then(|| view! {
                        <section class="card" aria-labelledby="t-place">
                            <h2 id="t-place">{page.host.site.vault_name.clone()}</h2>
                            {gauge(&page, dashboard.vault_bytes)}
                            {page.has_sharing().then(|| view! {
                                {sharing(dashboard.vault_shared, shared)}
                                <a href="/mon-espace/coffre-fort#partage">{texts.dashboard_change_sharing()}</a>
                            })}
                        </section>
                    })}
                </div>
            </div>
            {install::hint(&page)}
        }
    }))
}
