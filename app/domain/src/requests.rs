//! What visitors send through the public forms (F3 to F6), and what staff do with it (A5).

use crate::{register::ProcessingId, site::Module, time::Period};

/// A public form whose answers wait for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    /// « Nous écrire » (F3).
    Contact,
    /// « Se préinscrire » (F4).
    PreRegistration,
    /// Pre-registration for an event (F5).
    Event,
    /// A firm about its apprenticeship tax (F6).
    ApprenticeshipTax,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Contact, Self::PreRegistration, Self::Event, Self::ApprenticeshipTax];

    /// The stable word of the database and of addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::PreRegistration => "pre_registration",
            Self::Event => "event",
            Self::ApprenticeshipTax => "apprenticeship_tax",
        }
    }

    /// The kind that `code` names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What the register says of it.
    #[must_use]
    pub const fn processing(self) -> ProcessingId {
        match self {
            Self::Contact => ProcessingId::Contact,
            Self::PreRegistration => ProcessingId::PreRegistration,
            Self::Event => ProcessingId::EventRegistration,
            Self::ApprenticeshipTax => ProcessingId::ApprenticeshipTax,
        }
    }

    /// The part of the site it belongs to.
    #[must_use]
    pub const fn module(self) -> Module {
        match self {
            Self::Contact => Module::Contact,
            Self::PreRegistration => Module::PreRegistration,
            Self::Event => Module::Events,
            Self::ApprenticeshipTax => Module::ApprenticeshipTax,
        }
    }

    /// How long it is kept after the day it came; nothing where its event says when it goes.
    #[must_use]
    pub const fn retention(self) -> Option<Period> {
        match self {
            Self::Contact => Some(Period::Months(6)),
            Self::PreRegistration => Some(Period::Months(3)),
            Self::Event => None,
            Self::ApprenticeshipTax => Some(Period::Days(365)),
        }
    }

    /// The path of its form.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Contact => "/contact",
            Self::PreRegistration => "/pre-inscription",
            Self::Event => "/evenement",
            Self::ApprenticeshipTax => "/taxe-apprentissage",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_what_they_say() {
        for kind in RequestKind::ALL {
            assert_eq!(RequestKind::from_code(kind.code()), Some(kind));
        }
    }
}
