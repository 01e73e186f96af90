//! `[consent]`: the services of other providers, checked one by one (C6). Known ones are named, and others are declared
//! in full.

use super::{Refused, filled};
use domain::consent::{
    BrowserFeature, Choice, CookieSpec, CookieUse, DEFAULT_MONTHS, Frame, Hosts, ItemShape, Known, Lifetime, Provider,
    Purpose, Service, ServiceId, ServiceList, Tag, Way, why_not,
};
use serde::Deserialize;
use toml::Spanned;
use url::{Host, Url};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    #[serde(default)]
    services: Vec<Spanned<String>>,
    months: Option<Spanned<u8>>,
    google_analytics: Option<Spanned<GoogleAnalytics>>,
    matomo: Option<Spanned<Matomo>>,
    jitsi: Option<Spanned<Jitsi>>,
    #[serde(default)]
    declared: Vec<Spanned<Declared>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoogleAnalytics {
    measurement: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matomo {
    address: Spanned<String>,
    site: u32,
    exempt: bool,
    provider: Option<ProviderSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Jitsi {
    host: Spanned<String>,
    provider: ProviderSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderSection {
    name: Spanned<String>,
    country: Spanned<String>,
    outside_eu: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    id: Spanned<String>,
    name: Spanned<String>,
    purpose: Spanned<String>,
    about: Spanned<String>,
    provider: ProviderSection,
    exempt: Spanned<bool>,
    cookies: Vec<Cookie>,
    frame: Option<Spanned<FrameSection>>,
    script: Option<Spanned<ScriptSection>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cookie {
    name: Spanned<String>,
    /// 0 means until the browser is closed.
    days: Spanned<u16>,
    about: Spanned<String>,
    path: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameSection {
    address: Spanned<String>,
    link: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptSection {
    address: Spanned<String>,
    #[serde(default)]
    connect: Vec<Spanned<String>>,
    #[serde(default)]
    img: Vec<Spanned<String>>,
}

/// The longest life of a cookie in days: browsers keep no cookie longer.
const DAYS_MAX: u16 = 400;
/// The longest life of a cookie of an exempt measurement: 13 months (CNIL 2020-091, §50).
const EXEMPT_DAYS_MAX: u16 = 396;

/// The list of services, and how many months a choice about it holds.
pub(super) fn read(section: Section) -> Result<(ServiceList, u8), Refused> {
    let months = match section.months {
        None => DEFAULT_MONTHS,
        Some(months) if (6..=12).contains(months.get_ref()) => *months.get_ref(),
        Some(months) => return Err((months.span().start, "consent.months must be 6 to 12".to_owned())),
    };
    let mut told = Told { google_analytics: section.google_analytics, matomo: section.matomo, jitsi: section.jitsi };
    let mut services: Vec<Service> = Vec::new();
    let mut add = |at: usize, service: Service| {
        if services.len() == Choice::SERVICES_MAX {
            return Err((at, format!("at most {} services", Choice::SERVICES_MAX)));
        }
        services.push(service);
        // The services are added one by one, so that the message can name the line of one that is there twice.
        ServiceList::with(services.clone()).map(drop).map_err(|fault| (at, fault.to_string()))
    };
    for name in section.services {
        let at = name.span().start;
        let service = match (told.take(name.get_ref()), missing(name.get_ref())) {
            (Some(told), _) => told?,
            (None, Some(expected)) => return Err((at, expected.to_owned())),
            (None, None) => ServiceList::known(name.get_ref()).map_err(|fault| (at, fault.to_string()))?,
        };
        add(at, service)?;
    }
    told.nothing_left()?;
    for declared in section.declared {
        add(declared.span().start, read_declared(declared.into_inner())?)?;
    }
    let list = ServiceList::with(services).map_err(|fault| (0, fault.to_string()))?;
    Ok((list, months))
}

/// The message about the missing section of a known service.
fn missing(name: &str) -> Option<&'static str> {
    Some(match name {
        "google_analytics" => "\"google_analytics\" needs [consent.google_analytics] with measurement = \"G-…\"",
        "matomo" => {
            "\"matomo\" needs [consent.matomo] with address = \"https://…\", site = 1 and exempt = true or false"
        }
        "jitsi" => {
            "\"jitsi\" needs [consent.jitsi] with host = \"meet.exemple.test\" and \
             provider = { name = \"…\", country = \"…\", outside_eu = true or false }"
        }
        _ => return None,
    })
}

/// The sections with settings of known services. Each is taken when its service is on the list, and none may be left.
struct Told {
    google_analytics: Option<Spanned<GoogleAnalytics>>,
    matomo: Option<Spanned<Matomo>>,
    jitsi: Option<Spanned<Jitsi>>,
}

impl Told {
    fn take(&mut self, name: &str) -> Option<Result<Service, Refused>> {
        let known = match name {
            "google_analytics" => google_analytics(self.google_analytics.take()?.into_inner()),
            "matomo" => matomo(self.matomo.take()?.into_inner()),
            "jitsi" => jitsi(self.jitsi.take()?.into_inner()),
            _ => return None,
        };
        Some(known.map(Known::service))
    }

    fn nothing_left(&self) -> Result<(), Refused> {
        let left = [
            self.google_analytics.as_ref().map(|section| (section.span().start, "google_analytics")),
            self.matomo.as_ref().map(|section| (section.span().start, "matomo")),
            self.jitsi.as_ref().map(|section| (section.span().start, "jitsi")),
        ];
        match left.into_iter().flatten().next() {
            None => Ok(()),
            Some((at, name)) => Err((
                at,
                format!(
                    "consent.{name} is not on the list; allowed: \"{name}\" in consent.services, or no such section"
                ),
            )),
        }
    }
}

fn google_analytics(section: GoogleAnalytics) -> Result<Known, Refused> {
    let at = section.measurement.span().start;
    let measurement = section.measurement.into_inner();
    match measurement.split_once('-') {
        Some(("GTM", _)) => Err((at, cannot("Google Tag Manager", why_not("gtm").unwrap_or_default()))),
        Some(("G", id))
            if (4..=16).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) =>
        {
            Ok(Known::GoogleAnalytics { measurement })
        }
        _ => Err((
            at,
            "consent.google_analytics.measurement must be the number of a stream, such as G-ABC123DEF4".to_owned(),
        )),
    }
}

fn matomo(section: Matomo) -> Result<Known, Refused> {
    let address = address("consent.matomo.address", section.address)?.0;
    Ok(Known::Matomo {
        address: address.trim_end_matches('/').to_owned(),
        site: section.site,
        exempt: section.exempt,
        provider: section.provider.map(|by| provider("consent.matomo", by)).transpose()?,
    })
}

fn jitsi(section: Jitsi) -> Result<Known, Refused> {
    let at = section.host.span().start;
    let host = section.host.into_inner();
    let expected = || (at, "consent.jitsi.host must be the name of a host, such as meet.exemple.test".to_owned());
    let url = Url::parse(&format!("https://{host}")).map_err(|_| expected())?;
    if url.host_str() != Some(host.as_str()) || !host.contains('.') {
        return Err(expected());
    }
    Ok(Known::Jitsi { host, provider: provider("consent.jitsi", section.provider)? })
}

fn provider(section: &str, by: ProviderSection) -> Result<Provider, Refused> {
    Ok(Provider {
        name: filled(&format!("{section}.provider.name"), by.name)?,
        country: filled(&format!("{section}.provider.country"), by.country)?,
        transfer_outside_eu: by.outside_eu,
    })
}

fn cannot(name: &str, why: &str) -> String {
    format!("\"{name}\" cannot be used: {why}, so what people refuse could not be kept out")
}

/// An address of another provider as a page may hold it, with its origin: https, and a host with a name.
fn address(name: &str, value: Spanned<String>) -> Result<(String, String), Refused> {
    let at = value.span().start;
    let text = value.into_inner();
    let expected = || (at, format!("{name} must be an address such as https://carte.exemple.test/page"));
    // The place of the item, which `Url` would encode.
    let url = Url::parse(&text.replace("{item}", "item")).map_err(|_| expected())?;
    let Some(Host::Domain(host)) = url.host() else { return Err(expected()) };
    let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && host.contains('.');
    // These signs end a source or an attribute, or begin another directive.
    if !plain
        || text.bytes().any(|b| !b.is_ascii_graphic() || b";,'\"<>\\*`".contains(&b))
        || !text.starts_with("https://")
    {
        return Err(expected());
    }
    let manager = host == "www.googletagmanager.com" || host == "googletagmanager.com";
    if let Some(why) = why_not(host).or(if manager { why_not("gtm") } else { None }) {
        return Err((at, cannot(host, why)));
    }
    let origin = url.origin().ascii_serialization();
    Ok((text, origin))
}

fn read_declared(section: Declared) -> Result<Service, Refused> {
    let at = section.id.span().start;
    let id = ServiceId::from(section.id.get_ref().as_str());
    if let Some(why) = why_not(id.as_str()) {
        return Err((at, cannot(id.as_str(), why)));
    }
    if !id.is_sane() || Known::NAMES.contains(&id.as_str()) {
        let message = "consent.declared.id must be a word of its own: 1 to 40 small letters, digits and _";
        return Err((at, message.to_owned()));
    }
    let field = |field: &str| format!("consent.declared.{field}");
    let purpose_at = section.purpose.span().start;
    let purpose = Purpose::optional(section.purpose.get_ref()).ok_or_else(|| {
        let allowed = Purpose::OPTIONAL.map(Purpose::code).join(", ");
        (purpose_at, format!("{} must be one of {allowed}", field("purpose")))
    })?;
    if *section.exempt.get_ref() && purpose != Purpose::Measurement {
        let message = "consent.declared.exempt: only purpose = \"measurement\" can do without consent (CNIL 2020-091)";
        return Err((section.exempt.span().start, message.to_owned()));
    }
    let exempt = *section.exempt.get_ref();
    let (way, hosts) = match (section.frame, section.script) {
        (Some(frame), None) => read_frame(frame.into_inner())?,
        (None, Some(script)) => read_script(script.into_inner())?,
        (None, None) => {
            return Err((
                at,
                "consent.declared needs frame = { address = \"…\" } or script = { address = \"…\" }".to_owned(),
            ));
        }
        (Some(_), Some(script)) => {
            return Err((script.span().start, "consent.declared is a frame or a script, not both".to_owned()));
        }
    };
    let framed = matches!(way, Way::Frame(_));
    Ok(Service {
        id,
        name: filled(&field("name"), section.name)?,
        provider: Some(provider("consent.declared", section.provider)?),
        purpose,
        about: Some(filled(&field("about"), section.about)?),
        exempt,
        cookies: section.cookies.into_iter().map(|it| cookie(it, framed, exempt)).collect::<Result<_, _>>()?,
        hosts,
        way,
    })
}

fn cookie(section: Cookie, framed: bool, exempt: bool) -> Result<CookieSpec, Refused> {
    let at = section.name.span().start;
    let name = section.name.into_inner();
    let stem = name.strip_suffix('*').unwrap_or(&name);
    let sane = (2..=60).contains(&stem.len())
        && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        && !stem.starts_with("__Host-")
        && !"eu-consent".starts_with(stem);
    if !sane {
        let message = "consent.declared.cookies.name must be 2 to 60 letters, digits, _, - and ., perhaps with * at the end, \
                       and none of this site's own";
        return Err((at, message.to_owned()));
    }
    let most = if exempt { EXEMPT_DAYS_MAX } else { DAYS_MAX };
    let lifetime = match *section.days.get_ref() {
        0 => Lifetime::Session,
        days if days <= most => Lifetime::Days(days),
        _ => return Err((section.days.span().start, format!("consent.declared.cookies.days must be 0 to {most}"))),
    };
    let path = match section.path {
        None => "/".to_owned(),
        Some(path) => {
            let at = path.span().start;
            domain::forms::consent::local_path(path.get_ref())
                .filter(|path| !path.contains(';'))
                .ok_or_else(|| (at, "consent.declared.cookies.path must be a path such as /actualites".to_owned()))?
                .to_owned()
        }
    };
    let used_for = CookieUse::Words(filled("consent.declared.cookies.about", section.about)?);
    Ok(CookieSpec { name, lifetime, used_for, path, first_party: !framed })
}

fn read_frame(section: FrameSection) -> Result<(Way, Hosts), Refused> {
    let at = section.address.span().start;
    let (shown, origin) = address("consent.declared.frame.address", section.address)?;
    // The item stands after the host, because it must not choose the host.
    let host = "https://".len() + shown.trim_start_matches("https://").find('/').unwrap_or(shown.len());
    if shown.find("{item}").is_none_or(|at| at < host) {
        let message = "consent.declared.frame.address must have {item} where the embeds of the page differ";
        return Err((at, message.to_owned()));
    }
    let link = match section.link {
        Some(link) => address("consent.declared.frame.link", link)?.0,
        None => shown.clone(),
    };
    let frame = Frame {
        address: shown,
        link,
        item: ItemShape::Word { min: 1, max: 80 },
        permissions: &[BrowserFeature::Fullscreen],
        wide: true,
    };
    Ok((Way::Frame(frame), Hosts { frame: vec![origin], ..Hosts::default() }))
}

fn read_script(section: ScriptSection) -> Result<(Way, Hosts), Refused> {
    let (script, origin) = address("consent.declared.script.address", section.address)?;
    let origins = |name: &str, sources: Vec<Spanned<String>>| {
        sources.into_iter().map(|source| Ok(address(name, source)?.1)).collect::<Result<Vec<_>, Refused>>()
    };
    let mut connect = origins("consent.declared.script.connect", section.connect)?;
    if connect.is_empty() {
        connect.push(origin);
    }
    let source = script.split('?').next().unwrap_or(&script).to_owned();
    let hosts = Hosts {
        script: vec![source],
        connect,
        img: origins("consent.declared.script.img", section.img)?,
        frame: Vec::new(),
    };
    Ok((Way::Tag(Tag { loader: None, script, data: Vec::new() }), hosts))
}
