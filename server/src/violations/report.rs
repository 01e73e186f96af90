//! Reads a report of a violation, and keeps almost nothing of it.

use app::routes::ROUTES;
use domain::consent::Violation;
use serde::Deserialize;
use url::Url;

/// The word for everything that has no word of its own.
const OTHER: &str = "other";
/// The most violations that are read from one report.
const REPORTS_MAX: usize = 10;
/// The longest origin that is kept.
const ORIGIN_MAX: usize = 120;

/// The directives that browsers report.
const DIRECTIVES: [&str; 22] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "prefetch-src",
    "require-trusted-types-for",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "worker-src",
];

/// Words that a browser sends instead of an address.
const KEYWORDS: [&str; 6] = ["inline", "eval", "wasm-eval", "data", "blob", "self"];

/// The two formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// The format of `report-uri`: one violation.
    Single,
    /// The format of `report-to`: several reports, some of which may be of another kind.
    Several,
}

impl Format {
    /// The format of a `Content-Type`.
    pub(super) fn of(content_type: &str) -> Option<Self> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/csp-report") {
            Some(Self::Single)
        } else if essence.eq_ignore_ascii_case("application/reports+json") {
            Some(Self::Several)
        } else {
            None
        }
    }
}

#[derive(Deserialize)]
struct Single {
    #[serde(rename = "csp-report")]
    report: SingleReport,
}

#[derive(Deserialize)]
struct SingleReport {
    #[serde(rename = "document-uri")]
    document: String,
    #[serde(rename = "effective-directive", default)]
    effective: String,
    #[serde(rename = "violated-directive", default)]
    violated: String,
    #[serde(rename = "blocked-uri", default)]
    blocked: String,
}

#[derive(Deserialize)]
struct Report {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    body: serde_json::Value,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "documentURL")]
    document: String,
    #[serde(rename = "effectiveDirective", default)]
    effective: String,
    #[serde(rename = "blockedURL", default)]
    blocked: Option<String>,
}

/// The violations in `body` that are about pages under `origin`, or nothing when it is not a report.
pub(super) fn read(format: Format, body: &[u8], origin: &str) -> Option<Vec<Violation>> {
    match format {
        Format::Single => {
            let report = serde_json::from_slice::<Single>(body).ok()?.report;
            // Older browsers send only the whole directive, with its sources.
            let whole = report.violated.split(' ').next().unwrap_or_default();
            let name = if report.effective.is_empty() { whole } else { &report.effective };
            Some(vec![violation(name, &report.blocked, &report.document, origin)])
        }
        Format::Several => {
            let reports = serde_json::from_slice::<Vec<Report>>(body).ok()?;
            let ours = reports.into_iter().filter(|report| report.kind == "csp-violation").take(REPORTS_MAX);
            ours.map(|report| {
                let body: Body = serde_json::from_value(report.body).ok()?;
                Some(violation(&body.effective, body.blocked.as_deref().unwrap_or_default(), &body.document, origin))
            })
            .collect()
        }
    }
}

fn violation(directive: &str, blocked_url: &str, document: &str, origin: &str) -> Violation {
    let known = DIRECTIVES.into_iter().find(|known| *known == directive);
    Violation {
        directive: known.unwrap_or(OTHER).to_owned(),
        blocked: blocked(blocked_url, origin),
        route: route(document, origin).to_owned(),
    }
}

/// A keyword, or the scheme and host of an address. Its path, its query and a user name before the host are not kept.
fn blocked(text: &str, origin: &str) -> String {
    if let Some(keyword) = KEYWORDS.into_iter().find(|keyword| *keyword == text) {
        return keyword.to_owned();
    }
    let Ok(url) = Url::parse(text) else { return OTHER.to_owned() };
    if url.origin().ascii_serialization() == origin {
        return "self".to_owned();
    }
    match (url.scheme(), url.host_str()) {
        ("data", _) => "data".to_owned(),
        ("blob", _) => "blob".to_owned(),
        (scheme @ ("http" | "https" | "ws" | "wss"), Some(host)) if host.len() + scheme.len() + 3 <= ORIGIN_MAX => {
            format!("{scheme}://{host}")
        }
        _ => OTHER.to_owned(),
    }
}

