//! What somebody decided, as the browser keeps it and as a page reads it (C9, C10, C13).

use super::{
    list::{ServiceList, fingerprint},
    service::{Purpose, Service, ServiceId},
};
use crate::ids::ReceiptId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody decided: the optional services accepted, sorted; all others are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentDecision {
    /// Sorted, each once.
    pub accepted: Vec<ServiceId>,
}

/// The choice as the browser keeps it (C9): readable JSON, percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Version of this format: 1.
    #[serde(rename = "v")]
    pub version: u8,
    /// The receipt in the ledger.
    pub receipt: ReceiptId,
    /// Per purpose, whether all its services are accepted.
    pub purposes: BTreeMap<String, bool>,
    /// The accepted services.
    pub services: Vec<ServiceId>,
    /// The version of the list that was shown, see [`ServiceList::version`].
    pub list: String,
}

/// Percent-encoding of everything that RFC 6265 keeps out of a cookie value, and of `%` itself.
const COOKIE_VALUE: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

impl Choice {
    /// Longest cookie value read, in bytes: a list of [`Self::SERVICES_MAX`] fits.
    pub const VALUE_MAX: usize = 2048;

    /// Most services of a list.
    pub const SERVICES_MAX: usize = 20;

    /// The choice that `decision` makes over `list`.
    #[must_use]
    pub fn new(decision: &ConsentDecision, list: &ServiceList, receipt: ReceiptId) -> Self {
        let purposes = Purpose::OPTIONAL
            .into_iter()
            .filter_map(|purpose| {
                let mut services = list.of_purpose(purpose).peekable();
                services.peek()?;
                Some((purpose.code().to_owned(), services.all(|service| decision.accepted.contains(&service.id))))
            })
            .collect();
        Self { version: 1, receipt, purposes, services: decision.accepted.clone(), list: list.version() }
    }

    /// The cookie's value.
    #[must_use]
    pub fn to_cookie(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        percent_encoding::utf8_percent_encode(&json, COOKIE_VALUE).to_string()
    }

    /// The choice in a cookie's value, or nothing: an invalid one is no choice at all.
    #[must_use]
    pub fn from_cookie(value: &str) -> Option<Self> {
        if value.len() > Self::VALUE_MAX {
            return None;
        }
        let json = percent_encoding::percent_decode_str(value).decode_utf8().ok()?;
        let choice: Self = serde_json::from_str(&json).ok()?;
        let sane = choice.version == 1
            && choice.services.len() <= Self::SERVICES_MAX
            && choice.purposes.len() <= Purpose::OPTIONAL.len()
            && choice.services.iter().all(ServiceId::is_sane)
            && choice.list.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.');
        sane.then_some(choice)
    }

    /// Whether the person was asked about `service` as it is now.
    fn was_asked(&self, service: &Service) -> bool {
        let mark = fingerprint(service);
        self.list.split('.').any(|known| known == mark)
    }
}

/// A stored choice, over the present list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The receipt in the ledger.
    pub receipt: ReceiptId,
    /// What may run.
    pub accepted: Vec<ServiceId>,
    /// What came since and waits for a yes: asked about alone (C10).
    pub unasked: Vec<ServiceId>,
}

/// What this browser has decided so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConsentState {
    /// Nothing: the banner asks.
    #[default]
    Undecided,
    /// A stored choice.
    Decided(Decided),
    /// `Sec-GPC: 1` without a stored choice: counts as refused, no banner (C13).
    RefusedBySignal,
}

