//! The implementation of the ports: all SQL, the vault, sessions, the ledger. No Leptos here.
//!
//! `Services::open` opens the databases, takes the [`Setup`] of the portal, and implements every port.

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
mod newsletter_links;
mod periods;
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
pub use consent::{Ledger, LedgerFault, LedgerReport};
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
    mail::{MailMeans, Outbox},
    newsletter_links::NewsletterLinks,
    vault::PersonKeys,
};
use domain::{retention::Keeping, time::Calendar};
use object_store::ObjectStore;
use std::{path::Path, sync::Arc};
use tokio::sync::Notify;

/// The master key: 32 bytes with which all other keys are wrapped.
pub struct Key(MasterKey);

impl Key {
    /// Reads the key from its file.
    ///
    /// # Errors
    /// What is wrong with the file, in one line.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        MasterKey::load(path).map(Self)
    }

    /// Makes a new key and its file, which only its owner can read.
    ///
    /// # Errors
    /// Why the file cannot be made, in one line.
    pub fn create(path: &Path) -> Result<Self, MasterKeyError> {
        MasterKey::create(path).map(Self)
    }

    fn subkey(&self, purpose: Purpose) -> Result<Arc<SealKey>, StartError> {
        self.0.subkey(purpose).map(Arc::new).map_err(|error| StartError::Other(error.to_string()))
    }

    /// A key from 32 known bytes, for tests.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(MasterKey::from_bytes(bytes))
    }
}

/// Why the services could not be opened. The message is for the person who starts the program.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database of the data.
    #[error("DATABASE_URL: {0}")]
    Data(#[source] OpenError),
    /// The database of the keyring.
    #[error("KEYRING_URL: {0}")]
    Keyring(#[source] OpenError),
    /// The keyring was made with another master key.
    #[error(
        "BALISE_MASTER_KEY_FILE: this is not the key that the keyring was made with; nothing could be read with it"
    )]
    OtherKey,
    /// Any other failure.
    #[error("{0}")]
    Other(String),
}

/// What a portal needs besides its databases and its key. Nothing here has a default: a program that forgets retention
/// periods or mails does not compile.
pub struct Setup {
    /// Where the encrypted documents are.
    pub objects: Arc<dyn ObjectStore>,
    /// The clock and the time zone.
    pub calendar: Arc<dyn Calendar>,
    /// How long this site keeps things.
    pub keeping: Keeping,
    /// What is needed to write and send mails.
    pub mail: MailMeans,
}

/// All services. Cloning is cheap, and all clones share the databases, the documents, the keys and the counts in
/// memory. A task that lives longer than a call has its own clone.
#[derive(Clone)]
pub struct Services {
    pub(crate) data: Db,
    pub(crate) keyring: Db,
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) calendar: Arc<dyn Calendar>,
    pub(crate) keys: Subkeys,
    pub(crate) person_keys: PersonKeys,
    pub(crate) newsletter_links: NewsletterLinks,
    pub(crate) ledger: Ledger,
    pub(crate) counts: Arc<Counts>,
    /// Visits that are kept in memory for at most a minute before they are written.
    pub(crate) shown: Arc<consent::Shown>,
    /// Seen pages that are kept in memory for at most a minute before they are written.
    pub(crate) visits: Arc<analytics::Waiting>,
    pub(crate) figures: Arc<figures::Kept>,
    passwords: Arc<identity::Passwords>,
    pub(crate) outbox: Outbox,
    /// How long this site keeps things.
    pub(crate) keeping: Arc<Keeping>,
    /// Wakes the runner of jobs when somebody asks for a run here.
    pub(crate) jobs_bell: Arc<Notify>,
}

/// The subkeys that several services use.
#[derive(Clone)]
pub(crate) struct Subkeys {
    second_factor: Arc<SealKey>,
    one_time: Arc<SealKey>,
    throttle: Arc<SealKey>,
    forms: Arc<SealKey>,
}

