//! The ledger of choices: append-only, keyed and chained, its head kept in the keyring database (C8).

use crate::{
    Services,
    crypto::{SealKey, fill_random, sha256},
    error::Fault,
    store::{
        keyring::{self, LedgerHead},
        ledger::{self, ReceiptRow},
    },
};
use async_trait::async_trait;
use domain::{
    consent::{Consents, NewReceipt, Receipt},
    error::PortResult,
    ids::ReceiptId,
    time::Instant,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The link before the first receipt.
const GENESIS: [u8; 32] = [0; 32];
/// How often an append is tried again when another instance was first.
const TRIES: usize = 20;
/// Rows read at once when verifying.
const BATCH: i64 = 1_000;

/// What is wrong with the ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// A row was altered, removed, swapped or written without the key.
    #[error("receipt {number}: the chain is broken here")]
    Broken {
        /// The number of the first wrong row.
        number: i64,
    },
    /// Rows at the end are missing: the keyring knows of more.
    #[error("the ledger ends at receipt {found}, but {expected} were written")]
    CutOff {
        /// The last number found.
        found: i64,
        /// The number that the keyring knows of.
        expected: i64,
    },
}

fn link(key: &SealKey, row: &ReceiptRow) -> [u8; 32] {
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

/// Whether `row` is the one after `number`, whose link was `previous`.
fn goes_on(key: &SealKey, number: i64, previous: &[u8], row: &ReceiptRow) -> bool {
    row.number == number + 1 && row.previous == previous && crate::crypto::ct_eq(&link(key, row), &row.mac)
}

impl Services {
    async fn append(&self, receipt: NewReceipt) -> Result<Receipt, Fault> {
        // No time in the id: it stands in the browser's cookie.
        let mut random = [0; 16];
        fill_random(&mut random)?;
        let id = uuid::Builder::from_random_bytes(random).into_uuid();
        let decisions: BTreeMap<&str, bool> = receipt
            .asked
            .iter()
            .map(|service| (service.as_str(), receipt.decision.accepted.contains(service)))
            .collect();
        let decisions = serde_json::to_string(&decisions).map_err(|_| Fault::Broken("a decision cannot be written"))?;
        let at = self.calendar.now();
        for _ in 0..TRIES {
            match self.append_once(id, at, &decisions, &receipt).await {
                Err(Fault::Db(sqlx::Error::Database(error))) if error.is_unique_violation() => {}
                Err(fault) => return Err(fault),
                Ok(number) => {
                    self.advance_head(number).await?;
                    return Ok(Receipt { id: ReceiptId::from(id), at });
                }
            }
        }
        Err(Fault::Broken("the ledger is too busy"))
    }

    async fn append_once(&self, id: Uuid, at: Instant, decisions: &str, receipt: &NewReceipt) -> Result<i64, Fault> {
        let key = self.keys.ledger.clone();
        let (list, text) = (receipt.list.clone(), receipt.text.clone());
        let row = ReceiptRow {
            number: 0,
            id,
            at: at.millis(),
            decisions: decisions.to_owned(),
            list_hash: sha256(list.as_bytes()).to_vec(),
            text_hash: sha256(text.as_bytes()).to_vec(),
            place: receipt.place.to_owned(),
            previous: Vec::new(),
            mac: Vec::new(),
        };
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    let mut row = row;
                    ledger::keep_text(tx, &row.list_hash, &list).await?;
                    ledger::keep_text(tx, &row.text_hash, &text).await?;
                    let last = ledger::last(tx).await?;
                    (row.number, row.previous) = last.map_or((1, GENESIS.to_vec()), |last| (last.number + 1, last.mac));
                    row.mac = link(&key, &row).to_vec();
                    ledger::insert(tx, &row).await?;
                    Ok(row.number)
                })
            })
            .await
    }

    /// Moves the head in the keyring on to `number` or beyond. It only ever follows the chain from where
    /// it stands: were rows cut off there, what is written afterwards must not hide it.
    async fn advance_head(&self, number: i64) -> Result<(), Fault> {
        loop {
            let head = keyring::ledger_head(&mut self.keyring.read().await?).await?;
            let from = head.unwrap_or(LedgerHead { receipts: 0, mac: GENESIS.to_vec() });
            if from.receipts >= number {
                return Ok(());
            }
            let (mut number, mut mac) = (from.receipts, from.mac.clone());
            for row in ledger::after(&mut self.data.read().await?, number, BATCH).await? {
                if !goes_on(&self.keys.ledger, number, &mac, &row) {
                    break;
                }
                (number, mac) = (row.number, row.mac);
            }
            let to = LedgerHead { receipts: number, mac };
            if to.receipts == from.receipts {
                tracing::error!("the consent ledger does not go on from its head in the keyring: run verify-ledger");
                return Ok(());
            }
            self.keyring
                .write(move |tx| Box::pin(async move { keyring::advance_ledger(tx, &from, &to).await }))
                .await?;
        }
    }

    /// Walks the whole ledger. How many receipts it holds, or the first thing wrong with it.
    ///
    /// # Errors
    /// A message when the databases do not answer.
    pub async fn verify_ledger(&self) -> Result<Result<i64, LedgerFault>, String> {
        self.walk().await.map_err(|fault| fault.to_string())
    }

    pub(crate) async fn walk(&self) -> Result<Result<i64, LedgerFault>, Fault> {
        // The head first: receipts written meanwhile only lie beyond it.
        let head = keyring::ledger_head(&mut self.keyring.read().await?).await?;
        let mut db = self.data.read().await?;
        let (mut number, mut previous) = (0, GENESIS.to_vec());
        let mut head_seen = head.is_none();
        loop {
            let rows = ledger::after(&mut db, number, BATCH).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if !goes_on(&self.keys.ledger, number, &previous, &row) {
                    return Ok(Err(LedgerFault::Broken { number: number + 1 }));
                }
                (number, previous) = (row.number, row.mac);
                if let Some(head) = head.as_ref().filter(|head| head.receipts == number) {
                    if head.mac != previous {
                        return Ok(Err(LedgerFault::Broken { number }));
                    }
                    head_seen = true;
                }
            }
        }
        match head {
            Some(head) if !head_seen => Ok(Err(LedgerFault::CutOff { found: number, expected: head.receipts })),
            _ => Ok(Ok(number)),
        }
    }
}

#[async_trait]
impl Consents for Services {
    async fn record(&self, receipt: NewReceipt) -> PortResult<Receipt> {
        Ok(self.append(receipt).await?)
    }
}
