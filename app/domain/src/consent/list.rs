//! The services of one site (C6), and what makes a choice about them a choice about these (C10).

use super::{
    catalogue::{self, Known},
    service::{CookieSpec, Purpose, Service, ServiceId},
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fmt::Write};

/// The services of one site: its own, and those its site file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceList {
    services: Vec<Service>,
    left_behind: Vec<CookieSpec>,
}

/// A site file names a service that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceFault {
    /// Nobody knows it.
    #[error("unknown service \"{0}\"; allowed: {known}, or one of [[consent.declared]]", known = Known::NAMES.join(", "))]
    Unknown(String),
    /// It cannot keep the promise of C1: it loads vendors nobody declared, or needs inline scripts.
    #[error(
        "\"{name}\" cannot be used: {why}, so what people refuse could not be kept out; allowed: {known}",
        known = Known::NAMES.join(", ")
    )]
    CannotKeepThePromise {
        /// As it was written.
        name: String,
        /// What it does.
        why: &'static str,
    },
    /// It is there without being named.
    #[error("\"{0}\" is always on and must not be named; allowed: {known}", known = Known::NAMES.join(", "))]
    AlwaysOn(String),
    /// Two of the same word.
    #[error("\"{0}\" is there twice")]
    Twice(String),
}

/// What cannot be kept out once it is in, by words and hosts: tag managers load whatever somebody adds to them later,
/// recorders send what people type, sharing scripts know browsers again everywhere.
const CANNOT: [(&[&str], &str); 3] = [
    (
        &["google_tag_manager", "googletagmanager", "gtm", "tealium", "tags.tiqcdn.com", "segment", "cdn.segment.com"],
        "it loads third parties that nobody declared",
    ),
    (
        &[
            "hotjar",
            "static.hotjar.com",
            "script.hotjar.com",
            "clarity",
            "www.clarity.ms",
            "fullstory",
            "mouseflow",
            "smartlook",
            "logrocket",
            "contentsquare",
            "lucky_orange",
        ],
        "it records what people do and type, and needs inline scripts",
    ),
    (
        &[
            "addthis",
            "s7.addthis.com",
            "sharethis",
            "addtoany",
            "facebook_pixel",
            "connect.facebook.net",
            "tiktok_pixel",
        ],
        "it follows people from site to site; sharing works as plain links",
    ),
];

/// Why a word or host of a site file cannot keep the promise, if so.
#[must_use]
pub fn why_not(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let same = |known: &str| name == known.replace('-', "_");
    CANNOT.iter().find(|(names, _)| names.iter().any(|known| same(known))).map(|(_, why)| *why)
}

impl ServiceList {
    /// The site's own services and `optional`.
    ///
    /// # Errors
    /// The first one whose word is taken.
    pub fn with(optional: Vec<Service>) -> Result<Self, ServiceFault> {
        let mut services = catalogue::own();
        for service in optional {
            if services.iter().any(|known| known.id == service.id) {
                return Err(ServiceFault::Twice(service.id.as_str().to_owned()));
            }
            services.push(service);
        }
        Ok(Self { services, left_behind: catalogue::left_behind() })
    }

    /// The site's own services and those of `names` that have nothing to be told.
    ///
    /// # Errors
    /// The first name that cannot be used, and why.
    pub fn of<S: AsRef<str>>(names: &[S]) -> Result<Self, ServiceFault> {
        Self::with(names.iter().map(|name| Self::known(name.as_ref())).collect::<Result<_, _>>()?)
    }

    /// The service of a word, if it is one that has nothing to be told.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn known(name: &str) -> Result<Service, ServiceFault> {
        if let Some(known) = Known::plain(name) {
            return Ok(known.service());
        }
        Err(match why_not(name) {
            Some(why) => ServiceFault::CannotKeepThePromise { name: name.to_owned(), why },
            None if catalogue::own().iter().any(|own| own.id.as_str() == name) => {
                ServiceFault::AlwaysOn(name.to_owned())
            }
            None => ServiceFault::Unknown(name.to_owned()),
        })
    }

    /// All services, the site's own first.
    pub fn iter(&self) -> impl Iterator<Item = &Service> {
        self.services.iter()
    }

    /// The services a person decides about, exempt ones included.
    pub fn iter_optional(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(|service| service.is_optional())
    }

    /// The services of `purpose`.
    pub fn of_purpose(&self, purpose: Purpose) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(move |service| service.purpose == purpose)
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

    /// Whether anything waits for a yes: otherwise there is no banner (C14).
    #[must_use]
    pub fn asks(&self) -> bool {
        self.services.iter().any(Service::is_asked)
    }

    /// Whether there is anything to decide, be it an objection.
    #[must_use]
    pub fn has_choices(&self) -> bool {
        self.iter_optional().next().is_some()
    }

    /// The version of the list as the choice cookie keeps it: eight hexadecimal digits a question, sorted. Another
    /// purpose or provider is another question; a corrected typo is none (C10).
    #[must_use]
    pub fn version(&self) -> String {
        self.iter_optional().map(fingerprint).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(".")
    }

    /// The whole list as one stable text, for the ledger (C8): what each service is, sets and reaches.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for service in self.iter_optional() {
            let cookies: Vec<_> = service
                .cookies
                .iter()
                .map(|cookie| {
                    format!("{} ({:?}, {:?}, {})", cookie.name, cookie.lifetime, cookie.used_for, cookie.path)
                })
                .collect();
            let country = service.provider.as_ref().map_or("", |provider| &provider.country);
            let _ = writeln!(
                text,
                "{}|{}|{country}|exempt {}|{}|{:?}",
                service.question(),
                service.name,
                service.exempt,
                cookies.join(", "),
                service.hosts
            );
        }
        text
    }

    /// Every cookie that this site could have had from one of its services, now or before it was this portal.
    pub(super) fn registered(&self) -> impl Iterator<Item = &CookieSpec> {
        self.iter_optional().flat_map(|service| &service.cookies).chain(&self.left_behind)
    }
}

