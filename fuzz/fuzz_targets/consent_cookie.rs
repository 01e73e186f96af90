//! The consent cookie with any value that a browser may send.
#![no_main]

use balise_fuzz::seed;
use domain::{
    consent::{Choice, ConsentDecision, ConsentState, ServiceList},
    ids::ReceiptId,
};
use libfuzzer_sys::fuzz_target;

fn list() -> ServiceList {
    ServiceList::of(&["youtube", "vimeo"]).expect("known services")
}

fn seeds() -> Vec<Vec<u8>> {
    let list = list();
    [vec![], list.optional_ids()]
        .into_iter()
        .map(|accepted| {
            let receipt = ReceiptId::from(uuid::Uuid::from_u128(1));
            Choice::new(&ConsentDecision { accepted }, &list, receipt).to_cookie().into_bytes()
        })
        .collect()
}

fuzz_target!(init: seed("consent_cookie", seeds()), |data: &[u8]| {
    let Ok(value) = std::str::from_utf8(data) else { return };
    let list = list();
    let state = ConsentState::read(Some(value), data.len() % 2 == 0, &list);
    assert!(state.accepted().iter().all(|id| list.optional(id.as_str()).is_some()));
    if let Some(choice) = Choice::from_cookie(value) {
        assert!(value.len() <= Choice::VALUE_MAX);
        let cookie = choice.to_cookie();
        assert!(cookie.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)), "{cookie}");
        // The choice that we write again is the same, unless it became too long to be read.
        if cookie.len() <= Choice::VALUE_MAX {
            assert_eq!(Choice::from_cookie(&cookie), Some(choice));
        }
    }
});
