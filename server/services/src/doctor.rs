//! What `balise doctor` checks of databases, keys, documents and the ledger. It only reads: nothing is created,
//! migrated or repaired, and a server may run at the same time.

mod keys;
mod sample;
mod schema;

use self::{sample::Sample, schema::Schema};
use crate::{
    Key, Ledger, StartError,
    db::{DATA_MIGRATIONS, Db, KEYRING_MIGRATIONS, inspecting::InspectError},
    error::Fault,
    store::{self, inspection},
    vault::PersonKeys,
};
use domain::{
    actor::Role,
    time::{Calendar, Instant},
};
use object_store::ObjectStore;
use sqlx::migrate::Migrator;
use std::sync::Arc;

/// How many documents are opened from end to end.
const SAMPLE: usize = 20;
/// 1 January 2026: no data can be older, because the program did not exist.
const NOT_BEFORE: Instant = Instant::from_millis(1_767_225_600_000);
/// How much the clocks of two machines may differ, in minutes.
const CLOCK_TOLERANCE: i64 = 5;
/// How many rows of a table are read at once.
const BATCH: i64 = 1_000;
/// Every job runs at least once a day, so after this time it is late.
const LATE_AFTER_HOURS: i64 = 48;
/// A deposit takes less time, so an older pending one was interrupted.
const UNFINISHED_AFTER_HOURS: i64 = 2;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is wrong.
    Ok,
    /// It works, but somebody should look at it.
    Warning,
    /// It does not work, or will soon stop working.
    Problem,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub check: &'static str,
    /// How serious the finding is.
    pub level: Level,
    /// What was found, without names, addresses or tokens.
    pub text: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Finding {
    /// A finding where nothing is wrong.
    #[must_use]
    pub fn ok(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, text: text.into(), remedy: None }
    }

    /// A finding that somebody should look at.
    #[must_use]
    pub fn warning(check: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, level: Level::Warning, text: text.into(), remedy: Some(remedy.into()) }
    }

    /// A finding of something that does not work.
    #[must_use]
    pub fn problem(check: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, level: Level::Problem, text: text.into(), remedy: Some(remedy.into()) }
    }

    fn fault(check: &'static str, fault: &Fault) -> Self {
        Self::problem(check, fault.to_string(), "see the log of the database, and restore a backup if it is damaged")
    }
}

/// What is to be checked. The caller has reported what is missing; everything else is checked all the same.
pub struct Inspection<'i> {
    /// The URL of the data.
    pub data_url: &'i str,
    /// The URL of the keyring.
    pub keyring_url: &'i str,
    /// Where the documents are.
    pub objects: Option<Arc<dyn ObjectStore>>,
    /// The master key.
    pub key: Option<&'i Key>,
    /// The clock.
    pub calendar: Arc<dyn Calendar>,
}

