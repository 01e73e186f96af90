//! The ledger of choices: append-only, keyed and chained; its head is stored in the keyring database (C8).
//!
//! `consent/chain.rs` defines how receipts follow each other and verifies them, `consent/pruning.rs` deletes old ones,
//! `consent/counts.rs` counts what the administration sees.

mod chain;
mod counts;
mod pruning;

pub use chain::{Ledger, LedgerFault, LedgerReport};
pub(crate) use counts::Shown;

use self::chain::{Place, is_sealed, link};
use crate::{
    Services,
    access::{HouseFacts, SeeConsents, authorize},
    crypto::{SealKey, fill_random, sha256},
    db::{Db, Tx},
    error::Fault,
    store::{
        consent_counts::{self, Added},
        keyring::{self, LedgerHead},
        ledger::{self, ReceiptRow},
    },
};
use async_trait::async_trait;
use data_encoding::HEXLOWER;
use domain::{
    actor::Actor,
    consent::{ConsentOverview, Consents, NewReceipt, Receipt, ServiceId, ShownText, StoredReceipt, Violation},
    error::PortResult,
    ids::ReceiptId,
    paging::{PAGE_SIZE, Paged},
    time::{CivilDate, Instant},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

/// How often an append is tried again when another instance was first.
const TRIES: usize = 20;
/// How many rows behind the head are read at once.
const BATCH: i64 = 1_000;

/// A receipt without its place in the chain.
#[derive(Clone)]
pub(crate) struct Appender {
    key: Arc<SealKey>,
    keyring: Db,
    at: Instant,
    day: CivilDate,
    added: Added,
    list: String,
    text: String,
    row: ReceiptRow,
}

impl Appender {
    /// Appends the receipt. It fails as a unique violation when another instance appended one meanwhile.
    pub(crate) async fn append(mut self, tx: &mut Tx) -> Result<ReceiptRow, Fault> {
        // The day's row is written first, because instances that append at once then wait for each other. The unique
        // links catch the rest, such as two instances on both sides of midnight.
        consent_counts::add(tx, self.day, self.added).await?;
        ledger::keep_text(tx, &self.row.list_hash, &self.list, self.at).await?;
        ledger::keep_text(tx, &self.row.text_hash, &self.text, self.at).await?;
        let last = match ledger::last(tx).await? {
            Some(last) => Place { number: last.number, mac: last.mac },
            None => {
                // All receipts were deleted by age. The checkpoint, which was sealed before that, says where the chain
                // goes on.
                let checkpoint = keyring::ledger_checkpoint(&mut self.keyring.read().await?).await?;
                if checkpoint.as_ref().is_some_and(|checkpoint| !is_sealed(&self.key, checkpoint)) {
                    return Err(Fault::Broken("the ledger's checkpoint is forged: run verify-ledger"));
                }
                Place::beginning(checkpoint.as_ref())
            }
        };
        (self.row.number, self.row.previous) = (last.number + 1, last.mac);
        self.row.mac = link(&self.key, &self.row).to_vec();
        ledger::insert(tx, &self.row).await?;
        Ok(self.row)
    }
}

impl Services {
    pub(crate) fn appender(&self, receipt: &NewReceipt) -> Result<Appender, Fault> {
        // The id contains no time, because it is stored in the browser's cookie.
        let mut random = [0; 16];
        fill_random(&mut random)?;
        let decisions: BTreeMap<&str, bool> = receipt
            .asked
            .iter()
            .map(|service| (service.as_str(), receipt.decision.accepted.contains(service)))
            .collect();
        let at = self.calendar.now();
        let row = ReceiptRow {
            number: 0,
            id: uuid::Builder::from_random_bytes(random).into_uuid(),
            at: at.millis(),
            decisions: serde_json::to_string(&decisions).map_err(|_| Fault::Broken("a decision cannot be written"))?,
            list_hash: sha256(receipt.list.as_bytes()).to_vec(),
            text_hash: sha256(receipt.text.as_bytes()).to_vec(),
            place: receipt.place.code().to_owned(),
            previous: Vec::new(),
            mac: Vec::new(),
        };
        Ok(Appender {
            key: self.ledger.key.clone(),
            keyring: self.keyring.clone(),
            at,
            day: self.calendar.local(at).date,
            added: counts::of_choice(receipt),
            list: receipt.list.clone(),
            text: receipt.text.clone(),
            row,
        })
    }

    async fn append(&self, receipt: &NewReceipt) -> Result<Receipt, Fault> {
        let appender = self.appender(receipt)?;
        for _ in 0..TRIES {
            let appender = appender.clone();
            match self.data.write(move |tx| Box::pin(appender.append(tx))).await {
                // Another instance was first, or a text that no receipt used any more was deleted at this moment.
                Err(Fault::Db(sqlx::Error::Database(error)))
                    if error.is_unique_violation() || error.is_foreign_key_violation() => {}
                Err(fault) => return Err(fault),
                Ok(row) => {
                    self.advance_head(row.number).await?;
                    return Ok(Receipt { id: ReceiptId::from(row.id), at: Instant::from_millis(row.at) });
                }
            }
        }
        Err(Fault::Broken("the ledger is too busy"))
    }

    /// Moves the head in the keyring to `number` or beyond. It follows the chain from the present head: if somebody
    /// removed rows there, later receipts must not hide it.
    async fn advance_head(&self, number: i64) -> Result<(), Fault> {
        loop {
            let head = keyring::ledger_head(&mut self.keyring.read().await?).await?;
            let from = head.unwrap_or(LedgerHead { receipts: 0, mac: chain::GENESIS.to_vec() });
            if from.receipts >= number {
                return Ok(());
            }
            let mut place = Place { number: from.receipts, mac: from.mac.clone() };
            for row in ledger::after(&mut self.data.read().await?, place.number, BATCH).await? {
                if !place.go_on(&self.ledger.key, &row) {
                    break;
                }
            }
            if place.number == from.receipts {
                tracing::error!("the consent ledger does not go on from its head in the keyring: run verify-ledger");
                return Ok(());
            }
            let to = LedgerHead { receipts: place.number, mac: place.mac };
            self.keyring
                .write(move |tx| Box::pin(async move { keyring::advance_ledger(tx, &from, &to).await }))
                .await?;
        }
    }

    async fn read_receipt(&self, id: ReceiptId) -> Result<Option<StoredReceipt>, Fault> {
        let Some(row) = ledger::find(&mut self.data.read().await?, id.into()).await? else { return Ok(None) };
        let decisions: BTreeMap<String, bool> = serde_json::from_str(&row.decisions)
            .map_err(|_| Fault::Broken("the decisions of a receipt cannot be read"))?;
        Ok(Some(StoredReceipt {
            id,
            at: Instant::from_millis(row.at),
            decisions: decisions.into_iter().map(|(service, yes)| (ServiceId::from(service.as_str()), yes)).collect(),
            list: row.list,
            text: row.text,
            list_hash: HEXLOWER.encode(&row.list_hash),
            text_hash: HEXLOWER.encode(&row.text_hash),
            place: row.place,
        }))
    }
}

#[async_trait]
impl Consents for Services {
    async fn record(&self, receipt: NewReceipt) -> PortResult<Receipt> {
        Ok(self.append(&receipt).await?)
    }

    async fn receipt(&self, id: ReceiptId) -> PortResult<Option<StoredReceipt>> {
        Ok(self.read_receipt(id).await?)
    }

    fn note_shown(&self) {
        self.shown.0.fetch_add(1, Ordering::Relaxed);
    }

    async fn note_violation(&self, violation: Violation) -> PortResult<()> {
        Ok(self.count_violation(violation).await?)
    }

    async fn overview(&self, actor: &Actor, from: CivilDate) -> PortResult<ConsentOverview> {
        let access = authorize(actor, SeeConsents, HouseFacts)?;
        Ok(self.count_up(&access, from).await?)
    }

    async fn texts(&self, actor: &Actor, page: u32) -> PortResult<Paged<ShownText>> {
        let access = authorize(actor, SeeConsents, HouseFacts)?;
        let read = async {
            let mut db = self.data.read().await?;
            let found = Paged::of(ledger::count_texts(&mut db).await?, page, PAGE_SIZE);
            let rows = ledger::texts(&mut db, &access, found.page).await?.into_iter().map(|row| ShownText {
                hash: HEXLOWER.encode(&row.hash),
                content: row.content,
                first_at: Instant::from_millis(row.first_at),
            });
            Ok::<_, Fault>(found.with(rows.collect()))
        };
        Ok(read.await?)
    }
}
