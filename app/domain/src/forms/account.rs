//! `/admin/comptes` and under it: what is proposed about an account, and what is decided (A8).

use super::{FieldCode, FieldErrors, fields};
use crate::{
    accounts::{Change, Decision, NewStaff},
    actor::Role,
};
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

impl NewStaffForm {
    /// The word that its token is made for.
    pub const FORM: &'static str = "new_staff";
    /// Longest name, in characters.
    pub const NAME_MAX: usize = 100;
    /// Shortest identifier, in characters.
    pub const IDENTIFIER_MIN: usize = 3;
    /// Longest identifier, in characters.
    pub const IDENTIFIER_MAX: usize = 60;

    /// Every field at once, so that all is said the first time.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<NewStaff, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = name(&mut errors, &self.name);
        let identifier = identifier(&mut errors, &self.identifier);
        let email = fields::email(&mut errors, &self.email);
        let phone = fields::optional_phone(&mut errors, &self.phone);
        let role = fields::choice(&mut errors, "role", &self.role, Role::from_code);
        match (role, errors.is_empty()) {
            (Some(role), true) => Ok(NewStaff { name, identifier, email, phone, role }),
            _ => Err(errors),
        }
    }
}

/// First and last name on one line: it stands in mails, lists and titles.
pub fn name(errors: &mut FieldErrors, value: &str) -> String {
    fields::text(errors, "name", value, NewStaffForm::NAME_MAX)
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
                fields::choice(&mut errors, "role", &self.role, Role::from_code).map(Change::Role).ok_or(errors)
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

    /// Telephone numbers are read like those of every other form, by the numbering plans.
    #[test]
    fn a_telephone_number_overseas_has_the_code_of_its_own_country() {
        let form = |phone: &str| NewStaffForm { phone: phone.into(), ..good() }.validate();
        assert_eq!(form("0692 12 34 56").unwrap().phone.as_deref(), Some("+262692123456"));
        assert_eq!(form("").unwrap().phone, None);
        for bad in ["0899 70 12 34", "0000000000", "+999 99 99 99 99", "12"] {
            assert_eq!(form(bad).unwrap_err().of("phone"), Some(&FieldCode::NotAPhone), "{bad}");
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
