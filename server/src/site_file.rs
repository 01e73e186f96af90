//! The site file (TOML): whose portal it is. A wrong one stops the start with the line and what is allowed.

mod embeds;
mod look;
mod modules;
mod services;
mod texts;

use domain::site::Site;
use serde::Deserialize;
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
    #[serde(default)]
    modules: modules::Section,
    #[serde(default)]
    look: look::Section,
    #[serde(default)]
    texts: texts::Section,
    vault: Vault,
    #[serde(default)]
    consent: services::Section,
    #[serde(default)]
    embeds: Vec<embeds::EmbedSection>,
    #[serde(default)]
    sharing: embeds::Sharing,
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

/// Where a value that is refused begins in the file, and what is allowed.
type Refused = (usize, String);

/// A value of 1 to 200 characters in one line; `name` is its field in messages.
fn filled(name: &str, value: Spanned<String>) -> Result<String, Refused> {
    let at = value.span().start;
    let value = value.into_inner();
    let sane = !value.trim().is_empty() && value.chars().count() <= 200 && !value.chars().any(char::is_control);
    if sane { Ok(value) } else { Err((at, format!("{name} must have 1 to 200 characters, in one line"))) }
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
    let refused = |(at, message): Refused| wrong(Some(at), message);
    let filled = |name: &str, value: Spanned<String>| filled(name, value).map_err(refused);

    let (services, consent_months) = services::read(parsed.consent).map_err(refused)?;
    let embeds = embeds::read(parsed.embeds, &services).map_err(refused)?;
    let organisation = parsed.organisation;
    Ok(Site {
        name: filled("organisation.name", organisation.name)?,
        tagline: filled("organisation.tagline", organisation.tagline)?,
        address: filled("organisation.address", organisation.address)?,
        city: filled("organisation.city", organisation.city)?,
        phone: filled("organisation.phone", organisation.phone)?,
        email: filled("organisation.email", organisation.email)?,
        vault_name: filled("vault.name", parsed.vault.name)?,
        modules: modules::read(&parsed.modules).map_err(refused)?,
        look: look::read(&parsed.look).map_err(refused)?,
        texts: texts::read(parsed.texts).map_err(refused)?,
        services,
        consent_months,
        embeds,
        share: embeds::sharing(parsed.sharing).map_err(refused)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::site::{Module, Modules};

    #[test]
    fn the_default_is_right() {
        let site = load(None).unwrap();
        assert!(site.services.needs_choice());
    }

    /// The message about `DEFAULT` with `typo` in place of `right`; it must name the line of it.
    #[track_caller]
    fn refused(right: &str, typo: &str) -> String {
        let (before, _) = DEFAULT.split_once(right).expect(right);
        let line = before.matches('\n').count() + 1;
        let error = parse("site.toml", &DEFAULT.replacen(right, typo, 1)).expect_err(typo).to_string();
        assert!(error.starts_with(&format!("BALISE_SITE: site.toml, line {line}: ")), "{typo}: {error}");
        assert!(!error.contains('\n'), "one line: {error}");
        error
    }

    #[test]
    fn a_wrong_file_names_the_line_and_what_is_allowed() {
        let long = format!("hours = [{}]", "\"x\", ".repeat(11));
        let cases = [
            ("[organisation]", "[organization]", "unknown field `organization`"),
            ("phone = ", "fone = ", "unknown field `fone`, expected one of"),
            ("services = [\"youtube\"]", "services = [\"youtub\"]", "unknown service \"youtub\"; allowed: youtube"),
            ("services = [\"youtube\"]", "services = [\"hotjar\"]", "\"hotjar\" cannot be used"),
            ("months = 6", "months = 24", "consent.months must be 6 to 12"),
            ("months = 6", "months = \"six\"", "invalid type"),
            ("id = \"", "id = \"<", "11 characters"),
            ("name = \"Mission", "name = \"\" # \"Mission", "organisation.name must have 1 to 200 characters"),
            (
                "youth_space = true",
                "youthspace = true",
                "modules.youthspace: unknown module; allowed: youth_space, vault, advisors",
            ),
            ("youth_space = true", "youth_space = \"yes\"", "invalid type"),
            ("hours = [\"Du", "hours = [\"\", \"Du", "texts.hours must have 1 to 200 characters"),
            ("hours = [\"Du", "hours = [] # \"Du", "texts.hours must have 1 to 10 lines"),
            ("hours = [\"Du", &format!("{long} # [\"Du"), "texts.hours must have 1 to 10 lines"),
            ("hours = [\"Du", "hours = [\"a\\nb\", \"Du", "in one line"),
            ("directions =", "direction =", "unknown field `direction`, expected one of"),
        ];
        for (right, typo, message) in cases {
            let error = refused(right, typo);
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_module_without_what_it_needs_is_refused_where_it_says_so() {
        let off = DEFAULT.replacen("youth_space = true", "youth_space = false", 1);
        let message = |text: &str| parse("site.toml", text).err().unwrap().to_string();
        let line = |text: &str, word: &str| text.split_once(word).unwrap().0.matches('\n').count() + 1;
        let error = message(&off);
        assert!(error.contains(&format!("line {}:", line(&off, "vault = true"))), "{error}");
        assert!(error.contains("allowed: youth_space = true, or vault = false as well"), "{error}");
        // Nothing said of the vault means that it is on.
        let silent = off.replacen("vault = true", "# vault", 1);
        let error = message(&silent);
        assert!(error.contains(&format!("line {}:", line(&silent, "youth_space = false"))), "{error}");
        let both = off.replacen("vault = true", "vault = false", 1);
        let site = parse("site.toml", &both).unwrap();
        assert!(!site.modules.has(Module::Vault) && site.modules.has(Module::Advisors));
    }

    #[test]
    fn nothing_said_everything_on() {
        let text = DEFAULT.replacen("youth_space = true\nvault = true", "", 1).replacen("advisors = true", "", 1);
        assert_eq!(parse("site.toml", &text).unwrap().modules, Modules::without(&[]));
    }

    #[test]
    fn a_colour_that_cannot_be_read_says_what_was_measured() {
        for (set, expected) in [
            ("accent = \"#ffc93c\"", "look.accent #ffc93c has a contrast of 1."),
            ("accent = \"#7a7a7a\"", ":1 with #faf6ee (--bg); at least 4.5:1 is needed: choose a darker colour"),
            ("accent_dark = \"#29256f\"", "at least 4.5:1 is needed: choose a lighter colour"),
            ("accent = \"red\"", "look.accent must be a colour such as #29256f"),
            ("acent = \"#29256f\"", "unknown field `acent`, expected `accent` or `accent_dark`"),
        ] {
            let text = DEFAULT.replacen("[texts]", &format!("[look]\n{set}\n[texts]"), 1);
            let line = text.split_once(set).unwrap().0.matches('\n').count() + 1;
            let error = parse("site.toml", &text).err().unwrap().to_string();
            assert!(error.starts_with(&format!("BALISE_SITE: site.toml, line {line}: ")), "{error}");
            assert!(error.contains(expected) && !error.contains('\n'), "{error}");
        }
        let text = DEFAULT.replacen("[texts]", "[look]\naccent = \"#7a1f5c\"\naccent_dark = \"#f2b8dd\"\n[texts]", 1);
        let look = parse("site.toml", &text).unwrap().look;
        assert_eq!(look.accent.unwrap().to_string(), "#7a1f5c");
    }

    #[test]
    fn an_address_elsewhere_is_https_and_a_phone_number_has_digits() {
        let at = "hours = [\"Du";
        for (set, expected) in [
            (
                "link = { label = \"x\", url = \"http://exemple.test\" }",
                "texts.link.url must be an address such as https://",
            ),
            ("link = { label = \"x\", url = \"javascript:alert(1)\" }", "texts.link.url must be an address"),
            ("link = { label = \"\", url = \"https://exemple.test\" }", "texts.link.label must have 1 to 200"),
            ("link = { url = \"https://exemple.test\" }", "missing field `label`"),
            ("second_phone = { label = \"x\", number = \"ici\" }", "texts.second_phone.number must be a phone number"),
        ] {
            let error = refused(at, &format!("{set}\n{at}"));
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn no_optional_service_is_fine() {
        let text = DEFAULT.replace("\"youtube\"]", "]");
        let text = text.split("[video]").next().unwrap();
        assert!(!parse("site.toml", text).unwrap().services.needs_choice());
    }
}
