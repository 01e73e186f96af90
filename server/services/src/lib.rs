//! What the ports do: all SQL, the vault, sessions, the ledger. No Leptos here.
//!
//! `Services::open` opens the databases and the object store, and gives the ports.

mod access;
mod accounts;
mod analytics;
mod clock;
mod consent;
mod counts;
mod crypto;
pub mod db;
mod demo;
mod doctor;
mod error;
mod events;
mod figures;
mod identity;
mod inbox;
mod jobs;
pub mod mail;
mod newsletter;
mod policies;
mod portfolio;
mod requests;
mod retention;
mod rights;
mod search;
mod stop;
mod store;
mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
mod throttle;
mod vault;
mod youth;

pub use accounts::FirstAdministratorError;
pub use clock::{FixedClock, SystemClock, WallClock};
pub use consent::{LedgerFault, LedgerReport};
pub use counts::{Counts, SignInOutcome};
pub use crypto::MasterKeyError;
pub use demo::{DemoError, DemoLogin, DemoProgress};
pub use doctor::{Finding, Inspection, Level};
pub use events::is_receiver;
pub use jobs::{JobError, JobReport};
pub use stop::{Stop, Stopper};
pub use vault::SweepReport;

use crate::{
    crypto::{MasterKey, Purpose, SealKey},
    db::{DATA_MIGRATIONS, Db, KEYRING_MIGRATIONS, OpenError},
    error::Fault,
};
use domain::{retention::Keeping, time::Calendar};
use object_store::ObjectStore;
use std::{
    path::Path,
    sync::{Arc, OnceLock, Weak},
};
use tokio::sync::Notify;

/// The 32 bytes everything is wrapped with.
pub struct Key(MasterKey);

impl Key {
    /// Reads the key's file.
    ///
    /// # Errors
    /// What is wrong with the file, in one line.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        MasterKey::load(path).map(Self)
    }

    /// Makes a new key and its file, readable by its owner alone.
    ///
    /// # Errors
    /// What stands in the way, in one line.
    pub fn create(path: &Path) -> Result<Self, MasterKeyError> {
        MasterKey::create(path).map(Self)
    }

    /// A key from 32 known bytes, for tests.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(MasterKey::from_bytes(bytes))
    }
}

/// The services could not be opened; the message is for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data.
    #[error("DATABASE_URL: {0}")]
    Data(#[source] OpenError),
    /// The keyring.
    #[error("KEYRING_URL: {0}")]
    Keyring(#[source] OpenError),
    /// The keyring was made with another master key.
    #[error(
        "BALISE_MASTER_KEY_FILE: this is not the key that the keyring was made with; nothing could be read with it"
    )]
    OtherKey,
    /// Something else.
    #[error("{0}")]
    Other(String),
}

/// All services, sharing databases, objects, clock and keys.
pub struct Services {
    pub(crate) data: Db,
    pub(crate) keyring: Db,
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) calendar: Arc<dyn Calendar>,
    pub(crate) keys: Subkeys,
    pub(crate) counts: Arc<Counts>,
    /// Visits that are counted in memory for a minute at most.
    pub(crate) shown: Arc<consent::Shown>,
    /// Pages that were seen and are not written down yet, for a minute at most.
    pub(crate) visits: Arc<analytics::Waiting>,
    pub(crate) figures: Arc<figures::Kept>,
    passwords: Arc<identity::Passwords>,
    pub(crate) post: Arc<mail::Post>,
    /// How long this site keeps things, once it is known.
    keeping: Arc<OnceLock<Keeping>>,
    /// Rings when a run of a job was asked for here.
    pub(crate) jobs_bell: Arc<Notify>,
    /// For tasks that outlive a call: a download, a deposit to take back.
    this: Weak<Self>,
}

/// The subkeys in use.
#[derive(Clone)]
pub(crate) struct Subkeys {
    keyring: Arc<SealKey>,
    second_factor: Arc<SealKey>,
    ledger: Arc<SealKey>,
    one_time: Arc<SealKey>,
    throttle: Arc<SealKey>,
    outbox: Arc<SealKey>,
    newsletter: Arc<SealKey>,
    forms: Arc<SealKey>,
}

