//! The young people attached to a member of staff (A2).

use crate::{
    actor::Actor,
    error::PortResult,
    ids::YouthId,
    paging::{PAGE_SIZE, Paged, page_of},
    time::{CivilDate, Instant},
};
use async_trait::async_trait;

/// What the advisor looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortfolioQuery {
    /// Words of a name or an I-MILO number; empty finds everybody.
    pub search: String,
    /// 1 for the first page.
    pub page: u32,
}

/// One row of the portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortfolioRow {
    /// The file.
    pub youth: YouthId,
    /// Name used in daily life.
    pub name: String,
    /// The letter it is sorted under, folded.
    pub initial: char,
    /// Day of birth.
    pub birth_date: CivilDate,
    /// Town and postal code, as on an envelope.
    pub city: String,
    /// Job aimed at.
    pub target_job: Option<String>,
    /// The next appointment or workshop.
    pub next_at: Option<Instant>,
    /// Whether all attached staff may read the vault.
    pub vault_shared: bool,
}

/// A letter that people are sorted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Initial {
    /// The letter, folded.
    pub letter: char,
    /// How many people come before its first one.
    pub before: u64,
}

impl Initial {
    /// The page on which its first person stands, 1 for the first.
    #[must_use]
    pub fn page(&self) -> u32 {
        page_of(self.before, PAGE_SIZE)
    }
}

/// One page of the portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortfolioPage {
    /// The young people, by name.
    pub found: Paged<PortfolioRow>,
    /// The letters of all who match, in order.
    pub initials: Vec<Initial>,
}

/// Finding one's young people.
#[async_trait]
pub trait Portfolios: Send + Sync {
    /// The young people attached to the actor today.
    async fn page(&self, actor: &Actor, query: PortfolioQuery) -> PortResult<PortfolioPage>;
}
