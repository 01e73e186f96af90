//! Checks that the master key, the keyring and the people belong together.

use super::{BATCH, Finding};
use crate::{Key, db::Db, error::Fault, store::inspection};
use domain::ids::YouthId;
use std::collections::VecDeque;
use uuid::Uuid;

/// Whether the keyring was made with this master key.
pub(super) async fn witness(keyring: &Db, key: &Key) -> Result<Finding, Fault> {
    const CHECK: &str = "master key";
    let mine = key.0.fingerprint()?;
    let known = inspection::fingerprint(&mut keyring.read().await?).await?;
    Ok(match known {
        None => Finding::warning(CHECK, "the keyring has not met a master key yet", "start the server once"),
        Some(known) if known == mine => Finding::ok(CHECK, "the one that the keyring was made with"),
        Some(_) => Finding::problem(
            CHECK,
            "not the key that the keyring was made with: no document can be read",
            "put the right key back (BALISE_MASTER_KEY_FILE), from its backup",
        ),
    })
}

/// Which table a batch of people is for.
#[derive(Clone, Copy)]
enum Walk {
    Owners,
    People,
    Keys,
}

/// Reads the people of a table in order, one batch at a time.
struct Ordered<'d> {
    db: &'d Db,
    walk: Walk,
    waiting: VecDeque<Uuid>,
    last: Uuid,
    ended: bool,
}

impl<'d> Ordered<'d> {
    fn new(db: &'d Db, walk: Walk) -> Self {
        Self { db, walk, waiting: VecDeque::new(), last: Uuid::nil(), ended: false }
    }

    async fn peek(&mut self) -> Result<Option<Uuid>, Fault> {
        if self.waiting.is_empty() && !self.ended {
            let (mut db, after) = (self.db.read().await?, YouthId::from(self.last));
            let batch = match self.walk {
                Walk::Owners => inspection::owners_after(&mut db, after, BATCH).await?,
                Walk::People => inspection::people_after(&mut db, after, BATCH).await?,
                Walk::Keys => inspection::keys_after(&mut db, after, BATCH).await?,
            };
            self.ended = batch.is_empty();
            self.last = batch.last().copied().unwrap_or(self.last);
            self.waiting.extend(batch);
        }
        Ok(self.waiting.front().copied())
    }
}

/// How many of `wanted` are not in `there`. Both come in the same order, on both engines.
async fn missing(mut wanted: Ordered<'_>, mut there: Ordered<'_>) -> Result<(u64, u64), Fault> {
    let (mut count, mut missing) = (0, 0);
    while let Some(person) = wanted.peek().await? {
        while there.peek().await?.is_some_and(|found| found < person) {
            there.waiting.pop_front();
        }
        count += 1;
        missing += u64::from(there.peek().await? != Some(person));
        wanted.waiting.pop_front();
    }
    Ok((count, missing))
}

/// Every person with documents needs a key, and every key should belong to a person.
pub(super) async fn compare(data: &Db, keyring: &Db) -> Result<Vec<Finding>, Fault> {
    const CHECK: &str = "person keys";
    let (owners, keyless) = missing(Ordered::new(data, Walk::Owners), Ordered::new(keyring, Walk::Keys)).await?;
    let (keys, strangers) = missing(Ordered::new(keyring, Walk::Keys), Ordered::new(data, Walk::People)).await?;
    let mut findings = Vec::new();
    if keyless > 0 {
        findings.push(Finding::problem(
            CHECK,
            format!("{keyless} of {owners} people with documents have no key: their documents cannot be read"),
            "restore the newest backup of the keyring; keys that were destroyed on purpose stay destroyed",
        ));
    }
    if strangers > 0 {
        findings.push(Finding::warning(
            CHECK,
            format!("{strangers} of {keys} keys belong to nobody in the data"),
            "the data is older than the keyring: check which backup was restored",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, format!("{owners} people with documents, {keys} keys, each with its person")));
    }
    Ok(findings)
}
