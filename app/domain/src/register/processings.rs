//! Every processing, one after the other, in the order of the policy.

use super::{Basis, Data, DataRecipient, Field, Need, People, Processing, Processor, RuleId, Source};
use crate::{actor::Role, site::Module, words::words};

words! {
    /// One processing, by its word in addresses, `/confidentialite#contact`, and in the public register's files.
    #[derive(PartialOrd, Ord)]
    ProcessingId {
        /// Messages of visitors (F3).
        Contact = "contact",
        /// Requests for a first appointment (F4).
        PreRegistration = "pre-inscription",
        /// Pre-registrations for an event (F5).
        EventRegistration = "evenement",
        /// Firms about their apprenticeship tax (F6).
        ApprenticeshipTax = "taxe-apprentissage",
        /// The newsletter (F1, F2).
        Newsletter = "newsletter",
        /// The space and the file of a young person (E1 to E3, E7).
        YouthSpace = "espace",
        /// The documents of a young person (V).
        Vault = "documents",
        /// Accounts of staff (A6, A8).
        Staff = "equipe",
        /// Signing in, and keeping strangers out.
        Security = "securite",
        /// Who looked at what (E16, V11).
        AccessLog = "acces",
        /// Proofs of choices about cookies (C8).
        ConsentProof = "cookies",
        /// What the site writes to people.
        Mails = "mails",
        /// Requests of people about their own data (E15).
        Rights = "droits",
        /// Visits without cookie or identifier (F8).
        Analytics = "audience",
    }
}

impl ProcessingId {
    /// The roles whose work it is: nobody else on the team sees it (A6).
    #[must_use]
    pub const fn seen_by(self) -> &'static [Role] {
        self.processing().seen_by
    }

    /// Whether `role` is one of [`Self::seen_by`].
    #[must_use]
    pub fn is_seen_by(self, role: Role) -> bool {
        self.seen_by().contains(&role)
    }

    /// All that is declared of it.
    #[must_use]
    pub const fn processing(self) -> &'static Processing {
        // In the order of the ids: a test looks.
        &PROCESSINGS[self as usize]
    }
}

/// Asked for and needed.
const fn asked(data: Data, columns: &'static [&'static str], inputs: &'static [&'static str]) -> Field {
    Field { data, need: Need::Required, source: Source::Person, columns, inputs }
}

/// Asked for, and left to the person.
const fn offered(data: Data, columns: &'static [&'static str], inputs: &'static [&'static str]) -> Field {
    Field { data, need: Need::Optional, source: Source::Person, columns, inputs }
}

/// Comes about without being asked for.
const fn made(data: Data, source: Source, columns: &'static [&'static str]) -> Field {
    Field { data, need: Need::Made, source, columns, inputs: &[] }
}

/// What staff type about somebody.
const fn by_staff(data: Data, columns: &'static [&'static str], inputs: &'static [&'static str]) -> Field {
    Field { data, need: Need::Made, source: Source::Staff, columns, inputs }
}

/// What staff add to a request.
const HANDLED: [Field; 4] = [
    made(Data::Dates, Source::Site, &["request.received_at", "request.state", "request.closed_at"]),
    made(Data::Flags, Source::Site, &["request.flags"]),
    by_staff(Data::Handler, &["request.assigned_to"], &["HandlingForm.colleague", "HandlingForm.holder"]),
    by_staff(
        Data::Answer,
        &["request_answer.message", "request_answer.at", "request_answer.staff_id", "request_answer.request_id"],
        &["HandlingForm.answer"],
    ),
];

const fn with_handling<const N: usize, const M: usize>(own: [Field; N]) -> [Field; M] {
    let mut fields = [HANDLED[0]; M];
    let mut at = 0;
    while at < N {
        fields[at] = own[at];
        at += 1;
    }
    while at < M {
        fields[at] = HANDLED[at - N];
        at += 1;
    }
    fields
}

const CONTACT: [Field; 9] = with_handling([
    asked(Data::FirstName, &["request.first_name"], &["ContactForm.first_name"]),
    asked(Data::LastName, &["request.last_name"], &["ContactForm.last_name"]),
    asked(Data::Email, &["request.email"], &["ContactForm.email"]),
    asked(Data::PostalCode, &["request.postal_code"], &["ContactForm.postal_code"]),
    asked(Data::Message, &["request.message"], &["ContactForm.message"]),
]);

