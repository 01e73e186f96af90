//! Activation codes: a door that opens once (E1, A8). For staff and young people alike.

use crate::{
    error::PortError,
    forms::FieldCode,
    identity::{Client, NewSession, Session},
    password::NewPassword,
    time::Instant,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a code opens.
pub const CODE_HOURS: i64 = 72;

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

/// A code and the password it is to set.
#[derive(Clone, Debug)]
pub struct NewActivation {
    /// The code.
    pub code: ActivationCode,
    /// The password.
    pub password: NewPassword,
}

/// A code just made, to be handed over: it is stored nowhere and shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Whose account.
    pub name: String,
    /// What they will sign in with.
    pub identifier: String,
    /// The code.
    pub code: ActivationCode,
    /// Until when it opens.
    pub valid_until: Instant,
    /// Whether it was sent by mail as well.
    pub mailed: bool,
}

// An invitation may end up in a log line; its code must not.
impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitation(…)")
    }
}

/// Why a code opened nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationRefusal {
    /// No such code, or it is over, or it was used: never said which.
    #[error("wrong")]
    Wrong,
    /// The code is right; the password is not good enough.
    #[error("password")]
    Password(FieldCode),
    /// Too many failures from this address.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Minutes until the next attempt is heard.
        minutes: u32,
    },
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Opening an account with a code.
#[async_trait]
pub trait Activations: Send + Sync {
    /// The identifier of the account that `code` opens. The code stays unused.
    async fn identifier(&self, code: &ActivationCode, client: &Client) -> Result<String, ActivationRefusal>;
    /// Uses the code and sets the password; every session of the account ends, and one is opened.
    /// `previous` is the session the browser had: it ends too.
    async fn activate(
        &self,
        activation: NewActivation,
        client: &Client,
        previous: Option<&Session>,
    ) -> Result<NewSession, ActivationRefusal>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODE: &str = "0123456789ABCDEFGHJKMNPQRS";

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
