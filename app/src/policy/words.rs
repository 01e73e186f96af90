//! The names of things of the domain, for every page that names them: processings and their rules for the policy, the
//! public register and the notices; roles; public forms.

use crate::{
    components::icon::{BANKNOTE, CALENDAR_CLOCK, MAIL, USERS},
    texts::Texts,
};
use domain::{
    actor::Role,
    identity::SESSION_HOURS,
    register::{Basis, Data, DataRecipient, People, Processing, ProcessingId, Source},
    requests::RequestKind,
    retention::{Clock, Kept, RuleId},
    rights::Right,
    time::Period,
};

/// The name of a processing.
pub(crate) fn title(texts: Texts, id: ProcessingId) -> &'static str {
    match id {
        ProcessingId::Contact => texts.processing_contact(),
        ProcessingId::PreRegistration => texts.processing_pre_registration(),
        ProcessingId::EventRegistration => texts.processing_event_registration(),
        ProcessingId::ApprenticeshipTax => texts.processing_apprenticeship_tax(),
        ProcessingId::Newsletter => texts.processing_newsletter(),
        ProcessingId::YouthSpace => texts.processing_youth_space(),
        ProcessingId::Vault => texts.processing_vault(),
        ProcessingId::Staff => texts.processing_staff(),
        ProcessingId::Security => texts.processing_security(),
        ProcessingId::AccessLog => texts.processing_access_log(),
        ProcessingId::ConsentProof => texts.processing_consent_proof(),
        ProcessingId::Mails => texts.processing_mails(),
        ProcessingId::Rights => texts.processing_rights(),
        ProcessingId::Analytics => texts.processing_analytics(),
    }
}

/// The purpose of a processing.
pub(crate) fn purpose(texts: Texts, id: ProcessingId) -> &'static str {
    match id {
        ProcessingId::Contact => texts.processing_contact_purpose(),
        ProcessingId::PreRegistration => texts.processing_pre_registration_purpose(),
        ProcessingId::EventRegistration => texts.processing_event_registration_purpose(),
        ProcessingId::ApprenticeshipTax => texts.processing_apprenticeship_tax_purpose(),
        ProcessingId::Newsletter => texts.processing_newsletter_purpose(),
        ProcessingId::YouthSpace => texts.processing_youth_space_purpose(),
        ProcessingId::Vault => texts.processing_vault_purpose(),
        ProcessingId::Staff => texts.processing_staff_purpose(),
        ProcessingId::Security => texts.processing_security_purpose(),
        ProcessingId::AccessLog => texts.processing_access_log_purpose(),
        ProcessingId::ConsentProof => texts.processing_consent_proof_purpose(),
        ProcessingId::Mails => texts.processing_mails_purpose(),
        ProcessingId::Rights => texts.processing_rights_purpose(),
        ProcessingId::Analytics => texts.processing_analytics_purpose(),
    }
}

/// The legal bases of a processing.
pub(crate) fn bases(texts: Texts, processing: &Processing) -> Vec<String> {
    let name = |basis: &Basis| match basis {
        Basis::Consent => texts.basis_consent(),
        Basis::Contract => texts.basis_contract(),
        Basis::LegalDuty => texts.basis_legal_duty(),
        Basis::PublicMission => texts.basis_public_mission(),
        Basis::LegitimateInterest => texts.basis_legitimate_interest(),
    };
    processing.basis.iter().map(|basis| name(basis).to_owned()).collect()
}

/// The people whose data it is, on one line.
pub(crate) fn people(texts: Texts, processing: &Processing) -> Vec<String> {
    let name = |people: &People| match people {
        People::Visitors => texts.people_visitors(),
        People::YoungPeople => texts.people_young_people(),
        People::Staff => texts.people_staff(),
        People::Partners => texts.people_partners(),
    };
    vec![processing.people.iter().map(name).collect::<Vec<_>>().join(", ")]
}

/// The source of data; nothing for data that the person gave, because they know that.
pub(crate) fn source(texts: Texts, source: Source) -> Option<&'static str> {
    match source {
        Source::Person | Source::Site => None,
        Source::Imilo => Some(texts.source_imilo()),
        Source::Staff => Some(texts.source_staff()),
        Source::Browser => Some(texts.source_browser()),
    }
}

/// The name of a recipient outside the organisation.
pub(crate) fn recipient(texts: Texts, recipient: DataRecipient) -> &'static str {
    match recipient {
        DataRecipient::RegionalAssociation => texts.recipient_regional_association(),
        DataRecipient::ThePersonThemselves => texts.recipient_the_person(),
    }
}

