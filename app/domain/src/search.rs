//! Searching the site (F7): what can be found, and what is found. Accents and most endings do not matter.

use crate::error::PortResult;
use async_trait::async_trait;

/// Results on a page.
pub const PAGE_SIZE: u32 = 20;
/// Most words of a search that count.
pub const WORDS_MAX: usize = 8;
/// Most characters of a search that are read.
pub const QUERY_MAX: usize = 200;

/// What something found is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Something to read.
    Page,
    /// Something to fill in.
    Form,
    /// A dated event that is to come.
    Event,
    /// A piece of news.
    News,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Page, Self::Form, Self::Event, Self::News];

    /// The stable word of the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Form => "form",
            Self::Event => "event",
            Self::News => "news",
        }
    }

    /// The kind that `code` names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
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
pub struct Finding {
    /// What it is.
    pub kind: EntryKind,
    /// Where it leads.
    pub path: String,
    /// Its title.
    pub title: String,
    /// A sentence about it.
    pub summary: String,
}

/// One page of what was found, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The page's findings.
    pub rows: Vec<Finding>,
    /// How many there are in all.
    pub total: u64,
    /// The page, 1 for the first.
    pub page: u32,
}

impl Findings {
    /// How many pages there are; 1 when there is nothing.
    #[must_use]
    pub fn pages(&self) -> u32 {
        u32::try_from(self.total.div_ceil(u64::from(PAGE_SIZE)).max(1)).unwrap_or(u32::MAX)
    }
}

/// Searching.
#[async_trait]
pub trait Search: Send + Sync {
    /// One page of what has every word of `query`; the last word may be the beginning of one.
    async fn search(&self, query: &str, page: u32) -> PortResult<Findings>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_what_they_say() {
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::from_code(kind.code()), Some(kind));
        }
    }

    #[test]
    fn nothing_is_one_page() {
        let pages = |total| Findings { total, ..Findings::default() }.pages();
        assert_eq!([0, 1, 20, 21, 40, 41].map(pages), [1, 1, 1, 2, 2, 3]);
    }
}
