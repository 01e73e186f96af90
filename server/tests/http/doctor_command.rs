//! Runs `balise doctor` as a program, on folders of its own.

use crate::support::files_under;
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};
use tempfile::TempDir;

/// The program with a folder of its own, and without the settings of the person who runs the tests.
pub(crate) struct Place {
    folder: TempDir,
    program: PathBuf,
    env: Vec<(&'static str, String)>,
}

/// The outcome of a run.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The level and message of a check.
    #[track_caller]
    fn check(&self, name: &str) -> (String, String) {
        let report: Value = serde_json::from_str(&self.stdout).expect(&self.stderr);
        let checks = report["checks"].as_array().unwrap();
        let worst = checks
            .iter()
            .filter(|check| check["check"] == name)
            .max_by_key(|check| ["ok", "warning", "problem"].iter().position(|level| check["level"] == *level));
        let check = worst.unwrap_or_else(|| panic!("no {name} in {report:#}"));
        (check["level"].as_str().unwrap().to_owned(), check["message"].as_str().unwrap().to_owned())
    }

    #[track_caller]
    fn expect(&self, name: &str, level: &str, message: &str) {
        let (found, text) = self.check(name);
        assert!(found == level && text.contains(message), "{name}: {found}: {text}");
        assert_eq!(self.code, Some(i32::from(self.stdout.contains("\"problem\""))), "{}", self.stderr);
    }
}

impl Place {
    /// A place without any data.
    pub(crate) fn empty() -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_balise"));
        Self { folder: tempfile::tempdir().unwrap(), program, env: Vec::new() }
    }

    /// A place with a few fictitious people and their documents.
    fn lived_in() -> Self {
        static TEMPLATE: OnceLock<Place> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let place = Self::empty();
            let made = place.run(&["demo", "--youths", "5", "--json"], &[]);
            assert_eq!(made.code, Some(0), "{}", made.stderr);
            place
        });
        let place = Self::empty();
        for from in files_under(&template.data()) {
            let to = place.data().join(from.strip_prefix(template.data()).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(&from, &to).unwrap();
        }
        mode(&place.data(), 0o700);
        mode(&place.data().join("objects"), 0o700);
        place
    }

    /// The folder that holds the data folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder in which the program keeps its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The program with these arguments and settings.
    pub(crate) fn command(&self, arguments: &[&str], env: &[(&str, &str)]) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars() {
            if name.starts_with("BALISE_") || name == "DATABASE_URL" || name == "KEYRING_URL" {
                command.env_remove(name);
            }
        }
        command.args(arguments).env("BALISE_DATA", self.data()).env("BALISE_LISTEN", "127.0.0.1:0");
        command.envs(self.env.iter().map(|(name, value)| (name, value))).envs(env.iter().copied());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str], env: &[(&str, &str)]) -> Outcome {
        outcome(&mut self.command(arguments, env))
    }

    fn doctor(&self, env: &[(&str, &str)]) -> Outcome {
        self.run(&["doctor", "--json"], env)
    }
}

fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A running server, killed when the test ends.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_doctor_runs_beside_a_serving_portal() {
    let place = Place::lived_in();
    let mut child = place.command(&["serve"], &[]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut running = Running(child);
    assert!(line.contains("http://127.0.0.1"), "{line}");
    let found = place.doctor(&[]);
    assert_eq!(found.code, Some(0), "{}\n{}", found.stdout, found.stderr);
    found.expect("documents", "ok", "opened from end to end");
    found.expect("ledger", "ok", "whole");
    found.expect("administrators", "ok", "active");
    found.expect("master key file", "warning", "lies in the data folder");
    found.expect("public address", "warning", "not set");
    assert!(running.0.try_wait().unwrap().is_none(), "the server goes on");

    let text = place.run(&["doctor"], &[]);
    let lines: Vec<_> = text.stdout.lines().collect();
    assert!(lines.iter().all(|line| ["ok ", "warning ", "problem "].iter().any(|level| line.starts_with(level))));
    assert!(lines.iter().any(|line| line.starts_with("warning  master key file") && line.contains(" → in production")));
}

#[test]
fn the_doctor_creates_nothing_in_an_empty_place() {
    let place = Place::empty();
    let found = place.doctor(&[]);
    found.expect("data folder", "problem", "is not there");
    found.expect("database", "problem", "there is no");
    found.expect("keyring", "problem", "there is no");
    found.expect("master key file", "problem", "cannot read the master key file");
    assert!(found.stderr.contains("problems were found") && found.stderr.lines().count() == 1, "{}", found.stderr);
    assert!(!place.data().exists());
    fs::create_dir(place.data()).unwrap();
    place.doctor(&[]).expect("database", "problem", "there is no");
    assert_eq!(fs::read_dir(place.data()).unwrap().count(), 0);
}

#[test]
fn wrong_settings_are_among_the_findings() {
    let place = Place::lived_in();
    let site = place.folder.path().join("site.toml");
    fs::write(&site, "[organisation]\nnam = \"x\"\n").unwrap();
    let site = site.to_str().unwrap();
    let https = ("BALISE_PUBLIC_URL", "https://portail.exemple.test");
    for (env, check, level, message) in [
        (&[("BALISE_SITE", site)][..], "site file", "problem", "line 2: unknown field `nam`"),
        (&[("BALISE_PUBLIC_URL", "http://portail.exemple.test")], "public address", "problem", "must be https"),
        (&[("BALISE_PUBLIC_URL", "http://localhost:3000")], "public address", "warning", "for this machine alone"),
        (&[https], "public address", "ok", "https://portail.exemple.test"),
        (&[https], "proxy", "warning", "all visitors behind it count as one"),
        (&[https, ("BALISE_TRUSTED_PROXY", "127.0.0.1")], "proxy", "ok", "127.0.0.1"),
        (&[https, ("BALISE_TRUSTED_PROXY", "0.0.0.0")], "proxy", "problem", "nobody's address"),
        (&[("BALISE_LISTEN", "0.0.0.0:3000")], "proxy", "warning", "plain http"),
        (&[("BALISE_OBJECTS", "s3://seau")], "documents folder", "problem", "only a folder is supported"),
        (&[("BALISE_OBJECTS", "/nulle/part")], "documents folder", "problem", "/nulle/part is not there"),
        (&[("DATABASE_URL", "mysql://u:secret@h/n")], "database", "problem", "expected sqlite:PATH"),
        (&[("DATABASE_URL", "postgres://u:secret@127.0.0.1:1/n")], "database", "problem", "cannot open the database"),
    ] {
        let found = place.doctor(env);
        found.expect(check, level, message);
        assert!(!found.stdout.contains("secret") && !found.stderr.contains("secret"), "{}", found.stdout);
    }
}

#[test]
fn a_wrong_or_badly_kept_master_key_is_found() {
    let mut place = Place::lived_in();
    let inside = place.data().join("master.key");
    mode(&inside, 0o640);
    place.doctor(&[]).expect("master key file", "problem", "has mode 0640");
    mode(&inside, 0o600);

    let elsewhere = place.folder.path().join("elsewhere.key");
    fs::rename(&inside, &elsewhere).unwrap();
    place.doctor(&[]).expect("master key file", "problem", "cannot read the master key file");
    place.env.push(("BALISE_MASTER_KEY_FILE", elsewhere.display().to_string()));
    let found = place.doctor(&[]);
    found.expect("master key file", "ok", "elsewhere.key");
    found.expect("master key", "ok", "the one that the keyring was made with");

    fs::write(&elsewhere, format!("{}\n", "0123456789abcdef".repeat(4))).unwrap();
    let found = place.doctor(&[]);
    found.expect("master key file", "ok", "elsewhere.key");
    found.expect("master key", "problem", "not the key that the keyring was made with");
    fs::write(&elsewhere, "changeme\n").unwrap();
    place.doctor(&[]).expect("master key file", "problem", "64 hexadecimal characters");
}

#[test]
fn a_damaged_database_is_found() {
    let place = Place::lived_in();
    let path = place.data().join("balise.db");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let (level, message) = place.doctor(&[]).check("database");
    assert!(level == "problem" && (message.contains("damaged") || message.contains("database: code")), "{message}");
    fs::write(&path, b"no database at all").unwrap();
    assert_eq!(place.doctor(&[]).check("database").0, "problem");
}

#[test]
fn folders_of_another_account_are_found() {
    let mut place = Place::lived_in();
    mode(&place.data(), 0o755);
    place.doctor(&[]).expect("data folder", "warning", "has mode 755: other accounts may look into it");
    mode(&place.data(), 0o500);
    if rustix::process::geteuid().is_root() {
        // Root may write anywhere, so another account runs the doctor, with a copy of the program that it can reach.
        let program = place.folder.path().join("balise");
        fs::copy(&place.program, &program).unwrap();
        mode(&program, 0o755);
        mode(place.folder.path(), 0o755);
        mode(&place.data(), 0o755);
        place.program = program;
        let found = outcome(place.command(&["doctor", "--json"], &[]).uid(65_534).gid(65_534));
        found.expect("data folder", "problem", "cannot be written to by this account");
        found.expect("documents folder", "problem", "BALISE_OBJECTS");
        found.expect("master key file", "problem", "cannot read the master key file");
    } else {
        place.doctor(&[]).expect("data folder", "problem", "cannot be written to by this account");
    }
    mode(&place.data(), 0o700);
}

#[test]
fn the_doctor_greets_the_mail_server_and_sends_no_mail() {
    let place = Place::lived_in();
    place.doctor(&[]).expect("mail server", "warning", "not set");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
        connection.write_all(b"220 exemple.test\r\n").unwrap();
        let hello = lines.next().unwrap().unwrap();
        connection.write_all(b"250 exemple.test\r\n").unwrap();
        let next = lines.next().unwrap().unwrap();
        connection.write_all(b"221 bye\r\n").unwrap();
        (hello, next)
    });
    let https = ("BALISE_PUBLIC_URL", "https://portail.exemple.test");
    place.doctor(&[("BALISE_SMTP_URL", &url), https]).expect("mail server", "ok", "answers");
    assert_eq!(heard.join().unwrap(), ("EHLO portail.exemple.test".to_owned(), "QUIT".to_owned()));
    // The port is closed now.
    place.doctor(&[("BALISE_SMTP_URL", &url)]).expect("mail server", "problem", "takes no mail (connection)");
    let secret = place.doctor(&[("BALISE_SMTP_URL", "smtp://u:secret@h/x")]);
    secret.expect("mail server", "problem", "BALISE_SMTP_URL");
    assert!(!secret.stdout.contains("secret"), "{}", secret.stdout);
}
