//! One field of a public form while it is filled in: the rules of its `validate`, run in the browser when the field is
//! left. What is empty is not a mistake yet. The server's word counts.

use super::{
    FieldCode, FieldErrors, apprenticeship_tax::ApprenticeshipTaxForm, contact::ContactForm, fields,
    pre_registration::PreRegistrationForm,
};
use crate::time::CivilDate;

/// What is wrong with `value`, so far, in the field `name` of the form of the word `form`.
#[must_use]
pub fn check(form: &str, name: &str, value: &str, today: CivilDate) -> Option<FieldCode> {
    if value.trim().is_empty() {
        return None;
    }
    let mut errors = FieldErrors::default();
    match name {
        "first_name" => drop(fields::name(&mut errors, "first_name", value)),
        "last_name" => drop(fields::name(&mut errors, "last_name", value)),
        "email" => drop(fields::email(&mut errors, value)),
        "phone" => drop(fields::optional_phone(&mut errors, value)),
        "birth_date" => drop(fields::birth_date(&mut errors, value, today)),
        "postal_code" if form == "event" => drop(fields::postal_code(&mut errors, value)),
        "company" => drop(fields::text(&mut errors, "company", value, ApprenticeshipTaxForm::COMPANY_MAX)),
        "availability" => {
            drop(fields::optional_text(&mut errors, "availability", value, PreRegistrationForm::AVAILABILITY_MAX));
        }
        "message" => {
            let max = match form {
                "contact" => ContactForm::MESSAGE_MAX,
                "pre_registration" => PreRegistrationForm::MESSAGE_MAX,
                _ => ApprenticeshipTaxForm::MESSAGE_MAX,
            };
            drop(fields::optional_text(&mut errors, "message", value, max));
        }
        _ => {}
    }
    errors.iter().next().map(|error| error.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        forms::{event::EventForm, public::PublicForm},
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
                birth_date: value.into(),
                phone: value.into(),
                email: value.into(),
                availability: value.into(),
                message: value.into(),
                ..PreRegistrationForm::default()
            };
            let event = EventForm { postal_code: value.into(), phone: value.into(), ..EventForm::default() };
            let tax = ApprenticeshipTaxForm {
                company: value.into(),
                message: value.into(),
                ..ApprenticeshipTaxForm::default()
            };
            for (form, errors, fields) in [
                (
                    ContactForm::FORM,
                    contact.validate().unwrap_err(),
                    &["first_name", "last_name", "email", "message"][..],
                ),
                (
                    PreRegistrationForm::FORM,
                    pre_registration.validate(today).unwrap_err(),
                    &["birth_date", "phone", "email", "availability", "message"],
                ),
                (
                    EventForm::FORM,
                    event.validate(today, &[], &Territory::default()).unwrap_err(),
                    &["postal_code", "phone"],
                ),
                (ApprenticeshipTaxForm::FORM, tax.validate().unwrap_err(), &["company", "message"]),
            ] {
                for field in fields {
                    assert_eq!(
                        check(form, field, value, today).as_ref(),
                        errors.of(field),
                        "{form} {field} {value:.9}"
                    );
                }
            }
        }
        assert_eq!(check("contact", "email", "  ", today), None);
        assert_eq!(check("contact", "postal_code", "x", today), None, "a choice of a list is never half typed");
    }
}
