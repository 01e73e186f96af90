//! PDF: its first line, and its end, which says where its table is.

use std::io::{Read, Seek};

use super::{Checked, ContentFault, Source, find_last};

/// How many blank bytes may come before `%PDF-`.
const PDF_MAX_BLANK: usize = 64;
const PDF_TAIL: u64 = 4096;
const PDF_EOF_TAIL: usize = 2048;

/// Readers accept `%PDF-` anywhere in the first kilobyte, so a file can be a PDF and something else at the same time.
/// Only a UTF-8 mark and blanks are accepted before it: sites of administrations do send such files, and no other
/// format starts like that.
pub(super) fn pdf_start(start: &[u8]) -> Checked {
    let rest = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    match rest.get(blank..) {
        Some([b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', b'0'..=b'9', ..]) if blank <= PDF_MAX_BLANK => Ok(()),
        _ => Err(ContentFault::NotThisKind),
    }
}

pub(super) fn pdf_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
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
