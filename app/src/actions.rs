//! Actions: what people do on the site. Each is one Leptos server function over a form type of [`domain::forms`].
//!
//! Each action has one address for two kinds of requests. A browser without a script posts a plain form and gets a
//! page: 303 when the action was done, the page again with 422 when something is wrong. An island calls the same
//! function and gets the typed value, or a [`Refusal`] as JSON with the same status. `crate::act` is the endpoint of
//! both; `crate::api` says, for each action, which page shows its form again and where a plain form goes on.
//!
//! This module is compiled for the browser and for the server. The bodies of the functions run on the server alone.

pub mod accounts;
pub mod devices;
pub mod events;
pub mod inbox;
pub mod newsletter;
pub mod portfolio;
pub mod requests;
pub mod rights;
pub mod search;
pub mod tasks;
pub mod vault;
pub mod youth;

use domain::{
    error::PortError,
    forms::{FieldCode, FieldErrors, WHOLE_FORM},
};
use leptos::server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    codec::Post,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Why an action was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The reason, as a code.
    pub why: Why,
    /// The reason in the person's language: one sentence for each error of the form, in the order of the errors, or one
    /// sentence for another reason. The host writes them when it answers a call, so that the browser needs no table of
    /// sentences.
    #[serde(default)]
    pub sentences: Vec<String>,
    /// The new token with which the form can be sent again at once, if the form has one.
    #[serde(default)]
    pub token: Option<String>,
}

/// The reason of a [`Refusal`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Some fields of the form are wrong.
    Fields(FieldErrors),
    /// The port refused.
    Port(PortError),
    /// The browser got no answer, or an answer that is not ours. Only the browser uses this value.
    Network,
}

impl From<Why> for Refusal {
    fn from(why: Why) -> Self {
        Self { why, sentences: Vec::new(), token: None }
    }
}

impl From<FieldErrors> for Refusal {
    fn from(errors: FieldErrors) -> Self {
        Why::Fields(errors).into()
    }
}

impl From<PortError> for Refusal {
    fn from(error: PortError) -> Self {
        Why::Port(error).into()
    }
}

impl Refusal {
    /// A single error of the field `field`, or of the form as a whole ([`WHOLE_FORM`]).
    #[must_use]
    pub fn field(field: &'static str, code: FieldCode) -> Self {
        FieldErrors::one(field, code).into()
    }

    /// The refusal of a body that is no form of ours, or that arrived damaged.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::field(WHOLE_FORM, FieldCode::Unreadable)
    }
}

impl FromServerFnError for Refusal {
    type Encoder = Json;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::unreadable(),
            _ => Why::Network.into(),
        }
    }
}

/// The encoding of plain HTML forms. Plain forms and calls are read by the same decoder.
pub struct HtmlForm;

/// JSON, for the value of an action. The server writes it; in the browser, the browser's own parser reads it.
pub struct Json;

/// The answer to a call: the value, or the refusal.
pub type Value = Post<Json>;

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Json {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        serde_json::from_slice(&bytes)
    }
}

#[cfg(target_arch = "wasm32")]
use leptos::web_sys::js_sys;

#[cfg(target_arch = "wasm32")]
impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = serde_wasm_bindgen::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let text = String::from_utf8_lossy(&bytes);
        let value = js_sys::JSON::parse(&text).map_err(serde_wasm_bindgen::Error::from)?;
        serde_wasm_bindgen::from_value(value)
    }
}

/// The body of a form, as browsers post it.
pub type Form = Post<HtmlForm>;

impl ContentType for HtmlForm {
    const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";
}

impl FormatType for HtmlForm {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for HtmlForm {
    type Error = serde_html_form::ser::Error;

    fn encode(form: &T) -> Result<Bytes, Self::Error> {
        serde_html_form::to_string(form).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for HtmlForm {
    type Error = serde_html_form::de::Error;

    fn decode(body: Bytes) -> Result<T, Self::Error> {
        serde_html_form::from_bytes(&body)
    }
}
