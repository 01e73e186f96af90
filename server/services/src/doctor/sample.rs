//! Opens documents from end to end: person's key, sealed record, every chunk of every part, SHA-256 (V9).

use super::Finding;
use crate::{
    crypto::fill_random,
    db::Db,
    error::Fault,
    store::inspection::{self, Sealed},
    vault::{PersonKeys, prove},
};
use domain::ids::DocumentId;
use object_store::ObjectStore;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// Most bytes read for the sample.
const BYTES_MAX: i64 = 256 << 20;
/// How many unreadable documents are named.
const NAMED: usize = 3;

/// What is needed to draw a sample of the documents and to open them.
pub(super) struct Sample {
    pub(super) data: Db,
    pub(super) objects: Arc<dyn ObjectStore>,
    pub(super) person_keys: PersonKeys,
}

impl Sample {
    /// Opens up to `count` documents drawn at random.
    pub(super) async fn look(&self, count: usize) -> Result<Vec<Finding>, Fault> {
        const CHECK: &str = "documents";
        let total = inspection::documents(&mut self.data.read().await?).await?;
        let (mut opened, mut bytes, mut broken) = (0, 0, Vec::new());
        for document in self.draw(count).await?.into_values() {
            if opened > 0 && bytes + document.bytes > BYTES_MAX {
                continue;
            }
            opened += 1;
            bytes += document.bytes;
            let id = DocumentId::from(document.id);
            if let Err(fault) = prove(&self.person_keys, &self.objects, &document).await
                // The document was deleted after it was drawn, so nothing is wrong.
                && self.is_still_there(id).await?
            {
                broken.push(format!("{id} ({fault})"));
            }
        }
        if broken.is_empty() {
            return Ok(vec![Finding::ok(CHECK, format!("{opened} of {total} opened from end to end"))]);
        }
        let (wrong, more) = (broken.len(), if broken.len() > NAMED { ", …" } else { "" });
        broken.truncate(NAMED);
        let text = format!("{wrong} of {opened} opened at random cannot be read: {}{more}", broken.join(", "));
        Ok(vec![Finding::problem(
            CHECK,
            text,
            "restore their objects (BALISE_OBJECTS) from a backup; the rows and keys are there",
        )])
    }

    /// Random documents, or all of them when there are few. Ids begin with a time, so a random point between the first
    /// and the last id is a random time.
    async fn draw(&self, count: usize) -> Result<BTreeMap<Uuid, Sealed>, Fault> {
        let mut db = self.data.read().await?;
        let limit = i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1);
        let first = inspection::documents_from(&mut db, DocumentId::from(Uuid::nil()), limit).await?;
        let last = inspection::last_document(&mut db).await?;
        let (Some(from), Some(to)) = (first.first().map(|document| document.id.as_u128()), last.map(|id| id.as_u128()))
        else {
            return Ok(BTreeMap::new());
        };
        if first.len() <= count {
            return Ok(first.into_iter().map(|document| (document.id, document)).collect());
        }
        let mut drawn = BTreeMap::new();
        for _ in 0..count {
            let mut random = [0; 16];
            fill_random(&mut random)?;
            let point = from + u128::from_be_bytes(random) % (to - from + 1);
            let id = DocumentId::from(Uuid::from_u128(point));
            for document in inspection::documents_from(&mut db, id, 1).await? {
                drawn.insert(document.id, document);
            }
        }
        Ok(drawn)
    }

    async fn is_still_there(&self, document: DocumentId) -> Result<bool, Fault> {
        let found = inspection::documents_from(&mut self.data.read().await?, document, 1).await?;
        Ok(found.first().is_some_and(|found| found.id == Uuid::from(document)))
    }
}
