//! What visitors send through the public forms (F3 to F6), and what staff do with it (A5).

use crate::{
    error::{PortError, PortResult},
    identity::Client,
    ids::{EventId, SubmissionId},
    register::ProcessingId,
    retention::RuleId,
    screening::Findings,
    site::Module,
    time::{CivilDate, Instant},
    words::words,
};
use async_trait::async_trait;

words! {
    /// A public form whose answers wait for somebody.
    #[derive(PartialOrd, Ord)]
    RequestKind {
        /// « Nous écrire » (F3).
        Contact = "contact",
        /// « Se préinscrire » (F4).
        PreRegistration = "pre_registration",
        /// Pre-registration for an event (F5).
        Event = "event",
        /// A firm about its apprenticeship tax (F6).
        ApprenticeshipTax = "apprenticeship_tax",
    }
}

impl RequestKind {
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

    /// The rule that says when it goes.
    #[must_use]
    pub const fn rule(self) -> RuleId {
        match self {
            Self::Contact => RuleId::Contact,
            Self::PreRegistration => RuleId::PreRegistration,
            Self::Event => RuleId::EventRegistration,
            Self::ApprenticeshipTax => RuleId::ApprenticeshipTax,
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

/// What a visitor sends, checked. Which fields are filled in depends on the form.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// The form.
    pub kind: RequestKind,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where mails reach them.
    pub email: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
    /// When they were born.
    pub birth_date: Option<CivilDate>,
    /// Where they live; nothing for outside of Paris, where the form only knows Paris.
    pub postal_code: Option<String>,
    /// The firm they write for.
    pub company: Option<String>,
    /// Whether the first appointment may be by video.
    pub by_video: Option<bool>,
    /// When they can be reached.
    pub availability: Option<String>,
    /// What they write.
    pub message: Option<String>,
    /// The event.
    pub event: Option<EventId>,
    /// The code of the Mission Locale that serves their postal code.
    pub structure: Option<String>,
    /// What the screening of free texts found, and was sent all the same (A9).
    pub findings: Findings,
}

impl NewRequest {
    /// A request with a name; its other fields are still empty.
    #[must_use]
    pub fn of(kind: RequestKind, first_name: String, last_name: String) -> Self {
        Self {
            kind,
            first_name,
            last_name,
            email: None,
            phone: None,
            birth_date: None,
            postal_code: None,
            company: None,
            by_video: None,
            availability: None,
            message: None,
            event: None,
            structure: None,
            findings: Findings::default(),
        }
    }
}

/// Never what it says: this may end up in a log.
impl std::fmt::Debug for NewRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewRequest({})", self.kind.code())
    }
}

/// An event one can pre-register for, as everybody may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEvent {
    /// The event.
    pub id: EventId,
    /// What it is called.
    pub name: String,
    /// Where it takes place.
    pub place: String,
    /// What it is, in the organisation's words.
    pub description: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends: with it go the pre-registrations.
    pub ends_at: Instant,
}

/// A form that is sent sooner after it was shown was filled in by a program.
pub const FASTEST_MILLIS: i64 = 3_000;
/// How long a form may stay open.
pub const OPEN_HOURS: i64 = 24;

/// Why the token of a form is not accepted. The page shows the form again with another token and with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// The form was sent within [`FASTEST_MILLIS`] after it was shown.
    #[error("too fast")]
    TooFast,
    /// Open for too long, or no token of ours.
    #[error("too old")]
    TooOld,
}

/// Why nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitRefusal {
    /// The form has to be sent once more.
    #[error(transparent)]
    Token(#[from] TokenRefusal),
    /// Too much came from this address.
    #[error("too many")]
    TooMany {
        /// Minutes until the next one is taken.
        minutes: u32,
    },
    /// The event is over, or closed.
    #[error("the event is over, or closed")]
    EventClosed,
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// The public forms.
#[async_trait]
pub trait Requests: Send + Sync {
    /// What a form of the word `form` carries: as what and when it was shown, sealed.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    fn form_token(&self, form: &str) -> PortResult<String>;

    /// What a form carries that is shown again after `token`: the same submission if that was ours, and no new wait.
    ///
    /// # Errors
    /// As [`Requests::form_token`].
    fn renewed_token(&self, form: &str, token: &str) -> PortResult<String>;

    /// A submission that no form was shown as: for a form that comes without a token.
    ///
    /// # Errors
    /// As [`Requests::form_token`].
    fn new_submission(&self) -> PortResult<SubmissionId>;

    /// As what a form of the word `form` was shown, however fast it comes back: for people who are signed in.
    ///
    /// # Errors
    /// `TooOld` for a token that is older than a day, or none of ours.
    fn shown_as(&self, form: &str, token: &str) -> Result<SubmissionId, TokenRefusal>;

    /// The submission of a form that was neither too fast nor too old.
    ///
    /// # Errors
    /// Why it has to be sent once more.
    fn submission(&self, form: &str, token: &str) -> Result<SubmissionId, TokenRefusal>;

    /// Stores what was sent, and writes to the person and to the team. Sent twice, it is one request: the newest words
    /// count until somebody takes it up.
    ///
    /// # Errors
    /// Why nothing was stored.
    async fn submit(&self, request: NewRequest, token: &str, client: &Client) -> Result<(), SubmitRefusal>;

    /// The events one can pre-register for now, the next first.
    ///
    /// # Errors
    /// When the database does not answer.
    async fn open_events(&self) -> PortResult<Vec<OpenEvent>>;
}
