//! What staff do with a request of the inbox (A5).

use super::{Form, Refusal, Value};
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
#[server(prefix = "", endpoint = "action/demandes/traiter", input = Form, output = Value)]
pub async fn handle_request(
    /// The request.
    request: RequestId,
    /// What the form sends.
    #[server(flatten)]
    form: HandlingForm,
) -> Result<Handled, Refusal> {
    use domain::{
        forms::FieldCode,
        inbox::{Handling, InboxRefusal, InboxStep},
    };

    let page = crate::page::Page::current()?;
    let (inbox, actor) = (&page.host.inbox, page.actor());
    let step = match form.validate() {
        Ok(step) => step,
        Err(errors) => {
            // Who may not see the request is told so, and nothing of its form.
            inbox.detail(&actor, request).await?;
            return Err(errors.into());
        }
    };
    match step {
        InboxStep::Handling(what) => match inbox.handle(&actor, request, what).await {
            Ok(()) => Ok(match what {
                Handling::Take => Handled::Taken,
                Handling::Hand { .. } => Handled::Handed,
                Handling::Release { .. } => Handled::Released,
                Handling::Close => Handled::Closed,
                Handling::Reopen => Handled::Reopened,
                Handling::Blank => Handled::Blanked,
            }),
            Err(InboxRefusal::Over | InboxRefusal::NoAddress) => Ok(Handled::Overtaken),
            Err(InboxRefusal::Port(error)) => Err(error.into()),
        },
        InboxStep::Answer(answer) => match inbox.answer(&actor, request, answer).await {
            Ok(()) => Ok(Handled::Answered),
            // The page shows the typed answer again: somebody else closed the request meanwhile.
            Err(InboxRefusal::Over) => Err(Refusal::field("answer", FieldCode::Overtaken)),
            Err(InboxRefusal::NoAddress) => Ok(Handled::Overtaken),
            Err(InboxRefusal::Port(error)) => Err(error.into()),
        },
    }
}
