//! Storing a document: a `pending` row and a reservation → a durable write of every part → one transaction with the
//! commit and the line of the access log → only then the answer. A failure in between leaves nothing.

use super::{
    content::{self, ContentFault},
    folder,
    parts::{self, PartId, Plain},
    reading::Source,
    record::{self, Part, Record, VERSION},
};
use crate::{
    Services,
    access::{Deposit, Permission, authorize},
    crypto::{DocumentKey, PersonKey},
    error::Fault,
    store,
};
use bytes::{Buf, Bytes};
use domain::{
    actor::{Actor, Kind},
    error::PortError,
    ids::{DocumentId, YouthId},
    vault::{
        DOCUMENT_MAX_BYTES, DepositRefusal, Depositor, DocumentName, DocumentSummary, FileKind, Incoming, NewDocument,
    },
};
use futures::StreamExt;
use object_store::{ObjectStore, PutMode, PutOptions, PutPayload};
use std::{iter, sync::Arc};
use tokio::{sync::oneshot, task::JoinHandle};

/// Allowance for the other fields and the separators of a form, when reserving by its announced length.
const FORM_OVERHEAD: u64 = 1024;

impl From<Fault> for DepositRefusal {
    fn from(fault: Fault) -> Self {
        if fault.is_full() {
            tracing::error!(%fault, "a document could not be stored");
            return Self::StoreUnavailable;
        }
        Self::Port(fault.into())
    }
}

impl From<ContentFault> for DepositRefusal {
    fn from(fault: ContentFault) -> Self {
        match fault {
            ContentFault::NotThisKind => Self::ContentDiffers,
            ContentFault::Macros => Self::Macros,
            ContentFault::Io(_) => Self::StoreUnavailable,
            ContentFault::Damaged | ContentFault::TooManyPixels | ContentFault::Archive(_) => Self::Damaged,
        }
    }
}

/// A part that is being stored, while the next one arrives and is encrypted.
struct Putting {
    part: Part,
    stored: oneshot::Receiver<Result<(), Fault>>,
}

/// A running deposit. When it is dropped before its commit, after an error or because the browser closed the
/// connection, it removes everything that it wrote.
struct Pending {
    services: Services,
    youth: YouthId,
    document: DocumentId,
    reserved: u64,
    /// The last step that writes. It goes on when the browser closes the connection, so the removal waits for its end.
    step: Option<JoinHandle<()>>,
    committed: bool,
}

impl Pending {
    /// Begins a step that writes, in its own task, after the step before has ended.
    async fn begin<T: Send + 'static>(
        &mut self,
        work: impl Future<Output = Result<T, Fault>> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, Fault>> {
        self.settle().await;
        let (tell, told) = oneshot::channel();
        self.step = Some(tokio::spawn(async move {
            // Nobody waits for the result when the browser closed the connection.
            let _ = tell.send(work.await);
        }));
        told
    }

    /// Runs a step that writes to its end.
    async fn step<T: Send + 'static>(
        &mut self,
        work: impl Future<Output = Result<T, Fault>> + Send + 'static,
    ) -> Result<T, Fault> {
        self.begin(work).await.await.map_err(|_| Fault::Broken("a step of a deposit panicked"))?
    }

    /// Waits until no step writes any more.
    async fn settle(&mut self) {
        if let Some(step) = &mut self.step {
            // The result comes through its own channel. The handle stays in place until then, because this wait may be
            // dropped.
            let _ = step.await;
            self.step = None;
        }
    }

    /// Reserves up to `total` bytes in all. Returns false when the vault has no room.
    async fn reserve(&mut self, total: u64) -> Result<bool, Fault> {
        let more = total.saturating_sub(self.reserved);
        if more == 0 {
            return Ok(true);
        }
        let (data, youth, document) = (self.services.data.clone(), self.youth, self.document);
        let reserve = async move {
            data.write(move |tx| Box::pin(async move { store::documents::reserve(tx, youth, document, more).await }))
                .await
        };
        let done = self.step(reserve).await?;
        if done {
            self.reserved += more;
        }
        Ok(done)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.committed {
            let (services, document, step) = (self.services.clone(), self.document, self.step.take());
            let undo = async move {
                if let Some(step) = step {
                    let _ = step.await;
                }
                services.abandon(document).await;
            };
            // Without a runtime the program is ending, and the sweep of the next start removes the deposit.
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(undo);
            }
        }
    }
}

