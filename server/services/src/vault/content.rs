//! Checks what a deposited file really is, whatever its name says (V1, FACTS.md « Security cases »).
//!
//! There are two checks: [`check_start`] on the first bytes as they arrive, so that a wrong file is refused before the
//! rest is sent, and [`check_whole`] before the commit. Neither decodes a picture or lays out a page. They read only
//! the structure that distinguishes the six accepted kinds from everything else, in bounded memory and time, whatever
//! the file claims about itself.
//!
//! This is no virus scan (V10), and a valid file may still carry foreign bytes that its format allows. The other
//! protection is how files are served (attachment, `nosniff`, sandbox).

mod containers;
mod pdf;
mod pictures;
#[cfg(test)]
mod tests;

use std::io::{self, Read, Seek, SeekFrom};

use domain::vault::FileKind;
use zip::result::ZipError;

/// Most bytes that [`check_start`] looks at. A shorter file is given as a whole.
pub(crate) const START_LEN: usize = 4096;

/// Why a file is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ContentFault {
    /// Its content is not what its extension says.
    #[error("the content is not of the announced kind")]
    NotThisKind,
    /// It is of the right kind, but cut short or malformed.
    #[error("the file is damaged")]
    Damaged,
    /// A picture so large that opening it would exhaust a phone.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// A DOCX or ODT whose container is unsafe.
    #[error("unsafe container: {0}")]
    Archive(ArchiveFault),
    /// A document with macros.
    #[error("the document carries macros")]
    Macros,
    /// The file could not be read, so nothing is known about it.
    #[error("the file cannot be read back: {0}")]
    Io(#[source] io::Error),
}

/// What is unsafe about the container of a DOCX or an ODT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArchiveFault {
    /// Too many entries, or a directory of a senseless length.
    #[error("too many entries")]
    TooManyEntries,
    /// It would unpack to far more than its own size.
    #[error("unpacks to too much")]
    TooLarge,
    /// An absolute name, one with `..`, or a link.
    #[error("unsafe entry name")]
    UnsafeName,
    /// Entries under a password.
    #[error("encrypted entry")]
    Encrypted,
    /// Two programs would read two different documents from it.
    #[error("ambiguous entries")]
    Ambiguous,
    /// A feature of ZIP that no word processor uses.
    #[error("unsupported feature")]
    Unsupported,
}

impl From<io::Error> for ContentFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // These are the errors of decoders for bad bytes; storage and decryption report other kinds.
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

impl From<ZipError> for ContentFault {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => error.into(),
            ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
                Self::Archive(ArchiveFault::Unsupported)
            }
            ZipError::InvalidPassword => Self::Archive(ArchiveFault::Encrypted),
            _ => Self::Damaged,
        }
    }
}

type Checked = Result<(), ContentFault>;

/// Refuses a file from its first bytes: `start` holds its first [`START_LEN`] bytes, or all of it if it is shorter.
///
/// # Errors
/// [`ContentFault`], never [`ContentFault::Io`].
pub(crate) fn check_start(kind: FileKind, start: &[u8]) -> Checked {
    match kind {
        FileKind::Pdf => pdf::pdf_start(start),
        FileKind::Jpeg => pictures::jpeg_start(start),
        FileKind::Png => pictures::png_start(start),
        FileKind::Heic => pictures::heic_start(start).map(|_| ()),
        FileKind::Docx => containers::docx_start(start),
        FileKind::Odt => containers::odt_start(start),
    }
}

/// Checks a whole file of `len` bytes, its start included.
///
/// It reads little, but with many small reads all over the file: `reader` should keep the last window it decrypted.
/// Its own failures must not be of kind `UnexpectedEof`, `InvalidData` or `InvalidInput`: those mean a damaged file.
///
/// # Errors
/// [`ContentFault`]; [`ContentFault::Io`] if `reader` fails.
pub(crate) fn check_whole<R: Read + Seek>(kind: FileKind, reader: R, len: u64) -> Checked {
    let mut source = Source { reader, len };
    let start = source.bytes(0, len.min(START_LEN as u64))?;
    check_start(kind, &start)?;
    match kind {
        FileKind::Pdf => pdf::pdf_whole(&mut source),
        FileKind::Jpeg => pictures::jpeg_whole(&mut source),
        FileKind::Png => pictures::png_whole(&mut source),
        FileKind::Heic => pictures::heic_whole(&mut source, &start),
        FileKind::Docx => containers::docx_whole(&mut source),
        FileKind::Odt => containers::odt_whole(&mut source),
    }
}

/// A file read at chosen places, never beyond its announced length.
struct Source<R> {
    reader: R,
    len: u64,
}

impl<R: Read + Seek> Source<R> {
    fn exact(&mut self, at: u64, buffer: &mut [u8]) -> Checked {
        if at.checked_add(buffer.len() as u64).is_none_or(|end| end > self.len) {
            return Err(ContentFault::Damaged);
        }
        self.reader.seek(SeekFrom::Start(at))?;
        Ok(self.reader.read_exact(buffer)?)
    }

    fn array<const N: usize>(&mut self, at: u64) -> Result<[u8; N], ContentFault> {
        let mut bytes = [0; N];
        self.exact(at, &mut bytes)?;
        Ok(bytes)
    }

    /// The caller must bound `len`.
    fn bytes(&mut self, at: u64, len: u64) -> Result<Vec<u8>, ContentFault> {
        let mut bytes = vec![0; usize::try_from(len).map_err(|_| ContentFault::Damaged)?];
        self.exact(at, &mut bytes)?;
        Ok(bytes)
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u16::from_be_bytes(bytes.get(at..)?.first_chunk().copied()?).into())
}

fn be32(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_be_bytes(bytes.get(at..)?.first_chunk().copied()?).into())
}

fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

fn le16(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u16::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?).into())
}

fn le32(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u32::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?).into())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}
