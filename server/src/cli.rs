//! The command line.

mod account;

use crate::{
    assets, doctor,
    router::{self, Parts},
    serve::{STOP_WITHIN, serve, sweep_stored},
    settings::{PublicUrl, SettingError, Settings},
    site_file,
};
use anyhow::{Context, bail};
use app::mails::Letters;
use clap::{Parser, Subcommand};
use domain::{
    mail::{Message, Recipient},
    site::{Module, Site},
    tasks::Task,
};
use object_store::local::LocalFileSystem;
use services::{
    DemoError, DemoLogin, DemoProgress, JobError, Ledger, Services, Setup, Stop, SystemClock,
    mail::{Carrier, MailMeans, Sender},
};
use std::{
    fs::File,
    io::{IsTerminal, Write},
    path::Path,
    sync::Arc,
};
use tokio::net::TcpListener;

/// Balise: the portal of a youth-support organisation.
#[derive(Debug, Parser)]
#[command(name = "balise", version)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the databases up to date, then serve
    Serve,
    /// Bring the databases up to date
    Migrate,
    /// Fill an empty database with a fictitious organisation and print the logins
    Demo {
        /// How many young people; the vaults of the first 200 are filled
        #[arg(long, default_value_t = 200)]
        youths: usize,
        /// The same seed gives the same people
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Print the logins as JSON and nothing else
        #[arg(long)]
        json: bool,
        /// Do nothing, successfully, when the database is not empty
        #[arg(long)]
        if_empty: bool,
    },
    /// Make the first administrators; prints a code that opens the account once
    Account(account::Administrator),
    /// Check the ledger of cookie choices, receipt by receipt
    VerifyLedger,
    /// Look at settings, folders, databases, keys, documents and clock; change nothing, beside a running server too
    Doctor {
        /// Print the report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Run a periodic job now and print what it did; an unknown name lists the jobs
    RunJob {
        /// Which job
        name: String,
        /// The date or time, in Europe/Paris, that the job takes for now: 2026-03-29 or 2026-03-29T14:30
        #[arg(long)]
        at: Option<String>,
        /// Say what would go, change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Write a mail to an address and send what waits, to see whether mails arrive
    TestMail {
        /// Who gets it
        address: String,
    },
    /// Print every route as JSON, for the tests that look at each page
    #[command(hide = true)]
    Routes,
}

impl Cli {
    /// What every command takes.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Long work that is meant to run beside a server, which goes first.
    #[must_use]
    pub fn works_beside(&self) -> bool {
        matches!(self.command, Command::RunJob { .. } | Command::VerifyLedger)
    }
}

/// Runs the command that the arguments name.
///
/// # Errors
/// The message is one readable line.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let settings = cli.settings;
    match cli.command {
        Command::Serve => run_server(&settings).await,
        Command::Migrate => {
            settings.data_folder()?;
            settings.objects_folder()?;
            services::migrate(&settings.data_url(), &settings.keyring_url(), &settings.master_key()?).await?;
            print("The databases are up to date.")
        }
        Command::Demo { youths, seed, json, if_empty } => demo(&settings, youths, seed, json, if_empty).await,
        Command::Account(wanted) => account::run(&settings, wanted).await,
        Command::VerifyLedger => verify_ledger(&settings).await,
        Command::TestMail { address } => test_mail(&settings, &address).await,
        Command::RunJob { name, at, dry_run } => run_job(&settings, &name, at.as_deref(), dry_run).await,
        Command::Doctor { json } => doctor(&settings, json).await,
        Command::Routes => routes(),
    }
}

/// What a command checks before it opens the portal: a typo should not migrate a database.
struct Checked {
    site: Arc<Site>,
    carrier: Carrier,
    sender: Sender,
}

impl Checked {
    fn from(settings: &Settings) -> anyhow::Result<Self> {
        let site = Arc::new(site_file::load(settings.site.as_deref())?);
        let (carrier, sender) = (settings.mail_carrier()?, settings.mail_sender(&site)?);
        Ok(Self { site, carrier, sender })
    }
}

