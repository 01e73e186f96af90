//! What an action answers when it does not do what it was asked.

use domain::{error::PortError, forms::FieldErrors};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why an action was not done, and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// The sentences for it, in the order of the errors.
    pub sentences: Vec<String>,
}

/// Why an action was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Fields are wrong.
    Fields(FieldErrors),
    /// A port refused.
    Port(PortError),
    /// The call itself failed.
    Network,
}

impl FromServerFnError for Refusal {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self { why: Why::Network, sentences: Vec::new() }
    }
}