impl Services {
    /// Opens everything, schemas brought up to date.
    ///
    /// # Errors
    /// What stands in the way, for whoever starts the program.
    pub async fn open(
        data_url: &str,
        keyring_url: &str,
        objects: Arc<dyn ObjectStore>,
        calendar: Arc<dyn Calendar>,
        key: &Key,
    ) -> Result<Arc<Self>, StartError> {
        let data = Db::open(data_url).await.map_err(StartError::Data)?;
        let keyring = Db::open(keyring_url).await.map_err(StartError::Keyring)?;
        data.migrate(&DATA_MIGRATIONS).await.map_err(StartError::Data)?;
        keyring.migrate(&KEYRING_MIGRATIONS).await.map_err(StartError::Keyring)?;
        Self::with(data, keyring, objects, calendar, key).await
    }

    /// The same over databases that are open and up to date.
    ///
    /// # Errors
    /// As [`Services::open`].
    pub async fn with(
        data: Db,
        keyring: Db,
        objects: Arc<dyn ObjectStore>,
        calendar: Arc<dyn Calendar>,
        key: &Key,
    ) -> Result<Arc<Self>, StartError> {
        let other = |fault: Fault| StartError::Other(fault.to_string());
        let mine = key.0.fingerprint().map_err(|error| StartError::Other(error.to_string()))?;
        let known = keyring
            .write(move |tx| Box::pin(async move { store::keyring::fingerprint(tx, &mine).await }))
            .await
            .map_err(other)?;
        if known != mine {
            return Err(StartError::OtherKey);
        }
        data.write(|tx| Box::pin(store::accounts::fold_names(tx))).await.map_err(other)?;
        Self::assemble(data, keyring, objects, calendar, key)
    }

    /// The same without looking at the databases.
    fn assemble(
        data: Db,
        keyring: Db,
        objects: Arc<dyn ObjectStore>,
        calendar: Arc<dyn Calendar>,
        key: &Key,
    ) -> Result<Arc<Self>, StartError> {
        let subkey =
            |purpose| key.0.subkey(purpose).map(Arc::new).map_err(|error| StartError::Other(error.to_string()));
        let keys = Subkeys {
            keyring: subkey(Purpose::KeyringWrap)?,
            second_factor: subkey(Purpose::SecondFactor)?,
            ledger: subkey(Purpose::LedgerMac)?,
            one_time: subkey(Purpose::OneTimeDisplay)?,
            throttle: subkey(Purpose::Throttle)?,
            outbox: subkey(Purpose::Outbox)?,
            newsletter: subkey(Purpose::Newsletter)?,
            forms: subkey(Purpose::Forms)?,
        };
        let passwords = Arc::new(identity::Passwords::new());
        let (counts, shown, visits, figures, post, keeping, jobs_bell) = Default::default();
        Ok(Arc::new_cyclic(|this| Self {
            data,
            keyring,
            objects,
            calendar,
            keys,
            counts,
            shown,
            visits,
            figures,
            passwords,
            post,
            keeping,
            jobs_bell,
            this: this.clone(),
        }))
    }

    /// The clock and the time zone.
    #[must_use]
    pub fn calendar(&self) -> Arc<dyn Calendar> {
        self.calendar.clone()
    }

    /// The pools of the databases, for the metrics.
    #[must_use]
    pub fn pools(&self) -> Vec<db::PoolState> {
        [("data", &self.data), ("keyring", &self.keyring)]
            .into_iter()
            .flat_map(|(name, db)| {
                db.pools().map(|(connections, size, idle)| db::PoolState { name, connections, size, idle })
            })
            .collect()
    }

    pub(crate) fn handle(&self) -> Result<Arc<Self>, Fault> {
        self.this.upgrade().ok_or(Fault::Broken("the services are closing"))
    }

    /// The same services under another clock.
    pub(crate) fn seeing(&self, calendar: Arc<dyn Calendar>) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            data: self.data.clone(),
            keyring: self.keyring.clone(),
            objects: self.objects.clone(),
            calendar,
            keys: self.keys.clone(),
            counts: self.counts.clone(),
            shown: self.shown.clone(),
            visits: self.visits.clone(),
            figures: self.figures.clone(),
            passwords: self.passwords.clone(),
            post: self.post.clone(),
            keeping: self.keeping.clone(),
            jobs_bell: self.jobs_bell.clone(),
            this: this.clone(),
        })
    }

    /// Whether the databases answer: readiness.
    pub async fn ready(&self) -> bool {
        let data = async { store::accounts::any(&mut self.data.read().await?).await };
        let keyring = async {
            // A reading that finds nothing is an answer too.
            store::keyring::ledger_head(&mut self.keyring.read().await?).await
        };
        data.await.is_ok() && keyring.await.is_ok()
    }

    /// Lets every connection finish, then closes.
    pub async fn close(&self) {
        self.data.close().await;
        self.keyring.close().await;
    }
}
