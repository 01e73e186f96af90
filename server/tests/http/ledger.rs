//! The ledger of choices: what a receipt holds, and how tampering with it is found (C8).

use crate::{
    consent::{ACCEPT, REFUSE, stored},
    support::{Browser, Engine, NOW, TestApp, empty_urls, on_both_engines, setup},
    tables::{self, Cell},
    upgrade::{load, statements},
};
use axum::{body::Body, http::Method};
use data_encoding::HEXLOWER;
use domain::consent::{ConsentDecision, Consents, NewReceipt, Place, ServiceId};
use futures::future::join_all;
use services::{
    FixedClock, Key, LedgerFault, LedgerReport, Services,
    db::{DATA_MIGRATIONS, Db, KEYRING_MIGRATIONS},
    mail::Carrier,
};
use std::sync::Arc;

on_both_engines!(
    each_choice_leaves_a_receipt_that_names_nobody,
    the_holder_of_a_receipt_reads_it_again,
    tampering_with_the_ledger_is_found,
    one_changed_byte_in_any_column_is_found,
    a_chain_that_was_made_with_another_key_is_found,
    simultaneous_choices_on_two_instances_never_fork_the_ledger,
    a_choice_without_a_receipt_does_not_count,
);

/// A choice between two services, with this text.
pub(crate) fn choice(accepted: &[&str], text: &str) -> NewReceipt {
    NewReceipt {
        decision: ConsentDecision { accepted: accepted.iter().map(|name| ServiceId::from(*name)).collect() },
        asked: ["measure", "video"].map(ServiceId::from).to_vec(),
        text: text.to_owned(),
        list: "measure|video".to_owned(),
        place: Place::Panel,
    }
}

/// Records `count` choices, a second apart.
pub(crate) async fn record(app: &TestApp, count: usize) {
    for index in 0..count {
        let accepted: &[&str] = if index % 2 == 0 { &["video"] } else { &[] };
        app.services.record(choice(accepted, "Un texte")).await.unwrap();
        app.clock.advance_millis(1_000);
    }
}

/// The result of verifying the whole ledger.
pub(crate) async fn verified(app: &TestApp) -> Result<LedgerReport, LedgerFault> {
    app.services.ledger().verify().await.unwrap()
}

/// The result for a ledger that is intact.
pub(crate) fn whole(receipts: u64, pruned: u64) -> Result<LedgerReport, LedgerFault> {
    Ok(LedgerReport { receipts, pruned })
}

pub(crate) fn broken(number: i64) -> Result<LedgerReport, LedgerFault> {
    Err(LedgerFault::Broken { number })
}

/// Bytes as a statement for `engine` writes them.
pub(crate) fn bytes(engine: Engine, bytes: &[u8]) -> String {
    match engine {
        Engine::Sqlite => format!("x'{}'", HEXLOWER.encode(bytes)),
        Engine::Postgres => format!("'\\x{}'::bytea", HEXLOWER.encode(bytes)),
    }
}

/// Copies the ledger, for [`put_back`].
pub(crate) async fn keep(app: &TestApp) {
    app.execute("CREATE TABLE kept AS SELECT * FROM consent_receipt".into()).await;
}

/// Puts the copied rows back for which `condition` holds.
pub(crate) async fn put_back(app: &TestApp, condition: &str) {
    app.execute("DELETE FROM consent_receipt".into()).await;
    app.execute(format!("INSERT INTO consent_receipt SELECT * FROM kept WHERE {condition}")).await;
}

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
             WHERE r.id = {} AND r.number = 1 AND r.place = 'banner' AND r.decisions LIKE '%\"youtube\":true%' AND r.decisions NOT LIKE '%false%'
             AND l.content LIKE '%youtube%' AND t.content LIKE '%cookies%'",
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
    // A choice belongs to the browser, whether or not its user is signed in.
    let youth = app.youth().await;
    youth.browser.post("/cookies", &REFUSE).await.expect_see("/");
    assert_eq!(verified(app).await, whole(2, 0));
}

/// `cell` with one byte changed, as a statement writes it.
fn altered(engine: Engine, cell: &Cell) -> String {
    let mut value = cell.value.clone().unwrap();
    match (cell.kind.as_str(), engine) {
        ("BIGINT", _) => (String::from_utf8(value).unwrap().parse::<i64>().unwrap() + 40).to_string(),
        ("BYTEA", _) | ("UUID", Engine::Sqlite) => {
            value[7] ^= 1;
            bytes(engine, &value)
        }
        ("UUID", Engine::Postgres) => {
            value[7] = if value[7] == b'0' { b'1' } else { b'0' };
            format!("'{}'", String::from_utf8(value).unwrap())
        }
        _ => {
            value[1] ^= 1;
            format!("'{}'", String::from_utf8(value).unwrap())
        }
    }
}

