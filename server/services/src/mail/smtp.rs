//! The mail server: its address, and one connection to it. Commands are sent one by one, so that we know whether a mail
//! or the server is at fault.

use super::mime::Parcel;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, Certificate, TlsParameters},
    commands::{Data, Mail, Quit, Rcpt, Rset},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use std::{borrow::Cow, future::Future, time::Duration};
use url::{Host, Url};

/// Longest wait for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Longest wait until the server says that it took a mail: servers look for viruses before they say so.
const TAKEN_WITHIN: Duration = Duration::from_secs(120);
/// How a certificate begins in a PEM file.
const PEM_START: &[u8] = b"-----BEGIN CERTIFICATE-----";
/// 421 means that the server closes the connection, after any command.
const CLOSING: &str = "421";

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// Not protected: only for a server on this machine.
    None,
    /// STARTTLS; without it nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A mail server and how to connect to it.
pub struct SmtpServer {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    authority: Option<Certificate>,
    answer_within: Duration,
    taken_within: Duration,
}

/// Why the setting cannot be used. The message never contains its value, because it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpSettingError {
    /// It has another form.
    #[error("expected smtp://USER:PASSWORD@HOST:PORT or smtps://…; user, password and port may be left out")]
    Shape,
    /// It has neither of the two schemes.
    #[error("must start with smtp:// (STARTTLS is then required, but on this machine) or smtps://")]
    Scheme,
    /// It has only half of a sign-in.
    #[error("names a user without a password, or a password without a user")]
    HalfSignIn,
    /// The text is no certificate.
    #[error("is no certificate in PEM form")]
    Certificate,
}

impl SmtpServer {
    /// Reads `smtp://` or `smtps://` with host, port, user and password.
    ///
    /// # Errors
    /// What a setting may look like.
    pub fn parse(text: &str) -> Result<Self, SmtpSettingError> {
        let url = Url::parse(text.trim()).map_err(|_| SmtpSettingError::Shape)?;
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let name = url.host_str().filter(|_| bare).ok_or(SmtpSettingError::Shape)?;
        // For schemes that the URL standard does not know, addresses stay plain text.
        let host = Host::parse(name).map_err(|_| SmtpSettingError::Shape)?;
        let here = match &host {
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
            Host::Domain(name) => name == "localhost",
        };
        let (security, port) = match (url.scheme(), here) {
            ("smtps", _) => (Security::Tls, 465),
            ("smtp", true) => (Security::None, 25),
            ("smtp", false) => (Security::StartTls, 587),
            _ => return Err(SmtpSettingError::Scheme),
        };
        let decoded = |text: &str| {
            percent_decode_str(text).decode_utf8().map(Cow::into_owned).map_err(|_| SmtpSettingError::Shape)
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() && !password.is_empty() => {
                Some(Credentials::new(decoded(user)?, decoded(password)?))
            }
            _ => return Err(SmtpSettingError::HalfSignIn),
        };
        let host = match host {
            Host::Ipv6(address) => address.to_string(),
            other => other.to_string(),
        };
        Ok(Self {
            host,
            port: url.port().unwrap_or(port),
            security,
            credentials,
            authority: None,
            answer_within: ANSWER_WITHIN,
            taken_within: TAKEN_WITHIN,
        })
    }

    /// The same server, but this PEM text is a trusted authority too: for a server with a certificate of the
    /// organisation.
    ///
    /// # Errors
    /// When it is no certificate.
    pub fn trusting(mut self, pem: &[u8]) -> Result<Self, SmtpSettingError> {
        // A text without any certificate would be taken for an empty list of authorities.
        let holds_one = pem.windows(PEM_START.len()).any(|part| part == PEM_START);
        let authority = Certificate::from_pem(pem).ok().filter(|_| holds_one).ok_or(SmtpSettingError::Certificate)?;
        self.authority = Some(authority);
        self.tls().map_err(|_| SmtpSettingError::Certificate)?;
        Ok(self)
    }

    /// The same server, with STARTTLS required although the server is on this machine.
    #[must_use]
    pub const fn with_starttls(mut self) -> Self {
        self.security = Security::StartTls;
        self
    }

    /// The same server with other waits, for tests of servers that never answer.
    #[must_use]
    pub const fn waiting(mut self, answer: Duration, taken: Duration) -> Self {
        self.answer_within = answer;
        self.taken_within = taken;
        self
    }

