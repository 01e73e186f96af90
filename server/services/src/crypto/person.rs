//! The keys below the master key: one per young person, one per version of a document.

use secrecy::ExposeSecret;
use uuid::Uuid;

use super::{CryptoError, SealKey, Secret, expand, random_secret, secret_from};

const PERSON_KEY_LABEL: &[u8] = b"balise/v1/wrapped/person-key";
const DOCUMENT_KEY_LABEL: &[u8] = b"balise/v1/wrapped/document-key";
const PERSON_DOCUMENTS_LABEL: &[u8] = b"balise/v1/person/document-wrap";
const PERSON_RECORDS_LABEL: &[u8] = b"balise/v1/person/records";

/// One young person's key, random, wrapped in the keyring. Destroying its only row is what erases them (V8).
#[derive(Debug)]
pub(crate) struct PersonKey(Secret);

impl PersonKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`CryptoError::Random`].
    pub(crate) fn generate() -> Result<Self, CryptoError> {
        random_secret().map(Self)
    }

    /// Seals the key for its row of the keyring, bound to that person (61 bytes).
    ///
    /// # Errors
    /// [`CryptoError::Random`].
    pub(crate) fn wrap(&self, kek: &SealKey, person: Uuid) -> Result<Vec<u8>, CryptoError> {
        kek.seal(&label_and(PERSON_KEY_LABEL, &[person.as_bytes()]), self.0.expose_secret())
    }

    /// The key that [`PersonKey::wrap`] sealed for the same person.
    ///
    /// # Errors
    /// [`CryptoError::Rejected`].
    pub(crate) fn unwrap(kek: &SealKey, person: Uuid, wrapped: &[u8]) -> Result<Self, CryptoError> {
        let key = kek.open(&label_and(PERSON_KEY_LABEL, &[person.as_bytes()]), wrapped)?;
        secret_from(&key).map(Self)
    }

    /// The subkey that wraps this person's document keys.
    ///
    /// # Errors
    /// [`CryptoError::Derivation`], never in practice.
    pub(crate) fn document_wrap(&self) -> Result<SealKey, CryptoError> {
        SealKey::derive(&self.0, PERSON_DOCUMENTS_LABEL)
    }

    /// The subkey that seals this person's records: a document's name, type, length, digest and list of parts.
    ///
    /// # Errors
    /// [`CryptoError::Derivation`], never in practice.
    pub(crate) fn records(&self) -> Result<SealKey, CryptoError> {
        SealKey::derive(&self.0, PERSON_RECORDS_LABEL)
    }
}

/// The key of one version of one document, random, wrapped under its person's key (V8).
#[derive(Debug)]
pub(crate) struct DocumentKey(Secret);

impl DocumentKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`CryptoError::Random`].
    pub(crate) fn generate() -> Result<Self, CryptoError> {
        random_secret().map(Self)
    }

    /// Seals the key, bound to the document and its version (61 bytes).
    ///
    /// # Errors
    /// [`CryptoError::Random`].
    pub(crate) fn wrap(&self, kek: &SealKey, document: Uuid, version: u32) -> Result<Vec<u8>, CryptoError> {
        kek.seal(&Self::place(document, version), self.0.expose_secret())
    }

    /// The key that [`DocumentKey::wrap`] sealed for the same document and version.
    ///
    /// # Errors
    /// [`CryptoError::Rejected`].
    pub(crate) fn unwrap(kek: &SealKey, document: Uuid, version: u32, wrapped: &[u8]) -> Result<Self, CryptoError> {
        secret_from(&kek.open(&Self::place(document, version), wrapped)?).map(Self)
    }

    /// Fills `okm` with bytes that depend on the key, on `salt` and on `label`: the key of one part.
    ///
    /// # Errors
    /// [`CryptoError::Derivation`] above 8,160 bytes.
    pub(crate) fn derive(&self, salt: &[u8], label: &[u8], okm: &mut [u8]) -> Result<(), CryptoError> {
        expand(&self.0, Some(salt), label, okm)
    }

    fn place(document: Uuid, version: u32) -> Vec<u8> {
        label_and(DOCUMENT_KEY_LABEL, &[document.as_bytes(), &version.to_be_bytes()])
    }
}

/// A label, a separator that no label contains, then fields of fixed length: two different lists never give the same
/// bytes.
fn label_and(label: &[u8], fields: &[&[u8]]) -> Vec<u8> {
    let mut bytes = label.to_vec();
    bytes.push(0);
    for field in fields {
        bytes.extend_from_slice(field);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{MasterKey, Purpose};

    #[test]
    fn wrapped_keys_open_in_their_own_place_only() {
        let kek =
            MasterKey::from_bytes(&std::array::from_fn(|index| index as u8)).subkey(Purpose::KeyringWrap).unwrap();
        let (anna, bilal) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let person = PersonKey::generate().unwrap();
        let wrapped = person.wrap(&kek, anna).unwrap();
        assert_eq!(wrapped.len(), 61);
        let again = PersonKey::unwrap(&kek, anna, &wrapped).unwrap();
        assert_eq!(again.0.expose_secret(), person.0.expose_secret());
        assert!(PersonKey::unwrap(&kek, bilal, &wrapped).is_err());
        assert!(DocumentKey::unwrap(&kek, anna, 1, &wrapped).is_err());

        let documents = person.document_wrap().unwrap();
        let document = DocumentKey::generate().unwrap();
        let wrapped = document.wrap(&documents, anna, 1).unwrap();
        assert!(DocumentKey::unwrap(&documents, anna, 1, &wrapped).is_ok());
        assert!(DocumentKey::unwrap(&documents, anna, 2, &wrapped).is_err());
        assert!(DocumentKey::unwrap(&documents, bilal, 1, &wrapped).is_err());
        assert!(DocumentKey::unwrap(&person.records().unwrap(), anna, 1, &wrapped).is_err());
    }
}
