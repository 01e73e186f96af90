//! `/admin/comptes` and under it: what is proposed about an account, and what is decided (A8).

use super::{FieldCode, FieldErrors, person};
use crate::{accounts::Decision, actor::Role, mail::is_address};
use serde::{Deserialize, Serialize};

/// What « Proposer un compte » sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewStaffForm {
    /// First and last name.
    pub name: String,
    /// What they will sign in with.
    pub identifier: String,
    /// Where the invitation goes.
    pub email: String,
    /// Optional.
    pub phone: String,
    /// A word of [`Role::code`].
    pub role: String,
    /// As what the form was shown: the same token twice is one submission.
    pub token: String,
}

/// An account worth proposing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStaff {
    /// First and last name.
    pub name: String,
    /// Small letters, digits, dots and hyphens.
    pub identifier: String,
    /// Where the invitation goes.
    pub email: String,
    /// In E.164 where it is a French number.
    pub phone: Option<String>,
    /// What they will be.
    pub role: Role,
}

impl NewStaffForm {
    /// The word that its token is made for.
    pub const FORM: &'static str = "new_staff";
    /// Longest name, in characters.
    pub const NAME_MAX: usize = 100;
    /// Shortest identifier, in characters.
    pub const IDENTIFIER_MIN: usize = 3;
    /// Longest identifier, in characters.
    pub const IDENTIFIER_MAX: usize = 60;
    /// Longest address, in characters (RFC 5321).
    pub const EMAIL_MAX: usize = 254;

    /// Every field at once, so that all is said the first time.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<NewStaff, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = name(&mut errors, &self.name);
        let identifier = identifier(&mut errors, &self.identifier);
        let email = email(&mut errors, &self.email);
        let phone = phone(&mut errors, &self.phone);
        let role = role(&mut errors, &self.role);
        match (role, errors.is_empty()) {
            (Some(role), true) => Ok(NewStaff { name, identifier, email, phone, role }),
            _ => Err(errors),
        }
    }
}

/// First and last name on one line: it stands in mails, lists and titles.
pub fn name(errors: &mut FieldErrors, value: &str) -> String {
    person::text(errors, "name", value, NewStaffForm::NAME_MAX)
}

/// An identifier that can be said on the telephone.
pub fn identifier(errors: &mut FieldErrors, value: &str) -> String {
    let value = value.trim().to_lowercase();
    let length = value.chars().count();
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    if value.is_empty() {
        errors.push("identifier", FieldCode::Required);
    } else if length > NewStaffForm::IDENTIFIER_MAX {
        errors.push("identifier", FieldCode::TooLong { max: NewStaffForm::IDENTIFIER_MAX });
    } else if length < NewStaffForm::IDENTIFIER_MIN {
        errors.push("identifier", FieldCode::TooShort { min: NewStaffForm::IDENTIFIER_MIN });
    } else if !value.chars().all(letters) || !value.starts_with(|c: char| c.is_ascii_lowercase()) {
        errors.push("identifier", FieldCode::NotAnIdentifier);
    }
    value
}

/// An address that mail can be sent to; whether anybody reads it only the mail server knows.
pub fn email(errors: &mut FieldErrors, value: &str) -> String {
    let value = value.trim();
    if value.is_empty() {
        errors.push("email", FieldCode::Required);
    } else if value.chars().count() > NewStaffForm::EMAIL_MAX {
        errors.push("email", FieldCode::TooLong { max: NewStaffForm::EMAIL_MAX });
    } else if !is_address(value) {
        errors.push("email", FieldCode::NotAnEmail);
    }
    value.to_owned()
}

/// A number as people write it: spaces, dots and hyphens do not count; ten French digits become E.164.
fn phone(errors: &mut FieldErrors, value: &str) -> Option<String> {
    let plain: String = value.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')')).collect();
    if plain.is_empty() {
        return None;
    }
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    let sane = digits.bytes().all(|b| b.is_ascii_digit()) && (8..=15).contains(&digits.len());
    match (sane, plain.strip_prefix('0')) {
        (false, _) => {
            errors.push("phone", FieldCode::NotAPhone);
            None
        }
        (true, Some(national)) if plain.len() == 10 => Some(format!("+33{national}")),
        (true, None) if plain.starts_with('+') => Some(plain),
        (true, _) => {
            errors.push("phone", FieldCode::NotAPhone);
            None
        }
    }
}

