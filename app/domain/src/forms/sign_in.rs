//! `/connexion` (E1).

use super::{FieldCode, FieldErrors};
use crate::{identity::Credentials, password::PASSWORD_MAX};
use serde::Deserialize;
use std::fmt;

/// What the sign-in form sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    /// « Identifiant ».
    pub identifier: String,
    /// « Mot de passe ».
    pub password: String,
}

// A form may end up in a log line; the password must not.
impl fmt::Debug for SignInForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInForm(…)")
    }
}

impl SignInForm {
    /// Longest identifier read, in characters.
    pub const IDENTIFIER_MAX: usize = 200;

    /// Both fields are there and of a sane length.
    ///
    /// # Errors
    /// `Required` or `TooLong`, per field.
    pub fn validate(&self) -> Result<Credentials, FieldErrors> {
        let mut errors = FieldErrors::default();
        let identifier = errors.text("identifier", &self.identifier, Self::IDENTIFIER_MAX);
        if self.password.is_empty() {
            errors.push("password", FieldCode::Required);
        } else if self.password.chars().count() > PASSWORD_MAX {
            errors.push("password", FieldCode::TooLong { max: PASSWORD_MAX });
        }
        errors.or(|| Credentials { identifier: identifier.to_owned(), password: self.password.clone() })
    }

    /// The form as it is shown again: never with the password.
    #[must_use]
    pub fn to_show_again(&self) -> Self {
        Self { identifier: self.identifier.clone(), password: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_field_is_named() {
        let errors = SignInForm::default().validate().err().unwrap();
        assert_eq!(errors.of("identifier"), Some(&FieldCode::Required));
        assert_eq!(errors.of("password"), Some(&FieldCode::Required));
    }

    #[test]
    fn identifier_is_trimmed_and_password_is_not() {
        let form = SignInForm { identifier: " a.b ".into(), password: " p ".into() };
        let credentials = form.validate().unwrap();
        assert_eq!((credentials.identifier.as_str(), credentials.password.as_str()), ("a.b", " p "));
    }

    #[test]
    fn endless_values_are_refused() {
        let form = SignInForm { identifier: "x".repeat(201), password: "x".repeat(201) };
        let errors = form.validate().err().unwrap();
        assert_eq!(errors.iter().count(), 2);
    }

    #[test]
    fn the_password_is_neither_shown_again_nor_logged() {
        let form = SignInForm { identifier: "a".into(), password: "secret".into() };
        assert_eq!(form.to_show_again().password, "");
        assert!(!format!("{form:?}").contains("secret"));
    }
}
