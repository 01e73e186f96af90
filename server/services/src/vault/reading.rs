//! Reads a document back, window by window, with every chunk verified, in constant memory.

use super::{
    PersonKeys, folder,
    parts::{self, CHUNK, PartId, PartKey},
    record::{self, Part, VERSION},
};
use crate::{
    Services,
    access::{Permission, ReadDocument, Subject, authorize, decide},
    crypto::DocumentKey,
    error::Fault,
    store::{self, inspection::Sealed},
};
use bytes::Bytes;
use domain::{
    actor::Actor,
    error::PortError,
    ids::{DocumentId, YouthId},
    time::Instant,
    vault::{DocumentBody, FileKind, RangeRequest, Unsatisfiable},
};
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    sync::Arc,
};

/// How many plaintext bytes are decrypted at once: whole chunks, so that no chunk is decrypted twice.
const WINDOW: u64 = 8 * CHUNK as u64;
/// How often a running download checks again whether it is still allowed: V5 requires five seconds or less.
const ASK_AGAIN_MILLIS: i64 = 2_000;

/// A document's plaintext, which can be read by ranges.
#[derive(Clone)]
pub(super) struct Source {
    objects: Arc<dyn ObjectStore>,
    document: DocumentId,
    key: Arc<DocumentKey>,
    parts: Arc<[Part]>,
}

impl Source {
    pub(super) fn new(
        objects: Arc<dyn ObjectStore>,
        document: DocumentId,
        key: Arc<DocumentKey>,
        parts: Vec<Part>,
    ) -> Self {
        Self { objects, document, key, parts: parts.into() }
    }

