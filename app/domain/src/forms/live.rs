//! One field of a form while it is filled in: the rules of the form's `validate`, run in the browser when the field is
//! left. What is empty is not a mistake yet. The server's word counts.
//!
//! Each form names the rules of its fields (`CHECKS`). Its page carries them as words, so the browser knows no form.

use super::{FieldCode, FieldErrors, fields};
use crate::time::CivilDate;
use std::{fmt, str::FromStr};

/// The rule of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// A first or last name.
    Name,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The day somebody was born.
    BirthDate,
    /// A French postal code.
    PostalCode,
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines of at most so many characters.
    Text(usize),
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("name"),
            Self::Email => f.write_str("email"),
            Self::Phone => f.write_str("phone"),
            Self::BirthDate => f.write_str("birth_date"),
            Self::PostalCode => f.write_str("postal_code"),
            Self::Line(max) => write!(f, "line-{max}"),
            Self::Text(max) => write!(f, "text-{max}"),
        }
    }
}

/// The word is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchCheck;

impl FromStr for Check {
    type Err = NoSuchCheck;

    fn from_str(word: &str) -> Result<Self, NoSuchCheck> {
        Ok(match word {
            "name" => Self::Name,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "birth_date" => Self::BirthDate,
            "postal_code" => Self::PostalCode,
            word => match word.split_once('-').map(|(kind, max)| (kind, max.parse())) {
                Some(("line", Ok(max))) => Self::Line(max),
                Some(("text", Ok(max))) => Self::Text(max),
                _ => return Err(NoSuchCheck),
            },
        })
    }
}

/// The rules of a form as its page carries them: `email:email message:text-3000`.
#[must_use]
pub fn written(checks: &[(&str, Check)]) -> String {
    checks.iter().map(|(field, check)| format!("{field}:{check}")).collect::<Vec<_>>().join(" ")
}

/// The rule of the field `name` in what [`written`] wrote; nothing for a field that the server alone judges.
#[must_use]
pub fn rule_of(written: &str, name: &str) -> Option<Check> {
    written.split(' ').find_map(|rule| rule.strip_prefix(name)?.strip_prefix(':')?.parse().ok())
}

/// What is wrong with `value`, so far.
#[must_use]
pub fn check(rule: Check, value: &str, today: CivilDate) -> Option<FieldCode> {
    if value.trim().is_empty() {
        return None;
    }
    let mut errors = FieldErrors::default();
    match rule {
        Check::Name => drop(fields::name(&mut errors, "", value)),
        Check::Email => drop(fields::email(&mut errors, value)),
        Check::Phone => drop(fields::optional_phone(&mut errors, value)),
        Check::BirthDate => drop(fields::birth_date(&mut errors, value, today)),
        Check::PostalCode => drop(fields::postal_code(&mut errors, value)),
        Check::Line(max) => drop(fields::text(&mut errors, "", value, max)),
        Check::Text(max) => drop(fields::optional_text(&mut errors, "", value, max)),
    }
    errors.iter().next().map(|error| error.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        forms::{
            apprenticeship_tax::ApprenticeshipTaxForm, contact::ContactForm, event::EventForm,
            pre_registration::PreRegistrationForm,
        },
        territory::Territory,
    };

    /// What is said on the way is what is said at the end, for every field and form.
    #[test]
    fn a_field_is_judged_like_the_whole_form() {
        let today: CivilDate = "2026-03-10".parse().unwrap();
        let long = "é".repeat(4000);
        for value in [
            "Zoé",
            "R2D2",
            "zoe@exemple.test",
            "zoe@",
            "06 39 98 12 34",
            "06",
            "4/5/2007",
            "31/2/2007",
            "75011",
            "7501",
            &long,
        ] {
            let contact = ContactForm {
                first_name: value.into(),
                last_name: value.into(),
                email: value.into(),
                message: value.into(),
                ..ContactForm::default()
            };
            let pre_registration = PreRegistrationForm {
                first_name: value.into(),
                last_name: value.into(),
                birth_date: value.into(),
                phone: value.into(),
                email: value.into(),
                availability: value.into(),
                message: value.into(),
                ..PreRegistrationForm::default()
            };
            let event = EventForm {
                first_name: value.into(),
                last_name: value.into(),
                birth_date: value.into(),
                postal_code: value.into(),
                phone: value.into(),
                email: value.into(),
                ..EventForm::default()
            };
            let tax = ApprenticeshipTaxForm {
                first_name: value.into(),
                last_name: value.into(),
                email: value.into(),
                company: value.into(),
                message: value.into(),
                ..ApprenticeshipTaxForm::default()
            };
            for (checks, errors) in [
                (ContactForm::CHECKS, contact.validate().unwrap_err()),
                (PreRegistrationForm::CHECKS, pre_registration.validate(today).unwrap_err()),
                (EventForm::CHECKS, event.validate(today, &[], &Territory::default()).unwrap_err()),
                (ApprenticeshipTaxForm::CHECKS, tax.validate().unwrap_err()),
            ] {
                let carried = written(checks);
                for (field, rule) in checks {
                    assert_eq!(rule_of(&carried, field), Some(*rule), "{carried}");
                    assert_eq!(check(*rule, value, today).as_ref(), errors.of(field), "{field} {value:.9}");
                }
            }
        }
    }

    #[test]
    fn an_empty_field_is_not_wrong_yet_and_a_field_without_a_rule_is_the_servers() {
        let today: CivilDate = "2026-03-10".parse().unwrap();
        assert_eq!(check(Check::Email, "  ", today), None);
        let carried = written(ContactForm::CHECKS);
        // A choice of a list is never half typed.
        for other in ["postal_code", "mail", "first", ""] {
            assert_eq!(rule_of(&carried, other), None, "{other:?}");
        }
        assert_eq!("nom".parse::<Check>(), Err(NoSuchCheck));
    }
}
