//! What a deposited file really is, beyond its name (V1, FACTS.md « Security cases »).
//!
//! Two checks: [`check_start`] on the first bytes as they arrive, so that a wrong file is refused before the rest
//! travels, and [`check_whole`] before the commit. Nothing here decodes a picture or lays out a page: only the
//! structure that tells the six accepted kinds from everything else is read, in bounded memory and time, whatever
//! the file claims about itself.
//!
//! This is no virus scan (V10), and a valid file may still carry foreign bytes that its format allows: the rest of
//! the defence is in how files are served (attachment, `nosniff`, sandbox).

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};

use domain::vault::FileKind;
use zip::read::{ArchiveOffset, Config};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Most bytes that [`check_start`] looks at. A file that is shorter is given whole.
pub(crate) const START_LEN: usize = 4096;

/// Largest side of a picture, in pixels. A 100,000-pixel PNG of a few kilobytes fills the memory of whoever opens it
/// (FACTS.md « Security cases »).
const MAX_SIDE: u64 = 20_000;
/// Largest picture, in pixels: twice the usual full size of a phone's camera.
const MAX_PIXELS: u64 = 100_000_000;

/// How far blank bytes may stand before `%PDF-`.
const PDF_MAX_BLANK: usize = 64;
const PDF_TAIL: u64 = 4096;
const PDF_EOF_TAIL: usize = 2048;

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// 25 MiB in chunks of less than 400 bytes: no encoder writes that.
const PNG_MAX_CHUNKS: usize = 65_536;
const JPEG_MAX_SEGMENTS: usize = 4096;

const HEIF_MAX_BOXES: usize = 4096;
const HEIF_MAX_META: u64 = 1 << 20;
const HEVC_BRANDS: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"];
/// Containers that may hold HEVC or something else, such as AVIF.
const NEUTRAL_BRANDS: [&[u8; 4]; 2] = [b"mif1", b"msf1"];

const ZIP_LOCAL: &[u8] = b"PK\x03\x04";
const ZIP_END: &[u8] = b"PK\x05\x06";
const ZIP_END_LEN: usize = 22;
const ZIP_MAX_ENTRIES: u64 = 5_000;
const ZIP_MAX_DIRECTORY: u64 = 4 << 20;
const ZIP_MAX_UNPACKED: u64 = 500 << 20;
const ZIP_MAX_RATIO: u64 = 200;
/// Below this, no ratio is a bomb: a few kilobytes of blank drawing are common in honest documents.
const ZIP_RATIO_FLOOR: u64 = 16 << 20;
const ZIP_MAX_PART: u64 = 1 << 20;

const ODT_TYPE: &[u8] = b"application/vnd.oasis.opendocument.text";
const DOCX_TYPE: &[u8] = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

/// Why a file is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ContentFault {
    /// Its content is not what its extension says.
    #[error("the content is not of the announced kind")]
    NotThisKind,
    /// The right kind, but cut short or malformed.
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
    /// The file could not be read back; nothing is known about it.
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
    /// Two readers would see two different documents.
    #[error("ambiguous entries")]
    Ambiguous,
    /// A feature of ZIP that no word processor uses.
    #[error("unsupported feature")]
    Unsupported,
}

impl ContentFault {
    /// A stable code, for messages and the access log.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotThisKind => "content_not_this_kind",
            Self::Damaged => "content_damaged",
            Self::TooManyPixels => "content_too_many_pixels",
            Self::Archive(fault) => fault.code(),
            Self::Macros => "content_macros",
            Self::Io(_) => "content_io",
        }
    }
}

impl ArchiveFault {
    /// A stable code, as [`ContentFault::code`] gives it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::TooManyEntries => "content_archive_entries",
            Self::TooLarge => "content_archive_size",
            Self::UnsafeName => "content_archive_name",
            Self::Encrypted => "content_archive_encrypted",
            Self::Ambiguous => "content_archive_ambiguous",
            Self::Unsupported => "content_archive_unsupported",
        }
    }
}

impl From<io::Error> for ContentFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // What decoders say of bad bytes; storage and decryption report other kinds.
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
        FileKind::Pdf => pdf_start(start),
        FileKind::Jpeg => jpeg_start(start),
        FileKind::Png => png_start(start),
        FileKind::Heic => heic_start(start).map(|_| ()),
        FileKind::Docx => docx_start(start),
        FileKind::Odt => odt_start(start),
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
        FileKind::Pdf => pdf_whole(&mut source),
        FileKind::Jpeg => jpeg_whole(&mut source),
        FileKind::Png => png_whole(&mut source),
        FileKind::Heic => heic_whole(&mut source, &start),
        FileKind::Docx => docx_whole(&mut source),
        FileKind::Odt => odt_whole(&mut source),
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

    /// The caller bounds `len`.
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

fn dimensions(width: u64, height: u64) -> Checked {
    if width == 0 || height == 0 {
        return Err(ContentFault::Damaged);
    }
    if width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS {
        return Err(ContentFault::TooManyPixels);
    }
    Ok(())
}

// --- PDF

