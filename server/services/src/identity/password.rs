//! Passwords: Argon2id, 46 MiB, one pass, one lane. Only a few are checked at the same time, so that a flood of
//! attempts cannot take the memory.

use crate::error::Fault;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use domain::{
    forms::FieldCode,
    password::{NewPassword, holds_name},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Semaphore;
use zxcvbn::Score;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 46 * 1024;
/// How many hashes are computed at the same time.
const CONCURRENT: usize = 2;

/// Words that an attacker of this portal would try first.
const HOUSE_WORDS: [&str; 5] = ["balise", "mission", "locale", "coffre", "portail"];
/// Attempts are throttled and hashes are slow, so an attacker makes few guesses: ten thousand million are far out of
/// reach.
const ENOUGH: Score = Score::Four;

/// What is wrong with a new password of the person with this identifier and name, if anything (CNIL 2022-100).
fn weakness(password: &NewPassword, identifier: &str, name: &str) -> Option<FieldCode> {
    if holds_name(password.reveal(), identifier, name) {
        return Some(FieldCode::PasswordHoldsName);
    }
    let known: Vec<&str> = HOUSE_WORDS.into_iter().chain([identifier]).chain(name.split_whitespace()).collect();
    (zxcvbn::zxcvbn(password.reveal(), &known).score() < ENOUGH).then_some(FieldCode::WeakPassword)
}

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash that is checked when there is no account, so that the answer takes the same time.
    decoy: Arc<str>,
    /// The checks made so far, decoys included. A test counts them to see that an unknown account costs as much as a
    /// known one; measuring time would be unreliable.
    checks: AtomicU64,
}

fn hasher() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, 1, 1, None).map_err(|_| Fault::Broken("Argon2 parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, Fault> {
    let hash: PasswordHash =
        hasher()?.hash_password(password.as_bytes()).map_err(|_| Fault::Broken("a password could not be hashed"))?;
    Ok(hash.to_string())
}

impl Passwords {
    pub(crate) fn new() -> Self {
        // The decoy is written here, not computed, so that a start needs no hash. Its parameters decide how long a
        // check takes.
        let decoy = format!("$argon2id$v=19$m={MEMORY_KIB},t=1,p=1${}${}", "A".repeat(22), "A".repeat(43));
        Self { turns: Arc::new(Semaphore::new(CONCURRENT)), decoy: decoy.into(), checks: AtomicU64::new(0) }
    }

    /// Checks made so far, decoys included.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn checks(&self) -> u64 {
        self.checks.load(Ordering::Relaxed)
    }

    /// The hash to store, in PHC form.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Fault> {
        let _turn = self.turns.clone().acquire_owned().await.map_err(|_| Fault::Broken("no turn"))?;
        tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(|_| Fault::Broken("a hash panicked"))?
    }

    /// What is wrong with a new password of the person with this identifier and name, if anything.
    pub(crate) async fn weakness(
        &self,
        password: NewPassword,
        identifier: String,
        name: String,
    ) -> Result<Option<FieldCode>, Fault> {
        let _turn = self.turns.clone().acquire_owned().await.map_err(|_| Fault::Broken("no turn"))?;
        tokio::task::spawn_blocking(move || weakness(&password, &identifier, &name))
            .await
            .map_err(|_| Fault::Broken("an estimate panicked"))
    }

    /// Whether `password` belongs to `hash`. Without a hash it takes the same time and gives false.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Fault> {
        let _turn = self.turns.clone().acquire_owned().await.map_err(|_| Fault::Broken("no turn"))?;
        let decoy = self.decoy.clone();
        self.checks.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            let known = hash.is_some();
            let text = hash.as_deref().unwrap_or(&decoy);
            let parsed = PasswordHash::new(text).map_err(|_| Fault::Broken("a stored hash is none"))?;
            let right = hasher()?.verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(known && right)
        })
        .await
        .map_err(|_| Fault::Broken("a hash panicked"))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::forms::password::PasswordForm;

    #[test]
    fn easily_guessed_passwords_are_refused() {
        let new = |password: &str| {
            let form = PasswordForm { current: "x".into(), password: password.into(), again: password.into() };
            form.validate().unwrap().password
        };
        for (password, wrong) in [
            ("motdepasse123", Some(FieldCode::WeakPassword)),
            ("azertyuiop123", Some(FieldCode::WeakPassword)),
            ("aaaaaaaaaaaaaaaa", Some(FieldCode::WeakPassword)),
            ("123456789012", Some(FieldCode::WeakPassword)),
            ("missionlocale", Some(FieldCode::WeakPassword)),
            ("les patins de Modèle", Some(FieldCode::PasswordHoldsName)),
            ("quatre lampes au plafond", None),
            ("trois-petits-chats-7", None),
            ("j’aime le foot 93", None),
            ("fjq7 slvm2 wxp", None),
        ] {
            assert_eq!(weakness(&new(password), "i.modele", "Inès Modèle"), wrong, "{password}");
        }
        // Even the longest password that is accepted is judged quickly.
        assert_eq!(weakness(&new(&"ab".repeat(100)), "i.modele", "Inès Modèle"), Some(FieldCode::WeakPassword));
    }

    #[tokio::test]
    async fn only_the_right_password_of_an_account_is_accepted() {
        let passwords = Passwords::new();
        let hash = passwords.hash("Été 2026".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{hash}");
        assert!(passwords.verify("Été 2026".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("été 2026".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("Été 2026".into(), None).await.unwrap());
        assert_eq!(passwords.checks(), 3, "the decoy is a check like the others");
    }

    #[tokio::test]
    async fn the_decoy_costs_as_much_as_a_hash_and_fits_no_password() {
        let passwords = Passwords::new();
        let hash = passwords.hash("Été 2026".into()).await.unwrap();
        let (real, decoy) = (PasswordHash::new(&hash).unwrap(), PasswordHash::new(&passwords.decoy).unwrap());
        assert_eq!((&real.algorithm, &real.version, &real.params), (&decoy.algorithm, &decoy.version, &decoy.params));
        let lengths = |hash: &PasswordHash| (hash.salt.as_ref().map(|s| s.len()), hash.hash.as_ref().map(|h| h.len()));
        assert_eq!(lengths(&real), lengths(&decoy));
        assert!(!passwords.verify("Été 2026".into(), None).await.unwrap());
    }
}
