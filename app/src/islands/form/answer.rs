//! The call, and what its answer means. The browser's own JSON parser reads a refusal; the test below compares what is
//! read here with what [`Refusal`] is written as.

use crate::actions::Refusal;
use leptos::{
    server_fn::{
        client::{Client, browser::BrowserClient},
        request::{ClientReq, browser::BrowserRequest},
        response::ClientRes,
    },
    wasm_bindgen::{JsCast, JsValue},
    web_sys::js_sys::{Array, JSON, Reflect},
};

/// What became of a call.
pub(super) enum Outcome {
    /// It is done, and this is the page to go to.
    Done(String),
    /// It was refused.
    Refused(Refused),
    /// The server was not reached, or what answered is not the server.
    Broken,
}

/// What was refused, in words.
pub(super) enum Refused {
    /// Fields are wrong. The form may have a new token, under which it can be sent again.
    Fields(Vec<Wrong>, Option<String>),
    /// The action cannot be done.
    Port(String),
}

/// One field that is wrong.
pub(super) struct Wrong {
    /// The field's name; empty for what concerns the form as a whole.
    pub(super) field: String,
    /// What is wrong with it.
    pub(super) sentence: String,
    /// Whether the server's page alone has what answers it: the box that answers what the guard asks (A9).
    pub(super) needs_the_page: bool,
}

/// The codes of what needs the page.
const NEED_THE_PAGE: [&str; 2] = ["holds_nir", "tells_of_health"];

/// Posts a form's fields by the client of server functions. One function serves all actions, because only a refusal is
/// read: what was done shows on the page that the answer names.
pub(super) async fn post(call: &str, body: String) -> Outcome {
    const FORM: &str = "application/x-www-form-urlencoded";
    let request: Result<BrowserRequest, Refusal> = BrowserRequest::try_new_post(call, FORM, "application/json", body);
    let Ok(request) = request else { return Outcome::Broken };
    let answer: Result<_, Refusal> = <BrowserClient as Client<Refusal>>::send(request).await;
    let Ok(answer) = answer else { return Outcome::Broken };
    let (status, location) = (ClientRes::<Refusal>::status(&answer), ClientRes::<Refusal>::location(&answer));
    if status == 200 {
        // Without the header this is the whole address of what answered.
        return if location.starts_with('/') { Outcome::Done(location) } else { Outcome::Broken };
    }
    let text: Result<String, Refusal> = answer.try_into_string().await;
    match text.ok().and_then(|text| read(&text)) {
        Some(refused) => Outcome::Refused(refused),
        None => Outcome::Broken,
    }
}

/// `{"why": {"fields": [{"field": …, "code": …}]}, "sentences": […], "token": …}`, or a port's reason.
fn read(text: &str) -> Option<Refused> {
    let refusal = JSON::parse(text).ok()?;
    let (why, sentences) = (get(&refusal, "why")?, get(&refusal, "sentences")?);
    let sentences: Vec<String> = list(sentences)?.iter().filter_map(|sentence| sentence.as_string()).collect();
    let Some(errors) = get(&why, "fields") else {
        get(&why, "port")?;
        return Some(Refused::Port(sentences.into_iter().next()?));
    };
    let wrong = list(errors)?.into_iter().zip(sentences).map(|(error, sentence)| {
        let code = get(&error, "code").and_then(|code| code.as_string()).unwrap_or_default();
        let field = get(&error, "field").and_then(|field| field.as_string()).unwrap_or_default();
        Wrong { field, sentence, needs_the_page: NEED_THE_PAGE.contains(&&*code) }
    });
    let token = get(&refusal, "token").and_then(|token| token.as_string());
    Some(Refused::Fields(wrong.collect(), token))
}

fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(|value| !value.is_undefined())
}

fn list(value: JsValue) -> Option<Array> {
    value.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Why;
    use domain::{
        error::PortError,
        forms::{FieldCode, FieldErrors},
    };

    fn written(why: Why) -> serde_json::Value {
        let (sentences, token) = (vec!["Non.".to_owned()], Some("t".to_owned()));
        serde_json::to_value(Refusal { why, sentences, token }).unwrap()
    }

    #[test]
    fn a_refusal_is_written_as_it_is_read() {
        let fields = written(Why::Fields(FieldErrors::one("email", FieldCode::Required)));
        assert_eq!(fields["why"]["fields"][0]["field"], "email");
        assert_eq!(fields["why"]["fields"][0]["code"], "required");
        assert_eq!((&fields["sentences"][0], &fields["token"]), (&"Non.".into(), &"t".into()));
        assert!(written(Why::Port(PortError::Refused))["why"]["port"].is_string());
        let network = written(Why::Network);
        assert!(network["why"].get("fields").is_none() && network["why"].get("port").is_none());
    }

    #[test]
    fn the_codes_that_need_the_page_are_written_so() {
        let codes = [FieldCode::HoldsNir, FieldCode::TellsOfHealth];
        assert_eq!(codes.map(|code| serde_json::to_value(code).unwrap()), NEED_THE_PAGE);
    }
}
