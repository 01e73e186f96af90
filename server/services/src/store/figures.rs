//! The key figures: sums over all people, read at most every ten minutes.

use crate::{
    db::{Reads, on},
    error::Fault,
};
use domain::time::{CivilDate, Instant};

/// The number of young people with a file: all of them, and those born on or before each of the three `bounds`, the
/// latest bound first.
pub(crate) async fn ages(db: &mut impl Reads, bounds: [CivilDate; 3]) -> Result<[i64; 4], Fault> {
    let [first, second, third] = bounds.map(|day| day.to_string());
    let (all, a, b, c): (i64, i64, i64, i64) = on!(db, conn => sqlx::query_as(
        "SELECT COUNT(*), COUNT(CASE WHEN birth_date <= $1 THEN 1 END), COUNT(CASE WHEN birth_date <= $2 THEN 1 END),
                COUNT(CASE WHEN birth_date <= $3 THEN 1 END)
         FROM youth",
    )
    .bind(first)
    .bind(second)
    .bind(third)
    .fetch_one(conn)
    .await)?;
    Ok([all, a, b, c])
}

/// The number of new files of each month since `from`; a month is `2026-03`.
pub(crate) async fn new_by_month(db: &mut impl Reads, from: CivilDate) -> Result<Vec<(String, i64)>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT substr(registered_on, 1, 7), COUNT(*) FROM youth WHERE registered_on >= $1
         GROUP BY substr(registered_on, 1, 7)",
    )
    .bind(from.to_string())
    .fetch_all(conn)
    .await)?)
}

/// How many young people are in each category of situation now.
pub(crate) async fn situations(db: &mut impl Reads) -> Result<Vec<(String, i64)>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT category, COUNT(DISTINCT youth_id) FROM situation WHERE state = 'current' GROUP BY category",
    )
    .fetch_all(conn)
    .await)?)
}

/// The number of stored documents, and of appointments from `from` to `to`.
pub(crate) async fn work(db: &mut impl Reads, from: Instant, to: Instant) -> Result<(i64, i64), Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM document WHERE state = 'committed'),
                (SELECT COUNT(*) FROM appointment WHERE starts_at >= $1 AND starts_at < $2)",
    )
    .bind(from.millis())
    .bind(to.millis())
    .fetch_one(conn)
    .await)?)
}
