//! `/newsletter` (F1, F2).

use super::{FieldCode, FieldErrors, fields, public::public_form, rights::NAME_MAX};
use crate::{
    mail::one_line,
    newsletter::{NewSubscription, ReaderCategory},
};
use serde::{Deserialize, Serialize};

/// What the form sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewsletterForm {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where the letter goes.
    pub email: String,
    /// A word of [`ReaderCategory::code`].
    pub category: String,
    /// Their organisation, which nobody has to give.
    pub organisation: String,
    /// What they do there, which nobody has to give.
    pub position: String,
    /// `on` when opening and clicks may be measured.
    pub measured: String,
    /// Which form it was, and when it was shown.
    pub token: String,
    /// A field that nobody sees: whoever fills it is a program.
    pub website: String,
}

public_form!(NewsletterForm, "newsletter");

impl NewsletterForm {
    /// Every field at once, so that all is said the first time.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<NewSubscription, FieldErrors> {
        let mut errors = FieldErrors::default();
        let first_name = fields::text(&mut errors, "first_name", &self.first_name, NAME_MAX);
        let last_name = fields::text(&mut errors, "last_name", &self.last_name, NAME_MAX);
        let email = fields::email(&mut errors, &self.email);
        let category = fields::choice(&mut errors, "category", &self.category, ReaderCategory::from_code);
        // What is not asked of somebody is not kept of them, even when it was filled in before they chose.
        let asked = category.is_some_and(ReaderCategory::has_work);
        let mut line = |field, value: &str| {
            let value = one_line(value, usize::MAX);
            if asked && value.chars().count() > NAME_MAX {
                errors.push(field, FieldCode::TooLong { max: NAME_MAX });
            }
            (asked && !value.is_empty()).then_some(value)
        };
        let organisation = line("organisation", &self.organisation);
        let position = line("position", &self.position);
        match category {
            Some(category) if errors.is_empty() => Ok(NewSubscription {
                first_name,
                last_name,
                email,
                category,
                organisation,
                position,
                measured: self.measured == "on",
            }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::public::PublicForm;

    fn form(category: &str) -> NewsletterForm {
        NewsletterForm {
            first_name: "Zoé".to_owned(),
            last_name: "Exemple".to_owned(),
            email: " zoe@exemple.test ".to_owned(),
            category: category.to_owned(),
            organisation: "Atelier d’exemple".to_owned(),
            position: "Directrice".to_owned(),
            ..NewsletterForm::default()
        }
    }

    #[test]
    fn work_is_kept_of_those_who_are_asked_alone() {
        for category in ReaderCategory::ALL {
            let new = form(category.code()).validate().unwrap();
            assert_eq!(new.organisation.is_some(), category.has_work(), "{category:?}");
            assert_eq!(new.position.is_some(), category.has_work(), "{category:?}");
            assert!(!new.measured, "nobody is measured by default");
        }
        assert!(NewsletterForm { measured: "on".to_owned(), ..form("young") }.validate().unwrap().measured);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let errors = NewsletterForm::default().validate().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
        assert_eq!(fields, ["first_name", "last_name", "email", "category"]);
        let long = NewsletterForm { organisation: "é".repeat(81), ..form("partner") };
        assert_eq!(long.validate().unwrap_err().of("organisation"), Some(&FieldCode::TooLong { max: 80 }));
        let unasked = NewsletterForm { organisation: "é".repeat(81), ..form("young") };
        assert!(unasked.validate().is_ok());
        assert!(NewsletterForm { website: "x".to_owned(), ..form("young") }.is_trapped());
    }
}
