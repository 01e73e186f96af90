//! The newsletter (F1). Only people who confirmed get mails, and nobody learns whether an address is known.

use crate::{
    Services,
    db::Tx,
    error::Fault,
    store::{self, newsletter::Reader},
    throttle,
};
use async_trait::async_trait;
use domain::{
    identity::Client,
    ids::SubscriptionId,
    mail::{Message, Recipient},
    newsletter::{CONFIRMATION_DAYS, LinkPurpose, NewSubscription, Newsletter, NewsletterRefusal},
};

/// Sign-ups from one address before further ones are refused. All people in a reception hall share one address.
const ADDRESS_LIMIT: i64 = 20;
/// How long the same mail address gets no second mail.
const MAIL_EVERY_MILLIS: i64 = 60 * 60_000;
const OVER: NewsletterRefusal = NewsletterRefusal::Over;

fn refusal(fault: Fault) -> NewsletterRefusal {
    NewsletterRefusal::Port(fault.into())
}

impl Services {
    fn mail_bucket(&self, email_key: &str) -> [u8; 32] {
        self.keys.throttle.mac(&[b"newsletter mail", email_key.as_bytes()])
    }

    async fn sign_up(&self, client: &Client, new: NewSubscription) -> Result<(), NewsletterRefusal> {
        let at = self.calendar.now();
        let email_key = new.email.to_lowercase();
        let address = self.keys.throttle.mac(&[b"newsletter", client.address.as_bytes()]);
        let mails = self.mail_bucket(&email_key);
        let id: SubscriptionId = store::new_id();
        let services = self.clone();
        let signed_up = self.data.write(move |tx| {
            Box::pin(async move {
                if let Some(minutes) = throttle::too_many(tx, &address, ADDRESS_LIMIT, at).await? {
                    return Ok(Err(NewsletterRefusal::TooMany { minutes }));
                }
                // One mail an hour: a form must not fill somebody else's mailbox. A sign-up within the hour also
                // changes nothing, so that a link confirms what was typed when the link was sent.
                if store::throttle::count(tx, &mails, at, MAIL_EVERY_MILLIS).await?.0 > 1 {
                    return Ok(Ok(()));
                }
                if store::newsletter::sign_up(tx, id, &email_key, &new, at).await? {
                    let token = services.newsletter_links.token(LinkPurpose::Confirm, id.into());
                    let link = services.outbox.link(&format!("/newsletter/confirmer?jeton={token}"));
                    let name = format!("{} {}", new.first_name, new.last_name);
                    if let Ok(to) = Recipient::new(&name, &new.email) {
                        let message = Message::NewsletterConfirmation { name: new.first_name, link };
                        store::mail::enqueue(tx, &services.outbox.letter(&to, &message)?).await?;
                    }
                } else if let Some(reader) = store::newsletter::of_address(tx, &email_key).await? {
                    services.welcome(tx, &reader).await?;
                }
                Ok(Ok(()))
            })
        });
        let signed_up = signed_up.await.map_err(refusal)?;
        self.outbox.wake();
        signed_up
    }

    /// Sends the mail that says that the subscription is confirmed, and how to unsubscribe.
    async fn welcome(&self, tx: &mut Tx, reader: &Reader) -> Result<(), Fault> {
        let name = format!("{} {}", reader.first_name, reader.last_name);
        let Ok(to) = Recipient::new(&name, &reader.email) else { return Ok(()) };
        let token = self.newsletter_links.token(LinkPurpose::Unsubscribe, reader.id);
        let unsubscribe = self.outbox.link(&format!("/newsletter/desinscription?jeton={token}"));
        let message = Message::NewsletterWelcome { name: reader.first_name.clone(), unsubscribe };
        store::mail::enqueue(tx, &self.outbox.letter(&to, &message)?).await
    }
}

#[async_trait]
impl Newsletter for Services {
    async fn subscribe(&self, client: &Client, new: NewSubscription) -> Result<(), NewsletterRefusal> {
        self.sign_up(client, new).await
    }

    fn knows(&self, purpose: LinkPurpose, token: &str) -> bool {
        self.newsletter_links.proof(purpose, token).is_some()
    }

    async fn confirm(&self, token: &str) -> Result<(), NewsletterRefusal> {
        let proof = self.newsletter_links.proof(LinkPurpose::Confirm, token).ok_or(OVER)?;
        let at = self.calendar.now();
        let since = at.plus_hours(-24 * i64::from(CONFIRMATION_DAYS));
        let services = self.clone();
        let confirmed = self.data.write(move |tx| {
            Box::pin(async move {
                if let Some(reader) = store::newsletter::confirm(tx, &proof, at, since).await? {
                    services.welcome(tx, &reader).await?;
                    return Ok(Ok(()));
                }
                // Somebody who clicks twice sees the same confirmation.
                let confirmed = store::newsletter::is_confirmed(tx, &proof).await?;
                Ok(if confirmed { Ok(()) } else { Err(OVER) })
            })
        });
        let confirmed = confirmed.await.map_err(refusal)?;
        self.outbox.wake();
        confirmed
    }

    async fn unsubscribe(&self, token: &str) -> Result<(), NewsletterRefusal> {
        let proof = self.newsletter_links.proof(LinkPurpose::Unsubscribe, token).ok_or(OVER)?;
        let services = self.clone();
        let removed = self.data.write(move |tx| {
            Box::pin(async move {
                if let Some(email_key) = store::newsletter::remove(tx, &proof).await? {
                    // The count is cleared, so that somebody who subscribes again gets a mail at once.
                    store::throttle::clear(tx, &services.mail_bucket(&email_key)).await?;
                }
                Ok(())
            })
        });
        removed.await.map_err(refusal)
    }
}
