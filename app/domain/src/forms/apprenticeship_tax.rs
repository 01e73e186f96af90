//! A firm about its apprenticeship tax (F6).

use super::{FieldErrors, fields, public::public_form};
use crate::requests::{NewRequest, RequestKind};
use serde::{Deserialize, Serialize};

/// What the form for firms sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApprenticeshipTaxForm {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The firm.
    pub company: String,
    /// Where the answer goes.
    pub email: String,
    /// What they would like.
    pub message: String,
    /// See [`super::public::PublicForm`].
    pub token: String,
    /// The trap.
    pub website: String,
    /// Whether the question of the screening was answered.
    pub confirmed: String,
}

public_form!(ApprenticeshipTaxForm, "apprenticeship_tax", [message]);

impl ApprenticeshipTaxForm {
    /// Longest name of a firm, in characters.
    pub const COMPANY_MAX: usize = 120;
    /// Longest message, in characters.
    pub const MESSAGE_MAX: usize = 3000;

    /// Every field at once, so that all is said the first time.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<NewRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let first_name = fields::name(&mut errors, "first_name", &self.first_name);
        let last_name = fields::name(&mut errors, "last_name", &self.last_name);
        let company = fields::text(&mut errors, "company", &self.company, Self::COMPANY_MAX);
        let email = fields::email(&mut errors, &self.email);
        let message = errors.text("message", &self.message, Self::MESSAGE_MAX).to_owned();
        errors.or(|| NewRequest {
            email: Some(email),
            company: Some(company),
            message: Some(message),
            ..NewRequest::of(RequestKind::ApprenticeshipTax, first_name, last_name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::FieldCode;

    #[test]
    fn a_firm_is_read_as_it_was_meant() {
        let form = ApprenticeshipTaxForm {
            first_name: "Camille".into(),
            last_name: "Exemple".into(),
            company: "  Boulangerie\tExemple & fils ".into(),
            email: "camille@exemple.test".into(),
            message: "Comment verser ?".into(),
            ..ApprenticeshipTaxForm::default()
        };
        let request = form.validate().unwrap();
        assert_eq!(request.kind, RequestKind::ApprenticeshipTax);
        assert_eq!(request.company.as_deref(), Some("Boulangerie Exemple & fils"));
        assert_eq!(request.message.as_deref(), Some("Comment verser ?"));
    }

    #[test]
    fn everything_wrong_is_said_at_once_in_the_order_of_the_form() {
        let errors = ApprenticeshipTaxForm::default().validate().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| (error.field.as_ref(), error.code.clone())).collect();
        let expected = ["first_name", "last_name", "company", "email", "message"];
        assert_eq!(fields, expected.map(|field| (field, FieldCode::Required)));
        let wrong = ApprenticeshipTaxForm {
            first_name: "@".into(),
            last_name: "www.exemple".into(),
            company: "é".repeat(121),
            email: "camille exemple".into(),
            message: "é".repeat(3001),
            ..ApprenticeshipTaxForm::default()
        };
        let errors = wrong.validate().unwrap_err();
        for (field, code) in [
            ("first_name", FieldCode::NotAName),
            ("last_name", FieldCode::NotAName),
            ("company", FieldCode::TooLong { max: 120 }),
            ("email", FieldCode::NotAnEmail),
            ("message", FieldCode::TooLong { max: 3000 }),
        ] {
            assert_eq!(errors.of(field), Some(&code), "{field}");
        }
    }
}