const PRE_REGISTRATION: [Field; 13] = with_handling([
    asked(Data::FirstName, &["request.first_name"], &["PreRegistrationForm.first_name"]),
    asked(Data::LastName, &["request.last_name"], &["PreRegistrationForm.last_name"]),
    asked(Data::PostalCode, &["request.postal_code"], &["PreRegistrationForm.arrondissement"]),
    asked(Data::BirthDate, &["request.birth_date"], &["PreRegistrationForm.birth_date"]),
    asked(Data::Phone, &["request.phone"], &["PreRegistrationForm.phone"]),
    asked(Data::ByVideo, &["request.by_video"], &["PreRegistrationForm.by_video"]),
    offered(Data::Email, &["request.email"], &["PreRegistrationForm.email"]),
    offered(Data::Availability, &["request.availability"], &["PreRegistrationForm.availability"]),
    offered(Data::Reason, &["request.message"], &["PreRegistrationForm.message"]),
]);

const EVENT: [Field; 12] = with_handling([
    asked(Data::Event, &["request.event_id"], &["EventForm.event"]),
    asked(Data::FirstName, &["request.first_name"], &["EventForm.first_name"]),
    asked(Data::LastName, &["request.last_name"], &["EventForm.last_name"]),
    asked(Data::PostalCode, &["request.postal_code"], &["EventForm.postal_code"]),
    offered(Data::Structure, &["request.structure"], &["EventForm.structure"]),
    asked(Data::BirthDate, &["request.birth_date"], &["EventForm.birth_date"]),
    asked(Data::Phone, &["request.phone"], &["EventForm.phone"]),
    offered(Data::Email, &["request.email"], &["EventForm.email"]),
]);

const APPRENTICESHIP_TAX: [Field; 9] = with_handling([
    asked(Data::FirstName, &["request.first_name"], &["ApprenticeshipTaxForm.first_name"]),
    asked(Data::LastName, &["request.last_name"], &["ApprenticeshipTaxForm.last_name"]),
    asked(Data::Company, &["request.company"], &["ApprenticeshipTaxForm.company"]),
    asked(Data::Email, &["request.email"], &["ApprenticeshipTaxForm.email"]),
    asked(Data::Message, &["request.message"], &["ApprenticeshipTaxForm.message"]),
]);

const NEWSLETTER: [Field; 8] = [
    asked(Data::FirstName, &["subscription.first_name"], &["NewsletterForm.first_name"]),
    asked(Data::LastName, &["subscription.last_name"], &["NewsletterForm.last_name"]),
    asked(Data::Email, &["subscription.email", "subscription.email_key"], &["NewsletterForm.email"]),
    asked(Data::Category, &["subscription.category"], &["NewsletterForm.category"]),
    offered(Data::Organisation, &["subscription.organisation"], &["NewsletterForm.organisation"]),
    offered(Data::Position, &["subscription.position"], &["NewsletterForm.position"]),
    offered(Data::Measurement, &["subscription.measured"], &["NewsletterForm.measured"]),
    made(Data::Dates, Source::Site, &["subscription.state", "subscription.asked_at", "subscription.confirmed_at"]),
];

/// Young people and staff alike close the hint how to install the app.
const CLOSED_HINTS: Field = offered(Data::ClosedHints, &["install_hint_closed.account_id"], &[]);

