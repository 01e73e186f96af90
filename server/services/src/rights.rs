//! Requests of people about their own data: anybody can send one, and the data-protection officer answers it in time
//! (E15).

use crate::{
    Services,
    access::{HandleRights, HouseFacts, SeeRights, authorize},
    db::Tx,
    error::Fault,
    store, throttle,
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    error::{PortError, PortResult},
    identity::Client,
    ids::{RightsRequestId, SubmissionId},
    mail::{Message, Recipient},
    paging::{PAGE_SIZE, Paged},
    rights::{
        DELAY, EXTENDED_DELAY, NewRightsRequest, RightsDetail, RightsPage, RightsRefusal, RightsRequests, RightsStep,
        SOON_DAYS,
    },
    time::{CivilDate, Instant},
};

/// Requests from one address before further ones are refused. All people in a reception hall share one address.
const ADDRESS_LIMIT: i64 = 20;

/// The page on which the officers read a request.
fn path(request: RightsRequestId) -> String {
    format!("/admin/droits/{request}")
}

fn refusal(fault: Fault) -> RightsRefusal {
    RightsRefusal::Port(fault.into())
}

fn counted(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

impl Services {
    /// Stores a request, and writes the mails about it.
    pub(crate) async fn take_rights_request(
        &self,
        actor: &Actor,
        client: &Client,
        asked: NewRightsRequest,
        submission: SubmissionId,
        officer: &str,
    ) -> Result<(), RightsRefusal> {
        let at = self.calendar.now();
        let due_on = DELAY.after(self.calendar.local(at).date);
        let bucket = self.keys.throttle.mac(&[b"rights", client.address.as_bytes()]);
        let (account, officer) = (actor.account(), officer.to_owned());
        let id: RightsRequestId = store::new_id();
        let services = self.clone();
        let taken = self.data.write(move |tx| {
            Box::pin(async move {
                if let Some(minutes) = throttle::too_many(tx, &bucket, ADDRESS_LIMIT, at).await? {
                    return Ok(Err(RightsRefusal::TooMany { minutes }));
                }
                let new = store::rights::New { id, submission, asked: &asked, account, at, due_on };
                if !store::rights::insert(tx, &new).await? {
                    // The same form came before. It is stored already, so the throttle does not count it again.
                    store::throttle::give_back(tx, &bucket).await?;
                    return Ok(Ok(()));
                }
                services.tell_about_rights(tx, id, &asked, due_on, &officer).await?;
                Ok(Ok(()))
            })
        });
        let taken = taken.await.map_err(refusal)?;
        self.outbox.wake();
        taken
    }

    /// Writes the acknowledgement and the mails to the officers, in the transaction of the request.
    async fn tell_about_rights(
        &self,
        tx: &mut Tx,
        id: RightsRequestId,
        asked: &NewRightsRequest,
        due_on: CivilDate,
        officer: &str,
    ) -> Result<(), Fault> {
        let name = format!("{} {}", asked.first_name, asked.last_name);
        if let Ok(to) = Recipient::new(&name, &asked.email) {
            let message = Message::RightsReceived { name: asked.first_name.clone(), right: asked.right, due_on };
            store::mail::enqueue(tx, &self.outbox.letter(&to, &message)?).await?;
        }
        let message = Message::RightsArrived { link: self.outbox.link(&path(id)), due_on };
        let people = store::rights::officers(tx).await?;
        let mut to: Vec<_> =
            people.into_iter().filter_map(|person| Recipient::new(&person.name, &person.email?).ok()).collect();
        if to.is_empty() {
            to.extend(Recipient::new("", officer));
        }
        for to in to {
            store::mail::enqueue(tx, &self.outbox.letter(&to, &message)?).await?;
        }
        Ok(())
    }

    async fn list_rights(&self, actor: &Actor, closed: bool, page: u32) -> Result<RightsPage, Fault> {
        let access = authorize(actor, SeeRights, HouseFacts)?;
        let today = self.calendar.today();
        let mut db = self.data.read().await?;
        let counts = store::rights::count(&mut db, &access, today, today.plus_days(SOON_DAYS)).await?;
        let total = counted(if closed { counts.closed } else { counts.open });
        let mut found = Paged::of(total, page, PAGE_SIZE);
        found.rows = if closed {
            store::rights::closed(&mut db, &access, found.page).await?
        } else {
            store::rights::open(&mut db, &access, found.page).await?
        };
        Ok(RightsPage { found, open: counted(counts.open), late: counted(counts.late), soon: counted(counts.soon) })
    }

    async fn one_rights_request(&self, actor: &Actor, request: RightsRequestId) -> Result<RightsDetail, Fault> {
        let access = authorize(actor, SeeRights, HouseFacts)?;
        let found = store::rights::one(&mut self.data.read().await?, &access, request).await?;
        Ok(found.ok_or(PortError::NotFound)?)
    }

    async fn step_rights(
        &self,
        actor: &Actor,
        request: RightsRequestId,
        step: RightsStep,
    ) -> Result<(), RightsRefusal> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let services = self.clone();
        let stepped = self.data.write(move |tx| {
            Box::pin(async move {
                let access = authorize(&actor, HandleRights, HouseFacts)?;
                let asker = store::rights::asker(tx, &access, request).await?.ok_or(PortError::NotFound)?;
                let day_of = |at: Instant| services.calendar.local(at).date;
                let name = asker.first_name.clone();
                let (done, message) = match step {
                    RightsStep::Blank => {
                        let done = store::rights::blank(tx, &access, request).await?;
                        return Ok(if done { Ok(()) } else { Err(RightsRefusal::Over) });
                    }
                    RightsStep::AskIdentity { doubt } => {
                        let done = store::rights::ask_identity(tx, &access, request, at).await?;
                        (done, Message::RightsIdentity { name, doubt })
                    }
                    RightsStep::Extend { reason } => {
                        let due_on = EXTENDED_DELAY.after(day_of(Instant::from_millis(asker.received_at)));
                        let today = day_of(at);
                        let done = store::rights::extend(tx, &access, request, at, today, due_on, &reason).await?;
                        (done, Message::RightsExtended { name, reason, due_on })
                    }
                    RightsStep::Close { outcome, answer } => {
                        let done = store::rights::close(tx, &access, request, at, outcome, &answer).await?;
                        (done, Message::RightsAnswered { name, outcome, answer })
                    }
                };
                if !done {
                    return Ok(Err(RightsRefusal::Over));
                }
                let full_name = format!("{} {}", asker.first_name, asker.last_name);
                if let Ok(to) = Recipient::new(&full_name, &asker.email) {
                    store::mail::enqueue(tx, &services.outbox.letter(&to, &message)?).await?;
                }
                Ok(Ok(()))
            })
        });
        let stepped = stepped.await.map_err(refusal)?;
        self.outbox.wake();
        stepped
    }
}

#[async_trait]
impl RightsRequests for Services {
    async fn ask(
        &self,
        actor: &Actor,
        client: &Client,
        new: NewRightsRequest,
        submission: SubmissionId,
        officer: &str,
    ) -> Result<(), RightsRefusal> {
        self.take_rights_request(actor, client, new, submission, officer).await
    }

    async fn list(&self, actor: &Actor, closed: bool, page: u32) -> PortResult<RightsPage> {
        Ok(self.list_rights(actor, closed, page).await?)
    }

    async fn detail(&self, actor: &Actor, request: RightsRequestId) -> PortResult<RightsDetail> {
        Ok(self.one_rights_request(actor, request).await?)
    }

    async fn step(&self, actor: &Actor, request: RightsRequestId, step: RightsStep) -> Result<(), RightsRefusal> {
        self.step_rights(actor, request, step).await
    }
}
