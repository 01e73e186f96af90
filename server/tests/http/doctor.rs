//! `balise doctor` finds every kind of damage, reports each on a line of its own, and changes nothing.

use crate::{
    consent::ACCEPT,
    files::pdf,
    support::{Engine, NOW, Person, TestApp, files_under, on_both_engines},
    vault::deposited,
};
use domain::actor::Role;
use services::{Finding, Inspection, Key, Level, SystemClock};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::{fs, sync::Arc};
use uuid::Uuid;

on_both_engines!(
    a_sound_portal_has_no_findings,
    an_altered_or_missing_object_is_found,
    a_person_without_a_key_and_a_key_without_a_person_are_found,
    a_wrong_master_key_is_found_and_reads_nothing,
    a_schema_that_is_older_newer_or_altered_is_found,
    rows_that_contradict_each_other_are_found,
    a_ledger_that_was_cut_is_found,
    a_clock_that_runs_behind_is_found,
    one_administrator_is_too_few,
    mails_that_do_not_leave_are_found,
    jobs_that_do_not_run_are_found,
);

const KEY: [u8; 32] = [7; 32];

async fn inspect_with(app: &TestApp, key: [u8; 32]) -> Vec<Finding> {
    let (data_url, keyring_url) = app.urls();
    let calendar = Arc::new(SystemClock::with(app.clock.clone()));
    let key = Key::from_bytes(&key);
    let objects = Some(app.objects.clone() as Arc<_>);
    Inspection { data_url, keyring_url, objects, key: Some(&key), calendar }.run().await
}

async fn inspect(app: &TestApp) -> Vec<Finding> {
    inspect_with(app, KEY).await
}

/// The findings that are not « ok ».
async fn wrong(app: &TestApp) -> Vec<(&'static str, Level, String)> {
    let found = inspect(app).await.into_iter().filter(|finding| finding.level != Level::Ok);
    found
        .map(|finding| {
            assert!(finding.remedy.is_some_and(|remedy| !remedy.is_empty()), "{}: what to do?", finding.check);
            assert!(!finding.text.contains('\n'), "{}", finding.text);
            (finding.check, finding.level, finding.text)
        })
        .collect()
}

/// Asserts that this is the only finding.
#[track_caller]
fn only(found: &[(&'static str, Level, String)], check: &str, level: Level, text: &str) {
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0, found[0].1), (check, level), "{found:?}");
    assert!(found[0].2.contains(text), "« {text} » is not in {}", found[0].2);
}

/// Runs a statement on the keyring.
async fn on_keyring(app: &TestApp, sql: String) {
    let url = app.urls().1;
    match app.engine {
        Engine::Sqlite => {
            let mut keyring = sqlx::SqliteConnection::connect(url).await.unwrap();
            keyring.execute(AssertSqlSafe(sql)).await.unwrap();
            keyring.close().await.unwrap();
        }
        Engine::Postgres => {
            let mut keyring = sqlx::PgConnection::connect(url).await.unwrap();
            keyring.execute(AssertSqlSafe(sql)).await.unwrap();
            keyring.close().await.unwrap();
        }
    }
}

/// A portal with two administrators, a choice about cookies, and documents of two people.
async fn lived_in(app: &TestApp) -> Person {
    for _ in 0..2 {
        app.staff(Role::Administrator).await;
    }
    app.anonymous().post("/cookies", &ACCEPT).await.expect(303);
    let (one, two) = (app.youth().await, app.youth().await);
    deposited(app, &one, "un.pdf", &pdf(1, 900)).await;
    deposited(app, &one, "deux.pdf", &pdf(2, 4_300_000)).await;
    deposited(app, &two, "trois.pdf", &pdf(3, 70_000)).await;
    one
}

