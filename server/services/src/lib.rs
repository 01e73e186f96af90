//! What the ports do: all SQL, the vault, sessions, the ledger. No Leptos here.
//!
//! `Services::open` opens the databases, takes what a portal is given, and is every port.

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

    fn subkey(&self, purpose: Purpose) -> Result<Arc<SealKey>, StartError> {
        self.0.subkey(purpose).map(Arc::new).map_err(|error| StartError::Other(error.to_string()))
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

/// What a portal is given besides its databases and its key. Nothing here falls back to a default: retention periods or
/// mails that somebody forgot to hand over do not compile.
pub struct Setup {
    /// Where the encrypted documents are.
    pub objects: Arc<dyn ObjectStore>,
    /// The clock and the time zone.
    pub calendar: Arc<dyn Calendar>,
    /// How long this site keeps things.
    pub keeping: Keeping,
    /// What writing and sending mails takes.
    pub mail: MailMeans,
}

/// All services. It is cheap to clone, and every clone shares databases, documents, keys and what is counted in memory:
/// a task that outlives a call has one of its own.
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
    /// Visits that are counted in memory for a minute at most.
    pub(crate) shown: Arc<consent::Shown>,
    /// Pages that were seen and are not written down yet, for a minute at most.
    pub(crate) visits: Arc<analytics::Waiting>,
    pub(crate) figures: Arc<figures::Kept>,
    passwords: Arc<identity::Passwords>,
    pub(crate) outbox: Outbox,
    /// How long this site keeps things.
    pub(crate) keeping: Arc<Keeping>,
    /// Rings when a run of a job was asked for here.
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

/// Opens both databases and brings them up to date.
async fn databases(data_url: &str, keyring_url: &str) -> Result<(Db, Db), StartError> {
    let data = Db::open(data_url).await.map_err(StartError::Data)?;
    let keyring = Db::open(keyring_url).await.map_err(StartError::Keyring)?;
    data.migrate(&DATA_MIGRATIONS).await.map_err(StartError::Data)?;
    keyring.migrate(&KEYRING_MIGRATIONS).await.map_err(StartError::Keyring)?;
    Ok((data, keyring))
}

/// Refuses another master key than the one the keyring was made with.
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

/// Brings both databases up to date, and does nothing else.
///
/// # Errors
/// What stands in the way, for whoever starts the program.
pub async fn migrate(data_url: &str, keyring_url: &str, key: &Key) -> Result<(), StartError> {
    let (data, keyring) = databases(data_url, keyring_url).await?;
    check_key(&keyring, key).await?;
    data.write(|tx| Box::pin(store::accounts::fold_names(tx))).await.map_err(other)?;
    data.close().await;
    keyring.close().await;
    Ok(())
}

impl Services {
    /// Opens everything, schemas brought up to date.
    ///
    /// # Errors
    /// What stands in the way, for whoever starts the program.
    pub async fn open(data_url: &str, keyring_url: &str, key: &Key, setup: Setup) -> Result<Self, StartError> {
        let (data, keyring) = databases(data_url, keyring_url).await?;
        Self::over(data, keyring, key, setup).await
    }

    /// The same over databases that are open and up to date.
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

    /// The mails that wait, and those that are written now.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The receipts of consent choices.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The same services under another clock.
    pub(crate) fn seeing(&self, calendar: Arc<dyn Calendar>) -> Self {
        Self { outbox: self.outbox.seeing(calendar.clone()), calendar, ..self.clone() }
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