/// Opens both databases and runs their migrations.
async fn databases(data_url: &str, keyring_url: &str) -> Result<(Db, Db), StartError> {
    let data = Db::open(data_url).await.map_err(StartError::Data)?;
    let keyring = Db::open(keyring_url).await.map_err(StartError::Keyring)?;
    data.migrate(&DATA_MIGRATIONS).await.map_err(StartError::Data)?;
    keyring.migrate(&KEYRING_MIGRATIONS).await.map_err(StartError::Keyring)?;
    Ok((data, keyring))
}

/// Refuses a master key with which the keyring was not made.
async fn check_key(keyring: &Db, key: &Key) -> Result<(), StartError> {
    let mine = key.0.fingerprint().map_err(|error| StartError::Other(error.to_string()))?;
    let known = keyring
        .write(move |tx| Box::pin(async move { store::keyring::fingerprint(tx, &mine).await }))
        .await
        .map_err(other)?;
    if known == mine { Ok(()) } else { Err(StartError::OtherKey) }
}

fn other(fault: Fault) -> StartError {
    StartError::Other(fault.to_string())
}

/// Runs the migrations of both databases, and does nothing else.
///
/// # Errors
/// The reason of the failure, for the person who starts the program.
pub async fn migrate(data_url: &str, keyring_url: &str, key: &Key) -> Result<(), StartError> {
    let (data, keyring) = databases(data_url, keyring_url).await?;
    check_key(&keyring, key).await?;
    data.write(|tx| Box::pin(store::accounts::fold_names(tx))).await.map_err(other)?;
    data.close().await;
    keyring.close().await;
    Ok(())
}

impl Services {
    /// Opens everything, and runs the migrations first.
    ///
    /// # Errors
    /// The reason of the failure, for the person who starts the program.
    pub async fn open(data_url: &str, keyring_url: &str, key: &Key, setup: Setup) -> Result<Self, StartError> {
        let (data, keyring) = databases(data_url, keyring_url).await?;
        Self::over(data, keyring, key, setup).await
    }

    /// Makes the services over databases that are open and migrated.
    ///
    /// # Errors
    /// As [`Services::open`].
    pub async fn over(data: Db, keyring: Db, key: &Key, setup: Setup) -> Result<Self, StartError> {
        check_key(&keyring, key).await?;
        data.write(|tx| Box::pin(store::accounts::fold_names(tx))).await.map_err(other)?;
        let Setup { objects, calendar, keeping, mail } = setup;
        let keys = Subkeys {
            second_factor: key.subkey(Purpose::SecondFactor)?,
            one_time: key.subkey(Purpose::OneTimeDisplay)?,
            throttle: key.subkey(Purpose::Throttle)?,
            forms: key.subkey(Purpose::Forms)?,
        };
        let person_keys = PersonKeys::new(keyring.clone(), key)?;
        let newsletter_links = NewsletterLinks::new(key.subkey(Purpose::Newsletter)?);
        let ledger = Ledger::new(data.clone(), keyring.clone(), key)?;
        let outbox = Outbox::new(data.clone(), key.subkey(Purpose::Outbox)?, calendar.clone(), mail);
        let passwords = Arc::new(identity::Passwords::new());
        let (counts, shown, visits, figures, jobs_bell) = Default::default();
        Ok(Self {
            data,
            keyring,
            objects,
            calendar,
            keys,
            person_keys,
            newsletter_links,
            ledger,
            counts,
            shown,
            visits,
            figures,
            passwords,
            outbox,
            keeping: Arc::new(keeping),
            jobs_bell,
        })
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

    /// The outbox of mails.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The receipts of consent choices.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The same services with another clock.
    pub(crate) fn seeing(&self, calendar: Arc<dyn Calendar>) -> Self {
        Self { outbox: self.outbox.seeing(calendar.clone()), calendar, ..self.clone() }
    }

    /// Whether the databases answer, for the readiness check.
    pub async fn ready(&self) -> bool {
        let data = async { store::accounts::any(&mut self.data.read().await?).await };
        let keyring = async {
            // An empty result is an answer too.
            store::keyring::ledger_head(&mut self.keyring.read().await?).await
        };
        data.await.is_ok() && keyring.await.is_ok()
    }

    /// Waits until every connection is finished, then closes them.
    pub async fn close(&self) {
        self.data.close().await;
        self.keyring.close().await;
    }
}