impl Services {
    pub(super) async fn store_document(
        &self,
        actor: &Actor,
        youth: YouthId,
        new: NewDocument,
        bytes: Incoming<'_>,
    ) -> Result<DocumentSummary, DepositRefusal> {
        let name = DocumentName::new(&new.raw_name)?;
        let kind = FileKind::from_name(name.as_str()).ok_or(DepositRefusal::KindNotAccepted)?;
        // The decision, and the log of a refusal, come before anything is read.
        self.access_youth(&mut self.data.read().await?, actor, Deposit, youth).await?;
        let person = self.person_keys.of_or_new(youth, self.calendar.now()).await?;

        let mut pending = self.begin(actor, youth, &new).await?;
        let result = self.receive(actor, &mut pending, &person, &new, &name, kind, bytes).await;
        if result.is_err() {
            // This waits, so that the answer comes when nothing is left. The guard on drop is for browsers that closed
            // the connection.
            pending.settle().await;
            self.abandon(pending.document).await;
            pending.committed = true;
        }
        result
    }

    async fn begin(&self, actor: &Actor, youth: YouthId, new: &NewDocument) -> Result<Pending, DepositRefusal> {
        let document: DocumentId = store::new_id();
        let (actor, category, at) = (actor.clone(), new.category, self.calendar.now());
        let services = self.clone();
        let data = services.data.clone();
        let mut pending = Pending { services, youth, document, reserved: 0, step: None, committed: false };
        let insert = async move {
            data.write(move |tx| {
                Box::pin(async move {
                    let facts = store::facts::youth(tx, &actor, youth, at).await?.ok_or(PortError::NotFound)?;
                    let access = authorize(&actor, Deposit, facts)?;
                    store::documents::insert_pending(tx, &access, document, category, at).await
                })
            })
            .await
        };
        if !pending.step(insert).await? {
            return Err(DepositRefusal::TooManyDocuments);
        }
        // The whole file is reserved at once when there is room, so that of two files that compete for the last room
        // one succeeds.
        if let Some(announced) = new.announced_bytes {
            let likely = announced.saturating_sub(FORM_OVERHEAD).min(DOCUMENT_MAX_BYTES);
            pending.reserve(likely).await?;
        }
        Ok(pending)
    }

