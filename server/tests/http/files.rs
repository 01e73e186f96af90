//! Sample files of each accepted kind. They have a sound structure, and a seed fills them, so that a test can recognise
//! their bytes anywhere.

use domain::vault::FileKind;
use std::{
    io::{Cursor, Write},
    ops::Range,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const DOCX_TYPES: &str = "<?xml version=\"1.0\"?><Types><Override PartName=\"/word/document.xml\" ContentType=\"\
    application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const XLSX_TYPES: &str = "<?xml version=\"1.0\"?><Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"\
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
const MACRO_TYPES: &str = "<?xml version=\"1.0\"?><Types><Override PartName=\"/word/document.xml\" ContentType=\"\
    application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>";
const ODT_TYPE: &[u8] = b"application/vnd.oasis.opendocument.text";

/// `len` bytes that no other seed gives.
pub(crate) fn random(seed: u64, len: usize) -> Vec<u8> {
    // SplitMix64: its constants are published and its output never changes.
    let mut state = seed;
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bytes.extend_from_slice(&(word ^ (word >> 31)).to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

/// A valid file of `kind` around `len` random bytes.
pub(crate) fn sample(kind: FileKind, seed: u64, len: usize) -> Vec<u8> {
    let content = random(seed, len);
    match kind {
        FileKind::Pdf => pdf_around(&content),
        FileKind::Jpeg => jpeg(&content),
        FileKind::Png => png(&content),
        FileKind::Heic => heic(&content),
        FileKind::Docx => docx_with(DOCX_TYPES, &[("word/media/image1.png", &content)]),
        FileKind::Odt => odt(&content),
    }
}

/// The place of the random bytes in a [`sample`].
pub(crate) fn canary(file: &[u8], seed: u64, len: usize) -> Range<usize> {
    let head = random(seed, 32);
    let start =
        file.windows(32).position(|window| window == head).expect("the random bytes are in the file as they are");
    start..start + len
}

/// A valid PDF of exactly `len` bytes.
pub(crate) fn pdf(seed: u64, len: usize) -> Vec<u8> {
    let around = pdf_around(&[]).len() + 16;
    let mut file = pdf_around(&random(seed, len - around));
    // A longer file needs more digits for its length and offset: line feeds at the end make up for the difference.
    assert!(file.len() <= len, "{} > {len}", file.len());
    file.resize(len, b'\n');
    file
}

fn pdf_around(content: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".to_vec();
    file.extend_from_slice(format!("2 0 obj\n<< /Length {} >>\nstream\n", content.len()).as_bytes());
    file.extend_from_slice(content);
    file.extend_from_slice(b"\nendstream\nendobj\n");
    let table = file.len();
    file.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 3 /Root 1 0 R >>\n");
    file.extend_from_slice(format!("startxref\n{table}\n%%EOF\n").as_bytes());
    file
}

/// A JPEG as phones write it: EXIF first, then the tables, the frame and the data.
fn jpeg(content: &[u8]) -> Vec<u8> {
    let mut file = b"\xFF\xD8\xFF\xE1\x00\x1CExif\0\0MM\0\x2A\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    file.extend_from_slice(b"\xFF\xDB\x00\x04\0\0\xFF\xC0\x00\x11\x08");
    file.extend_from_slice(&3024_u16.to_be_bytes());
    file.extend_from_slice(&4032_u16.to_be_bytes());
    file.extend_from_slice(b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01");
    file.extend_from_slice(b"\xFF\xDA\x00\x0C\x03\x01\0\x02\x11\x03\x11\0\x3F\0");
    file.extend_from_slice(content);
    file.extend_from_slice(b"\xFF\xD9");
    file
}

fn png(content: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&1080_u32.to_be_bytes()[..], &2400_u32.to_be_bytes(), b"\x08\x06\0\0\0"].concat();
    for (name, body) in [(b"IHDR", &header[..]), (b"IDAT", content), (b"IEND", b"")] {
        file.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
        file.extend_from_slice(name);
        file.extend_from_slice(body);
        file.extend_from_slice(b"crc.");
    }
    file
}

fn heic(content: &[u8]) -> Vec<u8> {
    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&u32::try_from(8 + body.len()).unwrap().to_be_bytes()[..], name, body].concat()
    }
    let handler = boxed(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict".as_slice(), &[0; 13]].concat());
    let size = boxed(b"ispe", &[&[0; 4][..], &4032_u32.to_be_bytes(), &3024_u32.to_be_bytes()].concat());
    let properties = boxed(b"iprp", &boxed(b"ipco", &[boxed(b"hvcC", b"xx"), size].concat()));
    let meta = boxed(b"meta", &[vec![0; 4], handler, properties].concat());
    [boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), meta, boxed(b"mdat", content)].concat()
}

fn odt(content: &[u8]) -> Vec<u8> {
    container(&[
        ("mimetype", ODT_TYPE),
        ("content.xml", b"<office:document-content/>"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("Pictures/1.png", content),
    ])
}

type Entry<'a> = (&'a str, &'a [u8]);

fn docx_with(types: &str, more: &[Entry<'_>]) -> Vec<u8> {
    let own: [Entry<'_>; 3] = [
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", b"<Relationships/>"),
        ("word/document.xml", b"<w:document/>"),
    ];
    container(&[&own, more].concat())
}

/// A Word document with macros.
pub(crate) fn docx_with_macros() -> Vec<u8> {
    docx_with(DOCX_TYPES, &[("word/vbaProject.bin", b"macro")])
}

/// The same document, with the content type of one with macros.
pub(crate) fn docm() -> Vec<u8> {
    docx_with(MACRO_TYPES, &[])
}

/// A spreadsheet.
pub(crate) fn xlsx() -> Vec<u8> {
    container(&[("[Content_Types].xml", XLSX_TYPES.as_bytes()), ("xl/workbook.xml", b"<workbook/>")])
}

/// A Word document that unpacks to a thousand times its size.
pub(crate) fn docx_bomb() -> Vec<u8> {
    docx_with(DOCX_TYPES, &[("word/media/a.bmp", &vec![0; 20 << 20])])
}

/// An archive that is no document.
pub(crate) fn plain_zip() -> Vec<u8> {
    container(&[("cv.txt", b"Bonjour")])
}

/// A PNG of a few bytes that says it is 100 000 pixels wide and high.
pub(crate) fn vast_png() -> Vec<u8> {
    let mut file = png(b"data");
    file[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
    file[20..24].copy_from_slice(&100_000_u32.to_be_bytes());
    file
}

/// Entries are stored without compression, so that the random bytes stand in the file as they are.
fn container(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        let stored = *name == "mimetype" || name.ends_with(".png");
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A file of each of the six kinds, under a name with an accent and the right extension.
pub(crate) const KINDS: [(FileKind, &str, &str); 6] = [
    (FileKind::Pdf, "Carte d’identité.pdf", "application/pdf"),
    (FileKind::Jpeg, "Photo été.JPG", "image/jpeg"),
    (FileKind::Png, "Écran (2).png", "image/png"),
    (FileKind::Heic, "IMG_0042.HEIC", "image/heic"),
    (FileKind::Docx, "CV Élodie.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (FileKind::Odt, "Lettre à l’employeur.odt", "application/vnd.oasis.opendocument.text"),
];
