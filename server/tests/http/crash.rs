//! What a crash leaves half done, and how the sweep repairs it.

use crate::{
    files::pdf,
    support::{Engine, NOW, Person, TestApp, on_both_engines},
    vault::{deposited, path_of},
    vault_bad_input::nothing_stored,
};
use domain::{consent::SESSION_COOKIE, ids::DocumentId};
use services::{StartError, SweepReport};
use std::{
    fs::{self, File},
    path::PathBuf,
    time::{Duration, SystemTime},
};
use uuid::Uuid;

on_both_engines!(
    the_sweep_removes_what_a_crash_left_and_nothing_else,
    the_sweep_leaves_a_running_deposit_alone_for_an_hour,
    the_sweep_finishes_an_interrupted_deletion,
    two_sweeps_may_run_one_after_the_other_or_at_once,
    another_master_key_is_refused,
);

/// Leaves what a crash in the middle of a deposit leaves: reserved space and a stored part, but no commit.
async fn interrupted(app: &TestApp, youth: &Person, number: u128, at: i64, bytes: u64) -> PathBuf {
    let (id, owner) = (app.sql_id(Uuid::from_u128(number)), app.sql_id(youth.id()));
    app.execute(format!(
        "INSERT INTO document (id, youth_id, state, category, bytes, created_at)
         VALUES ({id}, {owner}, 'pending', 'other', {bytes}, {at})"
    ))
    .await;
    app.execute(format!(
        "UPDATE vault SET bytes = bytes + {bytes}, documents = documents + 1 WHERE youth_id = {owner}"
    ))
    .await;
    stray(app, Uuid::from_u128(number), SystemTime::now())
}

/// Leaves an object of a document in the store.
fn stray(app: &TestApp, document: Uuid, modified: SystemTime) -> PathBuf {
    let folder = app.folder.path().join("objects/documents").join(document.to_string());
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("1-0-0badcafe");
    fs::write(&path, b"left by a crash").unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    path
}

/// The moment that is `minutes` before the portal's clock, for the time of a file.
fn before_now(minutes: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(NOW.millis() as u64) - Duration::from_secs(minutes * 60)
}

async fn the_sweep_removes_what_a_crash_left_and_nothing_else(app: &TestApp) {
    let (youth, other) = (app.youth().await, app.youth().await);
    let (one, two) = (pdf(1, 5 * 1024 * 1024), pdf(2, 9_000));
    let kept = [
        (&youth, deposited(app, &youth, "un.pdf", &one).await, &one),
        (&other, deposited(app, &other, "deux.pdf", &two).await, &two),
    ];
    let objects = app.object_files();
    interrupted(app, &youth, 1, NOW.millis(), 123_456).await;
    interrupted(app, &other, 2, NOW.plus_hours(-30).millis(), 0).await;
    stray(app, Uuid::from_u128(3), SystemTime::now());
    assert_eq!(app.object_files().len(), objects.len() + 3);

    let report = app.services.sweep(true).await.unwrap();
    assert_eq!(report, SweepReport { unfinished: 2, deleted: 0, orphans: 1 });
    let mut left = app.object_files();
    left.sort();
    let mut expected = objects;
    expected.sort();
    assert_eq!(left, expected);
    assert_eq!(app.number("SELECT COUNT(*) FROM document".into()).await, 2);
    for (owner, document, bytes) in kept {
        let id = app.sql_id(owner.id());
        assert_eq!(app.number(format!("SELECT bytes FROM vault WHERE youth_id = {id}")).await, bytes.len() as i64);
        assert_eq!(app.number(format!("SELECT documents FROM vault WHERE youth_id = {id}")).await, 1);
        assert!(owner.browser.get(&path_of(&document)).await.expect(200).body == *bytes);
    }
    assert_eq!(app.services.sweep(true).await.unwrap(), SweepReport::default(), "nothing is left to do");
}

async fn the_sweep_leaves_a_running_deposit_alone_for_an_hour(app: &TestApp) {
    let youth = app.youth().await;
    let young = interrupted(app, &youth, 1, NOW.plus_minutes(-59).millis(), 1_000).await;
    let old = interrupted(app, &youth, 2, NOW.plus_minutes(-61).millis(), 10_000).await;
    let (fresh, stale) =
        (stray(app, Uuid::from_u128(3), before_now(59)), stray(app, Uuid::from_u128(4), before_now(61)));
    let report = app.services.sweep(false).await.unwrap();
    assert_eq!(report, SweepReport { unfinished: 1, deleted: 0, orphans: 1 });
    assert!(young.exists() && fresh.exists() && !old.exists() && !stale.exists());
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 1_000);

    app.clock.advance_millis(2 * 60_000);
    let report = app.services.sweep(false).await.unwrap();
    assert_eq!(report, SweepReport { unfinished: 1, deleted: 0, orphans: 1 });
    nothing_stored(app).await;
}