async fn a_sound_portal_has_no_findings(app: &TestApp) {
    // A new portal with two administrators has no findings.
    for _ in 0..2 {
        app.staff(Role::Administrator).await;
    }
    assert_eq!(wrong(app).await, []);
    lived_in(app).await;
    let state = || async {
        let mut numbers = Vec::new();
        for table in ["account", "session", "document", "vault", "access_log", "consent_receipt", "_sqlx_migrations"] {
            numbers.push(app.number(format!("SELECT COUNT(*) FROM {table}")).await);
        }
        (numbers, files_under(app.folder.path()))
    };
    let before = state().await;
    let found = inspect(app).await;
    assert_eq!(state().await, before, "nothing was made or changed");
    let ok = |check: &str| found.iter().find(|finding| finding.check == check).unwrap().text.clone();
    assert!(found.iter().all(|finding| finding.level == Level::Ok), "{found:#?}");
    assert_eq!(ok("documents"), "3 of 3 opened from end to end");
    assert_eq!(ok("ledger"), "whole, 1 receipts");
    assert_eq!(ok("person keys"), "2 people with documents, 2 keys, each with its person");
    assert_eq!(ok("administrators"), "4 active");
    let engine = if app.engine == Engine::Sqlite { "SQLite 3." } else { "PostgreSQL " };
    assert!(ok("database").starts_with(engine) && ok("keyring").starts_with(engine), "{found:#?}");
    // There are more documents than the doctor opens: it opens a sample, and at least one.
    let many = app.youth().await;
    for number in 0..25 {
        deposited(app, &many, &format!("{number}.pdf"), &pdf(number, 900)).await;
    }
    let found = inspect(app).await;
    let documents = found.iter().find(|finding| finding.check == "documents").unwrap();
    let opened: u32 = documents.text.split(' ').next().unwrap().parse().unwrap();
    assert!((1..=20).contains(&opened) && documents.text.contains("of 28"), "{}", documents.text);
}

async fn an_altered_or_missing_object_is_found(app: &TestApp) {
    lived_in(app).await;
    for object in app.object_files() {
        let whole = fs::read(&object).unwrap();
        for at in [0, 20, 40, whole.len() - 1] {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            fs::write(&object, &altered).unwrap();
            // The sealed record has the header too, so altering the copy in the object harms nothing.
            if at >= 33 {
                only(&wrong(app).await, "documents", Level::Problem, "1 of 3 opened at random cannot be read");
            }
        }
        fs::write(&object, &whole[..whole.len() - 1]).unwrap();
        only(&wrong(app).await, "documents", Level::Problem, "1 of 3");
        fs::remove_file(&object).unwrap();
        only(&wrong(app).await, "documents", Level::Problem, "an object is missing");
        fs::write(&object, &whole).unwrap();
    }
    assert_eq!(wrong(app).await, [], "put back, everything is well");
    app.execute("UPDATE document SET sealed_record = wrapped_key".into()).await;
    only(&wrong(app).await, "documents", Level::Problem, "3 of 3 opened at random cannot be read");
}

async fn a_person_without_a_key_and_a_key_without_a_person_are_found(app: &TestApp) {
    let one = lived_in(app).await;
    let stranger = app.sql_id(Uuid::from_u128(1 << 90));
    let insert =
        format!("INSERT INTO person_key (youth_id, wrapped_key, created_at) VALUES ({stranger}, {stranger}, 0)");
    let insert = match app.engine {
        Engine::Sqlite => insert,
        Engine::Postgres => insert.replace(&format!("{stranger}, {stranger}"), &format!("{stranger}, '\\x00'")),
    };
    on_keyring(app, insert).await;
    only(&wrong(app).await, "person keys", Level::Warning, "1 of 3 keys belong to nobody");
    on_keyring(app, format!("DELETE FROM person_key WHERE youth_id = {stranger}")).await;
    on_keyring(app, format!("DELETE FROM person_key WHERE youth_id = {}", app.sql_id(one.id()))).await;
    let found = wrong(app).await;
    let texts: Vec<_> = found.iter().map(|(check, level, text)| (*check, *level, text.as_str())).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].0 == "person keys" && texts[0].2.starts_with("1 of 2 people with documents have no key"));
    assert!(texts[1].0 == "documents" && texts[1].2.starts_with("2 of 3 opened"), "{texts:?}");
    assert!(texts.iter().all(|(_, level, _)| *level == Level::Problem));
}

