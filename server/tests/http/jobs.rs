//! The jobs: when they run, that one instance runs each of them, and what their page shows.

use crate::{
    files::pdf,
    mails::{confirmation, invitation, mails_in, recipient},
    support::{Answer, NOW, TestApp, on_both_engines},
    vault::deposited,
};
use domain::{
    actor::{Actor, Role},
    mail::Recipient,
    tasks::{Cause, RunCounts, RunOutcome, Task, TaskRun, Tasks},
};
use services::JobError;
use std::collections::BTreeMap;
use uuid::Uuid;

on_both_engines!(
    jobs_run_at_their_hour,
    two_instances_run_each_job_once,
    an_instance_that_crashed_loses_its_lease,
    a_dry_run_counts_what_a_run_deletes_and_changes_nothing,
    a_job_runs_as_of_the_given_date,
    a_job_runs_once_at_a_time,
    the_page_shows_the_jobs_and_starts_them,
    old_runs_are_on_further_pages,
    failed_mails_are_listed_without_their_address,
);

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// The runs, the newest first.
async fn runs(app: &TestApp) -> Vec<TaskRun> {
    let actor = Actor::staff(app.staff(Role::Dpo).await.account, Role::Dpo);
    Tasks::board(&app.services, &actor, 1).await.unwrap().runs.rows
}

fn done(counts: &[(&str, u64)]) -> RunCounts {
    counts.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect()
}

async fn jobs_run_at_their_hour(app: &TestApp) {
    assert_eq!(app.services.run_due_jobs().await.unwrap(), Task::ALL, "what never ran is due");
    assert!(app.services.run_due_jobs().await.unwrap().is_empty());
    app.clock.advance_millis(60 * MINUTE - 1);
    assert!(app.services.run_due_jobs().await.unwrap().is_empty());
    app.clock.advance_millis(1);
    assert_eq!(app.services.run_due_jobs().await.unwrap(), [Task::SweepVault, Task::EndSessions]);
    // It is 11 h in Paris, and the daily job runs at 3 h 40 in the night.
    let mut nightly = Vec::new();
    for quarter in 1..=4 * 48 {
        app.clock.advance_millis(15 * MINUTE);
        if app.services.run_due_jobs().await.unwrap().contains(&Task::PruneHistory) {
            nightly.push(quarter);
        }
    }
    // Sixteen hours and three quarters later it is 3 h 45, and a day later again.
    assert_eq!(nightly, [67, 67 + 96]);
}

async fn two_instances_run_each_job_once(app: &TestApp) {
    let second = app.second_instance().await;
    for _ in 0..10 {
        let before = app.number("SELECT COUNT(*) FROM job_run".into()).await;
        let (one, two) = tokio::join!(app.services.run_due_jobs(), second.run_due_jobs());
        let (one, two) = (one.unwrap(), two.unwrap());
        let mut ran: Vec<_> = one.iter().chain(&two).map(|task| task.code()).collect();
        ran.sort_unstable();
        assert_eq!(ran, ["end-sessions", "prune-history", "prune-receipts", "retention", "sweep-vault"]);
        assert_eq!(app.number("SELECT COUNT(*) FROM job_run".into()).await, before + 5);
        app.clock.advance_millis(DAY);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM job_run WHERE outcome = 'done'".into()).await, 50);
    assert_eq!(app.number("SELECT COUNT(*) FROM job WHERE lease IS NOT NULL OR lease_until <> 0".into()).await, 0);
    second.close().await;
}

/// Leaves what an instance leaves that crashes while it runs the sweep.
async fn dying(app: &TestApp, minutes: i64) {
    app.services.run_due_jobs().await.unwrap();
    let (run, lease, at) = (app.sql_id(Uuid::from_u128(1)), app.sql_id(Uuid::from_u128(2)), NOW.millis());
    let until = NOW.plus_minutes(minutes).millis();
    app.execute(format!(
        "INSERT INTO job_run (id, name, cause, started_at, counts) VALUES ({run}, 'sweep-vault', 'schedule', {at}, '{{}}')"
    ))
    .await;
    app.execute(format!(
        "UPDATE job SET lease = {lease}, lease_until = {until}, last_started_at = 0 WHERE name = 'sweep-vault'"
    ))
    .await;
}

async fn an_instance_that_crashed_loses_its_lease(app: &TestApp) {
    dying(app, 5).await;
    app.clock.advance_millis(5 * MINUTE - 1);
    assert!(app.services.run_due_jobs().await.unwrap().is_empty(), "somebody runs it");
    assert_eq!(runs(app).await.iter().filter(|run| run.ended.is_none()).count(), 1);
    assert_eq!(app.services.run_job("sweep-vault", None, false).await, Err(JobError::Busy(Task::SweepVault)));
    app.clock.advance_millis(1);
    assert_eq!(app.services.run_due_jobs().await.unwrap(), [Task::SweepVault]);
    let outcomes: Vec<_> = runs(app).await.iter().map(|run| run.ended.map(|(_, outcome)| outcome)).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Some(RunOutcome::Interrupted)).count(), 1);
    assert!(outcomes.iter().all(Option::is_some));

    // When there is only one instance, it knows at its start that no other one runs a job.
    app.execute("DELETE FROM job_run".into()).await;
    dying(app, 600).await;
    assert!(app.services.run_due_jobs().await.unwrap().is_empty());
    app.services.free_jobs().await.unwrap();
    assert_eq!(app.services.run_due_jobs().await.unwrap(), [Task::SweepVault]);
}