/// The name of a right, and an explanation.
pub(crate) fn right(texts: Texts, right: Right) -> (&'static str, &'static str) {
    match right {
        Right::Access => (texts.right_access(), texts.right_access_text()),
        Right::Rectification => (texts.right_rectification(), texts.right_rectification_text()),
        Right::Erasure => (texts.right_erasure(), texts.right_erasure_text()),
        Right::Objection => (texts.right_objection(), texts.right_objection_text()),
        Right::Restriction => (texts.right_restriction(), texts.right_restriction_text()),
        Right::Portability => (texts.right_portability(), texts.right_portability_text()),
        Right::Directives => (texts.right_after_death(), texts.right_after_death_text()),
        Right::Withdrawal => (texts.right_withdrawal(), texts.right_withdrawal_text()),
    }
}

/// « 6 mois ».
pub(crate) fn period(texts: Texts, period: Period) -> String {
    match period {
        Period::Days(1) => texts.kept_hours().to_owned(),
        Period::Days(days) => texts.kept_days(u64::from(days)),
        Period::Months(months) => texts.kept_months(u64::from(months)),
    }
}

/// How long something is kept.
pub(crate) fn kept(texts: Texts, rule: RuleId, kept: Kept) -> String {
    match (kept, rule.clock()) {
        (Kept::For(length), clock) => {
            let length = period(texts, length);
            match clock {
                Clock::Received => texts.kept_from_received(length),
                Clock::Choice => texts.kept_from_choice(length),
                Clock::Visit => texts.kept_from_visit(length),
                Clock::Closed => texts.kept_from_closed(length),
                Clock::Tried => texts.kept_from_tried(length),
                Clock::Made | Clock::EventEnd | Clock::SessionEnd => texts.kept_from_made(length),
            }
        }
        (Kept::Until, Clock::EventEnd) => texts.kept_event_end().to_owned(),
        (Kept::Until, _) => texts.kept_session_end(SESSION_HOURS),
        (Kept::UntilUnsubscribed, _) => texts.kept_unsubscribed().to_owned(),
        (Kept::WhileFollowed, _) => texts.kept_followed().to_owned(),
        (Kept::WhileEmployed, _) => texts.kept_employed().to_owned(),
        (Kept::WithItsSubject, _) => texts.kept_subject().to_owned(),
    }
}

/// What a retention rule is about.
pub(crate) fn rule(texts: Texts, rule: RuleId) -> &'static str {
    match rule {
        RuleId::Contact => texts.kept_contact(),
        RuleId::PreRegistration => texts.kept_pre_registration(),
        RuleId::EventRegistration => texts.kept_event(),
        RuleId::ApprenticeshipTax => texts.kept_apprenticeship_tax(),
        RuleId::NewsletterUnconfirmed => texts.kept_newsletter_unconfirmed(),
        RuleId::Newsletter => texts.kept_newsletter(),
        RuleId::YouthSpace => texts.kept_youth_space(),
        RuleId::Vault => texts.kept_vault(),
        RuleId::Staff => texts.kept_staff(),
        RuleId::Proposals => texts.kept_proposals(),
        RuleId::Sessions => texts.kept_sessions(),
        RuleId::ActivationCodes => texts.kept_activation_codes(),
        RuleId::Attempts => texts.kept_attempts(),
        RuleId::AccessLog => texts.kept_access_log(),
        RuleId::Journal => texts.kept_journal(),
        RuleId::Receipts => texts.kept_receipts(),
        RuleId::SentMails => texts.kept_sent_mails(),
        RuleId::FailedMails => texts.kept_failed_mails(),
        RuleId::Rights => texts.kept_rights(),
        RuleId::Visits => texts.kept_visits(),
    }
}

/// The name of a kind of data.
pub(crate) fn data(texts: Texts, data: Data) -> &'static str {
    match data {
        Data::FirstName => texts.data_first_name(),
        Data::LastName => texts.data_last_name(),
        Data::UsualName => texts.data_usual_name(),
        Data::Email => texts.data_email(),
        Data::Phone => texts.data_phone(),
        Data::Address => texts.data_address(),
        Data::PostalCode => texts.data_postal_code(),
        Data::City => texts.data_city(),
        Data::BirthDate => texts.data_birth_date(),
        Data::Message => texts.data_message(),
        Data::Reason => texts.data_reason(),
        Data::Availability => texts.data_availability(),
        Data::ByVideo => texts.data_by_video(),
        Data::Company => texts.data_company(),
        Data::Organisation => texts.data_organisation(),
        Data::Position => texts.data_position(),
        Data::Category => texts.data_category(),
        Data::Measurement => texts.data_measurement(),
        Data::Event => texts.data_event(),
        Data::Structure => texts.data_structure(),
        Data::Dates => texts.data_dates(),
        Data::Flags => texts.data_flags(),
        Data::Handler => texts.data_handler(),
        Data::Answer => texts.data_answer(),
        Data::RightAsked => texts.data_right_asked(),
        Data::Concerns => texts.data_concerns(),
        Data::Identifier => texts.data_identifier(),
        Data::Password => texts.data_password(),
        Data::SecondFactor => texts.data_second_factor(),
        Data::ActivationCode => texts.data_activation_code(),
        Data::Role => texts.data_role(),
        Data::StaffName => texts.data_staff_name(),
        Data::Proposal => texts.data_proposal(),
        Data::ImiloId => texts.data_imilo_id(),
        Data::SchoolLevel => texts.data_school_level(),
        Data::Jobs => texts.data_jobs(),
        Data::Schemes => texts.data_schemes(),
        Data::Situation => texts.data_situation(),
        Data::Appointments => texts.data_appointments(),
        Data::Attachment => texts.data_attachment(),
        Data::Corrections => texts.data_corrections(),
        Data::Sharing => texts.data_sharing(),
        Data::Documents => texts.data_documents(),
        Data::DocumentFacts => texts.data_document_facts(),
        Data::Keys => texts.data_keys(),
        Data::ClosedHints => texts.data_closed_hints(),
        Data::Session => texts.data_session(),
        Data::Attempts => texts.data_attempts(),
        Data::Accesses => texts.data_accesses(),
        Data::AccountEvents => texts.data_account_events(),
        Data::Choice => texts.data_choice(),
        Data::MailContent => texts.data_mail_content(),
        Data::Page => texts.data_page(),
        Data::Hour => texts.data_hour(),
        Data::Browser => texts.data_browser(),
        Data::Device => texts.data_device(),
        Data::Referrer => texts.data_referrer(),
        Data::CutAddress => texts.data_cut_address(),
    }
}

