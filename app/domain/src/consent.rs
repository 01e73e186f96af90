//! Consent: the typed list of services, the choice cookie `eu-consent`, and the port to the ledger
//! (C1 to C14; CNIL 2020-091 and 2020-092).

use crate::{error::PortResult, ids::ReceiptId, time::Instant};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// The name of the choice cookie (CNIL 2020-092).
pub const COOKIE: &str = "eu-consent";

/// How many months a choice holds, accepted and refused alike (C9).
pub const DEFAULT_MONTHS: u8 = 6;

/// A service's stable word in cookies, forms and the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceId(String);

impl From<&str> for ServiceId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl ServiceId {
    /// The word itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a service is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Needed by the site itself; no consent.
    Necessary,
    /// Playing a video kept by somebody else.
    Video,
}

impl Purpose {
    /// Every purpose a person decides about.
    pub const OPTIONAL: [Self; 1] = [Self::Video];

    /// The stable word that the choice cookie uses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Necessary => "necessary",
            Self::Video => "video",
        }
    }
}

/// How long a cookie stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Until the browser is closed, at the latest.
    Session,
    /// As long as the choice holds.
    Choice,
    /// A number of days.
    Days(u16),
}

/// One cookie a service sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieSpec {
    /// Its name.
    pub name: &'static str,
    /// How long it stays.
    pub lifetime: Lifetime,
}

/// One service, as the banner, `/cookies`, the gating and the Content-Security-Policy read it (C6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its stable word.
    pub id: ServiceId,
    /// The name people know.
    pub name: &'static str,
    /// Who runs it; nobody but the organisation for necessary ones.
    pub provider: Option<Provider>,
    /// What it is for.
    pub purpose: Purpose,
    /// The cookies it sets.
    pub cookies: &'static [CookieSpec],
    /// The one origin whose pages may be framed once it is accepted.
    pub frame_origin: Option<&'static str>,
}

/// Who runs a service of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Legal name.
    pub name: &'static str,
    /// Country of the provider, in French.
    pub country: &'static str,
    /// Whether personal data leaves the European Union.
    pub transfer_outside_eu: bool,
}

/// The session cookie's name. `__Host-` binds it to this host, to https and to `/`.
pub const SESSION_COOKIE: &str = "__Host-session";

fn catalogue() -> Vec<Service> {
    vec![
        Service {
            id: ServiceId::from("session"),
            name: "Session",
            provider: None,
            purpose: Purpose::Necessary,
            cookies: &[CookieSpec { name: SESSION_COOKIE, lifetime: Lifetime::Session }],
            frame_origin: None,
        },
        Service {
            id: ServiceId::from("choice"),
            name: COOKIE,
            provider: None,
            purpose: Purpose::Necessary,
            cookies: &[CookieSpec { name: COOKIE, lifetime: Lifetime::Choice }],
            frame_origin: None,
        },
        Service {
            id: ServiceId::from("youtube"),
            name: "YouTube",
            provider: Some(Provider { name: "Google Ireland Ltd", country: "Irlande", transfer_outside_eu: true }),
            purpose: Purpose::Video,
            // The no-cookie host sets none before playing; playing sets these.
            cookies: &[
                CookieSpec { name: "VISITOR_INFO1_LIVE", lifetime: Lifetime::Days(180) },
                CookieSpec { name: "YSC", lifetime: Lifetime::Session },
            ],
            frame_origin: Some("https://www.youtube-nocookie.com"),
        },
    ]
}

/// The services of one site: the necessary ones, and those its site file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceList {
    services: Vec<Service>,
}

/// A site file names a service that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceFault {
    /// Nobody knows it.
    #[error("unknown service \"{0}\"; allowed: youtube")]
    Unknown(String),
    /// It cannot keep the promise of C1: it loads vendors nobody declared, or needs inline scripts.
    #[error(
        "\"{0}\" cannot be used: it loads undeclared third parties or needs inline scripts, \
         so what people refuse could not be kept out; allowed: youtube"
    )]
    CannotKeepThePromise(String),
    /// It is there without being named.
    #[error("\"{0}\" is always on and must not be named; allowed: youtube")]
    AlwaysOn(String),
}