impl Inspection<'_> {
    /// Checks everything.
    pub async fn run(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let data = database("database", self.data_url, &DATA_MIGRATIONS, &mut findings).await;
        let keyring = database("keyring", self.keyring_url, &KEYRING_MIGRATIONS, &mut findings).await;
        if let Some(data) = &data {
            findings.extend(collect("clock", self.clock(data).await));
            findings.extend(collect("administrators", administrators(data).await));
            findings.extend(collect("rows", self.rows(data).await));
            findings.extend(collect("mails", self.mails(data).await));
            findings.extend(collect("jobs", self.jobs(data).await));
        }
        if let (Some(data), Some(keyring)) = (&data, &keyring) {
            findings.extend(collect("person keys", keys::compare(data, keyring).await));
            findings.extend(self.secrets(data, keyring).await);
        }
        for db in [data, keyring].into_iter().flatten() {
            db.close().await;
        }
        findings
    }

    /// What only the master key can check: that it belongs to the keyring, the ledger, the documents.
    async fn secrets(&self, data: &Db, keyring: &Db) -> Vec<Finding> {
        let Some(key) = self.key else { return Vec::new() };
        match keys::witness(keyring, key).await {
            Ok(finding) if finding.level == Level::Ok => {
                let mut findings = vec![finding];
                let Some(objects) = self.objects.clone() else { return findings };
                let (ledger, person_keys) =
                    (Ledger::new(data.clone(), keyring.clone(), key), PersonKeys::new(keyring.clone(), key));
                match (ledger, person_keys) {
                    (Ok(ledger), Ok(person_keys)) => {
                        findings.extend(collect("ledger", look_at_ledger(&ledger).await));
                        let sample = Sample { data: data.clone(), objects, person_keys };
                        findings.extend(collect("documents", sample.look(SAMPLE).await));
                    }
                    (Err(error), _) | (_, Err(error)) => findings.push(start_error(&error)),
                }
                findings
            }
            other => collect("master key", other.map(|finding| vec![finding])),
        }
    }

    async fn clock(&self, data: &Db) -> Result<Vec<Finding>, Fault> {
        const CHECK: &str = "clock";
        let now = self.calendar.now();
        let set = "set the machine's clock, and keep it right (systemd-timesyncd, chrony)";
        if now < NOT_BEFORE {
            return Ok(vec![Finding::problem(CHECK, "it says that it is before 2026", set)]);
        }
        let latest = inspection::latest(&mut data.read().await?).await?;
        let ahead = latest.map_or(0, |latest| latest.millis_since(now) / 60_000);
        if ahead > CLOCK_TOLERANCE {
            let text = format!("the newest entry of the data is {ahead} minutes in the future");
            return Ok(vec![Finding::problem(CHECK, text, set)]);
        }
        Ok(vec![Finding::ok(CHECK, "plausible, not behind the newest entry")])
    }

    async fn rows(&self, data: &Db) -> Result<Vec<Finding>, Fault> {
        const CHECK: &str = "rows";
        let mut db = data.read().await?;
        let before = self.calendar.now().plus_hours(-UNFINISHED_AFTER_HOURS);
        let unfinished = inspection::unfinished(&mut db, before).await?;
        let miscounted = inspection::miscounted_vaults(&mut db).await?;
        let mut findings = Vec::new();
        if unfinished > 0 {
            findings.push(Finding::warning(
                CHECK,
                format!("{unfinished} deposits or deletions were never finished"),
                "the server sweeps them at its start and every hour: look for errors of the sweep in its log",
            ));
        }
        if miscounted > 0 {
            findings.push(Finding::problem(
                CHECK,
                format!("{miscounted} vaults count other documents or bytes than they hold"),
                "somebody changed the data by hand: restore a backup, or put the counts right",
            ));
        }
        if findings.is_empty() {
            findings.push(Finding::ok(CHECK, "nothing unfinished, every vault counts what it holds"));
        }
        Ok(findings)
    }

    async fn jobs(&self, data: &Db) -> Result<Vec<Finding>, Fault> {
        const CHECK: &str = "jobs";
        let (now, mut db) = (self.calendar.now(), data.read().await?);
        let late = now.plus_hours(-LATE_AFTER_HOURS);
        // A job that never began has no moment, so a new portal has no late jobs.
        let states = store::jobs::states(&mut db).await?;
        let began = states.iter().filter(|state| state.last_started_at > Instant::default());
        let late: Vec<_> = began.filter(|state| state.last_started_at < late).map(|state| state.task.code()).collect();
        let failed = inspection::failed_runs(&mut db, now.plus_hours(-24)).await?;
        let mut findings = Vec::new();
        if !late.is_empty() {
            findings.push(Finding::problem(
                CHECK,
                format!("{} did not begin for two days", late.join(", ")),
                "is the server running? its log says why; try: balise run-job NAME",
            ));
        }
        if failed > 0 {
            findings.push(Finding::warning(
                CHECK,
                format!("{failed} runs failed since yesterday"),
                "see /admin/taches and the log of the server",
            ));
        }
        if findings.is_empty() {
            findings.push(Finding::ok(CHECK, "none is late, none failed since yesterday"));
        }
        Ok(findings)
    }

    async fn mails(&self, data: &Db) -> Result<Vec<Finding>, Fault> {
        const CHECK: &str = "mails";
        let now = self.calendar.now();
        let (waiting, given_up) =
            inspection::stuck_mails(&mut data.read().await?, now.plus_hours(-1), now.plus_hours(-24)).await?;
        let mut findings = Vec::new();
        if waiting > 0 {
            findings.push(Finding::problem(
                CHECK,
                format!("{waiting} have been waiting for more than an hour"),
                "is the server running, and does the mail server take mails? try: balise test-mail ADDRESS",
            ));
        }
        if given_up > 0 {
            findings.push(Finding::warning(
                CHECK,
                format!("{given_up} were given up since yesterday"),
                "the mail server refused them: its log says why",
            ));
        }
        if findings.is_empty() {
            findings.push(Finding::ok(CHECK, "none is stuck"));
        }
        Ok(findings)
    }
}