/// Numbers that differ when a job changes anything.
async fn traces(app: &TestApp) -> BTreeMap<&'static str, i64> {
    let mut traces = BTreeMap::new();
    for sql in [
        "SELECT COUNT(*) FROM mail",
        "SELECT COUNT(*) FROM job",
        "SELECT COUNT(*) FROM job_run",
        "SELECT CAST(COALESCE(SUM(last_started_at + lease_until), 0) AS BIGINT) FROM job",
        "SELECT COUNT(*) FROM session",
        "SELECT COUNT(*) FROM throttle",
        "SELECT COUNT(*) FROM document WHERE state = 'deleted'",
        "SELECT COUNT(*) FROM document WHERE state = 'pending'",
        "SELECT COUNT(*) FROM document",
        "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM vault",
    ] {
        traces.insert(sql, app.number(sql.into()).await);
    }
    traces.insert("objects", app.object_files().len() as i64);
    traces
}

async fn a_dry_run_counts_what_a_run_deletes_and_changes_nothing(app: &TestApp) {
    let youth = app.youth().await;
    let kept = deposited(app, &youth, "garde.pdf", &pdf(1, 900)).await;
    let deleted = deposited(app, &youth, "efface.pdf", &pdf(2, 900)).await;
    app.services.run_due_jobs().await.unwrap();
    // There is something for each job: an interrupted deletion and deposit, sessions that end, a wrong password, a sent
    // mail.
    let id = app.sql_id(deleted.id);
    app.execute(format!(
        "UPDATE document SET state = 'deleted', sealed_record = NULL, wrapped_key = NULL, bytes = 0 WHERE id = {id}"
    ))
    .await;
    app.anonymous().post("/connexion", &[("identifier", "personne"), ("password", "faux")]).await.expect(422);
    app.services.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    assert_eq!(app.mailbox().await.len(), 1);
    let id = app.sql_id(kept.id);
    app.execute(format!("UPDATE document SET state = 'pending' WHERE id = {id}")).await;
    app.clock.advance_millis(100 * DAY);

    let before = traces(app).await;
    for (name, least) in [("sweep-vault", "unfinished"), ("end-sessions", "sessions"), ("prune-history", "mails")] {
        let dry = app.services.run_job(name, None, true).await.unwrap();
        assert!(dry.dry && dry.counts[least] > 0, "{dry:?}");
        assert_eq!(traces(app).await, before, "{name} changed something");
        let again = app.services.run_job(name, None, true).await.unwrap();
        assert_eq!(again, dry);
    }
    for name in ["sweep-vault", "end-sessions", "prune-history"] {
        let dry = app.services.run_job(name, None, true).await.unwrap();
        let wet = app.services.run_job(name, None, false).await.unwrap();
        assert_eq!(wet.counts, dry.counts, "{name} does what it said");
        assert!(
            app.services.run_job(name, None, true).await.unwrap().counts.values().all(|count| *count == 0),
            "{name}"
        );
    }
    assert_ne!(traces(app).await, before);
}

