//! The register of processing (R, GDPR art. 30): what personal data there is, why, on what basis, who sees it and
//! when it goes. The policy, the public register, the notices under forms, the doors of the inbox and the retention
//! engine are read from it; tests compare it with the schema and with every form, both ways.

mod data;
mod processings;
mod technical;

pub use data::Data;
pub use processings::{PROCESSINGS, ProcessingId};
pub use technical::{TECHNICAL_COLUMNS, TECHNICAL_FIELDS, TECHNICAL_INPUTS, TECHNICAL_TABLES};

use crate::{
    actor::Role,
    error::PortResult,
    retention::RuleId,
    rights::Right,
    site::{Module, Site},
    time::Instant,
};
use async_trait::async_trait;

/// Why the law allows it (GDPR art. 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// 6-1-a: they said yes, and may take it back.
    Consent,
    /// 6-1-b: they asked for a service.
    Contract,
    /// 6-1-c: a law asks for it.
    LegalDuty,
    /// 6-1-e: the public-service mission of the organisation.
    PublicMission,
    /// 6-1-f: the organisation needs it, and it does not outweigh the rights of the person.
    LegitimateInterest,
}

/// Whose data it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum People {
    /// Whoever visits the site.
    Visitors,
    /// Young people who come, or wish to.
    YoungPeople,
    /// Members of staff.
    Staff,
    /// People of firms and partners.
    Partners,
}

/// Whether something has to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The form or the service does not work without it.
    Required,
    /// Left to the person.
    Optional,
    /// Not asked for: it comes about.
    Made,
}

/// Where something comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The person.
    Person,
    /// I-MILO, by the advisor (E2).
    Imilo,
    /// A member of staff.
    Staff,
    /// The browser, with every visit.
    Browser,
    /// The site itself.
    Site,
}

/// Something that is held of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// What it is.
    pub data: Data,
    /// Whether it has to be given.
    pub need: Need,
    /// Where it comes from.
    pub source: Source,
    /// The columns it is kept in, `table.column`; none when it is not kept.
    pub columns: &'static [&'static str],
    /// The fields of forms it is typed into, `ContactForm.email`.
    pub inputs: &'static [&'static str],
}

/// Somebody outside the organisation who gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataRecipient {
    /// The regional association of the Missions Locales, and through it the one that serves the postal code (F5).
    RegionalAssociation,
    /// The young person themselves reads it (E16).
    ThePersonThemselves,
}

/// Who works for the organisation, under its orders (GDPR art. 28).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Processor {
    /// Who runs the machine.
    Host,
    /// Who carries the mails.
    MailProvider,
}

/// What is done with personal data, and every rule about it.
#[derive(Clone, Copy, Debug)]
pub struct Processing {
    /// Which one.
    pub id: ProcessingId,
    /// The modules that a site needs for this processing to exist; empty when every portal has it.
    pub modules: &'static [Module],
    /// Why the law allows it.
    pub basis: &'static [Basis],
    /// Whose data it is.
    pub people: &'static [People],
    /// What is held.
    pub fields: &'static [Field],
    /// The roles whose work it is.
    pub seen_by: &'static [Role],
    /// Whether only those of them see it who are attached to the person's file (E3).
    pub attached_only: bool,
    /// Who gets it outside.
    pub recipients: &'static [DataRecipient],
    /// Who works for the organisation.
    pub processors: &'static [Processor],
    /// When it goes.
    pub retention: &'static [RuleId],
}

impl Processing {
    /// Whether this site does it.
    #[must_use]
    pub fn is_on(&self, site: &Site) -> bool {
        site.modules.have(self.modules)
    }

