//! `/activation` and `/mot-de-passe`: a password is chosen (E1).

use super::{FieldCode, FieldErrors};
use crate::{
    activation::{ActivationCode, NewActivation},
    devices::PasswordChange,
    password::{NewPassword, PASSWORD_MAX},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Reads a password that was typed twice, and notes what is wrong with it in `password` and `again`.
fn twice(errors: &mut FieldErrors, password: &str, again: &str) -> Option<NewPassword> {
    let chosen = NewPassword::new(password).map_err(|code| errors.push("password", code)).ok();
    if again.is_empty() {
        errors.push("again", FieldCode::Required);
    } else if again != password {
        errors.push("again", FieldCode::PasswordsDiffer);
    }
    chosen.filter(|_| errors.is_empty())
}

/// What `/activation` sends: the code alone first, then with a password.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivationForm {
    /// The code.
    pub code: String,
    /// `password` at the second step.
    pub step: String,
    /// The password.
    pub password: String,
    /// The password again.
    pub again: String,
}

// A form may end up in a log line; neither code nor password must.
impl fmt::Debug for ActivationForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivationForm(…)")
    }
}

impl ActivationForm {
    /// Whether a password was chosen with the code.
    #[must_use]
    pub fn is_second_step(&self) -> bool {
        self.step == "password"
    }

    /// The code. One that cannot be one has the same answer as one that is unknown.
    ///
    /// # Errors
    /// `Required` or `WrongActivationCode` on `code`.
    pub fn validate_code(&self) -> Result<ActivationCode, FieldErrors> {
        if self.code.trim().is_empty() {
            return Err(FieldErrors::one("code", FieldCode::Required));
        }
        ActivationCode::read(&self.code).ok_or_else(|| FieldErrors::one("code", FieldCode::WrongActivationCode))
    }

    /// The code and a password typed twice.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<NewActivation, FieldErrors> {
        let code = self.validate_code()?;
        let mut errors = FieldErrors::default();
        let password = twice(&mut errors, &self.password, &self.again).ok_or(errors)?;
        Ok(NewActivation { code, password })
    }

    /// The form as it is shown again: never with a password.
    #[must_use]
    pub fn to_show_again(&self) -> Self {
        Self { code: self.code.clone(), step: self.step.clone(), ..Self::default() }
    }
}

/// What `/mot-de-passe` sends.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    /// The password so far.
    pub current: String,
    /// The new one.
    pub password: String,
    /// The new one again.
    pub again: String,
}

impl fmt::Debug for PasswordForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordForm(…)")
    }
}

impl PasswordForm {
    /// The password so far, and a new one typed twice.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<PasswordChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.current.is_empty() {
            errors.push("current", FieldCode::Required);
        } else if self.current.chars().count() > PASSWORD_MAX {
            errors.push("current", FieldCode::TooLong { max: PASSWORD_MAX });
        }
        let password = twice(&mut errors, &self.password, &self.again).ok_or(errors)?;
        Ok(PasswordChange { current: self.current.clone(), password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "0123456789ABCDEFGHJKMNPQRS";

    #[test]
    fn passwords_are_long_and_typed_twice() {
        let wrong = |password: &str, again: &str| {
            let mut errors = FieldErrors::default();
            twice(&mut errors, password, again);
            (errors.of("password").cloned(), errors.of("again").cloned())
        };
        let long = "x".repeat(201);
        for (password, again, expected) in [
            ("", "", (Some(FieldCode::Required), Some(FieldCode::Required))),
            ("onze signes", "onze signes", (Some(FieldCode::TooShort { min: 12 }), None)),
            ("douze signes", "douze signes", (None, None)),
            ("éééééééééééé", "éééééééééééé", (None, None)),
            ("douze signes", "douze signe", (None, Some(FieldCode::PasswordsDiffer))),
            ("douze signes", "", (None, Some(FieldCode::Required))),
            (&long, &long, (Some(FieldCode::TooLong { max: 200 }), None)),
        ] {
            assert_eq!(wrong(password, again), expected, "{password:?} {again:?}");
        }
    }

    #[test]
    fn neither_code_nor_password_is_shown_or_logged() {
        let form = ActivationForm {
            code: CODE.into(),
            step: "password".into(),
            password: "un beau secret".into(),
            again: "un beau secret".into(),
        };
        assert_eq!((form.to_show_again().password.as_str(), form.to_show_again().again.as_str()), ("", ""));
        let activation = form.validate().unwrap();
        let change =
            PasswordForm { current: "ancien".into(), password: form.password.clone(), again: form.again.clone() };
        let printed = format!("{form:?} {activation:?} {change:?} {:?}", change.validate().unwrap().password);
        assert!(!printed.contains("secret") && !printed.contains("ancien") && !printed.contains("0123"), "{printed}");
    }

    #[test]
    fn a_code_that_cannot_be_one_has_the_answer_of_one_that_is_unknown() {
        let form = |code: &str| ActivationForm { code: code.into(), ..ActivationForm::default() };
        assert_eq!(form(" ").validate_code(), Err(FieldErrors::one("code", FieldCode::Required)));
        assert_eq!(form("x").validate_code(), Err(FieldErrors::one("code", FieldCode::WrongActivationCode)));
        assert!(form(CODE).validate_code().is_ok());
    }

    #[test]
    fn a_change_needs_the_password_so_far() {
        let errors = PasswordForm::default().validate().err().unwrap();
        for field in ["current", "password", "again"] {
            assert_eq!(errors.of(field), Some(&FieldCode::Required), "{field}");
        }
    }
}
