//! Old receipts are deleted, and a sealed checkpoint in the keyring still proves the ones that stay (C8).

use crate::{
    ledger::{broken, bytes, choice, keep, put_back, record, verified, whole},
    support::{TestApp, on_both_engines},
    tables,
    upgrade::load,
};
use domain::{consent::Consents, tasks::Task};
use services::LedgerFault;

on_both_engines!(
    receipts_are_deleted_after_two_years_and_the_others_still_verify,
    a_ledger_without_any_receipt_left_goes_on,
    a_text_is_deleted_with_its_last_receipt,
    an_interrupted_pruning_is_finished_by_the_next,
    a_checkpoint_that_was_forged_removed_or_put_back_is_found,
    missing_rows_beyond_the_checkpoint_are_found,
    a_ledger_that_was_tampered_with_is_not_pruned,
    many_receipts_are_deleted_in_batches_during_a_verification,
);

const DAY: i64 = 24 * 60 * 60 * 1_000;
/// Twelve months and one more year, one of them with a leap day.
const YEARS: i64 = 731 * DAY;

/// Runs the job, and gives its counts.
async fn prune(app: &TestApp, dry: bool) -> (u64, u64) {
    let report = app.services.run_job("prune-receipts", None, dry).await.unwrap();
    assert_eq!(report.task, Task::PruneReceipts);
    (report.counts["receipts"], report.counts["texts"])
}

async fn receipts(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM consent_receipt".into()).await
}

/// Records three old receipts, which are due, and two newer ones.
async fn three_old_of_five(app: &TestApp) {
    record(app, 3).await;
    app.clock.advance_millis(100 * DAY);
    record(app, 2).await;
    app.clock.advance_millis(YEARS - 100 * DAY);
    keep(app).await;
}

/// The keyring's row about pruned receipts, as a statement that puts it back.
async fn checkpoint(app: &TestApp) -> String {
    let lines = tables::all(app.urls().1).await;
    let line = lines.iter().find(|line| line.table == "ledger_checkpoint").unwrap();
    let sets: Vec<_> = line
        .cells
        .iter()
        .map(|cell| {
            let value = cell.value.clone().unwrap();
            let value = match cell.kind.as_str() {
                "BYTEA" => bytes(app.engine, &value),
                _ => String::from_utf8(value).unwrap(),
            };
            format!("{} = {value}", cell.column)
        })
        .collect();
    format!("UPDATE ledger_checkpoint SET {}", sets.join(", "))
}

async fn keyring(app: &TestApp, sql: &str) {
    load(app.urls().1, sql).await;
}

async fn receipts_are_deleted_after_two_years_and_the_others_still_verify(app: &TestApp) {
    record(app, 3).await;
    app.clock.advance_millis(100 * DAY);
    record(app, 2).await;
    // The first receipt has exactly the greatest age, and is then a millisecond older.
    app.clock.advance_millis(YEARS - 100 * DAY - 5_000);
    assert_eq!(prune(app, true).await, (0, 0));
    app.clock.advance_millis(1);
    assert_eq!(prune(app, true).await, (1, 0));
    app.clock.advance_millis(5_000);
    assert_eq!(prune(app, true).await, (3, 0));
    assert_eq!((receipts(app).await, verified(app).await), (5, whole(5, 0)), "a dry run changes nothing");
    assert_eq!(prune(app, false).await, (3, 0));
    assert_eq!((receipts(app).await, verified(app).await), (2, whole(2, 3)));
    assert_eq!(prune(app, false).await, (0, 0));
    record(app, 1).await;
    assert_eq!(verified(app).await, whole(3, 3));
    let second = app.second_instance().await;
    assert_eq!(second.ledger().verify().await.unwrap(), whole(3, 3));
    second.close().await;
    // The daily counts stay.
    assert_eq!(app.number("SELECT CAST(SUM(accepted + refused + custom) AS BIGINT) FROM consent_day".into()).await, 6);
}

