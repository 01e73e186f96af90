//! Sealing small values and signing records.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{CryptoError, KEY_LEN, Secret, expand, fill_random, secret_from};

/// First byte of everything that [`SealKey::seal`] returns.
const SEAL_VERSION: u8 = 1;

const NONCE_LEN: usize = 12;

/// A key that seals small values and signs records.
///
/// Nonces are random (96 bits): one key seals at most 2³² values, far above what one person or one keyring holds.
#[derive(Debug)]
pub(crate) struct SealKey {
    seal: Secret,
    // A key of its own, so that the same bytes never serve both AES and HMAC. It has the size of one block, as HMAC
    // uses it.
    mac: SecretBox<[u8; 64]>,
}

impl SealKey {
    pub(super) fn derive(root: &Secret, label: &[u8]) -> Result<Self, CryptoError> {
        let mut okm = Zeroizing::new([0_u8; KEY_LEN + 64]);
        expand(root, None, label, okm.as_mut_slice())?;
        let (seal_bytes, mac_bytes) = okm.split_at(KEY_LEN);
        let mut mac = SecretBox::new(Box::new([0; 64]));
        mac.expose_secret_mut().copy_from_slice(mac_bytes);
        Ok(Self { seal: secret_from(seal_bytes)?, mac })
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(self.seal.expose_secret().into())
    }

    /// Encrypts `plaintext` and binds it to `aad`: version byte ‖ nonce (12) ‖ ciphertext ‖ tag (16). Sealing the
    /// same value twice gives two different results.
    ///
    /// `aad` says where the value belongs. It starts with a label for this one use, so that values of two uses of one
    /// key cannot be swapped.
    ///
    /// # Errors
    /// [`CryptoError::Random`]; [`CryptoError::Length`] beyond what AES-GCM allows (64 GiB).
    pub(crate) fn seal(&self, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce)?;
        let aad = versioned(aad);
        let ciphertext = self
            .cipher()
            .encrypt((&nonce).into(), Payload { msg: plaintext, aad: &aad })
            .map_err(|_| CryptoError::Length)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + ciphertext.len());
        sealed.push(SEAL_VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens what [`SealKey::seal`] returned for the same `aad`. The plaintext is wiped when dropped.
    ///
    /// # Errors
    /// [`CryptoError::Rejected`] when the value does not open, for any reason.
    pub(crate) fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let Some((&SEAL_VERSION, rest)) = sealed.split_first() else {
            return Err(CryptoError::Rejected);
        };
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LEN>().ok_or(CryptoError::Rejected)?;
        let aad = versioned(aad);
        self.cipher()
            .decrypt(nonce.into(), Payload { msg: ciphertext, aad: &aad })
            .map(Zeroizing::new)
            .map_err(|_| CryptoError::Rejected)
    }

    /// HMAC-SHA256 of a list of values. Each is preceded by its length, so `["ab", "c"]` and `["a", "bc"]` differ.
    /// Compare results with [`ct_eq`].
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(self.mac.expose_secret().into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

fn versioned(aad: &[u8]) -> Vec<u8> {
    let mut bound = Vec::with_capacity(1 + aad.len());
    bound.push(SEAL_VERSION);
    bound.extend_from_slice(aad);
    bound
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::{MasterKey, Purpose, ct_eq};

    /// The bytes of the version, the nonce and the tag.
    const OVERHEAD: usize = 1 + 12 + 16;

    fn key() -> SealKey {
        MasterKey::from_bytes(&std::array::from_fn(|index| index as u8)).subkey(Purpose::KeyringWrap).unwrap()
    }

    #[test]
    fn mac_separates_its_parts() {
        let key = key();
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        assert_ne!(key.mac(&[b"abc"]), key.mac(&[b"abc", b""]));
        assert_ne!(key.mac(&[]), key.mac(&[b""]));
        assert!(ct_eq(&key.mac(&[b"abc"]), &key.mac(&[b"abc"])));
        assert!(!ct_eq(b"abc", b"ab"));
    }

    proptest! {
        #[test]
        fn sealing_round_trips_and_any_change_is_seen(
            aad in prop::collection::vec(any::<u8>(), 0..40),
            plain in prop::collection::vec(any::<u8>(), 0..200),
            place in any::<prop::sample::Index>(),
            bit in 0_u8..8,
        ) {
            let key = key();
            let mut sealed = key.seal(&aad, &plain).unwrap();
            prop_assert_eq!(sealed.len(), plain.len() + OVERHEAD);
            prop_assert_ne!(&sealed, &key.seal(&aad, &plain).unwrap());
            let opened = key.open(&aad, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), &plain[..]);
            let at = place.index(sealed.len());
            prop_assert!(key.open(&aad, &sealed[..at]).is_err());
            sealed[at] ^= 1 << bit;
            prop_assert!(key.open(&aad, &sealed).is_err());
            sealed[at] ^= 1 << bit;
            let mut other = aad.clone();
            other.push(0);
            prop_assert!(key.open(&other, &sealed).is_err());
        }

        #[test]
        fn opening_anything_never_panics(sealed in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(key().open(b"", &sealed).is_err());
        }
    }
}
