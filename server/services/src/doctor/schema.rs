//! The engine of a database, the integrity of its file, and the state of its schema.

use crate::{
    db::{Db, inspecting::trusts},
    error::Fault,
    store::inspection,
};
use sqlx::migrate::Migrator;
use std::collections::BTreeMap;

/// The state of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schema {
    /// It is the schema that this program knows.
    Current,
    /// This number of migrations has not been run yet.
    Pending(usize),
    /// This migration stopped half way.
    Unfinished(i64),
    /// A newer program has run this migration, which this program does not know.
    Newer(i64),
    /// This migration differs from the one that was run.
    Differs(i64),
}

/// The engine with its version, and whether that version is safe for data.
pub(super) async fn engine(db: &Db) -> Result<(String, bool), Fault> {
    let mut reader = db.read().await?;
    if db.is_embedded() {
        let found = inspection::sqlite_version(&mut reader).await?;
        let trusted = trusts(&found);
        return Ok((format!("SQLite {found}"), trusted));
    }
    let found = inspection::postgres_version(&mut reader).await?;
    Ok((format!("PostgreSQL {}", found.split(' ').next().unwrap_or_default()), true))
}

/// What SQLite finds wrong with its file and its references, at most a few lines; PostgreSQL checks its pages
/// as it reads them.
pub(super) async fn damage(db: &Db) -> Result<Vec<String>, Fault> {
    if !db.is_embedded() {
        return Ok(Vec::new());
    }
    let mut reader = db.read().await?;
    let mut found = inspection::quick_check(&mut reader).await?;
    found.retain(|line| line != "ok");
    let dangling = inspection::dangling(&mut reader).await?;
    if dangling > 0 {
        found.push(format!("{dangling} rows refer to a row that is gone"));
    }
    Ok(found)
}

/// The state of the schema, compared with `migrations`.
pub(super) async fn state(db: &Db, migrations: &Migrator) -> Result<Schema, Fault> {
    let mut reader = db.read().await?;
    let run = inspection::migrations_run(&mut reader, db.is_embedded()).await?;
    let mut known: BTreeMap<i64, &[u8]> =
        migrations.iter().map(|migration| (migration.version, migration.checksum.as_ref())).collect();
    for (version, success, checksum) in &run {
        if !success {
            return Ok(Schema::Unfinished(*version));
        }
        match known.remove(version) {
            None => return Ok(Schema::Newer(*version)),
            Some(expected) if expected != checksum.as_slice() => return Ok(Schema::Differs(*version)),
            Some(_) => {}
        }
    }
    Ok(if known.is_empty() { Schema::Current } else { Schema::Pending(known.len()) })
}
