//! The master key: it is read from its file, never overwritten, and other modules get only its subkeys.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use secrecy::{ExposeSecret, SecretBox};
use zeroize::Zeroizing;

use super::{CryptoError, KEY_LEN, SealKey, Secret, expand, random_secret};

const FINGERPRINT_LABEL: &[u8] = b"balise/v1/master/fingerprint";

/// Why the master key cannot be read or made. Each message is one line that names the file and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file is missing or cannot be opened or read.
    #[error("cannot read the master key file {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The path is a folder, a pipe or a device.
    #[error("the master key {} is not a regular file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Other users than its owner may use the file.
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
        /// The error of the system.
        source: io::Error,
    },
    /// The system gave no random bytes to make the key from.
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
    /// Makes the hashes under which attempts are counted, so that no identifier or address is stored.
    Throttle,
    /// Seals the mails that wait to be sent: they hold names, addresses and links that open doors.
    Outbox,
    /// Signs the links of the newsletter's mails.
    Newsletter,
    /// Signs the tokens of public forms: for which form and at which time each was made.
    Forms,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::KeyringWrap => b"balise/v1/master/keyring-wrap",
            Self::SecondFactor => b"balise/v1/master/second-factor",
            Self::LedgerMac => b"balise/v1/master/ledger-mac",
            Self::OneTimeDisplay => b"balise/v1/master/one-time-display",
            Self::Throttle => b"balise/v1/master/throttle",
            Self::Outbox => b"balise/v1/master/outbox",
            Self::Newsletter => b"balise/v1/master/newsletter",
            Self::Forms => b"balise/v1/master/forms",
        }
    }
}

/// The root of all keys: 32 random bytes from a file or a systemd credential, never in a database (V8).
#[derive(Debug)]
pub(crate) struct MasterKey(Secret);

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
        // The metadata come from the open file, so that the file that is checked is the file that is read.
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
            // 32 hexadecimal characters would be a key of half the strength, so they are not taken for a raw key.
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
        // Zeros, or one repeated byte, come from a file that somebody prepared and forgot to fill.
        if key.iter().all(|byte| *byte == key[0]) {
            return None;
        }
        Some(Self::from_bytes(&key))
    }

    /// Makes a new random key and writes it to `path`. Only its owner can read the file; the file and its folder are
    /// synced.
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
            // A half-written key would stop every later start. Nothing is encrypted with it yet, so it can be removed.
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

    /// Eight bytes that distinguish master keys and reveal nothing about them. They are stored beside the data, so that
    /// a start with the wrong key stops instead of writing what nobody can read.
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
    // Both paths are made canonical, so that `..` or a link cannot give a file elsewhere the exception for that folder.
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

/// A new file survives a power cut only when its folder is synced too.
#[cfg(unix)]
fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_parent(_: &Path) -> io::Result<()> {
    Ok(())
}
