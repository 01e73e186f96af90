//! Whose portal it is: the site file, checked.

use crate::{colour::Colour, consent::ServiceList};
use std::collections::BTreeSet;

/// The organisation and its choices, from the site file.
#[derive(Clone, Debug)]
pub struct Site {
    /// The organisation's name.
    pub name: String,
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
    /// Short hash of the list, kept in the choice cookie.
    pub services_version: String,
    /// How many months a choice holds (C9).
    pub consent_months: u8,
    /// The presentation video on the home page, if there is one.
    pub video: Option<Video>,
}

/// A part of the portal. Off, its pages and forms do not exist, and nothing leads to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Module {
    /// The space of a young person.
    YouthSpace,
    /// The documents of a young person.
    Vault,
    /// Where staff work with young people.
    Advisors,
}

impl Module {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::YouthSpace, Self::Vault, Self::Advisors];

    /// Its word in a site file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::YouthSpace => "youth_space",
            Self::Vault => "vault",
            Self::Advisors => "advisors",
        }
    }

    /// The module of that word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|module| module.code() == code)
    }

    /// What makes no sense without these.
    #[must_use]
    pub const fn needs(self) -> &'static [Self] {
        match self {
            // A vault belongs to somebody who can open it.
            Self::Vault => &[Self::YouthSpace],
            Self::YouthSpace | Self::Advisors => &[],
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

/// A video kept by an optional service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Video {
    /// The service that plays it.
    pub service: &'static str,
    /// The service's own name for it.
    pub id: String,
    /// Its title.
    pub title: String,
}