    fn length(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    /// The part that contains `offset`, its number, and where it begins.
    fn part_at(&self, offset: u64) -> Option<(u32, u64, &Part)> {
        let mut begins = 0;
        for (number, part) in (0_u32..).zip(self.parts.iter()) {
            if offset < begins + part.bytes {
                return Some((number, begins, part));
            }
            begins += part.bytes;
        }
        None
    }

    /// At most a window of plaintext from `offset` on. It ends before `end` and before the end of the part.
    async fn window(&self, offset: u64, end: u64) -> Result<Bytes, Fault> {
        let (number, begins, part) = self.part_at(offset).ok_or(Fault::Broken("a range outside a document"))?;
        let from = offset - begins;
        // The range ends on a border of windows, so that the next one begins on a border of chunks.
        let to = ((from / WINDOW + 1) * WINDOW).min(part.bytes).min(end - begins);
        let window = parts::window(part.bytes, from..to)?;
        let id = PartId { document: self.document.into(), version: VERSION, number };
        let key = PartKey::derive(&self.key, &id, &part.header)?;
        let path = folder(self.document).join(part.object.as_str());
        let sealed = self.objects.get_range(&path, window.object).await?;
        let plain = key.decrypt(window.first_chunk, part.bytes, Vec::from(sealed))?;
        // Whole chunks may be missing at the end of an object that was cut.
        if plain.len() < window.skip + window.take {
            return Err(Fault::Broken("an object is too short"));
        }
        Ok(Bytes::from(plain).slice(window.skip..window.skip + window.take))
    }

    /// SHA-256 of the whole document, computed from the stored objects.
    pub(super) async fn sha256(&self) -> Result<[u8; 32], Fault> {
        let (mut hash, end) = (Sha256::new(), self.length());
        let mut offset = 0;
        while offset < end {
            let bytes = self.window(offset, end).await?;
            hash.update(&bytes);
            offset += bytes.len() as u64;
        }
        Ok(hash.finalize().into())
    }

    /// The same bytes for code that seeks. It blocks, so read it only outside the runtime's own threads.
    pub(super) fn into_seek(self, runtime: tokio::runtime::Handle) -> SeekSource {
        SeekSource { source: self, runtime, position: 0, cached: (0, Bytes::new()) }
    }
}

/// [`Source`] as a blocking file.
pub(super) struct SeekSource {
    source: Source,
    runtime: tokio::runtime::Handle,
    position: u64,
    cached: (u64, Bytes),
}

impl Read for SeekSource {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let end = self.source.length();
        if self.position >= end || out.is_empty() {
            return Ok(0);
        }
        let held = self.cached.0..self.cached.0 + self.cached.1.len() as u64;
        if !held.contains(&self.position) {
            let begins = self.position / CHUNK as u64 * CHUNK as u64;
            let bytes = self.runtime.block_on(self.source.window(begins, end)).map_err(io::Error::other)?;
            self.cached = (begins, bytes);
        }
        let skip = usize::try_from(self.position - self.cached.0).map_err(io::Error::other)?;
        let bytes = self.cached.1.get(skip..).unwrap_or_default();
        let count = bytes.len().min(out.len());
        out[..count].copy_from_slice(&bytes[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for SeekSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.source.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// The state of a running download.
struct Download {
    services: Services,
    actor: Actor,
    document: DocumentId,
    source: Source,
    offset: u64,
    end: u64,
    asked_at: Instant,
}

impl Download {
    /// The next bytes, or nothing at the end. When consent is withdrawn meanwhile, the download ends with an error
    /// (V5).
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, PortError> {
        if self.offset >= self.end {
            return Ok(None);
        }
        let now = self.services.calendar.now();
        if now.millis_since(self.asked_at) >= ASK_AGAIN_MILLIS {
            self.services.still_allowed(&self.actor, self.document).await?;
            self.asked_at = now;
        }
        let bytes = self.source.window(self.offset, self.end).await?;
        self.offset += bytes.len() as u64;
        self.services.counts.count_reading(bytes.len());
        Ok(Some((bytes, self)))
    }
}

/// Reads a whole document and compares it with what was deposited (V9). It returns no content.
pub(crate) async fn prove(
    person_keys: &PersonKeys,
    objects: &Arc<dyn ObjectStore>,
    document: &Sealed,
) -> Result<(), Fault> {
    let (youth, id) = (YouthId::from(document.youth_id), DocumentId::from(document.id));
    let sealed = document.sealed_record.as_deref().ok_or(Fault::Broken("a committed document without its record"))?;
    let wrapped = document.wrapped_key.as_deref().ok_or(Fault::Broken("a committed document without its key"))?;
    let person = person_keys.of(youth).await?;
    let record = record::open(&person.records()?, youth, id, sealed)?;
    let key = DocumentKey::unwrap(&person.document_wrap()?, document.id, VERSION, wrapped)?;
    let expected = record.sha256;
    let source = Source::new(objects.clone(), id, Arc::new(key), record.parts);
    if i64::try_from(source.length()).ok() != Some(document.bytes) {
        return Err(Fault::Broken("its parts have another length"));
    }
    if source.sha256().await? == expected { Ok(()) } else { Err(Fault::Broken("its content is another")) }
}

impl Services {
    pub(super) async fn open_document(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: DocumentId,
        range: Option<RangeRequest>,
    ) -> Result<DocumentBody, Fault> {
        let facts = self.document_facts::<ReadDocument>(actor, youth, document).await?;
        let access = authorize(actor, ReadDocument, facts)?;
        let row = store::documents::one(&mut self.data.read().await?, &access).await?.ok_or(PortError::NotFound)?;
        let person = self.person_keys.of(youth).await?;
        let record = record::open(&person.records()?, youth, document, &row.sealed_record)?;
        let key = DocumentKey::unwrap(&person.document_wrap()?, document.into(), VERSION, &row.wrapped_key)?;
        let kind = store::known(FileKind::from_code(&record.kind))?;
        let source = Source::new(self.objects.clone(), document, Arc::new(key), record.parts);
        let length = source.length();
        let (range, wanted) = match range.map(|range| range.resolve(length)) {
            None => (Ok(None), 0..length),
            Some(Some(range)) => (Ok(Some(range.clone())), range),
            Some(None) => (Err(Unsatisfiable), 0..0),
        };
        // The access log is written before the first byte is sent.
        self.log_reading(actor, youth, document).await?;
        Ok(DocumentBody { name: record.name, kind, length, range, bytes: self.send(actor, document, source, wanted) })
    }

    fn send(
        &self,
        actor: &Actor,
        document: DocumentId,
        source: Source,
        wanted: Range<u64>,
    ) -> stream::BoxStream<'static, Result<Bytes, PortError>> {
        let download = Download {
            services: self.clone(),
            actor: actor.clone(),
            document,
            source,
            offset: wanted.start,
            end: wanted.end,
            asked_at: self.calendar.now(),
        };
        stream::try_unfold(download, Download::next).into_stream().boxed()
    }

    async fn log_reading(&self, actor: &Actor, youth: YouthId, document: DocumentId) -> Result<(), Fault> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    store::access_log::append(tx, at, &actor, Permission::ReadDocument, youth, Some(document), false)
                        .await
                })
            })
            .await
    }

    async fn still_allowed(&self, actor: &Actor, document: DocumentId) -> Result<(), Fault> {
        let at = self.calendar.now();
        let facts = store::facts::document(&mut self.data.read().await?, actor, document, at)
            .await?
            .ok_or(PortError::NotFound)?;
        if decide(actor, Permission::ReadDocument, Subject::Document(&facts)) {
            Ok(())
        } else {
            Err(PortError::Refused.into())
        }
    }
}
