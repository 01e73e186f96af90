//! The record of a document, sealed with a subkey of its person's key: name, kind, SHA-256, parts.

use super::parts::HEADER_LEN;
use crate::{crypto::SealKey, error::Fault};
use domain::ids::{DocumentId, YouthId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version of a document. Later versions belong to V7.
pub(super) const VERSION: u32 = 1;

/// The sealed record.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    /// The file's name.
    pub(super) name: String,
    /// The code of its kind.
    pub(super) kind: String,
    /// SHA-256 of the whole document, computed at the commit from the parts as they were read back.
    pub(super) sha256: [u8; 32],
    /// The parts, in order.
    pub(super) parts: Vec<Part>,
}

/// One part, which is one object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Part {
    /// The object's name within the document's folder.
    pub(super) object: String,
    /// Length of the plaintext, in bytes.
    pub(super) bytes: u64,
    /// The object's header. It is copied here so that a range needs only one read.
    pub(super) header: Vec<u8>,
}

impl Part {
    /// A part that was just encrypted.
    pub(super) fn of(object: String, bytes: u64, header: &[u8; HEADER_LEN]) -> Self {
        Self { object, bytes, header: header.to_vec() }
    }
}

fn binding(youth: YouthId, document: DocumentId) -> Vec<u8> {
    let mut aad = b"balise/v1/document/record\0".to_vec();
    aad.extend_from_slice(Uuid::from(youth).as_bytes());
    aad.extend_from_slice(Uuid::from(document).as_bytes());
    aad
}

/// Seals a record.
pub(super) fn seal(key: &SealKey, youth: YouthId, document: DocumentId, record: &Record) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(record).map_err(|_| Fault::Broken("a record cannot be written"))?;
    Ok(key.seal(&binding(youth, document), &plain)?)
}

/// Opens a sealed record.
pub(super) fn open(key: &SealKey, youth: YouthId, document: DocumentId, sealed: &[u8]) -> Result<Record, Fault> {
    let plain = key.open(&binding(youth, document), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Fault::Broken("a record cannot be read"))
}
