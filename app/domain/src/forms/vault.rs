//! Forms of the vault: where a document goes, and who may see it (V3, V5).

use super::{FieldCode, FieldErrors};
use crate::vault::Category;
use serde::{Deserialize, Serialize};

/// The fields of a deposit beside its files. They come before the files in the form, so that each
/// file can be stored as it arrives.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DepositForm {
    /// One of the eight categories.
    pub category: String,
}

impl DepositForm {
    /// The category is one of the eight.
    ///
    /// # Errors
    /// `Required` or `UnknownChoice` on `category`.
    pub fn validate(&self) -> Result<Category, FieldErrors> {
        if self.category.is_empty() {
            return Err(FieldErrors::one("category", FieldCode::Required));
        }
        Category::from_code(&self.category).ok_or_else(|| FieldErrors::one("category", FieldCode::UnknownChoice))
    }
}

/// The consent checkbox (V5). An absent checkbox is a no.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SharingForm {
    /// `on` when the box is ticked.
    pub shared: String,
}

impl SharingForm {
    /// Whether the box was ticked.
    ///
    /// # Errors
    /// `UnknownChoice` on `shared` for anything but a ticked or an absent box: consent is never guessed.
    pub fn validate(&self) -> Result<bool, FieldErrors> {
        match self.shared.as_str() {
            "" => Ok(false),
            "on" => Ok(true),
            _ => Err(FieldErrors::one("shared", FieldCode::UnknownChoice)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consent_is_never_guessed() {
        let form = |shared: &str| SharingForm { shared: shared.into() }.validate();
        assert_eq!((form(""), form("on")), (Ok(false), Ok(true)));
        assert!(form("true").is_err());
    }

    #[test]
    fn a_category_must_be_chosen() {
        let form = |category: &str| DepositForm { category: category.into() }.validate();
        assert_eq!(form("identity"), Ok(Category::Identity));
        assert_eq!(form(""), Err(FieldErrors::one("category", FieldCode::Required)));
        assert_eq!(form("Identity"), Err(FieldErrors::one("category", FieldCode::UnknownChoice)));
    }
}
