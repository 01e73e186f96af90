//! Mails through a real mail server, and through its failures.

use crate::{
    mailbox::Mail,
    mails::{confirmation, invitation, mails_in, recipient},
    support::{TestApp, on_both_engines},
};
use domain::mail::{Message, Recipient};
use serde::Deserialize;
use serde_json::{Value, json};
use services::{
    Services,
    mail::{Carrier, DeliveryReport, SmtpServer},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

on_both_engines!(
    a_mail_server_that_is_down_for_a_day_and_crashes_in_between,
    a_mail_that_is_put_off_is_sent_again,
    an_unknown_recipient_delays_no_other_mail,
    a_mail_that_is_always_put_off_is_given_up_after_five_days,
    a_server_that_refuses_everything_uses_up_no_attempts,
    a_server_that_hangs_delays_nothing_else,
    a_thousand_mails,
);

const MINUTE: i64 = 60_000;

/// A mail server for one test.
struct MailServer {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    port: u16,
}

/// A mail that the server accepted.
#[derive(Deserialize)]
struct Taken {
    from: String,
    to: Vec<String>,
    raw: String,
    secure: bool,
    user: Option<String>,
}

impl Taken {
    fn read(&self) -> Mail {
        Mail::parse(self.raw.as_bytes())
    }
}

impl MailServer {
    /// Starts a server that listens.
    fn start() -> Self {
        Self::start_with(&json!({}))
    }

    fn start_with(options: &Value) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/lib/smtp.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node: run the tests with `make test`, or `make setup-test` first");
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut server = Self { child, input, output: BufReader::new(output).lines(), port: 0 };
        server.listen();
        server
    }

    fn ask(&mut self, command: &str, value: Value) -> Value {
        writeln!(self.input, "{}", json!({ "command": command, "value": value })).unwrap();
        let answer = self.output.next().expect("end2end/node_modules: run `make setup-test`").unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    fn listen(&mut self) {
        self.port = u16::try_from(self.ask("listen", Value::Null).as_u64().unwrap()).unwrap();
    }

    fn close(&mut self) {
        self.ask("close", Value::Null);
    }

    fn mode(&mut self, mode: &str) {
        self.ask("mode", if mode.is_empty() { Value::Null } else { mode.into() });
    }

    fn taken(&mut self) -> Vec<Taken> {
        serde_json::from_value(self.ask("mails", Value::Null)).unwrap()
    }

    fn connections(&mut self) -> u64 {
        self.ask("connections", Value::Null).as_u64().unwrap()
    }

    fn setting(&self) -> SmtpServer {
        SmtpServer::parse(&format!("smtp://127.0.0.1:{}", self.port)).unwrap()
    }

    async fn instance(&self, app: &TestApp) -> Services {
        app.instance_mailing(Carrier::Smtp(self.setting())).await
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn to(address: &str) -> Recipient {
    Recipient::new("Zoé", address).unwrap()
}

fn report(sent: u64, put_off: u64, failed: u64, paused: bool) -> DeliveryReport {
    DeliveryReport { sent, put_off, failed, paused }
}

async fn a_mail_server_that_is_down_for_a_day_and_crashes_in_between(app: &TestApp) {
    const MAILS: usize = 48;
    let mut server = MailServer::start();
    server.close();
    let (mut one, mut two) = (server.instance(app).await, server.instance(app).await);
    for quarter in 0..96 {
        // A mail is written every half hour, by each of the two instances in turn.
        if quarter % 2 == 0 {
            let from = if quarter % 4 == 0 { &one } else { &two };
            from.outbox().write_to(&recipient(), &confirmation(quarter / 2)).await.unwrap();
        }
        match quarter {
            // The server accepts mails for a moment, and the line is cut before it can say so.
            30 => {
                server.listen();
                server.mode("cut");
                app.clock.advance_millis(15 * MINUTE);
                assert!(one.outbox().deliver().await.unwrap().paused);
                assert!(!server.taken().is_empty(), "it took some");
                server.close();
            }
            // An instance crashes while it waits for the server's answer.
            60 => {
                server.listen();
                server.mode("silent");
                app.clock.advance_millis(15 * MINUTE);
                let before = server.taken().len();
                let crashing = tokio::spawn({
                    let one = one.clone();
                    async move { one.outbox().deliver().await }
                });
                while server.taken().len() < before + 4 {
                    tokio::task::yield_now().await;
                }
                crashing.abort();
                assert!(crashing.await.unwrap_err().is_cancelled());
                one.close().await;
                server.close();
                one = server.instance(app).await;
            }
            _ => {}
        }
        app.clock.advance_millis(15 * MINUTE);
        let (first, second) = tokio::join!(one.outbox().deliver(), two.outbox().deliver());
        assert_eq!((first.unwrap().sent, second.unwrap().sent), (0, 0), "the server is down");
        if quarter == 80 {
            two.close().await;
            two = server.instance(app).await;
        }
    }
    assert_eq!(mails_in(app, "waiting").await, MAILS as i64);
    let untried = app.number("SELECT COUNT(*) FROM mail WHERE attempts = 0".into()).await;
    assert!(untried >= MAILS as i64 - 8, "a server that is down costs no mail an attempt: {untried}");

    server.listen();
    server.mode("");
    for _ in 0..15 {
        app.clock.advance_millis(MINUTE);
        let (first, second) = tokio::join!(one.outbox().deliver(), two.outbox().deliver());
        assert_eq!((first.unwrap().failed, second.unwrap().failed), (0, 0));
    }
    assert_eq!((mails_in(app, "waiting").await, mails_in(app, "sent").await), (0, MAILS as i64));
    // The text of a mail says which one it is; the test collects the Message-IDs under which each arrived.
    let mut arrived: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for mail in server.taken().iter().map(Taken::read) {
        let number = mail.text.split("numero=").nth(1).unwrap().lines().next().unwrap().to_owned();
        arrived.entry(number).or_default().insert(mail.message_id);
    }
    assert_eq!(arrived.len(), MAILS, "every mail arrived");
    assert!(arrived.values().all(|ids| ids.len() == 1), "none under two Message-IDs: {arrived:?}");
    let ids: BTreeSet<_> = arrived.values().flatten().collect();
    assert_eq!(ids.len(), MAILS, "each has its own");
    assert_eq!(app.number("SELECT COUNT(*) FROM mail_pause".into()).await, 0);
    one.close().await;
    two.close().await;
}

async fn a_mail_that_is_put_off_is_sent_again(app: &TestApp) {
    let mut server = MailServer::start();
    server.mode("greylist");
    let instance = server.instance(app).await;
    instance.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 1, 0, false));
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 0, 0, false), "not before a minute");
    app.clock.advance_millis(MINUTE);
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(1, 0, 0, false));
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].from.as_str(), taken[0].to.as_slice()),
        ("contact@exemple.test", &[recipient().address().to_owned()][..])
    );
    let mail = taken[0].read();
    assert_eq!(
        (mail.to_name.as_str(), mail.subject.as_str()),
        ("Zoé Canari", "Votre compte Mission Locale de Paris vous attend")
    );
    assert!(mail.text.contains("PINS-ON42") && mail.html.contains("PINS-ON42"));
    instance.close().await;
}

