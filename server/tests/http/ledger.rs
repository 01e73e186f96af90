//! The ledger of choices: what a receipt holds, and what happens to whoever touches it (C8).

use crate::{
    consent::{ACCEPT, REFUSE, receipts, stored},
    support::{Browser, Engine, TestApp, on_both_engines},
};
use axum::{body::Body, http::Method};
use domain::consent::{Consents, Decision, NewReceipt, ServiceId};
use futures::future::join_all;
use services::LedgerFault;

on_both_engines!(
    each_choice_leaves_a_receipt_that_names_nobody,
    a_ledger_that_was_tampered_with_is_found_out,
    choices_at_once_through_two_instances_never_fork_the_ledger,
    no_receipt_no_choice,
);

async fn each_choice_leaves_a_receipt_that_names_nobody(app: &TestApp) {
    let browser = app.anonymous();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("user-agent", "Canari/7 (Firefox; Android)"),
        ("x-forwarded-for", "203.0.113.77"),
        ("referer", "https://portail.test/canari"),
    ];
    let body = Body::from("choice=accept&back=%2Fcanari");
    browser.send(Method::POST, "/cookies", &headers, body).await.expect_see("/canari");
    let receipt = stored(&browser).unwrap().receipt;
    let found = app
        .number(format!(
            "SELECT COUNT(*) FROM consent_receipt r
             JOIN consent_text l ON l.hash = r.list_hash JOIN consent_text t ON t.hash = r.text_hash
             WHERE r.id = {} AND r.number = 1 AND r.place = 'banner' AND r.decisions = '{{\"youtube\":true}}'
             AND l.content LIKE 'youtube|Google Ireland Ltd|video|%' AND t.content LIKE '%Le site marche sans%'",
            app.sql_id(receipt)
        ))
        .await;
    assert_eq!(found, 1, "the receipt, the list and the words shown");
    assert_eq!(uuid::Uuid::from(receipt).get_version_num(), 4, "random: it tells no time");

    let columns = "('number', 'id', 'at', 'decisions', 'list_hash', 'text_hash', 'place', 'previous', 'mac')";
    let others = match app.engine {
        Engine::Sqlite => {
            format!("SELECT COUNT(*) FROM pragma_table_info('consent_receipt') WHERE name NOT IN {columns}")
        }
        Engine::Postgres => format!(
            "SELECT COUNT(*) FROM information_schema.columns
             WHERE table_name = 'consent_receipt' AND column_name NOT IN {columns}"
        ),
    };
    assert_eq!(app.number(others).await, 0, "a new column has to prove that it names nobody");
    for (table, column) in [("consent_receipt", "decisions"), ("consent_receipt", "place"), ("consent_text", "content")]
    {
        for canary in ["anari", "203.0.113.77", "Firefox"] {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{canary}%'");
            assert_eq!(app.number(sql).await, 0, "{canary} in {table}.{column}");
        }
    }
    // Signed in or not, a choice is the browser's.
    let youth = app.youth().await;
    youth.browser.post("/cookies", &REFUSE).await.expect_see("/");
    assert_eq!(app.services.verify_ledger().await.unwrap(), Ok(2));
}