/// Readers accept `%PDF-` anywhere in the first kilobyte, which is what makes a file both a PDF and something else.
/// Only a UTF-8 mark and blanks are let through: administrations' sites do send them, and no other format starts so.
fn pdf_start(start: &[u8]) -> Checked {
    let rest = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    match rest.get(blank..) {
        Some([b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', b'0'..=b'9', ..]) if blank <= PDF_MAX_BLANK => Ok(()),
        _ => Err(ContentFault::NotThisKind),
    }
}

fn pdf_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let tail_len = source.len.min(PDF_TAIL);
    let tail = source.bytes(source.len - tail_len, tail_len)?;
    let end = find_last(&tail, b"%%EOF").ok_or(ContentFault::Damaged)?;
    let table = find_last(&tail[..end], b"startxref").ok_or(ContentFault::Damaged)?;
    if tail.len() - end > PDF_EOF_TAIL {
        return Err(ContentFault::Damaged);
    }
    let offset = tail[table + b"startxref".len()..end].trim_ascii();
    let digits = offset.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let offset: u64 = std::str::from_utf8(&offset[..digits])
        .ok()
        .and_then(|digits| digits.parse().ok())
        .ok_or(ContentFault::Damaged)?;
    if offset >= source.len { Err(ContentFault::Damaged) } else { Ok(()) }
}

// --- JPEG

fn jpeg_start(start: &[u8]) -> Checked {
    match start {
        [0xFF, 0xD8, 0xFF, 0xC0..=0xFE, ..] => Ok(()),
        _ => Err(ContentFault::NotThisKind),
    }
}

/// Walks the segments up to the picture's data. What comes after the data is not looked at: phones append a second
/// picture, a film or their own notes.
fn jpeg_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let mut at = 2;
    let mut framed = false;
    for _ in 0..JPEG_MAX_SEGMENTS {
        let [mark, code, high, low] = source.array(at)?;
        if mark != 0xFF {
            return Err(ContentFault::Damaged);
        }
        let len = u64::from(u16::from_be_bytes([high, low]));
        match code {
            // A mark may be preceded by any number of these.
            0xFF => {
                at += 1;
                continue;
            }
            // No length follows these, and none belongs before the data.
            0x00 | 0x01 | 0xD0..=0xD9 => return Err(ContentFault::Damaged),
            _ if len < 2 => return Err(ContentFault::Damaged),
            0xC0..=0xCF if !matches!(code, 0xC4 | 0xC8 | 0xCC) => {
                let frame: [u8; 6] = source.array(at + 4)?;
                if len < 8 || frame[5] == 0 {
                    return Err(ContentFault::Damaged);
                }
                let (height, width) = be16(&frame, 1).zip(be16(&frame, 3)).ok_or(ContentFault::Damaged)?;
                dimensions(width, height)?;
                framed = true;
            }
            0xDA => {
                let data: u64 = at + 2 + len;
                return if framed && data + 2 <= source.len { Ok(()) } else { Err(ContentFault::Damaged) };
            }
            _ => {}
        }
        at += 2 + len;
    }
    Err(ContentFault::Damaged)
}

// --- PNG

fn png_start(start: &[u8]) -> Checked {
    let header = start.strip_prefix(PNG_SIGNATURE).ok_or(ContentFault::NotThisKind)?;
    let Some((b"\0\0\0\x0DIHDR", header)) = header.split_first_chunk::<8>() else {
        return Err(ContentFault::Damaged);
    };
    let (width, height) = be32(header, 0).zip(be32(header, 4)).ok_or(ContentFault::Damaged)?;
    let allowed = match header.get(8..13) {
        Some([depth, colour, 0, 0, 0 | 1]) => match colour {
            0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
            3 => matches!(depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(depth, 8 | 16),
            _ => false,
        },
        _ => false,
    };
    if !allowed {
        return Err(ContentFault::Damaged);
    }
    dimensions(width, height)
}

/// Walks the chunks to IEND. Only padding may follow: bytes after the end are a second file, or what a screenshot
/// tool believed it had cropped away.
fn png_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let mut at = PNG_SIGNATURE.len() as u64;
    let mut has_data = false;
    for index in 0..PNG_MAX_CHUNKS {
        let head: [u8; 8] = source.array(at)?;
        let len = be32(&head, 0).ok_or(ContentFault::Damaged)?;
        let name = &head[4..];
        if !name.iter().all(u8::is_ascii_alphabetic) || (index > 0) == (name == b"IHDR") {
            return Err(ContentFault::Damaged);
        }
        has_data |= name == b"IDAT";
        at += 8 + len + 4;
        if at > source.len {
            return Err(ContentFault::Damaged);
        }
        if name == b"IEND" {
            let rest = source.len - at;
            let padding = rest <= 1024 && source.bytes(at, rest)?.iter().all(|byte| matches!(byte, 0 | b'\r' | b'\n'));
            return if len == 0 && has_data && padding { Ok(()) } else { Err(ContentFault::Damaged) };
        }
    }
    Err(ContentFault::Damaged)
}

// --- HEIC

/// Gives the length of the first box.
fn heic_start(start: &[u8]) -> Result<u64, ContentFault> {
    let len = be32(start, 0).ok_or(ContentFault::NotThisKind)?;
    let body = usize::try_from(len).ok().filter(|len| len % 4 == 0).and_then(|len| start.get(8..len));
    let (Some(b"ftyp"), Some([brand, _minor, others @ ..])) =
        (start.get(4..8), body.map(|body| body.as_chunks::<4>().0))
    else {
        return Err(ContentFault::NotThisKind);
    };
    // The list decides for a neutral brand: under it, HEVC and AVIF differ only there.
    let hevc = HEVC_BRANDS.contains(&brand)
        || (NEUTRAL_BRANDS.contains(&brand) && others.iter().any(|other| HEVC_BRANDS.contains(&other)));
    if hevc { Ok(len) } else { Err(ContentFault::NotThisKind) }
}

