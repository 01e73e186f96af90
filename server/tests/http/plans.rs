//! No query of the store makes an engine read a whole table that grows.

use crate::support::{Engine, TestApp, on_both_engines};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use std::{fs, path::Path};

on_both_engines!(no_query_reads_a_whole_table_that_grows, plans_are_the_same_for_few_and_for_many);

/// Tables that hardly grow: a team has tens of members.
const SMALL: [&str; 11] = [
    "key_check",
    "ledger_head",
    "ledger_checkpoint",
    "consent_text",
    "staff",
    "staff_turn",
    "job",
    "mail_pause",
    // There are a few dozen a year.
    "event",
    // There is one row for each page, each piece of news and each open event.
    "search_entry",
    // There is one row for each change of the policy's text.
    "policy_version",
];

/// Indexes of waiting rows only: reading a whole one means reading a few rows.
const PARTIAL: [&str; 2] = ["account_proposal_one_change", "account_proposal_one_identifier"];

/// The beginnings of queries that may read a whole table, and the reason.
const WHOLE: &[(&str, &str)] = &[
    ("SELECT COUNT(*) FROM (SELECT 1 FROM account LIMIT 1)", "stops at the first row"),
    (
        "SELECT number, id, at, decisions, list_hash, text_hash, place, previous, mac FROM consent_receipt ORDER BY number DESC LIMIT 1",
        "stops at the last row, by its index",
    ),
    (
        "SELECT r.name, r.cause, r.started_at, r.ended_at, r.outcome, r.counts FROM job_run r",
        "a row of each job, by its key; PostgreSQL reads an empty table as it likes",
    ),
    ("SELECT COUNT(*) FROM consent_text", "one row for each change of the words, by whichever index"),
    ("SELECT COUNT(*) FROM job_run", "the runs of ninety days, for the number of pages"),
    (
        "SELECT name, cause, started_at, ended_at, outcome, counts FROM job_run ORDER BY started_at DESC",
        "stops at the page's last row, by its index",
    ),
    ("SELECT COUNT(*) FROM event", "a few dozen a year, by whichever index"),
    ("SELECT COUNT(*), COUNT(CASE WHEN birth_date", "the key figures count everybody, every ten minutes at most"),
    ("SELECT substr(registered_on, 1, 7)", "the key figures count everybody, every ten minutes at most"),
    ("SELECT category, COUNT(DISTINCT youth_id)", "the key figures count everybody, every ten minutes at most"),
    ("SELECT (SELECT COUNT(*) FROM document", "the key figures count all work, every ten minutes at most"),
];

/// A query of the store, and its file.
struct Query {
    file: String,
    text: String,
}

