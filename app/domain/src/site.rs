//! Whose portal it is: the site file, checked.

use crate::{
    colour::Colour,
    consent::{ServiceId, ServiceList},
    retention::Keeping,
    territory::Territory,
    time::CivilDate,
    words::words,
};
use std::collections::BTreeSet;

/// The organisation and its choices, from the site file.
#[derive(Clone, Debug)]
pub struct Site {
    /// The organisation's name.
    pub name: String,
    /// The same in a few letters, for the name under the icon of the app.
    pub short_name: String,
    /// A line that says what it does and for whom.
    pub tagline: String,
    /// Street and number.
    pub address: String,
    /// Postal code and town.
    pub city: String,
    /// Phone for the public, as people write it.
    pub phone: String,
    /// Email for the public.
    pub email: String,
    /// What the vault is called. « Coffre-fort numérique » is reserved to those that meet CPCE L.103.
    pub vault_name: String,
    /// The parts of the portal that this site has.
    pub modules: Modules,
    /// The organisation's colours, if they are not the usual ones.
    pub look: Look,
    /// Sentences of the organisation in place of the usual ones.
    pub texts: SiteTexts,
    /// The services that set cookies.
    pub services: ServiceList,
    /// How many months a choice holds (C9).
    pub consent_months: u8,
    /// What the home page shows of other sites, in this order.
    pub embeds: Vec<Embed>,
    /// Where people may pass a page on to, as plain links.
    pub share: Vec<Network>,
    /// Who answers for the site.
    pub legal: Legal,
    /// How long things are kept here.
    pub keeping: Keeping,
    /// Who receives the pre-registrations of events (F5).
    pub events: EventSettings,
    /// What is new, the latest first.
    pub news: Vec<News>,
    /// Which Mission Locale serves which postal code.
    pub territory: Territory,
}

/// Who receives the pre-registrations of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSettings {
    /// Their public key, `age1…`; without it nothing can be handed over.
    pub receiver: Option<String>,
    /// What they are called.
    pub receiver_name: Option<String>,
}

/// A piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Of which day it is.
    pub date: CivilDate,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
}

/// Who answers for the site, for the legal notice and the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Legal {
    /// What the organisation is, such as « association loi 1901 ».
    pub form: String,
    /// Its number, if it has one.
    pub siret: Option<String>,
    /// Who directs the publication.
    pub publisher: String,
    /// Where the data-protection officer reads mails.
    pub dpo_email: String,
    /// Who hosts the site.
    pub host_name: String,
    /// Where the host is: address and country.
    pub host_address: String,
    /// The host's telephone.
    pub host_phone: Option<String>,
    /// Who sends the mails, when it is not the host.
    pub mail_provider: Option<String>,
    /// Where the source of this software can be had, when the organisation publishes it.
    pub source_url: Option<String>,
}

words! {
    /// A part of the portal. Off, its pages and forms do not exist, and nothing leads to them.
    #[derive(PartialOrd, Ord)]
    Module {
        /// The space of a young person.
        YouthSpace = "youth_space",
        /// The documents of a young person.
        Vault = "vault",
        /// Where staff work with young people.
        Advisors = "advisors",
        /// Writing to the organisation (F3).
        Contact = "contact",
        /// Asking for a first appointment (F4).
        PreRegistration = "pre_registration",
        /// Dated events and their pre-registrations (F5).
        Events = "events",
        /// Firms that give their apprenticeship tax (F6).
        ApprenticeshipTax = "apprenticeship_tax",
        /// The newsletter (F1).
        Newsletter = "newsletter",
    }
}

impl Module {
    /// What makes no sense without these.
    #[must_use]
    pub const fn needs(self) -> &'static [Self] {
        match self {
            // A vault belongs to somebody who can open it.
            Self::Vault => &[Self::YouthSpace],
            _ => &[],
        }
    }
}

/// The modules that are on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules(BTreeSet<Module>);

impl Modules {
    /// All but `off`.
    #[must_use]
    pub fn without(off: &[Module]) -> Self {
        Self(Module::ALL.into_iter().filter(|module| !off.contains(module)).collect())
    }

    /// Whether `module` is on.
    #[must_use]
    pub fn has(&self, module: Module) -> bool {
        self.0.contains(&module)
    }

    /// Whether all of `modules` are on.
    #[must_use]
    pub fn have(&self, modules: &[Module]) -> bool {
        modules.iter().all(|module| self.has(*module))
    }
}

/// The colours of actions and links; nothing where the usual one stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// On light surfaces.
    pub accent: Option<Colour>,
    /// On dark surfaces.
    pub accent_dark: Option<Colour>,
}

/// What the home page says in the organisation's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteTexts {
    /// The first heading.
    pub heading: Option<String>,
    /// The sentence below it, instead of the tagline.
    pub lead: Option<String>,
    /// When it is open, line by line.
    pub hours: Vec<String>,
    /// How to come, line by line.
    pub directions: Vec<String>,
    /// A second phone number.
    pub second_phone: Option<SecondPhone>,
    /// A page elsewhere.
    pub link: Option<OutsideLink>,
}

/// Another number to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondPhone {
    /// What it is for.
    pub label: String,
    /// As people write it.
    pub number: String,
}

/// A page of somebody else, as a plain link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideLink {
    /// What it says.
    pub label: String,
    /// Where it leads, https.
    pub url: String,
}

/// Something of another site, shown by an optional service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// The service that shows it.
    pub service: ServiceId,
    /// The service's own name for it.
    pub item: String,
    /// Its title.
    pub title: String,
}

words! {
    /// Where a page can be passed on to: a plain link that nothing follows (C7).
    Network {
        /// A mail of one's own.
        Mail = "mail",
        /// Facebook.
        Facebook = "facebook",
        /// X.
        X = "x",
        /// LinkedIn.
        LinkedIn = "linkedin",
        /// WhatsApp.
        WhatsApp = "whatsapp",
    }
}

impl Network {
    /// The name people know.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "E-mail",
            Self::Facebook => "Facebook",
            Self::X => "X",
            Self::LinkedIn => "LinkedIn",
            Self::WhatsApp => "WhatsApp",
        }
    }

    /// The address that passes on the page at `address`.
    #[must_use]
    pub fn passes_on(self, address: &str) -> String {
        let page = percent_encoding::utf8_percent_encode(address, percent_encoding::NON_ALPHANUMERIC);
        match self {
            Self::Mail => format!("mailto:?body={page}"),
            Self::Facebook => format!("https://www.facebook.com/sharer/sharer.php?u={page}"),
            Self::X => format!("https://x.com/intent/post?url={page}"),
            Self::LinkedIn => format!("https://www.linkedin.com/sharing/share-offsite/?url={page}"),
            Self::WhatsApp => format!("https://wa.me/?text={page}"),
        }
    }
}