/// Opens the portal, which people find at `public`.
async fn open(settings: &Settings, checked: Checked, public: &PublicUrl) -> anyhow::Result<Services> {
    let Checked { site, carrier, sender } = checked;
    settings.data_folder()?;
    let folder = settings.objects_folder()?;
    let key = settings.master_key()?;
    let objects = LocalFileSystem::new_with_prefix(&folder)
        .with_context(|| format!("BALISE_OBJECTS: {}", folder.display()))?
        .with_fsync(true)
        .with_automatic_cleanup(true);
    let calendar = Arc::new(SystemClock::paris());
    let composer = Arc::new(Letters::new(site.clone(), calendar.clone()));
    let setup = Setup {
        objects: Arc::new(objects),
        calendar,
        keeping: site.keeping.clone(),
        mail: MailMeans { origin: public.origin.clone(), sender, composer, carrier },
    };
    Ok(Services::open(&settings.data_url(), &settings.keyring_url(), &key, setup).await?)
}

async fn run_server(settings: &Settings) -> anyhow::Result<()> {
    let checked = Checked::from(settings)?;
    if let Some(url) = &settings.public_url {
        settings.development(&PublicUrl::parse(url)?)?;
    }
    if assets::base().is_none() {
        bail!("this program was built without its style and scripts; build it with: make build");
    }
    tell_carrier(&checked.carrier);
    let data = settings.data_folder()?;
    let _lock = if settings.is_embedded() { Some(lock(data)?) } else { None };
    // The port is opened first, because mails name it and it may be any free one. Connections wait until the databases
    // are up to date.
    let listener =
        TcpListener::bind(settings.listen).await.with_context(|| format!("BALISE_LISTEN: {}", settings.listen))?;
    let public = settings.public_url(listener.local_addr()?)?;
    let site = checked.site.clone();
    let services = open(settings, checked, &public).await?;
    if settings.is_embedded() {
        // No other instance runs on an embedded database, so every unfinished deposit was interrupted. On PostgreSQL,
        // leases and the age of a deposit show this.
        let swept = services.sweep_interrupted().await.map_err(anyhow::Error::msg)?;
        tracing::info!(unfinished = swept.unfinished, deleted = swept.deleted, "swept");
        services.outbox().free().await.map_err(anyhow::Error::msg)?;
        services.free_jobs().await.map_err(anyhow::Error::msg)?;
    }
    print(&format!("Balise écoute sur {}", public.origin))?;
    app::policy::keep(&site, &services).await?;
    let events = site.modules.has(Module::Events);
    let indexed = services
        .index_site(app::find::entries(&site, app::routes::ROUTES), events)
        .await
        .map_err(anyhow::Error::msg)?;
    tracing::info!(entries = indexed, "what changed on the site can be found");
    let parts = Parts {
        services: services.clone(),
        site,
        development: settings.development(&public)?,
        public,
        trusted_proxy: settings.trusted_proxy,
        metrics_token: settings.metrics_token,
    };
    let sweeper = settings.is_embedded().then(|| tokio::spawn(sweep_stored(services.clone())));
    let (stopper, stop) = Stop::new();
    let (mails, jobs, counts) = (services.outbox().clone(), services.clone(), services.clone());
    let workers = [
        tokio::spawn({
            let stop = stop.clone();
            async move { mails.deliver_until(stop).await }
        }),
        tokio::spawn({
            let stop = stop.clone();
            async move { jobs.run_jobs_until(stop).await }
        }),
        tokio::spawn(async move { counts.count_until(stop).await }),
    ];
    let served = serve(listener, router::router(parts), stop_signal()).await;
    stopper.ask();
    if let Some(sweeper) = sweeper {
        sweeper.abort();
    }
    if tokio::time::timeout(STOP_WITHIN, futures::future::join_all(workers)).await.is_err() {
        tracing::warn!("a mail, a count or a job was not over in time; it will be taken up again");
    }
    services.close().await;
    served
}

/// The portal for a command, which has no listener. The mails that it writes go through the same outbox.
async fn open_beside(settings: &Settings) -> anyhow::Result<Services> {
    let checked = Checked::from(settings)?;
    let public = settings.public_url(settings.listen)?;
    open(settings, checked, &public).await
}

async fn test_mail(settings: &Settings, address: &str) -> anyhow::Result<()> {
    let recipient = Recipient::new("", address).with_context(|| format!("{address}: expected name@example.org"))?;
    let services = open_beside(settings).await?;
    let sent = async {
        services.outbox().write_to(&recipient, &Message::Trial).await?;
        services.outbox().deliver().await.map_err(anyhow::Error::msg)
    };
    let sent = sent.await;
    services.close().await;
    let report = sent?;
    if report.paused {
        bail!("the mail server takes no mail now: it waits in the outbox, and leaves when the server answers");
    }
    print(&format!("{} sent, {} put off, {} given up.", report.sent, report.put_off, report.failed))
}

