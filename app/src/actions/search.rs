//! Search suggestions on the public site (F7).

use super::{Form, Refusal, Value};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Most suggestions at a time: as many as are taken in at a glance.
pub const SUGGESTIONS_MAX: usize = 6;

/// A place of the site that fits what is being typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub path: String,
}

/// What fits `q`, the best first. It only reads; an empty text fits nothing.
#[server(prefix = "", endpoint = "action/recherche/suggestions", input = Form, output = Value)]
pub async fn suggest(
    /// What is typed.
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
