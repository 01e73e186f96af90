//! Passwords that are chosen: `/activation` and `/mot-de-passe` (E1, CNIL 2022-100).
//!
//! Twelve characters at least, of any kind, and nothing that is guessed at once. How easily a password is
//! guessed is the services' matter: the list of common ones has no place in a browser.

use super::{FieldCode, FieldErrors, sign_in::SignInForm};
use crate::fold::fold;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 12;
/// Parts of a name shorter than this are in too many words to count.
const NAME_PART_MIN: usize = 4;

/// A password somebody chose, long enough and typed twice.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    /// The password as typed: spaces count.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// Notes what is wrong with a password typed twice, in `password` and `again`.
fn twice(errors: &mut FieldErrors, password: &str, again: &str) -> NewPassword {
    let length = password.chars().count();
    if password.is_empty() {
        errors.push("password", FieldCode::Required);
    } else if length < PASSWORD_MIN {
        errors.push("password", FieldCode::TooShort { min: PASSWORD_MIN });
    } else if length > SignInForm::PASSWORD_MAX {
        errors.push("password", FieldCode::TooLong { max: SignInForm::PASSWORD_MAX });
    }
    if again.is_empty() {
        errors.push("again", FieldCode::Required);
    } else if again != password {
        errors.push("again", FieldCode::PasswordsDiffer);
    }
    NewPassword(password.to_owned())
}

/// Whether `password` holds the identifier or a part of the name, however it is written.
#[must_use]
pub fn holds_name(password: &str, identifier: &str, name: &str) -> bool {
    let plain = |text: &str| fold(text).replace(' ', "");
    let password = plain(password);
    let whole = [plain(identifier), plain(name)];
    let parts: Vec<String> = fold(name).split(' ').map(str::to_owned).collect();
    whole.iter().chain(&parts).any(|part| part.chars().count() >= NAME_PART_MIN && password.contains(part.as_str()))
}

/// An activation code: 26 signs of Crockford's base32, 128 bits and two spare ones.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ActivationCode(String);

impl TryFrom<String> for ActivationCode {
    type Error = &'static str;

    fn try_from(typed: String) -> Result<Self, Self::Error> {
        Self::read(&typed).ok_or("no activation code")
    }
}

impl From<ActivationCode> for String {
    fn from(code: ActivationCode) -> Self {
        code.0
    }
}

impl ActivationCode {
    /// Its length without separators.
    pub const LENGTH: usize = 26;
    /// The signs it is made of: no I, L, O or U, which are misread.
    pub const SIGNS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// The code as somebody typed it: case, spaces and hyphens do not count, and what is easily misread
    /// is read as what it must be.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let signs = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(Self::LENGTH + 1);
        let code: String = signs
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        (code.chars().count() == Self::LENGTH && code.chars().all(|c| Self::SIGNS.contains(c))).then_some(Self(code))
    }

    /// The code without separators.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The code in groups that can be read aloud.
    #[must_use]
    pub fn groups(&self) -> String {
        let signs: Vec<char> = self.0.chars().collect();
        signs.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

impl fmt::Debug for ActivationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivationCode(…)")
    }
}

/// What `/activation` sends: the code alone first, then with a password.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivationForm {
    /// The code.
    pub code: String,
    /// `password` at the second step.
    pub step: String,
    /// The password.
    pub password: String,
    /// The password again.
    pub again: String,
}

// A form may end up in a log line; neither code nor password must.
impl fmt::Debug for ActivationForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivationForm(…)")
    }
}

/// A code and the password it is to set.
#[derive(Clone, Debug)]
pub struct NewActivation {
    /// The code.
    pub code: ActivationCode,
    /// The password.
    pub password: NewPassword,
}

impl ActivationForm {
    /// Whether a password was chosen with the code.
    #[must_use]
    pub fn is_second_step(&self) -> bool {
        self.step == "password"
    }

    /// The code. One that cannot be one has the same answer as one that is unknown.
    ///
    /// # Errors
    /// `Required` or `WrongActivationCode` on `code`.
    pub fn validate_code(&self) -> Result<ActivationCode, FieldErrors> {
        if self.code.trim().is_empty() {
            return Err(FieldErrors::one("code", FieldCode::Required));
        }
        ActivationCode::read(&self.code).ok_or_else(|| FieldErrors::one("code", FieldCode::WrongActivationCode))
    }

    /// The code and a password typed twice.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<NewActivation, FieldErrors> {
        let code = self.validate_code()?;
        let mut errors = FieldErrors::default();
        let password = twice(&mut errors, &self.password, &self.again);
        errors.or(|| NewActivation { code, password })
    }

    /// The form as it is shown again: never with a password.
    #[must_use]
    pub fn to_show_again(&self) -> Self {
        Self { code: self.code.clone(), step: self.step.clone(), ..Self::default() }
    }
}

/// What `/mot-de-passe` sends.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    /// The password so far.
    pub current: String,
    /// The new one.
    pub password: String,
    /// The new one again.
    pub again: String,
}

