//! The chain of receipts: how one follows another, where it begins, and how the whole chain is verified.

use crate::{
    Key, StartError, check_key,
    crypto::{Purpose, SealKey, ct_eq, sha256},
    databases,
    db::{Db, Reads},
    error::Fault,
    store::{
        keyring::{self, LedgerCheckpoint, LedgerHead},
        ledger::{self, ReceiptRow},
    },
};
use std::{collections::HashMap, sync::Arc};

/// The link before the first receipt.
pub(super) const GENESIS: [u8; 32] = [0; 32];
/// How many rows are read at once when verifying: some megabytes.
const BATCH: i64 = 5_000;
/// How many texts are read at once when verifying.
const TEXTS: i64 = 50;

/// What is wrong with the ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// A row was altered, removed, swapped or written without the key.
    #[error("receipt {number}: the chain is broken here")]
    Broken {
        /// The number of the first wrong row.
        number: i64,
    },
    /// Rows at the end are missing: the keyring knows a higher number.
    #[error("the ledger ends at receipt {found}, but {expected} were written")]
    CutOff {
        /// The last number found.
        found: i64,
        /// The number that the keyring knows of.
        expected: i64,
    },
    /// A text that somebody was shown was changed or deleted.
    #[error("receipt {number}: the text or list it refers to was altered or removed")]
    Text {
        /// The first receipt that refers to it.
        number: i64,
    },
    /// The checkpoint of the deleted receipts in the keyring was not written with the key.
    #[error("the checkpoint in the keyring is forged: it does not say truly which receipts went by age")]
    Checkpoint,
    /// Receipts were deleted by age, and the keyring no longer knows where the ledger ended then.
    #[error("the head in the keyring was removed or put back to a time before receipts {upto} and older went by age")]
    Head {
        /// The last receipt that was deleted by age.
        upto: i64,
    },
}

/// A ledger in which nothing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerReport {
    /// Receipts that were verified.
    pub receipts: u64,
    /// How many receipts were deleted by age before.
    pub pruned: u64,
}

/// A place in the chain: the number of a receipt, and its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) number: i64,
    pub(super) mac: Vec<u8>,
}

impl Place {
    /// Where the chain begins.
    pub(super) fn beginning(checkpoint: Option<&LedgerCheckpoint>) -> Self {
        match checkpoint {
            Some(checkpoint) => Self { number: checkpoint.receipts, mac: checkpoint.mac.clone() },
            None => Self { number: 0, mac: GENESIS.to_vec() },
        }
    }

    /// Moves on to `row` if it is the next one; returns false if it is not.
    #[must_use]
    pub(super) fn go_on(&mut self, key: &SealKey, row: &ReceiptRow) -> bool {
        let next = row.number == self.number + 1 && row.previous == self.mac && ct_eq(&link(key, row), &row.mac);
        if next {
            self.number = row.number;
            self.mac.clone_from(&row.mac);
        }
        next
    }

    /// Whether this is the place that is stored with `number` and `mac`.
    fn is(&self, number: i64, mac: &[u8]) -> bool {
        self.number == number && ct_eq(&self.mac, mac)
    }
}

/// The keyed hash that chains `row` to the one before.
pub(super) fn link(key: &SealKey, row: &ReceiptRow) -> [u8; 32] {
    key.mac(&[
        b"consent receipt v1",
        &row.previous,
        &row.number.to_be_bytes(),
        row.id.as_bytes(),
        &row.at.to_be_bytes(),
        row.decisions.as_bytes(),
        &row.list_hash,
        &row.text_hash,
        row.place.as_bytes(),
    ])
}

/// The seal of a checkpoint. It has its own label, so that no receipt's link can be used as a seal.
pub(super) fn seal(key: &SealKey, place: &Place, at: i64) -> [u8; 32] {
    key.mac(&[b"consent checkpoint v1", &place.number.to_be_bytes(), &place.mac, &at.to_be_bytes()])
}

/// Whether `checkpoint` was written with the key.
pub(super) fn is_sealed(key: &SealKey, checkpoint: &LedgerCheckpoint) -> bool {
    let place = Place::beginning(Some(checkpoint));
    place.number > 0 && ct_eq(&seal(key, &place, checkpoint.at), &checkpoint.seal)
}

/// The values from which a verification starts.
struct Start {
    checkpoint: Option<LedgerCheckpoint>,
    head: Option<LedgerHead>,
    /// The first receipt, if there is one; nothing when it cannot be read.
    first: Option<Option<ReceiptRow>>,
}

impl Start {
    /// Whether no receipt was deleted by age between `earlier` and this.
    fn begins_with(&self, earlier: &Self) -> bool {
        let first = |start: &Self| start.first.as_ref().map(|row| row.as_ref().map(|row| row.number));
        self.checkpoint == earlier.checkpoint && first(self) == first(earlier)
    }
}

/// The ledger: the receipts in the data, the end of their chain in the keyring, and the key that links them.
#[derive(Clone)]
pub struct Ledger {
    data: Db,
    keyring: Db,
    pub(super) key: Arc<SealKey>,
}

impl Ledger {
    pub(crate) fn new(data: Db, keyring: Db, key: &Key) -> Result<Self, StartError> {
        Ok(Self { data, keyring, key: key.subkey(Purpose::LedgerMac)? })
    }

    /// Opens only the ledger, and runs the migrations first.
    ///
    /// # Errors
    /// The reason of the failure, for the person who starts the program.
    pub async fn open(data_url: &str, keyring_url: &str, key: &Key) -> Result<Self, StartError> {
        let (data, keyring) = databases(data_url, keyring_url).await?;
        check_key(&keyring, key).await?;
        Self::new(data, keyring, key)
    }

