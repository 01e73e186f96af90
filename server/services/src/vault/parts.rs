//! One part of a document as an encrypted object (V2, V4, V8, V9).
//!
//! A document is cut into parts of at most [`PART_MAX`] bytes. The object of a part is a header (version byte ‖ salt
//! of 32 random bytes), then chunks of [`CHUNK`] bytes (the last may be shorter), each followed by its tag:
//!
//! ```text
//! version (1) | salt (32) | chunk 0 (65536) | tag (16) | chunk 1 (65536) | tag (16) | … | last chunk | tag (16)
//! ```
//!
//! Chunks are encrypted by the STREAM construction over AES-256-GCM. Its key and nonce prefix are derived from the
//! document's key and the salt, which is drawn anew at each attempt. So a part that is sent again after a broken
//! connection never uses the same (key, nonce) pair for other bytes. The position and the "last" flag are in each
//! nonce, so chunks can be neither moved nor cut off. The document, version and part number are in the associated data,
//! so objects cannot be swapped. Any window of a part can be read without its neighbours.

use std::ops::Range;

use aead_stream::aead::{self, Buffer};
use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use aes_gcm::Aes256Gcm;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use crate::crypto::{CryptoError, DocumentKey, fill_random};

/// Most plaintext bytes in one part: 4 MiB.
pub(crate) const PART_MAX: usize = 4 << 20;

/// Plaintext bytes of one chunk, the unit that is authenticated: 64 KiB.
pub(crate) const CHUNK: usize = 64 << 10;

/// The number of bytes before the first chunk.
pub(crate) const HEADER_LEN: usize = 1 + SALT_LEN;

const VERSION: u8 = 1;
const SALT_LEN: usize = 32;
const TAG_LEN: usize = 16;
const SEALED_CHUNK: usize = CHUNK + TAG_LEN;
const KEY_LEN: usize = 32;
const PREFIX_LEN: usize = 7;
const DERIVE_LABEL: &[u8] = b"balise/v1/part/aes-256-gcm-stream-be32";
const PLACE_LABEL: &[u8] = b"balise/v1/part/place\0";
const PLACE_LEN: usize = PLACE_LABEL.len() + 1 + 16 + 4 + 4;

/// The part, version and document to which an object is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartId {
    /// The document.
    pub(crate) document: Uuid,
    /// Its version, from 1.
    pub(crate) version: u32,
    /// The place of the part in that version, from 0.
    pub(crate) number: u32,
}

impl PartId {
    fn associated_data(&self) -> [u8; PLACE_LEN] {
        let mut place = [0; PLACE_LEN];
        let fields: [&[u8]; 5] = [
            PLACE_LABEL,
            &[VERSION],
            self.document.as_bytes(),
            &self.version.to_be_bytes(),
            &self.number.to_be_bytes(),
        ];
        let mut at = 0;
        for field in fields {
            place[at..at + field.len()].copy_from_slice(field);
            at += field.len();
        }
        place
    }
}

/// The length of the object of a part of `plain_len` bytes. An empty part has no object, so its result means nothing.
pub(crate) const fn cipher_len(plain_len: u64) -> u64 {
    HEADER_LEN as u64 + plain_len + plain_len.div_ceil(CHUNK as u64) * TAG_LEN as u64
}

/// The plaintext of a part while it arrives. It is kept in chunks, each with room for its tag. So it can be encrypted
/// in place, and the allocator frees blocks of this size, which it does not do with larger ones.
#[derive(Default)]
pub(crate) struct Plain {
    chunks: Vec<Vec<u8>>,
    len: usize,
}

impl Plain {
    /// Copies the first `bytes` that the part has room for, and returns how many these are.
    pub(crate) fn fill(&mut self, bytes: &[u8]) -> usize {
        let taken = bytes.len().min(PART_MAX - self.len);
        let mut rest = &bytes[..taken];
        while !rest.is_empty() {
            let chunk = match self.chunks.pop() {
                Some(chunk) if chunk.len() < CHUNK => chunk,
                full => {
                    self.chunks.extend(full);
                    Vec::with_capacity(SEALED_CHUNK)
                }
            };
            self.chunks.push(chunk);
            if let Some(chunk) = self.chunks.last_mut() {
                let (fits, later) = rest.split_at(rest.len().min(CHUNK - chunk.len()));
                chunk.extend_from_slice(fits);
                rest = later;
            }
        }
        self.len += taken;
        taken
    }

