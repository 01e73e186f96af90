//! `/connexion/code` and the enrolment of a second factor (A8).

use super::{FieldCode, FieldErrors};
use crate::identity::SecondFactorCode;
use serde::Deserialize;

/// What the code form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    /// Six digits from the authenticator, or a recovery code.
    pub code: String,
}

impl CodeForm {
    /// Length of a recovery code without its separators.
    pub const RECOVERY_LENGTH: usize = 26;

    /// A six-digit code or a recovery code; spaces and hyphens do not count.
    ///
    /// # Errors
    /// `Required` or `NotSixDigits` on `code`.
    pub fn validate(&self) -> Result<SecondFactorCode, FieldErrors> {
        let code: String =
            self.code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(Self::RECOVERY_LENGTH + 1).collect();
        if code.is_empty() {
            Err(FieldErrors::one("code", FieldCode::Required))
        } else if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
            Ok(SecondFactorCode::Totp(code))
        } else if code.len() == Self::RECOVERY_LENGTH && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(SecondFactorCode::Recovery(code.to_ascii_uppercase()))
        } else {
            Err(FieldErrors::one("code", FieldCode::NotSixDigits))
        }
    }

    /// Six digits only: a recovery code cannot enrol an authenticator.
    ///
    /// # Errors
    /// `Required` or `NotSixDigits` on `code`.
    pub fn validate_totp(&self) -> Result<String, FieldErrors> {
        match self.validate()? {
            SecondFactorCode::Totp(code) => Ok(code),
            SecondFactorCode::Recovery(_) => Err(FieldErrors::one("code", FieldCode::NotSixDigits)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_as_people_type_them() {
        let form = |code: &str| CodeForm { code: code.into() };
        assert_eq!(form(" 123 456 ").validate(), Ok(SecondFactorCode::Totp("123456".into())));
        let recovery = "abcde-fghij-klmno-pqrst-uvwxy-z";
        assert_eq!(form(recovery).validate(), Ok(SecondFactorCode::Recovery("ABCDEFGHIJKLMNOPQRSTUVWXYZ".into())));
        for wrong in ["12345", "1234567", "12345a", "١٢٣٤٥٦", &"a".repeat(500)] {
            assert_eq!(form(wrong).validate(), Err(FieldErrors::one("code", FieldCode::NotSixDigits)), "{wrong}");
        }
        assert_eq!(form(" - ").validate(), Err(FieldErrors::one("code", FieldCode::Required)));
        assert!(form(recovery).validate_totp().is_err());
    }
}
