//! What visitors send through the public forms (F3 to F6): the token of each form, one record however often the form is
//! sent, and the mails about it. `inbox` reads the requests.

use crate::{
    Services,
    crypto::ct_eq,
    error::Fault,
    store::{self, mail::Letter, new_id, requests::New},
};
use async_trait::async_trait;
use data_encoding::BASE64URL_NOPAD;
use domain::{
    error::{PortError, PortResult},
    identity::Client,
    ids::{RequestId, SubmissionId},
    mail::{Message, Recipient},
    requests::{FASTEST_MILLIS, NewRequest, OPEN_HOURS, OpenEvent, Requests, SubmitRefusal, TokenRefusal},
    time::{Instant, Period},
};
use uuid::Uuid;

/// First part of the data that a form's token signs.
const TOKEN_LABEL: &[u8] = b"form";
/// The bytes of the submission, the moment and the signature.
const TOKEN_LENGTH: usize = 16 + 8 + 32;
/// Requests from one address before further ones are refused: a whole class may register in one hall.
const ADDRESS_LIMIT: i64 = 40;
/// How many acknowledgements one mail address gets: somebody else may have typed it.
const MAILBOX_LIMIT: i64 = 4;
/// How long both are counted.
const WINDOW_MILLIS: i64 = 15 * 60_000;
/// The page where the team reads the requests.
const INBOX: &str = "/conseiller/demandes";

/// The content of a form's token: its submission, and when the form was shown.
#[derive(Clone, Copy)]
struct Shown {
    submission: SubmissionId,
    at: Instant,
}

/// The result of storing a request.
enum Stored {
    /// It was stored, and its mails are in the outbox.
    New,
    /// It was stored before; its text may have been updated now.
    Again,
    TooMany(Instant),
    EventClosed,
}

impl Services {
    fn sealed(&self, form: &str, shown: Shown) -> String {
        let (submission, at) = (Uuid::from(shown.submission), shown.at.millis().to_be_bytes());
        let mac = self.keys.forms.mac(&[TOKEN_LABEL, form.as_bytes(), submission.as_bytes(), &at]);
        BASE64URL_NOPAD.encode(&[submission.as_bytes(), &at[..], &mac].concat())
    }

    /// The content of a token of ours; nothing for any other token.
    fn unsealed(&self, form: &str, token: &str) -> Option<Shown> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok().filter(|bytes| bytes.len() == TOKEN_LENGTH)?;
        let (submission, rest) = bytes.split_first_chunk::<16>()?;
        let (at, mac) = rest.split_first_chunk::<8>()?;
        let expected = self.keys.forms.mac(&[TOKEN_LABEL, form.as_bytes(), submission, at]);
        ct_eq(&expected, mac).then(|| Shown {
            submission: Uuid::from_bytes(*submission).into(),
            at: Instant::from_millis(i64::from_be_bytes(*at)),
        })
    }

    async fn store_request(
        &self,
        request: NewRequest,
        submission: SubmissionId,
        client: &Client,
    ) -> Result<Stored, Fault> {
        let (services, at) = (self.clone(), self.calendar.now());
        let address = self.keys.throttle.mac(&[b"request", client.address.as_bytes()]);
        let stored = self.data.write(move |tx| {
            Box::pin(async move {
                let (attempts, since) = store::throttle::count(tx, &address, at, WINDOW_MILLIS).await?;
                if attempts > ADDRESS_LIMIT {
                    return Ok(Stored::TooMany(since.plus_millis(WINDOW_MILLIS)));
                }
                let id: RequestId = new_id();
                let written = store::requests::upsert(tx, &New { id, submission, at, request: &request }).await?;
                match written {
                    Some(written) if written == id => {}
                    Some(_) => return Ok(Stored::Again),
                    None => {
                        let open = match request.event {
                            Some(event) => store::requests::is_open(tx, event, at).await?,
                            None => true,
                        };
                        let again = open || store::requests::is_known(tx, submission).await?;
                        return Ok(if again { Stored::Again } else { Stored::EventClosed });
                    }
                }
                for letter in services.letters_about(tx, &request, at).await? {
                    store::mail::enqueue(tx, &letter).await?;
                }
                Ok(Stored::New)
            })
        });
        stored.await
    }

    /// The mail to the person, if they gave an address that has not got too many mails, and the mails to the team,
    /// which repeat nothing of what was sent.
    async fn letters_about(
        &self,
        tx: &mut crate::db::Tx,
        request: &NewRequest,
        at: Instant,
    ) -> Result<Vec<Letter>, Fault> {
        let mut letters = Vec::new();
        if let Some(to) = request.email.as_ref().and_then(|email| Recipient::new(&request.first_name, email).ok()) {
            let mailbox = self.keys.throttle.mac(&[b"request mail", to.address().to_lowercase().as_bytes()]);
            let (times, _) = store::throttle::count(tx, &mailbox, at, WINDOW_MILLIS).await?;
            if times <= MAILBOX_LIMIT {
                letters.push(self.outbox.letter(&to, &self.receipt(tx, request, at).await?)?);
            }
        }
        let kind = request.kind;
        let notice = Message::RequestAwaits { kind, link: self.outbox.link(INBOX) };
        for person in store::requests::to_tell(tx, kind.processing().seen_by()).await? {
            if let Some(to) = person.email.and_then(|email| Recipient::new(&person.name, &email).ok()) {
                letters.push(self.outbox.letter(&to, &notice)?);
            }
        }
        Ok(letters)
    }

    async fn receipt(&self, tx: &mut crate::db::Tx, request: &NewRequest, at: Instant) -> Result<Message, Fault> {
        let event = match request.event {
            Some(event) => store::requests::event(tx, event).await?,
            None => None,
        };
        let end = event.as_ref().map_or(at, |(_, ends_at)| *ends_at);
        // A pre-registration is deleted when the last day of its event is over.
        let kept = self.keeping.period(request.kind.rule()).unwrap_or(Period::Days(1));
        Ok(Message::RequestReceived {
            kind: request.kind,
            first_name: request.first_name.clone(),
            event: event.map(|(name, _)| name),
            kept_until: kept.after(self.calendar.local(end).date),
        })
    }
}

