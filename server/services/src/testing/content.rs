//! The content checks as the fuzz targets call them, and the demonstration's files as their seeds.

use crate::{
    demo::files::{DemoKind, file},
    vault::content::{ContentFault, START_LEN, check_start, check_whole},
};
use domain::vault::FileKind;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// Most bytes that [`check_content_start`] is given.
pub const CONTENT_START: usize = START_LEN;

/// The verdict about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentVerdict {
    /// It is of the announced kind.
    Accepted,
    /// It is of another kind, or it is unsafe.
    Refused,
    /// It could not be read.
    Unreadable,
}

impl From<Result<(), ContentFault>> for ContentVerdict {
    fn from(checked: Result<(), ContentFault>) -> Self {
        match checked {
            Ok(()) => Self::Accepted,
            Err(ContentFault::Io(_)) => Self::Unreadable,
            Err(_) => Self::Refused,
        }
    }
}

/// A verdict, and how many bytes were read for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentCheck {
    /// The verdict.
    pub verdict: ContentVerdict,
    /// The number of bytes that were read; bytes that were read twice count twice.
    pub bytes_read: u64,
}

/// Checks the first bytes of a file, as they arrive.
#[must_use]
pub fn check_content_start(kind: FileKind, start: &[u8]) -> ContentVerdict {
    check_start(kind, start).into()
}

/// Checks a whole file.
#[must_use]
pub fn check_content(kind: FileKind, file: &[u8]) -> ContentCheck {
    let mut bytes_read = 0;
    let counting = Counting { file: Cursor::new(file), bytes_read: &mut bytes_read };
    let verdict = check_whole(kind, counting, file.len() as u64).into();
    ContentCheck { verdict, bytes_read }
}

struct Counting<'a> {
    file: Cursor<&'a [u8]>,
    bytes_read: &'a mut u64,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        *self.bytes_read += read as u64;
        Ok(read)
    }
}

impl Seek for Counting<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Two files of each kind that the demonstration deposits.
#[must_use]
pub fn demo_files() -> Vec<(FileKind, Vec<u8>)> {
    let kinds = [
        (DemoKind::Pdf, FileKind::Pdf),
        (DemoKind::Jpeg, FileKind::Jpeg),
        (DemoKind::Png, FileKind::Png),
        (DemoKind::Docx, FileKind::Docx),
    ];
    let of = |(demo, kind)| [1, 2].map(|seed| (kind, file(demo, seed, "Attestation", "Lina Exemple")));
    kinds.into_iter().flat_map(of).collect()
}
