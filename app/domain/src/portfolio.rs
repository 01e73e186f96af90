//! The young people attached to a member of staff (A2).

use crate::{
    actor::Actor,
    error::PortResult,
    ids::YouthId,
    time::{CivilDate, Instant},
};
use async_trait::async_trait;

/// How many people a page of the portfolio shows.
pub const PAGE_SIZE: u32 = 50;

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
        u32::try_from(self.before / u64::from(PAGE_SIZE)).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// One page of the portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortfolioPage {
    /// The rows, by name.
    pub rows: Vec<PortfolioRow>,
    /// The letters of all who match, in order.
    pub initials: Vec<Initial>,
    /// How many people match in all.
    pub total: u64,
    /// The page shown, 1 for the first.
    pub page: u32,
}

impl PortfolioPage {
    /// How many pages there are; 1 when nobody matches.
    #[must_use]
    pub fn pages(&self) -> u32 {
        u32::try_from(self.total.div_ceil(u64::from(PAGE_SIZE)).max(1)).unwrap_or(u32::MAX)
    }
}

/// Finding one's young people.
#[async_trait]
pub trait Portfolios: Send + Sync {
    /// The young people attached to the actor today.
    async fn page(&self, actor: &Actor, query: PortfolioQuery) -> PortResult<PortfolioPage>;
}
