//! AES-GCM alone, for `make bench`: the vault's cipher in the vault's chunks, in memory, on one core.
//! Takes a length in bytes; prints bytes per second each way.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{AeadInOut, Error},
};
use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

/// Plaintext bytes of one chunk, as in the vault.
const CHUNK: usize = 64 << 10;
/// How often each direction is run.
const TIMES: u32 = 4;

fn main() -> io::Result<()> {
    let length = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(24 << 20);
    let cipher = Aes256Gcm::new(&[7; 32].into());
    let mut bytes = vec![0; length];
    let (mut encrypting, mut decrypting) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..TIMES {
        let began = Instant::now();
        let tags: Result<Vec<_>, Error> = (0..)
            .zip(bytes.chunks_mut(CHUNK))
            .map(|(number, chunk)| cipher.encrypt_inout_detached(&nonce(number), b"", chunk.into()))
            .collect();
        encrypting += began.elapsed();
        let tags = tags.map_err(io::Error::other)?;
        let began = Instant::now();
        for ((number, chunk), tag) in (0..).zip(bytes.chunks_mut(CHUNK)).zip(&tags) {
            cipher.decrypt_inout_detached(&nonce(number), b"", chunk.into(), tag).map_err(io::Error::other)?;
        }
        decrypting += began.elapsed();
    }
    let speed = |time: Duration| length as f64 * f64::from(TIMES) / time.as_secs_f64();
    writeln!(io::stdout(), r#"{{"encrypt": {:.0}, "decrypt": {:.0}}}"#, speed(encrypting), speed(decrypting))
}

/// The nonce of a chunk, different for each; the key is thrown away when the program ends.
fn nonce(number: u64) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    nonce.into()
}
