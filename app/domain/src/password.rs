//! Passwords that people choose (E1, CNIL 2022-100): twelve characters at least, of any kind, and nothing that is guessed
//! at once.
//!
//! How easily a password is guessed is decided by the services: the list of common ones is too long for a browser.

use crate::{fold::fold, forms::FieldCode};
use std::fmt;

/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 12;
/// Longest password that is hashed, in characters: a limit against floods, not a rule for people.
pub const PASSWORD_MAX: usize = 200;

/// Parts of a name shorter than this are in too many words to count.
const NAME_PART_MIN: usize = 4;

/// A password that somebody chose, long enough.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    /// The password as somebody typed it.
    ///
    /// # Errors
    /// `Required`, `TooShort` or `TooLong`.
    pub fn new(typed: &str) -> Result<Self, FieldCode> {
        match typed.chars().count() {
            0 => Err(FieldCode::Required),
            length if length < PASSWORD_MIN => Err(FieldCode::TooShort { min: PASSWORD_MIN }),
            length if length > PASSWORD_MAX => Err(FieldCode::TooLong { max: PASSWORD_MAX }),
            _ => Ok(Self(typed.to_owned())),
        }
    }

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

/// Whether `password` holds the identifier or a part of the name, however it is written.
#[must_use]
pub fn holds_name(password: &str, identifier: &str, name: &str) -> bool {
    let plain = |text: &str| fold(text).replace(' ', "");
    let password = plain(password);
    let whole = [plain(identifier), plain(name)];
    let parts: Vec<String> = fold(name).split(' ').map(str::to_owned).collect();
    whole.iter().chain(&parts).any(|part| part.chars().count() >= NAME_PART_MIN && password.contains(part.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