const YOUTH_SPACE: [Field; 21] = [
    made(Data::FirstName, Source::Imilo, &["youth.first_name"]),
    made(Data::LastName, Source::Imilo, &["youth.birth_name", "youth.sort_key", "youth.search_key"]),
    made(Data::UsualName, Source::Imilo, &["youth.usual_name"]),
    made(Data::BirthDate, Source::Imilo, &["youth.birth_date"]),
    made(Data::Address, Source::Imilo, &["youth.address"]),
    made(Data::PostalCode, Source::Imilo, &["youth.postal_code"]),
    made(Data::City, Source::Imilo, &["youth.city"]),
    made(Data::Phone, Source::Imilo, &["youth.phone"]),
    made(Data::Email, Source::Imilo, &["youth.email"]),
    made(Data::SchoolLevel, Source::Imilo, &["youth.school_level"]),
    made(Data::Jobs, Source::Imilo, &["youth.target_job", "youth.prepared_job", "youth.held_job"]),
    made(
        Data::Schemes,
        Source::Imilo,
        &["youth.registered_on", "youth.guarantee_entry_on", "youth.cej_entry_on", "youth.cohort_number"],
    ),
    made(Data::ImiloId, Source::Imilo, &["youth.imilo_id", "youth.account_id"]),
    made(
        Data::Situation,
        Source::Imilo,
        &[
            "situation.youth_id",
            "situation.category",
            "situation.state",
            "situation.started_on",
            "situation.ended_on",
            "situation.label",
        ],
    ),
    made(
        Data::Appointments,
        Source::Staff,
        &[
            "appointment.youth_id",
            "appointment.starts_at",
            "appointment.kind",
            "appointment.title",
            "appointment.place",
        ],
    ),
    made(
        Data::Attachment,
        Source::Staff,
        &[
            "attachment.youth_id",
            "attachment.staff_id",
            "attachment.referent",
            "attachment.started_at",
            "attachment.ended_at",
            "attachment.reason",
        ],
    ),
    offered(
        Data::Corrections,
        &["correction.youth_id", "correction.asked_at", "correction.message"],
        &["CorrectionForm.message"],
    ),
    asked(Data::Identifier, &["account.identifier"], &["SignInForm.identifier"]),
    asked(
        Data::Password,
        &["account.password_hash"],
        &[
            "SignInForm.password",
            "ActivationForm.password",
            "ActivationForm.again",
            "PasswordForm.current",
            "PasswordForm.password",
            "PasswordForm.again",
        ],
    ),
    made(Data::Dates, Source::Site, &["account.state", "account.created_at", "account.last_sign_in_at"]),
    CLOSED_HINTS,
];

const VAULT: [Field; 4] = [
    offered(Data::Documents, &["document.sealed_record"], &["DepositForm.category"]),
    made(
        Data::DocumentFacts,
        Source::Site,
        &[
            "document.youth_id",
            "document.state",
            "document.category",
            "document.depositor_id",
            "document.bytes",
            "document.created_at",
            "vault.youth_id",
            "vault.bytes",
            "vault.documents",
        ],
    ),
    offered(Data::Sharing, &["vault.shared"], &["SharingForm.shared"]),
    made(
        Data::Keys,
        Source::Site,
        &["document.wrapped_key", "person_key.youth_id", "person_key.wrapped_key", "person_key.created_at"],
    ),
];

const STAFF: [Field; 7] = [
    asked(Data::StaffName, &["staff.name", "staff.sort_key"], &["NewStaffForm.name"]),
    asked(Data::Identifier, &["account.identifier"], &["NewStaffForm.identifier"]),
    asked(Data::Email, &["staff.email"], &["NewStaffForm.email"]),
    offered(Data::Phone, &["staff.phone"], &["NewStaffForm.phone"]),
    asked(Data::Role, &["account.role"], &["NewStaffForm.role", "ChangeForm.role"]),
    CLOSED_HINTS,
    made(
        Data::Proposal,
        Source::Staff,
        &[
            "account_proposal.kind",
            "account_proposal.account_id",
            "account_proposal.identifier",
            "account_proposal.name",
            "account_proposal.email",
            "account_proposal.phone",
            "account_proposal.role",
            "account_proposal.proposed_by",
            "account_proposal.proposed_at",
            "account_proposal.expires_at",
            "account_proposal.state",
            "account_proposal.decided_by",
            "account_proposal.decided_at",
        ],
    ),
];

