//! The names in a multipart deposit: a body of any bytes, or a valid body with a name of any bytes.
#![no_main]

use balise_fuzz::seed;
use bytes::Bytes;
use domain::vault::{DocumentName, FileKind};
use libfuzzer_sys::fuzz_target;
use std::convert::Infallible;

const BOUNDARY: &str = "limite-42";

fn around(name: &[u8]) -> Vec<u8> {
    [
        b"--limite-42\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nother\r\n--limite-42\r\n\
          Content-Disposition: form-data; name=\"file\"; filename=\"",
        name,
        b"\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--limite-42--\r\n",
    ]
    .concat()
}

fn seeds() -> Vec<Vec<u8>> {
    let names =
        ["a.pdf", "Carte d’identité.pdf", "../x.pdf", "a%22b.png", "exe\u{202e}fdp.pdf", " .odt", "a\\\"b.docx"];
    let named = names.into_iter().map(|name| [&[1, 200][..], name.as_bytes()].concat());
    named.chain([[&[0, 7][..], &around(b"CV.docx")].concat()]).collect()
}

fuzz_target!(init: seed("multipart_names", seeds()), |data: &[u8]| {
    let [shape, size, rest @ ..] = data else { return };
    let body = if shape % 2 == 0 { rest.to_vec() } else { around(rest) };
    // A body may arrive in chunks of any size.
    let chunks: Vec<Result<Bytes, Infallible>> =
        body.chunks(usize::from(*size).max(1)).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    let limits = multer::Constraints::new().size_limit(multer::SizeLimit::new().whole_stream(1 << 20));
    let mut form = multer::Multipart::with_constraints(futures::stream::iter(chunks), BOUNDARY, limits);
    futures::executor::block_on(async {
        while let Ok(Some(field)) = form.next_field().await {
            let Some(raw) = field.file_name() else { continue };
            let _ = FileKind::from_name(raw);
            let Ok(name) = DocumentName::new(raw) else { continue };
            let name = name.as_str();
            assert!(!name.is_empty() && name.chars().count() <= DocumentName::MAX_CHARS);
            assert!(!name.starts_with('.') && !name.contains(['/', '\\', '"', '<', '>']) && !name.contains(char::is_control));
            assert_eq!(DocumentName::new(name).map(|again| again.as_str().to_owned()).as_deref(), Ok(name));
        }
    });
});
