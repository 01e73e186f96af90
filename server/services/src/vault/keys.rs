//! One key per person, wrapped by the master key, in the keyring database (V8).

use crate::{Services, crypto::PersonKey, error::Fault, store};
use domain::ids::YouthId;

impl Services {
    /// The key of a person who has one.
    pub(crate) async fn person_key(&self, youth: YouthId) -> Result<PersonKey, Fault> {
        let wrapped = store::keyring::find(&mut self.keyring.read().await?, youth)
            .await?
            .ok_or(Fault::Broken("a person without a key"))?;
        Ok(PersonKey::unwrap(&self.keys.keyring, youth.into(), &wrapped)?)
    }

    /// The key of a person, made at the first deposit: key first, rows after.
    pub(crate) async fn person_key_or_new(&self, youth: YouthId) -> Result<PersonKey, Fault> {
        let known = store::keyring::find(&mut self.keyring.read().await?, youth).await?;
        if let Some(wrapped) = known {
            return Ok(PersonKey::unwrap(&self.keys.keyring, youth.into(), &wrapped)?);
        }
        let wrapped = PersonKey::generate()?.wrap(&self.keys.keyring, youth.into())?;
        let at = self.calendar.now();
        self.keyring
            .write(move |tx| Box::pin(async move { store::keyring::insert(tx, youth, &wrapped, at).await }))
            .await?;
        // Two deposits may have made one each: the one that was kept counts.
        self.person_key(youth).await
    }
}
