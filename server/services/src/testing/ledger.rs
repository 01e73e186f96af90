//! A ledger as years would leave it, in one go.

use super::fail;
use crate::{
    Services,
    consent::Appender,
    store::keyring::{self, LedgerHead},
};
use domain::consent::NewReceipt;

impl Services {
    /// Appends `receipt` so many times, all at this moment, and moves the head on.
    ///
    /// # Errors
    /// A message.
    pub async fn test_fill_ledger(&self, receipt: &NewReceipt, count: usize) -> Result<(), String> {
        let appenders: Result<Vec<_>, _> = (0..count).map(|_| self.appender(receipt)).collect();
        let appenders = appenders.map_err(fail)?;
        let append = self.data.write(move |tx| {
            Box::pin(async move {
                let mut last = None;
                for appender in appenders {
                    last = Some(Appender::append(appender, tx).await?);
                }
                Ok(last)
            })
        });
        let Some(last) = append.await.map_err(fail)? else { return Ok(()) };
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
