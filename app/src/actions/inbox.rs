//! What staff do with a request of the inbox (A5).

use super::{Form, Refusal, Value};
use domain::{forms::inbox::HandlingForm, ids::RequestId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What was done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handled {
    /// The actor is in charge of it now.
    Taken,
    /// A colleague is in charge of it now.
    Handed,
    /// Nobody is in charge of it any more.
    Released,
    /// It is closed.
    Closed,
    /// It is open again.
    Reopened,
    /// The free text of the person is destroyed.
    Blanked,
    /// The answer will be mailed.
    Answered,
    /// A colleague changed the request first, so nothing was done.
    Overtaken,
}

/// Takes, hands over, releases, closes, reopens, blanks or answers a request.
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
            // Somebody who may not see the request gets that refusal, and learns nothing about its form.
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
            // A colleague closed the request meanwhile. The page shows the typed answer again.
            Err(InboxRefusal::Over) => Err(Refusal::field("answer", FieldCode::Overtaken)),
            Err(InboxRefusal::NoAddress) => Ok(Handled::Overtaken),
            Err(InboxRefusal::Port(error)) => Err(error.into()),
        },
    }
}