impl ServiceList {
    /// The necessary services and the optional ones of `names`.
    ///
    /// # Errors
    /// The first name that cannot be used, and why.
    pub fn of<S: AsRef<str>>(names: &[S]) -> Result<Self, ServiceFault> {
        let mut wanted = Vec::new();
        for name in names {
            let name = name.as_ref();
            match catalogue().into_iter().find(|service| service.id.as_str() == name) {
                Some(service) if service.purpose == Purpose::Necessary => {
                    return Err(ServiceFault::AlwaysOn(name.to_owned()));
                }
                Some(service) => wanted.push(service.id),
                None if matches!(name, "google_tag_manager" | "gtm" | "hotjar") => {
                    return Err(ServiceFault::CannotKeepThePromise(name.to_owned()));
                }
                None => return Err(ServiceFault::Unknown(name.to_owned())),
            }
        }
        let services = catalogue()
            .into_iter()
            .filter(|service| service.purpose == Purpose::Necessary || wanted.contains(&service.id))
            .collect();
        Ok(Self { services })
    }

    /// All services, necessary ones first.
    pub fn iter(&self) -> impl Iterator<Item = &Service> {
        self.services.iter()
    }

    /// The services a person decides about.
    pub fn iter_optional(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(|service| service.purpose != Purpose::Necessary)
    }

    /// The ids of the services a person decides about, sorted.
    #[must_use]
    pub fn optional_ids(&self) -> Vec<ServiceId> {
        let mut ids: Vec<_> = self.iter_optional().map(|service| service.id.clone()).collect();
        ids.sort();
        ids
    }

    /// The optional service that `id` names.
    #[must_use]
    pub fn optional(&self, id: &str) -> Option<&Service> {
        self.iter_optional().find(|service| service.id.as_str() == id)
    }

    /// Whether there is anything to decide (C14).
    #[must_use]
    pub fn needs_choice(&self) -> bool {
        self.iter_optional().next().is_some()
    }

    /// What a person was asked about, as one stable text: ids, providers, purposes and hosts. A new
    /// one changes it, a corrected typo elsewhere does not (C10).
    #[must_use]
    pub fn version_text(&self) -> String {
        self.iter_optional()
            .map(|service| {
                format!(
                    "{}|{}|{}|{}\n",
                    service.id,
                    service.provider.map_or("", |provider| provider.name),
                    service.purpose.code(),
                    service.frame_origin.unwrap_or("")
                )
            })
            .collect()
    }
}

/// What somebody decided: the optional services accepted, sorted; all others are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
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
    /// The version of the list that was shown, see [`ServiceList::version_text`].
    pub list: String,
}

/// Percent-encoding of everything that RFC 6265 keeps out of a cookie value, and of `%` itself.
const COOKIE_VALUE: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

impl Choice {
    /// Longest cookie value read, in bytes.
    pub const VALUE_MAX: usize = 1024;

    /// The choice that `decision` makes over `list`.
    #[must_use]
    pub fn new(decision: &Decision, list: &ServiceList, list_version: String, receipt: ReceiptId) -> Self {
        let purposes = Purpose::OPTIONAL
            .into_iter()
            .filter_map(|purpose| {
                let mut services = list.iter_optional().filter(|service| service.purpose == purpose).peekable();
                services.peek()?;
                Some((purpose.code().to_owned(), services.all(|service| decision.accepted.contains(&service.id))))
            })
            .collect();
        Self { version: 1, receipt, purposes, services: decision.accepted.clone(), list: list_version }
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
            && choice.services.len() <= 20
            && choice.purposes.len() <= 20
            && choice.services.iter().all(|id| id.0.len() <= 40 && id.0.bytes().all(|b| b.is_ascii_graphic()));
        sane.then_some(choice)
    }
}

/// What this browser has decided so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConsentState {
    /// Nothing: the banner asks.
    #[default]
    Undecided,
    /// A stored choice over the present list.
    Decided(Choice),
    /// `Sec-GPC: 1` without a stored choice: counts as refused, no banner (C13).
    RefusedBySignal,
}

