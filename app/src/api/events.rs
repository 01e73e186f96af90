//! What is done with events under `/admin/evenements` (F5).

use super::{Posted, fail, refuse, see};
use crate::{
    page::Page,
    pages::admin::events::{
        self, BASE,
        forwarding::{self, HandingOver},
    },
};
use axum::{
    body::Body,
    http::{Response, header},
    response::IntoResponse,
};
use domain::{
    events::EventRefusal,
    forms::{
        FieldCode, FieldErrors, WHOLE_FORM,
        event_admin::{EventAdminForm, EventStateForm},
    },
    ids::EventId,
};

/// `POST /admin/evenements/nouveau`.
pub(crate) async fn create(page: Page, Posted(form): Posted<EventAdminForm>) -> Response<Body> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, events::new, false, EventAdminForm::default(), errors).await,
    };
    match form.validate(&*page.host.calendar) {
        Ok(new) => match page.host.events.create_event(&page.actor(), new).await {
            Ok(event) => see(&format!("{BASE}/{event}?fait=cree")),
            Err(error) => fail(page, error).await,
        },
        Err(errors) => refuse(page, events::new, false, form, errors).await,
    }
}

/// `POST /admin/evenements/{event}`.
pub(crate) async fn change(page: Page, Posted(form): Posted<EventAdminForm>) -> Response<Body> {
    let event: EventId = match page.param("event") {
        Ok(event) => event,
        Err(error) => return fail(page, error).await,
    };
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, events::event, false, EventAdminForm::default(), errors).await,
    };
    match form.validate(&*page.host.calendar) {
        Ok(new) => match page.host.events.change_event(&page.actor(), event, new).await {
            Ok(()) => see(&format!("{BASE}/{event}?fait=change")),
            Err(EventRefusal::Port(error)) => fail(page, error).await,
            Err(_) => {
                let over = FieldErrors::one(WHOLE_FORM, FieldCode::EventIsOver);
                refuse(page, events::event, false, form, over).await
            }
        },
        Err(errors) => refuse(page, events::event, false, form, errors).await,
    }
}

/// `POST /admin/evenements/{event}/fermer`.
pub(crate) async fn close(page: Page, Posted(form): Posted<EventStateForm>) -> Response<Body> {
    let event: EventId = match page.param("event") {
        Ok(event) => event,
        Err(error) => return fail(page, error).await,
    };
    let form = form.unwrap_or_default();
    let closed = match form.validate() {
        Ok(closed) => closed,
        Err(errors) => return refuse(page, events::event, false, form, errors).await,
    };
    match page.host.events.close_event(&page.actor(), event, closed).await {
        Ok(()) => see(&format!("{BASE}/{event}?fait={}", if closed { "ferme" } else { "ouvert" })),
        Err(EventRefusal::Port(error)) => fail(page, error).await,
        Err(_) => {
            let over = FieldErrors::one(WHOLE_FORM, FieldCode::EventIsOver);
            refuse(page, events::event, false, form, over).await
        }
    }
}

/// `POST /admin/evenements/{event}/transmettre`: the file itself. It is written down before it leaves.
pub(crate) async fn forward(page: Page) -> Response<Body> {
    let event: EventId = match page.param("event") {
        Ok(event) => event,
        Err(error) => return fail(page, error).await,
    };
    let refused = |page, code| refuse(page, forwarding::page, false, HandingOver, FieldErrors::one(WHOLE_FORM, code));
    let Some(receiver) = page.host.site.events.receiver.clone() else {
        return refused(page, FieldCode::NoReceiver).await;
    };
    match page.host.events.forward(&page.actor(), event, &receiver).await {
        Ok(file) => {
            let disposition = format!("attachment; filename=\"{}\"", file.name);
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, file.bytes).into_response()
        }
        Err(EventRefusal::Port(error)) => fail(page, error).await,
        Err(_) => refused(page, FieldCode::NobodyRegistered).await,
    }
}
