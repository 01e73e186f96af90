//! Actions on documents, and on who may read them (V5, V7).

use super::{Form, Refusal, Value};
use domain::{
    forms::vault::SharingForm,
    ids::{DocumentId, YouthId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Whether the attached staff may read the documents of a vault, after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    /// Whether they may.
    pub shared: bool,
}

/// A young person opens their own vault to the attached staff, or closes it (V5). Doing it twice changes nothing.
#[server(prefix = "", endpoint = "mon-espace/coffre-fort/partage", input = Form, output = Value)]
pub async fn share_vault(
    /// What the form sends.
    #[server(flatten)]
    form: SharingForm,
) -> Result<Sharing, Refusal> {
    let page = crate::page::Page::current()?;
    let shared = form.validate()?;
    page.host.vaults.set_shared(&page.actor(), shared).await?;
    Ok(Sharing { shared })
}

/// A young person deletes one of their own documents.
#[server(prefix = "", endpoint = "action/coffre-fort/supprimer", input = Form, output = Value)]
pub async fn delete_own_document(
    /// The document.
    document: DocumentId,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    let actor = page.actor();
    let youth = actor.own_youth().ok_or(domain::error::PortError::Refused)?;
    Ok(page.host.vaults.delete(&actor, youth, document).await?)
}

/// An advisor deletes a document that they put into a young person's vault (V6).
#[server(prefix = "", endpoint = "action/jeunes/coffre-fort/supprimer", input = Form, output = Value)]
pub async fn delete_document_of(
    /// The young person whose vault it is.
    youth: YouthId,
    /// The document.
    document: DocumentId,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    Ok(page.host.vaults.delete(&page.actor(), youth, document).await?)
}
