use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::containers::{DOCX_TYPE, ODT_TYPE, ZIP_END, ZIP_END_LEN, ZIP_LOCAL};
use super::pictures::PNG_SIGNATURE;
use super::*;

const KINDS: [FileKind; 6] =
    [FileKind::Pdf, FileKind::Jpeg, FileKind::Png, FileKind::Heic, FileKind::Docx, FileKind::Odt];

/// Checks a file as a deposit does: first the start, then the whole.
fn verdict(kind: FileKind, file: &[u8]) -> String {
    let start = check_start(kind, &file[..file.len().min(START_LEN)]);
    let whole = check_whole(kind, Cursor::new(file), file.len() as u64);
    match (start, whole) {
        (Ok(()), Ok(())) => "ok".to_owned(),
        (Ok(()), Err(fault)) => format!("{fault:?}"),
        (Err(early), Err(fault)) => {
            let (early, whole) = (format!("{early:?}"), format!("{fault:?}"));
            assert_eq!(early, whole, "both checks agree");
            whole
        }
        (Err(early), Ok(())) => panic!("{early}: only the start refuses"),
    }
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n"
        .to_vec()
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
fn each_kind_is_accepted_as_itself_and_as_no_other() {
    for content in KINDS {
        let file = valid(content);
        for announced in KINDS {
            let expected = if announced == content { "ok" } else { "NotThisKind" };
            assert_eq!(verdict(announced, &file), expected, "{content:?} named {announced:?}");
        }
    }
}

#[test]
fn files_of_other_kinds_are_refused_under_every_extension() {
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
            assert_eq!(verdict(kind, file), "NotThisKind", "{what} named {kind:?}");
        }
    }
    for other in ["application/epub+zip", "application/vnd.oasis.opendocument.text-template", "x"] {
        for kind in KINDS {
            assert_eq!(verdict(kind, &odt_with(other.as_bytes(), &[])), "NotThisKind", "{other}");
        }
    }
}

#[test]
fn every_truncation_of_a_picture_or_a_container_is_refused() {
    for kind in KINDS {
        let file = valid(kind);
        // A file stays valid without what follows the data of a JPEG, the last boxes of a HEIC and the last line feed
        // of a PDF.
        let needed = match kind {
            FileKind::Pdf => file.len() - 1,
            FileKind::Jpeg => file.len() - 4,
            FileKind::Heic => file.len() - 12,
            _ => file.len(),
        };
        for len in 0..needed {
            assert_ne!(verdict(kind, &file[..len]), "ok", "{kind:?} cut to {len} of {}", file.len());
        }
        assert_eq!(verdict(kind, &file[..needed]), "ok", "{kind:?}");
    }
}

#[test]
fn pdf_forms() {
    for (file, expected) in [
        ([b"\xEF\xBB\xBF", &pdf()[..]].concat(), "ok"),
        ([b"\r\n  ", &pdf()[..]].concat(), "ok"),
        ([&pdf()[..], &[b'\n'; 1500]].concat(), "ok"),
        ([&pdf()[..], &[0; 3000]].concat(), "Damaged"),
        ([&[b' '; 65], &pdf()[..]].concat(), "NotThisKind"),
        (b"%PDF-2.0\nstartxref\n0\n%%EOF".to_vec(), "ok"),
        (b"%PDF-3.0\nstartxref\n0\n%%EOF".to_vec(), "NotThisKind"),
        (b"%PDF-1.7\nstartxref\n99999\n%%EOF".to_vec(), "Damaged"),
        (b"%PDF-1.7\nstartxref\n\n%%EOF".to_vec(), "Damaged"),
        (b"%PDF-1.7\nstartxref\n99999999999999999999999\n%%EOF".to_vec(), "Damaged"),
        (b"%PDF-1.7\n%%EOF\nstartxref\n0\n".to_vec(), "Damaged"),
        (b"%PDF-1.7\n%%EOF\n".to_vec(), "Damaged"),
    ] {
        assert_eq!(verdict(FileKind::Pdf, &file), expected, "{}", String::from_utf8_lossy(&file));
    }
}

