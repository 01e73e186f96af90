//! What the forms of the public site carry beside their questions: defences that need no third party and that nobody
//! has to pass by proving to be human, and the screening of free texts (A9).

use super::{FieldCode, FieldErrors};
use crate::screening::{Findings, screen};

/// The questions about what was found in the text of `field`.
fn ask_about(errors: &mut FieldErrors, field: &'static str, found: Findings) {
    if found.nir {
        errors.push(field, FieldCode::HoldsNir);
    }
    if found.health {
        errors.push(field, FieldCode::TellsOfHealth);
    }
}

/// A form that anybody may send.
pub trait PublicForm {
    /// The word that its token is made for.
    const FORM: &'static str;

    /// When and as what it was shown, sealed by the server.
    fn token(&self) -> &str;
    /// The same form under another token.
    fn set_token(&mut self, token: String);
    /// A field that people neither see nor reach: filled, it was filled by a machine.
    fn trap(&self) -> &str;
    /// Whether what the screening asks about is sent knowingly.
    fn confirmed(&self) -> &str {
        ""
    }
    /// Its free texts, by the name of their field.
    fn free_texts(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    /// Whether a machine filled it in.
    fn is_trapped(&self) -> bool {
        !self.trap().trim().is_empty()
    }

    /// What the free texts seem to hold, and the questions to ask before they are stored: none once it is confirmed.
    fn ask(&self) -> (Findings, FieldErrors) {
        let (mut found, mut errors) = (Findings::default(), FieldErrors::default());
        for (field, text) in self.free_texts() {
            let here = screen(text);
            found = found.and(here);
            if self.confirmed().is_empty() {
                ask_about(&mut errors, field, here);
            }
        }
        (found, errors)
    }
}

/// Implements [`PublicForm`] for a form with the fields `token` and `website`, and with `confirmed` if it has free texts.
macro_rules! public_form {
    ($form:ty, $word:literal $(, [$($text:ident),* $(,)?])?) => {
        impl $crate::forms::public::PublicForm for $form {
            const FORM: &'static str = $word;

            fn token(&self) -> &str {
                &self.token
            }

            fn set_token(&mut self, token: String) {
                self.token = token;
            }

            fn trap(&self) -> &str {
                &self.website
            }

            $(
                fn confirmed(&self) -> &str {
                    &self.confirmed
                }

                fn free_texts(&self) -> Vec<(&'static str, &str)> {
                    vec![$((stringify!($text), self.$text.as_str())),*]
                }
            )?
        }
    };
}
pub(crate) use public_form;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::contact::ContactForm;

    #[test]
    fn the_guard_asks_once() {
        let form = |message: &str, confirmed: &str| ContactForm {
            message: message.into(),
            confirmed: confirmed.into(),
            ..ContactForm::default()
        };
        let both = "Je suis enceinte. Mon numéro : 2 69 05 49 588 157 80";
        let (found, errors) = form(both, "").ask();
        assert_eq!(found.code(), Some("nir,health"));
        assert_eq!(errors.of("message"), Some(&FieldCode::HoldsNir));
        assert!(errors.only_ask() && errors.iter().count() == 2);
        let (found, errors) = form(both, "oui").ask();
        assert!(!found.is_empty() && errors.is_empty() && !errors.only_ask());
        assert!(form("Bonjour", "").ask().1.is_empty());
        let mut mixed = FieldErrors::one("message", FieldCode::HoldsNir);
        mixed.push("email", FieldCode::Required);
        assert!(!mixed.only_ask());
    }
}
