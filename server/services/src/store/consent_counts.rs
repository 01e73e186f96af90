//! The daily counts beside the ledger, and the violations of pages: how many, never who.

use crate::{
    access::{Access, HouseFacts, SeeConsents},
    db::{Reads, Tx, count, execute, on},
    error::Fault,
};
use domain::{consent::Violation, time::CivilDate};

/// Most days that are read at once.
const DAYS: i64 = 400;

/// The counts of a day.
#[derive(sqlx::FromRow)]
pub(crate) struct DayRow {
    pub(crate) day: String,
    pub(crate) shown: i64,
    pub(crate) accepted: i64,
    pub(crate) refused: i64,
    pub(crate) custom: i64,
    pub(crate) other_reports: i64,
}

/// What is added to a day.
#[derive(Clone, Copy, Default)]
pub(crate) struct Added {
    pub(crate) shown: i64,
    pub(crate) accepted: i64,
    pub(crate) refused: i64,
    pub(crate) custom: i64,
}

/// Adds to the counts of a day.
pub(crate) async fn add(tx: &mut Tx, day: CivilDate, added: Added) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO consent_day (day, shown, accepted, refused, custom) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (day) DO UPDATE SET
             shown = consent_day.shown + $2,
             accepted = consent_day.accepted + $3,
             refused = consent_day.refused + $4,
             custom = consent_day.custom + $5",
    )
    .bind(day.to_string())
    .bind(added.shown)
    .bind(added.accepted)
    .bind(added.refused)
    .bind(added.custom))?;
    Ok(())
}

/// The days since `from`, the latest first.
pub(crate) async fn days(
    db: &mut impl Reads,
    _: &Access<SeeConsents, HouseFacts>,
    from: CivilDate,
) -> Result<Vec<DayRow>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT day, shown, accepted, refused, custom, other_reports FROM consent_day
         WHERE day >= $1 ORDER BY day DESC LIMIT ($2 + 0)",
    )
    .bind(from.to_string())
    .bind(DAYS)
    .fetch_all(conn)
    .await)?)
}

/// Counts one more report of a violation that this day has already; false when it has no row for it.
pub(crate) async fn count_known(tx: &mut Tx, day: CivilDate, violation: &Violation) -> Result<bool, Fault> {
    Ok(execute!(tx => sqlx::query(
        "UPDATE consent_violation SET reports = reports + 1
         WHERE day = $1 AND directive = $2 AND blocked = $3 AND route = $4",
    )
    .bind(day.to_string())
    .bind(&violation.directive)
    .bind(&violation.blocked)
    .bind(&violation.route))?
        == 1)
}

/// Reserves room for one more violation on a day that [`add`] made; false when the day has `limit` already.
pub(crate) async fn take_place(tx: &mut Tx, day: CivilDate, limit: i64) -> Result<bool, Fault> {
    Ok(execute!(tx => sqlx::query("UPDATE consent_day SET kinds = kinds + 1 WHERE day = $1 AND kinds < $2")
        .bind(day.to_string())
        .bind(limit))?
        == 1)
}

/// Stores the first report of a violation on a day. When another instance was first, counts one more report.
pub(crate) async fn insert(tx: &mut Tx, day: CivilDate, violation: &Violation) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO consent_violation (day, directive, blocked, route, reports) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (day, directive, blocked, route) DO UPDATE SET reports = consent_violation.reports + 1",
    )
    .bind(day.to_string())
    .bind(&violation.directive)
    .bind(&violation.blocked)
    .bind(&violation.route))?;
    Ok(())
}

/// Counts one more report that is not counted apart from others.
pub(crate) async fn count_other(tx: &mut Tx, day: CivilDate) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE consent_day SET other_reports = other_reports + 1 WHERE day = $1")
        .bind(day.to_string()))?;
    Ok(())
}

/// A violation and its reports.
#[derive(sqlx::FromRow)]
pub(crate) struct ViolationRow {
    pub(crate) directive: String,
    pub(crate) blocked: String,
    pub(crate) route: String,
    pub(crate) last_day: String,
    pub(crate) reports: i64,
}

/// The violations since `from`, most reported first; at most `limit`.
pub(crate) async fn violations(
    db: &mut impl Reads,
    _: &Access<SeeConsents, HouseFacts>,
    from: CivilDate,
    limit: i64,
) -> Result<Vec<ViolationRow>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT directive, blocked, route, MAX(day) AS last_day, CAST(SUM(reports) AS BIGINT) AS reports
         FROM consent_violation WHERE day >= $1
         GROUP BY directive, blocked, route
         ORDER BY SUM(reports) DESC, directive, blocked, route LIMIT ($2 + 0)",
    )
    .bind(from.to_string())
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// The violations of days before `$1`.
macro_rules! older {
    () => {
        "FROM consent_violation WHERE day < $1"
    };
}

/// How many rows of violations are of days before `before`.
pub(crate) async fn count_older(db: &mut impl Reads, before: CivilDate) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", older!())).bind(before.to_string()))
}

/// Deletes the violations of days before `before` and returns how many rows that were.
pub(crate) async fn delete_older(tx: &mut Tx, before: CivilDate) -> Result<u64, Fault> {
    execute!(tx => sqlx::query(concat!("DELETE ", older!())).bind(before.to_string()))
}
