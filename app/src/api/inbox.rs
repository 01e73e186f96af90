//! What staff do with a request (A5).

use crate::{
    act::action,
    actions::{
        Refusal,
        inbox::{HandleRequest, Handled},
    },
    page::{Done, Page},
    pages::advisor::requests::{BASE, request},
};
use domain::{
    forms::{
        FieldCode,
        inbox::{Handled as Asked, Handling, HandlingForm},
    },
    ids::RequestId,
    inbox::InboxRefusal,
};

action!(
    HandleRequest: HandlingForm,
    again in request::page,
    then |action, _, handled| {
        let word = match handled {
            Handled::Taken => "pris",
            Handled::Handed => "confie",
            Handled::Released => "rendu",
            Handled::Closed => "clos",
            Handled::Reopened => "rouvert",
            Handled::Blanked => "efface",
            Handled::Answered => "repondu",
            Handled::Overtaken => "depasse",
        };
        Done::See(format!("{BASE}/{}?fait={word}", action.request))
    }
);

/// Does what the form asks with `request`.
///
/// # Errors
/// What is wrong in the form, or what the port refused.
pub(crate) async fn handle(page: &Page, request: RequestId, form: &HandlingForm) -> Result<Handled, Refusal> {
    let (inbox, actor) = (&page.host.inbox, page.actor());
    match form.validate()? {
        Asked::Handling(what) => match inbox.handle(&actor, request, what).await {
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
        Asked::Answer(answer) => match inbox.answer(&actor, request, answer).await {
            Ok(()) => Ok(Handled::Answered),
            // The page shows the typed answer again: somebody else closed the request meanwhile.
            Err(InboxRefusal::Over) => Err(Refusal::field("answer", FieldCode::Overtaken)),
            Err(InboxRefusal::NoAddress) => Ok(Handled::Overtaken),
            Err(InboxRefusal::Port(error)) => Err(error.into()),
        },
    }
}
