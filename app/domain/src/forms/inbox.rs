//! `/conseiller/demandes/{request}`: what staff do with a request (A5).

use super::{FieldCode, FieldErrors};
use crate::{
    ids::AccountId,
    inbox::{Handling, InboxStep, NewAnswer},
};
use serde::{Deserialize, Serialize};

/// What the buttons beside a request send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HandlingForm {
    /// `take`, `hand`, `release`, `close`, `reopen`, `blank` or `answer`.
    pub action: String,
    /// Who had it when the page was shown; empty for nobody.
    pub holder: String,
    /// Whom to hand it to.
    pub colleague: String,
    /// What the form held when it was shown.
    pub submission: String,
    /// The answer.
    pub answer: String,
    /// `on` when it is closed with the answer.
    pub close: String,
    /// The list in which the button was pressed, as its address says it; empty on the request's own page.
    pub list: String,
}

impl HandlingForm {
    /// Longest answer, in characters.
    pub const ANSWER_MAX: usize = 5000;

    /// What is to be done, with all that it takes.
    ///
    /// # Errors
    /// `Required` or `UnknownChoice` on `action`, `colleague` or `answer`; `Unreadable` for a damaged form.
    pub fn validate(&self) -> Result<InboxStep, FieldErrors> {
        let handling = match self.action.as_str() {
            "take" => Handling::Take,
            "hand" => Handling::Hand { from: self.from()?, to: self.to()? },
            "release" => Handling::Release { from: self.from()? },
            "close" => Handling::Close,
            "reopen" => Handling::Reopen,
            "blank" => Handling::Blank,
            "answer" => return self.written().map(InboxStep::Answer),
            "" => return Err(FieldErrors::one("action", FieldCode::Required)),
            _ => return Err(FieldErrors::one("action", FieldCode::UnknownChoice)),
        };
        Ok(InboxStep::Handling(handling))
    }

    fn from(&self) -> Result<Option<AccountId>, FieldErrors> {
        match self.holder.as_str() {
            "" => Ok(None),
            holder => holder.parse().map(Some).map_err(|_| FieldErrors::one("action", FieldCode::Unreadable)),
        }
    }

    fn to(&self) -> Result<AccountId, FieldErrors> {
        match self.colleague.as_str() {
            "" => Err(FieldErrors::one("colleague", FieldCode::Required)),
            colleague => colleague.parse().map_err(|_| FieldErrors::one("colleague", FieldCode::UnknownChoice)),
        }
    }

    fn written(&self) -> Result<NewAnswer, FieldErrors> {
        let mut errors = FieldErrors::default();
        let message = errors.text("answer", &self.answer, Self::ANSWER_MAX).to_owned();
        let submission = self.submission.parse();
        if submission.is_err() {
            errors.push("action", FieldCode::Unreadable);
        }
        match submission {
            Ok(submission) if errors.is_empty() => Ok(NewAnswer { submission, message, close: self.close == "on" }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn form(action: &str) -> HandlingForm {
        HandlingForm { action: action.to_owned(), ..HandlingForm::default() }
    }

    #[test]
    fn each_button_asks_for_what_it_takes() {
        let field = |form: &HandlingForm| form.validate().unwrap_err().iter().next().cloned().unwrap();
        let of = |form: &HandlingForm| (field(form).field.into_owned(), field(form).code);
        assert_eq!(of(&form("")), ("action".to_owned(), FieldCode::Required));
        assert_eq!(field(&form("burn")).code, FieldCode::UnknownChoice);
        for (action, handling) in [
            ("take", Handling::Take),
            ("close", Handling::Close),
            ("reopen", Handling::Reopen),
            ("blank", Handling::Blank),
            ("release", Handling::Release { from: None }),
        ] {
            assert_eq!(form(action).validate(), Ok(InboxStep::Handling(handling)));
        }
        assert_eq!(of(&form("hand")), ("colleague".to_owned(), FieldCode::Required));
        let to = HandlingForm { colleague: ID.to_owned(), holder: ID.to_owned(), ..form("hand") };
        let id: AccountId = ID.parse().unwrap();
        assert_eq!(to.validate(), Ok(InboxStep::Handling(Handling::Hand { from: Some(id), to: id })));
        let broken = HandlingForm { holder: "x".to_owned(), ..to };
        assert_eq!(field(&broken).code, FieldCode::Unreadable);
    }

    #[test]
    fn an_answer_has_words_and_a_number() {
        let answer = HandlingForm {
            submission: ID.to_owned(),
            answer: " Bonjour,\nà lundi. ".to_owned(),
            close: "on".to_owned(),
            ..form("answer")
        };
        let Ok(InboxStep::Answer(new)) = answer.validate() else { panic!() };
        assert_eq!((new.message.as_str(), new.close), ("Bonjour,\nà lundi.", true));
        let empty = HandlingForm { answer: " \n".to_owned(), ..answer.clone() };
        assert_eq!(empty.validate(), Err(FieldErrors::one("answer", FieldCode::Required)));
        let long = HandlingForm { answer: "é".repeat(5001), ..answer.clone() };
        assert_eq!(long.validate(), Err(FieldErrors::one("answer", FieldCode::TooLong { max: 5000 })));
        let damaged = HandlingForm { submission: "1".to_owned(), ..answer };
        assert_eq!(damaged.validate(), Err(FieldErrors::one("action", FieldCode::Unreadable)));
    }
}