    /// The number of bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether the part has room for no more bytes.
    pub(crate) fn is_full(&self) -> bool {
        self.len == PART_MAX
    }

    /// The first bytes: one chunk, or all of them if there are fewer.
    pub(crate) fn start(&self) -> &[u8] {
        self.chunks.first().map_or(&[], Vec::as_slice)
    }
}

impl Drop for Plain {
    /// Plaintext that was never encrypted is wiped.
    fn drop(&mut self) {
        self.chunks.iter_mut().for_each(|chunk| chunk.as_mut_slice().zeroize());
    }
}

/// An object to be stored: its header, then its chunks with their tags.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) header: [u8; HEADER_LEN],
    pub(crate) chunks: Vec<Vec<u8>>,
}

/// Encrypts one part, with a new salt at every call.
///
/// # Errors
/// [`CryptoError::Length`] if the part is empty; [`CryptoError::Random`].
pub(crate) fn encrypt(key: &DocumentKey, id: &PartId, mut plain: Plain) -> Result<Object, CryptoError> {
    checked(plain.len as u64)?;
    let mut header = [VERSION; HEADER_LEN];
    fill_random(&mut header[1..])?;
    let part = PartKey::derive(key, id, &header)?;

    let count = plain.chunks.len();
    for (position, chunk) in (0_u32..).zip(&mut plain.chunks) {
        let len = chunk.len();
        chunk.resize(len + TAG_LEN, 0);
        let mut slot = Slot { bytes: chunk, len };
        let last = position as usize + 1 == count;
        // A failure here leaves plaintext, which is wiped and never returned.
        part.stream.encrypt_in_place(position, last, &part.place, &mut slot).map_err(|_| CryptoError::Length)?;
    }
    Ok(Object { header, chunks: std::mem::take(&mut plain.chunks) })
}

/// The bytes of an object to fetch for a range of a part's plaintext, and what to keep once they are decrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// Bytes of the object, counted from its start (header included): whole chunks with their tags.
    pub(crate) object: Range<u64>,
    /// Decrypted bytes to drop at the front, less than [`CHUNK`].
    pub(crate) skip: usize,
    /// Decrypted bytes to keep after those.
    pub(crate) take: usize,
    /// Place in the part of the first chunk of `object`, from 0.
    pub(crate) first_chunk: u32,
}

/// What to fetch in order to read `plain` (end excluded) of a part of `plain_len` bytes.
///
/// # Errors
/// [`CryptoError::Length`] if the range is empty or leaves the part, or if no part has that length.
pub(crate) fn window(plain_len: u64, plain: Range<u64>) -> Result<Window, CryptoError> {
    checked(plain_len)?;
    if plain.start >= plain.end || plain.end > plain_len {
        return Err(CryptoError::Length);
    }
    let first = plain.start / CHUNK as u64;
    let chunks_end = plain.end.div_ceil(CHUNK as u64);
    let object_len = cipher_len(plain_len);
    let at = |chunk: u64| HEADER_LEN as u64 + chunk * SEALED_CHUNK as u64;
    // All three numbers fit: a part has at most 64 chunks.
    Ok(Window {
        object: at(first)..at(chunks_end).min(object_len),
        skip: (plain.start % CHUNK as u64) as usize,
        take: (plain.end - plain.start) as usize,
        first_chunk: first as u32,
    })
}

fn checked(plain_len: u64) -> Result<usize, CryptoError> {
    match usize::try_from(plain_len) {
        Ok(len @ 1..=PART_MAX) => Ok(len),
        _ => Err(CryptoError::Length),
    }
}

/// The key of one object. It is derived once and used for each window of the object.
pub(crate) struct PartKey {
    stream: StreamBE32<Aes256Gcm>,
    place: [u8; PLACE_LEN],
}