impl ConsentState {
    /// The state that a request's cookie and signal make, over the present list.
    #[must_use]
    pub fn read(cookie: Option<&str>, gpc: bool, list: &ServiceList) -> Self {
        let nothing = || if gpc { Self::RefusedBySignal } else { Self::Undecided };
        let Some(choice) = cookie.and_then(Choice::from_cookie) else { return nothing() };
        if list.has_choices() && !list.iter_optional().any(|service| choice.was_asked(service)) {
            return nothing();
        }
        let ids = |keep: &dyn Fn(&Service) -> bool| -> Vec<ServiceId> {
            list.iter_optional().filter(|service| keep(service)).map(|service| service.id.clone()).collect()
        };
        let accepted = ids(&|service| match choice.was_asked(service) {
            true => choice.services.contains(&service.id),
            false => service.exempt && !gpc,
        });
        // The signal says no to what came since.
        let unasked = ids(&|service| service.is_asked() && !gpc && !choice.was_asked(service));
        Self::Decided(Decided { receipt: choice.receipt, accepted, unasked })
    }

    /// Whether `service` may be in the page (C1).
    #[must_use]
    pub fn accepts(&self, service: &Service) -> bool {
        match self {
            Self::Undecided => service.exempt,
            Self::RefusedBySignal => false,
            Self::Decided(decided) => decided.accepted.contains(&service.id),
        }
    }

    /// The accepted services.
    #[must_use]
    pub fn accepted(&self) -> &[ServiceId] {
        match self {
            Self::Decided(decided) => &decided.accepted,
            Self::Undecided | Self::RefusedBySignal => &[],
        }
    }

