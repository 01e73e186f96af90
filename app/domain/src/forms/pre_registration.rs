//! « Se préinscrire » (F4): asking for a first appointment.

use super::{FieldErrors, fields, public::public_form};
use crate::{
    requests::{NewRequest, RequestKind},
    time::CivilDate,
};
use serde::{Deserialize, Serialize};

/// What the pre-registration sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PreRegistrationForm {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// `1` to `20`, or [`fields::OUTSIDE_PARIS`].
    pub arrondissement: String,
    /// Any age: 16 to 29 is asked kindly.
    pub birth_date: String,
    /// Where to call back.
    pub phone: String,
    /// Whether the first appointment may be by video: `oui` or `non`.
    pub by_video: String,
    /// Optional.
    pub email: String,
    /// When to call; optional.
    pub availability: String,
    /// Why they come; optional.
    pub message: String,
    /// See [`super::public::PublicForm`].
    pub token: String,
    /// The trap.
    pub website: String,
    /// Whether the question of the screening was answered.
    pub confirmed: String,
}

public_form!(PreRegistrationForm, "pre_registration", [availability, message]);

impl PreRegistrationForm {
    /// Longest availability, in characters.
    pub const AVAILABILITY_MAX: usize = 300;
    /// Longest reason, in characters.
    pub const MESSAGE_MAX: usize = 2000;

    /// Every field at once, so that all is said the first time.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self, today: CivilDate) -> Result<NewRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let first_name = fields::name(&mut errors, "first_name", &self.first_name);
        let last_name = fields::name(&mut errors, "last_name", &self.last_name);
        let birth_date = fields::birth_date(&mut errors, &self.birth_date, today);
        let postal_code = fields::arrondissement(&mut errors, &self.arrondissement);
        let phone = fields::phone(&mut errors, &self.phone);
        let email = fields::optional_email(&mut errors, &self.email);
        let by_video = fields::choice(&mut errors, "by_video", &self.by_video, |word| match word {
            "oui" => Some(true),
            "non" => Some(false),
            _ => None,
        });
        let availability =
            fields::optional_text(&mut errors, "availability", &self.availability, Self::AVAILABILITY_MAX);
        let message = fields::optional_text(&mut errors, "message", &self.message, Self::MESSAGE_MAX);
        errors.or(|| NewRequest {
            email,
            phone,
            birth_date,
            postal_code,
            by_video,
            availability,
            message,
            ..NewRequest::of(RequestKind::PreRegistration, first_name, last_name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::FieldCode;

    fn today() -> CivilDate {
        "2026-03-10".parse().unwrap()
    }

    fn form() -> PreRegistrationForm {
        PreRegistrationForm {
            first_name: "Zoé".into(),
            last_name: "Exemple".into(),
            arrondissement: "11".into(),
            birth_date: "04/05/2007".into(),
            phone: "01 99 00 12 34".into(),
            by_video: "oui".into(),
            ..PreRegistrationForm::default()
        }
    }

    #[test]
    fn what_is_optional_may_be_missing() {
        let request = form().validate(today()).unwrap();
        assert_eq!(request.kind, RequestKind::PreRegistration);
        assert_eq!(request.postal_code.as_deref(), Some("75011"));
        assert_eq!(request.birth_date, "2007-05-04".parse().ok());
        assert_eq!(request.phone.as_deref(), Some("+33199001234"));
        assert_eq!(
            (request.by_video, request.email, request.availability, request.message),
            (Some(true), None, None, None)
        );
        let more = PreRegistrationForm {
            arrondissement: fields::OUTSIDE_PARIS.into(),
            by_video: "non".into(),
            email: "zoe@exemple.test".into(),
            availability: " le soir ".into(),
            message: " Un emploi ".into(),
            ..form()
        };
        let request = more.validate(today()).unwrap();
        assert_eq!((request.postal_code, request.by_video), (None, Some(false)));
        assert_eq!(request.email.as_deref(), Some("zoe@exemple.test"));
        assert_eq!(request.availability.as_deref(), Some("le soir"));
        assert_eq!(request.message.as_deref(), Some("Un emploi"));
    }

    #[test]
    fn no_age_is_barred() {
        for born in ["01/01/1950", "10/03/2020", "10/03/2010"] {
            assert!(PreRegistrationForm { birth_date: born.into(), ..form() }.validate(today()).is_ok(), "{born}");
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once_in_the_order_of_the_form() {
        let errors = PreRegistrationForm::default().validate(today()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| (error.field.as_ref(), error.code.clone())).collect();
        let expected = ["first_name", "last_name", "birth_date", "arrondissement", "phone", "by_video"];
        assert_eq!(fields, expected.map(|field| (field, FieldCode::Required)));
        let wrong = PreRegistrationForm {
            first_name: "123".into(),
            last_name: "http://x.test".into(),
            arrondissement: "21".into(),
            birth_date: "31/02/2007".into(),
            phone: "12".into(),
            by_video: "peut-être".into(),
            email: "zoe@".into(),
            availability: "é".repeat(301),
            message: "é".repeat(2001),
            ..PreRegistrationForm::default()
        };
        let errors = wrong.validate(today()).unwrap_err();
        for (field, code) in [
            ("first_name", FieldCode::NotAName),
            ("last_name", FieldCode::NotAName),
            ("birth_date", FieldCode::NotADay),
            ("arrondissement", FieldCode::UnknownChoice),
            ("phone", FieldCode::NotAPhone),
            ("email", FieldCode::NotAnEmail),
            ("by_video", FieldCode::UnknownChoice),
            ("availability", FieldCode::TooLong { max: 300 }),
            ("message", FieldCode::TooLong { max: 2000 }),
        ] {
            assert_eq!(errors.of(field), Some(&code), "{field}");
        }
    }
}
