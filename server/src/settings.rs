//! The settings: flags, then the environment, then the site file. A wrong one stops the start with one readable
//! message.

use clap::Args;
use domain::site::Site;
use services::{
    Key, MasterKeyError,
    mail::{Carrier, Sender, SmtpServer, SmtpSettingError},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};
use subtle::ConstantTimeEq;
use tracing::level_filters::LevelFilter;
use url::{Host, Url};

/// The settings that every command takes.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "BALISE_LISTEN", default_value = "127.0.0.1:3000", value_parser = listen, global = true)]
    pub listen: SocketAddr,

    /// Folder of the data: embedded databases, documents
    #[arg(long, env = "BALISE_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,

    /// Site file (TOML); the default site is compiled in
    #[arg(long, env = "BALISE_SITE", global = true)]
    pub site: Option<PathBuf>,

    /// Address people type, https unless it is this machine's own [default: http:// and the listening address]
    #[arg(long, env = "BALISE_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,

    /// Database of the data: sqlite:PATH or postgres://USER@HOST/NAME [default: balise.db in the data folder]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Database of the keys, kept and backed up apart [default: keyring.db in the data folder]
    #[arg(long, env = "KEYRING_URL", hide_env_values = true, global = true)]
    pub keyring_url: Option<String>,

    /// File of the master key, 64 hexadecimal digits; production keeps it outside the data folder
    /// [default: master.key in the data folder, made at the first start]
    #[arg(long, env = "BALISE_MASTER_KEY_FILE", global = true)]
    pub master_key_file: Option<PathBuf>,

    /// Folder of the encrypted documents [default: objects in the data folder]
    #[arg(long, env = "BALISE_OBJECTS", global = true)]
    pub objects: Option<String>,

    /// Mail server: smtp://USER:PASSWORD@HOST:PORT (STARTTLS, but on this machine) or smtps://…
    /// [default: mails become files under mail in the data folder]
    #[arg(long, env = "BALISE_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,

    /// Certificate (PEM) of the authority to trust for the mail server besides the public ones
    #[arg(long, env = "BALISE_SMTP_CA", global = true)]
    pub smtp_ca: Option<PathBuf>,

    /// Who mails come from: name@example.org or "Name <name@example.org>" [default: the site file's organisation.email]
    #[arg(long, env = "BALISE_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,

    /// Address of the reverse proxy whose X-Forwarded-For is believed
    #[arg(long, env = "BALISE_TRUSTED_PROXY", value_parser = proxy, global = true)]
    pub trusted_proxy: Option<IpAddr>,

    /// Show the pages for those who work on the site (/dev/composants); only where the address is this machine's own
    #[arg(long = "dev", env = "BALISE_DEV", value_parser = clap::builder::FalseyValueParser::new(), global = true)]
    pub development: bool,

    /// Opens /metrics to whoever sends it as a bearer token, at least 32 characters drawn at random; without it
    /// only this machine reads /metrics
    #[arg(long, env = "BALISE_METRICS_TOKEN", hide_env_values = true, value_parser = metrics_token, global = true)]
    pub metrics_token: Option<MetricsToken>,

    /// What is logged, on the standard error: off, error, warn, info, debug or trace
    #[arg(long, env = "BALISE_LOG", default_value = "info", value_parser = log_level, global = true)]
    pub log: LevelFilter,

    /// How it is logged: text, or json with one object a line
    #[arg(long, env = "BALISE_LOG_FORMAT", default_value = "text", value_parser = log_format, global = true)]
    pub log_format: LogFormat,
}

/// The format of the log's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object on each line, for programs that collect logs.
    Json,
}

/// The token that opens `/metrics` from other machines. Only its hash is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricsToken([u8; 32]);

impl MetricsToken {
    /// Checks a token. 32 random characters of any usual alphabet hold at least 128 bits.
    ///
    /// # Errors
    /// The message says what is allowed, and never repeats the token.
    pub fn parse(token: &str) -> Result<Self, &'static str> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        let different: BTreeSet<_> = token.chars().collect();
        // A word, or one key held down, is not random. Of 32 random hexadecimal digits, fewer than eight are different
        // only once in a hundred million times.
        if token.len() >= 32 && token.chars().all(allowed) && different.len() >= 8 {
            Ok(Self(Sha256::digest(token.as_bytes()).into()))
        } else {
            Err(
                "BALISE_METRICS_TOKEN must be 32 or more letters and digits drawn at random, such as: openssl rand -hex 32",
            )
        }
    }

    /// Whether `token` is the right one. The time of the comparison does not tell where they differ.
    #[must_use]
    pub fn is(&self, token: &str) -> bool {
        Sha256::digest(token.as_bytes()).ct_eq(&self.0).into()
    }
}