    /// The host and the port, for people.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The longest that one mail may take, a new connection included.
    pub(super) fn longest_mail(&self) -> Duration {
        self.answer_within * 4 + self.taken_within
    }

    fn tls(&self) -> Result<TlsParameters, Error> {
        let builder = TlsParameters::builder(self.host.clone());
        match &self.authority {
            Some(authority) => builder.add_root_certificate(authority.clone()),
            None => builder,
        }
        .build()
    }

    /// Checks that the server answers to `hello`, with the TLS and the sign-in of the setting. No mail is sent.
    ///
    /// # Errors
    /// A word, or the three digits of the server's answer.
    pub async fn answers(&self, hello: &str) -> Result<(), String> {
        match self.connect(hello).await {
            Ok(connection) => {
                connection.quit().await;
                Ok(())
            }
            Err(
                Failure::Server(reason) | Failure::Unsure(reason) | Failure::Later(reason) | Failure::Never(reason),
            ) => Err(reason.into_owned()),
        }
    }

    /// Opens a connection and signs in. A failure here concerns every mail.
    pub(super) async fn connect(&self, hello: &str) -> Result<Connection, Failure> {
        let hello = client_id(hello);
        let implicit = match self.security {
            Security::Tls => Some(self.tls().map_err(|_| Failure::server("tls"))?),
            Security::None | Security::StartTls => None,
        };
        let address = (self.host.clone(), self.port);
        let opening = AsyncSmtpConnection::connect_tokio1(address, Some(self.answer_within), &hello, implicit, None);
        let mut inner = within(self.answer_within, "connection", opening).await.map_err(Failure::Server)?;
        if self.security == Security::StartTls {
            if !inner.can_starttls() {
                return Err(Failure::server("starttls"));
            }
            let tls = self.tls().map_err(|_| Failure::server("tls"))?;
            within(self.answer_within, "tls", inner.starttls(tls, &hello)).await.map_err(Failure::Server)?;
        }
        if let Some(credentials) = &self.credentials {
            let signing_in = inner.auth(&[Mechanism::Plain, Mechanism::Login], credentials);
            within(self.answer_within, "sign_in", signing_in).await.map_err(Failure::Server)?;
        }
        Ok(Connection { inner, answer_within: self.answer_within, taken_within: self.taken_within, good: true })
    }
}

/// Why a mail was not sent: a word, or the three digits of the server's answer.
pub(super) type Reason = Cow<'static, str>;

/// Why a mail was not sent, and whether the mail or the server is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The server accepts no mail at all now; the mail is not at fault.
    Server(Reason),
    /// The server stopped answering after it received the mail, so it may have taken it.
    Unsure(Reason),
    /// The server does not accept this mail now.
    Later(Reason),
    /// The server will never accept this mail.
    Never(Reason),
}

impl Failure {
    const fn server(reason: &'static str) -> Self {
        Self::Server(Cow::Borrowed(reason))
    }
}

/// One connection to the server.
pub(super) struct Connection {
    inner: AsyncSmtpConnection,
    answer_within: Duration,
    taken_within: Duration,
    good: bool,
}

impl Connection {
    /// Whether the connection can send another mail.
    pub(super) fn is_good(&self) -> bool {
        self.good && !self.inner.has_broken()
    }

    /// Sends one mail.
    pub(super) async fn send(&mut self, parcel: &Parcel) -> Result<(), Failure> {
        let sent = self.transaction(parcel).await;
        match &sent {
            Ok(()) => {}
            Err(Failure::Later(_) | Failure::Never(_)) => {
                // The next mail needs a fresh state, on this or another connection.
                self.good = within(self.answer_within, "connection", self.inner.command(Rset)).await.is_ok();
            }
            Err(Failure::Server(_) | Failure::Unsure(_)) => self.good = false,
        }
        sent
    }

    async fn transaction(&mut self, parcel: &Parcel) -> Result<(), Failure> {
        let from = parcel.envelope.from().cloned();
        // A refusal here means that the sender is wrong or the server is full. Every mail would be refused.
        let opened = within(self.answer_within, "connection", self.inner.command(Mail::new(from, Vec::new()))).await;
        opened.map_err(Failure::Server)?;
        for to in parcel.envelope.to() {
            let named = self.inner.command(Rcpt::new(to.clone(), Vec::new()));
            within(self.answer_within, "connection", named).await.map_err(about_this_mail)?;
        }
        within(self.answer_within, "connection", self.inner.command(Data)).await.map_err(about_this_mail)?;
        let taken = within(self.taken_within, "no_answer", self.inner.message(&parcel.bytes)).await;
        taken.map(drop).map_err(|reason| match about_this_mail(reason) {
            Failure::Server(reason) if reason != CLOSING => Failure::Unsure(reason),
            other => other,
        })
    }

