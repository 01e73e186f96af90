//! Which pages are read, on what kind of device, in which language (F8): without a cookie, without an identifier.

use crate::{actor::Actor, error::PortResult, time::CivilDate};
use async_trait::async_trait;

/// Most visits that wait in memory to be written down.
pub const WAITING_MAX: usize = 10_000;
/// Longest list of one kind of figures.
pub const LISTED: usize = 20;

/// One answered public page, with nothing in it that leads to anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageVisit {
    /// The pattern of the page's path.
    pub page: String,
    /// The family of the browser.
    pub browser: &'static str,
    /// The language that the browser asks for first, two or three letters, or `other`.
    pub language: String,
    /// The family of the system.
    pub system: &'static str,
    /// `phone`, `tablet` or `computer`.
    pub device: &'static str,
    /// The host of the site that led here, if it is not ours.
    pub referrer: Option<String>,
    /// The address, cut: `198.51.0.0` or `2001:db8::`.
    pub address: String,
}

/// Over how long figures are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// The last seven days.
    Week,
    /// The last thirty days.
    #[default]
    Month,
    /// The last 365 days.
    Year,
}

impl Span {
    /// Every span.
    pub const ALL: [Self; 3] = [Self::Week, Self::Month, Self::Year];

    /// How many days it is, today included.
    #[must_use]
    pub const fn days(self) -> u16 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
        }
    }

    /// The span of so many days, as an address names it.
    #[must_use]
    pub fn from_days(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.days().to_string() == text)
    }
}

/// A name and how often it was met.
pub type Counted = (String, u64);

/// What the page of the visits shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnalyticsFigures {
    /// Pages seen on each day of the span, the oldest first.
    pub days: Vec<(CivilDate, u64)>,
    /// Pages, most seen first.
    pub pages: Vec<Counted>,
    /// Kinds of devices.
    pub devices: Vec<Counted>,
    /// Browsers.
    pub browsers: Vec<Counted>,
    /// Languages.
    pub languages: Vec<Counted>,
    /// Sites that led here.
    pub referrers: Vec<Counted>,
}

impl AnalyticsFigures {
    /// Pages seen in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.days.iter().map(|(_, count)| count).sum()
    }
}

/// Counting visits.
#[async_trait]
pub trait Analytics: Send + Sync {
    /// Notes a visit, in memory: it is written down with others, within a minute.
    fn note_visit(&self, visit: PageVisit);

    /// The figures of the last days.
    async fn figures(&self, actor: &Actor, span: Span) -> PortResult<AnalyticsFigures>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_one_of_three() {
        for span in Span::ALL {
            assert_eq!(Span::from_days(&span.days().to_string()), Some(span));
        }
        for other in ["", "8", "007", "-7", "sept"] {
            assert_eq!(Span::from_days(other), None, "{other}");
        }
    }
}