async fn a_job_runs_as_of_the_given_date(app: &TestApp) {
    app.services.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    app.mailbox().await;
    // The mail was sent on 10 March 2026 at 10 h, and its row is kept for thirty days.
    let mails = |at: &'static str| async move {
        app.services.run_job("prune-history", Some(at), true).await.unwrap().counts["mails"]
    };
    // The clocks went forward in between.
    assert_eq!(
        (mails("2026-04-09").await, mails("2026-04-09T11:00").await, mails("2026-04-09T11:01").await),
        (0, 0, 1)
    );
    let wet = app.services.run_job("prune-history", Some("2026-04-10"), false).await.unwrap();
    assert_eq!(wet.counts, done(&[("mails", 1), ("runs", 0), ("violations", 0)]));
    // The run is recorded under today's date, and the job stays due as before.
    let found = runs(app).await;
    assert_eq!((found[0].started_at, found[0].cause, found.len()), (NOW, Cause::Command, 1));
    assert!(app.services.run_due_jobs().await.unwrap().contains(&Task::PruneHistory));

    let unknown = app.services.run_job("sweep", None, true).await.unwrap_err().to_string();
    assert_eq!(
        unknown,
        "sweep: there is no such job; there are: sweep-vault, end-sessions, prune-history, prune-receipts, retention"
    );
    let at = app.services.run_job("sweep-vault", Some("demain"), true).await.unwrap_err().to_string();
    assert!(at.starts_with("--at demain: expected a date such as 2026-03-29"), "{at}");
}