/// A setting that cannot be used, and what would be allowed.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// This is not a URL, or not one that people may be sent to.
    #[error("BALISE_PUBLIC_URL: {value}: {reason}")]
    PublicUrl {
        /// The value that was given.
        value: String,
        /// The values that are allowed.
        reason: &'static str,
    },
    /// The pages of development must not be reachable by others.
    #[error("BALISE_DEV: {0}: only where people type http://localhost or http://127.0.0.1")]
    Development(String),
    /// Documents on S3 are not supported yet.
    #[error("BALISE_OBJECTS: {0}: only a folder is supported so far; S3 comes with a later version")]
    Objects(String),
    /// The folder cannot be used.
    #[error("{setting}: {}: {source}", path.display())]
    Folder {
        /// The name of the setting.
        setting: &'static str,
        /// The folder.
        path: PathBuf,
        /// The system's message.
        source: std::io::Error,
    },
    /// The address of the mail server is wrong. It may hold a password, so the message does not repeat it.
    #[error("BALISE_SMTP_URL: {0}")]
    SmtpUrl(SmtpSettingError),
    /// The certificate of the mail server cannot be used.
    #[error("BALISE_SMTP_CA: {}: {reason}", path.display())]
    SmtpAuthority {
        /// The file of the certificate.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no address that mails can come from.
    #[error("{setting}: {value}: expected name@example.org or \"Name <name@example.org>\"")]
    MailFrom {
        /// The name of the setting.
        setting: &'static str,
        /// The value that was given.
        value: String,
    },
    /// The key was lost, or lies elsewhere.
    #[error(
        "BALISE_MASTER_KEY_FILE: {}: there is no such file, but there is a keyring that was made with it; \
         put the key back (a new one could read nothing)", .0.display()
    )]
    KeyMissing(PathBuf),
    /// With a keyring on a server, the program cannot know whether the keyring is new, so it makes no key.
    #[error(
        "BALISE_MASTER_KEY_FILE: {path}: there is no such file. With KEYRING_URL the key is not made at the start: \
         put the key of this keyring back or, for a new one alone, make it: (umask 077; openssl rand -hex 32 > {path})",
        path = .0.display()
    )]
    KeyNotMade(PathBuf),
    /// The file of the key is wrong.
    #[error("BALISE_MASTER_KEY_FILE: {0}")]
    Key(#[from] MasterKeyError),
}

/// The origin under which people reach the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// `https://host` or `http://localhost:3000`, without a slash at the end.
    pub origin: String,
    /// Whether it is https.
    pub secure: bool,
}

impl PublicUrl {
    /// Checks an address: it must be https, or http on this machine.
    ///
    /// # Errors
    /// The message says what is allowed.
    pub fn parse(value: &str) -> Result<Self, SettingError> {
        let wrong = |reason| SettingError::PublicUrl { value: value.to_owned(), reason };
        let url = Url::parse(value).map_err(|_| wrong("expected an address such as https://portail.example.org"))?;
        let loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.username().is_empty();
        match url.scheme() {
            _ if !bare => Err(wrong("only scheme, host and port are allowed")),
            "https" => Ok(Self { origin: url.origin().ascii_serialization(), secure: true }),
            "http" if loopback => Ok(Self { origin: url.origin().ascii_serialization(), secure: false }),
            _ => Err(wrong("must be https; plain http is for localhost and 127.0.0.1 alone")),
        }
    }
}

impl Settings {
    /// Whether the pages of development are on.
    ///
    /// # Errors
    /// Other people could reach them.
    pub fn development(&self, public: &PublicUrl) -> Result<bool, SettingError> {
        // Plain http is allowed on this machine only; every other address may be reached from outside.
        match self.development && public.secure {
            true => Err(SettingError::Development(public.origin.clone())),
            false => Ok(self.development),
        }
    }