    /// Waits until every connection is finished, then closes them.
    pub async fn close(&self) {
        self.data.close().await;
        self.keyring.close().await;
    }

    /// Verifies the whole ledger from its beginning, which may be after deleted receipts. Returns how many receipts it
    /// holds, or the first fault.
    ///
    /// # Errors
    /// A message when the databases do not answer.
    pub async fn verify(&self) -> Result<Result<LedgerReport, LedgerFault>, String> {
        self.walk().await.map_err(|fault| fault.to_string())
    }

    pub(crate) async fn walk(&self) -> Result<Result<LedgerReport, LedgerFault>, Fault> {
        let mut start = self.start().await?;
        loop {
            let walked = self.walk_from(&start).await?;
            if walked.is_ok() {
                return Ok(walked);
            }
            // Receipts that were deleted by age during the verification are missing, and nothing is wrong.
            let now = self.start().await?;
            if now.begins_with(&start) {
                return Ok(walked);
            }
            start = now;
        }
    }

    async fn start(&self) -> Result<Start, Fault> {
        // The checkpoint is read before the head, which is never behind it, and the head before the receipts: those
        // that are written meanwhile only come after it.
        let (checkpoint, head) = {
            let mut keyring = self.keyring.read().await?;
            (keyring::ledger_checkpoint(&mut keyring).await?, keyring::ledger_head(&mut keyring).await?)
        };
        let first = readable(ledger::after(&mut self.data.read().await?, i64::MIN, 1).await)?;
        Ok(Start { checkpoint, head, first: first.map(|rows| rows.into_iter().next()) })
    }

    async fn walk_from(&self, start: &Start) -> Result<Result<LedgerReport, LedgerFault>, Fault> {
        let key = &*self.key;
        let (checkpoint, head) = (start.checkpoint.as_ref(), start.head.as_ref());
        if let Some(checkpoint) = checkpoint {
            if !is_sealed(key, checkpoint) {
                return Ok(Err(LedgerFault::Checkpoint));
            }
            if head.is_none_or(|head| head.receipts < checkpoint.receipts) {
                return Ok(Err(LedgerFault::Head { upto: checkpoint.receipts }));
            }
        }
        let mut db = self.data.read().await?;
        let mut place = Place::beginning(checkpoint);
        let unreadable = |place: &Place| Ok(Err(LedgerFault::Broken { number: place.number + 1 }));
        match &start.first {
            None => return unreadable(&place),
            Some(Some(row)) if row.number < 1 => return Ok(Err(LedgerFault::Broken { number: row.number })),
            // A deletion that was interrupted left some of the sealed receipts: the chain begins earlier and leads to
            // the checkpoint.
            Some(Some(row)) if row.number <= place.number => {
                place = Place { number: row.number - 1, mac: row.previous.clone() };
            }
            Some(_) => {}
        }
        let begun = place.number;
        let mut head_seen = head.is_none_or(|head| place.is(head.receipts, &head.mac));
        let mut shown = HashMap::new();
        let mut limit = BATCH;
        loop {
            let rows = match readable(ledger::after(&mut db, place.number, limit).await)? {
                Some(rows) => rows,
                // One of the rows holds a value that its columns cannot hold. Reading the rows one by one finds it.
                None if limit > 1 => {
                    limit = 1;
                    continue;
                }
                None => return unreadable(&place),
            };
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let broken = LedgerFault::Broken { number: place.number + 1 };
                if !place.go_on(key, row) {
                    return Ok(Err(broken));
                }
                let true_of = |number: i64, mac: &[u8]| place.number != number || place.is(number, mac);
                if !checkpoint.is_none_or(|checkpoint| true_of(checkpoint.receipts, &checkpoint.mac))
                    || !head.is_none_or(|head| true_of(head.receipts, &head.mac))
                {
                    return Ok(Err(broken));
                }
                head_seen |= head.is_some_and(|head| head.receipts == place.number);
                for hash in [&row.list_hash, &row.text_hash] {
                    if !shown.contains_key(hash) {
                        shown.insert(hash.clone(), row.number);
                    }
                }
            }
        }
        if checkpoint.is_some_and(|checkpoint| place.number < checkpoint.receipts) {
            // The rows that are left do not even reach the sealed checkpoint.
            return Ok(Err(LedgerFault::Broken { number: place.number + 1 }));
        }
        if let Some(head) = head.filter(|_| !head_seen) {
            return Ok(Err(LedgerFault::CutOff { found: place.number, expected: head.receipts }));
        }
        if let Some(number) = first_without_its_text(&mut db, shown).await? {
            return Ok(Err(LedgerFault::Text { number }));
        }
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Ok(Ok(LedgerReport { receipts: count(place.number - begun), pruned: count(begun) }))
    }
}

/// Gives nothing when a row holds a value that its columns cannot hold, which SQLite allows.
fn readable<T>(rows: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match rows {
        Err(Fault::Db(sqlx::Error::ColumnDecode { .. })) => Ok(None),
        other => other.map(Some),
    }
}

/// The first receipt whose text was changed. `shown` has each hash and the first receipt that refers to it.
async fn first_without_its_text(db: &mut impl Reads, mut shown: HashMap<Vec<u8>, i64>) -> Result<Option<i64>, Fault> {
    let (mut after, mut limit) = (Vec::new(), TEXTS);
    while !shown.is_empty() {
        let texts = match readable(ledger::texts_after(db, &after, limit).await)? {
            Some(texts) => texts,
            None if limit > 1 => {
                limit = 1;
                continue;
            }
            None => break,
        };
        let Some(last) = texts.last() else { break };
        after.clone_from(&last.hash);
        for text in &texts {
            if ct_eq(&sha256(text.content.as_bytes()), &text.hash) {
                shown.remove(&text.hash);
            }
        }
    }
    Ok(shown.into_values().min())
}