async fn a_ledger_without_any_receipt_left_goes_on(app: &TestApp) {
    record(app, 4).await;
    app.clock.advance_millis(YEARS);
    assert_eq!(prune(app, false).await, (4, 2));
    assert_eq!((receipts(app).await, verified(app).await), (0, whole(0, 4)));
    let second = app.second_instance().await;
    let (one, two) =
        tokio::join!(app.services.record(choice(&["video"], "Un texte")), second.record(choice(&[], "Un texte")));
    assert_ne!(one.unwrap().id, two.unwrap().id);
    assert_eq!(app.number("SELECT MIN(number) FROM consent_receipt".into()).await, 5);
    assert_eq!(verified(app).await, whole(2, 4));
    app.clock.advance_millis(YEARS + 1);
    assert_eq!(prune(app, false).await, (2, 2));
    assert_eq!(verified(app).await, whole(0, 6));
    second.close().await;
}

async fn a_text_is_deleted_with_its_last_receipt(app: &TestApp) {
    let texts = async || {
        let text = |word: &str| format!("SELECT COUNT(*) FROM consent_text WHERE content = '{word}'");
        let mut found = Vec::new();
        for word in ["ancien", "deux fois", "nouveau", "measure|video"] {
            found.push(app.number(text(word)).await);
        }
        found
    };
    app.services.record(choice(&[], "ancien")).await.unwrap();
    app.services.record(choice(&[], "deux fois")).await.unwrap();
    app.clock.advance_millis(DAY);
    app.services.record(choice(&[], "deux fois")).await.unwrap();
    app.services.record(choice(&[], "nouveau")).await.unwrap();
    assert_eq!(texts().await, [1, 1, 1, 1]);
    app.clock.advance_millis(YEARS);
    app.clock.advance_millis(-DAY + 1);
    assert_eq!(prune(app, true).await, (2, 1));
    assert_eq!(prune(app, false).await, (2, 1));
    assert_eq!(texts().await, [0, 1, 1, 1]);
    assert_eq!(verified(app).await, whole(2, 2));
}

async fn an_interrupted_pruning_is_finished_by_the_next(app: &TestApp) {
    three_old_of_five(app).await;
    assert_eq!(prune(app, false).await, (3, 0));
    // A crash leaves this between the seal and the deletion, or in the middle of the deletion.
    for (left, rows) in [("TRUE", 5), ("number >= 2", 4), ("number >= 3", 3)] {
        put_back(app, left).await;
        assert_eq!(verified(app).await, whole(rows, 5 - rows), "{left}");
    }
    for (what, sql, expected) in [
        ("altered", "UPDATE consent_receipt SET at = at + 1 WHERE number = 2", broken(2)),
        ("removed", "DELETE FROM consent_receipt WHERE number = 3", broken(3)),
        ("after it", "DELETE FROM consent_receipt WHERE number = 4", broken(4)),
        ("the end", "DELETE FROM consent_receipt WHERE number > 2", broken(3)),
    ] {
        put_back(app, "TRUE").await;
        assert!(app.execute(sql.to_owned()).await > 0, "{what}");
        assert_eq!(verified(app).await, expected, "{what}");
    }
    put_back(app, "TRUE").await;
    assert_eq!(prune(app, true).await, (3, 0), "a dry run counts what is left to be removed");
    assert_eq!(prune(app, false).await, (3, 0));
    assert_eq!((receipts(app).await, verified(app).await), (2, whole(2, 3)));
}

async fn a_checkpoint_that_was_forged_removed_or_put_back_is_found(app: &TestApp) {
    three_old_of_five(app).await;
    app.clock.advance_millis(-4_000);
    assert_eq!(prune(app, false).await, (1, 0));
    let old = checkpoint(app).await;
    app.clock.advance_millis(4_000);
    assert_eq!(prune(app, false).await, (2, 0));
    let true_one = checkpoint(app).await;
    assert_eq!(verified(app).await, whole(2, 3));
    let zeros = bytes(app.engine, &[0; 32]);
    for forged in [
        "receipts = 2".to_owned(),
        "receipts = 4".to_owned(),
        "receipts = 0".to_owned(),
        "receipts = -1".to_owned(),
        "at = at + 1".to_owned(),
        format!("mac = {zeros}"),
        "mac = seal".to_owned(),
        "seal = mac".to_owned(),
        format!("seal = {zeros}"),
    ] {
        keyring(app, &format!("UPDATE ledger_checkpoint SET {forged}")).await;
        assert_eq!(verified(app).await, Err(LedgerFault::Checkpoint), "{forged}");
        let failed = app.services.run_job("prune-receipts", None, false).await.unwrap_err().to_string();
        assert!(failed.contains("forged"), "{failed}");
        keyring(app, &true_one).await;
        assert_eq!(verified(app).await, whole(2, 3), "put back after {forged}");
    }
    keyring(app, &old).await;
    assert_eq!(verified(app).await, broken(2), "an older one");
    keyring(app, "DELETE FROM ledger_checkpoint").await;
    assert_eq!(verified(app).await, broken(1), "none");
    app.execute("DELETE FROM consent_receipt".into()).await;
    assert_eq!(verified(app).await, Err(LedgerFault::CutOff { found: 0, expected: 5 }));
}