const SECURITY: [Field; 4] = [
    made(
        Data::Session,
        Source::Browser,
        &[
            "session.token_hash",
            "session.account_id",
            "session.stage",
            "session.device",
            "session.created_at",
            "session.last_seen_at",
            "session.ends_at",
        ],
    ),
    Field {
        data: Data::SecondFactor,
        need: Need::Required,
        source: Source::Site,
        columns: &[
            "second_factor.account_id",
            "second_factor.sealed_key",
            "second_factor.confirmed",
            "second_factor.last_step",
            "recovery_code.account_id",
            "recovery_code.code_hash",
            "recovery_code.used_at",
            "session.sealed_codes",
        ],
        inputs: &["CodeForm.code"],
    },
    Field {
        data: Data::ActivationCode,
        need: Need::Required,
        source: Source::Site,
        columns: &[
            "activation_code.account_id",
            "activation_code.code_hash",
            "activation_code.created_at",
            "activation_code.expires_at",
        ],
        inputs: &["ActivationForm.code"],
    },
    made(Data::Attempts, Source::Site, &["throttle.bucket", "throttle.attempts", "throttle.since"]),
];

const ACCESS_LOG: [Field; 2] = [
    made(
        Data::Accesses,
        Source::Site,
        &[
            "access_log.youth_id",
            "access_log.at",
            "access_log.actor_kind",
            "access_log.actor_id",
            "access_log.action",
            "access_log.document_id",
            "access_log.refused",
            "forwarding.staff_id",
            "forwarding.at",
        ],
    ),
    made(
        Data::AccountEvents,
        Source::Site,
        &["journal.at", "journal.actor_kind", "journal.actor_id", "journal.action", "journal.subject_id"],
    ),
];

const CONSENT_PROOF: [Field; 1] = [Field {
    data: Data::Choice,
    need: Need::Optional,
    source: Source::Person,
    columns: &["consent_receipt.id", "consent_receipt.at", "consent_receipt.decisions", "consent_receipt.place"],
    inputs: &["ConsentForm.choice", "ConsentForm.service", "ConsentForm.place"],
}];

const MAILS: [Field; 1] = [made(
    Data::MailContent,
    Source::Site,
    &["mail.sealed", "mail.kind", "mail.state", "mail.created_at", "mail.ended_at"],
)];

const RIGHTS: [Field; 9] = [
    asked(
        Data::RightAsked,
        &["rights_request.kind", "rights_request.ground"],
        &["RightsForm.kind", "RightsForm.ground"],
    ),
    asked(Data::Concerns, &["rights_request.concerns"], &["RightsForm.concerns"]),
    asked(Data::FirstName, &["rights_request.first_name"], &["RightsForm.first_name"]),
    asked(Data::LastName, &["rights_request.last_name"], &["RightsForm.last_name"]),
    asked(Data::Email, &["rights_request.email"], &["RightsForm.email"]),
    offered(Data::Message, &["rights_request.message"], &["RightsForm.message"]),
    made(Data::Flags, Source::Site, &["rights_request.flags"]),
    made(
        Data::Dates,
        Source::Site,
        &[
            "rights_request.received_at",
            "rights_request.due_on",
            "rights_request.state",
            "rights_request.extended_at",
            "rights_request.identity_asked_at",
            "rights_request.closed_at",
            "rights_request.account_id",
        ],
    ),
    by_staff(
        Data::Answer,
        &["rights_request.extension_reason", "rights_request.outcome", "rights_request.answer"],
        &["RightsStepForm.answer", "RightsStepForm.doubt", "RightsStepForm.outcome", "RightsStepForm.reason"],
    ),
];

const ANALYTICS: [Field; 6] = [
    made(Data::Page, Source::Browser, &["visit.page"]),
    made(Data::Hour, Source::Browser, &["visit.at"]),
    made(Data::Browser, Source::Browser, &["visit.browser", "visit.language"]),
    made(Data::Device, Source::Browser, &["visit.system", "visit.device"]),
    made(Data::Referrer, Source::Browser, &["visit.referrer"]),
    made(Data::CutAddress, Source::Browser, &["visit.address"]),
];

/// Who may be attached to a file (E3).
const MACHINE: &[Processor] = &[Processor::Host];
const MACHINE_AND_MAIL: &[Processor] = &[Processor::Host, Processor::MailProvider];

/// What most have in common, to be said only where it is otherwise.
const PLAIN: Processing = Processing {
    id: ProcessingId::Contact,
    modules: &[],
    basis: &[],
    people: &[],
    fields: &[],
    seen_by: &[],
    attached_only: false,
    recipients: &[],
    processors: MACHINE,
    retention: &[],
};

