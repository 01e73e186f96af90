//! Forms: raw values → `validate()` → `Result<New…, FieldErrors>`. The same code runs in the browser
//! and on the server; the server's word counts. Errors are codes with parameters, never text.

pub mod account;
pub mod apprenticeship_tax;
pub mod consent;
pub mod contact;
pub mod correction;
pub mod device;
pub mod event;
pub mod event_admin;
pub mod fields;
pub mod inbox;
pub mod live;
pub mod newsletter;
pub mod password;
pub mod pre_registration;
pub mod public;
pub mod rights;
pub mod second_factor;
pub mod sign_in;
pub mod vault;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The field name of an error that concerns the form as a whole.
pub const WHOLE_FORM: &str = "";

/// What is wrong with one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// Nothing was given.
    Required,
    /// Longer than `max` characters.
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// Not one of the choices offered.
    UnknownChoice,
    /// Not six digits.
    NotSixDigits,
    /// Identifier and password do not belong together, or no such account.
    WrongCredentials,
    /// The code is not the one expected now, or was used already.
    WrongCode,
    /// Too many failures; `minutes` to wait.
    TooManyAttempts {
        /// Minutes until the next attempt is heard.
        minutes: u32,
    },
    /// Fewer than `min` characters.
    TooShort {
        /// The fewest characters allowed.
        min: usize,
    },
    /// Not an address that mail can be sent to.
    NotAnEmail,
    /// Not a telephone number.
    NotAPhone,
    /// An identifier is made of small letters, digits, dots and hyphens.
    NotAnIdentifier,
    /// Somebody has, or is about to get, this identifier.
    IdentifierTaken,
    /// The account is like that already, or the same is being proposed.
    NothingToChange,
    /// Nobody would be left to look after the accounts.
    LastAdministrator,
    /// A password that is guessed too easily.
    WeakPassword,
    /// A password that holds the identifier or the name.
    PasswordHoldsName,
    /// The two passwords are not the same.
    PasswordsDiffer,
    /// Not the current password.
    WrongPassword,
    /// No such activation code, or it is over, or it was used: never said which.
    WrongActivationCode,
    /// Somebody else was quicker: nothing was done.
    Overtaken,
    /// The form arrived damaged or too old; nothing was done.
    Unreadable,
    /// No day of the calendar.
    NotADay,
    /// No time of day.
    NotATime,
    /// A time that the clocks skip on that day.
    SkippedHour,
    /// The end of something is not after its beginning.
    EndsBeforeItStarts,
    /// A moment that is over.
    InThePast,
    /// The event has taken place meanwhile.
    EventIsOver,
    /// Nobody is pre-registered, so nothing is handed over.
    NobodyRegistered,
    /// The site has no key to encrypt to.
    NoReceiver,
    /// Not the name of a person.
    NotAName,
    /// A birth date that is still to come.
    NotBornYet,
    /// A birth date so early that nobody born then is alive.
    BornTooLongAgo,
    /// Not a French postal code.
    NotAPostalCode,
    /// Several Missions Locales serve the postal code: which one?
    SeveralStructures,
    /// A text holds what looks like a social-security number (A9). The form asks about it and does not refuse it.
    HoldsNir,
    /// A text seems to tell of the writer's health (A9). The form asks about it and does not refuse it.
    TellsOfHealth,
    /// The form was sent faster than a person can read it.
    SentTooFast,
    /// The token of the form is too old, or is none of ours: the form has to be sent once more.
    FormTooOld,
    /// Too much came from one address; `minutes` to wait.
    TooManySent {
        /// Minutes until the next one is taken.
        minutes: u32,
    },
    /// The event is over, or closed.
    EventClosed,
}

/// One error, beside its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form, or [`WHOLE_FORM`].
    pub field: Cow<'static, str>,
    /// What is wrong.
    pub code: FieldCode,
}

/// All errors of a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// A single error.
    #[must_use]
    pub fn one(field: &'static str, code: FieldCode) -> Self {
        Self(vec![FieldError { field: field.into(), code }])
    }

    /// Adds an error.
    pub fn push(&mut self, field: &'static str, code: FieldCode) {
        self.0.push(FieldError { field: field.into(), code });
    }

    /// The first error of `field`.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&FieldCode> {
        self.0.iter().find(|error| error.field == field).map(|error| &error.code)
    }

    /// The errors in order.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// Whether all there is are questions of the screening (A9), which a confirmation answers.
    #[must_use]
    pub fn only_ask(&self) -> bool {
        !self.0.is_empty()
            && self.0.iter().all(|error| matches!(error.code, FieldCode::HoldsNir | FieldCode::TellsOfHealth))
    }

    /// Whether there is no error.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` when there is no error, else the errors.
    ///
    /// # Errors
    /// The collected errors.
    pub fn or<T>(self, value: impl FnOnce() -> T) -> Result<T, Self> {
        if self.is_empty() { Ok(value()) } else { Err(self) }
    }

    /// Notes when `value`, trimmed, is empty or longer than `max` characters; gives the trimmed value.
    pub fn text<'v>(&mut self, field: &'static str, value: &'v str, max: usize) -> &'v str {
        let value = value.trim();
        if value.is_empty() {
            self.push(field, FieldCode::Required);
        } else if value.chars().count() > max {
            self.push(field, FieldCode::TooLong { max });
        }
        value
    }
}
