//! Keys, and what is sealed under them (V8, DESIGN.md « The vault »).
//!
//! The master key never leaves this module: everything else receives a subkey that HKDF made for one purpose.
//! One step down, [`PersonKey`] is what erasure destroys, and [`DocumentKey`] what a part is encrypted with
//! (`vault::parts`).
//!
//! Every label below is part of the stored format. Changing one makes all that was sealed unreadable: a new
//! format takes a new label and a new version byte, and keeps the old ones readable.

use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Length of every symmetric key here, in bytes.
const KEY_LEN: usize = 32;

/// First byte of all that [`SealKey::seal`] returns.
const SEAL_VERSION: u8 = 1;

const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// Bytes that sealing adds: version, nonce and tag.
pub(crate) const SEAL_OVERHEAD: usize = 1 + NONCE_LEN + TAG_LEN;

const FINGERPRINT_LABEL: &[u8] = b"balise/v1/master/fingerprint";
const PERSON_KEY_LABEL: &[u8] = b"balise/v1/wrapped/person-key";
const DOCUMENT_KEY_LABEL: &[u8] = b"balise/v1/wrapped/document-key";
const PERSON_DOCUMENTS_LABEL: &[u8] = b"balise/v1/person/document-wrap";
const PERSON_RECORDS_LABEL: &[u8] = b"balise/v1/person/records";

/// Why a cryptographic operation gave nothing. It never says which check failed, nor shows any content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The operating system gave no random bytes.
    #[error("the operating system's random generator does not answer")]
    Random,
    /// Wrong key, wrong place (another person, document, version or part), cut short or altered.
    #[error("sealed data does not open: wrong key, wrong place, or altered bytes")]
    Rejected,
    /// An input is empty, too long, or not of the shape that this format allows.
    #[error("length outside of what the format allows")]
    Length,
    /// A key could not be derived; only a bug in this module can cause it.
    #[error("key derivation failed")]
    Derivation,
}

/// Why the master key cannot be read or made. Each message is one line that names the file and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file is missing or cannot be opened or read.
    #[error("cannot read the master key file {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// A folder, a pipe or a device.
    #[error("the master key {} is not a regular file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Somebody else than its owner may use the file.
    #[error(
        "the master key file {} has mode {mode:04o}, so other accounts may use it: only its owner may (chmod 600), \
         or systemd must hand it over under $CREDENTIALS_DIRECTORY",
        path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The content is no key.
    #[error(
        "the master key file {} must hold 64 hexadecimal characters and a newline, or 32 raw bytes, all drawn at random",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// A master key is never overwritten: that would destroy every document.
    #[error("the master key file {} already exists and is never overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be written durably.
    #[error("cannot create the master key file {}: {source}", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// No random bytes to make it from.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// What a subkey of the master key is for. Two purposes never share key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Wraps each person's key in the keyring database.
    KeyringWrap,
    /// Seals the second-factor secrets of staff.
    SecondFactor,
    /// Chains the append-only consent ledger.
    LedgerMac,
    /// Seals what is shown once (a first password, an activation link) until it is shown.
    OneTimeDisplay,
    /// Seals the witness that proves master key ↔ keyring in `balise doctor` (V9).
    KeyCheck,
    /// Keys the hashes that attempts are counted under, so that no identifier or address is stored.
    Throttle,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::KeyringWrap => b"balise/v1/master/keyring-wrap",
            Self::SecondFactor => b"balise/v1/master/second-factor",
            Self::LedgerMac => b"balise/v1/master/ledger-mac",
            Self::OneTimeDisplay => b"balise/v1/master/one-time-display",
            Self::KeyCheck => b"balise/v1/master/key-check",
            Self::Throttle => b"balise/v1/master/throttle",
        }
    }
}

/// The root of all keys: 32 random bytes from a file or a systemd credential, never in a database (V8).
#[derive(Debug)]
pub(crate) struct MasterKey(Secret);

/// On the heap, so that moving a key leaves no copy of it on the stack; wiped when dropped, hidden from `Debug`.
type Secret = SecretBox<[u8; KEY_LEN]>;

impl MasterKey {
    /// Reads the key from `path`: 64 hexadecimal characters and a newline, or 32 raw bytes.
    ///
    /// # Errors
    /// [`MasterKeyError`] when the file cannot be read, is no key, or is open to others than its owner. Under
    /// `$CREDENTIALS_DIRECTORY` group reading passes, because systemd grants its access lists through it.
    pub(crate) fn load(path: &Path) -> Result<Self, MasterKeyError> {
        Self::load_with(path, std::env::var_os("CREDENTIALS_DIRECTORY"))
    }

