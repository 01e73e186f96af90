//! `/appareils`: signing out one device, or all others.

use super::{FieldCode, FieldErrors, WHOLE_FORM};
use crate::ids::DeviceId;
use serde::{Deserialize, Serialize};

/// What the buttons of the list send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SignOutForm {
    /// A device's id, or `others`.
    pub device: String,
}

/// Whom to sign out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOut {
    /// One device.
    One(DeviceId),
    /// All but this one.
    Others,
}

impl SignOutForm {
    /// A device, or all others.
    ///
    /// # Errors
    /// `Unreadable`: only a damaged form sends something else.
    pub fn validate(&self) -> Result<SignOut, FieldErrors> {
        match self.device.as_str() {
            "others" => Ok(SignOut::Others),
            id => id.parse().map(SignOut::One).map_err(|_| FieldErrors::one(WHOLE_FORM, FieldCode::Unreadable)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_or_all_others_and_nothing_else() {
        let form = |device: &str| SignOutForm { device: device.into() };
        assert_eq!(form("others").validate(), Ok(SignOut::Others));
        let id = "0195807c-0000-7000-8000-000000000001";
        assert_eq!(form(id).validate(), Ok(SignOut::One(id.parse().unwrap())));
        for wrong in ["", "all", "OTHERS", "0", "%ff"] {
            assert_eq!(form(wrong).validate(), Err(FieldErrors::one(WHOLE_FORM, FieldCode::Unreadable)), "{wrong}");
        }
    }
}
