//! What a dry run of a job says is what its run does: for everything that a job counts.

use crate::{
    files::pdf,
    ledger::record,
    mails::{invitation, recipient},
    support::{NOW, TestApp, on_both_engines},
    vault::deposited,
};
use domain::{actor::Role, requests::RequestKind, tasks::Task};
use services::testing::moment;
use uuid::Uuid;

on_both_engines!(a_dry_run_counts_what_the_run_ends);

const DAY: i64 = 24 * 60 * 60 * 1_000;

async fn a_dry_run_counts_what_the_run_ends(app: &TestApp) {
    what_the_sweep_ends(app).await;
    what_the_hour_ends(app).await;
    what_the_night_ends(app).await;
    what_the_register_ends(app).await;
    app.clock.advance_millis(2_000 * DAY);
    for task in Task::ALL {
        let name = task.code();
        let said = app.services.run_job(name, None, true).await.unwrap().counts;
        assert!(!said.is_empty() && said.values().all(|count| *count > 0), "{name} has something of each: {said:?}");
        let did = app.services.run_job(name, None, false).await.unwrap().counts;
        assert_eq!(did, said, "{name} does what it said");
        let left = app.services.run_job(name, None, true).await.unwrap().counts;
        assert!(left.values().all(|count| *count == 0), "{name} left something: {left:?}");
    }
}

/// A deposit and a deletion that were cut, and an object without a row.
async fn what_the_sweep_ends(app: &TestApp) {
    let youth = app.youth().await;
    let pending = app.sql_id(deposited(app, &youth, "commence.pdf", &pdf(1, 900)).await.id);
    let deleted = app.sql_id(deposited(app, &youth, "efface.pdf", &pdf(2, 900)).await.id);
    app.execute(format!("UPDATE document SET state = 'pending' WHERE id = {pending}")).await;
    app.execute(format!(
        "UPDATE document SET state = 'deleted', sealed_record = NULL, wrapped_key = NULL, bytes = 0 WHERE id = {deleted}"
    ))
    .await;
    let orphan = app.folder.path().join("objects/documents").join(Uuid::from_u128(1).to_string());
    std::fs::create_dir_all(&orphan).unwrap();
    std::fs::write(orphan.join("0"), "nothing leads here").unwrap();
}

/// A session, an activation code, a proposal and an attempt at a password.
async fn what_the_hour_ends(app: &TestApp) {
    let admin = app.staff(Role::Administrator).await;
    let newcomer = app.staff_signed_out(Role::Advisor, None).await;
    app.services.test_code(newcomer.account).await.unwrap();
    let (id, account, by) = (app.sql_id(Uuid::from_u128(2)), app.sql_id(newcomer.account), app.sql_id(admin.account));
    app.execute(format!(
        "INSERT INTO account_proposal (id, kind, account_id, role, proposed_by, proposed_at, expires_at, state)
         VALUES ({id}, 'role', {account}, 'reception', {by}, 0, 1, 'pending')"
    ))
    .await;
    app.anonymous().post("/connexion", &[("identifier", "personne"), ("password", "faux")]).await.expect(422);
}

/// A mail that left, a run of a job, what a page tried, and receipts with their texts.
async fn what_the_night_ends(app: &TestApp) {
    app.services.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    assert_eq!(app.mailbox().await.len(), 1);
    app.services.run_job("retention", None, false).await.unwrap();
    app.execute(
        "INSERT INTO consent_violation VALUES ('2026-03-01', 'img-src', 'https://exemple.test', '/', 1)".into(),
    )
    .await;
    record(app, 2).await;
}

/// Something for each rule of the register that goes by age, or with its event.
async fn what_the_register_ends(app: &TestApp) {
    for kind in [RequestKind::Contact, RequestKind::PreRegistration, RequestKind::ApprenticeshipTax] {
        app.services.test_request(kind, |request| request.received_at = NOW).await.unwrap();
    }
    let event = app.services.test_event(NOW, moment("2026-05-21T18:00")).await.unwrap();
    for _ in 0..2 {
        app.services.test_request(RequestKind::Event, |request| request.event = Some(event)).await.unwrap();
    }
    app.services.test_subscription("lina@exemple.test", false, NOW).await.unwrap();
    app.services.test_rights_request(Some(NOW)).await.unwrap();
    let id = app.sql_id(Uuid::from_u128(3));
    app.execute(format!(
        "INSERT INTO visit (id, at, page, browser, language, system, device, referrer, address)
         VALUES ({id}, 0, '/', 'Firefox', 'fr', 'Linux', 'computer', NULL, '198.51.0.0')"
    ))
    .await;
}
