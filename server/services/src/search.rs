//! The search of the site (F7): an ordinary table of folded and stemmed terms, the same on both engines.

mod terms;

use crate::{
    Services,
    crypto::sha256,
    db::Tx,
    error::Fault,
    store::{self, search::Stored},
};
use async_trait::async_trait;
use domain::{
    error::PortResult,
    events::{Event, EventState},
    paging::Paged,
    search::{Entry, EntryKind, PAGE_SIZE, Search, SearchResult},
    time::Instant,
};
use std::collections::BTreeMap;

/// This number is part of every hash. Change it when the code makes other terms from the same text: then everything is
/// indexed again.
const METHOD: u8 = 1;
/// Most events that are read when the index is built.
const EVENTS_MAX: i64 = 1_000;

/// The id of an entry. Every instance computes the same id at any time.
fn id_of(kind: EntryKind, key: &str) -> i64 {
    let hash = sha256(format!("{}\n{key}", kind.code()).as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    // Positive numbers are easier to read.
    i64::from_be_bytes(first) & i64::MAX
}

fn hash_of(entry: &Entry, until: Option<Instant>) -> [u8; 32] {
    let until = until.map_or(0, Instant::millis);
    let parts = [entry.kind.code(), &entry.path, &entry.title, &entry.summary, &entry.text];
    let mut bytes = vec![METHOD];
    for part in parts {
        // The lengths make « a, bc » different from « ab, c ».
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(&until.to_be_bytes());
    sha256(&bytes)
}

async fn put(tx: &mut Tx, entry: &Entry, until: Option<Instant>) -> Result<(), Fault> {
    let (id, hash) = (id_of(entry.kind, &entry.key), hash_of(entry, until));
    let stored = Stored {
        id,
        kind: entry.kind,
        path: &entry.path,
        title: &entry.title,
        summary: &entry.summary,
        hash: &hash,
        until,
    };
    store::search::put(tx, &stored, &terms::of_entry(entry)).await
}

fn entry_of(event: &Event) -> Entry {
    Entry {
        kind: EntryKind::Event,
        key: event.id.to_string(),
        path: "/evenement".to_owned(),
        title: event.name.clone(),
        summary: event.place.clone(),
        text: event.description.clone(),
    }
}

/// Adds `event` to the index while it is open, and removes it otherwise.
pub(crate) async fn index_event(tx: &mut Tx, event: &Event, at: Instant) -> Result<(), Fault> {
    if event.state(at) == EventState::Open {
        put(tx, &entry_of(event), Some(event.ends_at)).await
    } else {
        store::search::remove(tx, id_of(EntryKind::Event, &event.id.to_string())).await
    }
}

impl Services {
    /// Makes the index hold exactly `entries` and, with `events`, the open events. Writes only what changed, and
    /// returns how many entries that were.
    ///
    /// # Errors
    /// A message when the database does not answer.
    pub async fn index_site(&self, entries: Vec<Entry>, events: bool) -> Result<usize, String> {
        let at = self.calendar.now();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let mut wanted: Vec<(Entry, Option<Instant>)> =
                    entries.into_iter().map(|entry| (entry, None)).collect();
                if events {
                    let open = store::events::open(tx, at, EVENTS_MAX).await?;
                    wanted.extend(open.iter().map(|event| (entry_of(event), Some(event.ends_at))));
                }
                let mut before: BTreeMap<i64, Vec<u8>> = store::search::stored(tx).await?.into_iter().collect();
                let mut written = 0;
                for (entry, until) in &wanted {
                    let known = before.remove(&id_of(entry.kind, &entry.key));
                    if known.is_none_or(|hash| hash != hash_of(entry, *until)) {
                        put(tx, entry, *until).await?;
                        written += 1;
                    }
                }
                for id in before.into_keys() {
                    store::search::remove(tx, id).await?;
                    written += 1;
                }
                Ok(written)
            })
        });
        write.await.map_err(|fault| fault.to_string())
    }

    async fn find(&self, query: &str, page: u32) -> Result<Paged<SearchResult>, Fault> {
        let at = self.calendar.now();
        let Some(wanted) = terms::of_query(query, false) else {
            return Ok(Paged::of(0, 1, PAGE_SIZE));
        };
        let page = page.max(1);
        let mut db = self.data.read().await?;
        let found = store::search::find(&mut db, &wanted, page, at).await?;
        if found.total > 0 {
            return Ok(found);
        }
        if page > 1 {
            // The page is beyond the last one, or nothing was found: the first page shows which.
            let first = store::search::find(&mut db, &wanted, 1, at).await?;
            if first.total > 0 {
                return Ok(first);
            }
        }
        // « emploi-logement » is nowhere one word, so it is searched as two words.
        match terms::of_query(query, true).filter(|_| terms::has_joined(query)) {
            Some(apart) => store::search::find(&mut db, &apart, page, at).await,
            None => Ok(Paged::of(0, 1, PAGE_SIZE)),
        }
    }
}

#[async_trait]
impl Search for Services {
    async fn search(&self, query: &str, page: u32) -> PortResult<Paged<SearchResult>> {
        Ok(self.find(query, page).await?)
    }
}
