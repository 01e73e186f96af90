//! Search suggestions on the public site (F7).

use super::{Form, Refusal, Value};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Most suggestions in one answer: people can read so many at a glance.
pub const SUGGESTIONS_MAX: usize = 6;

/// A page of the site that matches the typed text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The title of the page.
    pub title: String,
    /// The address of the page.
    pub path: String,
}

/// Finds what matches `q`, best match first. It changes nothing; an empty text matches nothing.
#[server(prefix = "", endpoint = "action/recherche/suggestions", input = Form, output = Value)]
pub async fn suggest(
    /// The typed text.
    #[server(default)]
    q: String,
) -> Result<Vec<Suggestion>, Refusal> {
    let page = crate::page::Page::current()?;
    let q: String = q.trim().chars().take(domain::search::QUERY_MAX).collect();
    if q.is_empty() {
        return Ok(Vec::new());
    }
    let found = page.host.searches.search(&q, 1).await?;
    let rows = found.rows.into_iter().take(SUGGESTIONS_MAX);
    Ok(rows.map(|row| Suggestion { title: row.title, path: row.path }).collect())
}