/// Every processing.
pub static PROCESSINGS: [Processing; ProcessingId::ALL.len()] = [
    Processing {
        id: ProcessingId::Contact,
        modules: &[Module::Contact],
        basis: &[Basis::Consent],
        people: &[People::Visitors],
        fields: &CONTACT,
        seen_by: &[Role::Reception, Role::AdministrativeAssistant, Role::SectorHead, Role::Director],
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::Contact],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::PreRegistration,
        modules: &[Module::PreRegistration],
        basis: &[Basis::Consent],
        people: &[People::YoungPeople],
        fields: &PRE_REGISTRATION,
        seen_by: &[Role::Reception, Role::Advisor, Role::SectorHead, Role::Director],
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::PreRegistration],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::EventRegistration,
        modules: &[Module::Events],
        basis: &[Basis::Consent],
        people: &[People::YoungPeople],
        fields: &EVENT,
        seen_by: &[Role::ProjectLead, Role::Reception, Role::SectorHead, Role::Director],
        recipients: &[DataRecipient::RegionalAssociation],
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::EventRegistration],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::ApprenticeshipTax,
        modules: &[Module::ApprenticeshipTax],
        basis: &[Basis::Consent],
        people: &[People::Partners],
        fields: &APPRENTICESHIP_TAX,
        seen_by: &[Role::AdministrativeAssistant, Role::Director],
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::ApprenticeshipTax],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::Newsletter,
        modules: &[Module::Newsletter],
        basis: &[Basis::Contract, Basis::Consent],
        people: &[People::Visitors, People::Partners],
        fields: &NEWSLETTER,
        seen_by: &[Role::ProjectLead, Role::Director],
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::NewsletterUnconfirmed, RuleId::Newsletter],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::YouthSpace,
        modules: &[Module::YouthSpace],
        basis: &[Basis::PublicMission],
        people: &[People::YoungPeople],
        fields: &YOUTH_SPACE,
        seen_by: Role::FOLLOWING,
        attached_only: true,
        retention: &[RuleId::YouthSpace],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::Vault,
        modules: &[Module::Vault],
        basis: &[Basis::Consent],
        people: &[People::YoungPeople],
        fields: &VAULT,
        seen_by: Role::FOLLOWING,
        attached_only: true,
        retention: &[RuleId::Vault],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::Staff,
        basis: &[Basis::PublicMission],
        people: &[People::Staff],
        fields: &STAFF,
        seen_by: &[Role::Administrator, Role::Dpo, Role::Director],
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::Staff, RuleId::Proposals],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::Security,
        basis: &[Basis::LegalDuty, Basis::LegitimateInterest],
        people: &[People::YoungPeople, People::Staff],
        fields: &SECURITY,
        retention: &[RuleId::Sessions, RuleId::ActivationCodes, RuleId::Attempts],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::AccessLog,
        basis: &[Basis::LegalDuty],
        people: &[People::YoungPeople, People::Staff],
        fields: &ACCESS_LOG,
        seen_by: Role::HOUSE,
        recipients: &[DataRecipient::ThePersonThemselves],
        retention: &[RuleId::AccessLog, RuleId::Journal],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::ConsentProof,
        basis: &[Basis::LegalDuty],
        people: &[People::Visitors],
        fields: &CONSENT_PROOF,
        seen_by: Role::HOUSE,
        retention: &[RuleId::Receipts],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::Mails,
        basis: &[Basis::LegitimateInterest],
        people: &[People::Visitors, People::YoungPeople, People::Staff, People::Partners],
        fields: &MAILS,
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::SentMails, RuleId::FailedMails],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::Rights,
        basis: &[Basis::LegalDuty],
        people: &[People::Visitors, People::YoungPeople, People::Staff, People::Partners],
        fields: &RIGHTS,
        seen_by: &[Role::Dpo],
        processors: MACHINE_AND_MAIL,
        retention: &[RuleId::Rights],
        ..PLAIN
    },
    Processing {
        id: ProcessingId::Analytics,
        basis: &[Basis::LegitimateInterest],
        people: &[People::Visitors],
        fields: &ANALYTICS,
        seen_by: &[Role::Administrator, Role::Dpo, Role::Director],
        retention: &[RuleId::Visits],
        ..PLAIN
    },
];
