//! Searching the site (F7): what can be found, and what is found. Accents and most endings do not matter.

use crate::{error::PortResult, paging::Paged, words::words};
use async_trait::async_trait;

/// Results on a page.
pub const PAGE_SIZE: u32 = 20;
/// Most words of a search that count.
pub const WORDS_MAX: usize = 8;
/// Most characters of a search that are read.
pub const QUERY_MAX: usize = 200;

words! {
    /// What something found is.
    EntryKind {
        /// Something to read.
        Page = "page",
        /// Something to fill in.
        Form = "form",
        /// A dated event that is to come.
        Event = "event",
        /// A piece of news.
        News = "news",
    }
}

/// Something that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// What tells it from others of its kind.
    pub key: String,
    /// Where it leads.
    pub path: String,
    /// Its title.
    pub title: String,
    /// A sentence about it, shown below the title.
    pub summary: String,
    /// Everything else that it is found by.
    pub text: String,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// What it is.
    pub kind: EntryKind,
    /// Where it leads.
    pub path: String,
    /// Its title.
    pub title: String,
    /// A sentence about it.
    pub summary: String,
}

/// Searching.
#[async_trait]
pub trait Search: Send + Sync {
    /// One page of what has every word of `query`, the best first; the last word may be the beginning of one.
    async fn search(&self, query: &str, page: u32) -> PortResult<Paged<SearchResult>>;
}