fn heic_whole<R: Read + Seek>(source: &mut Source<R>, start: &[u8]) -> Checked {
    let mut at = heic_start(start)?;
    for _ in 0..HEIF_MAX_BOXES {
        let mut head = source.array::<8>(at)?.to_vec();
        if head.starts_with(&[0, 0, 0, 1]) {
            head = source.bytes(at, 16)?;
        }
        let bounds = boxed(&head, source.len.saturating_sub(at)).ok_or(ContentFault::Damaged)?;
        if &head[4..8] == b"meta" {
            let (body, end) = bounds;
            if end - body > HEIF_MAX_META {
                return Err(ContentFault::Damaged);
            }
            let meta = source.bytes(at + body, end - body)?;
            return heic_meta(&meta).ok_or(ContentFault::Damaged)?;
        }
        at += bounds.1;
    }
    Err(ContentFault::Damaged)
}

/// Where the body of the box that starts with `head` begins and ends, counted from that start; `room` is what is
/// left of its container.
fn boxed(head: &[u8], room: u64) -> Option<(u64, u64)> {
    let (body, end) = match be32(head, 0)? {
        0 => (8, room),
        1 => (16, be64(head, 8)?),
        len => (8, len),
    };
    (body <= end && end <= room).then_some((body, end))
}

/// The first child of that name in a list of boxes.
fn child<'a>(list: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    children(list).find(|(found, _)| found == name).map(|(_, body)| body)
}

fn children(mut list: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (body, end) = boxed(list, list.len() as u64)?;
        let name = *list.get(4..)?.first_chunk()?;
        let body = list.get(usize::try_from(body).ok()?..usize::try_from(end).ok()?)?;
        list = list.get(usize::try_from(end).ok()?..)?;
        Some((name, body))
    })
    .take(HEIF_MAX_BOXES)
}

/// `None` if the still picture that a HEIC must describe is not there.
fn heic_meta(meta: &[u8]) -> Option<Checked> {
    // Version and flags come first, in this box and in those below it that have them.
    let meta = meta.get(4..)?;
    let handler = child(meta, b"hdlr")?;
    let properties = child(child(meta, b"iprp")?, b"ipco")?;
    if handler.get(8..12)? != b"pict" {
        return None;
    }
    let mut sized = false;
    for (name, body) in children(properties) {
        if &name == b"ispe" {
            if let Err(fault) = dimensions(be32(body, 4)?, be32(body, 8)?) {
                return Some(Err(fault));
            }
            sized = true;
        }
    }
    sized.then_some(Ok(()))
}

// --- DOCX and ODT

/// The first entry of a ZIP file, as its local header tells it.
struct FirstEntry<'a> {
    flags: u64,
    method: u64,
    packed: u64,
    name: &'a [u8],
    data: &'a [u8],
}

fn first_entry(start: &[u8]) -> Result<FirstEntry<'_>, ContentFault> {
    if !start.starts_with(ZIP_LOCAL) {
        return Err(ContentFault::NotThisKind);
    }
    let entry = || {
        let name_end = 30 + usize::try_from(le16(start, 26)?).ok()?;
        let data_at = name_end + usize::try_from(le16(start, 28)?).ok()?;
        Some(FirstEntry {
            flags: le16(start, 6)?,
            method: le16(start, 8)?,
            packed: le32(start, 18)?,
            name: start.get(30..name_end)?,
            data: start.get(data_at..).unwrap_or_default(),
        })
    };
    let entry = entry().ok_or(ContentFault::Damaged)?;
    if entry.flags & 1 != 0 {
        return Err(ContentFault::Archive(ArchiveFault::Encrypted));
    }
    Ok(entry)
}

fn docx_start(start: &[u8]) -> Checked {
    let first = first_entry(start)?;
    // How OpenDocument and EPUB, then Java archives, begin.
    if first.name == b"mimetype" || first.name.starts_with(b"META-INF/") {
        return Err(ContentFault::NotThisKind);
    }
    Ok(())
}

fn odt_start(start: &[u8]) -> Checked {
    let first = first_entry(start)?;
    let rest = first.data.strip_prefix(ODT_TYPE);
    // Without a length in the header, what follows tells where the type ends: `…text-template` starts alike.
    let whole = if first.flags & 8 != 0 && first.packed == 0 {
        rest.is_some_and(|rest| rest.starts_with(b"PK"))
    } else {
        first.packed == ODT_TYPE.len() as u64 && rest.is_some()
    };
    if first.name == b"mimetype" && first.method == 0 && whole { Ok(()) } else { Err(ContentFault::NotThisKind) }
}

fn docx_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let container = Container::read(source, "[Content_Types].xml")?;
    let is_main = |name: &String| {
        // Word online numbers the main part: `document2.xml`.
        name.strip_prefix("word/document")
            .and_then(|rest| rest.strip_suffix(".xml"))
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let types = container.described.as_deref().ok_or(ContentFault::NotThisKind)?;
    let lower = types.to_ascii_lowercase();
    if find(&lower, b"macroenabled").is_some()
        || find(&lower, b"vbaproject").is_some()
        || container.names.iter().any(|name| name.to_ascii_lowercase().contains("vbaproject"))
    {
        return Err(ContentFault::Macros);
    }
    // Entities could spell a type that the searches around do not see, and a comment could show them one that does
    // not count. No word processor writes either here.
    if find(types, b"&#").is_some() || find(types, b"<!").is_some() {
        return Err(ContentFault::Archive(ArchiveFault::Ambiguous));
    }
    if find(types, DOCX_TYPE).is_none() || !container.names.iter().any(is_main) {
        return Err(ContentFault::NotThisKind);
    }
    Ok(())
}