impl PartKey {
    /// The key of the object that begins with `header` (its first [`HEADER_LEN`] bytes; more are ignored).
    ///
    /// Only the first chunk shows whether the header was changed, not this function.
    ///
    /// # Errors
    /// [`CryptoError::Rejected`] if it is too short or of an unknown version.
    pub(crate) fn derive(key: &DocumentKey, id: &PartId, header: &[u8]) -> Result<Self, CryptoError> {
        let Some(([VERSION, salt @ ..], _)) = header.split_first_chunk::<HEADER_LEN>() else {
            return Err(CryptoError::Rejected);
        };
        let mut okm = Zeroizing::new([0_u8; KEY_LEN + PREFIX_LEN]);
        key.derive(salt, DERIVE_LABEL, okm.as_mut_slice())?;
        let split = okm.split_first_chunk::<KEY_LEN>();
        let (key, prefix) = split.ok_or(CryptoError::Derivation)?;
        let prefix: &[u8; PREFIX_LEN] = prefix.try_into().map_err(|_| CryptoError::Derivation)?;
        Ok(Self { stream: StreamBE32::new(key.into(), prefix.into()), place: id.associated_data() })
    }

    /// Decrypts the chunks of a [`Window`] of a part of `plain_len` bytes, in the `buffer` that brought them: the
    /// result still holds the `skip` bytes in front.
    ///
    /// The result is not wiped when dropped: it is sent to the network, whose buffers are not wiped either.
    ///
    /// # Errors
    /// [`CryptoError::Rejected`] if the bytes are not exactly whole chunks from `first_chunk` on, or if any of them is
    /// not authentic; then no plaintext is returned.
    pub(crate) fn decrypt(
        &self,
        first_chunk: u32,
        plain_len: u64,
        mut buffer: Vec<u8>,
    ) -> Result<Vec<u8>, CryptoError> {
        let plain_len = checked(plain_len)?;
        let chunks = plain_len.div_ceil(CHUNK);
        let (mut position, mut from, mut to) = (first_chunk, 0, 0);
        if buffer.is_empty() {
            return Err(CryptoError::Rejected);
        }
        while from < buffer.len() {
            let index = position as usize;
            let opened = if index < chunks {
                let len = CHUNK.min(plain_len - index * CHUNK);
                buffer.get_mut(from..from + len + TAG_LEN).and_then(|bytes| {
                    let mut slot = Slot { len: bytes.len(), bytes };
                    let last = index + 1 == chunks;
                    self.stream.decrypt_in_place(position, last, &self.place, &mut slot).ok()?;
                    Some(len)
                })
            } else {
                None
            };
            let Some(len) = opened else {
                // The chunks before this one are decrypted already, so they are wiped.
                buffer.zeroize();
                return Err(CryptoError::Rejected);
            };
            // Closes the gap of the tag while the chunk is still in the processor's cache.
            buffer.copy_within(from..from + len, to);
            to += len;
            from += len + TAG_LEN;
            position += 1;
        }
        buffer.truncate(to);
        Ok(buffer)
    }
}

/// A chunk inside a larger buffer, with room for its tag. With it STREAM works in place, without a vector for each
/// chunk.
struct Slot<'a> {
    bytes: &'a mut [u8],
    len: usize,
}

impl AsRef<[u8]> for Slot<'_> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl AsMut<[u8]> for Slot<'_> {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.len]
    }
}

