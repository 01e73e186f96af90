//! The register declares every table, column and form field that exists, and nothing else.

use crate::{
    sources::{Source, sources},
    support::{Engine, TestApp, on_both_engines},
};
use domain::register::{PROCESSINGS, TECHNICAL_COLUMNS, TECHNICAL_INPUTS, TECHNICAL_TABLES};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use syn::{Fields, Item};

on_both_engines!(every_column_is_declared, an_undeclared_column_or_table_is_found);

type Columns = BTreeSet<(String, String)>;

/// Every table and column of both databases.
async fn schema(app: &TestApp) -> Columns {
    let (data, keyring) = app.urls();
    let mut columns = columns(app.engine, data).await;
    columns.extend(self::columns(app.engine, keyring).await);
    columns
}

async fn columns(engine: Engine, url: &str) -> Columns {
    let found: Vec<(String, String)> = match engine {
        Engine::Sqlite => {
            let mut db = SqliteConnection::connect(url).await.unwrap();
            sqlx::query_as(
                "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
            )
            .fetch_all(&mut db)
            .await
            .unwrap()
        }
        Engine::Postgres => {
            let mut db = PgConnection::connect(url).await.unwrap();
            sqlx::query_as(
                "SELECT table_name::text, column_name::text FROM information_schema.columns
                 WHERE table_schema = 'public'",
            )
            .fetch_all(&mut db)
            .await
            .unwrap()
        }
    };
    found.into_iter().collect()
}

/// The columns that only the schema has, and those that only the register has.
fn differences(schema: &Columns) -> Vec<String> {
    let claimed: BTreeSet<&str> =
        PROCESSINGS.iter().flat_map(|processing| processing.fields).flat_map(|field| field.columns).copied().collect();
    let technical: BTreeSet<String> = TECHNICAL_COLUMNS
        .iter()
        .flat_map(|(table, columns, _)| columns.iter().map(move |column| format!("{table}.{column}")))
        .collect();
    let aside = |table: &str| TECHNICAL_TABLES.iter().any(|(known, _)| *known == table);
    let there: BTreeSet<String> = schema.iter().map(|(table, column)| format!("{table}.{column}")).collect();
    let mut found = Vec::new();
    for (table, column) in schema {
        let name = format!("{table}.{column}");
        let known = claimed.contains(name.as_str()) || technical.contains(&name);
        match (known, aside(table)) {
            (false, false) => found.push(format!(
                "{name}: no processing claims it: declare it in domain::register (processings.rs), or in technical.rs \
                 when it says nothing about anybody"
            )),
            (true, true) => found.push(format!("{name}: its table is listed as technical: it cannot be claimed too")),
            _ => {}
        }
    }
    let declared = claimed.iter().map(|name| (*name).to_owned()).chain(technical);
    found.extend(
        declared
            .filter(|name| !there.contains(name))
            .map(|name| format!("{name}: declared, but there is no such column")),
    );
    for (table, why) in TECHNICAL_TABLES {
        assert!(!why.is_empty());
        if !schema.iter().any(|(there, _)| there == table) {
            found.push(format!("{table}: declared as technical, but there is no such table"));
        }
    }
    found
}

async fn every_column_is_declared(app: &TestApp) {
    let differences = differences(&schema(app).await);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The test of the test above.
async fn an_undeclared_column_or_table_is_found(app: &TestApp) {
    for statement in ["ALTER TABLE request ADD COLUMN shoe_size TEXT", "CREATE TABLE diary (secret TEXT)"] {
        app.execute(statement.to_owned()).await;
    }
    let found = differences(&schema(app).await);
    let names: Vec<_> = found.iter().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(names, ["diary.secret", "request.shoe_size"], "{found:?}");
    assert!(found.iter().all(|line| line.contains("no processing claims it")));
    // The register declares something that the schema does not have.
    let mut fewer = schema(app).await;
    fewer.retain(|(table, column)| {
        !["diary"].contains(&table.as_str()) && column != "shoe_size" && column != "birth_date"
    });
    let found = differences(&fewer);
    assert!(found.iter().any(|line| line.starts_with("request.birth_date: declared")), "{found:?}");
}

/// Every field of every form as `Form.field`, read from the structs that a post is read into.
fn inputs(sources: &[Source]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in sources {
        for item in &source.items.items {
            let Item::Struct(form) = item else { continue };
            let name = form.ident.to_string();
            let (true, Fields::Named(fields)) = (name.ends_with("Form"), &form.fields) else { continue };
            found.extend(fields.named.iter().filter_map(|field| Some(format!("{name}.{}", field.ident.as_ref()?))));
        }
    }
    found
}

/// The fields that only the sources or only the register have.
fn input_differences(there: &BTreeSet<String>) -> Vec<String> {
    let claimed = PROCESSINGS.iter().flat_map(|processing| processing.fields).flat_map(|field| field.inputs).copied();
    let technical = TECHNICAL_INPUTS.iter().map(|(input, why)| {
        assert!(!why.is_empty());
        *input
    });
    let declared: BTreeSet<&str> = claimed.chain(technical).collect();
    let mut found: Vec<_> = there
        .iter()
        .filter(|input| !declared.contains(input.as_str()))
        .map(|input| format!("{input}: no processing declares it: domain::register says what is asked of people"))
        .collect();
    found.extend(
        declared
            .iter()
            .filter(|input| !there.contains(**input))
            .map(|input| format!("{input}: declared, no such field")),
    );
    found
}

#[test]
fn every_field_of_a_form_is_declared() {
    let there = inputs(&sources(&["app/domain/src/forms"]));
    assert!(there.len() > 30, "{} fields", there.len());
    let differences = input_differences(&there);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    // No other struct is read from a post.
    let elsewhere = inputs(&sources(&["app/src", "server/src"]));
    assert!(elsewhere.is_empty(), "forms belong into domain::forms: {elsewhere:?}");
}

/// The test of the test above.
#[test]
fn an_undeclared_field_is_found() {
    let planted = "pub struct ContactForm { pub first_name: String, pub shoe_size: String }";
    let there = inputs(&[Source::read("app/domain/src/forms/contact.rs", planted)]);
    let found = input_differences(&there);
    assert!(found.iter().any(|line| line.starts_with("ContactForm.shoe_size: no processing declares it")), "{found:?}");
    assert!(!found.iter().any(|line| line.starts_with("ContactForm.first_name")), "{found:?}");
}
