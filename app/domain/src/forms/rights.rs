//! `/mes-droits`, and what the data-protection officer does with a request (E15).

use super::{FieldCode, FieldErrors, fields, public::public_form};
use crate::{
    rights::{Concerns, Ground, NewRightsRequest, Right, RightsOutcome, RightsStep},
    screening::screen,
};
use serde::{Deserialize, Serialize};

/// Longest first or last name, in characters.
pub const NAME_MAX: usize = 80;
/// Longest text of the person or of the officer, in characters.
pub const TEXT_MAX: usize = 5000;

/// What the form sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RightsForm {
    /// A word of [`Right::code`].
    pub kind: String,
    /// A word of [`Ground::code`], for an erasure.
    pub ground: String,
    /// A word of [`Concerns::code`].
    pub concerns: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where the answer goes.
    pub email: String,
    /// What they want to add.
    pub message: String,
    /// Which form it was, and when it was shown.
    pub token: String,
    /// A field that nobody sees: whoever fills it is a program.
    pub website: String,
    /// Whether what the screening asks about is sent knowingly.
    pub confirmed: String,
}

public_form!(RightsForm, "rights", [message]);

impl RightsForm {
    /// Every field at once, so that all is said the first time.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self) -> Result<NewRightsRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let right = fields::choice(&mut errors, "kind", &self.kind, Right::from_code);
        let ground = match right {
            Some(Right::Erasure) => fields::choice(&mut errors, "ground", &self.ground, Ground::from_code),
            _ => None,
        };
        let concerns = fields::choice(&mut errors, "concerns", &self.concerns, Concerns::from_code);
        let first_name = fields::text(&mut errors, "first_name", &self.first_name, NAME_MAX);
        let last_name = fields::text(&mut errors, "last_name", &self.last_name, NAME_MAX);
        let email = fields::email(&mut errors, &self.email);
        let message = self.message.trim();
        if message.chars().count() > TEXT_MAX {
            errors.push("message", FieldCode::TooLong { max: TEXT_MAX });
        }
        match (right, concerns) {
            (Some(right), Some(concerns)) if errors.is_empty() => Ok(NewRightsRequest {
                right,
                ground,
                concerns,
                first_name,
                last_name,
                email,
                message: (!message.is_empty()).then(|| message.to_owned()),
                findings: screen(message),
            }),
            _ => Err(errors),
        }
    }
}

/// What the officer's buttons send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RightsStepForm {
    /// `identity`, `extend`, `close` or `blank`.
    pub step: String,
    /// Why there is a doubt about who asks.
    pub doubt: String,
    /// Why it takes longer.
    pub reason: String,
    /// A word of [`RightsOutcome::code`].
    pub outcome: String,
    /// What is answered.
    pub answer: String,
}

impl RightsStepForm {
    /// One of the four, with its words.
    ///
    /// # Errors
    /// `Required`, `TooLong` or `UnknownChoice` on the fields of that button.
    pub fn validate(&self) -> Result<RightsStep, FieldErrors> {
        let mut errors = FieldErrors::default();
        match self.step.as_str() {
            "identity" => {
                let doubt = errors.text("doubt", &self.doubt, TEXT_MAX).to_owned();
                errors.or(|| RightsStep::AskIdentity { doubt })
            }
            "extend" => {
                let reason = errors.text("reason", &self.reason, TEXT_MAX).to_owned();
                errors.or(|| RightsStep::Extend { reason })
            }
            "close" => {
                let outcome = fields::choice(&mut errors, "outcome", &self.outcome, RightsOutcome::from_code);
                let answer = errors.text("answer", &self.answer, TEXT_MAX).to_owned();
                match outcome {
                    Some(outcome) if errors.is_empty() => Ok(RightsStep::Close { outcome, answer }),
                    _ => Err(errors),
                }
            }
            "blank" => Ok(RightsStep::Blank),
            "" => Err(FieldErrors::one("step", FieldCode::Required)),
            _ => Err(FieldErrors::one("step", FieldCode::UnknownChoice)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::public::PublicForm;

    fn form() -> RightsForm {
        RightsForm {
            kind: "erasure".to_owned(),
            ground: "minor".to_owned(),
            concerns: "child".to_owned(),
            first_name: " Zoé ".to_owned(),
            last_name: "Exemple".to_owned(),
            email: "zoe@exemple.test".to_owned(),
            message: "  ".to_owned(),
            ..RightsForm::default()
        }
    }

    #[test]
    fn what_the_guard_finds_goes_along() {
        let told = RightsForm { message: "Mon numéro : 2 69 05 49 588 157 80".to_owned(), ..form() };
        assert_eq!(told.ask().1, FieldErrors::one("message", FieldCode::HoldsNir));
        assert_eq!(told.validate().unwrap().findings.code(), Some("nir"));
    }

    #[test]
    fn a_whole_form_is_a_request() {
        let new = form().validate().unwrap();
        assert_eq!((new.right, new.ground, new.concerns), (Right::Erasure, Some(Ground::Minor), Concerns::Child));
        assert_eq!((new.first_name.as_str(), new.message), ("Zoé", None));
        let other = RightsForm { kind: "access".to_owned(), ..form() };
        assert_eq!(other.validate().unwrap().ground, None, "a ground is for an erasure alone");
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let errors = RightsForm::default().validate().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.clone()).collect();
        assert_eq!(fields, ["kind", "concerns", "first_name", "last_name", "email"]);
        let errors = RightsForm { ground: "whim".to_owned(), ..form() }.validate().unwrap_err();
        assert_eq!(errors.of("ground"), Some(&FieldCode::UnknownChoice));
        let errors = RightsForm { message: "é".repeat(5001), ..form() }.validate().unwrap_err();
        assert_eq!(errors.of("message"), Some(&FieldCode::TooLong { max: 5000 }));
        assert!(RightsForm { website: "x".to_owned(), ..form() }.is_trapped() && !form().is_trapped());
    }

    #[test]
    fn each_step_asks_for_its_words() {
        let step = |step: &str| RightsStepForm { step: step.to_owned(), ..RightsStepForm::default() };
        for (name, field) in [("", "step"), ("other", "step"), ("identity", "doubt"), ("extend", "reason")] {
            assert_eq!(step(name).validate().unwrap_err().iter().next().unwrap().field, field);
        }
        let fields: Vec<_> = step("close").validate().unwrap_err().iter().map(|error| error.field.clone()).collect();
        assert_eq!(fields, ["outcome", "answer"]);
        let close = RightsStepForm { outcome: "partly".to_owned(), answer: " Voici. ".to_owned(), ..step("close") };
        let expected = RightsStep::Close { outcome: RightsOutcome::Partly, answer: "Voici.".to_owned() };
        assert_eq!(close.validate(), Ok(expected));
    }
}
