//! A JPEG, PNG or HEIC with any segments, chunks or boxes.
#![no_main]

use balise_fuzz::{check_file, file_seeds, seed};
use domain::vault::FileKind;
use libfuzzer_sys::fuzz_target;

const KINDS: &[FileKind] = &[FileKind::Jpeg, FileKind::Png, FileKind::Heic];

fuzz_target!(
    init: seed("pictures", file_seeds(KINDS)),
    |data: &[u8]| check_file(KINDS, data)
);
