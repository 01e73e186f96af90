//! JPEG, PNG and HEIC: reads the structure up to the dimensions; no pixel is decoded.

use std::io::{Read, Seek};

use super::{Checked, ContentFault, Source, be16, be32, be64};

/// The largest picture of a kind, in pixels.
struct Limits {
    side: u64,
    pixels: u64,
}

/// JPEG and HEIC come from cameras. Phones of 200 megapixels (16,320 × 12,240) are sold, so the limit is somewhat
/// higher.
const PHOTO: Limits = Limits { side: 30_000, pixels: 250_000_000 };
/// PNG comes from screens and scanners. A PNG of 100,000 pixels a side has a few kilobytes and fills the memory of the
/// device that opens it (FACTS.md « Security cases »), so its limits are lower.
const SCREEN: Limits = Limits { side: 20_000, pixels: 100_000_000 };

pub(super) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// 25 MiB in chunks of less than 400 bytes: no encoder writes such a file.
const PNG_MAX_CHUNKS: usize = 65_536;
const JPEG_MAX_SEGMENTS: usize = 4096;

const HEIF_MAX_BOXES: usize = 4096;
const HEIF_MAX_META: u64 = 1 << 20;
const HEVC_BRANDS: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"];
/// Brands of containers that may hold HEVC or something else, such as AVIF.
const NEUTRAL_BRANDS: [&[u8; 4]; 2] = [b"mif1", b"msf1"];

fn dimensions(width: u64, height: u64, limits: &Limits) -> Checked {
    if width == 0 || height == 0 {
        return Err(ContentFault::Damaged);
    }
    if width > limits.side || height > limits.side || width * height > limits.pixels {
        return Err(ContentFault::TooManyPixels);
    }
    Ok(())
}

pub(super) fn jpeg_start(start: &[u8]) -> Checked {
    match start {
        [0xFF, 0xD8, 0xFF, 0xC0..=0xFE, ..] => Ok(()),
        _ => Err(ContentFault::NotThisKind),
    }
}

/// Reads the segments up to the picture's data. The bytes after the data are not checked: phones append a second
/// picture, a film or their own notes there.
pub(super) fn jpeg_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
    let mut at = 2;
    let mut framed = false;
    for _ in 0..JPEG_MAX_SEGMENTS {
        let [mark, code, high, low] = source.array(at)?;
        if mark != 0xFF {
            return Err(ContentFault::Damaged);
        }
        let len = u64::from(u16::from_be_bytes([high, low]));
        match code {
            // Any number of these bytes may come before a marker.
            0xFF => {
                at += 1;
                continue;
            }
            // These markers have no length, and none of them may come before the data.
            0x00 | 0x01 | 0xD0..=0xD9 => return Err(ContentFault::Damaged),
            _ if len < 2 => return Err(ContentFault::Damaged),
            0xC0..=0xCF if !matches!(code, 0xC4 | 0xC8 | 0xCC) => {
                let frame: [u8; 6] = source.array(at + 4)?;
                if len < 8 || frame[5] == 0 {
                    return Err(ContentFault::Damaged);
                }
                let (height, width) = be16(&frame, 1).zip(be16(&frame, 3)).ok_or(ContentFault::Damaged)?;
                dimensions(width, height, &PHOTO)?;
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

pub(super) fn png_start(start: &[u8]) -> Checked {
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
    dimensions(width, height, &SCREEN)
}

/// Reads the chunks up to IEND. Only padding may follow: bytes after the end are a second file, or a part of a
/// screenshot that a tool claimed to have removed.
pub(super) fn png_whole<R: Read + Seek>(source: &mut Source<R>) -> Checked {
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

/// Gives the length of the first box.
pub(super) fn heic_start(start: &[u8]) -> Result<u64, ContentFault> {
    let len = be32(start, 0).ok_or(ContentFault::NotThisKind)?;
    let body = usize::try_from(len).ok().filter(|len| len % 4 == 0).and_then(|len| start.get(8..len));
    let (Some(b"ftyp"), Some([brand, _minor, others @ ..])) =
        (start.get(4..8), body.map(|body| body.as_chunks::<4>().0))
    else {
        return Err(ContentFault::NotThisKind);
    };
    // For a neutral brand the list of brands decides: files of HEVC and AVIF with such a brand differ only there.
    let hevc = HEVC_BRANDS.contains(&brand)
        || (NEUTRAL_BRANDS.contains(&brand) && others.iter().any(|other| HEVC_BRANDS.contains(&other)));
    if hevc { Ok(len) } else { Err(ContentFault::NotThisKind) }
}

pub(super) fn heic_whole<R: Read + Seek>(source: &mut Source<R>, start: &[u8]) -> Checked {
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

/// Where the body of the box that starts with `head` begins and ends, counted from the start of the box. `room` is the
/// number of bytes left in its container.
fn boxed(head: &[u8], room: u64) -> Option<(u64, u64)> {
    let (body, end) = match be32(head, 0)? {
        0 => (8, room),
        1 => (16, be64(head, 8)?),
        len => (8, len),
    };
    (body <= end && end <= room).then_some((body, end))
}

/// The first box with this name in a list of boxes.
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

/// `None` if the still picture that every HEIC must describe is missing.
fn heic_meta(meta: &[u8]) -> Option<Checked> {
    // The version and the flags come first, in this box and in some of the boxes inside it.
    let meta = meta.get(4..)?;
    let handler = child(meta, b"hdlr")?;
    let properties = child(child(meta, b"iprp")?, b"ipco")?;
    if handler.get(8..12)? != b"pict" {
        return None;
    }
    let mut sized = false;
    for (name, body) in children(properties) {
        if &name == b"ispe" {
            if let Err(fault) = dimensions(be32(body, 4)?, be32(body, 8)?, &PHOTO) {
                return Some(Err(fault));
            }
            sized = true;
        }
    }
    sized.then_some(Ok(()))
}
