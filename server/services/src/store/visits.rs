//! Visits of public pages (F8): one row for each recent visit, daily sums later. No row identifies anybody.

use crate::{
    access::{Access, HouseFacts, SeeAudience},
    db::{Reads, Tx, count, execute, on},
    error::Fault,
    store,
};
use domain::{
    analytics::PageVisit,
    time::{Calendar, CivilDate, Instant},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// An hour in milliseconds. Paris differs from UTC by whole hours, so a day is a number of hours.
pub(crate) const HOUR: i64 = 3_600_000;

/// Stores a visit.
pub(crate) async fn insert(tx: &mut Tx, at: Instant, visit: &PageVisit) -> Result<(), Fault> {
    let id: Uuid = store::new_id();
    execute!(tx => sqlx::query(
        "INSERT INTO visit (id, at, page, browser, language, system, device, referrer, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(at.millis())
    .bind(&visit.page)
    .bind(visit.browser)
    .bind(&visit.language)
    .bind(visit.system)
    .bind(visit.device)
    .bind(&visit.referrer)
    .bind(&visit.address))?;
    Ok(())
}

/// The number of visits in each hour since `from`; an hour is its number since 1970. These are totals, so everybody may
/// read them.
pub(crate) async fn hours(db: &mut impl Reads, from: Instant) -> Result<Vec<(i64, i64)>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT at / $2, COUNT(*) FROM visit WHERE at >= $1 GROUP BY at / $2",
    )
    .bind(from.millis())
    .bind(HOUR)
    .fetch_all(conn)
    .await)?)
}

/// The most frequent values since `from`: the list, the value and how often it occurred; twenty of each list.
pub(crate) async fn most(
    db: &mut impl Reads,
    _: &Access<SeeAudience, HouseFacts>,
    from: Instant,
) -> Result<Vec<(String, String, i64)>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT * FROM (SELECT 'page', page AS name, COUNT(*) AS visits FROM visit WHERE at >= $1
                        GROUP BY page ORDER BY COUNT(*) DESC, page LIMIT 20) pages
         UNION ALL
         SELECT * FROM (SELECT 'device', device, COUNT(*) FROM visit WHERE at >= $1
                        GROUP BY device ORDER BY COUNT(*) DESC, device LIMIT 20) devices
         UNION ALL
         SELECT * FROM (SELECT 'browser', browser, COUNT(*) FROM visit WHERE at >= $1
                        GROUP BY browser ORDER BY COUNT(*) DESC, browser LIMIT 20) browsers
         UNION ALL
         SELECT * FROM (SELECT 'language', language, COUNT(*) FROM visit WHERE at >= $1
                        GROUP BY language ORDER BY COUNT(*) DESC, language LIMIT 20) languages
         UNION ALL
         SELECT * FROM (SELECT 'referrer', referrer, COUNT(*) FROM visit WHERE at >= $1 AND referrer IS NOT NULL
                        GROUP BY referrer ORDER BY COUNT(*) DESC, referrer LIMIT 20) referrers",
    )
    .bind(from.millis())
    .fetch_all(conn)
    .await)?)
}

/// The sums of a day for a page and a kind of device.
#[derive(sqlx::FromRow)]
pub(crate) struct DayRow {
    pub(crate) day: String,
    pub(crate) page: String,
    pub(crate) device: String,
    pub(crate) visits: i64,
}

/// The sums of the days since `from`.
pub(crate) async fn days(db: &mut impl Reads, from: CivilDate) -> Result<Vec<DayRow>, Fault> {
    Ok(on!(db, conn => sqlx::query_as("SELECT day, page, device, visits FROM visit_day WHERE day >= $1")
        .bind(from.to_string())
        .fetch_all(conn)
        .await)?)
}

/// The visits before `$1`.
macro_rules! older {
    () => {
        "FROM visit WHERE at < $1"
    };
}

/// How many visits were before `before`.
pub(crate) async fn count_older(db: &mut impl Reads, before: Instant) -> Result<u64, Fault> {
    count!(db => sqlx::query_scalar(concat!("SELECT COUNT(*) ", older!())).bind(before.millis()))
}

/// Moves the oldest visits from before `before`, at most `at_most`, into the sums of their days, in one transaction.
/// Returns how many they were.
pub(crate) async fn aggregate_older(
    tx: &mut Tx,
    calendar: &dyn Calendar,
    before: Instant,
    at_most: i64,
) -> Result<u64, Fault> {
    let rows: Vec<(i64, String, String)> = on!(tx, conn => sqlx::query_as(concat!(
        "DELETE FROM visit WHERE id IN (SELECT id ",
        older!(),
        " ORDER BY at LIMIT ($2 + 0)) RETURNING at, page, device",
    ))
    .bind(before.millis())
    .bind(at_most)
    .fetch_all(conn)
    .await)?;
    let taken = rows.len();
    let mut sums: BTreeMap<(CivilDate, String, String), i64> = BTreeMap::new();
    for (at, page, device) in rows {
        let day = calendar.local(Instant::from_millis(at)).date;
        *sums.entry((day, page, device)).or_default() += 1;
    }
    for ((day, page, device), visits) in sums {
        execute!(tx => sqlx::query(
            "INSERT INTO visit_day (day, page, device, visits) VALUES ($1, $2, $3, $4)
             ON CONFLICT (day, page, device) DO UPDATE SET visits = visit_day.visits + $4",
        )
        .bind(day.to_string())
        .bind(&page)
        .bind(&device)
        .bind(visits))?;
    }
    Ok(taken as u64)
}