    fn load_with(path: &Path, credentials: Option<OsString>) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::Read { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        // From the open handle, so that the file judged is the file read.
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(MasterKeyError::NotAFile { path: path.to_owned() });
        }
        refuse_exposed(path, &metadata, credentials)?;

        let malformed = || MasterKeyError::Malformed { path: path.to_owned() };
        // One fixed buffer: a growing vector would leave copies of the key behind.
        let mut buffer = Zeroizing::new([0_u8; 128]);
        let mut filled = 0;
        loop {
            let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) else {
                return Err(malformed());
            };
            match file.read(room) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Self::parse(buffer.get(..filled).unwrap_or_default()).ok_or_else(malformed)
    }

    fn parse(content: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0_u8; KEY_LEN]);
        if content.len() == KEY_LEN {
            // 32 hexadecimal characters are a key of half the strength, not a raw one.
            if content.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            key.copy_from_slice(content);
        } else {
            let text = content.strip_suffix(b"\n").unwrap_or(content);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if text.len() != 2 * KEY_LEN {
                return None;
            }
            HEXLOWER_PERMISSIVE.decode_mut(text, key.as_mut_slice()).ok()?;
        }
        // Zeroes, or one byte repeated: a file somebody prepared and forgot to fill.
        if key.iter().all(|byte| *byte == key[0]) {
            return None;
        }
        Some(Self::from_bytes(&key))
    }

    /// Draws a new key and writes it to `path`, readable by its owner alone, durably (file and folder synced).
    ///
    /// # Errors
    /// [`MasterKeyError::Exists`] if there is a file already: it is left as it is.
    pub(crate) fn create(path: &Path) -> Result<Self, MasterKeyError> {
        let key = Self(random_secret()?);
        let mut text = Zeroizing::new([b'\n'; 2 * KEY_LEN + 1]);
        HEXLOWER.encode_mut(key.0.expose_secret(), &mut text[..2 * KEY_LEN]);

        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => MasterKeyError::Exists { path: path.to_owned() },
            _ => MasterKeyError::Create { path: path.to_owned(), source },
        })?;
        let written = file.write_all(text.as_slice()).and_then(|()| file.sync_all()).and_then(|()| sync_parent(path));
        if let Err(source) = written {
            // A half-written key would stop every later start; nothing was encrypted under it yet.
            let _ = std::fs::remove_file(path);
            return Err(MasterKeyError::Create { path: path.to_owned(), source });
        }
        Ok(key)
    }

    /// A key from its bytes; they must be uniformly random. For tests.
    pub(crate) fn from_bytes(bytes: &[u8; KEY_LEN]) -> Self {
        Self(SecretBox::init_with_mut(|key: &mut [u8; KEY_LEN]| key.copy_from_slice(bytes)))
    }

    /// The subkey for one purpose.
    ///
    /// # Errors
    /// [`CryptoError::Derivation`], never in practice.
    pub(crate) fn subkey(&self, purpose: Purpose) -> Result<SealKey, CryptoError> {
        SealKey::derive(&self.0, purpose.label())
    }

    /// Eight bytes that tell two master keys apart and reveal nothing: stored beside the data, so that a start
    /// with the wrong key stops instead of writing what nobody can read.
    ///
    /// # Errors
    /// [`CryptoError::Derivation`], never in practice.
    pub(crate) fn fingerprint(&self) -> Result<[u8; 8], CryptoError> {
        let mut value = [0; 8];
        expand(&self.0, None, FINGERPRINT_LABEL, &mut value)?;
        Ok(value)
    }
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &Metadata, credentials: Option<OsString>) -> Result<(), MasterKeyError> {
    use std::os::unix::fs::MetadataExt;

    let mode = metadata.mode() & 0o7777;
    // Both made canonical: `..` or a link must not lend a file elsewhere the tolerance of that folder.
    let from_systemd = credentials
        .filter(|folder| !folder.is_empty())
        .and_then(|folder| std::fs::canonicalize(folder).ok())
        .zip(std::fs::canonicalize(path).ok())
        .is_some_and(|(folder, file)| file.starts_with(folder));
    let forbidden = if from_systemd { 0o037 } else { 0o077 };
    if mode & forbidden == 0 {
        return Ok(());
    }
    Err(MasterKeyError::Exposed { path: path.to_owned(), mode })
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &Metadata, _: Option<OsString>) -> Result<(), MasterKeyError> {
    Ok(())
}