#[async_trait]
impl Requests for Services {
    fn form_token(&self, form: &str) -> PortResult<String> {
        Ok(self.sealed(form, Shown { submission: new_submission()?, at: self.calendar.now() }))
    }

    fn renewed_token(&self, form: &str, token: &str) -> PortResult<String> {
        let now = self.calendar.now();
        let shown = match self.unsealed(form, token) {
            // Correcting a word takes less time than reading the form the first time, so no further wait is required.
            Some(shown) if is_old(shown, now) => Shown { at: now.plus_millis(-FASTEST_MILLIS), ..shown },
            Some(shown) => shown,
            None => Shown { submission: new_submission()?, at: now },
        };
        Ok(self.sealed(form, shown))
    }

    fn new_submission(&self) -> PortResult<SubmissionId> {
        Ok(new_submission()?)
    }

    fn shown_as(&self, form: &str, token: &str) -> Result<SubmissionId, TokenRefusal> {
        let shown = self.unsealed(form, token).filter(|shown| !is_old(*shown, self.calendar.now()));
        shown.map(|shown| shown.submission).ok_or(TokenRefusal::TooOld)
    }

    fn submission(&self, form: &str, token: &str) -> Result<SubmissionId, TokenRefusal> {
        let now = self.calendar.now();
        match self.unsealed(form, token) {
            Some(shown) if !is_old(shown, now) && now.millis_since(shown.at) < FASTEST_MILLIS => {
                Err(TokenRefusal::TooFast)
            }
            Some(shown) if !is_old(shown, now) => Ok(shown.submission),
            _ => Err(TokenRefusal::TooOld),
        }
    }

    async fn submit(&self, request: NewRequest, token: &str, client: &Client) -> Result<(), SubmitRefusal> {
        let submission = self.submission(request.kind.code(), token)?;
        match self.store_request(request, submission, client).await.map_err(PortError::from)? {
            Stored::New => {
                self.outbox.wake();
                Ok(())
            }
            Stored::Again => Ok(()),
            Stored::EventClosed => Err(SubmitRefusal::EventClosed),
            Stored::TooMany(until) => {
                let left = until.millis_since(self.calendar.now()).max(0).unsigned_abs();
                let minutes = u32::try_from(left.div_ceil(60_000).max(1)).unwrap_or(u32::MAX);
                Err(SubmitRefusal::TooMany { minutes })
            }
        }
    }

    async fn open_events(&self) -> PortResult<Vec<OpenEvent>> {
        let at = self.calendar.now();
        let read = async { store::requests::open_events(&mut self.data.read().await?, at).await };
        Ok(read.await?)
    }
}

/// The submission is completely random and not sorted by time, so nobody can guess the submission of somebody else.
fn new_submission() -> Result<SubmissionId, Fault> {
    let mut bytes = [0; 16];
    crate::crypto::fill_random(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().into())
}

/// Whether a form was shown too long ago, or at a time in the future.
fn is_old(shown: Shown, now: Instant) -> bool {
    !(0..=OPEN_HOURS * 3_600_000).contains(&now.millis_since(shown.at))
}