/// The pattern of the route that answers one of our paths.
fn route(document: &str, origin: &str) -> &'static str {
    let Ok(url) = Url::parse(document) else { return OTHER };
    if url.origin().ascii_serialization() != origin {
        return OTHER;
    }
    let patterns = ROUTES.iter().map(|route| route.path).filter(|pattern| matches(pattern, url.path()));
    // A fixed word goes before a parameter, as in the router.
    patterns.min_by_key(|pattern| pattern.matches('{').count()).unwrap_or(OTHER)
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut found) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == found || (wanted.starts_with('{') && !found.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const ORIGIN: &str = "https://portail.test";

    fn one(directive: &str, blocked: &str, document: &str) -> Violation {
        let body = json!({"csp-report": {
            "document-uri": document, "referrer": "https://portail.test/secret", "blocked-uri": blocked,
            "effective-directive": directive, "original-policy": "default-src 'none'", "status-code": 200,
        }});
        read(Format::Single, body.to_string().as_bytes(), ORIGIN).unwrap().remove(0)
    }

    #[test]
    fn a_report_keeps_an_origin_a_directive_and_a_pattern() {
        let kept = one(
            "script-src-elem",
            "https://lina:secret@www.example.org:8443/pixel.js?nom=Lina",
            "https://portail.test/conseiller/jeunes/0190-secret?recherche=Lina#Lina",
        );
        let expected = Violation {
            directive: "script-src-elem".into(),
            blocked: "https://www.example.org".into(),
            route: "/conseiller/jeunes/{youth}".into(),
        };
        assert_eq!(kept, expected);
        for (blocked, expected) in [
            ("inline", "inline"),
            ("eval", "eval"),
            ("wasm-eval", "wasm-eval"),
            ("data", "data"),
            ("data:text/html,Lina", "data"),
            ("blob:https://portail.test/1234", "self"),
            ("blob:null/1234", "blob"),
            ("self", "self"),
            ("https://portail.test/a?b", "self"),
            ("wss://www.example.org/live", "wss://www.example.org"),
            ("https://exämple.test/", "https://xn--exmple-cua.test"),
            ("chrome-extension://abcdef/x.js", "other"),
            ("about", "other"),
            ("", "other"),
            ("Lina Exemple", "other"),
            (&format!("https://{}.test/", "a".repeat(120)), "other"),
        ] {
            assert_eq!(one("img-src", blocked, "https://portail.test/").blocked, expected, "{blocked}");
        }
        for (document, expected) in [
            ("https://portail.test/", "/"),
            ("https://portail.test/cookies?back=%2Flina", "/cookies"),
            ("https://portail.test/admin/comptes/nouveau", "/admin/comptes/nouveau"),
            ("https://portail.test/admin/comptes/1234", "/admin/comptes/{account}"),
            ("https://portail.test/nulle-part/lina", "other"),
            ("https://portail.test/cookies/", "other"),
            ("https://ailleurs.test/cookies", "other"),
            ("about:srcdoc", "other"),
            ("", "other"),
        ] {
            assert_eq!(one("img-src", "inline", document).route, expected, "{document}");
        }
        assert_eq!(one("Lina-src", "inline", "https://portail.test/").directive, "other");
    }

    #[test]
    fn older_browsers_name_the_directive_with_its_sources() {
        let body = br#"{"csp-report":{"document-uri":"https://portail.test/cookies","violated-directive":"script-src 'self' https:"}}"#;
        let found = read(Format::Single, body, ORIGIN).unwrap();
        assert_eq!((found[0].directive.as_str(), found[0].blocked.as_str()), ("script-src", "other"));
    }

    #[test]
    fn several_reports_come_at_once_and_only_ours_count() {
        let report = json!({"age": 3, "type": "csp-violation", "url": "https://portail.test/cookies", "user_agent": "Canari",
            "body": {"documentURL": "https://portail.test/cookies", "blockedURL": "inline",
                     "effectiveDirective": "style-src-attr", "disposition": "enforce", "lineNumber": 3, "sample": ""}});
        let other = json!({"type": "deprecation", "age": 1, "body": {"id": "x"}});
        let body = json!([other, report, report]).to_string();
        let found = read(Format::Several, body.as_bytes(), ORIGIN).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].route, "/cookies");
        let many = json!(vec![report; 50]).to_string();
        assert_eq!(read(Format::Several, many.as_bytes(), ORIGIN).unwrap().len(), REPORTS_MAX);
        assert_eq!(read(Format::Several, b"[]", ORIGIN), Some(Vec::new()));
    }

    #[test]
    fn a_malformed_report_is_not_read() {
        for body in
            ["", "null", "{}", "[]", "{\"csp-report\":{}}", "{\"csp-report\":null}", "\u{feff}{}", "{\"csp-report\":"]
        {
            assert_eq!(read(Format::Single, body.as_bytes(), ORIGIN), None, "{body}");
        }
        for body in
            ["", "null", "{}", "[1]", "[{\"type\":\"csp-violation\"}]", "[{\"type\":\"csp-violation\",\"body\":{}}]"]
        {
            assert_eq!(read(Format::Several, body.as_bytes(), ORIGIN), None, "{body}");
        }
        assert_eq!(Format::of("application/CSP-report; charset=utf-8"), Some(Format::Single));
        assert_eq!(Format::of("application/reports+json"), Some(Format::Several));
        for other in ["text/plain", "application/json", "", "application/csp-report2"] {
            assert_eq!(Format::of(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            for format in [Format::Single, Format::Several] {
                read(format, &bytes, ORIGIN);
            }
        }

        #[test]
        fn any_report_keeps_only_known_words_and_an_origin(
            directive in "\\PC{0,40}|[a-z-]{3,20}",
            blocked in "\\PC{0,200}|(https?|wss?|data|blob|ftp)://?[a-zé.0-9@:%-]{0,150}(/[a-z]{0,9})?",
            document in "\\PC{0,80}|https://portail\\.test/[a-zé/{}%?.-]{0,60}",
        ) {
            let kept = one(&directive, &blocked, &document);
            prop_assert!(kept.directive == OTHER || DIRECTIVES.contains(&kept.directive.as_str()));
            prop_assert!(kept.route == OTHER || ROUTES.iter().any(|route| route.path == kept.route));
            prop_assert!(kept.blocked.len() <= ORIGIN_MAX && kept.blocked.bytes().all(|byte| byte.is_ascii_graphic()));
            if let Some((_, host)) = kept.blocked.split_once("://") {
                prop_assert!(!host.contains(['/', '@', '?', '#']), "{}", kept.blocked);
            } else {
                prop_assert!(kept.blocked == OTHER || KEYWORDS.contains(&kept.blocked.as_str()));
            }
        }
    }
}