/// A new file survives a power cut only once its folder is synced as well.
#[cfg(unix)]
fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_parent(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A key that seals small values and signs records.
///
/// Nonces are random (96 bits): one key seals at most 2³² values, far above what one person or one keyring holds.
#[derive(Debug)]
pub(crate) struct SealKey {
    seal: Secret,
    // Apart from `seal`, so that no bytes serve both AES and HMAC; one whole block, HMAC's own key size.
    mac: SecretBox<[u8; 64]>,
}

impl SealKey {
    fn derive(root: &Secret, label: &[u8]) -> Result<Self, CryptoError> {
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
    /// `aad` says where the value belongs; it starts with a label of its own, so that no two uses of one key can
    /// be swapped.
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
    /// [`CryptoError::Rejected`] for anything else, without saying why.
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

/// A label, a separator that no label holds, then fields of fixed length: no two different lists give the same bytes.
fn label_and(label: &[u8], fields: &[&[u8]]) -> Vec<u8> {
    let mut bytes = label.to_vec();
    bytes.push(0);
    for field in fields {
        bytes.extend_from_slice(field);
    }
    bytes
}

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

/// 256 random bits, for whatever opens a door: session, activation link, tus upload address.
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

/// Whether two values are equal, in a time that depends on their lengths alone.
pub(crate) fn ct_eq(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    fn master() -> MasterKey {
        MasterKey::from_bytes(&std::array::from_fn(|index| index as u8))
    }

    fn key() -> SealKey {
        master().subkey(Purpose::KeyringWrap).unwrap()
    }

    const PURPOSES: [Purpose; 5] =
        [Purpose::KeyringWrap, Purpose::SecondFactor, Purpose::LedgerMac, Purpose::OneTimeDisplay, Purpose::KeyCheck];

    #[test]
    fn purposes_do_not_share_keys() {
        let master = master();
        for (index, one) in PURPOSES.into_iter().enumerate() {
            let sealed = master.subkey(one).unwrap().seal(b"a", b"secret").unwrap();
            for (other_index, other) in PURPOSES.into_iter().enumerate() {
                let subkey = master.subkey(other).unwrap();
                assert_eq!(subkey.open(b"a", &sealed).is_ok(), index == other_index);
                assert_eq!(subkey.mac(&[b"x"]) == master.subkey(one).unwrap().mac(&[b"x"]), index == other_index);
            }
        }
    }

    /// Values of another implementation (Python's `hmac` and `cryptography`). Frozen: a difference means that what
    /// a released version stored no longer opens.
    #[test]
    fn the_derivation_is_frozen() {
        let subkey = key();
        assert_eq!(HEXLOWER.encode(&master().fingerprint().unwrap()), FROZEN.0);
        assert_eq!(HEXLOWER.encode(&subkey.mac(&[b"ab", b"c"])), FROZEN.1);
        let sealed = HEXLOWER.decode(FROZEN.2.as_bytes()).unwrap();
        assert_eq!(subkey.open(b"place", &sealed).unwrap().as_slice(), b"plain");
    }

    const FROZEN: (&str, &str, &str) = (
        "fb609b1daa358c66",
        "b93d83aa0bb6e6afe0399b30913b14163ce8e886a7d601d0ccd6557adc955700",
        "01000102030405060708090a0be44a55d4b0653256d6d66af08ede98483b097eb50e",
    );

    #[test]
    fn mac_separates_its_parts() {
        let key = key();
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        assert_ne!(key.mac(&[b"abc"]), key.mac(&[b"abc", b""]));
        assert_ne!(key.mac(&[]), key.mac(&[b""]));
        assert!(ct_eq(&key.mac(&[b"abc"]), &key.mac(&[b"abc"])));
        assert!(!ct_eq(b"abc", b"ab"));
    }

    #[test]
    fn wrapped_keys_open_in_their_own_place_only() {
        let kek = key();
        let (anna, bilal) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let person = PersonKey::generate().unwrap();
        let wrapped = person.wrap(&kek, anna).unwrap();
        assert_eq!(wrapped.len(), KEY_LEN + SEAL_OVERHEAD);
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

    #[test]
    fn debug_shows_no_key() {
        let bytes = [0xAB; KEY_LEN];
        let shown = format!("{:?} {:?}", MasterKey::from_bytes(&bytes), key());
        assert!(!shown.contains("171") && !shown.to_lowercase().contains("ab, "), "{shown}");
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
            prop_assert_eq!(sealed.len(), plain.len() + SEAL_OVERHEAD);
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

    #[cfg(unix)]
    mod file {
        use std::os::unix::fs::{PermissionsExt, symlink};

        use super::*;

        fn write(path: &Path, content: &[u8], mode: u32) {
            fs::write(path, content).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }

        #[test]
        fn a_created_key_loads_again_and_is_never_overwritten() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("master.key");
            let key = MasterKey::create(&path).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
            let text = fs::read(&path).unwrap();
            assert_eq!((text.len(), text.last()), (65, Some(&b'\n')));
            let fingerprint = MasterKey::load(&path).unwrap().fingerprint().unwrap();
            assert_eq!(fingerprint, key.fingerprint().unwrap());
            assert!(matches!(MasterKey::create(&path), Err(MasterKeyError::Exists { .. })));
            assert_eq!(fs::read(&path).unwrap(), text);
            assert_ne!(MasterKey::create(&folder.path().join("b")).unwrap().fingerprint().unwrap(), fingerprint);
            let lost = folder.path().join("missing/master.key");
            assert!(matches!(MasterKey::create(&lost), Err(MasterKeyError::Create { .. })));
            assert!(matches!(MasterKey::load(&lost), Err(MasterKeyError::Read { .. })));
        }

        #[test]
        fn the_two_forms_and_nothing_else() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("k");
            let raw: [u8; KEY_LEN] = std::array::from_fn(|index| 0xF0 ^ index as u8);
            let hex = HEXLOWER.encode(&raw);
            let expected = MasterKey::from_bytes(&raw).fingerprint().unwrap();
            for good in [
                raw.to_vec(),
                hex.clone().into_bytes(),
                format!("{hex}\n").into_bytes(),
                format!("{hex}\r\n").into_bytes(),
                hex.to_uppercase().into_bytes(),
            ] {
                write(&path, &good, 0o400);
                assert_eq!(MasterKey::load(&path).unwrap().fingerprint().unwrap(), expected);
                fs::remove_file(&path).unwrap();
            }
            for bad in [
                Vec::new(),
                vec![0; KEY_LEN],
                b"0000000000000000000000000000000000000000000000000000000000000000\n".to_vec(),
                b"00112233445566778899aabbccddeeff".to_vec(),
                format!("{hex}\n\n").into_bytes(),
                format!(" {hex}").into_bytes(),
                format!("{}g\n", &hex[..63]).into_bytes(),
                raw[..31].to_vec(),
                [raw.as_slice(), b"\n"].concat(),
                vec![b'a'; 5000],
            ] {
                write(&path, &bad, 0o600);
                let error = MasterKey::load(&path).unwrap_err();
                assert!(matches!(error, MasterKeyError::Malformed { .. }), "{error}");
                let message = error.to_string();
                assert!(message.contains("/k") && message.contains("64 hexadecimal") && !message.contains('\n'));
                fs::remove_file(&path).unwrap();
            }
            assert!(matches!(MasterKey::load(folder.path()), Err(MasterKeyError::NotAFile { .. })));
        }

        #[test]
        fn a_file_open_to_others_is_refused_unless_systemd_hands_it_over() {
            let folder = tempfile::tempdir().unwrap();
            let credentials = folder.path().join("credentials");
            fs::create_dir(&credentials).unwrap();
            let inside = credentials.join("master");
            let outside = folder.path().join("master");
            let content: [u8; KEY_LEN] = std::array::from_fn(|index| 0xF0 ^ index as u8);
            let given = || Some(credentials.clone().into_os_string());
            for (mode, alone, by_systemd) in [
                (0o600, true, true),
                (0o400, true, true),
                (0o440, false, true),
                (0o640, false, true),
                (0o460, false, false),
                (0o604, false, false),
                (0o644, false, false),
                (0o410, false, false),
            ] {
                write(&inside, &content, mode);
                write(&outside, &content, mode);
                assert_eq!(MasterKey::load_with(&inside, given()).is_ok(), by_systemd, "{mode:o}");
                assert_eq!(MasterKey::load_with(&inside, None).is_ok(), alone, "{mode:o}");
                assert_eq!(MasterKey::load_with(&inside, Some(OsString::new())).is_ok(), alone, "{mode:o}");
                assert_eq!(MasterKey::load_with(&outside, given()).is_ok(), alone, "{mode:o}");
                let detour = credentials.join("../master");
                assert_eq!(MasterKey::load_with(&detour, given()).is_ok(), alone, "{mode:o}");
                fs::remove_file(&inside).unwrap();
                fs::remove_file(&outside).unwrap();
            }
            write(&outside, &content, 0o440);
            symlink(&outside, credentials.join("link")).unwrap();
            let error = MasterKey::load_with(&credentials.join("link"), given()).unwrap_err().to_string();
            assert!(error.contains("0440") && error.contains("chmod 600"), "{error}");
        }
    }
}
