//! « Nous écrire » (F3).

use super::{FieldErrors, fields, public::public_form};
use crate::requests::{NewRequest, RequestKind};
use serde::{Deserialize, Serialize};

/// What the contact form sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactForm {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where the answer goes.
    pub email: String,
    /// One of Paris, or [`fields::OUTSIDE_PARIS`].
    pub postal_code: String,
    /// What is on their mind.
    pub message: String,
    /// See [`super::public::PublicForm`].
    pub token: String,
    /// The trap.
    pub website: String,
    /// Whether the question of the screening was answered.
    pub confirmed: String,
}

public_form!(ContactForm, "contact", [message]);

impl ContactForm {
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
        let email = fields::email(&mut errors, &self.email);
        let postal_code = fields::paris_postal_code(&mut errors, &self.postal_code);
        let message = errors.text("message", &self.message, Self::MESSAGE_MAX).to_owned();
        errors.or(|| NewRequest {
            email: Some(email),
            postal_code,
            message: Some(message),
            ..NewRequest::of(RequestKind::Contact, first_name, last_name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::FieldCode;

    fn form() -> ContactForm {
        ContactForm {
            first_name: " Zoé ".into(),
            last_name: "Exemple".into(),
            email: " zoe@exemple.test ".into(),
            postal_code: "75011".into(),
            message: "  Bonjour,\n\nJ’ai une question.  ".into(),
            ..ContactForm::default()
        }
    }

    #[test]
    fn a_message_is_read_as_it_was_meant() {
        let request = form().validate().unwrap();
        assert_eq!(request.kind, RequestKind::Contact);
        assert_eq!((request.first_name.as_str(), request.last_name.as_str()), ("Zoé", "Exemple"));
        assert_eq!(request.email.as_deref(), Some("zoe@exemple.test"));
        assert_eq!(request.postal_code.as_deref(), Some("75011"));
        assert_eq!(request.message.as_deref(), Some("Bonjour,\n\nJ’ai une question."));
        let outside = ContactForm { postal_code: fields::OUTSIDE_PARIS.into(), ..form() }.validate().unwrap();
        assert_eq!(outside.postal_code, None);
    }

    #[test]
    fn everything_wrong_is_said_at_once_in_the_order_of_the_form() {
        let errors = ContactForm::default().validate().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| (error.field.as_ref(), error.code.clone())).collect();
        let expected = ["first_name", "last_name", "email", "postal_code", "message"];
        assert_eq!(fields, expected.map(|field| (field, FieldCode::Required)));
        let wrong = ContactForm {
            first_name: "R2D2".into(),
            last_name: "é".repeat(61),
            email: "zoe".into(),
            postal_code: "75000".into(),
            message: "é".repeat(3001),
            ..ContactForm::default()
        };
        let errors = wrong.validate().unwrap_err();
        for (field, code) in [
            ("first_name", FieldCode::NotAName),
            ("last_name", FieldCode::TooLong { max: 60 }),
            ("email", FieldCode::NotAnEmail),
            ("postal_code", FieldCode::UnknownChoice),
            ("message", FieldCode::TooLong { max: 3000 }),
        ] {
            assert_eq!(errors.of(field), Some(&code), "{field}");
        }
    }
}
