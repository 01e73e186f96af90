//! Mails: they are composed and sealed here, stored in the outbox in the transaction that causes them, and delivered by
//! [`delivery`].

mod carrier;
mod delivery;
mod mime;
mod smtp;

pub use carrier::Carrier;
pub use delivery::DeliveryReport;
pub use mime::Sender;
pub use smtp::{SmtpServer, SmtpSettingError};

use crate::{
    crypto::SealKey,
    db::Db,
    error::Fault,
    store::{self, mail::Letter},
};
use domain::{
    error::PortError,
    mail::{Composed, Composer, Message, Recipient, one_line},
    time::Calendar,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Notify;
use url::{Host, Url};
use uuid::Uuid;

/// The first bytes of the data to which a sealed mail is bound; its id follows. They are part of the stored format.
const SEAL_LABEL: &[u8] = b"balise/v1/outbox/mail\0";
/// Longest subject, in characters.
const SUBJECT_MAX: usize = 150;

/// What is needed to write and send mails.
pub struct MailMeans {
    /// The public origin, such as `https://portail.example.org`: links in mails start with it.
    pub origin: String,
    /// The sender of the mails.
    pub sender: Sender,
    /// Writes the texts of the mails.
    pub composer: Arc<dyn Composer>,
    /// How mails are sent.
    pub carrier: Carrier,
}

/// The outbox: the mails that wait, and what is needed to write and send them. Cloning is cheap.
#[derive(Clone)]
pub struct Outbox {
    data: Db,
    key: Arc<SealKey>,
    calendar: Arc<dyn Calendar>,
    means: Arc<MailMeans>,
    /// Wakes the delivery when a mail was written here.
    bell: Arc<Notify>,
}

/// The content of a mail as it is sealed.
#[derive(Serialize, Deserialize)]
struct Content {
    name: String,
    address: String,
    subject: String,
    text: String,
    html: String,
    /// The address that unsubscribes from the mail's list; mails that were sealed before there were lists have none.
    #[serde(default)]
    unsubscribe: Option<String>,
}

impl Outbox {
    pub(crate) fn new(data: Db, key: Arc<SealKey>, calendar: Arc<dyn Calendar>, means: MailMeans) -> Self {
        Self { data, key, calendar, means: Arc::new(means), bell: Arc::default() }
    }

    /// The same outbox with another clock.
    pub(crate) fn seeing(&self, calendar: Arc<dyn Calendar>) -> Self {
        Self { calendar, ..self.clone() }
    }

    /// The full address of `path`, for a mail.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.means.origin)
    }

    /// Composes and seals a mail. Write it with [`store::mail::enqueue`] in the transaction that causes it, then
    /// call [`Outbox::wake`].
    pub(crate) fn letter(&self, to: &Recipient, message: &Message) -> Result<Letter, Fault> {
        let Composed { subject, text, html } = self.means.composer.compose(message);
        let content = Content {
            name: to.name().to_owned(),
            address: to.address().to_owned(),
            subject: one_line(&subject, SUBJECT_MAX),
            text,
            html,
            unsubscribe: message.unsubscribe().map(str::to_owned),
        };
        let plain = serde_json::to_vec(&content).map_err(|_| Fault::Broken("a mail cannot be written down"))?;
        let id = store::new_id();
        Ok(Letter {
            id,
            message_id: format!("<{id}@{}>", message_id_domain(&self.means.origin)),
            kind: message.kind(),
            sealed: self.key.seal(&place(id), &plain)?,
            created_at: self.calendar.now(),
        })
    }

    /// Tells the delivery that there is a new mail. Without this call the mail is sent at the next look.
    pub(crate) fn wake(&self) {
        self.bell.notify_one();
    }

    /// Sends a mail that belongs to no other change.
    ///
    /// # Errors
    /// When the outbox cannot be written.
    pub async fn write_to(&self, to: &Recipient, message: &Message) -> Result<(), PortError> {
        let letter = self.letter(to, message)?;
        self.data.write(move |tx| Box::pin(async move { store::mail::enqueue(tx, &letter).await })).await?;
        self.wake();
        Ok(())
    }

    fn unseal(&self, mail: Uuid, sealed: &[u8]) -> Result<Content, Fault> {
        let plain = self.key.open(&place(mail), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Fault::Broken("a stored mail cannot be read"))
    }
}

fn place(mail: Uuid) -> Vec<u8> {
    [SEAL_LABEL, mail.as_bytes()].concat()
}

/// The right side of our Message-IDs: the public host, with IP addresses as RFC 5321 writes them.
fn message_id_domain(origin: &str) -> String {
    match Url::parse(origin).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(address)) => format!("[{address}]"),
        Some(Host::Ipv6(address)) => format!("[IPv6:{address}]"),
        None => "localhost".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, message_id_domain};

    #[test]
    fn a_mail_sealed_before_there_were_lists_is_read() {
        let old = br#"{"name":"Zo\u00e9","address":"zoe@exemple.test","subject":"a","text":"b","html":"c"}"#;
        let content: Content = serde_json::from_slice(old).unwrap();
        assert_eq!((content.text.as_str(), content.unsubscribe), ("b", None));
    }

    #[test]
    fn message_ids_end_in_the_public_host() {
        for (origin, domain) in [
            ("https://portail.exemple.test", "portail.exemple.test"),
            ("https://portail.exemple.test:8443", "portail.exemple.test"),
            ("http://127.0.0.1:3000", "[127.0.0.1]"),
            ("http://[::1]:3000", "[IPv6:::1]"),
        ] {
            assert_eq!(message_id_domain(origin), domain);
        }
    }
}
