//! Versions of the policy.

use crate::{
    db::{Reads, Tx, execute, on},
    error::Fault,
};
use domain::{register::PolicyVersion, time::Instant};

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    since: i64,
}

impl From<Row> for PolicyVersion {
    fn from(row: Row) -> Self {
        Self { number: u32::try_from(row.number).unwrap_or(u32::MAX), since: Instant::from_millis(row.since) }
    }
}

/// Versions that are listed.
const LISTED: i64 = 100;

/// The newest version and the hash of its content.
pub(crate) async fn newest(db: &mut impl Reads) -> Result<Option<(PolicyVersion, Vec<u8>)>, Fault> {
    let row: Option<(i64, i64, Vec<u8>)> = on!(db, conn => sqlx::query_as(
        "SELECT number, since, hash FROM policy_version ORDER BY number DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await)?;
    Ok(row.map(|(number, since, hash)| (Row { number, since }.into(), hash)))
}

/// Adds a version; false when another instance has just added it.
pub(crate) async fn insert(tx: &mut Tx, version: PolicyVersion, hash: &[u8], content: &str) -> Result<bool, Fault> {
    Ok(execute!(tx => sqlx::query(
        "INSERT INTO policy_version (number, hash, since, content) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(i64::from(version.number))
    .bind(hash)
    .bind(version.since.millis())
    .bind(content))?
        == 1)
}

/// The versions, newest first.
pub(crate) async fn all(db: &mut impl Reads) -> Result<Vec<PolicyVersion>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT number, since FROM policy_version ORDER BY number DESC LIMIT ($1 + 0)",
    )
    .bind(LISTED)
    .fetch_all(conn)
    .await)?;
    Ok(rows.into_iter().map(PolicyVersion::from).collect())
}

/// One version and its content.
pub(crate) async fn one(db: &mut impl Reads, number: u32) -> Result<Option<(PolicyVersion, String)>, Fault> {
    let row: Option<(i64, i64, String)> = on!(db, conn => sqlx::query_as(
        "SELECT number, since, content FROM policy_version WHERE number = $1",
    )
    .bind(i64::from(number))
    .fetch_optional(conn)
    .await)?;
    Ok(row.map(|(number, since, content)| (Row { number, since }.into(), content)))
}
