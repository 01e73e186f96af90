//! The key of each person, wrapped by the master key, in the keyring database (V8).

use crate::{
    Key, StartError,
    crypto::{PersonKey, Purpose, SealKey},
    db::Db,
    error::Fault,
    store,
};
use domain::{ids::YouthId, time::Instant};
use std::sync::Arc;

/// The keys of people, and the key that wraps them.
#[derive(Clone)]
pub(crate) struct PersonKeys {
    keyring: Db,
    key: Arc<SealKey>,
}

impl PersonKeys {
    pub(crate) fn new(keyring: Db, key: &Key) -> Result<Self, StartError> {
        Ok(Self { keyring, key: key.subkey(Purpose::KeyringWrap)? })
    }

    /// The key of a person who has one already.
    pub(crate) async fn of(&self, youth: YouthId) -> Result<PersonKey, Fault> {
        let wrapped = store::keyring::find(&mut self.keyring.read().await?, youth)
            .await?
            .ok_or(Fault::Broken("a person without a key"))?;
        Ok(PersonKey::unwrap(&self.key, youth.into(), &wrapped)?)
    }

    /// The key of a person. It is made at the first deposit, at the moment `at`, before any row that needs it.
    pub(crate) async fn of_or_new(&self, youth: YouthId, at: Instant) -> Result<PersonKey, Fault> {
        let known = store::keyring::find(&mut self.keyring.read().await?, youth).await?;
        if let Some(wrapped) = known {
            return Ok(PersonKey::unwrap(&self.key, youth.into(), &wrapped)?);
        }
        let wrapped = PersonKey::generate()?.wrap(&self.key, youth.into())?;
        self.keyring
            .write(move |tx| Box::pin(async move { store::keyring::insert(tx, youth, &wrapped, at).await }))
            .await?;
        // Two deposits may have made a key each. The one that was stored first is used.
        self.of(youth).await
    }
}
