//! The young people attached to a member of staff (A2).

use crate::{
    db::{Reads, on},
    error::Fault,
};
use domain::{
    ids::AccountId,
    paging::PAGE_SIZE,
    portfolio::PortfolioRow,
    time::{CivilDate, Instant},
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    first_name: String,
    birth_name: String,
    usual_name: Option<String>,
    birth_date: String,
    postal_code: Option<String>,
    city: Option<String>,
    target_job: Option<String>,
    sort_key: String,
    next_at: Option<i64>,
    shared: bool,
}

/// The pattern of a search for folded keys. It has only letters, digits and spaces, so nothing must be escaped.
pub(super) fn pattern(folded: &str) -> String {
    if folded.is_empty() { "%".to_owned() } else { format!("%{}%", folded.replace(' ', "%")) }
}

/// One page of the young people attached to `staff` at `at`, by name. `folded` is the folded search. Only the people of
/// this page are read with all their columns.
///
/// `COALESCE` stands around the search because PostgreSQL expects one match for a pattern that it does not know yet. It
/// would then read the attachments again for every person.
pub(crate) async fn page(
    db: &mut impl Reads,
    staff: AccountId,
    folded: &str,
    page: u32,
    at: Instant,
) -> Result<Vec<PortfolioRow>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT y.id, y.first_name, y.birth_name, y.usual_name, y.birth_date, y.postal_code, y.city, y.target_job, y.sort_key,
                (SELECT MIN(p.starts_at) FROM appointment p WHERE p.youth_id = y.id AND p.starts_at >= $2) AS next_at,
                v.shared
         FROM (
             SELECT f.id FROM youth f
             WHERE f.id IN (
                 SELECT a.youth_id FROM attachment a
                 WHERE a.staff_id = $1 AND a.started_at <= $2 AND (a.ended_at IS NULL OR a.ended_at > $2)
             ) AND COALESCE(f.search_key LIKE ('' || $3), FALSE)
             ORDER BY f.sort_key, f.id LIMIT ($4 + 0) OFFSET $5
         ) found
         JOIN youth y ON y.id = found.id
         JOIN vault v ON v.youth_id = y.id
         ORDER BY y.sort_key, y.id",
    )
    .bind(Uuid::from(staff))
    .bind(at.millis())
    .bind(pattern(folded))
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// How many of the young people attached to `staff` match, for each first letter, in alphabetical order.
pub(crate) async fn letters(
    db: &mut impl Reads,
    staff: AccountId,
    folded: &str,
    at: Instant,
) -> Result<Vec<(char, u64)>, Fault> {
    let counts: Vec<(String, i64)> = on!(db, conn => sqlx::query_as(
        "SELECT substr(y.sort_key, 1, 1), COUNT(*) FROM youth y
         WHERE y.id IN (
             SELECT a.youth_id FROM attachment a
             WHERE a.staff_id = $1 AND a.started_at <= $2 AND (a.ended_at IS NULL OR a.ended_at > $2)
         ) AND COALESCE(y.search_key LIKE ('' || $3), FALSE)
         GROUP BY substr(y.sort_key, 1, 1)",
    )
    .bind(Uuid::from(staff))
    .bind(at.millis())
    .bind(pattern(folded))
    .fetch_all(conn)
    .await)?;
    // Sorted here, because the engines compare texts differently.
    let mut letters: Vec<_> =
        counts.into_iter().map(|(key, people)| (initial(&key), u64::try_from(people).unwrap_or(0))).collect();
    letters.sort_unstable();
    Ok(letters)
}

/// The letter under which a folded key is listed.
fn initial(key: &str) -> char {
    key.chars().next().unwrap_or(' ')
}

impl Row {
    fn into_domain(self) -> Result<PortfolioRow, Fault> {
        let last = self.usual_name.as_deref().unwrap_or(&self.birth_name);
        Ok(PortfolioRow {
            youth: self.id.into(),
            name: format!("{} {last}", self.first_name),
            initial: initial(&self.sort_key),
            birth_date: CivilDate::try_from(self.birth_date).map_err(|_| Fault::Broken("a stored date is none"))?,
            city: [self.postal_code, self.city].into_iter().flatten().collect::<Vec<_>>().join(" "),
            target_job: self.target_job,
            next_at: self.next_at.map(Instant::from_millis),
            vault_shared: self.shared,
        })
    }
}