async fn the_sweep_finishes_an_interrupted_deletion(app: &TestApp) {
    let youth = app.youth().await;
    let document = deposited(app, &youth, "un.pdf", &pdf(1, 9_000)).await;
    let kept = deposited(app, &youth, "deux.pdf", &pdf(2, 9_000)).await;
    // This is the state after a deletion whose objects were still there when the power went.
    let id = app.sql_id(document.id);
    app.execute(format!(
        "UPDATE document SET state = 'deleted', sealed_record = NULL, wrapped_key = NULL, bytes = 0 WHERE id = {id}"
    ))
    .await;
    app.execute("UPDATE vault SET bytes = bytes - 9000, documents = documents - 1".into()).await;
    youth.browser.get(&path_of(&document)).await.expect(404);
    assert_eq!(app.object_files().len(), 2);

    assert_eq!(app.services.sweep(false).await.unwrap(), SweepReport { unfinished: 0, deleted: 1, orphans: 0 });
    assert_eq!((app.object_files().len(), app.number("SELECT COUNT(*) FROM document".into()).await), (1, 1));
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 9_000);
    youth.browser.get(&path_of(&kept)).await.expect(200);
}

async fn two_sweeps_may_run_one_after_the_other_or_at_once(app: &TestApp) {
    let youth = app.youth().await;
    let file = pdf(1, 9_000);
    let document = deposited(app, &youth, "un.pdf", &file).await;
    for number in 1..=30 {
        interrupted(app, &youth, number, NOW.plus_hours(-2).millis(), 1_000).await;
        stray(app, Uuid::from_u128(100 + number), before_now(120));
    }
    let second = app.second_instance().await;
    let (one, two) = tokio::join!(app.services.sweep(false), second.sweep(false));
    one.unwrap();
    two.unwrap();
    second.close().await;
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 9_000, "reservations are given back once");
    assert_eq!(app.number("SELECT documents FROM vault".into()).await, 1);
    assert_eq!((app.object_files().len(), app.number("SELECT COUNT(*) FROM document".into()).await), (1, 1));
    assert!(youth.browser.get(&path_of(&document)).await.expect(200).body == file);
}

async fn another_master_key_is_refused(app: &TestApp) {
    let youth = app.youth().await;
    let document = deposited(app, &youth, "un.pdf", &pdf(1, 900)).await;
    let refused = app.instance_with_key([8; 32]).await.err().expect("another key opens nothing");
    assert!(matches!(refused, StartError::OtherKey), "{refused}");
    assert!(refused.to_string().starts_with("BALISE_MASTER_KEY_FILE"), "{refused}");
    app.instance_with_key([7; 32]).await.expect("the right one still does").close().await;
    youth.browser.get(&path_of(&document)).await.expect(200);
}

/// After a restart every acknowledged deposit is there, and every other one is gone.
async fn survives_a_restart(engine: Engine) {
    let mut app = TestApp::start(engine).await;
    let youth = app.youth().await;
    let (one, two) = (pdf(1, 5 * 1024 * 1024), pdf(2, 9_000));
    youth
        .browser
        .deposit("/mon-espace/coffre-fort", "money", &[("un.pdf", &one), ("deux.pdf", &two)])
        .await
        .expect(303);
    interrupted(&app, &youth, 1, NOW.millis(), 5_000).await;
    let documents: Vec<(DocumentId, _)> = app.documents(&youth).await.into_iter().map(|d| (d.id, d.name)).collect();
    assert_eq!(documents.len(), 2);

    app.restart().await;
    let browser = app.anonymous();
    browser.set_cookie(SESSION_COOKIE, &youth.browser.cookie(SESSION_COOKIE).unwrap());
    assert_eq!(app.number("SELECT COUNT(*) FROM document".into()).await, 2);
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, (one.len() + two.len()) as i64);
    assert_eq!(app.object_files().len(), 3);
    for (id, name) in documents {
        let answer = browser.get(&format!("/mon-espace/coffre-fort/{id}")).await.expect(200);
        assert!(answer.body == *if name == "un.pdf" { &one } else { &two }, "{name}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deposits_survive_a_restart_on_sqlite() {
    survives_a_restart(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deposits_survive_a_restart_on_postgres() {
    survives_a_restart(Engine::Postgres).await;
}