async fn an_unknown_recipient_delays_no_other_mail(app: &TestApp) {
    let mut server = MailServer::start();
    let instance = server.instance(app).await;
    for number in 0..10 {
        let address = if number % 3 == 0 { "inconnu@exemple.test" } else { "zoe@exemple.test" };
        instance.outbox().write_to(&to(address), &confirmation(number)).await.unwrap();
    }
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(6, 0, 4, false));
    assert_eq!(server.taken().len(), 6);
    let kept =
        "SELECT COUNT(*) FROM mail WHERE state = 'failed' AND reason = '550' AND sealed IS NULL AND attempts = 1";
    assert_eq!(app.number(kept.into()).await, 4);

    server.mode("content");
    instance.outbox().write_to(&recipient(), &confirmation(10)).await.unwrap();
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 0, 1, false));
    assert_eq!(app.number("SELECT COUNT(*) FROM mail WHERE reason = '554'".into()).await, 1);
    instance.close().await;
}

async fn a_mail_that_is_always_put_off_is_given_up_after_five_days(app: &TestApp) {
    let mut server = MailServer::start();
    let instance = server.instance(app).await;
    instance.outbox().write_to(&to("plus-tard@exemple.test"), &confirmation(1)).await.unwrap();
    let (mut now, mut attempts) = (0, 0);
    while now < 5 * 24 * 60 {
        assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 1, 0, false), "after {now} minutes");
        attempts += 1;
        let wait = app.number("SELECT next_attempt_at - created_at FROM mail".into()).await / MINUTE - now;
        assert!((1..=10).contains(&wait), "{wait} minutes after {now}");
        // The first waits are short, and then each lasts half a day.
        let step = if attempts < 6 { wait } else { 720 };
        app.clock.advance_millis(step * MINUTE);
        now += step;
    }
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 0, 1, false));
    assert_eq!(app.number("SELECT COUNT(*) FROM mail WHERE state = 'failed' AND reason = '450'".into()).await, 1);

    // A server that is silent for as long: mails that are old enough are given up as well.
    server.close();
    instance.outbox().write_to(&recipient(), &confirmation(2)).await.unwrap();
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 0, 0, true));
    app.clock.advance_millis(5 * 24 * 60 * MINUTE + 1);
    instance.outbox().write_to(&recipient(), &confirmation(3)).await.unwrap();
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 0, 1, true));
    assert_eq!((mails_in(app, "failed").await, mails_in(app, "waiting").await), (2, 1));
    instance.close().await;
}