impl fmt::Debug for PasswordForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordForm(…)")
    }
}

/// A change of password worth trying.
#[derive(Clone)]
pub struct PasswordChange {
    /// The password so far.
    pub current: String,
    /// The new one.
    pub password: NewPassword,
}

impl PasswordForm {
    /// The password so far, and a new one typed twice.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<PasswordChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.current.is_empty() {
            errors.push("current", FieldCode::Required);
        } else if self.current.chars().count() > SignInForm::PASSWORD_MAX {
            errors.push("current", FieldCode::TooLong { max: SignInForm::PASSWORD_MAX });
        }
        let password = twice(&mut errors, &self.password, &self.again);
        errors.or(|| PasswordChange { current: self.current.clone(), password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODE: &str = "0123456789ABCDEFGHJKMNPQRS";

    #[test]
    fn passwords_are_long_and_typed_twice() {
        let wrong = |password: &str, again: &str| {
            let mut errors = FieldErrors::default();
            twice(&mut errors, password, again);
            (errors.of("password").cloned(), errors.of("again").cloned())
        };
        let long = "x".repeat(201);
        for (password, again, expected) in [
            ("", "", (Some(FieldCode::Required), Some(FieldCode::Required))),
            ("onze signes", "onze signes", (Some(FieldCode::TooShort { min: 12 }), None)),
            ("douze signes", "douze signes", (None, None)),
            ("éééééééééééé", "éééééééééééé", (None, None)),
            ("douze signes", "douze signe", (None, Some(FieldCode::PasswordsDiffer))),
            ("douze signes", "", (None, Some(FieldCode::Required))),
            (&long, &long, (Some(FieldCode::TooLong { max: 200 }), None)),
        ] {
            assert_eq!(wrong(password, again), expected, "{password:?} {again:?}");
        }
    }

    #[test]
    fn a_password_holds_no_name() {
        for (password, holds) in [
            ("Été avec I.Modèle!", true),
            ("xx-i modele-xx", true),
            ("ines.modele.2026", true),
            ("Modelé en argile", true),
            ("trois petits chats", false),
            // « Inès » has four letters, « Bâ » two.
            ("les ines du lac", true),
            ("bababababababa", false),
        ] {
            assert_eq!(holds_name(password, "i.modele", "Inès Bâ Modèle"), holds, "{password}");
        }
        assert!(!holds_name("douze signes", "", ""), "nobody's name is in nothing");
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        let read = |typed: &str| ActivationCode::read(typed).map(|code| code.reveal().to_owned());
        assert_eq!(read("01234-56789-abcde-fghjk-mnpqr-s").as_deref(), Some(CODE));
        assert_eq!(read(" oi234 56789 ABCDE FGHJK MNPQR S ").as_deref(), Some(CODE));
        assert_eq!(read("ol23456789ABCDEFGHJKMNPQRS").as_deref(), Some(CODE));
        for wrong in ["", "0", &CODE[1..], &format!("{CODE}T"), "0123456789ABCDEFGHJKMNPQRU", &"é".repeat(26)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let code = ActivationCode::read(CODE).unwrap();
        assert_eq!(code.groups(), "01234-56789-ABCDE-FGHJK-MNPQR-S");
        assert_eq!(ActivationCode::read(&code.groups()), Some(code));
    }

    #[test]
    fn neither_code_nor_password_is_shown_or_logged() {
        let form = ActivationForm {
            code: CODE.into(),
            step: "password".into(),
            password: "un beau secret".into(),
            again: "un beau secret".into(),
        };
        assert_eq!((form.to_show_again().password.as_str(), form.to_show_again().again.as_str()), ("", ""));
        let activation = form.validate().unwrap();
        let change =
            PasswordForm { current: "ancien".into(), password: form.password.clone(), again: form.again.clone() };
        let printed = format!("{form:?} {activation:?} {change:?} {:?}", change.validate().unwrap().password);
        assert!(!printed.contains("secret") && !printed.contains("ancien") && !printed.contains("0123"), "{printed}");
    }

    #[test]
    fn a_code_that_cannot_be_one_has_the_answer_of_one_that_is_unknown() {
        let form = |code: &str| ActivationForm { code: code.into(), ..ActivationForm::default() };
        assert_eq!(form(" ").validate_code(), Err(FieldErrors::one("code", FieldCode::Required)));
        assert_eq!(form("x").validate_code(), Err(FieldErrors::one("code", FieldCode::WrongActivationCode)));
        assert!(form(CODE).validate_code().is_ok());
    }

    #[test]
    fn a_change_needs_the_password_so_far() {
        let errors = PasswordForm::default().validate().err().unwrap();
        for field in ["current", "password", "again"] {
            assert_eq!(errors.of(field), Some(&FieldCode::Required), "{field}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_none(typed in ".{0,60}") {
            if let Some(code) = ActivationCode::read(&typed) {
                prop_assert_eq!(code.reveal().len(), ActivationCode::LENGTH);
                let again = ActivationCode::read(&code.groups());
                prop_assert_eq!(again, Some(code));
            }
        }
    }
}
