//! `/conseiller/jeunes/{youth}/coffre-fort`: what an advisor may see of a vault, and the deposit of documents (V6).

use super::file::head;
use crate::{
    components::{
        icon::{EYE, FOLDER_LOCK, LOCK, TRASH, icon},
        layout::Area,
        message::{Level, Tone, empty, message_with, success},
        navigation::back,
        vault::{DepositShown, Place, deposit_form, deposit_outcome, document_groups, document_row},
    },
    page::{Document, Page, PageResult},
};
use domain::{
    error::PortError,
    ids::{DocumentId, YouthId},
    vault::VaultView,
};
use leptos::prelude::*;

/// The tab with the vault.
pub(crate) async fn page(page: Page, shown: DepositShown) -> PageResult {
    let youth: YouthId = page.param("youth")?;
    let vault = page.host.vaults.view(&page.actor(), youth).await?;
    let texts = page.texts;
    let base = format!("/conseiller/jeunes/{youth}/coffre-fort");
    Ok(Document::new(Area::Staff, texts.staff_vault_title(&vault.owner_name), move || {
        let title = if vault.shared { texts.staff_documents() } else { texts.staff_documents_own() };
        view! {
            {head(&page, youth, &vault.owner_name, None)}
            {messages(&page, &shown)}
            {explanation(&page, &vault)}
            <div class="split">
                <div>
                    <section class="card" aria-labelledby="t-liste">
                        <h2 id="t-liste">{title}</h2>
                        {documents(&page, &base, &vault)}
                    </section>
                </div>
                <div>{deposit_form(&page, &shown, &base, true)}</div>
            </div>
        }
    }))
}

fn messages(page: &Page, shown: &DepositShown) -> impl IntoView + use<> {
    let texts = page.texts;
    if page.is_refusal() {
        return deposit_outcome(texts, shown).into_any();
    }
    if let Ok(count @ 1..) = page.query("depose").parse() {
        success(texts.staff_deposited(count)).into_any()
    } else if page.query("supprime") == "1" {
        success(texts.vault_deleted().to_owned()).into_any()
    } else {
        ().into_any()
    }
}

/// Says whether the vault is open to the advisor. The words do not blame the young person.
fn explanation(page: &Page, vault: &VaultView) -> impl IntoView + use<> {
    let texts = page.texts;
    let name = &vault.owner_name;
    let (svg, title, text) = if vault.shared {
        (EYE, texts.staff_vault_shared(name), texts.staff_vault_shared_text())
    } else {
        (LOCK, texts.staff_vault_closed(name), texts.staff_vault_closed_text())
    };
    message_with(svg, Tone::Info, title, text)
}

fn documents(page: &Page, base: &str, vault: &VaultView) -> impl IntoView + use<> {
    let texts = page.texts;
    if vault.documents.is_empty() {
        empty(Level::Three, FOLDER_LOCK, texts.staff_documents_empty(), texts.staff_documents_empty_text(), ())
            .into_any()
    } else {
        document_groups(page, base, &vault.documents).into_any()
    }
}

/// `/conseiller/jeunes/{youth}/coffre-fort/{document}/supprimer`.
pub(crate) async fn confirm_deletion(page: Page) -> PageResult {
    let youth: YouthId = page.param("youth")?;
    let document = page.host.vaults.document(&page.actor(), youth, page.param::<DocumentId>("document")?).await?;
    if !document.may_delete {
        return Err(PortError::Refused);
    }
    let texts = page.texts;
    let base = format!("/conseiller/jeunes/{youth}/coffre-fort");
    Ok(Document::new(Area::StaffForm, texts.vault_delete_title(), move || {
        view! {
            <div class="page-head">
                {back(&base, &page.host.site.vault_name)}
                <h1>{texts.vault_delete_title()}</h1>
            </div>
            <div class="card">
                <ul class="docs docs--light plain">{document_row(&page, &base, &document, Place::Alone)}</ul>
                <p>{texts.vault_delete_staff_text()}</p>
                <form class="form-end" method="post" action=format!("{base}/{}/supprimer", document.id)>
                    <button class="button button--danger">{icon(TRASH)}{texts.vault_delete()}</button>
                    <a class="button button--second" href=base.clone()>{texts.vault_keep()}</a>
                </form>
            </div>
        }
    }))
}