    /// The public address. `bound` is the address that the listener got.
    ///
    /// # Errors
    /// The message says what is allowed.
    pub fn public_url(&self, bound: SocketAddr) -> Result<PublicUrl, SettingError> {
        match &self.public_url {
            Some(value) => PublicUrl::parse(value),
            None => PublicUrl::parse(&format!("http://{bound}")),
        }
    }

    /// The data folder. It is created when it is missing.
    ///
    /// # Errors
    /// The folder cannot be created.
    pub fn data_folder(&self) -> Result<&Path, SettingError> {
        make_folder("BALISE_DATA", &self.data)?;
        Ok(&self.data)
    }

    /// The URL of the data.
    #[must_use]
    pub fn data_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| sqlite_url(&self.data.join("balise.db")))
    }

    /// The URL of the keyring.
    #[must_use]
    pub fn keyring_url(&self) -> String {
        self.keyring_url.clone().unwrap_or_else(|| sqlite_url(&self.data.join("keyring.db")))
    }

    /// Whether the database is embedded. Then only one `serve` may run at a time.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.data_url().starts_with("sqlite:")
    }

    /// The folder of the encrypted documents. It is created when it is missing.
    ///
    /// # Errors
    /// The folder cannot be created, or the name is not that of a folder.
    pub fn objects_folder(&self) -> Result<PathBuf, SettingError> {
        let folder = self.objects_path()?;
        make_folder("BALISE_OBJECTS", &folder)?;
        Ok(folder)
    }

    /// How mails are sent: by the mail server, or as files in the data folder.
    ///
    /// # Errors
    /// The message says what is allowed.
    pub fn mail_carrier(&self) -> Result<Carrier, SettingError> {
        let Some(url) = &self.smtp_url else {
            return Ok(Carrier::Folder(self.data.join("mail")));
        };
        let server = SmtpServer::parse(url).map_err(SettingError::SmtpUrl)?;
        let Some(path) = &self.smtp_ca else {
            return Ok(Carrier::Smtp(server));
        };
        let wrong = |reason| SettingError::SmtpAuthority { path: path.clone(), reason };
        let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        server.trusting(&pem).map(Carrier::Smtp).map_err(|error| wrong(error.to_string()))
    }

    /// The sender of mails.
    ///
    /// # Errors
    /// The message says what is allowed.
    pub fn mail_sender(&self, site: &Site) -> Result<Sender, SettingError> {
        let (setting, value) = match &self.mail_from {
            Some(value) => ("BALISE_MAIL_FROM", value),
            None => ("BALISE_SITE: organisation.email", &site.email),
        };
        Sender::parse(value, &site.name).ok_or_else(|| SettingError::MailFrom { setting, value: value.clone() })
    }

    /// The path of the folder of the encrypted documents, which may not exist yet.
    ///
    /// # Errors
    /// The setting does not name a folder.
    pub fn objects_path(&self) -> Result<PathBuf, SettingError> {
        match &self.objects {
            Some(value) if value.contains("://") => Err(SettingError::Objects(value.clone())),
            Some(value) => Ok(PathBuf::from(value)),
            None => Ok(self.data.join("objects")),
        }
    }

    /// The path of the master key, which may not exist yet.
    #[must_use]
    pub fn master_key_path(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data.join("master.key"))
    }

    /// The master key. The first start makes the default one, with a warning. A file that the settings name must exist.
    ///
    /// # Errors
    /// The file is wrong.
    pub fn master_key(&self) -> Result<Key, SettingError> {
        let (path, may_create) = (self.master_key_path(), self.master_key_file.is_none());
        if path.exists() || !may_create {
            return Ok(Key::load(&path)?);
        }
        if self.keyring_url.is_some() {
            return Err(SettingError::KeyNotMade(path));
        }
        if self.data.join("keyring.db").exists() {
            return Err(SettingError::KeyMissing(path));
        }
        tracing::warn!(
            "made a master key in the data folder; in production keep it elsewhere (BALISE_MASTER_KEY_FILE) and back it up"
        );
        Ok(Key::create(&path)?)
    }
}

fn listen(value: &str) -> Result<SocketAddr, String> {
    let expected = "expected an address and a port, such as 127.0.0.1:3000 or [::]:3000";
    value.parse().map_err(|_| format!("BALISE_LISTEN: {value}: {expected}"))
}