async fn a_ledger_that_was_tampered_with_is_found_out(app: &TestApp) {
    assert_eq!(app.services.verify_ledger().await.unwrap(), Ok(0));
    let browser = app.anonymous();
    for fields in [ACCEPT, REFUSE, ACCEPT, REFUSE, ACCEPT] {
        browser.post("/cookies", &fields).await.expect_see("/");
        app.clock.advance_millis(1_000);
    }
    assert_eq!(app.services.verify_ledger().await.unwrap(), Ok(5));
    app.execute("CREATE TABLE kept AS SELECT * FROM consent_receipt".into()).await;
    let nobody = app.sql_id(uuid::Uuid::nil());
    let zeros = match app.engine {
        Engine::Sqlite => format!("x'{}'", "00".repeat(32)),
        Engine::Postgres => format!("'\\x{}'::bytea", "00".repeat(32)),
    };
    let broken = |number| Err(LedgerFault::Broken { number });
    let cases = [
        (
            "one letter",
            "UPDATE consent_receipt SET decisions = REPLACE(decisions, 'false', 'true') WHERE number = 2".to_owned(),
            broken(2),
        ),
        ("the time", "UPDATE consent_receipt SET at = at + 1 WHERE number = 3".to_owned(), broken(3)),
        ("the place", "UPDATE consent_receipt SET place = 'panel' WHERE number = 1".to_owned(), broken(1)),
        ("the id", format!("UPDATE consent_receipt SET id = {nobody} WHERE number = 5"), broken(5)),
        ("the words", "UPDATE consent_receipt SET text_hash = list_hash WHERE number = 4".to_owned(), broken(4)),
        ("the list", "UPDATE consent_receipt SET list_hash = text_hash WHERE number = 4".to_owned(), broken(4)),
        ("the link", format!("UPDATE consent_receipt SET mac = {zeros} WHERE number = 5"), broken(5)),
        ("a link copied", "UPDATE consent_receipt SET mac = previous WHERE number = 3".to_owned(), broken(3)),
        ("the first row gone", "DELETE FROM consent_receipt WHERE number = 1".to_owned(), broken(1)),
        ("a middle row gone", "DELETE FROM consent_receipt WHERE number = 3".to_owned(), broken(3)),
        (
            "the last row gone",
            "DELETE FROM consent_receipt WHERE number = 5".to_owned(),
            Err(LedgerFault::CutOff { found: 4, expected: 5 }),
        ),
        ("all rows gone", "DELETE FROM consent_receipt".to_owned(), Err(LedgerFault::CutOff { found: 0, expected: 5 })),
    ];
    for (what, sql, expected) in cases {
        assert!(app.execute(sql).await > 0, "{what}");
        assert_eq!(app.services.verify_ledger().await.unwrap(), expected, "{what}");
        app.execute("DELETE FROM consent_receipt".into()).await;
        app.execute("INSERT INTO consent_receipt SELECT * FROM kept".into()).await;
        assert_eq!(app.services.verify_ledger().await.unwrap(), Ok(5), "put back after {what}");
    }

    // Two rows swapped: their numbers, then only what they say.
    for sql in [
        "UPDATE consent_receipt SET number = 99 WHERE number = 2",
        "UPDATE consent_receipt SET number = 2 WHERE number = 3",
        "UPDATE consent_receipt SET number = 3 WHERE number = 99",
    ] {
        assert_eq!(app.execute(sql.into()).await, 1);
    }
    assert_eq!(app.services.verify_ledger().await.unwrap(), broken(2));
    app.execute("DELETE FROM consent_receipt".into()).await;
    app.execute("INSERT INTO consent_receipt SELECT * FROM kept".into()).await;
    let other = "(SELECT decisions FROM kept WHERE number = 5 - consent_receipt.number)";
    let sql = format!("UPDATE consent_receipt SET decisions = {other} WHERE number IN (2, 3)");
    assert_eq!(app.execute(sql).await, 2);
    assert_eq!(app.services.verify_ledger().await.unwrap(), broken(2));

    // An old copy put back, and life going on: what is written afterwards does not hide the end that was cut off.
    app.execute("DELETE FROM consent_receipt".into()).await;
    app.execute("INSERT INTO consent_receipt SELECT * FROM kept WHERE number <= 3".into()).await;
    for _ in 0..4 {
        browser.post("/cookies", &REFUSE).await.expect_see("/");
    }
    assert_eq!(receipts(app).await, 7);
    assert_eq!(app.services.verify_ledger().await.unwrap(), broken(5));
    let second = app.second_instance().await;
    assert_eq!(second.verify_ledger().await.unwrap(), broken(5));
    second.close().await;
}

async fn choices_at_once_through_two_instances_never_fork_the_ledger(app: &TestApp) {
    let second = app.second_instance().await;
    let other = Browser::new(app.router_over(&second));
    let visitors: Vec<_> = (0..20).map(|index| if index % 2 == 0 { app.anonymous() } else { other.same() }).collect();
    let answers = join_all(visitors.iter().map(|visitor| visitor.post("/cookies", &ACCEPT))).await;
    for answer in answers {
        answer.expect_see("/");
    }
    assert_eq!(app.services.verify_ledger().await.unwrap(), Ok(20));
    assert_eq!(second.verify_ledger().await.unwrap(), Ok(20));
    let mut numbers: Vec<_> = visitors.iter().map(|visitor| stored(visitor).unwrap().receipt.to_string()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 20, "each its own receipt");
    second.close().await;
}

async fn no_receipt_no_choice(app: &TestApp) {
    app.execute("ALTER TABLE consent_receipt RENAME TO elsewhere".into()).await;
    let browser = app.anonymous();
    let answer = browser.post("/cookies", &ACCEPT).await.expect(500).expect_text("Quelque chose s’est cassé");
    assert!(!answer.headers.contains_key("set-cookie"), "what is not on record does not count");
    for internal in ["consent_receipt", "SELECT", "no such table", "relation", "sqlx"] {
        assert!(!answer.text().contains(internal), "{internal}");
    }
    app.execute("ALTER TABLE elsewhere RENAME TO consent_receipt".into()).await;
    let receipt = NewReceipt {
        decision: Decision { accepted: vec![ServiceId::from("youtube")] },
        asked: vec![ServiceId::from("youtube")],
        text: "Un texte".to_owned(),
        list: "Une liste".to_owned(),
        place: "panel",
    };
    app.services.record(receipt).await.unwrap();
    assert_eq!(app.services.verify_ledger().await.unwrap(), Ok(1));
}
