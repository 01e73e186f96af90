//! A mail as the bytes that servers exchange. `lettre`'s builder makes all of it and encodes every header.

use super::Content;
use crate::error::Fault;
use domain::{
    mail::{is_address, one_line},
    time::Instant,
};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use std::time::{Duration, SystemTime};

const UNWRITABLE: Fault = Fault::Broken("a mail cannot be put into its form");
/// Longest name before the sender's address, in characters.
const SENDER_NAME_MAX: usize = 100;

/// The sender of the mails.
#[derive(Clone)]
pub struct Sender(Mailbox);

impl Sender {
    /// Reads `name@example.org` or `Name <name@example.org>`. `name` is used when the text has none.
    #[must_use]
    pub fn parse(text: &str, name: &str) -> Option<Self> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"'), address),
            None => (name, text),
        };
        if !is_address(address) {
            return None;
        }
        let name = one_line(name, SENDER_NAME_MAX);
        Some(Self(Mailbox::new((!name.is_empty()).then_some(name), address.parse::<Address>().ok()?)))
    }
}

/// A header that tells programs not to answer these mails (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// A header with the address that unsubscribes from a list (RFC 2369).
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.trim_matches(['<', '>']).to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// A header that says that one POST is enough to unsubscribe (RFC 8058).
#[derive(Clone)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

/// Whether `link` can be written in a header unchanged: an address without spaces, in ASCII.
fn fits_header(link: &str) -> bool {
    link.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
}

/// A mail that is ready to be sent.
pub(super) struct Parcel {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// Gives a mail its final form. `written_at` is its date, at every attempt.
pub(super) fn parcel(
    sender: &Sender,
    content: Content,
    message_id: &str,
    written_at: Instant,
) -> Result<Parcel, Fault> {
    let Content { name, address, subject, text, html, unsubscribe } = content;
    if !is_address(&address) || !unsubscribe.as_deref().is_none_or(fits_header) {
        return Err(UNWRITABLE);
    }
    let address = address.parse::<Address>().map_err(|_| UNWRITABLE)?;
    let name = one_line(&name, SENDER_NAME_MAX);
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(written_at.unix_seconds());
    let mut message = Message::builder()
        .message_id(Some(message_id.to_owned()))
        .date(date)
        .from(sender.0.clone())
        .to(Mailbox::new((!name.is_empty()).then_some(name), address))
        .subject(subject)
        .header(AutoSubmitted);
    if let Some(link) = unsubscribe {
        message = message.header(ListUnsubscribe(link)).header(ListUnsubscribePost);
    }
    let message = message.multipart(MultiPart::alternative_plain_html(text, html)).map_err(|_| UNWRITABLE)?;
    Ok(Parcel { envelope: message.envelope().clone(), bytes: message.formatted() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::MessageParser;
    use proptest::prelude::*;

    const AT: Instant = Instant::from_millis(1_773_133_200_000);

    fn sender() -> Sender {
        Sender::parse("contact@exemple.test", "Mission Locale de l’Été").unwrap()
    }

    fn content(name: &str, subject: &str) -> Content {
        Content {
            name: name.to_owned(),
            address: "zoe@exemple.test".to_owned(),
            subject: subject.to_owned(),
            text: "Bonjour Zoé.\n.\nÀ bientôt\n".to_owned(),
            html: "<p>Bonjour Zoé.</p>".to_owned(),
            unsubscribe: None,
        }
    }

    fn header_names(bytes: &[u8]) -> Vec<String> {
        let text = std::str::from_utf8(bytes).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split(':').next().unwrap().to_ascii_lowercase()).collect()
    }

    const HEADERS: [&str; 8] =
        ["message-id", "date", "from", "to", "subject", "auto-submitted", "mime-version", "content-type"];

    #[test]
    fn a_mail_is_read_as_it_was_written() {
        let parcel =
            parcel(&sender(), content("Zoé Exemple", "Votre compte vous attend – vraiment"), "<1@a.test>", AT).unwrap();
        assert!(parcel.bytes.is_ascii(), "every server takes it");
        let read = MessageParser::default().parse(&parcel.bytes).unwrap();
        assert_eq!(read.message_id(), Some("1@a.test"));
        assert_eq!(read.subject(), Some("Votre compte vous attend – vraiment"));
        assert_eq!(read.date().unwrap().to_timestamp() * 1000, AT.millis());
        let (from, to) = (read.from().unwrap().first().unwrap(), read.to().unwrap().first().unwrap());
        assert_eq!((from.name(), from.address()), (Some("Mission Locale de l’Été"), Some("contact@exemple.test")));
        assert_eq!((to.name(), to.address()), (Some("Zoé Exemple"), Some("zoe@exemple.test")));
        assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), "Bonjour Zoé.\n.\nÀ bientôt\n");
        assert_eq!(read.body_html(0).unwrap(), "<p>Bonjour Zoé.</p>");
        assert_eq!(header_names(&parcel.bytes), HEADERS);
    }

