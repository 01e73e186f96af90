//! DOCX and ODT: a ZIP that can be read in only one way, that unpacks to little, and that says that it is a text.

use std::collections::HashSet;
use std::io::{Read, Seek};

use zip::read::{ArchiveOffset, Config};
use zip::{CompressionMethod, ZipArchive};

use super::{ArchiveFault, Checked, ContentFault, Source, find, find_last, le16, le32};

pub(super) const ZIP_LOCAL: &[u8] = b"PK\x03\x04";
pub(super) const ZIP_END: &[u8] = b"PK\x05\x06";
pub(super) const ZIP_END_LEN: usize = 22;
const ZIP_MAX_ENTRIES: u64 = 5_000;
const ZIP_MAX_DIRECTORY: u64 = 4 << 20;
const ZIP_MAX_UNPACKED: u64 = 500 << 20;
const ZIP_MAX_RATIO: u64 = 200;
/// Below this size no ratio counts as a bomb: honest documents often hold a few kilobytes of blank drawing.
const ZIP_RATIO_FLOOR: u64 = 16 << 20;
const ZIP_MAX_PART: u64 = 1 << 20;

pub(super) const ODT_TYPE: &[u8] = b"application/vnd.oasis.opendocument.text";
pub(super) const DOCX_TYPE: &[u8] = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

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

pub(super) fn docx_start(start: &[u8]) -> Checked {
    let first = first_entry(start)?;
    // OpenDocument and EPUB begin with the first of these, Java archives with the second.
    if first.name == b"mimetype" || first.name.starts_with(b"META-INF/") {
        return Err(ContentFault::NotThisKind);
    }
    Ok(())
}

pub(super) fn odt_start(start: &[u8]) -> Checked {
    let first = first_entry(start)?;
    let rest = first.data.strip_prefix(ODT_TYPE);
    // Without a length in the header, the bytes after the type show where it ends: `…text-template` begins in the same
    // way.
    let whole = if first.flags & 8 != 0 && first.packed == 0 {
        rest.is_some_and(|rest| rest.starts_with(b"PK"))
    } else {
        first.packed == ODT_TYPE.len() as u64 && rest.is_some()
    };
    if first.name == b"mimetype" && first.method == 0 && whole { Ok(()) } else { Err(ContentFault::NotThisKind) }
}

pub(super) fn docx_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let container = Container::read(source, "[Content_Types].xml")?;
    let is_main = |name: &String| {
        // Word online puts a number into the name of the main part: `document2.xml`.
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
    // Entities could spell a type that the searches here do not see, and a comment could show them a type that does not
    // count. No word processor writes either in this place.
    if find(types, b"&#").is_some() || find(types, b"<!").is_some() {
        return Err(ContentFault::Archive(ArchiveFault::Ambiguous));
    }
    if find(types, DOCX_TYPE).is_none() || !container.names.iter().any(is_main) {
        return Err(ContentFault::NotThisKind);
    }
    Ok(())
}

pub(super) fn odt_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
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
    /// The unpacked entry that says what the container is; `None` if it is missing.
    described: Option<Vec<u8>>,
}

impl Container {
    fn read<R: Read + Seek>(source: &mut Source<R>, description: &str) -> Result<Self, ContentFault> {
        // This check comes before the crate reads the directory into memory.
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
        // The ratio is taken from the real length of the file, because overlapping entries may declare the same packed
        // bytes many times.
        let ratio = unpacked / source.len.max(1);
        if unpacked > ZIP_MAX_UNPACKED || (unpacked > ZIP_RATIO_FLOOR && ratio > ZIP_MAX_RATIO) {
            return Err(ContentFault::Archive(ArchiveFault::TooLarge));
        }
        let described = match archive.index_for_name(description) {
            Some(index) => {
                let mut content = Vec::new();
                // The declared size may be false, so the limit applies to the bytes that come out.
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

/// Bounds the directory from the record at the end of the file, and makes sure that it can be read in only one way: the
/// last record is the right one, it ends with the file, and the directory ends where the record starts. Word processors
/// write nothing else. Self-extracting archives, files glued together and ZIP64 fail here.
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

/// A program that reads the file as a stream uses the local headers, so they must give the same names as the directory.
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