impl ConsentState {
    /// The state that a request's cookie and signal make, over the present list.
    #[must_use]
    pub fn read(cookie: Option<&str>, gpc: bool, list_version: &str) -> Self {
        match cookie.and_then(Choice::from_cookie) {
            Some(choice) if choice.list == list_version => Self::Decided(choice),
            _ if gpc => Self::RefusedBySignal,
            _ => Self::Undecided,
        }
    }

    /// Whether `service` may be in the page (C1).
    #[must_use]
    pub fn accepts(&self, service: &str) -> bool {
        matches!(self, Self::Decided(choice) if choice.services.iter().any(|id| id.as_str() == service))
    }

    /// The accepted services.
    #[must_use]
    pub fn accepted(&self) -> &[ServiceId] {
        match self {
            Self::Decided(choice) => &choice.services,
            Self::Undecided | Self::RefusedBySignal => &[],
        }
    }
}

/// What the ledger keeps of one choice (C8): no address, no browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReceipt {
    /// What was decided.
    pub decision: Decision,
    /// All services asked about.
    pub asked: Vec<ServiceId>,
    /// The text shown, word for word.
    pub text: String,
    /// The list as it was, see [`ServiceList::version_text`].
    pub list: String,
    /// Where it was decided: `banner`, `panel` or `placeholder`.
    pub place: &'static str,
}

/// A receipt as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its random number.
    pub id: ReceiptId,
    /// When.
    pub at: Instant,
}

/// The append-only ledger of choices.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Appends a receipt.
    async fn record(&self, receipt: NewReceipt) -> PortResult<Receipt>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn choice(accepted: &[&str]) -> Choice {
        let list = ServiceList::of(&["youtube"]).unwrap();
        let decision = Decision { accepted: accepted.iter().map(|id| ServiceId::from(*id)).collect() };
        Choice::new(&decision, &list, "l1".into(), ReceiptId::from(Uuid::from_u128(7)))
    }

    #[test]
    fn the_cookie_reads_back_and_is_readable() {
        let choice = choice(&["youtube"]);
        let value = choice.to_cookie();
        assert!(value.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)), "{value}");
        assert!(value.contains("youtube"));
        assert_eq!(Choice::from_cookie(&value), Some(choice));
    }

    #[test]
    fn a_purpose_is_true_only_if_all_its_services_are() {
        assert_eq!(choice(&["youtube"]).purposes.get("video"), Some(&true));
        assert_eq!(choice(&[]).purposes.get("video"), Some(&false));
    }

    #[test]
    fn an_invalid_cookie_is_no_choice() {
        for value in ["", "1", "%", "null", "{}", "%7B%22v%22:1%7D", &"x".repeat(5000)] {
            assert_eq!(Choice::from_cookie(value), None, "{value}");
        }
        let mut other = choice(&[]);
        other.version = 2;
        assert_eq!(Choice::from_cookie(&other.to_cookie()), None);
    }

    #[test]
    fn the_signal_refuses_until_a_choice_is_stored() {
        let stored = choice(&["youtube"]).to_cookie();
        assert_eq!(ConsentState::read(None, true, "l1"), ConsentState::RefusedBySignal);
        assert!(ConsentState::read(Some(&stored), true, "l1").accepts("youtube"));
        assert_eq!(ConsentState::read(Some(&stored), false, "l2"), ConsentState::Undecided, "a new list asks again");
    }

    #[test]
    fn services_that_cannot_keep_the_promise_are_named() {
        assert!(matches!(ServiceList::of(&["hotjar"]), Err(ServiceFault::CannotKeepThePromise(_))));
        assert!(matches!(ServiceList::of(&["youtub"]), Err(ServiceFault::Unknown(_))));
        assert!(matches!(ServiceList::of(&["session"]), Err(ServiceFault::AlwaysOn(_))));
        assert!(!ServiceList::of::<&str>(&[]).unwrap().needs_choice());
    }

    proptest! {
        #[test]
        fn any_cookie_is_read_or_ignored(value in "\\PC{0,200}") {
            let _ = Choice::from_cookie(&value);
        }
    }
}