    #[expect(clippy::too_many_arguments, reason = "one step of one protocol, called once")]
    async fn receive(
        &self,
        actor: &Actor,
        pending: &mut Pending,
        person: &PersonKey,
        new: &NewDocument,
        name: &DocumentName,
        kind: FileKind,
        mut bytes: Incoming<'_>,
    ) -> Result<DocumentSummary, DepositRefusal> {
        let document = pending.document;
        let key = Arc::new(DocumentKey::generate().map_err(Fault::from)?);
        let mut written: Vec<Part> = Vec::new();
        let mut putting: Option<Putting> = None;
        let mut plain = Plain::default();
        let mut total = 0_u64;
        let mut start_checked = false;
        while let Some(chunk) = bytes.next().await {
            let mut chunk: Bytes = chunk.map_err(|_| DepositRefusal::Cut)?;
            total += chunk.len() as u64;
            if total > DOCUMENT_MAX_BYTES {
                return Err(DepositRefusal::TooLarge);
            }
            while !chunk.is_empty() {
                chunk.advance(plain.fill(&chunk));
                // A wrong file is refused before its bytes are stored.
                if !start_checked && plain.len() >= content::START_LEN {
                    content::check_start(kind, &plain.start()[..content::START_LEN])?;
                    start_checked = true;
                }
                if plain.is_full() {
                    let part = std::mem::take(&mut plain);
                    self.put_part(pending, &key, (&mut written, &mut putting), part, total).await?;
                }
            }
        }
        if total == 0 {
            return Err(DepositRefusal::Empty);
        }
        if !start_checked {
            content::check_start(kind, plain.start())?;
        }
        if plain.len() > 0 {
            self.put_part(pending, &key, (&mut written, &mut putting), plain, total).await?;
        }
        stored(&mut written, putting.take()).await?;

        let source = Source::new(self.objects.clone(), document, key.clone(), written.clone());
        let check = source.clone().into_seek(tokio::runtime::Handle::current());
        tokio::task::spawn_blocking(move || content::check_whole(kind, check, total))
            .await
            .map_err(|_| Fault::Broken("a content check panicked"))??;
        let sha256 = source.sha256().await?;

        let record = Record { name: name.as_str().to_owned(), kind: kind.code().to_owned(), sha256, parts: written };
        let sealed = record::seal(&person.records().map_err(Fault::from)?, pending.youth, document, &record)?;
        let wrap = person.document_wrap().map_err(Fault::from)?;
        let wrapped = key.wrap(&wrap, document.into(), VERSION).map_err(Fault::from)?;
        let (actor_in, youth, at) = (actor.clone(), pending.youth, self.calendar.now());
        let lengths = (total, pending.reserved);
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    // The decision is made again in the transaction that commits: an attachment may have ended while
                    // the bytes travelled.
                    let facts = store::facts::youth(tx, &actor_in, youth, at).await?.ok_or(PortError::NotFound)?;
                    let access = authorize(&actor_in, Deposit, facts)?;
                    store::documents::commit(tx, &access, document, lengths, &sealed, &wrapped).await?;
                    store::access_log::append(tx, at, &actor_in, Permission::Deposit, youth, Some(document), false)
                        .await
                })
            })
            .await?;
        pending.committed = true;
        Ok(DocumentSummary {
            id: document,
            name: record.name,
            kind,
            category: new.category,
            bytes: total,
            deposited_at: at,
            depositor: match actor.kind() {
                Kind::Staff { .. } => Depositor::Staff(String::new()),
                _ => Depositor::Owner,
            },
            may_delete: true,
        })
    }

    async fn put_part(
        &self,
        pending: &mut Pending,
        key: &Arc<DocumentKey>,
        (written, putting): (&mut Vec<Part>, &mut Option<Putting>),
        plain: Plain,
        total: u64,
    ) -> Result<(), DepositRefusal> {
        let number = written.len() + usize::from(putting.is_some());
        let number = u32::try_from(number).map_err(|_| Fault::Broken("too many parts"))?;
        let id = PartId { document: pending.document.into(), version: VERSION, number };
        let key = key.clone();
        let bytes = plain.len() as u64;
        let encrypted = tokio::task::spawn_blocking(move || parts::encrypt(&key, &id, plain))
            .await
            .map_err(|_| Fault::Broken("an encryption panicked"))?
            .map_err(Fault::from)?;
        // The name differs at every attempt, so a part that is sent again never replaces another.
        let salt: String = encrypted.header.iter().skip(1).take(4).map(|byte| format!("{byte:02x}")).collect();
        let object = format!("{VERSION}-{number}-{salt}");
        let part = Part::of(object.clone(), bytes, &encrypted.header);
        stored(written, putting.take()).await?;
        if !pending.reserve(total).await? {
            return Err(DepositRefusal::VaultFull);
        }
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let (objects, path) = (self.objects.clone(), folder(pending.document).join(object));
        let header = Bytes::copy_from_slice(&encrypted.header);
        let whole: PutPayload = iter::once(header).chain(encrypted.chunks.into_iter().map(Bytes::from)).collect();
        let put = async move { objects.put_opts(&path, whole, options).await.map(drop).map_err(Fault::from) };
        *putting = Some(Putting { part, stored: pending.begin(put).await });
        Ok(())
    }

    /// Removes a deposit: its reservation, its row and its objects.
    pub(super) async fn abandon(&self, document: DocumentId) {
        let undone =
            self.data.write(move |tx| Box::pin(async move { store::documents::abandon(tx, document).await })).await;
        match undone {
            Ok(true) => self.sweep_document(document).await,
            Ok(false) => {}
            Err(fault) => tracing::error!(%fault, "a deposit could not be taken back; the sweep will"),
        }
    }
}

/// Waits until a part is stored durably.
async fn stored(written: &mut Vec<Part>, putting: Option<Putting>) -> Result<(), Fault> {
    let Some(Putting { part, stored }) = putting else { return Ok(()) };
    stored.await.map_err(|_| Fault::Broken("a step of a deposit panicked"))??;
    written.push(part);
    Ok(())
}
