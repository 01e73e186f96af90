//! Which cookies an answer makes the browser forget once somebody has chosen (C4).

use super::{
    COOKIE,
    list::ServiceList,
    service::{CookieSpec, Service},
};

/// One cookie to expire: a browser forgets it only where name, domain and path are those it was set with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry {
    /// Its name.
    pub name: String,
    /// The domain it was set for; none for this host alone.
    pub domain: Option<String>,
    /// The path it was set on.
    pub path: String,
}

/// What to expire of the cookies `received` on `host`, where the services of `accepts` may keep theirs. Sorted by
/// name. Registered ones go for the host and each parent domain, on `/` and their paths; names that nobody registered
/// go for the host alone, since a parent domain may hold the organisation's other applications.
#[must_use]
pub fn expiries(received: &[&str], host: &str, list: &ServiceList, accepts: impl Fn(&Service) -> bool) -> Vec<Expiry> {
    let kept: Vec<&CookieSpec> = list
        .iter()
        .filter(|service| !service.is_optional() || accepts(service))
        .flat_map(|service| &service.cookies)
        .collect();
    let mut names: Vec<&str> = received.iter().copied().filter(|name| is_token(name)).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = Vec::new();
    for name in names {
        if kept.iter().any(|cookie| cookie.is_named(name)) {
            continue;
        }
        let mut paths: Vec<&str> =
            list.registered().filter(|cookie| cookie.is_named(name)).map(|cookie| cookie.path.as_str()).collect();
        let domains = if paths.is_empty() { own_domain(host) } else { domains(host) };
        paths.push("/");
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            let expiry = |domain: Option<&str>| Expiry {
                name: name.to_owned(),
                domain: domain.map(str::to_owned),
                path: path.to_owned(),
            };
            found.push(expiry(None));
            // What a host alone may set is nobody's domain's.
            if !name.starts_with("__Host-") {
                found.extend(domains.iter().map(|domain| expiry(Some(domain))));
            }
        }
    }
    found
}

/// Choice cookies other than the one that `host` sets for itself alone, such as one that a former portal left on a
/// parent domain: both would be sent, and then none counts.
#[must_use]
pub fn other_choices(host: &str) -> Vec<Expiry> {
    let expiry =
        |domain: &str| Expiry { name: COOKIE.to_owned(), domain: Some(domain.to_owned()), path: "/".to_owned() };
    domains(host).into_iter().map(expiry).collect()
}

/// Whether a name can stand in `Set-Cookie` (RFC 6265, token).
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&b))
}

/// `host` as a domain, unless it is an address or a single word.
fn own_domain(host: &str) -> Vec<&str> {
    domains(host).into_iter().take(1).collect()
}

/// `host` and its parents, the last label alone excepted: no browser takes a cookie for a whole top-level domain.
fn domains(host: &str) -> Vec<&str> {
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut rest = host;
    while let Some((_, parent)) = rest.split_once('.') {
        found.push(rest);
        rest = parent;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{SESSION_COOKIE, catalogue::Known};
    use proptest::prelude::*;

    fn list() -> ServiceList {
        let google = Known::GoogleAnalytics { measurement: "G-EXEMPLE000".into() }.service();
        ServiceList::with(vec![google, Known::YouTube.service()]).unwrap()
    }

    fn swept(received: &[&str], host: &str, accepted: bool) -> Vec<(String, String, String)> {
        expiries(received, host, &list(), |_| accepted)
            .into_iter()
            .map(|expiry| (expiry.name, expiry.domain.unwrap_or_default(), expiry.path))
            .collect()
    }

    #[test]
    fn registered_ones_go_everywhere_and_unknown_ones_from_here() {
        let received = ["_ga", "_ga_X", "_gid", "__atuvc", "PHPSESSID", COOKIE, SESSION_COOKIE];
        let found = swept(&received, "portail.ml.site.test", false);
        let of = |name: &str| -> Vec<String> {
            found.iter().filter(|expiry| expiry.0 == name).map(|expiry| expiry.1.clone()).collect()
        };
        for name in ["_ga", "_ga_X", "_gid", "__atuvc"] {
            assert_eq!(of(name), ["", "portail.ml.site.test", "ml.site.test", "site.test"], "{name}");
        }
        assert_eq!(of("PHPSESSID"), ["", "portail.ml.site.test"], "another application's may be on a parent");
        assert!(of(COOKIE).is_empty() && of(SESSION_COOKIE).is_empty());
        assert!(found.iter().all(|expiry| expiry.2 == "/"));
    }

    #[test]
    fn another_choice_is_looked_for_on_each_domain_but_never_where_ours_lies() {
        let found = other_choices("portail.ml.site.test");
        let domains: Vec<_> = found.iter().filter_map(|expiry| expiry.domain.as_deref()).collect();
        assert_eq!(domains, ["portail.ml.site.test", "ml.site.test", "site.test"]);
        assert!(found.len() == 3 && found.iter().all(|expiry| expiry.name == COOKIE && expiry.path == "/"));
        assert_eq!(other_choices("127.0.0.1"), []);
    }

    #[test]
    fn what_an_accepted_service_sets_stays() {
        assert_eq!(swept(&["_ga", "_ga_X"], "site.test", true), []);
        // Its provider's other products were not accepted with it.
        assert_eq!(swept(&["_gcl_au"], "site.test", true).len(), 2);
    }

    #[test]
    fn hosts_without_parents_have_none() {
        for host in ["localhost", "127.0.0.1", "[::1]", ""] {
            assert_eq!(swept(&["_ga"], host, false), [("_ga".into(), String::new(), "/".into())], "{host}");
        }
        assert_eq!(swept(&["__Host-other"], "site.test", false).len(), 1);
    }

    #[test]
    fn a_registered_path_is_swept_too() {
        let mut service = Known::GoogleAnalytics { measurement: "G-EXEMPLE000".into() }.service();
        service.cookies[0].path = "/actualites".to_owned();
        let list = ServiceList::with(vec![service]).unwrap();
        let found = expiries(&["_ga"], "site.test", &list, |_| false);
        let paths: Vec<_> = found.iter().map(|expiry| expiry.path.as_str()).collect();
        assert_eq!(paths, ["/", "/", "/actualites", "/actualites"]);
    }

    proptest! {
        #[test]
        fn whatever_a_browser_sends_an_expiry_can_be_written(
            names in proptest::collection::vec("\\PC{0,30}", 0..20),
            host in "[a-z0-9.-]{0,40}",
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for expiry in expiries(&names, &host, &list(), |_| false) {
                prop_assert!(is_token(&expiry.name));
                prop_assert!(expiry.domain.is_none_or(|domain| host.ends_with(&domain) && domain.contains('.')));
            }
        }
    }
}
