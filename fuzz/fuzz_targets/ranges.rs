//! A `Range` header over a document of any length.
#![no_main]

use balise_fuzz::seed;
use domain::vault::RangeRequest;
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    ["bytes=0-9", "bytes=5-", "bytes=-5", "bytes=0-18446744073709551615", "bytes= 1 - 2 ", "bytes=0-1,2-3"]
        .into_iter()
        .map(|header| [&1_000_u64.to_le_bytes()[..], header.as_bytes()].concat())
        .collect()
}

fuzz_target!(init: seed("ranges", seeds()), |data: &[u8]| {
    let Some((length, header)) = data.split_first_chunk::<8>() else { return };
    let length = u64::from_le_bytes(*length);
    let Ok(header) = std::str::from_utf8(header) else { return };
    let Some(range) = RangeRequest::parse(header) else { return };
    // The same range, written in its simplest form, has the same meaning.
    let plain = match range {
        RangeRequest::From(first, Some(last)) => format!("bytes={first}-{last}"),
        RangeRequest::From(first, None) => format!("bytes={first}-"),
        RangeRequest::Last(count) => format!("bytes=-{count}"),
    };
    assert_eq!(RangeRequest::parse(&plain), Some(range));
    if let Some(bytes) = range.resolve(length) {
        assert!(bytes.start < bytes.end && bytes.end <= length, "{bytes:?} of {length}");
    }
});