/// The name of a role of A6.
pub(crate) fn role_name(texts: Texts, role: Role) -> &'static str {
    match role {
        Role::Director => texts.role_director(),
        Role::Advisor => texts.role_advisor(),
        Role::Reception => texts.role_reception(),
        Role::ProjectLead => texts.role_project_lead(),
        Role::AdministrativeAssistant => texts.role_administrative_assistant(),
        Role::SectorHead => texts.role_sector_head(),
        Role::Administrator => texts.role_admin(),
        Role::Dpo => texts.role_dpo(),
    }
}

/// The names of a public form, for every place that names it: the site, mails, the inbox.
pub(crate) struct RequestWords {
    /// Its name in the inbox.
    pub(crate) name: &'static str,
    /// Its name at the end of each page.
    pub(crate) footer: &'static str,
    /// On the home page: an icon, a title and a sentence.
    pub(crate) home: (&'static str, &'static str, &'static str),
    /// In the search: a title, a sentence and further words.
    pub(crate) find: (&'static str, &'static str, &'static str),
    /// In the mail to the person who sent it: what arrived, and what happens next.
    pub(crate) received: (&'static str, &'static str),
    /// In the mail to the team: a form arrived; nothing of its content.
    pub(crate) awaits: &'static str,
    /// In the report of the nightly job: how many were deleted.
    pub(crate) removed: fn(Texts, u64) -> String,
}

/// The names of the form of `kind`.
pub(crate) fn request(texts: Texts, kind: RequestKind) -> RequestWords {
    match kind {
        RequestKind::Contact => RequestWords {
            name: texts.inbox_kind_contact(),
            footer: texts.footer_contact(),
            home: (MAIL, texts.home_contact(), texts.home_contact_text()),
            find: (texts.find_contact(), texts.find_contact_text(), texts.find_contact_words()),
            received: (texts.mail_request_contact(), texts.mail_request_contact_next()),
            awaits: texts.mail_awaits_contact(),
            removed: Texts::count_contact,
        },
        RequestKind::PreRegistration => RequestWords {
            name: texts.inbox_kind_pre_registration(),
            footer: texts.footer_pre_registration(),
            home: (USERS, texts.home_pre_registration(), texts.home_pre_registration_text()),
            find: (texts.find_pre(), texts.find_pre_text(), texts.find_pre_words()),
            received: (texts.mail_request_pre_registration(), texts.mail_request_pre_registration_next()),
            awaits: texts.mail_awaits_pre_registration(),
            removed: Texts::count_pre_registration,
        },
        RequestKind::Event => RequestWords {
            name: texts.inbox_kind_event(),
            footer: texts.footer_event(),
            home: (CALENDAR_CLOCK, texts.home_event(), texts.home_event_text()),
            find: (texts.find_event(), texts.find_event_text(), texts.find_event_words()),
            received: (texts.mail_request_event_text(), texts.mail_request_event_next()),
            awaits: texts.mail_awaits_event(),
            removed: Texts::count_event,
        },
        RequestKind::ApprenticeshipTax => RequestWords {
            name: texts.inbox_kind_apprenticeship_tax(),
            footer: texts.footer_apprenticeship_tax(),
            home: (BANKNOTE, texts.home_tax(), texts.home_tax_text()),
            find: (texts.find_tax(), texts.find_tax_text(), texts.find_tax_words()),
            received: (texts.mail_request_tax(), texts.mail_request_tax_next()),
            awaits: texts.mail_awaits_tax(),
            removed: Texts::count_apprenticeship_tax,
        },
    }
}