    #[test]
    fn a_name_cannot_add_a_header() {
        let long = "Maximilienne-Éléonore ".repeat(40);
        for name in [
            "Zoé\r\nBcc: x@y.test",
            "Zoé\nBcc: x@y.test",
            "a\" <x@y.test>, \"b",
            "\r\n\r\nbonjour",
            "\0",
            long.as_str(),
        ] {
            let parcel = parcel(&sender(), content(name, &format!("Pour {name}")), "<1@a.test>", AT).unwrap();
            assert_eq!(header_names(&parcel.bytes), HEADERS, "{name:?}");
            assert_eq!(parcel.envelope.to().len(), 1);
            let read = MessageParser::default().parse(&parcel.bytes).unwrap();
            let to: Vec<_> = read.to().unwrap().iter().map(|to| to.address()).collect();
            assert_eq!(to, [Some("zoe@exemple.test")], "{name:?}");
            let longest = parcel.bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max().unwrap();
            assert!(longest < 998, "{longest}: RFC 5322 allows 998");
        }
    }

    #[test]
    fn a_mail_of_a_list_says_how_to_unsubscribe_with_one_click() {
        let link = format!("https://portail.exemple.test/newsletter/desinscription?jeton={}", "aZ09-_".repeat(11));
        let of_list = Content { unsubscribe: Some(link.clone()), ..content("Zoé", "Bienvenue") };
        let parcel = parcel(&sender(), of_list, "<1@a.test>", AT).unwrap();
        let read = MessageParser::default().parse(&parcel.bytes).unwrap();
        let raw = |name: &str| read.header_raw(name).unwrap().trim().to_owned();
        assert_eq!(raw("List-Unsubscribe"), format!("<{link}>"));
        assert_eq!(raw("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let expected = [&HEADERS[..6], &["list-unsubscribe", "list-unsubscribe-post"], &HEADERS[6..]].concat();
        assert_eq!(header_names(&parcel.bytes), expected);
        for link in ["https://a.test/>\r\nBcc: x@y.test", "https://a.test/é", "https://a.test/ b"] {
            let bad = Content { unsubscribe: Some(link.to_owned()), ..content("Zoé", "a") };
            assert!(super::parcel(&sender(), bad, "<1@a.test>", AT).is_err(), "{link}");
        }
    }

    #[test]
    fn a_mail_to_an_invalid_address_is_not_sent() {
        let mut bad = content("Zoé", "a");
        bad.address = "zoe@exemple.test>\r\nRCPT TO:<x@y.test".to_owned();
        assert!(parcel(&sender(), bad, "<1@a.test>", AT).is_err());
    }

    #[test]
    fn senders() {
        let shown = |text: &str| Sender::parse(text, "Le Site").map(|sender| sender.0.to_string());
        assert_eq!(shown("a@exemple.test").unwrap(), "Le Site <a@exemple.test>");
        assert_eq!(shown(" Accueil <a@exemple.test>").unwrap(), "Accueil <a@exemple.test>");
        assert_eq!(shown("\"L, Accueil\" <a@exemple.test>").unwrap(), "\"L, Accueil\" <a@exemple.test>");
        for bad in
            ["", "accueil", "<a@exemple.test", "a@exemple.test, b@exemple.test", "A <a@exemple.test> <b@exemple.test>"]
        {
            assert!(shown(bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_name_and_subject_gives_a_valid_mail(name in any::<String>(), subject in any::<String>()) {
            let parcel = parcel(&sender(), content(&name, &one_line(&subject, 150)), "<1@a.test>", AT).unwrap();
            prop_assert_eq!(header_names(&parcel.bytes), HEADERS);
        }
    }
}