fn role(errors: &mut FieldErrors, value: &str) -> Option<Role> {
    let role = Role::from_code(value);
    if value.is_empty() {
        errors.push("role", FieldCode::Required);
    } else if role.is_none() {
        errors.push("role", FieldCode::UnknownChoice);
    }
    role
}

/// What « Proposer un changement » sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    /// `role`, `reactivate` or `invite`.
    pub what: String,
    /// A word of [`Role::code`], for `role`.
    pub role: String,
    /// As what the form was shown: the same token twice is one submission.
    pub token: String,
}

/// A change worth proposing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another role.
    Role(Role),
    /// A suspended account as it was.
    Reactivate,
    /// A new password and a new authenticator.
    Invite,
}

impl ChangeForm {
    /// The word that its token is made for.
    pub const FORM: &'static str = "staff_change";
    /// One of the three changes, with its role where one is needed.
    ///
    /// # Errors
    /// `Required` or `UnknownChoice` on `what` or `role`.
    pub fn validate(&self) -> Result<Change, FieldErrors> {
        match self.what.as_str() {
            "role" => {
                let mut errors = FieldErrors::default();
                role(&mut errors, &self.role).map(Change::Role).ok_or(errors)
            }
            "reactivate" => Ok(Change::Reactivate),
            "invite" => Ok(Change::Invite),
            "" => Err(FieldErrors::one("what", FieldCode::Required)),
            _ => Err(FieldErrors::one("what", FieldCode::UnknownChoice)),
        }
    }
}

/// What the buttons of a proposal send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DecisionForm {
    /// `confirm`, `decline` or `withdraw`.
    pub decision: String,
}