async fn missing_rows_beyond_the_checkpoint_are_found(app: &TestApp) {
    three_old_of_five(app).await;
    assert_eq!(prune(app, false).await, (3, 0));
    app.execute("DELETE FROM consent_receipt WHERE number = 4".into()).await;
    assert_eq!(verified(app).await, broken(4));
    app.execute("DELETE FROM consent_receipt".into()).await;
    assert_eq!(verified(app).await, Err(LedgerFault::CutOff { found: 3, expected: 5 }));
    put_back(app, "number > 3").await;
    assert_eq!(verified(app).await, whole(2, 3));
    // The head in the keyring is put back or removed: the checkpoint is never ahead of it.
    let head = tables::all(app.urls().1).await.into_iter().find(|line| line.table == "ledger_head").unwrap();
    assert_eq!(head.cells[1].value.as_deref(), Some(&b"5"[..]));
    keyring(app, "UPDATE ledger_head SET receipts = 2").await;
    assert_eq!(verified(app).await, Err(LedgerFault::Head { upto: 3 }));
    keyring(app, "DELETE FROM ledger_head").await;
    assert_eq!(verified(app).await, Err(LedgerFault::Head { upto: 3 }));
}

async fn a_ledger_that_was_tampered_with_is_not_pruned(app: &TestApp) {
    three_old_of_five(app).await;
    app.execute("UPDATE consent_receipt SET decisions = '{}' WHERE number = 2".into()).await;
    let failed = app.services.run_job("prune-receipts", None, false).await.unwrap_err().to_string();
    assert!(failed.contains("run verify-ledger"), "{failed}");
    assert_eq!((receipts(app).await, verified(app).await), (5, broken(2)), "the traces stay");
    put_back(app, "number <= 2").await;
    // The end was cut off: the rest is pruned, and the cut is still found.
    assert_eq!(prune(app, false).await.0, 2);
    assert_eq!(verified(app).await, Err(LedgerFault::CutOff { found: 2, expected: 5 }));
}

async fn many_receipts_are_deleted_in_batches_during_a_verification(app: &TestApp) {
    app.services.test_fill_ledger(&choice(&["video"], "Un texte"), 2_500).await.unwrap();
    app.clock.advance_millis(DAY);
    record(app, 3).await;
    assert_eq!(verified(app).await, whole(2_503, 0));
    app.clock.advance_millis(YEARS - DAY + 1);
    let second = app.second_instance().await;
    let pruning = async { prune(app, false).await };
    let watching = async {
        let mut pruned = 0;
        while pruned < 2_500 {
            // Whatever is deleted meanwhile, the ledger always verifies, and no receipt comes back.
            let report = second.ledger().verify().await.unwrap().unwrap();
            assert_eq!(report.receipts + report.pruned, 2_503);
            assert!(report.pruned >= pruned);
            pruned = report.pruned;
        }
    };
    let (did, ()) = tokio::join!(pruning, watching);
    assert_eq!(did, (2_500, 0));
    assert_eq!(verified(app).await, whole(3, 2_500));
    second.close().await;
}

/// Measures how long verifying takes: `cargo test --release -- --ignored --nocapture a_hundred_thousand`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn a_hundred_thousand_receipts_are_verified() {
    for engine in [crate::support::Engine::Sqlite, crate::support::Engine::Postgres] {
        let app = TestApp::start(engine).await;
        app.services.test_fill_ledger(&choice(&["video"], "Un texte"), 100_000).await.unwrap();
        let began = std::time::Instant::now();
        assert_eq!(verified(&app).await, whole(100_000, 0));
        println!("{engine:?}: 100 000 receipts verified in {:?}", began.elapsed());
        app.clock.advance_millis(YEARS + 1);
        let began = std::time::Instant::now();
        assert_eq!(prune(&app, false).await, (100_000, 2));
        println!("{engine:?}: and pruned in {:?}", began.elapsed());
        app.finish().await;
    }
}
