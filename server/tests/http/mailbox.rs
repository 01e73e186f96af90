//! Reads the mails that the portal sends.

use mail_parser::MessageParser;
use std::{fs, path::Path};

/// A mail as a mail program shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mail {
    /// The Message-ID, without its angle brackets.
    pub(crate) message_id: String,
    /// The address of the recipient.
    pub(crate) to: String,
    /// The name of the recipient.
    pub(crate) to_name: String,
    /// The address of the sender.
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The headers `List-Unsubscribe` and `List-Unsubscribe-Post`, when the mail has them.
    pub(crate) unsubscribe: Option<(String, String)>,
}

impl Mail {
    /// Reads the bytes of a mail.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mail = MessageParser::default().parse(bytes).expect("a mail");
        let one = |address: Option<&mail_parser::Address<'_>>| {
            let mut all = address.expect("an address").iter();
            let first = all.next().unwrap();
            assert!(all.next().is_none(), "one address alone");
            (first.address().unwrap().to_owned(), first.name().unwrap_or_default().to_owned())
        };
        let header = |name: &str| mail.header_raw(name).map(|value| value.trim().to_owned());
        let (to, to_name) = one(mail.to());
        Self {
            message_id: mail.message_id().unwrap().to_owned(),
            to,
            to_name,
            from: one(mail.from()).0,
            subject: mail.subject().unwrap().to_owned(),
            text: mail.body_text(0).unwrap().replace("\r\n", "\n"),
            html: mail.body_html(0).unwrap().into_owned(),
            unsubscribe: header("List-Unsubscribe").zip(header("List-Unsubscribe-Post")),
        }
    }
}

/// The mails of a folder, the oldest first: the names of the files begin with the time.
pub(crate) fn read_folder(folder: &Path) -> Vec<Mail> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.iter().all(|path| path.extension().is_some_and(|kind| kind == "eml")), "{paths:?}");
    paths.iter().map(|path| Mail::parse(&fs::read(path).unwrap())).collect()
}