/// What stands for a service's question in the choice cookie.
pub(super) fn fingerprint(service: &Service) -> String {
    let hash = Sha256::digest(service.question().as_bytes());
    hash.iter().take(4).fold(String::with_capacity(8), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::service::Provider;

    #[test]
    fn services_that_cannot_keep_the_promise_are_named() {
        for name in ["hotjar", "gtm", "google_tag_manager", "Google-Tag-Manager", "addthis"] {
            assert!(matches!(ServiceList::of(&[name]), Err(ServiceFault::CannotKeepThePromise { .. })), "{name}");
        }
        assert!(matches!(ServiceList::of(&["youtub"]), Err(ServiceFault::Unknown(_))));
        assert!(matches!(ServiceList::of(&["session"]), Err(ServiceFault::AlwaysOn(_))));
        assert!(matches!(ServiceList::of(&["youtube", "youtube"]), Err(ServiceFault::Twice(_))));
        // Those have something to be told.
        assert!(matches!(ServiceList::of(&["matomo"]), Err(ServiceFault::Unknown(_))));
        assert!(!ServiceList::of::<&str>(&[]).unwrap().has_choices());
    }

    #[test]
    fn every_definition_is_whole() {
        let provider = Provider { name: "8x8".into(), country: "États-Unis".into(), transfer_outside_eu: true };
        let told = [
            Known::GoogleAnalytics { measurement: "G-EXEMPLE000".into() },
            Known::Matomo { address: "https://m.test".into(), site: 1, provider: None, exempt: true },
            Known::Jitsi { host: "8x8.vc".into(), provider },
        ];
        let plain = Known::NAMES.iter().filter_map(|name| Known::plain(name));
        let all: Vec<_> = plain.chain(told).map(Known::service).collect();
        let mut names: Vec<_> = all.iter().map(|service| service.id.as_str()).collect();
        names.sort_unstable();
        let mut known = Known::NAMES;
        known.sort_unstable();
        assert_eq!(names, known);
        for service in &all {
            let Hosts { script, connect, img, frame } = &service.hosts;
            let sources: Vec<_> = [script, connect, img, frame].into_iter().flatten().collect();
            assert!(!sources.is_empty() && sources.iter().all(|source| source.starts_with("https://")), "{service:?}");
            assert!(service.id.is_sane() && service.exempt == service.cookies.is_empty(), "{service:?}");
            match (service.frame(), service.tag()) {
                (Some(shown), None) => {
                    assert!(shown.address.starts_with(&frame[0]) && frame.len() == 1, "{service:?}");
                    assert!(shown.address.contains("{item}") && shown.link.contains("{item}"), "{service:?}");
                }
                (None, Some(tag)) => assert!(tag.script.starts_with(&script[0]), "{service:?}"),
                _ => panic!("{service:?} comes into no page"),
            }
        }
    }
    use crate::consent::service::Hosts;

    #[test]
    fn another_provider_or_purpose_is_another_question_and_a_typo_is_none() {
        let version = |change: fn(&mut Service)| {
            let mut service = Known::YouTube.service();
            change(&mut service);
            ServiceList::with(vec![service]).unwrap().version()
        };
        let same = version(|_| ());
        assert_eq!(same.len(), 8);
        assert_eq!(version(|service| service.name = "Youtube".into()), same);
        assert_eq!(version(|service| service.about = Some("Des films".into())), same);
        assert_eq!(version(|service| service.hosts.frame.push("https://www.youtube.com".into())), same);
        assert_ne!(version(|service| service.purpose = Purpose::Social), same);
        assert_ne!(version(|service| service.provider = None), same);
        assert_ne!(version(|service| service.provider.as_mut().unwrap().transfer_outside_eu = false), same);
        assert_eq!(ServiceList::of(&["youtube", "vimeo"]).unwrap().version().len(), 17);
        let (one, other) = (ServiceList::of(&["youtube", "vimeo"]), ServiceList::of(&["vimeo", "youtube"]));
        assert_eq!(one.unwrap().version(), other.unwrap().version(), "the order says nothing");
    }
}
