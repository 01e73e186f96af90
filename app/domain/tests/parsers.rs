//! Whatever strangers send is read or refused: never a panic, nothing endless comes out, and what was read means the
//! same when it is read again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use domain::{
    consent::{Choice, ConsentDecision, ConsentState, Decided, ServiceList},
    forms::{
        consent::{ConsentForm, local_path},
        correction::CorrectionForm,
        second_factor::CodeForm,
        sign_in::SignInForm,
        vault::{DepositForm, SharingForm},
    },
    identity::SecondFactorCode,
    ids::{AccountId, DocumentId, ReceiptId, YouthId},
    password::PASSWORD_MAX,
    time::CivilDate,
    vault::{Category, DocumentName, FileKind, RangeRequest},
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

/// Text of any characters, controls and marks included.
fn anything(most: usize) -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..most).prop_map(String::from_iter)
}

/// Text that looks right at first sight.
fn almost(pattern: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![pattern.prop_map(String::from), anything(60), (pattern, anything(4)).prop_map(|(a, b)| a + &b)]
}

proptest! {
    #[test]
    fn a_consent_cookie_is_a_choice_or_nothing(
        value in prop_oneof![anything(1_200), almost("%7B\"v\":1,\"receipt\":\"[0-9a-f-]{36}\",\"purposes\":\\{\\},\"services\":\\[\"[a-z]{0,50}\"\\],\"list\":\"[0-9a-f]{0,12}\"\\}")],
        gpc: bool,
    ) {
        let list = ServiceList::of(&["youtube", "vimeo"]).unwrap();
        let state = ConsentState::read(Some(&value), gpc, &list);
        prop_assert!(state.accepted().iter().all(|id| list.optional(id.as_str()).is_some()));
        if let Some(choice) = Choice::from_cookie(&value) {
            prop_assert!(value.len() <= Choice::VALUE_MAX);
            let again = choice.to_cookie();
            prop_assert!(again.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)), "{}", again);
            if again.len() <= Choice::VALUE_MAX {
                prop_assert_eq!(Choice::from_cookie(&again), Some(choice));
            }
        }
    }

    #[test]
    fn a_choice_comes_back_from_its_cookie(accepts: bool, receipt: u128) {
        let list = ServiceList::of(&["youtube", "vimeo"]).unwrap();
        let accepted = if accepts { list.optional_ids() } else { Vec::new() };
        let receipt = ReceiptId::from(Uuid::from_u128(receipt));
        let choice = Choice::new(&ConsentDecision { accepted: accepted.clone() }, &list, receipt);
        let cookie = choice.to_cookie();
        prop_assert_eq!(Choice::from_cookie(&cookie), Some(choice));
        let mut decided = Decided { receipt, accepted, unasked: Vec::new() };
        let state = ConsentState::read(Some(&cookie), true, &list);
        if let ConsentState::Decided(found) = &state {
            decided.accepted.sort_by_key(|id| found.accepted.iter().position(|other| other == id));
        }
        prop_assert_eq!(state, ConsentState::Decided(decided));
        let other = ServiceList::of(&["x"]).unwrap();
        prop_assert_eq!(ConsentState::read(Some(&cookie), true, &other), ConsentState::RefusedBySignal, "for another list");
    }

    #[test]
    fn a_range_is_within_the_document(
        header in prop_oneof![anything(60), "bytes=[0-9]{0,22}-[0-9]{0,22}", "bytes= ?[0-9]{1,3} ?- ?[0-9]{1,3}(,1-2)?"],
        length: u64,
    ) {
        if let Some(range) = RangeRequest::parse(&header) {
            if let Some(bytes) = range.resolve(length) {
                prop_assert!(bytes.start < bytes.end && bytes.end <= length);
            }
            let plain = match range {
                RangeRequest::From(first, Some(last)) => format!("bytes={first}-{last}"),
                RangeRequest::From(first, None) => format!("bytes={first}-"),
                RangeRequest::Last(count) => format!("bytes=-{count}"),
            };
            prop_assert_eq!(RangeRequest::parse(&plain), Some(range));
        }
    }

    #[test]
    fn a_range_gives_the_bytes_it_names(first in 0..2_000_u64, more in 0..2_000_u64, length in 1..2_000_u64) {
        let last = first + more;
        let bytes = RangeRequest::parse(&format!("bytes={first}-{last}")).unwrap().resolve(length);
        let expected = (first < length).then(|| first..length.min(last + 1));
        prop_assert_eq!(bytes, expected);
        let tail = RangeRequest::parse(&format!("bytes=-{more}")).unwrap().resolve(length);
        prop_assert_eq!(tail, (more > 0).then(|| length.saturating_sub(more)..length));
    }

    #[test]
    fn a_document_name_is_safe_or_refused(raw in prop_oneof![anything(200), "[a-zé .]{0,160}\\.pdf", "\\PC{0,30}"]) {
        let _ = FileKind::from_name(&raw);
        if let Ok(name) = DocumentName::new(&raw) {
            let name = name.as_str();
            prop_assert!(!name.is_empty() && name.chars().count() <= DocumentName::MAX_CHARS);
            prop_assert_eq!(name, raw.trim());
            prop_assert!(!name.starts_with('.'));
            let bad = |c: char| c.is_control() || "/\\:*?\"<>|\u{202e}\u{200b}\u{2066}\u{feff}".contains(c);
            prop_assert!(!name.contains(bad), "{:?}", name);
            let again = DocumentName::new(name);
            prop_assert_eq!(again.as_ref().map(DocumentName::as_str), Ok(name));
        }
    }

    #[test]
    fn a_civil_date_is_itself_again(text in almost("[0-9]{4}-[0-9]{2}-[0-9]{2}"), other in almost("[0-9]{4}-[0-1][0-9]-[0-3][0-9]")) {
        if let (Ok(one), Ok(two)) = (text.parse::<CivilDate>(), other.parse::<CivilDate>()) {
            prop_assert_eq!(one.to_string(), text.as_str());
            prop_assert_eq!(CivilDate::new(one.year(), one.month(), one.day()), Some(one));
            prop_assert_eq!(one.cmp(&two), text.cmp(&other), "the order of the text is the calendar's");
            let age = one.age_on(two);
            prop_assert!((-9_999..=9_999).contains(&age));
        }
    }

    #[test]
    fn an_id_is_itself_again(number: u128, text in almost("[0-9a-fA-F]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")) {
        let id = DocumentId::from(Uuid::from_u128(number));
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        let youth = text.parse::<YouthId>().map(|id| id.to_string()).ok();
        prop_assert_eq!(&text.parse::<AccountId>().map(|id| id.to_string()).ok(), &youth, "ids are read alike");
        if let Some(plain) = youth {
            prop_assert_eq!(plain.len(), 36);
            prop_assert_eq!(plain.parse::<YouthId>().map(|id| id.to_string()).ok(), Some(plain));
        }
    }

    #[test]
    fn a_local_path_never_leaves_the_site(path in prop_oneof![anything(400), "[/\\\\a-z:@?#.%]{0,20}", "/[ -~]{0,310}"]) {
        if let Some(kept) = local_path(&path) {
            prop_assert_eq!(kept, path.as_str());
            prop_assert!(kept.len() <= 300 && kept.starts_with('/') && !kept.starts_with("//"));
            prop_assert!(kept.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b'\\'));
        }
        let back = ConsentForm { back: path, ..ConsentForm::default() };
        prop_assert!(local_path(back.back()).is_some());
    }

    #[test]
    fn a_second_factor_code_is_six_digits_or_a_recovery_code(code in prop_oneof![anything(300), "[ 0-9-]{0,12}", "[A-Za-z2-7 -]{20,40}"]) {
        let form = CodeForm { code };
        match form.validate() {
            Ok(SecondFactorCode::Totp(code)) => {
                prop_assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
                prop_assert_eq!(form.validate_totp(), Ok(code));
            }
            Ok(SecondFactorCode::Recovery(code)) => {
                prop_assert!(code.len() == CodeForm::RECOVERY_LENGTH);
                prop_assert!(code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()));
                let again = CodeForm { code: code.clone() };
                prop_assert_eq!(again.validate(), Ok(SecondFactorCode::Recovery(code)));
                prop_assert!(form.validate_totp().is_err());
            }
            Err(errors) => prop_assert!(errors.of("code").is_some()),
        }
    }

    #[test]
    fn a_sign_in_is_trimmed_and_bounded(identifier in anything(260), password in anything(260)) {
        let form = SignInForm { identifier, password };
        match form.validate() {
            Ok(credentials) => {
                prop_assert_eq!(credentials.identifier.as_str(), form.identifier.trim());
                prop_assert_eq!(&credentials.password, &form.password);
                prop_assert!((1..=SignInForm::IDENTIFIER_MAX).contains(&credentials.identifier.chars().count()));
                prop_assert!((1..=PASSWORD_MAX).contains(&credentials.password.chars().count()));
            }
            Err(errors) => prop_assert!(errors.iter().count() >= 1),
        }
        prop_assert_eq!(form.to_show_again().password, "");
    }

    #[test]
    fn a_correction_is_trimmed_and_bounded(message in anything(1_100)) {
        let form = CorrectionForm { message, ..CorrectionForm::default() };
        if let Ok(correction) = form.validate() {
            prop_assert_eq!(correction.message.as_str(), form.message.trim());
            prop_assert!((1..=CorrectionForm::MESSAGE_MAX).contains(&correction.message.chars().count()));
            let again = CorrectionForm { message: correction.message.clone(), ..CorrectionForm::default() };
            prop_assert_eq!(again.validate(), Ok(correction));
        }
    }

    #[test]
    fn a_consent_form_accepts_only_what_the_site_has(
        choice in prop_oneof![Just("accept".to_owned()), Just("custom".to_owned()), Just("always".to_owned()), Just("refuse".to_owned()), anything(10)],
        service in vec(prop_oneof![Just("youtube".to_owned()), Just("session".to_owned()), anything(10)], 0..30),
    ) {
        let list = ServiceList::of(&["youtube"]).unwrap();
        let form = ConsentForm { choice: choice.clone(), service, ..ConsentForm::default() };
        if let Ok(decision) = form.validate(&list, &[]) {
            let optional = list.optional_ids();
            prop_assert!(decision.accepted.iter().all(|id| optional.contains(id)));
            prop_assert!(decision.accepted.is_sorted());
            prop_assert!(choice != "refuse" || decision.accepted.is_empty());
        }
    }

    #[test]
    fn drawers_and_boxes_are_never_guessed(value in prop_oneof![anything(30), "[a-z_]{0,20}"]) {
        let known = Category::from_code(&value);
        prop_assert_eq!(DepositForm { category: value.clone() }.validate().ok(), known);
        prop_assert!(known.is_none_or(|known| known.code() == value));
        let shared = SharingForm { shared: value.clone() }.validate().ok();
        prop_assert_eq!(shared, match value.as_str() { "" => Some(false), "on" => Some(true), _ => None });
        let _ = ServiceList::of(&[value]);
    }
}