fn odt_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let container = Container::read(source, "mimetype")?;
    if container.described.as_deref() != Some(ODT_TYPE)
        || !container.names.contains("content.xml")
        || !container.names.contains("META-INF/manifest.xml")
    {
        return Err(ContentFault::NotThisKind);
    }
    if container.names.iter().any(|name| name.starts_with("Basic/") || name.starts_with("Scripts/")) {
        return Err(ContentFault::Macros);
    }
    Ok(())
}

/// The entries of a container that passed every bound.
struct Container {
    names: HashSet<String>,
    /// The entry that says what the container is, unpacked; `None` if it is not there.
    described: Option<Vec<u8>>,
}

impl Container {
    fn read<R: Read + Seek>(source: &mut Source<R>, description: &str) -> Result<Self, ContentFault> {
        // Before the crate reads the directory into memory.
        check_directory(source)?;
        let config = Config { archive_offset: ArchiveOffset::Known(0) };
        let mut archive = ZipArchive::with_config(config, &mut source.reader)?;
        if archive.has_duplicate_names() {
            return Err(ContentFault::Archive(ArchiveFault::Ambiguous));
        }
        let mut names = HashSet::with_capacity(archive.len());
        let mut locals = Vec::with_capacity(archive.len());
        let mut unpacked: u64 = 0;
        for index in 0..archive.len() {
            let entry = archive.by_index_data(index)?;
            if entry.encrypted() {
                return Err(ContentFault::Archive(ArchiveFault::Encrypted));
            }
            if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
                return Err(ContentFault::Archive(ArchiveFault::Unsupported));
            }
            let name = entry.name()?.into_owned();
            if entry.is_symlink() || !is_safe(&name) {
                return Err(ContentFault::Archive(ArchiveFault::UnsafeName));
            }
            unpacked = unpacked.saturating_add(entry.size());
            locals.push((entry.header_start(), entry.name_raw().to_vec()));
            if !names.insert(name) {
                return Err(ContentFault::Archive(ArchiveFault::Ambiguous));
            }
        }
        // Against the file's own length: overlapping entries may declare the same packed bytes many times.
        let ratio = unpacked / source.len.max(1);
        if unpacked > ZIP_MAX_UNPACKED || (unpacked > ZIP_RATIO_FLOOR && ratio > ZIP_MAX_RATIO) {
            return Err(ContentFault::Archive(ArchiveFault::TooLarge));
        }
        let described = match archive.index_for_name(description) {
            Some(index) => {
                let mut content = Vec::new();
                // The declared size may lie: the limit holds on what comes out.
                archive.by_index(index)?.take(ZIP_MAX_PART + 1).read_to_end(&mut content)?;
                if content.len() as u64 > ZIP_MAX_PART {
                    return Err(ContentFault::Archive(ArchiveFault::TooLarge));
                }
                Some(content)
            }
            None => None,
        };
        drop(archive);
        for (at, name) in locals {
            check_local(source, at, &name)?;
        }
        Ok(Self { names, described })
    }
}

/// Bounds the directory from the record at the end of the file, and lets one reading of it alone be possible: the
/// last record is the right one, it ends with the file, and the directory ends where it starts. Word processors
/// write nothing else; self-extracting archives, files glued one after the other and ZIP64 fail here.
fn check_directory<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let tail_len = source.len.min((ZIP_END_LEN + usize::from(u16::MAX)) as u64);
    let tail_at = source.len - tail_len;
    let tail = source.bytes(tail_at, tail_len)?;
    let at = find_last(&tail, ZIP_END).ok_or(ContentFault::Damaged)?;
    let record = &tail[at..];
    let field16 = |offset| le16(record, offset).ok_or(ContentFault::Damaged);
    let field32 = |offset| le32(record, offset).ok_or(ContentFault::Damaged);
    if ZIP_END_LEN as u64 + field16(20)? != record.len() as u64 {
        return Err(ContentFault::Damaged);
    }
    let (entries, size, start) = (field16(10)?, field32(12)?, field32(16)?);
    if field16(4)? != 0 || field16(6)? != 0 || field16(8)? != entries {
        return Err(ContentFault::Archive(ArchiveFault::Unsupported));
    }
    if entries > ZIP_MAX_ENTRIES || size > ZIP_MAX_DIRECTORY {
        return Err(ContentFault::Archive(ArchiveFault::TooManyEntries));
    }
    if entries == 0 || start + size != tail_at + at as u64 {
        return Err(ContentFault::Damaged);
    }
    Ok(())
}

/// A reader that streams goes by the local headers: they must tell the same names as the directory.
fn check_local<R: Read + Seek>(source: &mut Source<R>, at: u64, name: &[u8]) -> Checked {
    let head: [u8; 30] = source.array(at)?;
    if !head.starts_with(ZIP_LOCAL) {
        return Err(ContentFault::Damaged);
    }
    if le16(&head, 6).is_some_and(|flags| flags & 1 != 0) {
        return Err(ContentFault::Archive(ArchiveFault::Encrypted));
    }
    if le16(&head, 26) != Some(name.len() as u64) || source.bytes(at + 30, name.len() as u64)? != name {
        return Err(ContentFault::Archive(ArchiveFault::Ambiguous));
    }
    Ok(())
}

