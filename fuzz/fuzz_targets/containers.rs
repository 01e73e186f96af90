//! A DOCX or an ODT with any content of its archive.
#![no_main]

use balise_fuzz::{check_file, file_seeds, seed};
use domain::vault::FileKind;
use libfuzzer_sys::fuzz_target;

const KINDS: &[FileKind] = &[FileKind::Docx, FileKind::Odt];

fuzz_target!(
    init: seed("containers", file_seeds(KINDS)),
    |data: &[u8]| check_file(KINDS, data)
);
