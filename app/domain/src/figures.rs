//! The organisation's work in numbers that identify nobody.

use crate::error::PortResult;
use async_trait::async_trait;

/// The smallest number that is told: below it, people could know each other in it.
pub const TOLD_FROM: u64 = 5;

/// Ages, both ends included, by which young people are counted; nothing for no bound.
pub const AGE_GROUPS: [(Option<i16>, Option<i16>); 4] =
    [(None, Some(17)), (Some(18), Some(21)), (Some(22), Some(25)), (Some(26), None)];

/// A number that may be too small to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// The number is below [`TOLD_FROM`] and is not shown.
    Few,
    /// So many.
    Number(u64),
}

impl Told {
    /// What is shown of `count`.
    #[must_use]
    pub const fn of(count: u64) -> Self {
        if count < TOLD_FROM { Self::Few } else { Self::Number(count) }
    }

    /// A total whose parts are shown as well. It is rounded down to ten: otherwise a part that is not shown could be
    /// worked out from the others.
    #[must_use]
    pub const fn whole(count: u64) -> Self {
        Self::of(count - count % 10)
    }

    /// The length of its bar in a chart; 0 when the number is not shown.
    #[must_use]
    pub const fn bar(self) -> u64 {
        match self {
            Self::Few => 0,
            Self::Number(count) => count,
        }
    }
}

/// A month, January being 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: u8,
}

/// The figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFigures {
    /// Young people with a file, to the lower ten.
    pub followed: Told,
    /// By age, in the order of [`AGE_GROUPS`].
    pub ages: Vec<Told>,
    /// By the category of their current situation, most first.
    pub situations: Vec<(String, Told)>,
    /// New files, month by month over twelve months, the oldest first.
    pub new: Vec<(Month, Told)>,
    /// Documents kept in vaults.
    pub documents: Told,
    /// Appointments and workshops that took place in the last twelve months.
    pub appointments: Told,
    /// Pages seen, month by month over twelve months.
    pub visits: Vec<(Month, Told)>,
}

/// Counting what was done.
#[async_trait]
pub trait Figures: Send + Sync {
    /// The figures, at most ten minutes old.
    async fn key_figures(&self) -> PortResult<KeyFigures>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_people_are_not_told() {
        for (count, told) in [(0, Told::Few), (4, Told::Few), (5, Told::Number(5)), (1_234, Told::Number(1_234))] {
            assert_eq!(Told::of(count), told, "{count}");
        }
        for (count, told) in [(9, Told::Few), (10, Told::Number(10)), (1_239, Told::Number(1_230))] {
            assert_eq!(Told::whole(count), told, "{count}");
        }
        assert_eq!((Told::Few.bar(), Told::Number(7).bar()), (0, 7));
    }

    #[test]
    fn every_age_is_in_one_group() {
        for age in 0..120 {
            let fits = |(from, to): &&(Option<i16>, Option<i16>)| {
                from.is_none_or(|from| age >= from) && to.is_none_or(|to| age <= to)
            };
            assert_eq!(AGE_GROUPS.iter().filter(fits).count(), 1, "{age}");
        }
    }
}
