//! `/registre`: the public register of processing (R, GDPR art. 30), as a table, and its files.

use crate::{
    components::{
        icon::{DOWNLOAD, icon},
        layout::Area,
        person::facts,
    },
    page::{Document, Page, PageResult},
    register::Entry,
};
use leptos::prelude::*;

/// The register.
pub(crate) async fn page(page: Page) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.register_title(), move || {
        let site = &page.host.site;
        let entries: Vec<_> = Entry::all(texts, site)
            .into_iter()
            .map(|entry| {
                let rows: Vec<_> = entry
                    .rows(texts)
                    .into_iter()
                    .filter(|(_, answers)| !answers.is_empty())
                    .map(|(row, answers)| (row, Some(answers.join(" ; "))))
                    .collect();
                let anchor = entry.id;
                view! {
                    <section class="card" id=anchor>
                        <h2>{entry.name.clone()}</h2>
                        {facts(&page, rows)}
                    </section>
                }
            })
            .collect();
        view! {
            <div class="page-head">
                <h1>{texts.register_title()}</h1>
                <p class="lead">{texts.register_lead()}</p>
                <p class="alone"><a href="/confidentialite">{texts.register_policy()}</a></p>
            </div>
            <section class="card" aria-labelledby="t-fichiers">
                <h2 id="t-fichiers">{texts.register_download()}</h2>
                <p><a class="with-icon" href="/registre.csv" download>{icon(DOWNLOAD)}{texts.register_csv()}</a></p>
                <p><a class="with-icon" href="/registre.json" download>{icon(DOWNLOAD)}{texts.register_json()}</a></p>
            </section>
            {entries}
        }
    }))
}
