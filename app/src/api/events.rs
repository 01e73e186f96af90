//! How the actions on events answer plain forms, under `/admin/evenements` (F5).

use crate::{
    act::action,
    actions::events::{ChangeEvent, CloseEvent, CreateEvent},
    page::{Answer, Done, Page},
    pages::admin::events::{self, BASE, forwarding},
    texts::Texts,
};
use axum::{extract::Request, http::header, response::IntoResponse};
use domain::{
    events::{EventRefusal, ForwardColumns, ForwardWords},
    forms::{
        FieldCode, FieldErrors, WHOLE_FORM,
        event_admin::{EventAdminForm, EventStateForm},
    },
    ids::EventId,
};

action!(
    CreateEvent: EventAdminForm with token,
    again in events::new,
    then |_, _, event| Done::See(format!("{BASE}/{event}?fait=cree"))
);
action!(
    ChangeEvent: EventAdminForm,
    again in events::event,
    then |action, _, ()| Done::See(format!("{BASE}/{}?fait=change", action.event))
);
action!(
    CloseEvent: EventStateForm,
    again in events::event,
    then |action, _, closed| {
        Done::See(format!("{BASE}/{}?fait={}", action.event, if closed { "ferme" } else { "ouvert" }))
    }
);

/// `POST /admin/evenements/{event}/transmettre`: sends the encrypted file. The hand-over is recorded before the file
/// leaves.
pub(crate) async fn forward(page: Page, _: Request) -> Answer {
    let event: EventId = page.param("event")?;
    let stop = |code| page.again(forwarding::page, (), FieldErrors::one(WHOLE_FORM, code));
    let receiver = page.host.site.events.receiver.clone().ok_or_else(|| stop(FieldCode::NoReceiver))?;
    let words = forward_words(page.texts);
    match page.host.events.forward(&page.actor(), event, &receiver, &words).await {
        Ok(file) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            Ok(Done::Send((headers, file.bytes).into_response()))
        }
        Err(EventRefusal::Port(error)) => Err(error.into()),
        Err(_) => Err(stop(FieldCode::NobodyRegistered)),
    }
}

/// The texts inside the file, in the language of the person who hands it over.
fn forward_words(texts: Texts) -> ForwardWords {
    ForwardWords {
        file: texts.forward_table_file().to_owned(),
        event: texts.forward_table_event().to_owned(),
        columns: ForwardColumns {
            first_name: texts.forward_table_first_name().to_owned(),
            last_name: texts.forward_table_last_name().to_owned(),
            birth_date: texts.forward_table_birth_date().to_owned(),
            postal_code: texts.forward_table_postal_code().to_owned(),
            structure: texts.forward_table_structure().to_owned(),
            phone: texts.forward_table_phone().to_owned(),
            email: texts.forward_table_email().to_owned(),
            received_on: texts.forward_table_received_on().to_owned(),
        },
    }
}
