//! The site file (TOML) describes one organisation's portal. A wrong file stops the start with the line and what is
//! allowed.

mod embeds;
mod events;
mod legal;
mod look;
mod modules;
mod news;
mod retention;
mod services;
mod territory;
mod texts;

use domain::site::Site;
use serde::Deserialize;
use std::{fs, path::Path};
use toml::Spanned;

/// The site file that is compiled in, for a start without one.
const DEFAULT: &str = include_str!("../sites/paris.toml");
/// Its name in messages.
const DEFAULT_NAME: &str = "sites/paris.toml (compiled in)";

/// The most characters of the name under the icon of the app.
const SHORT_NAME_MAX: usize = 12;

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
    legal: legal::Section,
    #[serde(default)]
    retention: retention::Section,
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
    #[serde(default)]
    events: events::Section,
    #[serde(default)]
    news: Vec<news::Section>,
    #[serde(default)]
    territory: territory::Section,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organisation {
    name: Spanned<String>,
    short_name: Option<Spanned<String>>,
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

/// The place of a refused value in the file, and what is allowed.
type Refused = (usize, String);

/// A value of 1 to 200 characters in one line; `name` is its field in messages.
fn filled(name: &str, value: Spanned<String>) -> Result<String, Refused> {
    let at = value.span().start;
    let value = value.into_inner();
    let sane = !value.trim().is_empty() && value.chars().count() <= 200 && !value.chars().any(char::is_control);
    if sane { Ok(value) } else { Err((at, format!("{name} must have 1 to 200 characters, in one line"))) }
}

/// The name under the icon of the app: telephones cut off what is longer.
fn short_name(value: Spanned<String>) -> Result<String, Refused> {
    let at = value.span().start;
    match filled("organisation.short_name", value) {
        Ok(name) if name.chars().count() <= SHORT_NAME_MAX => Ok(name),
        _ => Err((at, format!("organisation.short_name must have 1 to {SHORT_NAME_MAX} characters, in one line"))),
    }
}

/// Reads the site file at `path`, or the one compiled in.
///
/// # Errors
/// The message names the file, the line and what is allowed.
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
/// The same as for [`load`].
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
    let name = filled("organisation.name", organisation.name)?;
    let short_name = organisation.short_name.map(short_name).transpose().map_err(refused)?;
    Ok(Site {
        short_name: short_name.unwrap_or_else(|| name.clone()),
        name,
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
        legal: legal::read(parsed.legal).map_err(refused)?,
        keeping: retention::read(&parsed.retention).map_err(refused)?,
        events: events::read(parsed.events).map_err(refused)?,
        news: news::read(parsed.news).map_err(refused)?,
        territory: territory::read(parsed.territory, Path::new(file)).map_err(|error| error.unwrap_or_else(refused))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        consent::DEFAULT_MONTHS,
        retention::Keeping,
        site::{Module, Modules},
    };

    #[test]
    fn the_default_is_right() {
        let site = load(None).unwrap();
        assert!(site.services.asks() && !site.embeds.is_empty() && !site.share.is_empty());
    }

    /// Replaces `right` by `typo` in `DEFAULT` and gives the message, which must name this line.
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
    fn the_message_about_a_wrong_file_names_the_line_and_what_is_allowed() {
        let long = format!("hours = [{}]", "\"x\", ".repeat(11));
        let cases = [
            ("[organisation]", "[organization]", "unknown field `organization`"),
            ("phone = ", "fone = ", "unknown field `fone`, expected one of"),
            ("\"youtube\"]", "\"youtub\"]", "unknown service \"youtub\"; allowed: google_analytics, matomo, youtube"),
            ("\"youtube\"]", "\"hotjar\"]", "\"hotjar\" cannot be used: it records what people do"),
            ("\"youtube\"]", "\"google_tag_manager\"]", "cannot be used: it loads third parties that nobody declared"),
            ("\"youtube\"]", "\"session\"]", "\"session\" is always on and must not be named"),
            ("\"youtube\"]", "\"youtube\", \"youtube\"]", "\"youtube\" is there twice"),
            ("\"youtube\"]", "\"youtube\", \"matomo\"]", "\"matomo\" needs [consent.matomo] with address"),
            ("\"youtube\"]", "\"youtube\", \"jitsi\"]", "\"jitsi\" needs [consent.jitsi] with host"),
            ("measurement = \"G-EXEMPLE000\"", "measurement = \"GTM-ABC123\"", "\"Google Tag Manager\" cannot be used"),
            ("measurement = \"G-EXEMPLE000\"", "measurement = \"UA-1234-1\"", "must be the number of a stream"),
            ("measurement = \"G-EXEMPLE000\"", "number = \"G-EXEMPLE000\"", "unknown field `number`"),
            ("# months = 12", "months = 24", "consent.months must be 6 to 12"),
            ("# months = 12", "months = \"six\"", "invalid type"),
            ("item = \"", "item = \"<", "embeds.item must be what YouTube calls it: 11 letters, digits, - or _"),
            ("service = \"youtube\"", "service = \"google_analytics\"", "that shows frames: youtube"),
            ("service = \"youtube\"", "service = \"vimeo\"", "embeds.service must be one of consent.services"),
            (
                "networks = [\"mail\"",
                "networks = [\"myspace\"",
                "sharing.networks: unknown \"myspace\"; allowed: mail, facebook",
            ),
            ("networks = [\"mail\"", "networks = [\"x\", \"mail\"", "sharing.networks: \"x\" is there twice"),
            ("name = \"Mission", "name = \"\" # \"Mission", "organisation.name must have 1 to 200 characters"),
            (
                "# newsletter = false",
                "youthspace = true",
                "modules.youthspace: unknown module; allowed: youth_space, vault, advisors, contact",
            ),
            ("# newsletter = false", "newsletter = \"no\"", "invalid type"),
            ("ML Paris", "Mission Locale", "organisation.short_name must have 1 to 12 characters"),
            ("ML Paris", "", "organisation.short_name must have 1 to 12 characters"),
            ("hours = [\"Du", "hours = [\"\", \"Du", "texts.hours must have 1 to 200 characters"),
            ("hours = [\"Du", "hours = [] # \"Du", "texts.hours must have 1 to 10 lines"),
            ("hours = [\"Du", &format!("{long} # [\"Du"), "texts.hours must have 1 to 10 lines"),
            ("hours = [\"Du", "hours = [\"a\\nb\", \"Du", "in one line"),
            ("directions =", "direction =", "unknown field `direction`, expected one of"),
            ("dpo_email = \"dpo@exemple.test\"", "dpo_email = \"dpo\"", "legal.dpo_email must be an address"),
            ("publisher = \"La", "publisher = \"\" # \"La", "legal.publisher must have 1 to 200 characters"),
            ("# siret = \"000 000 000 00000\"", "siret = \"12\"", "legal.siret must have 14 digits"),
            ("# contact = 4", "contact = 13", "retention.contact must be 1 to 12 months"),
            ("# contact = 4", "contacts = 6", "retention.contacts: unknown rule; allowed: contact, pre_registration"),
            ("# contact = 4", "newsletter = 6", "retention.newsletter: unknown rule; allowed: contact"),
            ("# contact = 4", "visits = 26", "retention.visits must be 1 to 25 months"),
            ("# contact = 4", "apprenticeship_tax = 29", "must be 30 to 730 days"),
        ];
        for (right, typo, message) in cases {
            let error = refused(right, typo);
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_module_without_what_it_needs_is_refused_where_it_says_so() {
        let off = DEFAULT.replacen("# newsletter = false", "vault = true\nyouth_space = false", 1);
        let message = |text: &str| parse("site.toml", text).err().unwrap().to_string();
        let line = |text: &str, word: &str| text.split_once(word).unwrap().0.matches('\n').count() + 1;
        let error = message(&off);
        assert!(error.contains(&format!("line {}:", line(&off, "vault = true"))), "{error}");
        assert!(error.contains("allowed: youth_space = true, or vault = false as well"), "{error}");
        // A vault that the file does not name is on.
        let silent = off.replacen("vault = true", "# vault", 1);
        let error = message(&silent);
        assert!(error.contains(&format!("line {}:", line(&silent, "youth_space = false"))), "{error}");
        let both = off.replacen("vault = true", "vault = false", 1);
        let site = parse("site.toml", &both).unwrap();
        assert!(!site.modules.has(Module::Vault) && site.modules.has(Module::Advisors));
    }

    #[test]
    fn the_default_file_repeats_no_default() {
        let site = load(None).unwrap();
        assert_eq!(site.modules, Modules::without(&[]), "every module is on");
        assert_eq!((site.keeping, site.consent_months), (Keeping::default(), DEFAULT_MONTHS));
        for section in ["modules", "retention"] {
            let (_, lines) = DEFAULT.split_once(&format!("[{section}]\n")).unwrap();
            let set = lines
                .lines()
                .take_while(|line| !line.starts_with('['))
                .find(|line| line.contains(" = ") && !line.starts_with('#'));
            assert_eq!(set, None, "[{section}] of the default file");
        }
        assert!(!DEFAULT.contains("\nmonths = "));
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
    fn a_receiver_has_a_key_and_a_name() {
        let key = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
        let with = |lines: &str| parse("site.toml", &format!("{DEFAULT}\n[events]\n{lines}"));
        let events = with(&format!("receiver = \"{key}\"\nreceiver_name = \"Région\"")).unwrap().events;
        assert_eq!((events.receiver.as_deref(), events.receiver_name.as_deref()), (Some(key), Some("Région")));
        let name = "receiver_name = \"Région\"\n";
        let first = DEFAULT.matches('\n').count() + 3;
        for (lines, line, expected) in [
            (format!("{name}receiver = \"age1nonsense\""), first + 1, "events.receiver must be an age public key"),
            (format!("receiver = \"{key}\""), first, "events.receiver needs events.receiver_name"),
            (name.to_owned(), first, "events.receiver_name needs events.receiver"),
            (format!("{name}reciever = \"{key}\""), first + 1, "unknown field `reciever`"),
        ] {
            let error = with(&lines).err().unwrap().to_string();
            assert!(error.starts_with(&format!("BALISE_SITE: site.toml, line {line}: {expected}")), "{error}");
        }
    }

    #[test]
    fn news_have_a_day_and_the_latest_comes_first() {
        let with = |lines: &str| parse("site.toml", &format!("{DEFAULT}\n{lines}"));
        let piece =
            |date: &str, title: &str| format!("[[news]]\ndate = \"{date}\"\ntitle = \"{title}\"\ntext = \"Un mot.\"\n");
        let news = with(&format!("{}{}", piece("2026-01-05", "Avant"), piece("2026-02-28", "Après"))).unwrap().news;
        assert_eq!(news.iter().map(|news| news.title.as_str()).collect::<Vec<_>>(), ["Après", "Avant"]);
        let long = piece("2026-01-05", "A").replace("Un mot.", &"x".repeat(1_001));
        let many: String = (0..21).map(|index| piece("2026-01-05", &index.to_string())).collect();
        for (lines, expected) in [
            (piece("2026-02-29", "A"), "news.date must be a day such as"),
            (piece("2026-01-05", ""), "news.title must have 1 to 200 characters"),
            (long, "news.text must have 1 to 1000 characters, in one line"),
            (piece("2026-01-05", "A").repeat(2), "news.title: this is there twice on the same day"),
            (many, "at most 20 pieces of news"),
        ] {
            let error = with(&lines).err().unwrap().to_string();
            assert!(error.starts_with("BALISE_SITE: site.toml, line ") && error.contains(expected), "{error}");
        }
    }

    #[test]
    fn no_optional_service_is_fine() {
        let (before, after) = DEFAULT.split_once("[consent]").unwrap();
        let sharing = after.split_once("[sharing]").unwrap().1;
        let site = parse("site.toml", &format!("{before}[sharing]{sharing}")).unwrap();
        assert!(!site.services.has_choices() && site.embeds.is_empty());
    }

    /// The default with these lines before `[[embeds]]`.
    fn with(declared: &str) -> String {
        DEFAULT.replacen("[[embeds]]", &format!("{declared}\n[[embeds]]"), 1)
    }

    const DECLARED: &str = r#"[[consent.declared]]
id = "carte"
name = "Carte d’exemple"
purpose = "embed"
about = "Montrer où nous trouver"
provider = { name = "Cartes d’exemple", country = "France", outside_eu = false }
exempt = false
cookies = [{ name = "carte_*", days = 30, about = "Retenir l’endroit regardé" }]
frame = { address = "https://carte.exemple.test/cadre/{item}?lang=fr" }
"#;

    #[test]
    fn a_service_without_a_known_name_is_declared_in_full() {
        let site = parse("site.toml", &with(DECLARED)).unwrap();
        let service = site.services.optional("carte").unwrap();
        assert_eq!(service.hosts.frame, ["https://carte.exemple.test"]);
        assert_eq!(service.frame().unwrap().address_of("a1"), "https://carte.exemple.test/cadre/a1?lang=fr");
        assert!(service.is_asked() && !service.cookies[0].first_party && service.cookies[0].is_named("carte_x"));

        let script = DECLARED
            .replace("\"embed\"", "\"measurement\"")
            .replace("exempt = false", "exempt = true")
            .replace(
                "frame = { address = \"https://carte.exemple.test/cadre/{item}?lang=fr\" }",
                "script = { address = \"https://visites.exemple.test/m.js?site=1\", img = [\"https://i.exemple.test/\"] }",
            );
        let site = parse("site.toml", &with(&script)).unwrap();
        let service = site.services.optional("carte").unwrap();
        assert_eq!(service.hosts.script, ["https://visites.exemple.test/m.js"]);
        assert_eq!(service.hosts.connect, ["https://visites.exemple.test"]);
        assert_eq!(service.hosts.img, ["https://i.exemple.test"]);
        assert!(!service.is_asked() && service.is_optional() && service.cookies[0].first_party);
    }

    #[test]
    fn an_incomplete_declaration_is_refused_on_its_line() {
        let address = "https://carte.exemple.test/cadre/{item}?lang=fr";
        for (right, wrong, message) in [
            ("id = \"carte\"", "id = \"Carte\"", "consent.declared.id must be a word of its own"),
            ("id = \"carte\"", "id = \"vimeo\"", "consent.declared.id must be a word of its own"),
            ("id = \"carte\"", "id = \"youtube_2\"\nidd = \"x\"", "unknown field `idd`"),
            ("id = \"carte\"", "id = \"hotjar\"", "\"hotjar\" cannot be used"),
            ("name = \"Carte d’exemple\"", "", "missing field `name`"),
            (
                "purpose = \"embed\"",
                "purpose = \"necessary\"",
                "must be one of measurement, video, social, meeting, embed",
            ),
            ("provider = { name = \"Cartes d’exemple\", ", "provider = { ", "missing field `name`"),
            (", outside_eu = false }", " }", "missing field `outside_eu`"),
            ("exempt = false", "exempt = true", "only purpose = \"measurement\" can do without consent"),
            ("exempt = false", "", "missing field `exempt`"),
            ("name = \"carte_*\"", "name = \"*\"", "consent.declared.cookies.name must be 2 to 60"),
            ("name = \"carte_*\"", "name = \"eu-*\"", "none of this site's own"),
            ("name = \"carte_*\"", "name = \"a;b\"", "consent.declared.cookies.name must be 2 to 60"),
            ("days = 30", "days = 4000", "consent.declared.cookies.days must be 0 to 400"),
            ("days = 30, ", "", "missing field `days`"),
            (address, "http://carte.exemple.test/{item}", "must be an address such as https://"),
            (address, "https://carte.exemple.test/cadre", "must have {item}"),
            (address, "https://{item}.exemple.test/cadre", "must have {item}"),
            (address, "https://127.0.0.1/{item}", "must be an address such as https://"),
            (address, "https://a.test/{item}; script-src *", "must be an address such as https://"),
            (address, "https://*.exemple.test/{item}", "must be an address such as https://"),
            (address, "https://www.googletagmanager.com/{item}", "it loads third parties that nobody declared"),
            (address, "https://static.hotjar.com/{item}", "\"static.hotjar.com\" cannot be used"),
            ("frame = {", "script = { address = \"https://a.test/x.js\" }\nframe = {", "a frame or a script, not both"),
        ] {
            let text = with(&DECLARED.replacen(right, wrong, 1));
            assert!(DECLARED.contains(right), "{right}");
            let error = parse("site.toml", &text).expect_err(wrong).to_string();
            assert!(error.starts_with("BALISE_SITE: site.toml, line ") && !error.contains('\n'), "{error}");
            assert!(error.contains(message), "{wrong}: {error}");
        }
        let many: String = (0..20).map(|index| DECLARED.replace("\"carte\"", &format!("\"carte_{index}\""))).collect();
        assert!(parse("site.toml", &with(&many)).unwrap_err().to_string().contains("at most 20 services"));
    }

    #[test]
    fn settings_of_known_services_are_checked_and_must_be_used() {
        let matomo = "[consent.matomo]\naddress = \"https://m.exemple.test/\"\nsite = 1\nexempt = true\n";
        let unused = parse("site.toml", &with(matomo)).unwrap_err().to_string();
        assert!(unused.contains("consent.matomo is not on the list"), "{unused}");
        let named = with(matomo).replacen("\"youtube\"]", "\"youtube\", \"matomo\"]", 1);
        let site = parse("site.toml", &named).unwrap();
        let service = site.services.optional("matomo").unwrap();
        assert_eq!(service.hosts.script, ["https://m.exemple.test/matomo.js"]);
        assert!(service.exempt && service.cookies.is_empty());
        let wrong = named.replacen("https://m.exemple.test/", "m.exemple.test", 1);
        assert!(
            parse("site.toml", &wrong).unwrap_err().to_string().contains("consent.matomo.address must be an address")
        );

        let jitsi = "[consent.jitsi]\nhost = \"visio.exemple.test\"\n\
                     provider = { name = \"8x8, Inc.\", country = \"États-Unis\", outside_eu = true }\n";
        let named = with(jitsi).replacen("\"youtube\"]", "\"youtube\", \"jitsi\"]", 1);
        let site = parse("site.toml", &named).unwrap();
        assert_eq!(site.services.optional("jitsi").unwrap().hosts.frame, ["https://visio.exemple.test"]);
        for host in ["visio.exemple.test/x", "localhost", "visio exemple", "a.test:1"] {
            let wrong = named.replace("\"visio.exemple.test\"", &format!("\"{host}\""));
            assert!(
                parse("site.toml", &wrong).unwrap_err().to_string().contains("consent.jitsi.host must be"),
                "{host}"
            );
        }
    }
}
