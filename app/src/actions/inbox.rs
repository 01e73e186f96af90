//! What staff do with a request of the inbox (A5).

use super::{Form, Refusal};
use domain::{forms::inbox::HandlingForm, ids::RequestId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handled {
    /// The actor has it now.
    Taken,
    /// A colleague has it now.
    Handed,
    /// Nobody has it any more.
    Released,
    /// It is closed.
    Closed,
    /// It is open again.
    Reopened,
    /// What the person wrote freely is destroyed.
    Blanked,
    /// The answer is on its way.
    Answered,
    /// Somebody else was quicker: nothing was done.
    Overtaken,
}

/// Takes, hands over, releases, closes, opens again, blanks or answers a request.
#[server(prefix = "", endpoint = "action/demandes/traiter", input = Form)]
pub async fn handle_request(
    /// The request.
    request: RequestId,
    /// What the form sends.
    #[server(flatten)]
    form: HandlingForm,
) -> Result<Handled, Refusal> {
    let page = crate::page::Page::current()?;
    crate::api::inbox::handle(&page, request, &form).await
}