    /// Closes the connection politely.
    pub(super) async fn quit(mut self) {
        // The answer does not matter, because the server answered for every mail.
        let _ = tokio::time::timeout(self.answer_within, self.inner.command(Quit)).await;
    }
}

/// The server's answer to one mail.
fn about_this_mail(reason: Reason) -> Failure {
    match reason.as_bytes() {
        // Digits come from the server. Words are ours, for a connection that failed.
        _ if reason == CLOSING => Failure::Server(reason),
        [b'4', ..] => Failure::Later(reason),
        [b'5', ..] => Failure::Never(reason),
        _ => Failure::Server(reason),
    }
}

/// The result of `answer` within `limit`; otherwise the server's digits, or `word`.
async fn within<T>(
    limit: Duration,
    word: &'static str,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Reason> {
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(match error.status() {
            Some(code) => Cow::Owned(code.to_string()),
            None if error.is_tls() => Cow::Borrowed("tls"),
            None => Cow::Borrowed(word),
        }),
        Err(_) => Err(Cow::Borrowed("timeout")),
    }
}

/// The name with which we greet the server.
fn client_id(host: &str) -> ClientId {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => ClientId::Ipv4(address),
        Ok(Host::Ipv6(address)) => ClientId::Ipv6(address),
        _ => ClientId::Domain(host.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_gives_the_server_and_its_protection() {
        use Security::{None, StartTls, Tls};
        for (text, place, security, signs_in) in [
            ("smtp://mail.exemple.test", "mail.exemple.test:587", StartTls, false),
            ("smtp://mail.exemple.test:25/", "mail.exemple.test:25", StartTls, false),
            ("smtps://u:p@mail.exemple.test", "mail.exemple.test:465", Tls, true),
            ("smtps://u%40exemple.test:p%3A%2F%25@mail.exemple.test:4465", "mail.exemple.test:4465", Tls, true),
            ("smtp://localhost", "localhost:25", None, false),
            ("smtp://127.0.0.1:1025", "127.0.0.1:1025", None, false),
            ("smtp://u:p@[::1]:1025", "::1:1025", None, true),
            ("smtps://localhost", "localhost:465", Tls, false),
            ("smtp://10.0.0.1", "10.0.0.1:587", StartTls, false),
            ("smtp://localhost.exemple.test", "localhost.exemple.test:587", StartTls, false),
        ] {
            let server = SmtpServer::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((server.place().as_str(), server.security), (place, security), "{text}");
            assert_eq!(server.credentials.is_some(), signs_in, "{text}");
        }
        let server = SmtpServer::parse("smtps://u%40e.test:p%3A%2F%25@mail.exemple.test").unwrap();
        assert!(server.credentials == Some(Credentials::new("u@e.test".to_owned(), "p:/%".to_owned())));
    }

    #[test]
    fn a_wrong_setting_never_repeats_the_password() {
        for (text, error) in [
            ("", SmtpSettingError::Shape),
            ("mail.exemple.test", SmtpSettingError::Shape),
            ("smtp:u:secret@mail.exemple.test", SmtpSettingError::Shape),
            ("http://u:secret@mail.exemple.test", SmtpSettingError::Scheme),
            ("smtp://u:secret@mail.exemple.test/path", SmtpSettingError::Shape),
            ("smtp://u:secret@mail.exemple.test?a=b", SmtpSettingError::Shape),
            ("smtp://u:secret@mail.exemple.test:port", SmtpSettingError::Shape),
            ("smtp://u@mail.exemple.test", SmtpSettingError::HalfSignIn),
            ("smtp://:secret@mail.exemple.test", SmtpSettingError::HalfSignIn),
            ("smtp://u:se%ffcret@mail.exemple.test", SmtpSettingError::Shape),
        ] {
            let found = SmtpServer::parse(text).err();
            assert_eq!(found, Some(error), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
        let server = SmtpServer::parse("smtps://mail.exemple.test").unwrap();
        assert_eq!(server.trusting(b"no certificate").err(), Some(SmtpSettingError::Certificate));
        let server = SmtpServer::parse("smtps://mail.exemple.test").unwrap();
        let empty = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(server.trusting(empty).err(), Some(SmtpSettingError::Certificate));
    }
}
