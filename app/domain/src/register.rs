//! The register of processing (R, GDPR art. 30): what personal data there is, why, on what basis, who sees it and
//! when it goes. The policy, the notices under forms, the inbox's doors and the retention engine are read from it.

use crate::actor::Role;

/// One processing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProcessingId {
    /// Messages of visitors (F3).
    Contact,
    /// Requests for a first appointment (F4).
    PreRegistration,
    /// Pre-registrations for an event (F5).
    EventRegistration,
    /// Firms about their apprenticeship tax (F6).
    ApprenticeshipTax,
    /// The newsletter (F1, F2).
    Newsletter,
    /// Requests of people about their own data (E15).
    Rights,
    /// Visits without cookie or identifier (F8).
    Audience,
}

impl ProcessingId {
    /// Its word in addresses: `/confidentialite#contact`.
    #[must_use]
    pub const fn anchor(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::PreRegistration => "pre-inscription",
            Self::EventRegistration => "evenement",
            Self::ApprenticeshipTax => "taxe-apprentissage",
            Self::Newsletter => "newsletter",
            Self::Rights => "droits",
            Self::Audience => "audience",
        }
    }

    /// The roles whose work it is: nobody else on the team sees it (A6).
    #[must_use]
    pub const fn seen_by(self) -> &'static [Role] {
        match self {
            Self::Contact => &[Role::Reception, Role::AdministrativeAssistant, Role::SectorHead, Role::Director],
            Self::PreRegistration => &[Role::Reception, Role::Advisor, Role::SectorHead, Role::Director],
            Self::EventRegistration => &[Role::ProjectLead, Role::Reception, Role::SectorHead, Role::Director],
            Self::ApprenticeshipTax => &[Role::AdministrativeAssistant, Role::Director],
            Self::Newsletter => &[Role::ProjectLead, Role::Director],
            Self::Rights => &[Role::Dpo],
            Self::Audience => &[Role::Administrator, Role::Dpo, Role::Director],
        }
    }

    /// Whether `role` is one of [`Self::seen_by`].
    #[must_use]
    pub fn is_seen_by(self, role: Role) -> bool {
        self.seen_by().contains(&role)
    }
}