async fn one_changed_byte_in_any_column_is_found(app: &TestApp) {
    record(app, 5).await;
    keep(app).await;
    let lines = tables::all(app.urls().0).await;
    let number = |cells: &[Cell]| cells.iter().any(|cell| cell.column == "number" && cell.value == Some(b"3".to_vec()));
    let line = lines.iter().find(|line| line.table == "consent_receipt" && number(&line.cells)).unwrap();
    assert_eq!(line.cells.len(), 9);
    for cell in &line.cells {
        let (column, value) = (&cell.column, altered(app.engine, cell));
        if column.ends_with("_hash") {
            // The engine refuses a hash that has no text.
            app.execute(format!("INSERT INTO consent_text (hash, content) VALUES ({value}, 'Un autre')")).await;
        }
        let sql = format!("UPDATE consent_receipt SET {column} = {value} WHERE number = 3");
        assert_eq!(app.execute(sql).await, 1, "{column}");
        assert_eq!(verified(app).await, broken(3), "{column}");
        put_back(app, "TRUE").await;
        assert_eq!(verified(app).await, whole(5, 0), "put back after {column}");
    }
    if app.engine == Engine::Sqlite {
        // SQLite stores values of another type than the column's.
        app.execute("UPDATE consent_receipt SET decisions = CAST(x'ff' AS TEXT) WHERE number = 4".into()).await;
        assert_eq!(verified(app).await, broken(4));
        app.execute("UPDATE consent_receipt SET id = x'00' WHERE number = 2".into()).await;
        assert_eq!(verified(app).await, broken(2));
    }
}

async fn a_chain_that_was_made_with_another_key_is_found(app: &TestApp) {
    record(app, 3).await;
    // Somebody writes a whole new chain with a key of their own.
    let folder = tempfile::tempdir().unwrap();
    let urls = empty_urls(Engine::Sqlite, folder.path()).await;
    let (data, keyring) = (Db::open(&urls.0).await.unwrap(), Db::open(&urls.1).await.unwrap());
    data.migrate(&DATA_MIGRATIONS).await.unwrap();
    keyring.migrate(&KEYRING_MIGRATIONS).await.unwrap();
    let key = Key::from_bytes(&[9; 32]);
    let mail = Carrier::Folder(folder.path().join("mail"));
    let other = Services::over(data, keyring, &key, setup(app.objects.clone(), &app.clock, mail)).await.unwrap();
    for _ in 0..3 {
        other.record(choice(&["measure", "video"], "Un texte")).await.unwrap();
    }
    assert_eq!(other.ledger().verify().await.unwrap(), whole(3, 0), "sound under its own key");
    other.close().await;
    let forged: Vec<_> =
        tables::all(&urls.0).await.into_iter().filter(|line| line.table == "consent_receipt").collect();
    assert_eq!(forged.len(), 3);
    app.execute("DELETE FROM consent_receipt".into()).await;
    load(app.urls().0, &statements(&forged)).await;
    assert_eq!(verified(app).await, broken(1));
    // They also write its head into the keyring.
    let mac = forged[2].cells.iter().find(|cell| cell.column == "mac").unwrap().value.clone().unwrap();
    load(app.urls().1, &format!("UPDATE ledger_head SET mac = {}", bytes(app.engine, &mac))).await;
    assert_eq!(verified(app).await, broken(1));
}

async fn the_holder_of_a_receipt_reads_it_again(app: &TestApp) {
    let written = app.services.record(choice(&["video"], "Les mots « exacts ».\nAvec une ligne.")).await.unwrap();
    app.services.record(choice(&[], "D’autres mots")).await.unwrap();
    let read = app.services.receipt(written.id).await.unwrap().unwrap();
    assert_eq!((read.id, read.at, read.place.as_str()), (written.id, written.at, "panel"));
    let decisions: Vec<_> = read.decisions.iter().map(|(service, yes)| (service.as_str(), *yes)).collect();
    assert_eq!(decisions, [("measure", false), ("video", true)]);
    assert_eq!(read.text, "Les mots « exacts ».\nAvec une ligne.");
    assert_eq!(read.list, "measure|video");
    // The hash is the SHA-256 of the list, computed by another program.
    assert_eq!(read.list_hash, "46ab015c05db4f4ac2a024cfb6e4f4a5fabeb08279079a4486db225721505776");
    assert_ne!(read.list_hash, read.text_hash);
    assert_eq!(app.services.receipt(uuid::Uuid::from_u128(7).into()).await.unwrap(), None);
}