    /// What the person may ask for: it follows from the basis.
    pub fn rights(&self) -> impl Iterator<Item = Right> {
        let has = |basis: Basis| self.basis.contains(&basis);
        let only_duty = self.basis.iter().all(|basis| *basis == Basis::LegalDuty);
        Right::ALL.into_iter().filter(move |right| match right {
            Right::Access | Right::Rectification | Right::Restriction | Right::Directives => true,
            // Nothing that a law asks to be kept (art. 17-3-b).
            Right::Erasure => !only_duty,
            Right::Objection => has(Basis::PublicMission) || has(Basis::LegitimateInterest),
            Right::Portability => has(Basis::Consent) || has(Basis::Contract),
            Right::Withdrawal => has(Basis::Consent),
        })
    }
}

/// The processings of a site, in the order of the policy.
pub fn processings(site: &Site) -> impl Iterator<Item = &'static Processing> {
    PROCESSINGS.iter().filter(|processing| processing.is_on(site))
}

/// A wording of the policy that was in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyVersion {
    /// 1 for the first.
    pub number: u32,
    /// From when on.
    pub since: Instant,
}

/// The versions of the policy (R: earlier ones stay readable).
#[async_trait]
pub trait Policies: Send + Sync {
    /// Notes that `content` is what the policy says now; a new version when the newest said something else.
    async fn keep(&self, content: &str) -> PortResult<PolicyVersion>;
    /// Every version, newest first; the hundred newest at most.
    async fn versions(&self) -> PortResult<Vec<PolicyVersion>>;
    /// What version `number` said, as it was given to [`Self::keep`], and until when.
    async fn version(&self, number: u32) -> PortResult<(PolicyVersion, String)>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_processing_is_declared_once_and_whole() {
        assert_eq!(PROCESSINGS.map(|processing| processing.id), ProcessingId::ALL);
        let anchors: BTreeSet<_> = ProcessingId::ALL.map(ProcessingId::code).into();
        assert_eq!(anchors.len(), ProcessingId::ALL.len());
        for processing in &PROCESSINGS {
            let id = processing.id;
            assert!(!processing.basis.is_empty() && !processing.people.is_empty(), "{id:?}");
            assert!(!processing.fields.is_empty() && !processing.retention.is_empty(), "{id:?}");
            for field in processing.fields {
                assert!(!field.columns.is_empty() || !field.inputs.is_empty(), "{id:?} {:?} is nowhere", field.data);
                let shaped = field.columns.iter().chain(field.inputs).all(|name| name.matches('.').count() == 1);
                assert!(shaped, "{id:?} {:?}", field.data);
                // What nobody asks of the person is typed by staff, if by anybody.
                let typed = field.need != Need::Made || field.inputs.is_empty() || field.source == Source::Staff;
                assert!(typed, "{id:?} {:?}", field.data);
            }
        }
    }

    /// Every rule is told by a processing, and by one alone: the policy says each once.
    #[test]
    fn every_rule_belongs_to_one_processing() {
        let mut told: Vec<_> = PROCESSINGS.iter().flat_map(|processing| processing.retention).copied().collect();
        told.sort();
        let mut all = RuleId::ALL.to_vec();
        all.sort();
        assert_eq!(told, all);
    }

    #[test]
    fn rights_follow_from_the_basis() {
        let rights = |id: ProcessingId| id.processing().rights().collect::<Vec<_>>();
        let contact = rights(ProcessingId::Contact);
        assert!(contact.contains(&Right::Withdrawal) && contact.contains(&Right::Portability));
        assert!(!contact.contains(&Right::Objection), "consent is taken back, not objected to");
        let space = rights(ProcessingId::YouthSpace);
        assert!(space.contains(&Right::Objection) && !space.contains(&Right::Withdrawal));
        let proof = rights(ProcessingId::ConsentProof);
        assert!(!proof.contains(&Right::Erasure), "the law asks for the proof");
    }

    #[test]
    fn nothing_is_both_personal_and_technical() {
        for (table, columns, _) in TECHNICAL_COLUMNS {
            for column in *columns {
                let name = format!("{table}.{column}");
                let claimed = PROCESSINGS.iter().flat_map(|p| p.fields).any(|f| f.columns.contains(&name.as_str()));
                assert!(!claimed, "{name}");
            }
        }
    }
}