async fn a_wrong_master_key_is_found_and_reads_nothing(app: &TestApp) {
    lived_in(app).await;
    let found = inspect_with(app, [8; 32]).await;
    let wrong: Vec<_> = found.iter().filter(|finding| finding.level != Level::Ok).collect();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].check == "master key" && wrong[0].text.starts_with("not the key that the keyring was made with"));
    assert!(!found.iter().any(|finding| ["documents", "ledger"].contains(&finding.check)), "{found:?}");
}

async fn a_schema_that_is_older_newer_or_altered_is_found(app: &TestApp) {
    lived_in(app).await;
    let last = app.number("SELECT MAX(version) FROM _sqlx_migrations".into()).await;
    let keep = "CREATE TABLE kept AS SELECT * FROM _sqlx_migrations";
    app.execute(keep.into()).await;
    let (no, checksum) = match app.engine {
        Engine::Sqlite => ("0", "x'00'"),
        Engine::Postgres => ("false", "'\\x00'::bytea"),
    };
    let columns = "description, installed_on, success, checksum, execution_time";
    for (change, expected) in [
        (format!("DELETE FROM _sqlx_migrations WHERE version = {last}"), "1 migrations are pending".to_owned()),
        (
            format!(
                "INSERT INTO _sqlx_migrations (version, {columns})
                 SELECT 9999, {columns} FROM _sqlx_migrations WHERE version = {last}"
            ),
            "migration 9999 is of a newer balise".to_owned(),
        ),
        (
            format!("UPDATE _sqlx_migrations SET success = {no} WHERE version = {last}"),
            format!("migration {last} stopped half way"),
        ),
        (
            format!("UPDATE _sqlx_migrations SET checksum = {checksum} WHERE version = {last}"),
            format!("migration {last} is not the one that was run"),
        ),
    ] {
        app.execute(change).await;
        only(&wrong(app).await, "database", Level::Problem, &expected);
        app.execute("DELETE FROM _sqlx_migrations".into()).await;
        app.execute("INSERT INTO _sqlx_migrations SELECT * FROM kept".into()).await;
    }
    assert_eq!(wrong(app).await, []);
}

async fn rows_that_contradict_each_other_are_found(app: &TestApp) {
    let one = lived_in(app).await;
    let owner = app.sql_id(one.id());
    for change in ["documents = documents + 1", "bytes = bytes - 1"] {
        app.execute(format!("UPDATE vault SET {change} WHERE youth_id = {owner}")).await;
        only(&wrong(app).await, "rows", Level::Problem, "1 vaults count other documents or bytes");
        let back = change.replace('+', "±").replace('-', "+").replace('±', "-");
        app.execute(format!("UPDATE vault SET {back} WHERE youth_id = {owner}")).await;
    }
    // A deposit that has just begun is no finding, and one that began yesterday is.
    let id = app.sql_id(Uuid::from_u128(7));
    app.execute(format!(
        "INSERT INTO document (id, youth_id, state, category, bytes, created_at)
         VALUES ({id}, {owner}, 'pending', 'other', 10, {})",
        NOW.millis()
    ))
    .await;
    app.execute(format!("UPDATE vault SET documents = documents + 1, bytes = bytes + 10 WHERE youth_id = {owner}"))
        .await;
    assert_eq!(wrong(app).await, []);
    app.clock.advance_millis(24 * 3_600_000);
    only(&wrong(app).await, "rows", Level::Warning, "1 deposits or deletions were never finished");
    if app.engine == Engine::Sqlite {
        let mut data = sqlx::SqliteConnection::connect(app.urls().0).await.unwrap();
        data.execute("PRAGMA foreign_keys = OFF").await.unwrap();
        data.execute("INSERT INTO recovery_code (account_id, code_hash) VALUES (x'00', x'00')").await.unwrap();
        data.close().await.unwrap();
        only(&wrong(app).await, "database", Level::Problem, "1 rows refer to a row that is gone");
    }
}

