use std::io::{Cursor, Read as _};

use jiff::ToSpan as _;

use super::*;
use crate::demo::words;

const KINDS: [DemoKind; 4] = [DemoKind::Pdf, DemoKind::Jpeg, DemoKind::Png, DemoKind::Docx];

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    for kind in KINDS {
        let make = |seed| file(kind, seed, "Attestation d'hébergement.pdf", "Élise Œuvrard-Nguyen");
        assert_eq!(make(5), make(5), "{kind:?}");
        assert_ne!(make(5), make(6), "{kind:?}");
    }
}

#[test]
fn signatures_and_sizes_are_right() {
    for seed in 0..12_u64 {
        let seed = seed << 20;
        let make = |kind| file(kind, seed, "CNI recto verso.pdf", "Manon Belvaux");
        let pdf = make(DemoKind::Pdf);
        assert!(pdf.starts_with(b"%PDF-1.4\n") && pdf.ends_with(b"%%EOF\n"));
        assert!((2_000..80_000).contains(&pdf.len()), "{}", pdf.len());
        let jpeg = make(DemoKind::Jpeg);
        assert!(jpeg.starts_with(&[0xff, 0xd8, 0xff]) && jpeg.ends_with(&[0xff, 0xd9]));
        assert!((30_000..150_000).contains(&jpeg.len()), "{}", jpeg.len());
        let png = make(DemoKind::Png);
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert!((2_000..150_000).contains(&png.len()), "{}", png.len());
        let docx = make(DemoKind::Docx);
        assert!(docx.starts_with(b"PK\x03\x04"));
        assert!((1_000..20_000).contains(&docx.len()), "{}", docx.len());
    }
}

/// Follows `startxref` and every offset to its object, and checks the length of every stream.
#[test]
fn the_cross_references_of_a_pdf_lead_to_its_objects() {
    for seed in 0..30_u64 {
        let pdf = file(DemoKind::Pdf, seed << 14, "Été (à l'œuvre) \\ 50 € – « fin »", "Zoé D'Alembrac (née Ÿ)");
        let tail = String::from_utf8_lossy(&pdf[pdf.len() - 60..]).into_owned();
        let table: usize = tail.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        assert!(pdf[table..].starts_with(b"xref\n0 "));
        let text = String::from_utf8_lossy(&pdf[table..]).into_owned();
        let mut lines = text.split('\n').skip(1);
        let size: usize = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        assert_eq!(lines.next().unwrap(), "0000000000 65535 f ");
        for number in 1..size {
            let line = lines.next().unwrap();
            assert_eq!(line.len(), 19, "an entry is twenty bytes with its line feed");
            let offset: usize = line[..10].parse().unwrap();
            assert!(pdf[offset..].starts_with(format!("{number} 0 obj\n").as_bytes()));
            let end = offset + find(&pdf[offset..], b"\nendobj\n").unwrap();
            let object = &pdf[offset..end];
            if let Some(start) = find(object, b"\nstream\n") {
                let head = String::from_utf8_lossy(&object[..start]).into_owned();
                let length: usize = head.split("/Length ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
                assert_eq!(&object[start + 8 + length..], b"\nendstream");
            }
        }
        assert!(text.contains(&format!("/Size {size} ")));
        assert!(find(&pdf, b"Document fictif de d\xe9monstration").is_some());
        assert!(find(&pdf, b"\xc9t\xe9 \\(\xe0 l'\x9cuvre\\) \\\\ 50 \x80 \x96 \xab fin \xbb").is_some());
    }
}

#[test]
fn a_png_decodes() {
    let bytes = file(DemoKind::Png, 9, "Capture d'écran.png", "Tom Jolivard");
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height, info.color_type), (540, 1080, png::ColorType::Rgb));
    assert!(pixels.iter().collect::<std::collections::BTreeSet<_>>().len() > 10);
}

/// Checks the file without a decoder: its segments follow one another up to the picture data, and give the right
/// dimensions.
#[test]
fn a_jpeg_is_well_formed() {
    let bytes = file(DemoKind::Jpeg, 9, "Passeport.jpg", "Tom Jolivard");
    let mut at = 2;
    let mut dimensions = None;
    loop {
        assert_eq!(bytes[at], 0xff);
        let (marker, length) = (bytes[at + 1], usize::from(bytes[at + 2]) << 8 | usize::from(bytes[at + 3]));
        if matches!(marker, 0xc0..=0xc2) {
            dimensions = Some((&bytes[at + 5..at + 7], &bytes[at + 7..at + 9]));
        }
        if marker == 0xda {
            break;
        }
        at += 2 + length;
    }
    assert_eq!(dimensions, Some((&560_u16.to_be_bytes()[..], &840_u16.to_be_bytes()[..])));
}

#[test]
fn a_docx_can_be_read_back() {
    let bytes = file(DemoKind::Docx, 3, "Lettre <de> motivation & CV.docx", "Léa D'Orvellec");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> =
        (0..archive.len()).map(|part| archive.by_index(part).unwrap().name().unwrap().into_owned()).collect();
    assert_eq!(names, ["[Content_Types].xml", "_rels/.rels", "word/document.xml", "docProps/core.xml"]);
    let mut text = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("Lettre &lt;de&gt; motivation &amp; CV<"));
    assert!(text.contains("Léa D'Orvellec") && text.contains(NOTICE));
    // Every opened tag is closed.
    for tag in ["w:p", "w:r", "w:t", "w:body", "w:document", "w:pPr", "w:rPr", "w:sectPr"] {
        let opened = text.matches(&format!("<{tag}>")).count() + text.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, text.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn unusual_texts_still_give_a_file() {
    let long = "é".repeat(4000);
    for text in ["", ".pdf", "漢字 \u{202e}\0\u{7}", long.as_str()] {
        for kind in KINDS {
            assert!(file(kind, u64::MAX, text, text).len() > 1000, "{kind:?}");
        }
    }
}

#[test]
fn a_seed_carries_the_date_of_the_document() {
    for day in [date(2000, 1, 1), date(2024, 2, 29), date(2026, 11, 22)] {
        assert_eq!(issue_date(seed_dated(u64::MAX, day)), day);
        assert_eq!(issue_date(seed_dated(0, day)), day);
    }
    assert_eq!(issue_date(seed_dated(7, date(1990, 1, 1))), EPOCH);
    assert!(issue_date(u64::MAX) <= EPOCH + 45.years());
}

#[test]
fn every_word_can_be_written_in_a_pdf() {
    let mut texts: Vec<&str> = Vec::new();
    for origin in words::ORIGINS {
        texts.extend(origin.first_names);
        texts.extend(origin.last_names);
    }
    texts.extend(SENTENCES);
    texts.extend(pdf::ISSUERS);
    for text in texts {
        assert!(text.chars().all(|letter| pdf::windows_1252(letter) != b'?'), "{text}");
    }
}
