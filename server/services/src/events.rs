//! Events: they are created, changed and closed, and their pre-registrations are handed over (F5).

mod forwarding;

pub use forwarding::is_receiver;

use crate::{
    Services,
    access::{ForwardEvent, HouseFacts, KindFacts, ManageEvents, ReadRequest, authorize},
    crypto::sha256,
    db::Tx,
    error::Fault,
    store::{self, events::NewForwarding},
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    error::{PortError, PortResult},
    events::{EventRefusal, EventRow, Events, FORWARD_MAX, ForwardBoard, ForwardWords, ForwardedFile, NewEvent},
    ids::{EventId, ForwardingId, SubmissionId},
    paging::{PAGE_SIZE, Paged},
    requests::RequestKind,
    time::Instant,
};
use uuid::Uuid;

fn refusal(fault: Fault) -> EventRefusal {
    EventRefusal::Port(fault.into())
}

/// The result of a change of an event. When the event is over or unknown, nothing was changed. Otherwise the search
/// index is updated in the same transaction.
async fn after_change(tx: &mut Tx, changed: bool, id: EventId, at: Instant) -> Result<Result<(), EventRefusal>, Fault> {
    let event = store::events::one(tx, id).await?.ok_or(PortError::NotFound)?;
    if !changed {
        return Ok(Err(EventRefusal::Over));
    }
    crate::search::index_event(tx, &event, at).await?;
    Ok(Ok(()))
}

impl Services {
    /// How many people are pre-registered, for the staff who may know; nothing for others.
    async fn registrations_of(&self, actor: &Actor, event: EventId) -> Result<Option<u64>, Fault> {
        let Ok(access) = authorize(actor, ReadRequest, KindFacts(RequestKind::Event)) else { return Ok(None) };
        let mut db = self.data.read().await?;
        store::events::count_registrations(&mut db, &access, event).await.map(Some)
    }

    async fn list_events(&self, actor: &Actor, page: u32) -> Result<Paged<EventRow>, Fault> {
        let access = authorize(actor, ManageEvents, HouseFacts)?;
        let mut db = self.data.read().await?;
        let found = Paged::of(store::events::count(&mut db).await?, page, PAGE_SIZE);
        let events = store::events::page(&mut db, &access, found.page).await?;
        let counts = match authorize(actor, ReadRequest, KindFacts(RequestKind::Event)) {
            Ok(access) => Some(store::events::registrations(&mut db, &access, found.page).await?),
            Err(_) => None,
        };
        let registrations = |id: EventId| {
            let counts = counts.as_ref()?;
            Some(counts.iter().find(|(event, _)| *event == id).map_or(0, |(_, count)| *count))
        };
        let rows = events.into_iter().map(|event| EventRow { registrations: registrations(event.id), event });
        Ok(found.with(rows.collect()))
    }

    async fn board_of(&self, actor: &Actor, id: EventId) -> Result<ForwardBoard, Fault> {
        let access = authorize(actor, ForwardEvent, HouseFacts)?;
        let event = store::events::one(&mut self.data.read().await?, id).await?.ok_or(PortError::NotFound)?;
        let registrations = self.registrations_of(actor, id).await?.ok_or(PortError::Refused)?;
        let before = store::events::forwardings(&mut self.data.read().await?, &access, id).await?;
        Ok(ForwardBoard { event, registrations, before })
    }

    async fn encrypt_registrations(
        &self,
        actor: &Actor,
        id: EventId,
        receiver: &str,
        words: &ForwardWords,
    ) -> Result<Result<ForwardedFile, EventRefusal>, Fault> {
        let access = authorize(actor, ForwardEvent, HouseFacts)?;
        let staff = actor.account().ok_or(PortError::Refused)?;
        let mut db = self.data.read().await?;
        let event = store::events::one(&mut db, id).await?.ok_or(PortError::NotFound)?;
        let rows = store::events::to_forward(&mut db, &access, id, i64::from(FORWARD_MAX)).await?;
        drop(db);
        if rows.is_empty() {
            return Ok(Err(EventRefusal::Nobody));
        }
        let (at, requests) = (self.calendar.now(), rows.len());
        let (calendar, recipient, columns) = (self.calendar.clone(), receiver.to_owned(), words.columns.clone());
        let day = calendar.local(at).date;
        // Encrypting takes a processor some milliseconds, so it runs outside the runtime's threads.
        let encrypted =
            tokio::task::spawn_blocking(move || forwarding::encrypt(&columns, &rows, &*calendar, &recipient));
        let bytes = encrypted.await.map_err(|_| Fault::Broken("an encryption panicked"))??;
        let (sha256, recipient) = (sha256(&bytes), receiver.to_owned());
        let note = self.data.write(move |tx| {
            Box::pin(async move {
                let id: ForwardingId = store::new_id();
                let new =
                    NewForwarding { id, event: event.id, at, staff, recipient: &recipient, requests, sha256: &sha256 };
                store::events::note_forwarding(tx, &access, &new).await?;
                Ok(event)
            })
        });
        let event = note.await?;
        Ok(Ok(ForwardedFile { name: forwarding::file_name(words, &event.name, day), bytes }))
    }
}

#[async_trait]
impl Events for Services {
    async fn events(&self, actor: &Actor, page: u32) -> PortResult<Paged<EventRow>> {
        Ok(self.list_events(actor, page).await?)
    }

    async fn event(&self, actor: &Actor, event: EventId) -> PortResult<EventRow> {
        authorize(actor, ManageEvents, HouseFacts)?;
        let read = async {
            let found = store::events::one(&mut self.data.read().await?, event).await?.ok_or(PortError::NotFound)?;
            Ok::<_, Fault>(EventRow { event: found, registrations: self.registrations_of(actor, event).await? })
        };
        Ok(read.await?)
    }

    async fn create_event(&self, actor: &Actor, new: NewEvent, submission: SubmissionId) -> PortResult<EventId> {
        let access = authorize(actor, ManageEvents, HouseFacts)?;
        let (id, at): (EventId, _) = (Uuid::from(submission).into(), self.calendar.now());
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                store::events::insert(tx, &access, id, &new, at).await?;
                let event = store::events::one(tx, id).await?.ok_or(Fault::Broken("a new event is not there"))?;
                crate::search::index_event(tx, &event, at).await
            })
        });
        write.await?;
        Ok(id)
    }

    async fn change_event(&self, actor: &Actor, event: EventId, new: NewEvent) -> Result<(), EventRefusal> {
        let access = authorize(actor, ManageEvents, HouseFacts)?;
        let at = self.calendar.now();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let changed = store::events::change(tx, &access, event, &new, at).await?;
                after_change(tx, changed, event, at).await
            })
        });
        write.await.map_err(refusal)?
    }

    async fn close_event(&self, actor: &Actor, event: EventId, closed: bool) -> Result<(), EventRefusal> {
        let access = authorize(actor, ManageEvents, HouseFacts)?;
        let at = self.calendar.now();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let changed = store::events::close(tx, &access, event, closed, at).await?;
                after_change(tx, changed, event, at).await
            })
        });
        write.await.map_err(refusal)?
    }

    async fn forward_board(&self, actor: &Actor, event: EventId) -> PortResult<ForwardBoard> {
        Ok(self.board_of(actor, event).await?)
    }

    async fn forward(
        &self,
        actor: &Actor,
        event: EventId,
        receiver: &str,
        words: &ForwardWords,
    ) -> Result<ForwardedFile, EventRefusal> {
        self.encrypt_registrations(actor, event, receiver, words).await.map_err(refusal)?
    }
}