fn proxy(value: &str) -> Result<IpAddr, String> {
    value.parse().map_err(|_| format!("BALISE_TRUSTED_PROXY: {value}: expected an address, such as 10.0.0.1"))
}

fn metrics_token(value: &str) -> Result<MetricsToken, &'static str> {
    MetricsToken::parse(value)
}

fn log_level(value: &str) -> Result<LevelFilter, String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let level = levels.contains(&value).then(|| value.parse().ok()).flatten();
    level.ok_or_else(|| format!("BALISE_LOG: {value}: expected one of {}", levels.join(", ")))
}

fn log_format(value: &str) -> Result<LogFormat, String> {
    match value {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("BALISE_LOG_FORMAT: {value}: expected text or json")),
    }
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn make_folder(setting: &'static str, path: &Path) -> Result<(), SettingError> {
    let made = std::fs::create_dir_all(path).and_then(|()| restrict(path));
    made.map_err(|source| SettingError::Folder { setting, path: path.to_owned(), source })
}

/// Closes a folder to other accounts of the machine.
#[cfg(unix)]
fn restrict(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for good in [
            "https://portail.example.org",
            "https://portail.example.org:8443/",
            "http://127.0.0.1:3000",
            "http://localhost",
            "http://[::1]:3000",
        ] {
            assert!(PublicUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://portail.example.org",
            "http://192.168.1.2",
            "portail.example.org",
            "ftp://localhost",
            "https://a/b",
            "https://a?b",
            "https://u@a",
            "",
            "http://localhost.evil.test",
        ] {
            let message = PublicUrl::parse(bad).err().unwrap().to_string();
            assert!(message.starts_with("BALISE_PUBLIC_URL: "), "{message}");
        }
    }

    #[test]
    fn a_master_key_is_made_once_and_never_for_a_keyring_that_may_be_in_use() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            settings: Settings,
        }
        let folder = tempfile::tempdir().unwrap();
        let settings = |keyring: &[&str]| {
            let data = ["balise", "--data", folder.path().to_str().unwrap()];
            <Line as clap::Parser>::parse_from(data.iter().chain(keyring)).settings
        };
        let refused = |keyring: &[&str]| settings(keyring).master_key().err().unwrap().to_string();

        assert!(refused(&["--keyring-url", "postgres://h/keyring"]).contains("With KEYRING_URL the key is not made"));
        settings(&[]).master_key().unwrap();
        let path = settings(&[]).master_key_path();
        settings(&["--keyring-url", "postgres://h/keyring"]).master_key().unwrap();
        std::fs::rename(&path, folder.path().join("keyring.db")).unwrap();
        assert!(refused(&[]).contains("put the key back"));
    }

    #[test]
    fn a_metrics_token_is_long_and_drawn_at_random() {
        let good = ["0123456789abcdef0123456789abcdef", "q83vEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vng="];
        for good in good {
            let token = MetricsToken::parse(good).unwrap();
            assert!(token.is(good) && !token.is(&good[1..]) && !token.is(""), "{good}");
            assert!(!format!("{token:?}").contains(&good[..8]), "the token itself is not kept");
        }
        for bad in
            ["", "changeme", "0123456789abcdef0123456789abcde", &"a".repeat(64), "0123456789abcdef 0123456789abcdef"]
        {
            let message = MetricsToken::parse(bad).unwrap_err();
            assert!(
                message.starts_with("BALISE_METRICS_TOKEN") && (bad.is_empty() || !message.contains(bad)),
                "{message}"
            );
        }
    }

    #[test]
    fn the_log_has_six_levels_and_two_formats() {
        assert_eq!(log_level("warn"), Ok(LevelFilter::WARN));
        for bad in ["", "infoo", "INFO", "3", "info,hyper=trace", "server=debug"] {
            let message = log_level(bad).unwrap_err();
            assert!(message.starts_with(&format!("BALISE_LOG: {bad}: expected one of off, error")), "{message}");
        }
        assert_eq!(log_format("json"), Ok(LogFormat::Json));
        assert!(log_format("yaml").unwrap_err().contains("BALISE_LOG_FORMAT: yaml: expected text or json"));
    }
}
