//! What visitors sent, handled by the staff whom the register names for each form (A5).

use crate::{
    Services,
    access::{Access, HandleRequest, KindFacts, PermissionType, ReadRequest, RequestFacts, authorize},
    db::Reads,
    error::Fault,
    store::{self, inbox::Row},
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    error::{PortError, PortResult},
    ids::{RequestId, SubmissionId},
    inbox::{Handling, Inbox, InboxPage, InboxQuery, InboxRefusal, NewAnswer, RequestDetail, RequestRow},
    mail::{Message, Recipient},
    paging::{PAGE_SIZE, Paged},
    requests::RequestKind,
    retention::Keeping,
    screening::Findings,
    time::{Calendar, Instant},
};

fn refusal(fault: Fault) -> InboxRefusal {
    InboxRefusal::Port(fault.into())
}

/// A proof for each form whose requests the actor sees.
fn seen_by(actor: &Actor) -> Vec<Access<ReadRequest, KindFacts>> {
    RequestKind::ALL.into_iter().filter_map(|kind| authorize(actor, ReadRequest, KindFacts(kind)).ok()).collect()
}

/// The proof that the actor may do `P` with a request.
async fn decided_on<P: PermissionType>(
    db: &mut impl Reads,
    actor: &Actor,
    permission: P,
    request: RequestId,
) -> Result<Access<P, RequestFacts>, Fault> {
    let facts = store::facts::request(db, actor, request).await?.ok_or(PortError::NotFound)?;
    Ok(authorize(actor, permission, facts)?)
}

/// A line as the page shows it.
fn shown(calendar: &dyn Calendar, keeping: &Keeping, row: &Row) -> Result<RequestRow, Fault> {
    let kind = row.kind()?;
    let received_at = Instant::from_millis(row.received_at);
    let day_of = |at: Instant| calendar.local(at).date;
    let goes_on = match keeping.goes_on(kind.rule(), day_of(received_at)) {
        Some(day) => Some(day),
        // A pre-registration is deleted in the night after its event.
        None => row.ends_at.map(|at| day_of(Instant::from_millis(at)).plus_days(1)),
    };
    Ok(RequestRow {
        id: row.id.into(),
        kind,
        received_at,
        state: row.state()?,
        name: format!("{} {}", row.first_name, row.last_name),
        flagged: row.flags.as_deref().is_some_and(|flags| !flags.is_empty()),
        holder: row.holder.clone(),
        goes_on,
    })
}

impl Services {
    async fn list_requests(&self, actor: &Actor, mut query: InboxQuery) -> Result<InboxPage, Fault> {
        let seen = seen_by(actor);
        if seen.is_empty() {
            return Err(PortError::Refused.into());
        }
        let me = actor.account();
        let mut db = self.data.read().await?;
        let counts = store::inbox::count(&mut db, &seen, &query, me).await?;
        let mut found = Paged::of(counts.of(query.state), query.page, PAGE_SIZE);
        query.page = found.page;
        let rows = store::inbox::page(&mut db, &seen, &query, me).await?;
        let keeping = &self.keeping;
        found.rows = rows.iter().map(|row| shown(&*self.calendar, keeping, row)).collect::<Result<_, _>>()?;
        Ok(InboxPage { found, counts, kinds: seen.iter().map(|access| access.facts().0).collect() })
    }

    async fn one_request(&self, actor: &Actor, request: RequestId) -> Result<RequestDetail, Fault> {
        let mut db = self.data.read().await?;
        let access = decided_on(&mut db, actor, ReadRequest, request).await?;
        let found = store::inbox::one(&mut db, &access).await?.ok_or(PortError::NotFound)?;
        let answers = store::inbox::answers(&mut db, &access).await?;
        let colleagues = store::inbox::colleagues(&mut db, &access).await?;
        Ok(RequestDetail {
            row: shown(&*self.calendar, &self.keeping, &found.row)?,
            assigned_to: found.assigned_to.map(Into::into),
            email: found.email,
            phone: found.phone,
            birth_date: found.birth_date.and_then(|day| day.parse().ok()),
            postal_code: found.postal_code,
            company: found.company,
            by_video: found.by_video,
            availability: found.availability,
            message: found.message,
            event: found.event,
            structure: found.structure,
            findings: Findings::from_code(found.row.flags.as_deref()),
            closed_at: found.closed_at.map(Instant::from_millis),
            answers,
            colleagues,
        })
    }

    async fn handle_request(&self, actor: &Actor, request: RequestId, what: Handling) -> Result<(), InboxRefusal> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let handled = self.data.write(move |tx| {
            Box::pin(async move {
                let access = decided_on(tx, &actor, HandleRequest, request).await?;
                let done = match what {
                    Handling::Take => store::inbox::take(tx, &access).await?,
                    Handling::Hand { from, to } => store::inbox::hand(tx, &access, from, to).await?,
                    Handling::Release { from } => store::inbox::release(tx, &access, from).await?,
                    Handling::Close => store::inbox::close(tx, &access, at).await?,
                    Handling::Reopen => store::inbox::reopen(tx, &access).await?,
                    Handling::Blank => store::inbox::blank(tx, &access, at).await?,
                };
                Ok(if done { Ok(()) } else { Err(InboxRefusal::Over) })
            })
        });
        handled.await.map_err(refusal)?
    }

    async fn answer_request(&self, actor: &Actor, request: RequestId, new: NewAnswer) -> Result<(), InboxRefusal> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let services = self.clone();
        let answered = self.data.write(move |tx| {
            Box::pin(async move {
                let access = decided_on(tx, &actor, HandleRequest, request).await?;
                let sender = store::inbox::sender(tx, &access).await?.ok_or(PortError::NotFound)?;
                let name = format!("{} {}", sender.first_name, sender.last_name);
                let Some(to) = sender.email.and_then(|email| Recipient::new(&name, &email).ok()) else {
                    return Ok(Err(InboxRefusal::NoAddress));
                };
                if !store::inbox::answer(tx, &access, &new, at).await? {
                    // This is the second click on the same button, or somebody closed the request meanwhile.
                    let twice = store::inbox::is_answered(tx, &access, new.submission).await?;
                    return Ok(if twice { Ok(()) } else { Err(InboxRefusal::Over) });
                }
                let message = Message::RequestAnswered { name: sender.first_name, answer: new.message };
                store::mail::enqueue(tx, &services.outbox.letter(&to, &message)?).await?;
                Ok(Ok(()))
            })
        });
        let answered = answered.await.map_err(refusal)?;
        self.outbox.wake();
        answered
    }
}

#[async_trait]
impl Inbox for Services {
    async fn list(&self, actor: &Actor, query: InboxQuery) -> PortResult<InboxPage> {
        Ok(self.list_requests(actor, query).await?)
    }

    async fn detail(&self, actor: &Actor, request: RequestId) -> PortResult<RequestDetail> {
        Ok(self.one_request(actor, request).await?)
    }

    fn submission(&self) -> SubmissionId {
        store::new_id()
    }

    async fn handle(&self, actor: &Actor, request: RequestId, what: Handling) -> Result<(), InboxRefusal> {
        self.handle_request(actor, request, what).await
    }

    async fn answer(&self, actor: &Actor, request: RequestId, answer: NewAnswer) -> Result<(), InboxRefusal> {
        self.answer_request(actor, request, answer).await
    }
}
