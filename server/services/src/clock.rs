//! The clock and the time zone: the only file that knows either.

use domain::time::{Calendar, CivilDate, Instant, LocalTime};
use jiff::{Timestamp, civil, tz::TimeZone};
use std::sync::atomic::{AtomicI64, Ordering};

/// What time it is, in milliseconds since 1970-01-01 UTC.
pub trait WallClock: Send + Sync {
    /// This very moment.
    fn millis(&self) -> i64;
}

/// The organisation's calendar: a clock, and Europe/Paris.
pub struct SystemClock<C = RealTime> {
    clock: C,
    zone: TimeZone,
}

/// The system's clock.
pub struct RealTime;

impl WallClock for RealTime {
    fn millis(&self) -> i64 {
        Timestamp::now().as_millisecond()
    }
}

/// A clock that stands still until it is moved, for tests and for `--at`.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub const fn at(at: Instant) -> Self {
        Self(AtomicI64::new(at.millis()))
    }

    /// Moves the clock.
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl WallClock for FixedClock {
    fn millis(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl<C: WallClock + ?Sized> WallClock for std::sync::Arc<C> {
    fn millis(&self) -> i64 {
        (**self).millis()
    }
}

impl SystemClock {
    /// The real time in Europe/Paris.
    #[must_use]
    pub fn paris() -> Self {
        Self::with(RealTime)
    }
}

impl<C: WallClock> SystemClock<C> {
    /// The time of `clock` in Europe/Paris.
    #[must_use]
    pub fn with(clock: C) -> Self {
        // The zone database is compiled in, so it is there.
        let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        Self { clock, zone }
    }
}

impl<C: WallClock> Calendar for SystemClock<C> {
    fn now(&self) -> Instant {
        Instant::from_millis(self.clock.millis())
    }

    fn local(&self, at: Instant) -> LocalTime {
        let local = Timestamp::from_millisecond(at.millis()).unwrap_or_default().to_zoned(self.zone.clone());
        LocalTime {
            date: civil_date(local.date()),
            weekday: u8::try_from(local.weekday().to_monday_one_offset()).unwrap_or(1),
            hour: u8::try_from(local.hour()).unwrap_or(0),
            minute: u8::try_from(local.minute()).unwrap_or(0),
        }
    }
}

/// jiff's date as ours.
pub(crate) fn civil_date(date: civil::Date) -> CivilDate {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    CivilDate::new(date.year(), part(date.month()), part(date.day())).unwrap_or(FIRST_DAY)
}

const FIRST_DAY: CivilDate = match CivilDate::new(1970, 1, 1) {
    Some(day) => day,
    None => panic!("1 January 1970 is a day"),
};

/// The moment of a wall clock in Europe/Paris.
pub(crate) fn paris_instant(at: civil::DateTime) -> Instant {
    let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).map_or(Instant::default(), |zoned| Instant::from_millis(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_changes_twice_a_year() {
        let calendar = SystemClock::paris();
        // 25 October 2026: 2 h 30 happens twice in Paris.
        for (utc, hour, minute) in
            [("2026-10-25T00:30:00Z", 2, 30), ("2026-10-25T01:30:00Z", 2, 30), ("2026-03-29T01:00:00Z", 3, 0)]
        {
            let at: Timestamp = utc.parse().unwrap();
            let local = calendar.local(Instant::from_millis(at.as_millisecond()));
            assert_eq!((local.hour, local.minute), (hour, minute), "{utc}");
        }
    }

    #[test]
    fn midnight_in_paris_is_not_midnight_utc() {
        let at: Timestamp = "2026-07-14T22:30:00Z".parse().unwrap();
        let local = SystemClock::paris().local(Instant::from_millis(at.as_millisecond()));
        assert_eq!((local.date.to_string().as_str(), local.weekday), ("2026-07-15", 3));
    }
}
