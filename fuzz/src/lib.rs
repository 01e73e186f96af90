//! What the targets share: their seeds, and what must be true for any file.

use domain::vault::FileKind;
use services::testing::{CONTENT_START, ContentVerdict, check_content, check_content_start, demo_files};
use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Writes the seeds of `target` into the folder that `BALISE_FUZZ_SEEDS` names. Call it before the corpus is read.
pub fn seed(target: &str, seeds: impl IntoIterator<Item = Vec<u8>>) {
    let Some(folder) = std::env::var_os("BALISE_FUZZ_SEEDS") else { return };
    let folder = Path::new(&folder).join(target);
    fs::create_dir_all(&folder).expect("the folder of the seeds");
    for (index, seed) in seeds.into_iter().enumerate() {
        fs::write(folder.join(format!("seed-{index}")), seed).expect("a seed");
    }
}

/// The demonstration's files of `kinds`. Before each stands a byte that says as which kind to check it.
pub fn file_seeds(kinds: &[FileKind]) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (kind, bytes) in demo_files() {
        // Mutating long files is slow, so only their start and end are kept: their structure is there.
        let short =
            if bytes.len() > 24_000 { [&bytes[..12_000], &bytes[bytes.len() - 12_000..]].concat() } else { bytes };
        if let Some(index) = kinds.iter().position(|wanted| *wanted == kind) {
            seeds.push([&[index as u8][..], &short].concat());
        }
    }
    // The demonstration has no file of these two kinds.
    for (kind, bytes) in [(FileKind::Heic, heic()), (FileKind::Odt, odt())] {
        if let Some(index) = kinds.iter().position(|wanted| *wanted == kind) {
            seeds.push([&[index as u8][..], &bytes].concat());
        }
    }
    seeds
}

fn heic() -> Vec<u8> {
    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(8 + body.len() as u32).to_be_bytes()[..], name, body].concat()
    }
    let handler = boxed(b"hdlr", &[b"\0\0\0\0\0\0\0\0pict".as_slice(), &[0; 13]].concat());
    let size = boxed(b"ispe", &[&[0; 4][..], &4032_u32.to_be_bytes(), &3024_u32.to_be_bytes()].concat());
    let properties = boxed(b"iprp", &boxed(b"ipco", &[boxed(b"hvcC", b"xx"), size].concat()));
    let meta = boxed(b"meta", &[vec![0; 4], handler, properties].concat());
    [boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), meta, boxed(b"mdat", b"picture")].concat()
}

fn odt() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "<office:document-content/>"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
    ] {
        let method = if name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name, SimpleFileOptions::default().compression_method(method)).expect("an entry");
        zip.write_all(content.as_bytes()).expect("its content");
    }
    zip.finish().expect("an archive").into_inner()
}

/// Checks `data` as one of `kinds`: it never panics, never reports a failing disk, and a file that is accepted whole is
/// accepted by its start too.
pub fn check_file(kinds: &[FileKind], data: &[u8]) {
    let Some((first, file)) = data.split_first() else { return };
    let kind = kinds[usize::from(*first) % kinds.len()];
    let start = check_content_start(kind, &file[..file.len().min(CONTENT_START)]);
    let whole = check_content(kind, file);
    assert_ne!(whole.verdict, ContentVerdict::Unreadable, "a file in memory can be read");
    assert_ne!(start, ContentVerdict::Unreadable, "the start is in memory");
    if whole.verdict == ContentVerdict::Accepted {
        assert_eq!(start, ContentVerdict::Accepted, "what passes whole passes at its start");
    }
    // The work is bounded by the real size of the file, not by the sizes that the file claims.
    let most = 32 * file.len() as u64 + (4 << 20);
    assert!(whole.bytes_read <= most, "{} bytes read of {}", whole.bytes_read, file.len());
}
