//! What the site writes to people, to whom, and the port that puts it into words.

use crate::{
    requests::RequestKind,
    rights::{Right, RightsOutcome},
    time::{CivilDate, Instant},
    words::words,
};
use std::fmt;

/// How many days a mail is tried that the server does not take.
pub const GIVE_UP_DAYS: i64 = 5;
/// Longest address that SMTP carries (RFC 5321).
const ADDRESS_MAX: usize = 254;
/// Longest part before the `@`.
const LOCAL_MAX: usize = 64;
/// Longest part between two dots of a domain.
const LABEL_MAX: usize = 63;
/// Longest name put beside an address, in characters.
const NAME_MAX: usize = 100;

/// Somebody to whom a mail goes. The name is cleaned, so that what was typed there cannot add a header to the mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    name: String,
    address: String,
}

/// The text is no mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address")]
pub struct NotAnAddress;

impl Recipient {
    /// Somebody by name and address.
    ///
    /// # Errors
    /// When [`is_address`] says no.
    pub fn new(name: &str, address: &str) -> Result<Self, NotAnAddress> {
        let address = address.trim();
        if !is_address(address) {
            return Err(NotAnAddress);
        }
        Ok(Self { name: one_line(name, NAME_MAX), address: address.to_owned() })
    }

    /// The name, one line; empty when nobody knows it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// It shows neither name nor address, because it may be written to a log.
impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(…)")
    }
}

/// Whether `text` is an address that mail servers carry without extensions: ASCII, no quotes, no comment,
/// a domain of at least two names.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let dotted =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let label = |label: &str| {
        label.len() <= LABEL_MAX
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= ADDRESS_MAX
        && local.len() <= LOCAL_MAX
        && dotted(local)
        && local.bytes().all(atom)
        && dotted(domain)
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// `text` on one line, without controls or signs that turn the reading direction, at most `max` characters.
#[must_use]
pub fn one_line(text: &str, max: usize) -> String {
    let hidden = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = text
        .chars()
        .filter(|c| !hidden(*c))
        .map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c })
        .collect();
    let line = clean.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(max).collect::<String>().trim_end().to_owned()
}

/// Everything the site writes. Names and links in here are for the recipient alone: stored sealed, never logged.
#[derive(Clone, PartialEq, Eq)]
pub enum Message {
    /// What somebody sent through a public form has come.
    RequestReceived {
        /// Which form.
        kind: RequestKind,
        /// The first name they gave.
        first_name: String,
        /// Which event, where it is about one.
        event: Option<String>,
        /// The day it is deleted.
        kept_until: CivilDate,
    },
    /// The same, for the team: nothing of who sent it.
    RequestAwaits {
        /// Which form.
        kind: RequestKind,
        /// Where to read it.
        link: String,
    },
    /// A member of staff may open their account.
    StaffInvitation {
        /// Who is invited.
        name: String,
        /// What they sign in with.
        identifier: String,
        /// Where they choose their password.
        link: String,
        /// The same as a code to be typed.
        code: String,
        /// Until when both hold.
        valid_until: Instant,
    },
    /// An account waits for a second person's agreement.
    ConfirmationAwaited {
        /// Whose account it is.
        name: String,
        /// Where to agree.
        link: String,
    },
    /// The command line gave an administrator a way in, although there were others.
    AdministratorRescued {
        /// Whose account it is.
        name: String,
        /// Where to look, and to suspend it.
        link: String,
    },
    /// Staff answer what somebody sent through a public form.
    RequestAnswered {
        /// Who sent it.
        name: String,
        /// The answer.
        answer: String,
    },
    /// A request about one's own data has come, and until when it is answered.
    RightsReceived {
        /// Who asks.
        name: String,
        /// What is asked for.
        right: Right,
        /// Until when it is answered.
        due_on: CivilDate,
    },
    /// The same, for whoever answers: nothing of who asks.
    RightsArrived {
        /// Where to read it.
        link: String,
        /// Until when it is answered.
        due_on: CivilDate,
    },
    /// Who asks is in doubt.
    RightsIdentity {
        /// Who asks.
        name: String,
        /// Which doubt.
        doubt: String,
    },
    /// The answer takes longer.
    RightsExtended {
        /// Who asks.
        name: String,
        /// Why.
        reason: String,
        /// Until when it is answered.
        due_on: CivilDate,
    },
    /// The answer.
    RightsAnswered {
        /// Who asked.
        name: String,
        /// How it ends.
        outcome: RightsOutcome,
        /// In words.
        answer: String,
    },
    /// Somebody gave this address for the newsletter.
    NewsletterConfirmation {
        /// Who.
        name: String,
        /// Where to confirm.
        link: String,
    },
    /// The newsletter comes to this address.
    NewsletterWelcome {
        /// Who.
        name: String,
        /// Where to leave, with one click.
        unsubscribe: String,
    },
    /// A trial mail, for the person who installs the site.
    Trial,
}