fn is_safe(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', ':'])
        && !name.contains(char::is_control)
        && name.split('/').all(|part| part != "..")
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const KINDS: [FileKind; 6] =
        [FileKind::Pdf, FileKind::Jpeg, FileKind::Png, FileKind::Heic, FileKind::Docx, FileKind::Odt];

    /// What the deposit does: the start as it arrives, then the whole.
    fn code(kind: FileKind, file: &[u8]) -> &'static str {
        let start = check_start(kind, &file[..file.len().min(START_LEN)]);
        let whole = check_whole(kind, Cursor::new(file), file.len() as u64);
        match (start, whole) {
            (Ok(()), Ok(())) => "ok",
            (Ok(()), Err(fault)) => fault.code(),
            (Err(early), Err(fault)) => {
                assert_eq!(early.code(), fault.code(), "both checks agree");
                fault.code()
            }
            (Err(early), Ok(())) => panic!("{early}: only the start refuses"),
        }
    }

    fn pdf() -> Vec<u8> {
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n".to_vec()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut file = b"\xFF\xD8\xFF\xE0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
        file.extend_from_slice(b"\xFF\xDB\x00\x04\0\0\xFF\xFF\xC2\x00\x0B\x08");
        file.extend_from_slice(&height.to_be_bytes());
        file.extend_from_slice(&width.to_be_bytes());
        file.extend_from_slice(b"\x01\x01\x11\0\xFF\xDA\x00\x08\x01\x01\0\0\x3F\0data\xFF\xD9");
        file
    }

    fn png_chunk(file: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
        file.extend_from_slice(&(body.len() as u32).to_be_bytes());
        file.extend_from_slice(name);
        file.extend_from_slice(body);
        file.extend_from_slice(b"crc.");
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = PNG_SIGNATURE.to_vec();
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), b"\x08\x06\0\0\0"].concat();
        png_chunk(&mut file, b"IHDR", &header);
        png_chunk(&mut file, b"IDAT", b"data");
        png_chunk(&mut file, b"IEND", b"");
        file
    }

    fn bmff(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(8 + body.len() as u32).to_be_bytes()[..], name, body].concat()
    }

    fn heic_of(brands: &[u8], handler: &[u8; 4], width: u32, height: u32) -> Vec<u8> {
        let handler = bmff(b"hdlr", &[b"\0\0\0\0\0\0\0\0", &handler[..], &[0; 13]].concat());
        let size = bmff(b"ispe", &[&[0; 4][..], &width.to_be_bytes(), &height.to_be_bytes()].concat());
        let properties = bmff(b"iprp", &bmff(b"ipco", &[bmff(b"hvcC", b"xx"), size].concat()));
        let meta = bmff(b"meta", &[vec![0; 4], handler, properties].concat());
        [bmff(b"ftyp", brands), bmff(b"free", b""), meta, bmff(b"mdat", b"data")].concat()
    }

    fn heic(width: u32, height: u32) -> Vec<u8> {
        heic_of(b"heic\0\0\0\0mif1heic", b"pict", width, height)
    }

    type Entry<'a> = (&'a str, &'a [u8]);

    fn container(entries: &[Entry<'_>]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            let method = if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn types_of(kind: &str) -> String {
        format!("<?xml version=\"1.0\"?><Types><Override PartName=\"/x.xml\" ContentType=\"{kind}\"/></Types>")
    }

    fn docx_with(types: &str, more: &[Entry<'_>]) -> Vec<u8> {
        let own: [Entry<'_>; 3] =
            [("[Content_Types].xml", types.as_bytes()), ("_rels/.rels", b"<r/>"), ("word/document.xml", b"<w/>")];
        container(&[&own, more].concat())
    }

    fn docx_plus(more: &[Entry<'_>]) -> Vec<u8> {
        docx_with(&types_of(std::str::from_utf8(DOCX_TYPE).unwrap()), more)
    }

    fn docx() -> Vec<u8> {
        docx_plus(&[])
    }

    fn odt_with(kind: &[u8], more: &[Entry<'_>]) -> Vec<u8> {
        let own: [Entry<'_>; 3] = [("mimetype", kind), ("content.xml", b"<c/>"), ("META-INF/manifest.xml", b"<m/>")];
        container(&[&own, more].concat())
    }

    fn odt() -> Vec<u8> {
        odt_with(ODT_TYPE, &[])
    }

    fn valid(kind: FileKind) -> Vec<u8> {
        match kind {
            FileKind::Pdf => pdf(),
            FileKind::Jpeg => jpeg(4000, 3000),
            FileKind::Png => png(1080, 2400),
            FileKind::Heic => heic(4032, 3024),
            FileKind::Docx => docx(),
            FileKind::Odt => odt(),
        }
    }

    #[test]
    fn each_kind_is_itself_and_no_other() {
        for content in KINDS {
            let file = valid(content);
            for announced in KINDS {
                let expected = if announced == content { "ok" } else { "content_not_this_kind" };
                assert_eq!(code(announced, &file), expected, "{content:?} named {announced:?}");
            }
        }
    }

    #[test]
    fn disguised_files_are_refused_under_every_extension() {
        let sheet = types_of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml");
        let slides = types_of("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml");
        let template = types_of("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml");
        let disguised: [(&str, Vec<u8>); 21] = [
            ("empty", Vec::new()),
            ("text", b"Bonjour".to_vec()),
            ("html", b"<!DOCTYPE html><script>alert(1)</script>".to_vec()),
            ("svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec()),
            ("svg with a prologue", b"<?xml version=\"1.0\"?><svg/>".to_vec()),
            ("gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
            ("gif that is also a pdf", [b"GIF89a", &pdf()[..]].concat()),
            ("script that is also a pdf", [b"#!/bin/sh\n", &pdf()[..]].concat()),
            ("html that is also a pdf", [b"<html>\n", &pdf()[..]].concat()),
            ("exe", b"MZ\x90\0\x03\0\0\0".to_vec()),
            ("exe that is also a docx", [b"MZ\x90\0\x03\0\0\0", &docx()[..]].concat()),
            ("elf", b"\x7FELF\x02\x01\x01\0".to_vec()),
            ("legacy or encrypted Word", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec()),
            ("avif", heic_of(b"avif\0\0\0\0mif1miaf", b"pict", 10, 10)),
            ("avif under a neutral brand", heic_of(b"mif1\0\0\0\0avifmif1", b"pict", 10, 10)),
            ("mp4", heic_of(b"isom\0\0\0\0mp42heic", b"pict", 10, 10)),
            ("plain zip", container(&[("cv.txt", b"x")])),
            ("xlsx", container(&[("[Content_Types].xml", sheet.as_bytes()), ("xl/workbook.xml", b"<x/>")])),
            ("pptx", container(&[("[Content_Types].xml", slides.as_bytes()), ("word/document.xml", b"<x/>")])),
            ("dotx", docx_with(&template, &[])),
            ("jar", container(&[("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0"), ("A.class", b"x")])),
        ];
        for (what, file) in &disguised {
            for kind in KINDS {
                assert_eq!(code(kind, file), "content_not_this_kind", "{what} named {kind:?}");
            }
        }
        for other in ["application/epub+zip", "application/vnd.oasis.opendocument.text-template", "x"] {
            for kind in KINDS {
                assert_eq!(code(kind, &odt_with(other.as_bytes(), &[])), "content_not_this_kind", "{other}");
            }
        }
    }

    #[test]
    fn every_truncation_of_a_picture_or_a_container_is_refused() {
        for kind in KINDS {
            let file = valid(kind);
            // What follows the data of a JPEG, the last boxes of a HEIC and the last line feed of a PDF may go.
            let needed = match kind {
                FileKind::Pdf => file.len() - 1,
                FileKind::Jpeg => file.len() - 4,
                FileKind::Heic => file.len() - 12,
                _ => file.len(),
            };
            for len in 0..needed {
                assert_ne!(code(kind, &file[..len]), "ok", "{kind:?} cut to {len} of {}", file.len());
            }
            assert_eq!(code(kind, &file[..needed]), "ok", "{kind:?}");
        }
    }

    #[test]
    fn pdf_forms() {
        for (file, expected) in [
            ([b"\xEF\xBB\xBF", &pdf()[..]].concat(), "ok"),
            ([b"\r\n  ", &pdf()[..]].concat(), "ok"),
            ([&pdf()[..], &[b'\n'; 1500]].concat(), "ok"),
            ([&pdf()[..], &[0; 3000]].concat(), "content_damaged"),
            ([&[b' '; 65], &pdf()[..]].concat(), "content_not_this_kind"),
            (b"%PDF-2.0\nstartxref\n0\n%%EOF".to_vec(), "ok"),
            (b"%PDF-3.0\nstartxref\n0\n%%EOF".to_vec(), "content_not_this_kind"),
            (b"%PDF-1.7\nstartxref\n99999\n%%EOF".to_vec(), "content_damaged"),
            (b"%PDF-1.7\nstartxref\n\n%%EOF".to_vec(), "content_damaged"),
            (b"%PDF-1.7\nstartxref\n99999999999999999999999\n%%EOF".to_vec(), "content_damaged"),
            (b"%PDF-1.7\n%%EOF\nstartxref\n0\n".to_vec(), "content_damaged"),
            (b"%PDF-1.7\n%%EOF\n".to_vec(), "content_damaged"),
        ] {
            assert_eq!(code(FileKind::Pdf, &file), expected, "{}", String::from_utf8_lossy(&file));
        }
    }

    #[test]
    fn pictures_above_the_limits_are_refused() {
        for (width, height, expected) in [
            (1, 1, "ok"),
            (20_000, 5_000, "ok"),
            (20_000, 5_001, "content_too_many_pixels"),
            (20_001, 1, "content_too_many_pixels"),
            (1, 65_000, "content_too_many_pixels"),
            (0, 10, "content_damaged"),
            (10, 0, "content_damaged"),
        ] {
            assert_eq!(code(FileKind::Png, &png(width, height)), expected, "png {width} × {height}");
            assert_eq!(code(FileKind::Heic, &heic(width, height)), expected, "heic {width} × {height}");
            assert_eq!(code(FileKind::Jpeg, &jpeg(width as u16, height as u16)), expected, "jpeg {width} × {height}");
        }
        assert_eq!(code(FileKind::Png, &png(100_000, 100_000)), "content_too_many_pixels");
        assert_eq!(code(FileKind::Png, &png(u32::MAX, u32::MAX)), "content_too_many_pixels");
        // Told from the first bytes alone: the rest never travels.
        assert!(matches!(check_start(FileKind::Png, &png(100_000, 1)[..33]), Err(ContentFault::TooManyPixels)));
    }

    #[test]
    fn picture_structures() {
        let extended = |mut file: Vec<u8>, more: &[u8]| {
            file.extend_from_slice(more);
            file
        };
        let replaced = |file: Vec<u8>, old: &[u8], new: &[u8]| {
            let at = find(&file, old).unwrap();
            [&file[..at], new, &file[at + old.len()..]].concat()
        };
        for (kind, file, expected) in [
            // A phone's film after its photo, and fill bytes before a mark.
            (FileKind::Jpeg, extended(jpeg(8, 8), &[7; 9000]), "ok"),
            (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xDB", b"\xFF\xFF\xFF\xDB"), "ok"),
            (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xC2", b"\xFF\xC4"), "content_damaged"),
            (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xDA", b"\xFF\xD9"), "content_damaged"),
            (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xDB\x00\x04", b"\xFF\xDB\x00\x01"), "content_damaged"),
            (FileKind::Jpeg, [b"\xFF\xD8", &[0xFF; 20_000][..]].concat(), "content_not_this_kind"),
            (FileKind::Jpeg, [b"\xFF\xD8\xFF\xE0\0\x02", &[0xFF; 20_000][..]].concat(), "content_damaged"),
            (FileKind::Png, extended(png(8, 8), b"\0\0\r\n"), "ok"),
            (FileKind::Png, extended(png(8, 8), b"<script>"), "content_damaged"),
            (FileKind::Png, extended(png(8, 8), &docx()), "content_damaged"),
            (FileKind::Png, replaced(png(8, 8), b"IDAT", b"teXt"), "content_damaged"),
            (FileKind::Png, replaced(png(8, 8), b"IDAT", b"IHDR"), "content_damaged"),
            (FileKind::Png, replaced(png(8, 8), b"IDAT", b"I<AT"), "content_damaged"),
            (FileKind::Png, replaced(png(8, 8), b"\x08\x06\0\0\0", b"\x03\x06\0\0\0"), "content_damaged"),
            (FileKind::Png, replaced(png(8, 8), b"\0\0\0\x0DIHDR", b"\0\0\0\x0EIHDR"), "content_damaged"),
            (FileKind::Heic, heic_of(b"mif1\0\0\0\0mif1heic", b"pict", 8, 8), "ok"),
            (FileKind::Heic, heic_of(b"heic\0\0\0\0mif1heic", b"vide", 8, 8), "content_damaged"),
            (FileKind::Heic, replaced(heic(8, 8), b"ispe", b"pixi"), "content_damaged"),
            (FileKind::Heic, replaced(heic(8, 8), b"meta", b"moov"), "content_damaged"),
            (FileKind::Heic, replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\x07free"), "content_damaged"),
            (FileKind::Heic, replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\x01free\0\0\0\0\0\0\0\x10"), "ok"),
            (
                FileKind::Heic,
                replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\x01free\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
                "content_damaged",
            ),
            (FileKind::Heic, replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\0free"), "content_damaged"),
        ] {
            assert_eq!(code(kind, &file), expected, "{kind:?} {}", file[..file.len().min(90)].escape_ascii());
        }
    }

    #[test]
    fn unsafe_containers_are_refused() {
        let main = std::str::from_utf8(DOCX_TYPE).unwrap();
        let blank = vec![0; 20 << 20];
        let types = types_of(main);
        let long_types = types.replace("<Types>", &format!("<Types>{}", " ".repeat(1 << 20)));
        let macros = types_of("application/vnd.ms-word.document.macroEnabled.main+xml");
        let both = types.replace("<Types>", &format!("<Types>{macros}"));
        let many: Vec<String> = (0..5_000).map(|index| format!("word/{index}.xml")).collect();
        let many: Vec<Entry<'_>> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
        for (what, file, expected) in [
            (
                "numbered main part",
                container(&[("[Content_Types].xml", types.as_bytes()), ("word/document2.xml", b"")]),
                "ok",
            ),
            ("no main part", container(&[("[Content_Types].xml", types.as_bytes())]), "content_not_this_kind"),
            ("no types", container(&[("word/document.xml", b"")]), "content_not_this_kind"),
            ("utf-16 types", docx_with("t\0y\0p\0e\0", &[]), "content_not_this_kind"),
            ("climbs", docx_plus(&[("word/../../x", b"")]), "content_archive_name"),
            ("absolute", docx_plus(&[("/etc/passwd", b"")]), "content_archive_name"),
            ("backslash", docx_plus(&[("..\\x", b"")]), "content_archive_name"),
            ("drive", docx_plus(&[("C:/x", b"")]), "content_archive_name"),
            ("control", docx_plus(&[("a\0b", b"")]), "content_archive_name"),
            ("macros", docx_plus(&[("word/VBAProject.bin", b"")]), "content_macros"),
            ("macro type", docx_with(&macros, &[]), "content_macros"),
            ("both types", docx_with(&both, &[]), "content_macros"),
            (
                "entity",
                docx_with(&types.replace("<Types>", "<Types x='macro&#69;nabled'>"), &[]),
                "content_archive_ambiguous",
            ),
            ("comment", docx_with(&types.replace("<Types>", "<!-- --><Types>"), &[]), "content_archive_ambiguous"),
            ("bomb", docx_plus(&[("word/media/a.bmp", &blank)]), "content_archive_size"),
            ("long types", docx_with(&long_types, &[]), "content_archive_size"),
            ("5,003 entries", docx_plus(&many), "content_archive_entries"),
        ] {
            assert_eq!(code(FileKind::Docx, &file), expected, "{what}");
        }
        for (what, file, expected) in [
            ("macros", odt_with(ODT_TYPE, &[("Basic/Standard/Module1.xml", b"")]), "content_macros"),
            ("scripts", odt_with(ODT_TYPE, &[("Scripts/python/x.py", b"")]), "content_macros"),
            ("climbs", odt_with(ODT_TYPE, &[("../x", b"")]), "content_archive_name"),
            ("bomb", odt_with(ODT_TYPE, &[("Pictures/a.bmp", &blank)]), "content_archive_size"),
            ("nothing inside", container(&[("mimetype", ODT_TYPE)]), "content_not_this_kind"),
            ("type not first", container(&[("content.xml", b""), ("mimetype", ODT_TYPE)]), "content_not_this_kind"),
        ] {
            assert_eq!(code(FileKind::Odt, &file), expected, "{what}");
        }
    }

    /// Containers that no writer produces: bytes of a good one are overwritten, counted from the last place where
    /// a record starts.
    #[test]
    fn forged_containers_are_refused() {
        type Change<'a> = (usize, &'a [u8]);
        const CENTRAL: &[u8] = b"PK\x01\x02";
        let file = docx();
        let cases: [(&str, &[u8], &[Change<'_>], &str); 12] = [
            ("unchanged", ZIP_LOCAL, &[], "ok"),
            ("encrypted in the directory", CENTRAL, &[(8, b"\x01")], "content_archive_encrypted"),
            ("encrypted at the entry", ZIP_LOCAL, &[(6, b"\x01")], "content_archive_encrypted"),
            ("another method", CENTRAL, &[(10, b"\x0C")], "content_archive_unsupported"),
            ("declares 4 GB", CENTRAL, &[(24, b"\xFE\xFE\xFE\xFE")], "content_archive_size"),
            ("two names for one entry", ZIP_LOCAL, &[(30, b"W")], "content_archive_ambiguous"),
            ("entry out of the file", CENTRAL, &[(44, b"\x7F")], "content_damaged"),
            // Made on Unix, mode 0o120777.
            ("symlink", CENTRAL, &[(5, b"\x03"), (40, b"\xFF\xA1")], "content_archive_name"),
            ("many entries", ZIP_END, &[(8, b"\xF0\xF0\xF0\xF0")], "content_archive_entries"),
            ("a long directory", ZIP_END, &[(15, b"\x01")], "content_archive_entries"),
            ("many disks", ZIP_END, &[(4, b"\x01")], "content_archive_unsupported"),
            ("directory elsewhere", ZIP_END, &[(18, b"\x01")], "content_damaged"),
        ];
        for (what, record, changes, expected) in cases {
            let mut forged = file.clone();
            let at = find_last(&file, record).unwrap();
            for (offset, bytes) in changes {
                forged[at + offset..][..bytes.len()].copy_from_slice(bytes);
            }
            assert_eq!(code(FileKind::Docx, &forged), expected, "{what}");
        }

        let mut encrypted = file.clone();
        encrypted[6] |= 1;
        assert_eq!(code(FileKind::Docx, &encrypted), "content_archive_encrypted");
        assert_eq!(code(FileKind::Docx, &[&file[..], b"<html>"].concat()), "content_damaged");
        // A second end inside the comment of the first: readers differ on which one counts.
        let end = find_last(&file, ZIP_END).unwrap();
        let mut glued = [&file[..], &file[end..]].concat();
        glued[end + 20] = ZIP_END_LEN as u8;
        assert_eq!(code(FileKind::Docx, &glued), "content_damaged");
        // Two entries of one name: the second hides from a reader that takes the first.
        let mut twins = docx_plus(&[("word/documenu.xml", b"<other/>")]);
        while let Some(at) = find(&twins, b"documenu") {
            twins[at + 7] = b't';
        }
        assert_eq!(code(FileKind::Docx, &twins), "content_archive_ambiguous");
    }

    #[test]
    fn a_failing_reader_is_not_a_damaged_file() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("storage away"))
            }
        }
        impl Seek for Broken {
            fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
                Ok(0)
            }
        }
        for kind in KINDS {
            let fault = check_whole(kind, Broken, 1000).unwrap_err();
            assert!(matches!(fault, ContentFault::Io(_)) && fault.code() == "content_io");
            // Shorter than announced.
            let file = valid(kind);
            assert!(check_whole(kind, Cursor::new(&file), file.len() as u64 + 1).is_err(), "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn random_bytes_never_pass_nor_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            for kind in KINDS {
                prop_assert_ne!(code(kind, &bytes), "ok");
            }
        }

        /// Past the signature, where the walks are.
        #[test]
        fn altered_files_never_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in any::<prop::sample::Index>(),
        ) {
            for kind in KINDS {
                let mut file = valid(kind);
                for (place, byte) in &changes {
                    let at = place.index(file.len());
                    file[at] = *byte;
                }
                code(kind, &file);
                code(kind, &file[..cut.index(file.len())]);
            }
        }
    }
}
