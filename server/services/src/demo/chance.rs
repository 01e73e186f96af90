//! Random choices: those about one person or one file, and passwords.

use jiff::civil::Date;
use rand::rngs::ChaCha12Rng;
use rand::{CryptoRng, Rng, SeedableRng};

use super::calendar::{days, later};
use crate::demo::words;

/// A password that is pronounceable, easily typed on a telephone and worth 62 bits: « bavi3-tuno7-kemo2-ziga9 ».
///
/// Four groups, each of two syllables and a digit. Digits and dashes follow each other because telephones show them on
/// the same keyboard; letters and digits that look alike (l, 1, 0) are left out, and so are rude words.
/// Anybody who knows the generator's seed can compute the password. Seed the generator from the system, unless the
/// passwords of a demonstration must be the same each time.
pub(in crate::demo) fn password(rng: &mut impl CryptoRng) -> String {
    let mut groups = Vec::with_capacity(4);
    while groups.len() < 4 {
        let mut group = String::with_capacity(5);
        for set in [CONSONANTS, VOWELS, CONSONANTS, VOWELS, DIGITS] {
            group.push(char::from(set[below(rng, set.len() as u64) as usize]));
        }
        if !words::RUDE.contains(&&group[..4]) {
            groups.push(group);
        }
    }
    groups.join("-")
}

/// The letters of passwords. With the vowels and digits they give 51 200 groups, less the rude ones: 4 × 15.6 bits.
pub(super) const CONSONANTS: &[u8] = b"bcdfgjkmnprstvxz";

/// See [`CONSONANTS`].
pub(super) const VOWELS: &[u8] = b"aeiou";

/// See [`CONSONANTS`].
pub(super) const DIGITS: &[u8] = b"23456789";

/// A number below `bound`, with equal chances for each. It is written here because the crates do not promise to draw
/// the same numbers in every release.
fn below(rng: &mut (impl Rng + ?Sized), bound: u64) -> u64 {
    let bound = bound.max(1);
    // The numbers above the last whole multiple would make small results more likely, so they are drawn again.
    let fair = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = rng.next_u64();
        if drawn < fair {
            return drawn % bound;
        }
    }
}

/// The choices of one person or one file.
pub(in crate::demo) struct Dice(ChaCha12Rng);

impl Dice {
    /// The random stream for a purpose, a seed and a number.
    pub(in crate::demo) fn new(purpose: &[u8; 5], seed: u64, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&number.to_le_bytes());
        key[16..21].copy_from_slice(purpose);
        Self(ChaCha12Rng::from_seed(key))
    }

    /// A number below `bound`.
    pub(in crate::demo) fn below(&mut self, bound: u64) -> u64 {
        below(&mut self.0, bound)
    }

    /// An index of a list of that length.
    pub(in crate::demo) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// True in `percent` out of a hundred cases.
    pub(in crate::demo) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list, which is not empty.
    pub(in crate::demo) fn pick<'a, T: ?Sized>(&mut self, list: &'a [&'a T]) -> &'a T {
        list[self.index(list.len())]
    }

    /// Random bytes.
    pub(in crate::demo) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// One element of a list; `weight` says how likely each is.
    pub(super) fn weighted<'a, T>(&mut self, list: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: u32 = list.iter().map(&weight).sum();
        let mut left = self.below(u64::from(total));
        for item in list {
            let own = u64::from(weight(item));
            if left < own {
                return item;
            }
            left -= own;
        }
        &list[list.len() - 1]
    }

    /// A day between two days, both included; the first one when they are in the wrong order.
    pub(super) fn day(&mut self, from: Date, to: Date) -> Date {
        let span = u64::try_from(days(from, to)).unwrap_or(0);
        later(from, self.below(span + 1) as i64)
    }
}
