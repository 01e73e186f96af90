//! Instants and civil dates as every layer writes them, and the port that turns one into the other.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A moment: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// The moment `millis` milliseconds after 1970-01-01 UTC.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC; 0 before it.
    #[must_use]
    pub fn unix_seconds(self) -> u64 {
        u64::try_from(self.0.div_euclid(1000)).unwrap_or(0)
    }

    /// This moment, `millis` milliseconds later (earlier when negative).
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// This moment, `minutes` minutes later.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_millis(minutes.saturating_mul(60_000))
    }

    /// This moment, `hours` hours later.
    #[must_use]
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_minutes(hours.saturating_mul(60))
    }

    /// Milliseconds from `earlier` to this moment.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A day of the calendar, without hour or zone: a birthday, the date of a registration.
/// Written and stored as ISO text, `2008-02-29`; the text order is the calendar's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate {
    year: i16,
    month: u8,
    day: u8,
}

impl CivilDate {
    /// The day `year-month-day`, or nothing when the calendar has no such day.
    #[must_use]
    pub const fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        if year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month) {
            Some(Self { year, month, day })
        } else {
            None
        }
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Whole years lived on `today` by somebody born on this day. Born on 29 February, one turns
    /// a year older on 1 March of common years (E12).
    #[must_use]
    pub const fn age_on(self, today: Self) -> i16 {
        let had_birthday = today.month > self.month || (today.month == self.month && today.day >= self.day);
        today.year - self.year - if had_birthday { 0 } else { 1 }
    }
}

/// How long something is kept, counted on the calendar of the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// So many days.
    Days(u16),
    /// So many months: what begins on the 31st ends on the last day of a shorter month.
    Months(u16),
}

impl Period {
    /// The day on which what began on `day` is over: kept the day before, gone that day.
    #[must_use]
    pub fn after(self, day: CivilDate) -> CivilDate {
        match self {
            Self::Days(days) => day.plus_days(days),
            Self::Months(months) => day.plus_months(months),
        }
    }

    /// The first day that is not over on `today`: what began before it goes.
    #[must_use]
    pub fn first_kept(self, today: CivilDate) -> CivilDate {
        let mut day = match self {
            Self::Days(days) => today.minus_days(days),
            Self::Months(months) => today.minus_months(months),
        };
        // From the last days of a long month, several lead to the same day.
        while self.after(day) <= today {
            day = day.plus_days(1);
        }
        day
    }
}

impl CivilDate {
    /// This day in `months` months, or the last of that month.
    #[must_use]
    pub fn plus_months(self, months: u16) -> Self {
        self.in_month(i32::from(self.year) * 12 + i32::from(self.month) - 1 + i32::from(months))
    }

    /// This day `months` months ago, or the last of that month.
    #[must_use]
    pub fn minus_months(self, months: u16) -> Self {
        self.in_month(i32::from(self.year) * 12 + i32::from(self.month) - 1 - i32::from(months))
    }

    /// The same day of the month `since` months after January of the year 0.
    fn in_month(self, since: i32) -> Self {
        let year = i16::try_from(since.div_euclid(12)).unwrap_or(Self::LAST.year);
        let month = u8::try_from(since.rem_euclid(12) + 1).unwrap_or(1);
        Self::new(year, month, self.day.min(days_in(year, month))).unwrap_or(if since < 12 {
            Self::FIRST
        } else {
            Self::LAST
        })
    }

    /// This day in `days` days.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        let (mut year, mut month, mut left) = (self.year, self.month, u32::from(self.day) + u32::from(days));
        while left > u32::from(days_in(year, month)) {
            left -= u32::from(days_in(year, month));
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        Self::new(year, month, u8::try_from(left).unwrap_or(1)).unwrap_or(Self::LAST)
    }

    /// This day `days` days ago.
    #[must_use]
    pub fn minus_days(self, days: u16) -> Self {
        let (mut year, mut month, mut left) = (self.year, self.month, i32::from(self.day) - i32::from(days));
        while left < 1 {
            (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
            left += i32::from(days_in(year, month));
        }
        Self::new(year, month, u8::try_from(left).unwrap_or(1)).unwrap_or(Self::FIRST)
    }

    const FIRST: Self = Self { year: 1, month: 1, day: 1 };
    const LAST: Self = Self { year: 9999, month: 12, day: 31 };
}

const fn days_in(year: i16, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The text is no ISO date, or names a day that no calendar has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as 2008-02-29")]
pub struct NotADate;

impl FromStr for CivilDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(NotADate);
        }
        let number = |from: usize, to: usize| text[from..to].parse::<u16>().map_err(|_| NotADate);
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        Self::new(
            i16::try_from(year).map_err(|_| NotADate)?,
            u8::try_from(month).map_err(|_| NotADate)?,
            u8::try_from(day).map_err(|_| NotADate)?,
        )
        .ok_or(NotADate)
    }
}