async fn a_server_that_refuses_everything_uses_up_no_attempts(app: &TestApp) {
    let mut server = MailServer::start();
    let instance = server.instance(app).await;
    for number in 0..5 {
        instance.outbox().write_to(&recipient(), &confirmation(number)).await.unwrap();
    }
    // The waits between two tries of the server: half a minute, then twice as long each time, ten minutes at most.
    for (mode, minutes) in
        [("full", 1), ("closing", 1), ("sender", 2), ("full", 4), ("full", 8), ("full", 10), ("full", 10)]
    {
        server.mode(mode);
        assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 0, 0, true), "{mode}");
        app.clock.advance_millis(minutes * MINUTE - 1);
        if minutes > 1 {
            let before = server.connections();
            assert!(instance.outbox().deliver().await.unwrap().paused);
            assert_eq!(server.connections(), before, "nobody is asked before the time");
        }
        app.clock.advance_millis(1);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM mail WHERE attempts = 0 AND lease IS NULL".into()).await, 5);
    assert!(server.taken().is_empty());
    server.mode("");
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(5, 0, 0, false));
    assert_eq!(app.number("SELECT COUNT(*) FROM mail WHERE attempts = 1".into()).await, 5);

    // An instance that starts tries at once, because its setting may be another one.
    server.mode("full");
    instance.outbox().write_to(&recipient(), &confirmation(5)).await.unwrap();
    assert!(instance.outbox().deliver().await.unwrap().paused);
    server.mode("");
    instance.outbox().free().await.unwrap();
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(1, 0, 0, false));
    instance.close().await;
}

async fn a_server_that_hangs_delays_nothing_else(app: &TestApp) {
    let mut server = MailServer::start();
    let (long, short) = (Duration::from_secs(60), Duration::from_secs(1));
    let waiting = |answer, taken| app.instance_mailing(Carrier::Smtp(server.setting().waiting(answer, taken)));
    let (impatient, patient) = (waiting(short, long).await, waiting(long, short).await);
    impatient.outbox().write_to(&recipient(), &confirmation(1)).await.unwrap();
    server.mode("mute");
    assert_eq!(impatient.outbox().deliver().await.unwrap(), report(0, 0, 0, true), "it greets nobody");
    assert_eq!(app.number("SELECT attempts FROM mail".into()).await, 0);
    impatient.close().await;

    app.clock.advance_millis(MINUTE);
    server.mode("silent");
    assert_eq!(patient.outbox().deliver().await.unwrap(), report(0, 1, 0, true), "it took the mail, and says nothing");
    assert_eq!(server.taken().len(), 1);
    patient.close().await;

    app.clock.advance_millis(10 * MINUTE);
    server.mode("");
    let patient = server.instance(app).await;
    assert_eq!(patient.outbox().deliver().await.unwrap(), report(1, 0, 0, false));
    let ids: BTreeSet<_> = server.taken().iter().map(|taken| taken.read().message_id).collect();
    assert_eq!((server.taken().len(), ids.len()), (2, 1), "twice, under one Message-ID");
    patient.close().await;
}

