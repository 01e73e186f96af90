//! Keys, and what is sealed under them (V8, DESIGN.md « The vault »).
//!
//! The master key never leaves this module: everything else receives a subkey that HKDF made for one purpose.
//! Below it, erasing a person means destroying their [`PersonKey`], and a [`DocumentKey`] encrypts the parts of one
//! document (`vault::parts`).
//!
//! Every label in the files of this module is part of the stored format. Changing one makes everything that was sealed
//! with it unreadable: a new format needs a new label and a new version byte, and the old ones must stay readable.

mod master;
mod person;
mod seal;

pub use master::MasterKeyError;
pub(crate) use master::{MasterKey, Purpose};
pub(crate) use person::{DocumentKey, PersonKey};
pub(crate) use seal::SealKey;

use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Length of every symmetric key here, in bytes.
const KEY_LEN: usize = 32;

/// Why a cryptographic operation gave nothing. It never says which check failed, nor shows any content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The operating system gave no random bytes.
    #[error("the operating system's random generator does not answer")]
    Random,
    /// The key is wrong, the place is wrong (another person, document, version or part), or the data is cut short or
    /// altered.
    #[error("sealed data does not open: wrong key, wrong place, or altered bytes")]
    Rejected,
    /// An input is empty, too long, or not of the shape that this format allows.
    #[error("length outside of what the format allows")]
    Length,
    /// A key could not be derived; only a bug in this module can cause it.
    #[error("key derivation failed")]
    Derivation,
}

/// A secret on the heap, so that moving a key leaves no copy of it on the stack. It is wiped when dropped and hidden
/// from `Debug`.
type Secret = SecretBox<[u8; KEY_LEN]>;

fn expand(root: &Secret, salt: Option<&[u8]>, label: &[u8], okm: &mut [u8]) -> Result<(), CryptoError> {
    Hkdf::<Sha256>::new(salt, root.expose_secret()).expand(label, okm).map_err(|_| CryptoError::Derivation)
}

fn secret_from(bytes: &[u8]) -> Result<Secret, CryptoError> {
    if bytes.len() != KEY_LEN {
        return Err(CryptoError::Rejected);
    }
    Ok(SecretBox::init_with_mut(|key: &mut [u8; KEY_LEN]| key.copy_from_slice(bytes)))
}

fn random_secret() -> Result<Secret, CryptoError> {
    let mut filled = Ok(());
    let secret = SecretBox::init_with_mut(|key: &mut [u8; KEY_LEN]| filled = fill_random(key));
    filled.map(|()| secret)
}

/// Fills `bytes` from the operating system's generator.
///
/// # Errors
/// [`CryptoError::Random`].
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), CryptoError> {
    getrandom::fill(bytes).map_err(|_| CryptoError::Random)
}

/// 256 random bits, for tokens that give access: session, activation link, tus upload address.
///
/// # Errors
/// [`CryptoError::Random`].
pub(crate) fn random_token() -> Result<[u8; 32], CryptoError> {
    let mut token = [0; 32];
    fill_random(&mut token)?;
    Ok(token)
}

/// SHA-256, for tokens that are stored as their digest and for digests of small values.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Whether two values are equal, in a time that depends only on their lengths.
pub(crate) fn ct_eq(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}