#[test]
fn pictures_above_the_limits_are_refused() {
    let everywhere =
        [(1, 1, "ok"), (20_000, 5_000, "ok"), (1, 65_000, "TooManyPixels"), (0, 10, "Damaged"), (10, 0, "Damaged")];
    // Width, height, as a PNG, as a photograph.
    let by_kind = [
        (20_000, 5_001, "TooManyPixels", "ok"),
        (20_001, 1, "TooManyPixels", "ok"),
        (16_320, 12_240, "TooManyPixels", "ok"),
        (25_000, 10_000, "TooManyPixels", "ok"),
        (25_000, 10_001, "TooManyPixels", "TooManyPixels"),
        (1, 30_000, "TooManyPixels", "ok"),
        (1, 30_001, "TooManyPixels", "TooManyPixels"),
    ];
    for (width, height, screen, photo) in everywhere.map(|(w, h, both)| (w, h, both, both)).into_iter().chain(by_kind) {
        assert_eq!(verdict(FileKind::Png, &png(width, height)), screen, "png {width} × {height}");
        assert_eq!(verdict(FileKind::Heic, &heic(width, height)), photo, "heic {width} × {height}");
        assert_eq!(verdict(FileKind::Jpeg, &jpeg(width as u16, height as u16)), photo, "jpeg {width} × {height}");
    }
    assert_eq!(verdict(FileKind::Png, &png(100_000, 100_000)), "TooManyPixels");
    assert_eq!(verdict(FileKind::Png, &png(u32::MAX, u32::MAX)), "TooManyPixels");
    // The first bytes are enough to refuse it, so the rest is never sent.
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
        // A film that a phone appends to a photo, and fill bytes before a marker.
        (FileKind::Jpeg, extended(jpeg(8, 8), &[7; 9000]), "ok"),
        (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xDB", b"\xFF\xFF\xFF\xDB"), "ok"),
        (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xC2", b"\xFF\xC4"), "Damaged"),
        (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xDA", b"\xFF\xD9"), "Damaged"),
        (FileKind::Jpeg, replaced(jpeg(8, 8), b"\xFF\xDB\x00\x04", b"\xFF\xDB\x00\x01"), "Damaged"),
        (FileKind::Jpeg, [b"\xFF\xD8", &[0xFF; 20_000][..]].concat(), "NotThisKind"),
        (FileKind::Jpeg, [b"\xFF\xD8\xFF\xE0\0\x02", &[0xFF; 20_000][..]].concat(), "Damaged"),
        (FileKind::Png, extended(png(8, 8), b"\0\0\r\n"), "ok"),
        (FileKind::Png, extended(png(8, 8), b"<script>"), "Damaged"),
        (FileKind::Png, extended(png(8, 8), &docx()), "Damaged"),
        (FileKind::Png, replaced(png(8, 8), b"IDAT", b"teXt"), "Damaged"),
        (FileKind::Png, replaced(png(8, 8), b"IDAT", b"IHDR"), "Damaged"),
        (FileKind::Png, replaced(png(8, 8), b"IDAT", b"I<AT"), "Damaged"),
        (FileKind::Png, replaced(png(8, 8), b"\x08\x06\0\0\0", b"\x03\x06\0\0\0"), "Damaged"),
        (FileKind::Png, replaced(png(8, 8), b"\0\0\0\x0DIHDR", b"\0\0\0\x0EIHDR"), "Damaged"),
        (FileKind::Heic, heic_of(b"mif1\0\0\0\0mif1heic", b"pict", 8, 8), "ok"),
        (FileKind::Heic, heic_of(b"heic\0\0\0\0mif1heic", b"vide", 8, 8), "Damaged"),
        (FileKind::Heic, replaced(heic(8, 8), b"ispe", b"pixi"), "Damaged"),
        (FileKind::Heic, replaced(heic(8, 8), b"meta", b"moov"), "Damaged"),
        (FileKind::Heic, replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\x07free"), "Damaged"),
        (FileKind::Heic, replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\x01free\0\0\0\0\0\0\0\x10"), "ok"),
        (
            FileKind::Heic,
            replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\x01free\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
            "Damaged",
        ),
        (FileKind::Heic, replaced(heic(8, 8), b"\0\0\0\x08free", b"\0\0\0\0free"), "Damaged"),
    ] {
        assert_eq!(verdict(kind, &file), expected, "{kind:?} {}", file[..file.len().min(90)].escape_ascii());
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
        ("no main part", container(&[("[Content_Types].xml", types.as_bytes())]), "NotThisKind"),
        ("no types", container(&[("word/document.xml", b"")]), "NotThisKind"),
        ("utf-16 types", docx_with("t\0y\0p\0e\0", &[]), "NotThisKind"),
        ("climbs", docx_plus(&[("word/../../x", b"")]), "Archive(UnsafeName)"),
        ("absolute", docx_plus(&[("/etc/passwd", b"")]), "Archive(UnsafeName)"),
        ("backslash", docx_plus(&[("..\\x", b"")]), "Archive(UnsafeName)"),
        ("drive", docx_plus(&[("C:/x", b"")]), "Archive(UnsafeName)"),
        ("control", docx_plus(&[("a\0b", b"")]), "Archive(UnsafeName)"),
        ("macros", docx_plus(&[("word/VBAProject.bin", b"")]), "Macros"),
        ("macro type", docx_with(&macros, &[]), "Macros"),
        ("both types", docx_with(&both, &[]), "Macros"),
        ("entity", docx_with(&types.replace("<Types>", "<Types x='macro&#69;nabled'>"), &[]), "Archive(Ambiguous)"),
        ("comment", docx_with(&types.replace("<Types>", "<!-- --><Types>"), &[]), "Archive(Ambiguous)"),
        ("bomb", docx_plus(&[("word/media/a.bmp", &blank)]), "Archive(TooLarge)"),
        ("long types", docx_with(&long_types, &[]), "Archive(TooLarge)"),
        ("5,003 entries", docx_plus(&many), "Archive(TooManyEntries)"),
    ] {
        assert_eq!(verdict(FileKind::Docx, &file), expected, "{what}");
    }
    for (what, file, expected) in [
        ("macros", odt_with(ODT_TYPE, &[("Basic/Standard/Module1.xml", b"")]), "Macros"),
        ("scripts", odt_with(ODT_TYPE, &[("Scripts/python/x.py", b"")]), "Macros"),
        ("climbs", odt_with(ODT_TYPE, &[("../x", b"")]), "Archive(UnsafeName)"),
        ("bomb", odt_with(ODT_TYPE, &[("Pictures/a.bmp", &blank)]), "Archive(TooLarge)"),
        ("nothing inside", container(&[("mimetype", ODT_TYPE)]), "NotThisKind"),
        ("type not first", container(&[("content.xml", b""), ("mimetype", ODT_TYPE)]), "NotThisKind"),
    ] {
        assert_eq!(verdict(FileKind::Odt, &file), expected, "{what}");
    }
}

/// Containers that no program writes: bytes of a valid one are overwritten, at places counted from the last start of a
/// record.
#[test]
fn forged_containers_are_refused() {
    type Change<'a> = (usize, &'a [u8]);
    const CENTRAL: &[u8] = b"PK\x01\x02";
    let file = docx();
    let cases: [(&str, &[u8], &[Change<'_>], &str); 12] = [
        ("unchanged", ZIP_LOCAL, &[], "ok"),
        ("encrypted in the directory", CENTRAL, &[(8, b"\x01")], "Archive(Encrypted)"),
        ("encrypted at the entry", ZIP_LOCAL, &[(6, b"\x01")], "Archive(Encrypted)"),
        ("another method", CENTRAL, &[(10, b"\x0C")], "Archive(Unsupported)"),
        ("declares 4 GB", CENTRAL, &[(24, b"\xFE\xFE\xFE\xFE")], "Archive(TooLarge)"),
        ("two names for one entry", ZIP_LOCAL, &[(30, b"W")], "Archive(Ambiguous)"),
        ("entry out of the file", CENTRAL, &[(44, b"\x7F")], "Damaged"),
        // The entry says that it was made on Unix, with the mode 0o120777.
        ("symlink", CENTRAL, &[(5, b"\x03"), (40, b"\xFF\xA1")], "Archive(UnsafeName)"),
        ("many entries", ZIP_END, &[(8, b"\xF0\xF0\xF0\xF0")], "Archive(TooManyEntries)"),
        ("a long directory", ZIP_END, &[(15, b"\x01")], "Archive(TooManyEntries)"),
        ("many disks", ZIP_END, &[(4, b"\x01")], "Archive(Unsupported)"),
        ("directory elsewhere", ZIP_END, &[(18, b"\x01")], "Damaged"),
    ];
    for (what, record, changes, expected) in cases {
        let mut forged = file.clone();
        let at = find_last(&file, record).unwrap();
        for (offset, bytes) in changes {
            forged[at + offset..][..bytes.len()].copy_from_slice(bytes);
        }
        assert_eq!(verdict(FileKind::Docx, &forged), expected, "{what}");
    }

    let mut encrypted = file.clone();
    encrypted[6] |= 1;
    assert_eq!(verdict(FileKind::Docx, &encrypted), "Archive(Encrypted)");
    assert_eq!(verdict(FileKind::Docx, &[&file[..], b"<html>"].concat()), "Damaged");
    // A second end inside the comment of the first: programs differ on which one counts.
    let end = find_last(&file, ZIP_END).unwrap();
    let mut glued = [&file[..], &file[end..]].concat();
    glued[end + 20] = ZIP_END_LEN as u8;
    assert_eq!(verdict(FileKind::Docx, &glued), "Damaged");
    // Two entries of one name: a program that takes the first does not see the second.
    let mut twins = docx_plus(&[("word/documenu.xml", b"<other/>")]);
    while let Some(at) = find(&twins, b"documenu") {
        twins[at + 7] = b't';
    }
    assert_eq!(verdict(FileKind::Docx, &twins), "Archive(Ambiguous)");
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
        assert!(matches!(fault, ContentFault::Io(_)));
        // The content is shorter than announced.
        let file = valid(kind);
        assert!(check_whole(kind, Cursor::new(&file), file.len() as u64 + 1).is_err(), "{kind:?}");
    }
}

proptest! {
    #[test]
    fn random_bytes_never_pass_nor_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for kind in KINDS {
            prop_assert_ne!(verdict(kind, &bytes), "ok");
        }
    }

    /// The altered bytes come after the signature, in the structure that the checks read.
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
            verdict(kind, &file);
            verdict(kind, &file[..cut.index(file.len())]);
        }
    }
}