fn start_error(error: &StartError) -> Finding {
    Finding::problem("master key", error.to_string(), "see BALISE_MASTER_KEY_FILE")
}

/// The findings, or the failure of the check itself.
fn collect(check: &'static str, found: Result<Vec<Finding>, Fault>) -> Vec<Finding> {
    found.unwrap_or_else(|fault| vec![Finding::fault(check, &fault)])
}

/// Opens one database and checks its engine and its schema. Returns the database when further checks can read it.
async fn database(check: &'static str, url: &str, migrations: &Migrator, findings: &mut Vec<Finding>) -> Option<Db> {
    let db = match Db::open_to_inspect(url).await {
        Ok(db) => db,
        Err(InspectError::Missing(path)) => {
            let text = format!("there is no {path}");
            findings.push(Finding::problem(check, text, "start the server once, or restore a backup"));
            return None;
        }
        Err(error @ InspectError::Open(_)) => {
            // An engine may answer in several lines.
            let text = error.to_string().replace('\n', " ");
            findings.push(Finding::problem(check, text, "check the address, the rights and that it runs"));
            return None;
        }
    };
    match describe(check, &db, migrations).await {
        Ok((found, usable)) => {
            findings.extend(found);
            if usable {
                return Some(db);
            }
        }
        Err(fault) => findings.push(Finding::fault(check, &fault)),
    }
    db.close().await;
    None
}

async fn describe(check: &'static str, db: &Db, migrations: &Migrator) -> Result<(Vec<Finding>, bool), Fault> {
    let (engine, trusted) = schema::engine(db).await?;
    if !trusted {
        let text = format!("{engine} can lose commits");
        return Ok((vec![Finding::problem(check, text, "use a program built with SQLite 3.51.3 or newer")], false));
    }
    let damage = schema::damage(db).await?;
    if let Some(first) = damage.first() {
        let text = format!("{engine}, damaged: {}", first.replace('\n', " "));
        return Ok((vec![Finding::problem(check, text, "stop the server and restore a backup")], false));
    }
    let (text, remedy) = match schema::state(db, migrations).await? {
        Schema::Current => return Ok((vec![Finding::ok(check, format!("{engine}, whole and up to date"))], true)),
        Schema::Pending(count) => (
            format!("{engine}, {count} migrations are pending"),
            "run: balise migrate (the server does it at its start)",
        ),
        Schema::Unfinished(number) => (
            format!("{engine}, migration {number} stopped half way"),
            "restore the backup made before the upgrade, then upgrade again",
        ),
        Schema::Newer(number) => (
            format!("{engine}, migration {number} is of a newer balise"),
            "use the newer program, or the backup made before the upgrade",
        ),
        Schema::Differs(number) => (
            format!("{engine}, migration {number} is not the one that was run"),
            "use the program that this database was made with",
        ),
    };
    Ok((vec![Finding::problem(check, text, remedy)], false))
}

/// There must be at least two administrators, because accounts of staff need two people. One of them may leave.
async fn administrators(data: &Db) -> Result<Vec<Finding>, Fault> {
    const CHECK: &str = "administrators";
    let count = inspection::active_administrators(&mut data.read().await?, Role::Administrator.code()).await?;
    Ok(vec![match count {
        0 | 1 => Finding::warning(
            CHECK,
            format!("{count} active: staff accounts take two people"),
            "give a second person the role of administrator",
        ),
        _ => Finding::ok(CHECK, format!("{count} active")),
    }])
}

async fn look_at_ledger(ledger: &Ledger) -> Result<Vec<Finding>, Fault> {
    const CHECK: &str = "ledger";
    Ok(vec![match ledger.walk().await? {
        Ok(report) if report.pruned == 0 => Finding::ok(CHECK, format!("whole, {} receipts", report.receipts)),
        Ok(report) => Finding::ok(CHECK, format!("whole, {} receipts; {} went by age", report.receipts, report.pruned)),
        Err(fault) => Finding::problem(
            CHECK,
            fault.to_string(),
            "rows were changed or lost: compare with a backup, and keep both as they are",
        ),
    }])
}
