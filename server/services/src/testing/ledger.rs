//! A ledger as years would leave it, in one go.

use super::fail;
use crate::{
    Services,
    store::keyring::{self, LedgerHead},
};
use domain::consent::NewReceipt;

impl Services {
    /// Appends `receipt` so many times, all at this moment, and moves the head on.
    ///
    /// # Errors
    /// A message.
    pub async fn test_fill_ledger(&self, receipt: &NewReceipt, count: usize) -> Result<(), String> {
        let mut last = None;
        let mut left = count;
        while left > 0 {
            // PostgreSQL drags along each version of the day's row until the transaction ends.
            let now = left.min(1_000);
            left -= now;
            let appenders: Result<Vec<_>, _> = (0..now).map(|_| self.appender(receipt)).collect();
            let appenders = appenders.map_err(fail)?;
            let append = self.data.write(move |tx| {
                Box::pin(async move {
                    let mut last = None;
                    for appender in appenders {
                        last = Some(appender.append(tx).await?);
                    }
                    Ok(last)
                })
            });
            last = append.await.map_err(fail)?;
        }
        let Some(last) = last else { return Ok(()) };
        let to = LedgerHead { receipts: last.number, mac: last.mac };
        let move_on = self.keyring.write(move |tx| {
            Box::pin(async move {
                let from = keyring::ledger_head(tx).await?.unwrap_or(LedgerHead { receipts: 0, mac: Vec::new() });
                keyring::advance_ledger(tx, &from, &to).await
            })
        });
        move_on.await.map_err(fail)
    }
}