async fn a_ledger_that_was_cut_is_found(app: &TestApp) {
    lived_in(app).await;
    app.anonymous().post("/cookies", &ACCEPT).await.expect(303);
    app.execute("DELETE FROM consent_receipt WHERE number = 2".into()).await;
    only(&wrong(app).await, "ledger", Level::Problem, "ends at receipt 1, but 2 were written");
}

async fn a_clock_that_runs_behind_is_found(app: &TestApp) {
    lived_in(app).await;
    app.clock.advance_millis(-4 * 60_000);
    assert_eq!(wrong(app).await, []);
    app.clock.advance_millis(-2 * 60_000);
    only(&wrong(app).await, "clock", Level::Problem, "the newest entry of the data is 6 minutes in the future");
    app.clock.advance_millis(-100 * 86_400_000);
    only(&wrong(app).await, "clock", Level::Problem, "before 2026");
}

async fn one_administrator_is_too_few(app: &TestApp) {
    only(&wrong(app).await, "administrators", Level::Warning, "0 active");
    app.staff(Role::Administrator).await;
    app.staff(Role::Advisor).await;
    only(&wrong(app).await, "administrators", Level::Warning, "1 active");
    app.staff(Role::Administrator).await;
    assert_eq!(wrong(app).await, []);
    app.execute("UPDATE account SET state = 'suspended' WHERE role = 'admin'".into()).await;
    only(&wrong(app).await, "administrators", Level::Warning, "0 active");
}

async fn mails_that_do_not_leave_are_found(app: &TestApp) {
    lived_in(app).await;
    let (id, now) = (app.sql_id(Uuid::from_u128(9)), NOW.millis());
    let sealed = if app.engine == Engine::Sqlite { "x'00'" } else { "'\\x00'::bytea" };
    app.execute(format!(
        "INSERT INTO mail (id, message_id, kind, state, sealed, created_at, attempts, next_attempt_at, lease_until)
         VALUES ({id}, 'a', 'trial', 'waiting', {sealed}, {now}, 0, {now}, 0)"
    ))
    .await;
    assert_eq!(wrong(app).await, [], "it was written just now");
    app.clock.advance_millis(61 * 60_000);
    only(&wrong(app).await, "mails", Level::Problem, "1 have been waiting for more than an hour");
    let ended = now + 60 * 60_000;
    app.execute(format!("UPDATE mail SET state = 'failed', sealed = NULL, ended_at = {ended}")).await;
    only(&wrong(app).await, "mails", Level::Warning, "1 were given up since yesterday");
    app.clock.advance_millis(25 * 3_600_000);
    assert_eq!(wrong(app).await, []);
}

async fn jobs_that_do_not_run_are_found(app: &TestApp) {
    lived_in(app).await;
    let (id, now) = (app.sql_id(Uuid::from_u128(9)), NOW.millis());
    let insert = "INSERT INTO job (name, last_started_at, lease_until) VALUES";
    app.execute(format!("{insert} ('sweep-vault', {now}, 0), ('end-sessions', 0, 0)")).await;
    assert_eq!(wrong(app).await, []);
    app.clock.advance_millis(49 * 3_600_000);
    only(&wrong(app).await, "jobs", Level::Problem, "sweep-vault did not begin for two days");
    let just_now = now + 48 * 3_600_000;
    app.execute(format!("UPDATE job SET last_started_at = {just_now}")).await;
    assert_eq!(wrong(app).await, []);
    app.execute(format!(
        "INSERT INTO job_run (id, name, cause, started_at, ended_at, outcome, counts)
         VALUES ({id}, 'sweep-vault', 'schedule', {just_now}, {just_now}, 'failed', '{{}}')"
    ))
    .await;
    only(&wrong(app).await, "jobs", Level::Warning, "1 runs failed since yesterday");
}