impl DecisionForm {
    /// One of the three buttons.
    ///
    /// # Errors
    /// `Required` or `UnknownChoice` on `decision`.
    pub fn validate(&self) -> Result<Decision, FieldErrors> {
        match self.decision.as_str() {
            "confirm" => Ok(Decision::Confirm),
            "decline" => Ok(Decision::Decline),
            "withdraw" => Ok(Decision::Withdraw),
            "" => Err(FieldErrors::one("decision", FieldCode::Required)),
            _ => Err(FieldErrors::one("decision", FieldCode::UnknownChoice)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> NewStaffForm {
        NewStaffForm {
            name: "  Inès   Modèle ".into(),
            identifier: " I.Modele ".into(),
            email: " i.modele@exemple.test ".into(),
            phone: "01 99 00 12 34".into(),
            role: "advisor".into(),
            token: String::new(),
        }
    }

    #[test]
    fn a_good_proposal_is_tidied() {
        let expected = NewStaff {
            name: "Inès Modèle".into(),
            identifier: "i.modele".into(),
            email: "i.modele@exemple.test".into(),
            phone: Some("+33199001234".into()),
            role: Role::Advisor,
        };
        assert_eq!(good().validate(), Ok(expected));
    }

    #[test]
    fn every_field_is_complained_about_at_once() {
        let errors = NewStaffForm::default().validate().err().unwrap();
        for field in ["name", "identifier", "email", "role"] {
            assert_eq!(errors.of(field), Some(&FieldCode::Required), "{field}");
        }
        assert_eq!(errors.of("phone"), None, "the telephone is optional");
        let wrong = NewStaffForm {
            name: "x".repeat(101),
            identifier: "été".into(),
            email: "nobody".into(),
            phone: "douze".into(),
            role: "king".into(),
            token: String::new(),
        };
        let errors = wrong.validate().err().unwrap();
        for (field, code) in [
            ("name", FieldCode::TooLong { max: 100 }),
            ("identifier", FieldCode::NotAnIdentifier),
            ("email", FieldCode::NotAnEmail),
            ("phone", FieldCode::NotAPhone),
            ("role", FieldCode::UnknownChoice),
        ] {
            assert_eq!(errors.of(field), Some(&code), "{field}");
        }
    }

    #[test]
    fn a_name_is_one_line_without_hidden_signs() {
        let mut errors = FieldErrors::default();
        assert_eq!(name(&mut errors, "Inès\r\nBcc: x\0\u{202e} Modèle"), "Inès Bcc: x Modèle");
        assert!(errors.is_empty());
        assert_eq!(name(&mut errors, " \0 "), "");
        assert_eq!(errors.of("name"), Some(&FieldCode::Required));
    }

    #[test]
    fn identifiers_that_can_be_said_on_the_telephone() {
        for (value, wrong) in [
            ("ab", Some(FieldCode::TooShort { min: 3 })),
            ("a.b", None),
            ("a-b2", None),
            ("2ab", Some(FieldCode::NotAnIdentifier)),
            ("a b", Some(FieldCode::NotAnIdentifier)),
            ("a@b", Some(FieldCode::NotAnIdentifier)),
            (&"a".repeat(61), Some(FieldCode::TooLong { max: 60 })),
        ] {
            let mut errors = FieldErrors::default();
            identifier(&mut errors, value);
            assert_eq!(errors.of("identifier"), wrong.as_ref(), "{value}");
        }
    }

    #[test]
    fn addresses_that_mail_can_be_sent_to() {
        for good in ["a@b.fr", "prenom.nom+x@sous.exemple.test"] {
            let mut errors = FieldErrors::default();
            assert_eq!((email(&mut errors, good).as_str(), errors.is_empty()), (good, true), "{good}");
        }
        for bad in [
            "a",
            "a@b",
            "@b.fr",
            "a@",
            "a@b@c.fr",
            "a b@c.fr",
            "a@b..fr",
            "a@.fr",
            "a@b.fr.",
            "a@b.fr\r\nBcc: c@d.fr",
            "A <a@b.fr>",
            "é@b.fr",
        ] {
            let mut errors = FieldErrors::default();
            email(&mut errors, bad);
            assert_eq!(errors.of("email"), Some(&FieldCode::NotAnEmail), "{bad}");
        }
    }

    #[test]
    fn telephone_numbers_as_people_write_them() {
        for (value, number) in [
            ("", None),
            ("01.99.00.12.34", Some("+33199001234")),
            ("+33 1 99 00 12 34", Some("+33199001234")),
            ("+32 2 555 12 12", Some("+3225551212")),
        ] {
            let mut errors = FieldErrors::default();
            assert_eq!(phone(&mut errors, value).as_deref(), number, "{value}");
            assert!(errors.is_empty(), "{value}");
        }
        for bad in ["12", "0199001234567", "199001234", "01 99 00 12 3x", "++33199001234"] {
            let mut errors = FieldErrors::default();
            assert_eq!(phone(&mut errors, bad), None, "{bad}");
            assert_eq!(errors.of("phone"), Some(&FieldCode::NotAPhone), "{bad}");
        }
    }

    #[test]
    fn changes_and_decisions_are_words_of_a_list() {
        let form =
            |what: &str, role: &str| ChangeForm { what: what.into(), role: role.into(), ..ChangeForm::default() };
        assert_eq!(form("role", "dpo").validate(), Ok(Change::Role(Role::Dpo)));
        assert_eq!(form("reactivate", "").validate(), Ok(Change::Reactivate));
        assert_eq!(form("invite", "").validate(), Ok(Change::Invite));
        assert_eq!(form("", "dpo").validate(), Err(FieldErrors::one("what", FieldCode::Required)));
        assert_eq!(form("raise", "").validate(), Err(FieldErrors::one("what", FieldCode::UnknownChoice)));
        assert_eq!(form("role", "").validate(), Err(FieldErrors::one("role", FieldCode::Required)));
        assert_eq!(form("role", "king").validate(), Err(FieldErrors::one("role", FieldCode::UnknownChoice)));
        let decision = |word: &str| DecisionForm { decision: word.into() }.validate();
        assert_eq!(decision("confirm"), Ok(Decision::Confirm));
        assert_eq!(decision("decline"), Ok(Decision::Decline));
        assert_eq!(decision("withdraw"), Ok(Decision::Withdraw));
        assert!(decision("").is_err() && decision("yes").is_err());
    }
}
