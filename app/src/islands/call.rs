//! Calls of any action. The client of server functions (gloo-net) sends them, and the browser's own JSON parser reads
//! the answers.
//!
//! The public pages have 64 KiB for all their WebAssembly. One function for every action, whose values are read by
//! name, costs a small part of what typed calls cost. A test beside each reader compares it with the JSON of the shared
//! types.

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

/// An answer of the server to a call.
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// The page to which a plain form would go on. When the answer names none, it is the full address of the answer
    /// itself.
    pub(super) location: String,
    /// The value, or the refusal. It is undefined when the body is no JSON.
    pub(super) body: JsValue,
}

/// Posts the fields of `body` to the action at `address`. Gives nothing when the server was not reached.
pub(super) async fn call(address: &str, body: String) -> Option<Reply> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let request: Result<BrowserRequest, Refusal> =
        BrowserRequest::try_new_post(address, FORM, "application/json", body);
    let answer: Result<_, Refusal> = <BrowserClient as Client<Refusal>>::send(request.ok()?).await;
    let answer = answer.ok()?;
    let (status, location) = (ClientRes::<Refusal>::status(&answer), ClientRes::<Refusal>::location(&answer));
    let text: Result<String, Refusal> = answer.try_into_string().await;
    let body = text.ok().and_then(|text| JSON::parse(&text).ok()).unwrap_or(JsValue::UNDEFINED);
    Some(Reply { status, location, body })
}

/// The member `key` of an object, if it has one.
pub(super) fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(|value| !value.is_undefined())
}

/// The text of a member; empty when there is none.
pub(super) fn text(object: &JsValue, key: &str) -> String {
    get(object, key).and_then(|text| text.as_string()).unwrap_or_default()
}

/// The elements, if `value` is an array.
pub(super) fn list(value: JsValue) -> Option<Array> {
    value.dyn_into().ok()
}