async fn run_job(settings: &Settings, name: &str, at: Option<&str>, dry_run: bool) -> anyhow::Result<()> {
    if Task::from_code(name).is_none() {
        // Before anything is opened.
        return Err(JobError::Unknown { name: name.to_owned() }.into());
    }
    let services = open_beside(settings).await?;
    let ran = services.run_job(name, at, dry_run).await;
    services.close().await;
    let report = ran?;
    let mut text =
        format!("{}{}\n", report.task.code(), if report.dry { ", dry run: nothing was changed" } else { "" });
    for (what, count) in &report.counts {
        text.push_str(&format!("{count:>8}  {what}\n"));
    }
    print(&text)
}

/// Prints where mails go.
fn tell_carrier(carrier: &Carrier) {
    match carrier {
        Carrier::Smtp(server) => tracing::info!(server = server.place(), "mails go through the mail server"),
        Carrier::Folder(folder) => tracing::warn!(
            folder = %folder.display(),
            "no mail server is set (BALISE_SMTP_URL): mails are written to files and reach nobody"
        ),
    }
}

/// Allows one `serve` at a time on an embedded database: no other process may act as if it were alone.
fn lock(data: &Path) -> anyhow::Result<File> {
    let path = data.join("serve.lock");
    let source = |source| SettingError::Folder { setting: "BALISE_DATA", path: path.clone(), source };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(source)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => bail!(
            "BALISE_DATA: {}: another balise serves this folder; stop it first, or use PostgreSQL for several instances",
            data.display()
        ),
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

async fn demo(settings: &Settings, youths: usize, seed: u64, json: bool, if_empty: bool) -> anyhow::Result<()> {
    let services = open_beside(settings).await?;
    let live = !json && std::io::stderr().is_terminal();
    let made = services
        .demo(seed, youths, |progress| {
            if live {
                show(progress);
            }
        })
        .await;
    services.close().await;
    if live {
        eprintln!();
    }
    match made {
        Ok(logins) if json => print(&serde_json::to_string_pretty(&logins)?),
        Ok(logins) => print(&table(&logins)),
        Err(DemoError::NotEmpty) if if_empty => {
            eprintln!("The database is not empty: nothing was changed.");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

fn show(progress: DemoProgress) {
    match progress {
        DemoProgress::People(count) => eprint!("\r{count} young people …"),
        DemoProgress::Documents(done, count) => eprint!("\r{done} of {count} documents encrypted and stored …"),
    }
}

fn table(logins: &[DemoLogin]) -> String {
    let mut text = String::from(
        "A fictitious organisation. These passwords are shown once and stored nowhere.\n\
         Staff need a code as well: put the key into an authenticator; without a key, the portal shows one at the first sign-in.\n\n",
    );
    let width = logins.iter().map(|login| login.identifier.chars().count()).max().unwrap_or(0);
    for login in logins {
        let key = login.totp_secret.as_deref().unwrap_or("");
        text.push_str(&format!("{:<12} {:<width$}  {}  {key}\n", login.role, login.identifier, login.password));
    }
    text
}

async fn verify_ledger(settings: &Settings) -> anyhow::Result<()> {
    settings.data_folder()?;
    let ledger = Ledger::open(&settings.data_url(), &settings.keyring_url(), &settings.master_key()?).await?;
    let verified = ledger.verify().await;
    ledger.close().await;
    match verified.map_err(anyhow::Error::msg)? {
        Ok(report) => {
            let (receipts, pruned) = (report.receipts, report.pruned);
            print(&format!("The ledger is whole: {receipts} receipts verified, {pruned} pruned by age before them."))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn doctor(settings: &Settings, json: bool) -> anyhow::Result<()> {
    let report = doctor::examine(settings, Arc::new(SystemClock::paris())).await;
    print(&if json { report.to_json()? } else { report.to_text() })?;
    match report.problems() {
        0 => Ok(()),
        1 => bail!("1 problem was found"),
        count => bail!("{count} problems were found"),
    }
}

fn routes() -> anyhow::Result<()> {
    let routes: Vec<_> = app::routes::ROUTES
        .iter()
        .map(|route| {
            serde_json::json!({
                "path": route.path,
                "audience": format!("{:?}", route.audience),
                "page": route.is_page(),
                "island": route.island,
                "posts": route.posts,
                "call": route.call,
                "development": route.development,
            })
        })
        .collect();
    print(&serde_json::to_string_pretty(&routes)?)
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()).context("cannot write to the standard output")
}