impl TryFrom<String> for CivilDate {
    type Error = NotADate;

    fn try_from(text: String) -> Result<Self, NotADate> {
        text.parse()
    }
}

impl Serialize for CivilDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A moment as a wall clock of the organisation's zone (Europe/Paris) shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The day.
    pub date: CivilDate,
    /// 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// The one clock, and the one place that knows time zones. Pages never ask the system for either.
pub trait Calendar: Send + Sync {
    /// This very moment.
    fn now(&self) -> Instant;
    /// `at` on the organisation's wall clock.
    fn local(&self, at: Instant) -> LocalTime;
    /// The first moment of `day` at the organisation.
    fn start_of(&self, day: CivilDate) -> Instant;
    /// The day it is now at the organisation.
    fn today(&self) -> CivilDate {
        self.local(self.now()).date
    }
    /// When it is `hour`:`minute` on `day` at the organisation: the first time where it comes twice, nothing where the
    /// clocks skip it.
    fn at(&self, day: CivilDate, hour: u8, minute: u8) -> Option<Instant> {
        let straight = self.start_of(day).plus_minutes(i64::from(hour) * 60 + i64::from(minute));
        // Clocks change by an hour: it is an hour before or after at most.
        [-60, 0, 60].map(|minutes| straight.plus_minutes(minutes)).into_iter().find(|at| {
            let local = self.local(*at);
            (local.date, local.hour, local.minute) == (day, hour, minute)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_that_exist_and_dates_that_do_not() {
        for good in ["2008-02-29", "2000-02-29", "1999-12-31", "0001-01-01"] {
            assert_eq!(good.parse::<CivilDate>().map(|d| d.to_string()).as_deref(), Ok(good));
        }
        for bad in [
            "2007-02-29",
            "1900-02-29",
            "2008-13-01",
            "2008-00-10",
            "2008-04-31",
            "08-01-01",
            "2008-1-01",
            "+008-01-01",
            "2008-02-29 ",
            "",
        ] {
            assert_eq!(bad.parse::<CivilDate>(), Err(NotADate), "{bad:?}");
        }
    }

    #[test]
    fn age_turns_on_the_birthday() {
        let cases = [
            ("2000-05-10", "2018-05-09", 17),
            ("2000-05-10", "2018-05-10", 18),
            ("2004-02-29", "2023-02-28", 18),
            ("2004-02-29", "2023-03-01", 19),
            ("2004-02-29", "2024-02-29", 20),
        ];
        for (born, today, age) in cases {
            let (born, today): (CivilDate, CivilDate) = (born.parse().unwrap(), today.parse().unwrap());
            assert_eq!(born.age_on(today), age, "born {born}, on {today}");
        }
    }

    fn day(text: &str) -> CivilDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_end_on_days_that_exist() {
        for (period, from, end) in [
            (Period::Months(6), "2026-01-15", "2026-07-15"),
            (Period::Months(6), "2026-08-31", "2027-02-28"),
            (Period::Months(6), "2027-08-31", "2028-02-29"),
            (Period::Months(3), "2026-11-30", "2027-02-28"),
            (Period::Months(12), "2028-02-29", "2029-02-28"),
            (Period::Days(365), "2026-01-01", "2027-01-01"),
            (Period::Days(365), "2027-03-01", "2028-02-29"),
            (Period::Days(0), "2026-03-29", "2026-03-29"),
            (Period::Days(1), "2026-12-31", "2027-01-01"),
        ] {
            assert_eq!(period.after(day(from)), day(end), "{from} {period:?}");
        }
    }

    #[test]
    fn what_began_before_the_first_day_kept_is_over() {
        for (period, today, first) in [
            // 28 to 31 August all lead to 28 February.
            (Period::Months(6), "2027-02-28", "2026-09-01"),
            (Period::Months(6), "2027-02-27", "2026-08-28"),
            (Period::Months(6), "2028-02-28", "2027-08-29"),
            (Period::Months(6), "2028-02-29", "2027-09-01"),
            (Period::Months(3), "2026-06-10", "2026-03-11"),
            (Period::Days(365), "2027-01-01", "2026-01-02"),
        ] {
            assert_eq!(period.first_kept(day(today)), day(first), "{today} {period:?}");
        }
    }

    proptest! {
        /// Both ways of counting say the same of every day.
        #[test]
        fn the_first_day_kept_parts_the_days(
            today in 0u16..4000, back in 0u16..1500, length in 0u16..800, months in any::<bool>()
        ) {
            let today = day("2024-01-01").plus_days(today);
            let began = today.minus_days(back);
            let period = if months { Period::Months(length / 28) } else { Period::Days(length) };
            prop_assert_eq!(period.after(began) <= today, began < period.first_kept(today));
            prop_assert_eq!(began.plus_days(back), today);
        }

        #[test]
        fn any_text_parses_or_is_refused(text in ".{0,14}") {
            if let Ok(date) = text.parse::<CivilDate>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
