//! Repairs what a crash leaves: deleted documents that still have objects, objects without a row, deposits that were
//! never finished.

use super::folder;
use crate::{Services, error::Fault, store};
use domain::ids::DocumentId;
use futures::{StreamExt, TryStreamExt};
use object_store::{ObjectStore, ObjectStoreExt, path::Path as ObjectPath};
use std::collections::BTreeSet;

/// Longer than any deposit takes: an older pending deposit was interrupted.
const ABANDONED_AFTER_MINUTES: i64 = 60;

/// The result of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Unfinished deposits that were removed.
    pub unfinished: u64,
    /// Deleted documents whose objects were removed.
    pub deleted: u64,
    /// Documents whose objects had no row.
    pub orphans: u64,
}

impl Services {
    /// Repairs what a crash left. `alone` says that no other instance runs, so every pending deposit was interrupted.
    /// Otherwise the deposits of the last hour are not touched.
    ///
    /// # Errors
    /// A message when database or store do not answer.
    pub async fn sweep(&self, alone: bool) -> Result<SweepReport, String> {
        self.sweep_all(alone, false).await.map_err(|fault| fault.to_string())
    }

    /// The part of [`Services::sweep`] that must end before the first request. Its time depends on the number of
    /// unfinished documents. Call it only when there is one instance: nobody deposits yet, so every pending deposit was
    /// interrupted.
    ///
    /// # Errors
    /// A message when database or store do not answer.
    pub async fn sweep_interrupted(&self) -> Result<SweepReport, String> {
        self.sweep_unfinished(true, false).await.map_err(|fault| fault.to_string())
    }

    /// The part that looks at every stored object. Call it only when there is one instance. A deposit that begins
    /// meanwhile has its row before its first object, so it is not touched.
    ///
    /// # Errors
    /// A message when database or store do not answer.
    pub async fn sweep_stored(&self) -> Result<SweepReport, String> {
        self.sweep_orphans(true, false).await.map_err(|fault| fault.to_string())
    }

    /// The whole sweep; with `dry` it only counts.
    pub(crate) async fn sweep_all(&self, alone: bool, dry: bool) -> Result<SweepReport, Fault> {
        let begun = self.sweep_unfinished(alone, dry).await?;
        let rest = self.sweep_orphans(alone, dry).await?;
        Ok(SweepReport { orphans: rest.orphans, ..begun })
    }

    async fn sweep_unfinished(&self, alone: bool, dry: bool) -> Result<SweepReport, Fault> {
        let mut report = SweepReport::default();
        let now = self.calendar.now();
        let before = if alone { now.plus_millis(1) } else { now.plus_minutes(-ABANDONED_AFTER_MINUTES) };
        for (document, pending) in store::documents::unfinished(&mut self.data.read().await?, before).await? {
            if pending {
                report.unfinished += 1;
            } else {
                report.deleted += 1;
            }
            if dry {
                continue;
            }
            if pending {
                self.data
                    .write(move |tx| Box::pin(async move { store::documents::abandon(tx, document).await }))
                    .await?;
            }
            self.remove_objects(document).await?;
        }
        Ok(report)
    }

    async fn sweep_orphans(&self, alone: bool, dry: bool) -> Result<SweepReport, Fault> {
        let mut report = SweepReport::default();
        for document in self.stored_documents(alone).await? {
            let known = store::documents::is_known(&mut self.data.read().await?, document).await?;
            if !known {
                report.orphans += 1;
                if !dry {
                    self.remove_objects(document).await?;
                }
            }
        }
        Ok(report)
    }

    /// The documents that have objects; without `alone`, only those whose objects are an hour old.
    async fn stored_documents(&self, alone: bool) -> Result<BTreeSet<DocumentId>, Fault> {
        let before = self.calendar.now().plus_minutes(-ABANDONED_AFTER_MINUTES).millis();
        let mut documents = BTreeSet::new();
        let mut objects = self.objects.list(Some(&ObjectPath::from("documents")));
        while let Some(object) = objects.try_next().await? {
            let id = object.location.parts().nth(1).and_then(|part| part.as_ref().parse().ok());
            if let Some(id) = id.filter(|_| alone || object.last_modified.timestamp_millis() < before) {
                documents.insert(id);
            }
        }
        Ok(documents)
    }

    /// Removes a deleted document's objects, then its row. What cannot be removed now stays for the next sweep.
    pub(super) async fn sweep_document(&self, document: DocumentId) {
        if let Err(fault) = self.remove_objects(document).await {
            tracing::error!(%fault, "a deleted document could not be swept; the next sweep will");
        }
    }

    async fn remove_objects(&self, document: DocumentId) -> Result<(), Fault> {
        let objects: Vec<_> = self.objects.list(Some(&folder(document))).map_ok(|meta| meta.location).collect().await;
        for object in objects {
            match self.objects.delete(&object?).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.data.write(move |tx| Box::pin(async move { store::documents::forget(tx, document).await })).await
    }
}