async fn tampering_with_the_ledger_is_found(app: &TestApp) {
    assert_eq!(verified(app).await, whole(0, 0));
    record(app, 5).await;
    assert_eq!(verified(app).await, whole(5, 0));
    keep(app).await;
    let zeros = bytes(app.engine, &[0; 32]);
    let cases = [
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
        assert_eq!(verified(app).await, expected, "{what}");
        put_back(app, "TRUE").await;
        assert_eq!(verified(app).await, whole(5, 0), "put back after {what}");
    }

    // Two rows are swapped: first with their numbers, then only their contents.
    for sql in [
        "UPDATE consent_receipt SET number = 99 WHERE number = 2",
        "UPDATE consent_receipt SET number = 2 WHERE number = 3",
        "UPDATE consent_receipt SET number = 3 WHERE number = 99",
    ] {
        assert_eq!(app.execute(sql.into()).await, 1);
    }
    assert_eq!(verified(app).await, broken(2));
    put_back(app, "TRUE").await;
    let other = "(SELECT decisions FROM kept WHERE number = 5 - consent_receipt.number)";
    let sql = format!("UPDATE consent_receipt SET decisions = {other} WHERE number IN (2, 3)");
    assert_eq!(app.execute(sql).await, 2);
    assert_eq!(verified(app).await, broken(2));

    put_back(app, "TRUE").await;
    // A row is added before the first one, where a walk would not begin.
    let before = "SELECT 0, id, at, decisions, list_hash, text_hash, place, previous, mac FROM kept WHERE number = 1";
    app.execute("DELETE FROM consent_receipt WHERE number = 1".into()).await;
    assert_eq!(app.execute(format!("INSERT INTO consent_receipt {before}")).await, 1);
    assert_eq!(verified(app).await, broken(0));
    put_back(app, "TRUE").await;
    // The text is altered, so that a hash stands for another text.
    app.execute("UPDATE consent_text SET content = 'Un autre' WHERE content = 'Un texte'".into()).await;
    assert_eq!(verified(app).await, Err(LedgerFault::Text { number: 1 }));
    app.execute("UPDATE consent_text SET content = 'Un texte' WHERE content = 'Un autre'".into()).await;

    // An old copy is put back and new receipts follow: they do not hide that the earlier end was cut off.
    put_back(app, "number <= 3").await;
    record(app, 4).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM consent_receipt".into()).await, 7);
    assert_eq!(verified(app).await, broken(5));
    let second = app.second_instance().await;
    assert_eq!(second.ledger().verify().await.unwrap(), broken(5));
    second.close().await;
}

async fn simultaneous_choices_on_two_instances_never_fork_the_ledger(app: &TestApp) {
    let second = app.second_instance().await;
    let other = Browser::new(app.router_over(&second));
    let visitors: Vec<_> = (0..20).map(|index| if index % 2 == 0 { app.anonymous() } else { other.same() }).collect();
    let answers = join_all(visitors.iter().map(|visitor| visitor.post("/cookies", &ACCEPT))).await;
    for answer in answers {
        answer.expect_see("/");
    }
    assert_eq!(verified(app).await, whole(20, 0));
    assert_eq!(second.ledger().verify().await.unwrap(), whole(20, 0));
    let mut numbers: Vec<_> = visitors.iter().map(|visitor| stored(visitor).unwrap().receipt.to_string()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 20, "each its own receipt");
    second.close().await;
}

async fn a_choice_without_a_receipt_does_not_count(app: &TestApp) {
    app.execute("ALTER TABLE consent_receipt RENAME TO elsewhere".into()).await;
    let browser = app.anonymous();
    let answer = browser.post("/cookies", &ACCEPT).await.expect(500).expect_text("Quelque chose s’est cassé");
    assert!(!answer.headers.contains_key("set-cookie"), "what is not on record does not count");
    for internal in ["consent_receipt", "SELECT", "no such table", "relation", "sqlx"] {
        assert!(!answer.text().contains(internal), "{internal}");
    }
    app.execute("ALTER TABLE elsewhere RENAME TO consent_receipt".into()).await;
    app.services.record(choice(&["video"], "Un texte")).await.unwrap();
    assert_eq!(verified(app).await, whole(1, 0));
}

/// The exit code of the command, and the one line that it prints.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_reports_a_fault_in_one_line() {
    let program = crate::doctor_command::Place::empty();
    let run = || {
        let output = program.command(&["verify-ledger"], &[]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run().0, Some(0), "an empty one");
    let url = |name: &str| format!("sqlite:{}", program.data().join(name).display());
    let (data, keyring) = (Db::open(&url("balise.db")).await.unwrap(), Db::open(&url("keyring.db")).await.unwrap());
    let key = Key::load(&program.data().join("master.key")).unwrap();
    let objects = Arc::new(object_store::memory::InMemory::new());
    let (clock, mail) = (Arc::new(FixedClock::at(NOW)), Carrier::Folder(program.data().join("mail")));
    let services = Services::over(data, keyring, &key, setup(objects, &clock, mail)).await.unwrap();
    for _ in 0..3 {
        services.record(choice(&["video"], "Un texte")).await.unwrap();
    }
    services.close().await;
    let (code, said, _) = run();
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "The ledger is whole: 3 receipts verified, 0 pruned by age before them.\n")
    );
    load(&url("balise.db"), "UPDATE consent_receipt SET at = at + 1 WHERE number = 2").await;
    let (code, said, wrong) = run();
    assert_eq!((code, said.as_str()), (Some(1), ""));
    let last = wrong.lines().last().unwrap();
    assert_eq!(last, "balise: receipt 2: the chain is broken here");
}
