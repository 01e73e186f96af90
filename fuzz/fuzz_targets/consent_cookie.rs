//! The consent cookie, as any browser may send it.
#![no_main]

use balise_fuzz::seed;
use domain::{
    consent::{Choice, ConsentState, Decision, ServiceList},
    ids::ReceiptId,
};
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    let list = ServiceList::of(&["youtube"]).expect("a known service");
    [vec![], list.optional_ids()]
        .into_iter()
        .map(|accepted| {
            let receipt = ReceiptId::from(uuid::Uuid::from_u128(1));
            Choice::new(&Decision { accepted }, &list, "0123456789ab".to_owned(), receipt).to_cookie().into_bytes()
        })
        .collect()
}

fuzz_target!(init: seed("consent_cookie", seeds()), |data: &[u8]| {
    let Ok(value) = std::str::from_utf8(data) else { return };
    let state = ConsentState::read(Some(value), data.len() % 2 == 0, "0123456789ab");
    assert!(state.accepted().len() <= 20);
    assert!(!state.accepts("session") || state.accepted().iter().any(|id| id.as_str() == "session"));
    if let Some(choice) = Choice::from_cookie(value) {
        assert!(value.len() <= Choice::VALUE_MAX);
        let cookie = choice.to_cookie();
        assert!(cookie.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)), "{cookie}");
        // Written again by us it is the same choice, unless it has become too long to be read at all.
        if cookie.len() <= Choice::VALUE_MAX {
            assert_eq!(Choice::from_cookie(&cookie), Some(choice));
        }
    }
});