impl Message {
    /// The stable word of this kind of message, which is all that the outbox shows of it.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::RequestReceived { .. } => MessageKind::RequestReceived,
            Self::RequestAwaits { .. } => MessageKind::RequestAwaits,
            Self::StaffInvitation { .. } => MessageKind::StaffInvitation,
            Self::ConfirmationAwaited { .. } => MessageKind::ConfirmationAwaited,
            Self::AdministratorRescued { .. } => MessageKind::AdministratorRescued,
            Self::RequestAnswered { .. } => MessageKind::RequestAnswered,
            Self::RightsReceived { .. } => MessageKind::RightsReceived,
            Self::RightsArrived { .. } => MessageKind::RightsArrived,
            Self::RightsIdentity { .. } => MessageKind::RightsIdentity,
            Self::RightsExtended { .. } => MessageKind::RightsExtended,
            Self::RightsAnswered { .. } => MessageKind::RightsAnswered,
            Self::NewsletterConfirmation { .. } => MessageKind::NewsletterConfirmation,
            Self::NewsletterWelcome { .. } => MessageKind::NewsletterWelcome,
            Self::Trial => MessageKind::Trial,
        }
    }

    /// Where a mail of a list is left with one click (RFC 8058).
    #[must_use]
    pub fn unsubscribe(&self) -> Option<&str> {
        match self {
            Self::NewsletterWelcome { unsubscribe, .. } => Some(unsubscribe),
            _ => None,
        }
    }
}

/// Never what it says.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.kind().code())
    }
}

words! {
    /// A kind of message.
    MessageKind {
        /// [`Message::RequestReceived`].
        RequestReceived = "request_received",
        /// [`Message::RequestAwaits`].
        RequestAwaits = "request_awaits",
        /// [`Message::StaffInvitation`].
        StaffInvitation = "staff_invitation",
        /// [`Message::ConfirmationAwaited`].
        ConfirmationAwaited = "confirmation_awaited",
        /// [`Message::AdministratorRescued`].
        AdministratorRescued = "administrator_rescued",
        /// [`Message::RequestAnswered`].
        RequestAnswered = "request_answered",
        /// [`Message::RightsReceived`].
        RightsReceived = "rights_received",
        /// [`Message::RightsArrived`].
        RightsArrived = "rights_arrived",
        /// [`Message::RightsIdentity`].
        RightsIdentity = "rights_identity",
        /// [`Message::RightsExtended`].
        RightsExtended = "rights_extended",
        /// [`Message::RightsAnswered`].
        RightsAnswered = "rights_answered",
        /// [`Message::NewsletterConfirmation`].
        NewsletterConfirmation = "newsletter_confirmation",
        /// [`Message::NewsletterWelcome`].
        NewsletterWelcome = "newsletter_welcome",
        /// [`Message::Trial`].
        Trial = "trial",
    }
}

/// A message in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Composed {
    /// One line.
    pub subject: String,
    /// The mail as plain text.
    pub text: String,
    /// The same as an HTML document.
    pub html: String,
}

/// Never what it says.
impl fmt::Debug for Composed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Composed(…)")
    }
}

/// Puts messages into words. All wording is in `app`, so this is.
pub trait Composer: Send + Sync {
    /// `message` in the words of the site.
    fn compose(&self, message: &Message) -> Composed;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_that_are_and_are_not() {
        let long = format!("{}@exemple.test", "a".repeat(65));
        for good in ["a@exemple.test", "Jean.D'Arc+site@mail.exemple.test", "x_y-z@a-b.test", "1@2.test"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@exemple.test",
            "a@",
            "a@exemple",
            "a@.test",
            "a@exemple.",
            "a@exemple..test",
            ".a@exemple.test",
            "a.@exemple.test",
            "a b@exemple.test",
            "a@exemple.test\r\nBcc: b@exemple.test",
            "a@exemple.test,b@exemple.test",
            "a@b@exemple.test",
            "<a@exemple.test>",
            "\"a\"@exemple.test",
            "a@[127.0.0.1]",
            "é@exemple.test",
            "a@-exemple.test",
            "a@exemple.test\0",
            long.as_str(),
        ] {
            assert!(!is_address(bad), "{bad:?}");
            assert_eq!(Recipient::new("A", bad).is_ok(), is_address(bad.trim()), "{bad:?}");
        }
    }

    #[test]
    fn names_stay_on_their_line() {
        let recipient = Recipient::new(" Zoé\r\nBcc:  x@y.test\u{202e}\t", " a@exemple.test ").unwrap();
        assert_eq!((recipient.name(), recipient.address()), ("Zoé Bcc: x@y.test", "a@exemple.test"));
        assert_eq!(one_line(&"é".repeat(300), NAME_MAX).chars().count(), NAME_MAX);
        assert!(!format!("{recipient:?}").contains("exemple"));
    }

    proptest! {
        #[test]
        fn one_line_is_one_line(text in any::<String>()) {
            let line = one_line(&text, 50);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert_eq!(one_line(&line, 50), line);
        }
    }
}
