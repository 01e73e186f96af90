//! Repairing either half of what a crash left: tombstones with objects, objects without rows, deposits
//! that were never finished.

use super::folder;
use crate::{Services, error::Fault, store};
use domain::ids::DocumentId;
use futures::{StreamExt, TryStreamExt};
use object_store::{ObjectStore, ObjectStoreExt, path::Path as ObjectPath};
use std::collections::BTreeSet;

/// Longer than any deposit takes: what is pending since then was interrupted.
const ABANDONED_AFTER_MINUTES: i64 = 60;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Deposits that were never finished, taken back.
    pub unfinished: u64,
    /// Deleted documents whose objects are now gone.
    pub deleted: u64,
    /// Documents' objects that no row stood for.
    pub orphans: u64,
}

impl Services {
    /// Repairs what a crash left. `alone` says that no other instance runs, so that every pending deposit
    /// was interrupted; otherwise those of the last hour are left alone.
    ///
    /// # Errors
    /// A message when database or store do not answer.
    pub async fn sweep(&self, alone: bool) -> Result<SweepReport, String> {
        self.sweep_all(alone, false).await.map_err(|fault| fault.to_string())
    }

    /// The part of [`Services::sweep`] that has to be over before the first request, and takes as long as
    /// there are unfinished documents. For the only instance: nobody deposits yet, so every pending one was
    /// interrupted.
    ///
    /// # Errors
    /// A message when database or store do not answer.
    pub async fn sweep_interrupted(&self) -> Result<SweepReport, String> {
        self.sweep_unfinished(true, false).await.map_err(|fault| fault.to_string())
    }

    /// The part that looks at every object there is, for the only instance. A deposit that begins meanwhile has
    /// its row before its first object.
    ///
    /// # Errors
    /// A message when database or store do not answer.
    pub async fn sweep_stored(&self) -> Result<SweepReport, String> {
        self.sweep_orphans(true, false).await.map_err(|fault| fault.to_string())
    }

    /// All of it; with `dry` it only counts.
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

    /// Removes a tombstone and its objects. What cannot be removed now is for the next sweep.
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
