//! The vault: keys, encrypted parts, and the commit protocol of DESIGN.md.
//!
//! `deposit` writes, `reading` reads, `sweep` repairs what a crash left. They share `keys` and `record`; `parts` is the
//! format of one object, and `content` checks what a file really is.

pub(crate) mod content;
mod deposit;
mod keys;
mod parts;
mod reading;
mod record;
mod sweep;

pub(crate) use keys::PersonKeys;
pub(crate) use reading::prove;
pub use sweep::SweepReport;

use crate::{
    Services,
    access::{
        DeleteDocument, DocumentFacts, ListDocuments, Permission, PermissionType, ReadDocument, ShareVault, Subject,
        YouthFacts, authorize, decide,
    },
    error::Fault,
    store::{self, documents::DocumentRow},
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    error::{PortError, PortResult},
    ids::{DocumentId, YouthId},
    vault::{
        DepositRefusal, Depositor, DocumentBody, DocumentSummary, Incoming, NewDocument, RangeRequest, VaultView,
        Vaults,
    },
};
use object_store::path::Path as ObjectPath;

/// The folder of a document's objects.
fn folder(document: DocumentId) -> ObjectPath {
    ObjectPath::from_iter(["documents".to_owned(), document.to_string()])
}

impl Services {
    /// Opens the sealed records of those `rows` that the actor may read, with one query to the keyring.
    pub(crate) async fn summaries(
        &self,
        actor: &Actor,
        vault: &YouthFacts,
        rows: Vec<DocumentRow>,
    ) -> Result<Vec<DocumentSummary>, Fault> {
        let readable: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let facts = DocumentFacts { vault: *vault, document: row.document, depositor: row.depositor };
                (facts, row)
            })
            .filter(|(facts, _)| decide(actor, Permission::ReadDocument, Subject::Document(facts)))
            .collect();
        if readable.is_empty() {
            return Ok(Vec::new());
        }
        let person = self.person_keys.of(vault.youth).await?;
        let records = person.records()?;
        readable
            .into_iter()
            .map(|(facts, row)| {
                let record = record::open(&records, vault.youth, row.document, &row.sealed_record)?;
                Ok(DocumentSummary {
                    id: row.document,
                    name: record.name,
                    kind: store::known(domain::vault::FileKind::from_code(&record.kind))?,
                    category: row.category,
                    bytes: row.bytes,
                    deposited_at: row.created_at,
                    depositor: row.staff_name.map_or(Depositor::Owner, Depositor::Staff),
                    may_delete: decide(actor, Permission::DeleteDocument, Subject::Document(&facts)),
                })
            })
            .collect()
    }

    async fn read_view(&self, actor: &Actor, youth: YouthId) -> Result<VaultView, Fault> {
        let mut db = self.data.read().await?;
        let access = self.access_youth(&mut db, actor, ListDocuments, youth).await?;
        let rows = store::documents::list(&mut db, &access).await?;
        let (owner_name, used_bytes) = store::youths::vault_owner(&mut db, &access).await?;
        drop(db);
        let sees_all = actor.own_youth() == Some(youth) || access.facts().vault_shared;
        let used_bytes = sees_all.then_some(used_bytes);
        let documents = self.summaries(actor, access.facts(), rows).await?;
        Ok(VaultView { owner_name, shared: access.facts().vault_shared, documents, used_bytes })
    }

    /// The facts of a document under the requested path. A document of another person's vault is not found, and the
    /// attempt is logged with its real owner (V11).
    async fn document_facts<P: PermissionType>(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: DocumentId,
    ) -> Result<DocumentFacts, Fault> {
        let at = self.calendar.now();
        let mut db = self.data.read().await?;
        let facts = store::facts::document(&mut db, actor, document, at).await?.ok_or(PortError::NotFound)?;
        drop(db);
        if facts.vault.youth != youth {
            self.log_refusal::<P>(actor, facts.vault.youth, Some(document)).await?;
            return Err(PortError::NotFound.into());
        }
        if decide(actor, P::PERMISSION, Subject::Document(&facts)) {
            Ok(facts)
        } else {
            self.log_refusal::<P>(actor, youth, Some(document)).await?;
            Err(PortError::Refused.into())
        }
    }

    async fn read_document(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: DocumentId,
    ) -> Result<DocumentSummary, Fault> {
        let facts = self.document_facts::<ReadDocument>(actor, youth, document).await?;
        let access = authorize(actor, ReadDocument, facts)?;
        let row = store::documents::one(&mut self.data.read().await?, &access).await?.ok_or(PortError::NotFound)?;
        let found = self.summaries(actor, &facts.vault, vec![row]).await?;
        Ok(found.into_iter().next().ok_or(PortError::NotFound)?)
    }

    async fn delete_document(&self, actor: &Actor, youth: YouthId, document: DocumentId) -> Result<(), Fault> {
        self.document_facts::<DeleteDocument>(actor, youth, document).await?;
        let (actor, at) = (actor.clone(), self.calendar.now());
        let buried = self
            .data
            .write(move |tx| {
                Box::pin(async move {
                    // The decision is made again in the transaction that deletes: an attachment may have ended since.
                    let facts = store::facts::document(tx, &actor, document, at).await?.ok_or(PortError::NotFound)?;
                    let access = authorize(&actor, DeleteDocument, facts)?;
                    let buried = store::documents::bury(tx, &access).await?;
                    store::access_log::append(tx, at, &actor, Permission::DeleteDocument, youth, Some(document), false)
                        .await?;
                    Ok(buried)
                })
            })
            .await?;
        if buried {
            self.sweep_document(document).await;
        }
        Ok(())
    }

    async fn share(&self, actor: &Actor, shared: bool) -> Result<(), Fault> {
        let youth = actor.own_youth().ok_or(PortError::Refused)?;
        let (actor, at) = (actor.clone(), self.calendar.now());
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    let facts = store::facts::youth(tx, &actor, youth, at).await?.ok_or(PortError::NotFound)?;
                    let access = authorize(&actor, ShareVault, facts)?;
                    store::documents::set_shared(tx, &access, shared).await?;
                    store::access_log::append(tx, at, &actor, Permission::ShareVault, youth, None, false).await
                })
            })
            .await
    }
}

#[async_trait]
impl Vaults for Services {
    async fn view(&self, actor: &Actor, youth: YouthId) -> PortResult<VaultView> {
        Ok(self.read_view(actor, youth).await?)
    }

    async fn document(&self, actor: &Actor, youth: YouthId, document: DocumentId) -> PortResult<DocumentSummary> {
        Ok(self.read_document(actor, youth, document).await?)
    }

    async fn deposit(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: NewDocument,
        bytes: Incoming<'_>,
    ) -> Result<DocumentSummary, DepositRefusal> {
        let stored = self.store_document(actor, youth, document, bytes).await?;
        self.counts.count_deposit(stored.bytes);
        Ok(stored)
    }

    async fn open(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: DocumentId,
        range: Option<RangeRequest>,
    ) -> PortResult<DocumentBody> {
        Ok(self.open_document(actor, youth, document, range).await?)
    }

    async fn delete(&self, actor: &Actor, youth: YouthId, document: DocumentId) -> PortResult<()> {
        Ok(self.delete_document(actor, youth, document).await?)
    }

    async fn set_shared(&self, actor: &Actor, shared: bool) -> PortResult<()> {
        Ok(self.share(actor, shared).await?)
    }
}