    /// The services that the banner asks about: all, those that came since, or none.
    #[must_use]
    pub fn asks_about<'l>(&self, list: &'l ServiceList) -> Vec<&'l Service> {
        match self {
            Self::Undecided => list.iter().filter(|service| service.is_asked()).collect(),
            Self::RefusedBySignal => Vec::new(),
            Self::Decided(decided) => list.iter().filter(|service| decided.unasked.contains(&service.id)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::catalogue::Known;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn list(names: &[&str]) -> ServiceList {
        ServiceList::of(names).unwrap()
    }

    fn choice(list: &ServiceList, accepted: &[&str]) -> Choice {
        let decision = ConsentDecision { accepted: accepted.iter().map(|id| ServiceId::from(*id)).collect() };
        Choice::new(&decision, list, ReceiptId::from(Uuid::from_u128(7)))
    }

    fn read(choice: &Choice, gpc: bool, list: &ServiceList) -> ConsentState {
        ConsentState::read(Some(&choice.to_cookie()), gpc, list)
    }

    fn names(ids: &[ServiceId]) -> Vec<&str> {
        ids.iter().map(ServiceId::as_str).collect()
    }

    #[test]
    fn the_cookie_reads_back_and_is_readable() {
        let choice = choice(&list(&["youtube"]), &["youtube"]);
        let value = choice.to_cookie();
        assert!(value.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)), "{value}");
        assert!(value.contains("youtube"));
        assert_eq!(Choice::from_cookie(&value), Some(choice));
    }

    #[test]
    fn the_longest_list_fits_into_a_cookie() {
        let services = (0..Choice::SERVICES_MAX).map(|index| {
            let mut service = Known::YouTube.service();
            service.id = ServiceId::from(format!("a_service_with_a_long_name_{index}").as_str());
            service
        });
        let list = ServiceList::with(services.collect()).unwrap();
        let decision = ConsentDecision { accepted: list.optional_ids() };
        let choice = Choice::new(&decision, &list, ReceiptId::from(Uuid::from_u128(7)));
        assert_eq!(Choice::from_cookie(&choice.to_cookie()), Some(choice));
    }

    #[test]
    fn a_purpose_is_true_only_if_all_its_services_are() {
        let list = list(&["youtube", "vimeo", "x"]);
        assert_eq!(choice(&list, &["youtube"]).purposes.get("video"), Some(&false));
        let both = choice(&list, &["youtube", "vimeo"]).purposes;
        assert_eq!((both.get("video"), both.get("social"), both.get("meeting")), (Some(&true), Some(&false), None));
    }

    #[test]
    fn an_invalid_cookie_is_no_choice() {
        for value in ["", "1", "%", "null", "{}", "%7B%22v%22:1%7D", &"x".repeat(5000)] {
            assert_eq!(Choice::from_cookie(value), None, "{value}");
        }
        let mut other = choice(&list(&["youtube"]), &[]);
        other.version = 2;
        assert_eq!(Choice::from_cookie(&other.to_cookie()), None);
        other.version = 1;
        other.services = vec![ServiceId::from("https://evil.test")];
        assert_eq!(Choice::from_cookie(&other.to_cookie()), None);
    }

    #[test]
    fn the_signal_refuses_until_a_choice_is_stored() {
        let list = list(&["youtube"]);
        let youtube = list.optional("youtube").unwrap();
        assert_eq!(ConsentState::read(None, true, &list), ConsentState::RefusedBySignal);
        assert!(read(&choice(&list, &["youtube"]), true, &list).accepts(youtube));
    }

    #[test]
    fn only_what_came_since_is_asked_about() {
        let (before, now) = (list(&["youtube", "x"]), list(&["youtube", "vimeo", "x"]));
        let state = read(&choice(&before, &["youtube"]), false, &now);
        let ConsentState::Decided(decided) = &state else { panic!("{state:?}") };
        assert_eq!((names(&decided.accepted), names(&decided.unasked)), (vec!["youtube"], vec!["vimeo"]));
        assert_eq!(state.asks_about(&now).len(), 1, "neither what was accepted nor what was refused");
        // The signal answers for the person.
        let state = read(&choice(&before, &["youtube"]), true, &now);
        assert!(state.asks_about(&now).is_empty() && state.accepts(now.optional("youtube").unwrap()));
        // One that went asks nothing, and is not kept.
        let state = read(&choice(&now, &["vimeo", "youtube"]), false, &before);
        assert!(state.asks_about(&before).is_empty());
        assert_eq!(names(state.accepted()), ["youtube"]);
        // Nothing in common: nothing was decided.
        let other = list(&["instagram"]);
        assert_eq!(read(&choice(&before, &["youtube"]), false, &other), ConsentState::Undecided);
        assert_eq!(read(&choice(&before, &["youtube"]), true, &other), ConsentState::RefusedBySignal);
    }

    #[test]
    fn a_yes_to_somebody_else_is_no_yes() {
        let before = list(&["youtube"]);
        let mut service = Known::YouTube.service();
        service.provider.as_mut().unwrap().name = "Another Ltd".into();
        let now = ServiceList::with(vec![service, Known::X.service()]).unwrap();
        let asked = choice(&ServiceList::of(&["youtube", "x"]).unwrap(), &["youtube"]);
        let state = read(&asked, false, &now);
        assert!(!state.accepts(now.optional("youtube").unwrap()));
        assert_eq!(state.asks_about(&now)[0].id.as_str(), "youtube");
        assert_eq!(read(&choice(&before, &["youtube"]), false, &now), ConsentState::Undecided);
    }

    #[test]
    fn an_exempt_measurement_runs_until_somebody_objects() {
        let exempt =
            Known::Matomo { address: "https://m.test".into(), site: 1, provider: None, exempt: true }.service();
        let alone = ServiceList::with(vec![exempt.clone()]).unwrap();
        assert!(!alone.asks() && alone.has_choices());
        let runs = |state: &ConsentState| state.accepts(&exempt);
        assert!(runs(&ConsentState::read(None, false, &alone)));
        assert!(!runs(&ConsentState::read(None, true, &alone)), "the signal objects");
        assert!(!runs(&read(&choice(&alone, &[]), false, &alone)));
        let with = ServiceList::with(vec![exempt.clone(), Known::X.service()]).unwrap();
        assert!(runs(&read(&choice(&list(&["x"]), &[]), false, &with)), "nobody was asked about it yet");
        assert!(read(&choice(&list(&["x"]), &[]), false, &with).asks_about(&with).is_empty());
    }

    proptest! {
        #[test]
        fn any_cookie_is_read_or_ignored(value in "\\PC{0,200}") {
            let _ = Choice::from_cookie(&value);
        }
    }
}
