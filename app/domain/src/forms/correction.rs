//! « Demander une correction », on the profile (E2).

use super::FieldErrors;
use crate::youth::NewCorrection;
use serde::{Deserialize, Serialize};

/// What the correction form sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectionForm {
    /// What is wrong and what it should be.
    pub message: String,
    /// As what the form was shown: the same token twice is one submission.
    pub token: String,
}

impl CorrectionForm {
    /// The word that its token is made for.
    pub const FORM: &'static str = "correction";
    /// Longest message, in characters.
    pub const MESSAGE_MAX: usize = 1000;

    /// The message is there and not endless.
    ///
    /// # Errors
    /// `Required` or `TooLong` on `message`.
    pub fn validate(&self) -> Result<NewCorrection, FieldErrors> {
        let mut errors = FieldErrors::default();
        let message = errors.text("message", &self.message, Self::MESSAGE_MAX);
        errors.or(|| NewCorrection { message: message.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::FieldCode;

    #[test]
    fn a_message_has_one_to_a_thousand_characters() {
        let form = |message: String| CorrectionForm { message, token: String::new() };
        assert_eq!(form(" \n ".into()).validate(), Err(FieldErrors::one("message", FieldCode::Required)));
        assert!(form("é".repeat(1000)).validate().is_ok());
        assert_eq!(
            form("é".repeat(1001)).validate(),
            Err(FieldErrors::one("message", FieldCode::TooLong { max: 1000 }))
        );
    }
}
