//! The command line.

mod account;

use crate::{
    assets,
    router::{self, Parts},
    serve::{STOP_WITHIN, serve, sweep_forever},
    settings::{PublicUrl, SettingError, Settings},
    site_file,
};
use anyhow::{Context, bail};
use app::mails::Letters;
use clap::{Parser, Subcommand};
use domain::site::Site;
use object_store::local::LocalFileSystem;
use services::{
    DemoError, DemoLogin, DemoProgress, Services, Stop, SystemClock,
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
    /// Print every route as JSON, for the tests that look at each page
    #[command(hide = true)]
    Routes,
}

/// Runs the command that the arguments name.
///
/// # Errors
/// One readable message.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let settings = cli.settings;
    match cli.command {
        Command::Serve => run_server(&settings).await,
        Command::Migrate => {
            open(&settings).await?.close().await;
            print("The databases are up to date.")
        }
        Command::Demo { youths, seed, json, if_empty } => demo(&settings, youths, seed, json, if_empty).await,
        Command::Account(wanted) => account::run(&settings, wanted).await,
        Command::VerifyLedger => verify_ledger(&settings).await,
        Command::Routes => routes(),
    }
}

async fn open(settings: &Settings) -> anyhow::Result<Arc<Services>> {
    settings.data_folder()?;
    let folder = settings.objects_folder()?;
    let key = settings.master_key()?;
    let objects = LocalFileSystem::new_with_prefix(&folder)
        .with_context(|| format!("BALISE_OBJECTS: {}", folder.display()))?
        .with_fsync(true)
        .with_automatic_cleanup(true);
    let calendar = Arc::new(SystemClock::paris());
    Ok(Services::open(&settings.data_url(), &settings.keyring_url(), Arc::new(objects), calendar, &key).await?)
}

async fn run_server(settings: &Settings) -> anyhow::Result<()> {
    let site = site_file::load(settings.site.as_deref())?;
    if let Some(url) = &settings.public_url {
        // Before anything is opened: a typo should not migrate a database.
        settings.development(&PublicUrl::parse(url)?)?;
    }
    if assets::base().is_none() {
        bail!("this program was built without its style and scripts; build it with: make build");
    }
    let (carrier, sender) = (settings.mail_carrier()?, settings.mail_sender(&site)?);
    let data = settings.data_folder()?;
    let _lock = if settings.is_embedded() { Some(lock(data)?) } else { None };
    let services = open(settings).await?;
    let swept = services.sweep_interrupted(settings.is_embedded()).await.map_err(anyhow::Error::msg)?;
    tracing::info!(unfinished = swept.unfinished, deleted = swept.deleted, "swept");

    let listener =
        TcpListener::bind(settings.listen).await.with_context(|| format!("BALISE_LISTEN: {}", settings.listen))?;
    let public = settings.public_url(listener.local_addr()?)?;
    print(&format!("Balise écoute sur {}", public.origin))?;
    let site = Arc::new(site);
    use_mail(&services, &site, &public, carrier, sender);
    if settings.is_embedded() {
        services.free_outbox().await.map_err(anyhow::Error::msg)?;
    }
    let parts = Parts {
        services: services.clone(),
        site,
        development: settings.development(&public)?,
        public,
        trusted_proxy: settings.trusted_proxy,
    };
    let sweeper = tokio::spawn(sweep_forever(services.clone(), settings.is_embedded()));
    let (stopper, stop) = Stop::new();
    let worker = tokio::spawn({
        let services = services.clone();
        async move { services.deliver_until(stop).await }
    });
    let served = serve(listener, router::router(parts), stop_signal()).await;
    stopper.ask();
    sweeper.abort();
    if tokio::time::timeout(STOP_WITHIN, worker).await.is_err() {
        tracing::warn!("a mail did not leave in time; it will be sent again");
    }
    services.close().await;
    served
}

/// Hands over what mails take, and says where they go.
fn use_mail(services: &Services, site: &Arc<Site>, public: &PublicUrl, carrier: Carrier, sender: Sender) {
    match &carrier {
        Carrier::Smtp(server) => tracing::info!(server = server.place(), "mails go through the mail server"),
        Carrier::Folder(folder) => tracing::warn!(
            folder = %folder.display(),
            "no mail server is set (BALISE_SMTP_URL): mails are written to files and reach nobody"
        ),
    }
    let composer = Arc::new(Letters::new(site.clone(), services.calendar()));
    services.use_mail(MailMeans { origin: public.origin.clone(), sender, composer, carrier });
}

/// One `serve` at a time on an embedded database: nothing else may think it is alone.
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
    let services = open(settings).await?;
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
    let services = open(settings).await?;
    let verified = services.verify_ledger().await;
    services.close().await;
    match verified.map_err(anyhow::Error::msg)? {
        Ok(receipts) => print(&format!("The ledger is whole: {receipts} receipts.")),
        Err(fault) => Err(fault.into()),
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
