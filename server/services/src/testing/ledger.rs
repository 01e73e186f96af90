//! Fills a ledger at once as years of use would do.

use super::fail;
use crate::{
    Services,
    store::keyring::{self, LedgerHead},
};
use domain::consent::NewReceipt;

impl Services {
    /// Appends `receipt` `count` times, all at the present moment, and moves the head of the ledger.
    ///
    /// # Errors
    /// A message.
    pub async fn test_fill_ledger(&self, receipt: &NewReceipt, count: usize) -> Result<(), String> {
        let mut last = None;
        let mut left = count;
        while left > 0 {
            // PostgreSQL keeps each version of the day's row until the transaction ends, so each transaction is
            // limited.
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