async fn a_job_runs_once_at_a_time(app: &TestApp) {
    app.services.run_due_jobs().await.unwrap();
    let second = app.second_instance().await;
    for _ in 0..10 {
        app.clock.advance_millis(MINUTE);
        let before = app.number("SELECT COUNT(*) FROM job_run".into()).await;
        let (one, two) = tokio::join!(
            app.services.run_job("end-sessions", None, false),
            second.run_job("end-sessions", None, false)
        );
        let ran = [&one, &two].iter().filter(|ran| ran.is_ok()).count();
        // Two runs may follow each other, but not overlap.
        assert!(ran >= 1, "{one:?} {two:?}");
        for ended in [one, two] {
            assert!(matches!(ended, Ok(_) | Err(JobError::Busy(Task::EndSessions))), "{ended:?}");
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM job_run".into()).await, before + ran as i64);
    }
    second.close().await;
}

const BUTTON: &str = "action=\"/admin/taches/sweep-vault/lancer\"";

async fn the_page_shows_the_jobs_and_starts_them(app: &TestApp) {
    let (admin, dpo) = (app.staff(Role::Administrator).await, app.staff(Role::Dpo).await);
    let page = || async { admin.browser.get("/admin/taches").await.expect(200) };
    page()
        .await
        .expect_text("Ménage du coffre-fort")
        .expect_text("Jamais encore")
        .expect_text("Aucun passage pour l’instant")
        .expect_sentence("Tous les jours à 3 h 40")
        .expect_text("0 mail attend de partir.")
        .expect_text(BUTTON);
    dpo.browser.get("/admin/taches").await.expect(200).expect_text("Ménage du coffre-fort").expect_no_text("lancer");
    dpo.browser.post("/admin/taches/sweep-vault/lancer", &[]).await.expect(403);
    admin.browser.post("/admin/taches/rien/lancer", &[]).await.expect(404);

    app.services.run_due_jobs().await.unwrap();
    page()
        .await
        .expect_text("Moins d’une seconde")
        .expect_text("Terminé")
        .expect_text("Rien à faire")
        .expect_text("L’horaire")
        .expect_sentence("10 mars, 11 h 00");
    app.clock.advance_millis(MINUTE);
    assert!(app.services.run_due_jobs().await.unwrap().is_empty());
    let run = "/admin/taches/sweep-vault/lancer";
    for _ in 0..2 {
        admin.browser.post(run, &[]).await.expect_see("/admin/taches?demande=sweep-vault");
    }
    admin
        .browser
        .get("/admin/taches?demande=sweep-vault")
        .await
        .expect(200)
        .expect_sentence("C’est demandé : « Ménage du coffre-fort » commence dans un instant.")
        .expect_text("Dans un instant");
    admin.browser.get("/admin/taches?demande=%3Cscript%3E").await.expect(200).expect_no_text("C’est demandé");
    assert_eq!(app.services.run_due_jobs().await.unwrap(), [Task::SweepVault], "asked twice, run once");
    assert!(app.services.run_due_jobs().await.unwrap().is_empty());
    page().await.expect_text("Une personne");
    assert_eq!(runs(app).await[0].cause, Cause::Person);

    app.execute("UPDATE job_run SET ended_at = NULL, outcome = NULL WHERE cause = 'person'".into()).await;
    page().await.expect_text("En cours");
    app.execute("UPDATE job_run SET ended_at = started_at + 150000, outcome = 'failed' WHERE cause = 'person'".into())
        .await;
    page().await.expect_text("En panne").expect_sentence("2 min");
}

async fn old_runs_are_on_further_pages(app: &TestApp) {
    for _ in 0..51 {
        app.services.run_job("end-sessions", None, false).await.unwrap();
        app.clock.advance_millis(MINUTE);
    }
    let admin = app.staff(Role::Administrator).await;
    let rows = |answer: &Answer| answer.text().matches("La ligne de commande").count();
    let first = admin.browser.get("/admin/taches").await.expect(200).expect_text("Page 1 sur 2");
    let last = admin.browser.get("/admin/taches?page=2").await.expect(200).expect_text("Page 2 sur 2");
    assert_eq!((rows(&first), rows(&last)), (50, 1));
    for odd in ["0", "-1", "99", "x"] {
        admin.browser.get(&format!("/admin/taches?page={odd}")).await.expect(200).expect_text(" sur 2");
    }
}

async fn failed_mails_are_listed_without_their_address(app: &TestApp) {
    let admin = app.staff(Role::Administrator).await;
    admin.browser.get("/admin/taches/mails").await.expect(200).expect_text("Tous les mails sont partis");
    app.services
        .outbox()
        .write_to(&Recipient::new("Zoé Canari", "zoe.canari@exemple.test").unwrap(), &invitation())
        .await
        .unwrap();
    app.services.outbox().write_to(&recipient(), &confirmation(1)).await.unwrap();
    app.execute("UPDATE mail SET state = 'failed', sealed = NULL, ended_at = created_at + 60000, reason = '550' WHERE kind = 'staff_invitation'".into())
        .await;
    app.execute("INSERT INTO mail_pause (id, since, failures, until, reason) VALUES (1, 1773130000000, 9, 1773133900000, 'connection')".into())
        .await;
    admin
        .browser
        .get("/admin/taches")
        .await
        .expect(200)
        .expect_text("1 mail attend de partir.")
        .expect_text("1 mail n’a pas pu partir.")
        .expect_sentence("Le serveur de mail ne répond plus depuis le 10 mars, 9 h 06");
    admin
        .browser
        .get("/admin/taches/mails")
        .await
        .expect(200)
        .expect_text("Invitation à ouvrir un compte")
        .expect_sentence("Refusé par le serveur du destinataire (réponse 550)")
        .expect_no_text("canari")
        .expect_no_text("Canari");
    assert_eq!((mails_in(app, "failed").await, mails_in(app, "waiting").await), (1, 1));
}