/// The text of the query that `call` begins with: a literal, or a `concat!` of literals and of macros of `source` that
/// stand for one.
fn text_of(call: &str, source: &str) -> String {
    let literal = |text: &str| text.split('"').nth(1).unwrap_or_default().to_owned();
    let opening = call.split('"').next().unwrap_or_default().trim_end();
    let text = if opening.ends_with("concat!(") {
        let mut pieces = String::new();
        // Every second piece between quotation marks is a literal; the others hold commas, macros and, once, the end.
        for (at, piece) in call.split('"').skip(1).enumerate() {
            if at % 2 == 0 {
                pieces.push_str(piece);
                continue;
            }
            let (names, over) = match piece.replace("!()", "!").split_once(')') {
                Some((names, _)) => (names.to_owned(), true),
                None => (piece.replace("!()", "!"), false),
            };
            for name in names.split(',').filter_map(|name| name.trim().strip_suffix('!')) {
                let (_, definition) = source
                    .split_once(&format!("macro_rules! {name} {{"))
                    .unwrap_or_else(|| panic!("{name}!: no such macro in this file"));
                pieces.push_str(&literal(definition));
            }
            if over {
                break;
            }
        }
        pieces
    } else {
        literal(call)
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every query of the store, out of its sources: each is a text that stands there, because `sqlx` asks for that.
fn queries() -> Vec<Query> {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("services/src/store");
    let mut found = Vec::new();
    for entry in fs::read_dir(store).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        // `balise doctor` reads everything on purpose, and no page waits for it.
        if file == "inspection.rs" {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for call in source.split("sqlx::query").skip(1) {
            let text = text_of(call, &source);
            assert!(
                ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|verb| text.starts_with(verb)),
                "{file}: a query whose text does not follow it: {text}"
            );
            assert!(
                !text.contains("LIMIT $") && !text.contains("LIKE $"),
                "{file}: a query that SQLite plans anew at every call; see store.rs: {text}"
            );
            found.push(Query { file: file.clone(), text });
        }
    }
    assert!(found.len() > 40, "{} queries", found.len());
    found
}

#[test]
fn a_query_put_together_from_pieces_is_read_whole() {
    let source = r#"macro_rules! ended { () => { "FROM session WHERE ends_at < $1" }; }"#;
    for (call, text) in [
        (r#"("SELECT 1 FROM a").bind("b")"#, "SELECT 1 FROM a"),
        (r#"(concat!("DELETE ", ended!())).bind("b")"#, "DELETE FROM session WHERE ends_at < $1"),
        (
            r#"_scalar(concat!( "SELECT id ", ended!(), " LIMIT ($2 + 0)", )).bind("b")"#,
            "SELECT id FROM session WHERE ends_at < $1 LIMIT ($2 + 0)",
        ),
    ] {
        assert_eq!(text_of(call, source), text);
    }
}

/// The plan of each query, with one entry for each step that reads a table:
/// `(query, table, step, whether it reads all)`.
async fn plans(app: &TestApp) -> Vec<(String, String, String, bool)> {
    let (data, keyring) = app.urls();
    let mut steps = Vec::new();
    for Query { file, text } in queries() {
        let url = if file == "keyring.rs" { keyring } else { data };
        let found = match app.engine {
            Engine::Sqlite => sqlite(url, &text).await,
            Engine::Postgres => postgres(url, &text).await,
        };
        steps.extend(found.into_iter().map(|(table, step, whole)| (text.clone(), table, step, whole)));
    }
    steps
}

async fn sqlite(url: &str, text: &str) -> Vec<(String, String, bool)> {
    let mut conn = SqliteConnection::connect(url).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(&mut conn).await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"))).fetch_all(&mut conn).await.unwrap();
    let steps = rows.iter().filter_map(|row| {
        let step: String = row.get("detail");
        // A step is « SEARCH d USING INDEX … » or « SCAN y »; the result of a subquery is not a table.
        let (verb, alias) = step.split_once(' ')?;
        let table = table(text, alias.split(' ').next()?);
        let reads = ["SCAN", "SEARCH"].contains(&verb) && tables.contains(&table);
        reads.then(|| (table, step.clone(), verb == "SCAN"))
    });
    steps.collect()
}

/// The table for which `alias` stands in `text`.
fn table(text: &str, alias: &str) -> String {
    let words: Vec<_> = text.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    let named = words.windows(3).find(|three| ["FROM", "JOIN"].contains(&three[0]) && three[2] == alias);
    named.map_or(alias, |three| three[1]).to_owned()
}

/// PostgreSQL reads small tables whole, and rightly so. With that turned off, it still does where no index can serve.
async fn postgres(url: &str, text: &str) -> Vec<(String, String, bool)> {
    let mut conn = PgConnection::connect(url).await.unwrap();
    let count = (1..).take_while(|number| text.contains(&format!("${number}"))).count();
    let nothing = vec!["NULL"; count].join(", ");
    let arguments = if count == 0 { String::new() } else { format!("({nothing})") };
    for statement in [
        "SET enable_seqscan = off".to_owned(),
        // These kinds of join read both sides whole, which is right for small tables.
        "SET enable_hashjoin = off".to_owned(),
        "SET enable_mergejoin = off".to_owned(),
        "SET plan_cache_mode = force_generic_plan".to_owned(),
        format!("PREPARE it AS {text}"),
    ] {
        let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut conn).await;
        done.unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE it{arguments}");
    let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut conn).await.unwrap();
    let text: String = rows.iter().map(|row| row.get_unchecked::<String, _>(0)).collect();
    let plan: Value = serde_json::from_str(&text).unwrap();
    let mut steps = Vec::new();
    walk(&plan[0]["Plan"], &mut steps);
    steps
}

fn walk(node: &Value, steps: &mut Vec<(String, String, bool)>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    // The step above a bitmap reads the table, but the index of the bitmap says how many rows.
    if let Some(table) =
        node["Relation Name"].as_str().filter(|_| kind.ends_with("Scan") && !kind.starts_with("Bitmap"))
    {
        let few = node["Index Name"].as_str().is_some_and(|index| PARTIAL.contains(&index));
        steps.push((table.to_owned(), kind.to_owned(), !few && node.get("Index Cond").is_none()));
    }
    if kind == "Bitmap Index Scan" {
        let index = node["Index Name"].as_str().unwrap_or_default();
        // The index of a primary key is named after its table.
        let table = index.strip_suffix("_pkey").unwrap_or(index);
        steps.push((table.to_owned(), kind.to_owned(), !PARTIAL.contains(&index) && node.get("Index Cond").is_none()));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        walk(child, steps);
    }
}

async fn no_query_reads_a_whole_table_that_grows(app: &TestApp) {
    let steps = plans(app).await;
    assert!(steps.len() > 40, "{} steps: the plans are not understood", steps.len());
    let excused = |text: &str| WHOLE.iter().any(|(beginning, _)| text.starts_with(beginning));
    let whole: Vec<_> = steps
        .iter()
        .filter(|(text, table, _, whole)| *whole && !SMALL.contains(&table.as_str()) && !excused(text))
        .map(|(text, table, step, _)| format!("{table}: {step}: {text}"))
        .collect();
    assert!(whole.is_empty(), "{}", whole.join("\n"));
    for (beginning, _) in WHOLE {
        assert!(steps.iter().any(|(text, ..)| text.starts_with(beginning)), "no query begins with: {beginning}");
    }
}

async fn plans_are_the_same_for_few_and_for_many(app: &TestApp) {
    let at_this_size = async || {
        let mut steps = plans(app).await;
        // PostgreSQL may change the order of a join or the way it reads an index, as long as it uses an index.
        if app.engine == Engine::Postgres {
            steps.iter_mut().for_each(|(_, _, step, _)| step.clear());
            steps.sort();
        }
        steps
    };
    fill(app, 1, 200).await;
    let few = at_this_size().await;
    fill(app, 201, 20_000).await;
    let many = at_this_size().await;
    let differences: Vec<_> = few.iter().zip(&many).filter(|(few, many)| few != many).collect();
    assert!(few.len() == many.len() && differences.is_empty(), "{differences:#?}");
}

/// Inserts the young people number `from` to `to`, each with an advisor, a vault, a document and an appointment.
async fn fill(app: &TestApp, from: u32, to: u32) {
    let advisor = app.advisor().await;
    let advisor = app.sql_id(advisor.account);
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})");
    let id =
        if app.urls().0.starts_with("sqlite") { "unhex(printf('%032x', i))" } else { "lpad(to_hex(i), 32, '0')::uuid" };
    for insert in [
        format!("account (id, identifier, state, created_at) SELECT {id}, 'n' || i, 'active', 0"),
        format!(
            "youth (id, account_id, imilo_id, first_name, birth_name, birth_date, sort_key, search_key)
             SELECT {id}, {id}, 'n' || i, 'Lina', 'Exemple', '2007-05-04', 'n' || i, 'n' || i"
        ),
        format!("vault SELECT {id}, TRUE, 0, 0"),
        format!("attachment SELECT {id}, {id}, {advisor}, TRUE, 0, NULL, ''"),
        format!("appointment SELECT {id}, {id}, 2000000000000, 'workshop', '', ''"),
        format!("document SELECT {id}, {id}, 'committed', 'other', NULL, 0, 0, NULL, NULL"),
    ] {
        let (into, select) = insert.split_once("SELECT").unwrap();
        assert_eq!(
            app.execute(format!("{numbers} INSERT INTO {into} SELECT {select} FROM n")).await,
            u64::from(to - from + 1)
        );
    }
}
