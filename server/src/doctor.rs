//! `balise doctor` prints one line for each thing that it checks, and what to do when something is wrong. It changes
//! nothing, and it may run beside a server.

mod place;

use crate::{
    assets,
    settings::{PublicUrl, Settings},
    site_file,
};
use domain::time::Calendar;
use object_store::{ObjectStore, local::LocalFileSystem};
use services::{Finding, Inspection, Key, Level, mail::Carrier};
use std::sync::Arc;
use url::Url;

/// All findings, in the order of the checks.
pub struct Report(Vec<Finding>);

/// Checks everything that `settings` name, as of the time of `calendar`.
pub async fn examine(settings: &Settings, calendar: Arc<dyn Calendar>) -> Report {
    let mut findings = vec![program(), site(settings), public_url(settings)];
    findings.extend(proxy(settings));
    findings.extend(place::folders(settings));
    let (key, finding) = place::master_key(settings);
    findings.push(finding);
    findings.push(mail_server(settings).await);
    let objects = objects(settings);
    let inspection = Inspection {
        data_url: &settings.data_url(),
        keyring_url: &settings.keyring_url(),
        objects,
        key: key.as_ref(),
        calendar,
    };
    findings.extend(inspection.run().await);
    Report(findings)
}

fn objects(settings: &Settings) -> Option<Arc<dyn ObjectStore>> {
    let folder = settings.objects_path().ok().filter(|folder| folder.is_dir())?;
    let store = LocalFileSystem::new_with_prefix(folder).ok()?;
    Some(Arc::new(store))
}

/// Greets the mail server, without sending a mail.
async fn mail_server(settings: &Settings) -> Finding {
    const CHECK: &str = "mail server";
    let server = match settings.mail_carrier() {
        Ok(Carrier::Smtp(server)) => server,
        Ok(Carrier::Folder(_)) => {
            let text = "not set: mails are written to files and reach nobody";
            return Finding::warning(CHECK, text, "set BALISE_SMTP_URL");
        }
        Err(error) => return Finding::problem(CHECK, error.to_string(), "correct that setting"),
    };
    let public = settings.public_url.as_deref().and_then(|url| Url::parse(url).ok());
    let hello = public.as_ref().and_then(Url::host_str).unwrap_or("localhost");
    match server.answers(hello).await {
        Ok(()) => Finding::ok(CHECK, format!("{} answers", server.place())),
        Err(reason) => Finding::problem(
            CHECK,
            format!("{} takes no mail ({reason})", server.place()),
            "check BALISE_SMTP_URL, and that this machine reaches it",
        ),
    }
}

fn program() -> Finding {
    let version = env!("CARGO_PKG_VERSION");
    match assets::base() {
        Some(_) => Finding::ok("program", format!("balise {version}, style and scripts inside")),
        None => Finding::problem(
            "program",
            format!("balise {version} was built without its style and scripts"),
            "build it with: make build",
        ),
    }
}

fn site(settings: &Settings) -> Finding {
    match site_file::load(settings.site.as_deref()) {
        Ok(site) => Finding::ok("site file", format!("right: {}", site.name)),
        Err(error) => Finding::problem("site file", error.to_string(), "correct that line"),
    }
}

fn public_url(settings: &Settings) -> Finding {
    const CHECK: &str = "public address";
    let remedy = "set BALISE_PUBLIC_URL to the https address that people type";
    match settings.public_url.as_deref().map(PublicUrl::parse) {
        Some(Ok(public)) if public.secure => Finding::ok(CHECK, public.origin),
        Some(Ok(public)) => Finding::warning(CHECK, format!("{} is for this machine alone", public.origin), remedy),
        Some(Err(error)) => Finding::problem(CHECK, error.to_string(), remedy),
        None => Finding::warning(CHECK, "not set: the portal is for this machine alone", remedy),
    }
}

/// A portal with an https address stands behind a proxy. If the settings do not name the proxy, all visitors count as
/// one.
fn proxy(settings: &Settings) -> Vec<Finding> {
    const CHECK: &str = "proxy";
    let behind_one = settings.public_url.as_deref().is_some_and(|url| url.starts_with("https:"));
    let mut findings = Vec::new();
    match settings.trusted_proxy {
        Some(proxy) if proxy.is_unspecified() || proxy.is_multicast() => findings.push(Finding::problem(
            CHECK,
            format!("BALISE_TRUSTED_PROXY: {proxy} is nobody's address"),
            "name the one address that the proxy connects from, such as 127.0.0.1",
        )),
        Some(proxy) => findings.push(Finding::ok(CHECK, format!("{proxy} says who visitors are"))),
        None if behind_one => findings.push(Finding::warning(
            CHECK,
            "not named: all visitors behind it count as one, and one who guesses passwords locks out the others",
            "set BALISE_TRUSTED_PROXY to the address that the proxy connects from",
        )),
        None => findings.push(Finding::ok(CHECK, "none")),
    }
    if !settings.listen.ip().is_loopback() && settings.trusted_proxy.is_none() {
        findings.push(Finding::warning(
            CHECK,
            format!("BALISE_LISTEN: {} is reached in plain http from elsewhere", settings.listen),
            "listen on 127.0.0.1 behind a proxy that does TLS, or name the proxy",
        ));
    }
    findings
}

impl Report {
    /// The number of problems; a warning is not a problem.
    #[must_use]
    pub fn problems(&self) -> usize {
        self.count(Level::Problem)
    }

    fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|finding| finding.level == level).count()
    }

    /// The findings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// The report as text, one line for each finding.
    #[must_use]
    pub fn to_text(&self) -> String {
        let width = self.0.iter().map(|finding| finding.check.len()).max().unwrap_or(0);
        let mut text = String::new();
        for finding in &self.0 {
            let remedy = finding.remedy.as_ref().map(|remedy| format!(" → {remedy}")).unwrap_or_default();
            let level = word(finding.level);
            text.push_str(&format!("{level:<8} {:<width$}  {}{remedy}\n", finding.check, finding.text));
        }
        text
    }

    /// The report as JSON.
    ///
    /// # Errors
    /// Serializing these values does not fail.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let checks: Vec<_> = self
            .0
            .iter()
            .map(|finding| {
                serde_json::json!({
                    "check": finding.check,
                    "level": word(finding.level),
                    "message": finding.text,
                    "remedy": finding.remedy,
                })
            })
            .collect();
        let (problems, warnings) = (self.problems(), self.count(Level::Warning));
        serde_json::to_string_pretty(
            &serde_json::json!({ "problems": problems, "warnings": warnings, "checks": checks }),
        )
    }
}

const fn word(level: Level) -> &'static str {
    match level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Problem => "problem",
    }
}
