//! A young person's file: the profile of E2, who follows them, and what comes next.

use crate::{
    actor::Actor,
    error::PortResult,
    ids::{AccountId, DocumentId, SubmissionId, YouthId},
    time::{CivilDate, Instant},
    vault::DocumentSummary,
    words::words,
};
use async_trait::async_trait;

/// The profile a young person reads about themselves: every field of E2, as I-MILO holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The file.
    pub youth: YouthId,
    /// First name.
    pub first_name: String,
    /// Name at birth.
    pub birth_name: String,
    /// Name used in daily life, when it differs.
    pub usual_name: Option<String>,
    /// Day of birth.
    pub birth_date: CivilDate,
    /// Street and number.
    pub address: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Phone number, E.164.
    pub phone: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// Validated school level, in I-MILO's words.
    pub school_level: Option<String>,
    /// Job aimed at.
    pub target_job: Option<String>,
    /// Job prepared by training.
    pub prepared_job: Option<String>,
    /// Job held.
    pub held_job: Option<String>,
    /// Day of registration at the organisation.
    pub registered_on: Option<CivilDate>,
    /// Day of entry into the Garantie jeunes.
    pub guarantee_entry_on: Option<CivilDate>,
    /// Day of entry into the CEJ, which replaced the Garantie jeunes on 1 March 2022.
    pub cej_entry_on: Option<CivilDate>,
    /// Cohort number.
    pub cohort_number: Option<String>,
    /// I-MILO's own number for the file.
    pub imilo_id: String,
    /// The referent advisor, if one is attached today.
    pub referent: Option<StaffContact>,
    /// Whether all attached staff may read the vault (V5).
    pub vault_shared: bool,
}

impl Profile {
    /// The name used in daily life: first name and usual name, or birth name without one.
    #[must_use]
    pub fn full_name(&self) -> String {
        let last = self.usual_name.as_deref().unwrap_or(&self.birth_name);
        format!("{} {last}", self.first_name)
    }
}

/// How to reach a member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffContact {
    /// Their account.
    pub account: AccountId,
    /// First and last name.
    pub name: String,
    /// Work email.
    pub email: Option<String>,
    /// Work phone, E.164.
    pub phone: Option<String>,
}

/// The last professional situation, for attached staff only (E2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Category, in I-MILO's words.
    pub category: String,
    /// Planned, current or ended.
    pub state: SituationState,
    /// First day.
    pub started_on: Option<CivilDate>,
    /// Last day, when there is one.
    pub ended_on: Option<CivilDate>,
    /// Job or course.
    pub label: Option<String>,
}

words! {
    /// Where a situation stands.
    SituationState {
        /// It will begin.
        Planned = "planned",
        /// It is going on.
        Current = "current",
        /// It is over.
        Ended = "ended",
    }
}

/// An appointment or a workshop to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAppointment {
    /// When it begins.
    pub at: Instant,
    /// Appointment or workshop.
    pub kind: AppointmentKind,
    /// What it is about.
    pub title: String,
    /// Where.
    pub place: String,
}

words! {
    /// What kind of meeting it is.
    AppointmentKind {
        /// With an advisor, alone.
        Appointment = "appointment",
        /// With others.
        Workshop = "workshop",
    }
}

/// What `/mon-espace` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// How the young person is called.
    pub first_name: String,
    /// The next appointments and workshops, soonest first; at most five.
    pub next: Vec<NextAppointment>,
    /// The newest documents of the vault; at most three.
    pub newest: Vec<DocumentSummary>,
    /// The referent advisor.
    pub referent: Option<StaffContact>,
    /// Bytes used in the vault.
    pub vault_bytes: u64,
    /// Whether all attached staff may read the vault.
    pub vault_shared: bool,
}

/// A correction worth recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCorrection {
    /// What should change, 1 to 1 000 characters.
    pub message: String,
}

/// A correction the young person asked for, as shown back to them and to attached staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// When it was asked.
    pub asked_at: Instant,
    /// What should change, in the person's words.
    pub message: String,
}

/// A file as attached staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YouthFile {
    /// The fields of E2.
    pub profile: Profile,
    /// The last professional situation.
    pub last_situation: Option<Situation>,
    /// Corrections asked for, newest first; at most ten.
    pub corrections: Vec<Correction>,
    /// What comes next, soonest first; at most five.
    pub next: Vec<NextAppointment>,
}

/// Reading and correcting files.
#[async_trait]
pub trait Youths: Send + Sync {
    /// What the young person finds first.
    async fn dashboard(&self, actor: &Actor) -> PortResult<Dashboard>;
    /// The young person's own profile, with the corrections they asked for.
    async fn own_profile(&self, actor: &Actor) -> PortResult<(Profile, Vec<Correction>)>;
    /// Records that the young person asks for a correction (E2), once for a submission.
    async fn ask_correction(
        &self,
        actor: &Actor,
        correction: NewCorrection,
        submission: SubmissionId,
    ) -> PortResult<()>;
    /// Logs that the actor was kept out of a path that names a file or a document (V11).
    async fn note_refusal(&self, actor: &Actor, youth: Option<YouthId>, document: Option<DocumentId>)
    -> PortResult<()>;
    /// A file, for staff attached to it. Each reading is logged and shown to the young person (E16).
    async fn file(&self, actor: &Actor, youth: YouthId) -> PortResult<YouthFile>;
}
