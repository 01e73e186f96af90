//! The call that sends a form, and the meaning of its answer. The browser's own JSON parser reads a refusal; the test
//! below compares what is read here with the JSON of [`Refusal`].

use crate::islands::call::{Reply, call, get, list, text};
use leptos::wasm_bindgen::JsValue;

/// The result of a call.
pub(super) enum Outcome {
    /// The action was done, and the browser goes to this page.
    Done(String),
    /// The action was refused.
    Refused(Refused),
    /// The server was not reached, or what answered is not the server.
    Broken,
}

/// The reason of a refusal, as sentences.
pub(super) enum Refused {
    /// Some fields are wrong. The form may get a new token, with which it can be sent again.
    Fields(Vec<Wrong>, Option<String>),
    /// The action cannot be done.
    Port(String),
}

/// One field that is wrong.
pub(super) struct Wrong {
    /// The field's name; empty for what concerns the form as a whole.
    pub(super) field: String,
    /// The sentence that says what is wrong.
    pub(super) sentence: String,
    /// Whether only the server's page can show this error: it has the box that answers a question of the screening
    /// (A9).
    pub(super) needs_the_page: bool,
}

/// The codes of the errors that only the server's page can show.
const NEED_THE_PAGE: [&str; 2] = ["holds_nir", "tells_of_health"];

/// Posts the fields of a form. Only refusals are read: a success shows on the page that the answer names.
pub(super) async fn post(address: &str, body: String) -> Outcome {
    match call(address, body).await {
        // Without the header, `location` is the full address of the answer itself, which begins with no slash.
        Some(Reply { status: 200, location, .. }) if location.starts_with('/') => Outcome::Done(location),
        Some(Reply { status: 200, .. }) | None => Outcome::Broken,
        Some(Reply { body, .. }) => read(&body).map_or(Outcome::Broken, Outcome::Refused),
    }
}

/// Reads `{"why": {"fields": [{"field": …, "code": …}]}, "sentences": […], "token": …}`, or the refusal of a port.
fn read(refusal: &JsValue) -> Option<Refused> {
    let (why, sentences) = (get(refusal, "why")?, get(refusal, "sentences")?);
    let sentences: Vec<String> = list(sentences)?.iter().filter_map(|sentence| sentence.as_string()).collect();
    let Some(errors) = get(&why, "fields") else {
        get(&why, "port")?;
        return Some(Refused::Port(sentences.into_iter().next()?));
    };
    let wrong = list(errors)?.into_iter().zip(sentences).map(|(error, sentence)| {
        let needs_the_page = NEED_THE_PAGE.contains(&&*text(&error, "code"));
        Wrong { field: text(&error, "field"), sentence, needs_the_page }
    });
    let token = get(refusal, "token").and_then(|token| token.as_string());
    Some(Refused::Fields(wrong.collect(), token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::{Refusal, Why};
    use domain::{
        error::PortError,
        forms::{FieldCode, FieldErrors},
    };

    fn written(why: Why) -> serde_json::Value {
        let (sentences, token) = (vec!["Non.".to_owned()], Some("t".to_owned()));
        serde_json::to_value(Refusal { why, sentences, token }).unwrap()
    }

    #[test]
    fn a_refusal_is_written_as_the_island_reads_it() {
        let fields = written(Why::Fields(FieldErrors::one("email", FieldCode::Required)));
        assert_eq!(fields["why"]["fields"][0]["field"], "email");
        assert_eq!(fields["why"]["fields"][0]["code"], "required");
        assert_eq!((&fields["sentences"][0], &fields["token"]), (&"Non.".into(), &"t".into()));
        assert!(written(Why::Port(PortError::Refused))["why"]["port"].is_string());
        let network = written(Why::Network);
        assert!(network["why"].get("fields").is_none() && network["why"].get("port").is_none());
    }

    #[test]
    fn the_codes_that_need_the_page_are_spelled_as_the_domain_writes_them() {
        let codes = [FieldCode::HoldsNir, FieldCode::TellsOfHealth];
        assert_eq!(codes.map(|code| serde_json::to_value(code).unwrap()), NEED_THE_PAGE);
    }
}
