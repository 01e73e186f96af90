//! Events, as the team manages them (F5).

use super::{Form, Refusal, Value};
use domain::{
    events::EventRefusal,
    forms::{
        FieldCode, WHOLE_FORM,
        event_admin::{EventAdminForm, EventStateForm},
    },
    ids::EventId,
};
use leptos::prelude::*;

impl From<EventRefusal> for Refusal {
    fn from(refusal: EventRefusal) -> Self {
        match refusal {
            EventRefusal::Port(error) => error.into(),
            _ => Self::field(WHOLE_FORM, FieldCode::EventIsOver),
        }
    }
}

/// Creates an event. The same token sent twice creates one event.
#[server(prefix = "", endpoint = "admin/evenements/nouveau", input = Form, output = Value)]
pub async fn create_event(
    /// What the form sends.
    #[server(flatten)]
    form: EventAdminForm,
) -> Result<EventId, Refusal> {
    let page = crate::page::Page::current()?;
    let new = form.validate(&*page.host.calendar)?;
    let submission = crate::submit::submission_of(&page, EventAdminForm::FORM, &form.token)?;
    Ok(page.host.events.create_event(&page.actor(), new, submission).await?)
}

/// Changes an event that is not over. Doing it twice changes nothing.
#[server(prefix = "", endpoint = "action/evenements/changer", input = Form, output = Value)]
pub async fn change_event(
    /// The event.
    event: EventId,
    /// What the form sends.
    #[server(flatten)]
    form: EventAdminForm,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    let new = form.validate(&*page.host.calendar)?;
    let changed = page.host.events.change_event(&page.actor(), event, new).await;
    Ok(changed?)
}

/// Closes the pre-registration of an event, or opens it again. The value says whether it is closed now.
#[server(prefix = "", endpoint = "action/evenements/fermer", input = Form, output = Value)]
pub async fn close_event(
    /// The event.
    event: EventId,
    /// What the form sends.
    #[server(flatten)]
    form: EventStateForm,
) -> Result<bool, Refusal> {
    let page = crate::page::Page::current()?;
    let closed = form.validate()?;
    page.host.events.close_event(&page.actor(), event, closed).await?;
    Ok(closed)
}
