//! The entries of the search and their terms (F7). Terms are only compared for equality, so collations do not matter.

use crate::{
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::known,
};
use domain::{
    paging::Paged,
    search::{EntryKind, PAGE_SIZE, SearchResult, WORDS_MAX},
    time::Instant,
};

/// How many rows one statement writes.
const ROWS: usize = 8;

/// An entry as it is stored.
pub(crate) struct Stored<'e> {
    pub(crate) id: i64,
    pub(crate) kind: EntryKind,
    pub(crate) path: &'e str,
    pub(crate) title: &'e str,
    pub(crate) summary: &'e str,
    pub(crate) hash: &'e [u8],
    pub(crate) until: Option<Instant>,
}

/// The id and the hash of each stored entry.
pub(crate) async fn stored(db: &mut impl Reads) -> Result<Vec<(i64, Vec<u8>)>, Fault> {
    Ok(on!(db, conn => sqlx::query_as("SELECT id, hash FROM search_entry ORDER BY id").fetch_all(conn).await)?)
}

/// Replaces an entry and its terms.
pub(crate) async fn put(tx: &mut Tx, entry: &Stored<'_>, terms: &[(String, i64)]) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO search_entry (id, kind, path, title, summary, hash, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET kind = $2, path = $3, title = $4, summary = $5, hash = $6, until = $7",
    )
    .bind(entry.id)
    .bind(entry.kind.code())
    .bind(entry.path)
    .bind(entry.title)
    .bind(entry.summary)
    .bind(entry.hash)
    .bind(entry.until.map(Instant::millis)))?;
    execute!(tx => sqlx::query("DELETE FROM search_term WHERE entry_id = $1").bind(entry.id))?;
    for rows in terms.chunks(ROWS) {
        // The last statement repeats its last row to be full: a row that exists is not changed.
        let Some(last) = rows.last() else { continue };
        let [a, b, c, d, e, f, g, h] = std::array::from_fn(|index| rows.get(index).unwrap_or(last));
        execute!(tx => sqlx::query(
            "INSERT INTO search_term (entry_id, term, weight) VALUES
                 ($1, $2, $3), ($1, $4, $5), ($1, $6, $7), ($1, $8, $9),
                 ($1, $10, $11), ($1, $12, $13), ($1, $14, $15), ($1, $16, $17)
             ON CONFLICT (term, entry_id) DO NOTHING",
        )
        .bind(entry.id)
        .bind(&a.0).bind(a.1)
        .bind(&b.0).bind(b.1)
        .bind(&c.0).bind(c.1)
        .bind(&d.0).bind(d.1)
        .bind(&e.0).bind(e.1)
        .bind(&f.0).bind(f.1)
        .bind(&g.0).bind(g.1)
        .bind(&h.0).bind(h.1))?;
    }
    Ok(())
}

/// Removes an entry, and its terms with it.
pub(crate) async fn remove(tx: &mut Tx, id: i64) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM search_entry WHERE id = $1").bind(id))?;
    Ok(())
}

/// The terms that an entry must have.
pub(crate) struct Wanted {
    /// Different terms, at least one.
    pub(crate) terms: Vec<String>,
    /// The term that may match instead of the last one.
    pub(crate) beginning: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    path: String,
    title: String,
    summary: String,
    total: i64,
}

/// One page of the entries that have all terms of `wanted`, the highest weight first. A page beyond the last one holds
/// nothing, not even the total.
pub(crate) async fn find(
    db: &mut impl Reads,
    wanted: &Wanted,
    page: u32,
    at: Instant,
) -> Result<Paged<SearchResult>, Fault> {
    let Some(last) = wanted.terms.last() else { return Ok(Paged::of(0, 1, PAGE_SIZE)) };
    // A repeated term finds nothing more, so the rest is filled with one.
    let [a, b, c, d, e, f, g, h]: [&String; WORDS_MAX] =
        std::array::from_fn(|index| wanted.terms.get(index).unwrap_or(last));
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT e.kind, e.path, e.title, e.summary, COUNT(*) OVER () AS total
         FROM (
             SELECT m.entry_id, SUM(m.weight) AS weight
             FROM (
                 SELECT t.entry_id, CASE WHEN t.term = $9 THEN $10 ELSE t.term END AS word, MAX(t.weight) AS weight
                 FROM search_term t
                 WHERE t.term IN ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 GROUP BY t.entry_id, CASE WHEN t.term = $9 THEN $10 ELSE t.term END
             ) m
             GROUP BY m.entry_id
             HAVING COUNT(*) = $11
         ) found
         JOIN search_entry e ON e.id = found.entry_id
         WHERE e.until IS NULL OR e.until > $12
         ORDER BY found.weight DESC, e.id LIMIT ($13 + 0) OFFSET $14",
    )
    .bind(a)
    .bind(b)
    .bind(c)
    .bind(d)
    .bind(e)
    .bind(f)
    .bind(g)
    .bind(h)
    .bind(&wanted.beginning)
    .bind(last)
    .bind(i64::try_from(wanted.terms.len()).unwrap_or(i64::MAX))
    .bind(at.millis())
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    let total = rows.first().map_or(0, |row| u64::try_from(row.total).unwrap_or(0));
    let rows: Result<Vec<_>, Fault> = rows
        .into_iter()
        .map(|row| {
            let kind = known(EntryKind::from_code(&row.kind))?;
            Ok(SearchResult { kind, path: row.path, title: row.title, summary: row.summary })
        })
        .collect();
    Ok(Paged::of(total, page, PAGE_SIZE).with(rows?))
}