impl Buffer for Slot<'_> {
    fn extend_from_slice(&mut self, other: &[u8]) -> aead::Result<()> {
        let room = self.bytes.get_mut(self.len..self.len + other.len()).ok_or(aead::Error)?;
        room.copy_from_slice(other);
        self.len += other.len();
        Ok(())
    }

    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::{MasterKey, Purpose};

    const ID: PartId = PartId { document: Uuid::from_u128(7), version: 1, number: 2 };

    fn sample(len: usize) -> Vec<u8> {
        // The length of a chunk is no multiple of this period, so chunks in the wrong order would be seen.
        (0..len).map(|index| (index % 251) as u8 ^ (index >> 16) as u8).collect()
    }

    /// Encrypts a whole object. The plaintext arrives in pieces of various lengths.
    fn encrypt(key: &DocumentKey, id: &PartId, bytes: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut plain = Plain::default();
        for piece in bytes.chunks(10_007) {
            assert_eq!(plain.fill(piece), piece.len());
        }
        let object = super::encrypt(key, id, plain)?;
        Ok([&object.header[..], &object.chunks.concat()].concat())
    }

    fn read(key: &DocumentKey, object: &[u8], plain_len: usize, range: Range<usize>) -> Result<Vec<u8>, CryptoError> {
        let window = window(plain_len as u64, range.start as u64..range.end as u64)?;
        let part = PartKey::derive(key, &ID, &object[..HEADER_LEN])?;
        let fetched = object[window.object.start as usize..window.object.end as usize].to_vec();
        let mut plain = part.decrypt(window.first_chunk, plain_len as u64, fetched)?;
        plain.drain(..window.skip);
        plain.truncate(window.take);
        Ok(plain)
    }

    /// Decrypts a whole object, header included; its length says how much plaintext it holds.
    fn decrypt(key: &DocumentKey, id: &PartId, object: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let (header, body) = object.split_at_checked(HEADER_LEN).ok_or(CryptoError::Rejected)?;
        let part = PartKey::derive(key, id, header)?;
        let tags = body.len().div_ceil(SEALED_CHUNK) * TAG_LEN;
        let plain_len = body.len().checked_sub(tags).filter(|len| (1..=PART_MAX).contains(len));
        part.decrypt(0, plain_len.ok_or(CryptoError::Rejected)? as u64, body.to_vec())
    }

    /// Lengths that would show an error by one.
    fn lengths() -> impl Strategy<Value = usize> {
        let border = (0_usize..5, 0_usize..5).prop_map(|(chunks, off)| (chunks * CHUNK + off).saturating_sub(2));
        prop_oneof![border, 1_usize..3 * CHUNK].prop_map(|len| len.max(1))
    }

    #[test]
    fn borders_round_trip() {
        let key = DocumentKey::generate().unwrap();
        for len in [1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, PART_MAX - 1, PART_MAX]
        {
            let plain = sample(len);
            let object = encrypt(&key, &ID, &plain).unwrap();
            assert_eq!(object.len() as u64, cipher_len(len as u64));
            assert!(decrypt(&key, &ID, &object).unwrap() == plain, "{len}");
            assert!(read(&key, &object, len, 0..len).unwrap() == plain, "{len}");
            assert!(read(&key, &object, len, len - 1..len).unwrap() == plain[len - 1..], "{len}");
        }
    }

    /// An object made by another implementation (Python's `hmac` and `cryptography`). Frozen: a difference means that
    /// what a released version stored no longer opens.
    #[test]
    fn the_format_is_frozen() {
        let decode = |hex: &str| data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
        let master = MasterKey::from_bytes(&std::array::from_fn(|index| index as u8));
        let wrapped = decode(
            "01000102030405060708090a0bd66476ff9cddf83c9d036bae395737b1e284bb824259ca75843a83782c94ed34b46ff7de104af69b76\
             7cea494e3cec89",
        );
        let kek = master.subkey(Purpose::KeyringWrap).unwrap();
        let key = DocumentKey::unwrap(&kek, ID.document, ID.version, &wrapped).unwrap();
        let object = decode(
            "016465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828360cd160c982ebc1bdbe469b2177f8aac44b6a6b1d0\
             e936a3b361e53672e30a7ceed0fe80",
        );
        assert_eq!(decrypt(&key, &ID, &object).unwrap(), sample(20));
    }

    #[test]
    fn lengths_outside_of_the_format_are_refused() {
        let key = DocumentKey::generate().unwrap();
        assert_eq!(encrypt(&key, &ID, &[]), Err(CryptoError::Length));
        let mut plain = Plain::default();
        assert_eq!((plain.fill(&vec![0; PART_MAX + 1]), plain.fill(&[0]), plain.is_full()), (PART_MAX, 0, true));
        #[expect(clippy::reversed_empty_ranges, reason = "what a hostile Range header may become")]
        let bad =
            [(10, 3..3), (10, 4..3), (10, 0..11), (10, 10..11), (0, 0..0), (0, 0..1), (PART_MAX as u64 + 1, 0..1)];
        for (len, range) in bad {
            assert_eq!(window(len, range.clone()), Err(CryptoError::Length), "{len} {range:?}");
        }
        assert!(window(u64::MAX, 0..u64::MAX).is_err());
    }

    #[test]
    fn the_same_plaintext_never_encrypts_twice_alike() {
        let key = DocumentKey::generate().unwrap();
        let plain = sample(CHUNK + 10);
        let (one, two) = (encrypt(&key, &ID, &plain).unwrap(), encrypt(&key, &ID, &plain).unwrap());
        assert_ne!(one[1..HEADER_LEN], two[1..HEADER_LEN]);
        let same = one[HEADER_LEN..].iter().zip(&two[HEADER_LEN..]).filter(|(a, b)| a == b).count();
        assert!(same < one.len() / 64, "{same} equal bytes");
    }

    #[test]
    fn every_flipped_byte_is_seen() {
        let key = DocumentKey::generate().unwrap();
        let object = encrypt(&key, &ID, &sample(300)).unwrap();
        for at in 0..object.len() {
            let mut altered = object.clone();
            altered[at] ^= 1;
            assert_eq!(decrypt(&key, &ID, &altered), Err(CryptoError::Rejected), "byte {at}");
        }
        let object = encrypt(&key, &ID, &sample(2 * CHUNK + 5)).unwrap();
        for at in (0..object.len()).step_by(4099).chain([HEADER_LEN + CHUNK, object.len() - 1]) {
            let mut altered = object.clone();
            altered[at] ^= 0x80;
            assert_eq!(decrypt(&key, &ID, &altered), Err(CryptoError::Rejected), "byte {at}");
        }
    }

    #[test]
    fn truncated_or_extended_objects_are_seen() {
        let key = DocumentKey::generate().unwrap();
        for len in [1, 40, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK] {
            let object = encrypt(&key, &ID, &sample(len)).unwrap();
            let cuts = [0, 1, HEADER_LEN - 1, HEADER_LEN, HEADER_LEN + 1, HEADER_LEN + TAG_LEN];
            let chunk_cuts = (1..4).map(|chunk| HEADER_LEN + chunk * SEALED_CHUNK);
            for cut in cuts.into_iter().chain(chunk_cuts).chain([object.len() - 1, object.len() - TAG_LEN]) {
                if cut < object.len() {
                    assert_eq!(decrypt(&key, &ID, &object[..cut]), Err(CryptoError::Rejected), "{len} {cut}");
                }
            }
            for more in [1, TAG_LEN, TAG_LEN + 1, SEALED_CHUNK] {
                let mut longer = object.clone();
                longer.resize(object.len() + more, 0);
                assert_eq!(decrypt(&key, &ID, &longer), Err(CryptoError::Rejected), "{len} +{more}");
            }
        }
        assert_eq!(decrypt(&key, &ID, &vec![1; PART_MAX * 2]), Err(CryptoError::Rejected));
    }

    #[test]
    fn a_wrong_length_or_place_of_a_window_is_seen() {
        let key = DocumentKey::generate().unwrap();
        let len = 2 * CHUNK + 100;
        let object = encrypt(&key, &ID, &sample(len)).unwrap();
        let part = PartKey::derive(&key, &ID, &object).unwrap();
        let chunk = |index: usize| {
            let start = HEADER_LEN + index * SEALED_CHUNK;
            object[start..(start + SEALED_CHUNK).min(object.len())].to_vec()
        };
        assert!(part.decrypt(1, len as u64, chunk(1)).is_ok());
        assert!(part.decrypt(2, len as u64, chunk(2)).is_ok());
        for (first, plain_len, bytes) in [
            (0, len as u64, chunk(1)),
            (2, len as u64, chunk(1)),
            (3, len as u64, chunk(2)),
            (u32::MAX, len as u64, chunk(2)),
            // A wrong stored length, which makes another chunk the last one.
            (1, 2 * CHUNK as u64, chunk(1)),
            (2, 3 * CHUNK as u64, chunk(2)),
            (2, len as u64 - 1, chunk(2)),
            (0, len as u64, Vec::new()),
            (0, len as u64, [chunk(1), chunk(0)].concat()),
            (0, len as u64, [chunk(0), chunk(2)].concat()),
            (1, len as u64, [chunk(1), chunk(1)].concat()),
        ] {
            assert_eq!(part.decrypt(first, plain_len, bytes), Err(CryptoError::Rejected), "{first} {plain_len}");
        }
        assert_eq!(part.decrypt(0, 0, chunk(0)), Err(CryptoError::Length));
    }

    #[test]
    fn swapped_chunks_are_seen() {
        let key = DocumentKey::generate().unwrap();
        let mut object = encrypt(&key, &ID, &sample(3 * CHUNK)).unwrap();
        let (first, second) = object[HEADER_LEN..].split_at_mut(SEALED_CHUNK);
        first.swap_with_slice(&mut second[..SEALED_CHUNK]);
        assert_eq!(decrypt(&key, &ID, &object), Err(CryptoError::Rejected));
    }

    #[test]
    fn a_part_moved_elsewhere_is_seen() {
        let key = DocumentKey::generate().unwrap();
        let object = encrypt(&key, &ID, &sample(100)).unwrap();
        for other in [
            PartId { number: 3, ..ID },
            PartId { version: 2, ..ID },
            PartId { document: Uuid::from_u128(8), ..ID },
            PartId { version: ID.number, number: ID.version, ..ID },
        ] {
            assert_eq!(decrypt(&key, &other, &object), Err(CryptoError::Rejected));
        }
        assert_eq!(decrypt(&DocumentKey::generate().unwrap(), &ID, &object), Err(CryptoError::Rejected));
        // A header from another object of the same part: the bytes of two attempts cannot be mixed.
        let mut grafted = encrypt(&key, &ID, &sample(100)).unwrap();
        grafted[..HEADER_LEN].copy_from_slice(&object[..HEADER_LEN]);
        assert_eq!(decrypt(&key, &ID, &grafted), Err(CryptoError::Rejected));
        let mut unknown = object[..HEADER_LEN].to_vec();
        unknown[0] = 2;
        assert!(matches!(PartKey::derive(&key, &ID, &unknown), Err(CryptoError::Rejected)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_length_round_trips(len in lengths()) {
            let key = DocumentKey::generate().unwrap();
            let plain = sample(len);
            let object = encrypt(&key, &ID, &plain).unwrap();
            prop_assert_eq!(object.len() as u64, cipher_len(len as u64));
            prop_assert!(decrypt(&key, &ID, &object).unwrap() == plain);
        }

        #[test]
        fn any_range_equals_the_slice(len in lengths(), one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>()) {
            let key = DocumentKey::generate().unwrap();
            let plain = sample(len);
            let object = encrypt(&key, &ID, &plain).unwrap();
            let (one, two) = (one.index(len), two.index(len));
            let range = one.min(two)..one.max(two) + 1;
            prop_assert!(read(&key, &object, len, range.clone()).unwrap() == plain[range]);
        }

        #[test]
        fn any_bytes_are_refused_without_a_panic(
            object in prop::collection::vec(any::<u8>(), 0..200),
            first in any::<u32>(),
            plain_len in any::<u64>(),
        ) {
            let key = DocumentKey::generate().unwrap();
            let mut known = object.clone();
            if let Some(version) = known.first_mut() {
                *version = VERSION;
            }
            prop_assert!(decrypt(&key, &ID, &object).is_err());
            prop_assert!(decrypt(&key, &ID, &known).is_err());
            if let Ok(part) = PartKey::derive(&key, &ID, &known) {
                prop_assert!(part.decrypt(first, plain_len, object).is_err());
            }
        }
    }
}
