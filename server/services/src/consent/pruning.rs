//! Receipts are removed by age from the beginning of the chain. A sealed checkpoint says which ones are gone.

use super::chain::{Place, is_sealed, seal};
use crate::{
    Services,
    error::Fault,
    jobs::{Turn, counts},
    periods::fixed_days,
    store::{
        keyring::{self, LedgerCheckpoint},
        ledger,
    },
};
use domain::{retention::RuleId, tasks::RunCounts, time::Instant};

/// How many receipts are removed at once. The site answers between two batches.
const BATCH: i64 = 1_000;

/// How long receipts are kept: two years. An organisation that relies on a consent must be able to prove it (GDPR,
/// article 7(1)), and keeps the proof no longer than claims can be made (EDPB, Guidelines 05/2020, section 5.1; article
/// 17(3)(e)). A choice is valid for twelve months at most (C9): until then the receipt proves something that is in use.
/// A further year leaves time for a complaint about the last day: it is also after a year that the petty offences of
/// article R. 625-10 and following of the French penal code can no longer be prosecuted (code of criminal procedure,
/// article 9).
const RECEIPTS_DAYS: i64 = fixed_days(RuleId::Receipts);

impl Services {
    /// Deletes the receipts that are old enough, and the texts to which no other receipt refers.
    ///
    /// Receipts are deleted in the order of the chain, up to the first one that stays, even if a wrong clock gave a
    /// receipt after it an earlier date. For each batch, the checkpoint is sealed before the rows are deleted. A run
    /// that is interrupted between the two leaves rows that lead to the checkpoint: the verification accepts them and
    /// the next run deletes them.
    pub(crate) async fn prune_receipts(&self, turn: Turn) -> Result<RunCounts, Fault> {
        let before = self.calendar.now().plus_hours(-24 * RECEIPTS_DAYS);
        let checkpoint = keyring::ledger_checkpoint(&mut self.keyring.read().await?).await?;
        if checkpoint.as_ref().is_some_and(|checkpoint| !is_sealed(&self.ledger.key, checkpoint)) {
            return Err(Fault::Broken("the ledger's checkpoint is forged: nothing was pruned, run verify-ledger"));
        }
        let mut place = Place::beginning(checkpoint.as_ref());
        // The rows that an interrupted run left behind its checkpoint are deleted first.
        let mut receipts = if turn.dry { 0 } else { self.delete_receipts(place.number).await? };
        loop {
            let from = place.number;
            let due = self.go_along(&mut place, before).await?;
            if place.number > from && !turn.dry {
                self.seal_checkpoint(&place).await?;
                receipts += self.delete_receipts(place.number).await?;
            }
            if !due {
                break;
            }
        }
        if turn.dry {
            receipts = ledger::count_up_to(&mut self.data.read().await?, place.number).await?;
        }
        let texts = self.drop_texts(turn, before, place.number).await?;
        Ok(counts([("receipts", receipts), ("texts", texts)]))
    }

    /// Moves `place` over the next receipts that are old enough, at most [`BATCH`]. Returns whether more may follow.
    ///
    /// Each receipt is verified first, because the deletion must not remove the traces of a change.
    async fn go_along(&self, place: &mut Place, before: Instant) -> Result<bool, Fault> {
        const BROKEN: Fault = Fault::Broken("the consent ledger is broken: nothing more was pruned, run verify-ledger");
        let head = keyring::ledger_head(&mut self.keyring.read().await?).await?;
        let Some(head) = head else { return Ok(false) };
        let rows = ledger::after(&mut self.data.read().await?, place.number, BATCH).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == BATCH);
        let mut reached = place.clone();
        for row in rows {
            if row.at >= before.millis() || row.number > head.receipts {
                *place = reached;
                return Ok(false);
            }
            if !reached.go_on(&self.ledger.key, &row) || (row.number == head.receipts && row.mac != head.mac) {
                return Err(BROKEN);
            }
        }
        *place = reached;
        Ok(full)
    }

    async fn seal_checkpoint(&self, place: &Place) -> Result<(), Fault> {
        let at = self.calendar.now().millis();
        let seal = seal(&self.ledger.key, place, at).to_vec();
        let to = LedgerCheckpoint { receipts: place.number, mac: place.mac.clone(), at, seal };
        self.keyring.write(move |tx| Box::pin(async move { keyring::advance_checkpoint(tx, &to).await })).await
    }

    async fn delete_receipts(&self, number: i64) -> Result<u64, Fault> {
        self.data.write(move |tx| Box::pin(async move { ledger::delete_up_to(tx, number).await })).await
    }

    async fn drop_texts(&self, turn: Turn, before: Instant, number: i64) -> Result<u64, Fault> {
        if turn.dry {
            return ledger::count_idle_texts(&mut self.data.read().await?, before, number).await;
        }
        let dropped =
            self.data.write(move |tx| Box::pin(async move { ledger::delete_idle_texts(tx, before, number).await }));
        match dropped.await {
            // A text was shown again at this moment. The other texts are deleted at the next run.
            Err(Fault::Db(sqlx::Error::Database(error))) if error.is_foreign_key_violation() => Ok(0),
            other => other,
        }
    }
}
