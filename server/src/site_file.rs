//! The site file (TOML): whose portal it is. A wrong one stops the start with the line and what is allowed.

use data_encoding::HEXLOWER;
use domain::{
    consent::{DEFAULT_MONTHS, ServiceList},
    site::{Site, Video},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{fs, path::Path};
use toml::Spanned;

/// The site file compiled in, used when none is named.
const DEFAULT: &str = include_str!("../sites/paris.toml");
/// What to call it in messages.
const DEFAULT_NAME: &str = "sites/paris.toml (compiled in)";

/// A site file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("BALISE_SITE: {file}{}: {message}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct SiteFileError {
    file: String,
    line: Option<usize>,
    message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    organisation: Organisation,
    vault: Vault,
    #[serde(default)]
    consent: Consent,
    video: Option<VideoSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organisation {
    name: Spanned<String>,
    tagline: Spanned<String>,
    address: Spanned<String>,
    city: Spanned<String>,
    phone: Spanned<String>,
    email: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vault {
    name: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    #[serde(default)]
    services: Vec<Spanned<String>>,
    months: Option<Spanned<u8>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VideoSection {
    service: Spanned<String>,
    id: Spanned<String>,
    title: Spanned<String>,
}

/// Reads the site file at `path`, or the one compiled in.
///
/// # Errors
/// The file, the line and what is allowed.
pub fn load(path: Option<&Path>) -> Result<Site, SiteFileError> {
    match path {
        None => parse(DEFAULT_NAME, DEFAULT),
        Some(path) => {
            let file = path.display().to_string();
            match fs::read_to_string(path) {
                Ok(text) => parse(&file, &text),
                Err(error) => Err(SiteFileError { file, line: None, message: format!("cannot be read: {error}") }),
            }
        }
    }
}

/// Reads a site file's text; `file` names it in messages.
///
/// # Errors
/// As [`load`].
pub fn parse(file: &str, text: &str) -> Result<Site, SiteFileError> {
    let wrong = |at: Option<usize>, message: String| SiteFileError {
        file: file.to_owned(),
        line: at.map(|at| text.get(..at).unwrap_or(text).matches('\n').count() + 1),
        message,
    };
    let parsed: File = toml::from_str(text)
        .map_err(|error| wrong(error.span().map(|span| span.start), error.message().replace('\n', ", ")))?;
    let filled = |name: &str, value: Spanned<String>| {
        let at = value.span().start;
        let value = value.into_inner();
        let sane = !value.trim().is_empty() && value.chars().count() <= 200;
        if sane { Ok(value) } else { Err(wrong(Some(at), format!("{name} must have 1 to 200 characters"))) }
    };

    let mut services = Vec::new();
    for service in &parsed.consent.services {
        // One at a time, so that the line of the wrong one can be told.
        ServiceList::of(&[service.get_ref()]).map_err(|fault| wrong(Some(service.span().start), fault.to_string()))?;
        services.push(service.get_ref().clone());
    }
    let services = ServiceList::of(&services).map_err(|fault| wrong(None, fault.to_string()))?;
    let consent_months = match parsed.consent.months {
        None => DEFAULT_MONTHS,
        Some(months) if (6..=12).contains(months.get_ref()) => *months.get_ref(),
        Some(months) => return Err(wrong(Some(months.span().start), "consent.months must be 6 to 12".to_owned())),
    };
    let video = match parsed.video {
        None => None,
        Some(video) => {
            let at = video.service.span().start;
            let service = services.optional(video.service.get_ref()).and_then(|service| {
                service.frame_origin?;
                (service.id.as_str() == "youtube").then_some("youtube")
            });
            let service = service.ok_or_else(|| {
                wrong(Some(at), "video.service must be one of consent.services that plays videos: youtube".to_owned())
            })?;
            let id_at = video.id.span().start;
            let id = video.id.into_inner();
            if id.len() != 11 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
                return Err(wrong(Some(id_at), "video.id must be the 11 characters of a YouTube address".to_owned()));
            }
            Some(Video { service, id, title: filled("video.title", video.title)? })
        }
    };
    let version = HEXLOWER.encode(&Sha256::digest(services.version_text().as_bytes()));
    let organisation = parsed.organisation;
    Ok(Site {
        name: filled("organisation.name", organisation.name)?,
        tagline: filled("organisation.tagline", organisation.tagline)?,
        address: filled("organisation.address", organisation.address)?,
        city: filled("organisation.city", organisation.city)?,
        phone: filled("organisation.phone", organisation.phone)?,
        email: filled("organisation.email", organisation.email)?,
        vault_name: filled("vault.name", parsed.vault.name)?,
        services,
        services_version: version.get(..12).unwrap_or(&version).to_owned(),
        consent_months,
        video,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_right() {
        let site = load(None).unwrap();
        assert!(site.services.needs_choice());
    }

    #[test]
    fn a_wrong_file_names_the_line_and_what_is_allowed() {
        let cases = [
            ("[organisation]", "[organization]", "line 4", "unknown field `organization`"),
            ("phone = ", "fone = ", "line 9", "unknown field `fone`, expected one of"),
            ("\"youtube\"]", "\"youtub\"]", "line 17", "unknown service \"youtub\"; allowed: youtube"),
            ("\"youtube\"]", "\"hotjar\"]", "line 17", "\"hotjar\" cannot be used"),
            ("months = 6", "months = 24", "line 19", "consent.months must be 6 to 12"),
            ("months = 6", "months = \"six\"", "line 19", "invalid type"),
            ("id = \"", "id = \"<", "line 24", "11 characters"),
            (
                "name = \"Mission",
                "name = \"\" # \"Mission",
                "line 5",
                "organisation.name must have 1 to 200 characters",
            ),
        ];
        for (right, typo, line, message) in cases {
            assert!(DEFAULT.contains(right), "{right}");
            let error = parse("site.toml", &DEFAULT.replacen(right, typo, 1)).err().unwrap().to_string();
            assert!(error.contains(&format!("site.toml, {line}:")) && error.contains(message), "{error}");
            assert!(!error.contains('\n'), "one line: {error}");
        }
    }

    #[test]
    fn no_optional_service_is_fine() {
        let text = DEFAULT.replace("\"youtube\"]", "]");
        let text = text.split("[video]").next().unwrap();
        assert!(!parse("site.toml", text).unwrap().services.needs_choice());
    }
}