async fn a_thousand_mails(app: &TestApp) {
    let mut server = MailServer::start();
    let instance = server.instance(app).await;
    for number in 0..1_000 {
        instance.outbox().write_to(&to(&format!("p{number}@exemple.test")), &Message::Trial).await.unwrap();
    }
    let sent = instance.outbox().deliver().await.unwrap().sent;
    let taken = server.taken();
    let people: BTreeSet<_> = taken.iter().map(|taken| taken.to[0].as_str()).collect();
    let ids: BTreeSet<_> = taken.iter().map(|taken| taken.read().message_id).collect();
    assert_eq!((sent, taken.len(), people.len(), ids.len()), (1_000, 1_000, 1_000, 1_000));
    assert!(server.connections() <= 4, "connections are kept: {}", server.connections());
    instance.close().await;
}

/// A key, its certificate, and the authority that signed it.
fn certificate() -> (Value, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let pem = made.cert.pem();
    (json!({ "key": made.signing_key.serialize_pem(), "cert": pem }), pem)
}

/// This is about encryption and not about the database, so one engine is enough.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mail_leaves_without_encryption_or_to_an_unknown_server() {
    let app = TestApp::start(crate::support::Engine::Sqlite).await;
    let (tls, authority) = certificate();
    let (_, stranger) = certificate();
    let mut plain = MailServer::start();
    let mut implicit = MailServer::start_with(&json!({ "tls": tls, "secure": true }));
    let mut upgraded = MailServer::start_with(&json!({ "tls": tls, "user": "site", "password": "s:e/c%" }));
    let smtp = |rest: String| SmtpServer::parse(&rest).unwrap();
    let secure = |port| smtp(format!("smtps://localhost:{port}"));
    let signed_in = |port, password: &str| smtp(format!("smtp://site:{password}@localhost:{port}")).with_starttls();
    app.services.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    for (what, setting) in [
        ("no STARTTLS offered", smtp(format!("smtp://localhost:{}", plain.port)).with_starttls()),
        ("TLS towards a plain server", secure(plain.port)),
        ("a certificate nobody vouches for", secure(implicit.port)),
        ("a certificate of somebody else", secure(implicit.port).trusting(stranger.as_bytes()).unwrap()),
        ("STARTTLS with a stranger", signed_in(upgraded.port, "s:e%2Fc%25")),
        ("a wrong password", signed_in(upgraded.port, "faux").trusting(authority.as_bytes()).unwrap()),
        (
            "no password",
            smtp(format!("smtp://localhost:{}", upgraded.port)).with_starttls().trusting(authority.as_bytes()).unwrap(),
        ),
    ] {
        let instance = app.instance_mailing(Carrier::Smtp(setting)).await;
        instance.outbox().free().await.unwrap();
        assert_eq!(instance.outbox().deliver().await.unwrap(), report(0, 0, 0, true), "{what}");
        instance.close().await;
    }
    let setting = secure(implicit.port).trusting(authority.as_bytes()).unwrap();
    let instance = app.instance_mailing(Carrier::Smtp(setting)).await;
    instance.outbox().free().await.unwrap();
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(1, 0, 0, false));
    let taken = implicit.taken();
    assert_eq!((taken.len(), taken[0].secure, taken[0].user.as_deref()), (1, true, None));
    instance.close().await;

    let setting = signed_in(upgraded.port, "s:e%2Fc%25").trusting(authority.as_bytes()).unwrap();
    let instance = app.instance_mailing(Carrier::Smtp(setting)).await;
    instance.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    assert_eq!(instance.outbox().deliver().await.unwrap(), report(1, 0, 0, false));
    let taken = upgraded.taken();
    assert_eq!((taken.len(), taken[0].secure, taken[0].user.as_deref()), (1, true, Some("site")));
    instance.close().await;
    assert!(plain.taken().is_empty());
    app.finish().await;
}
