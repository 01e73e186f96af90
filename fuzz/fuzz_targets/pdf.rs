//! A PDF of any bytes.
#![no_main]

use balise_fuzz::{check_file, file_seeds, seed};
use domain::vault::FileKind;
use libfuzzer_sys::fuzz_target;

const KINDS: &[FileKind] = &[FileKind::Pdf];

fuzz_target!(
    init: seed("pdf", file_seeds(KINDS)),
    |data: &[u8]| check_file(KINDS, data)
);
