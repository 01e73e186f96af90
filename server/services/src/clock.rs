//! The clock and the time zone. No other file reads either.

use domain::{
    tasks::Schedule,
    time::{Calendar, CivilDate, Instant, LocalTime},
};
use jiff::{Timestamp, civil, tz::TimeZone};
use std::sync::atomic::{AtomicI64, Ordering};

/// What time it is, in milliseconds since 1970-01-01 UTC.
pub trait WallClock: Send + Sync {
    /// The present moment.
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
        // The zone database is compiled into the program, so this zone is always found.
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

    fn start_of(&self, day: CivilDate) -> Instant {
        let part = |value: u8| i8::try_from(value).unwrap_or(1);
        let date = civil::Date::new(day.year(), part(day.month()), part(day.day())).unwrap_or_default();
        date.to_zoned(self.zone.clone())
            .map_or(Instant::default(), |zoned| Instant::from_millis(zoned.timestamp().as_millisecond()))
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

/// When a job that last began at `last` is to run next.
pub(crate) fn next_run(schedule: Schedule, last: Instant) -> Instant {
    match schedule {
        Schedule::EveryMinutes(minutes) => last.plus_minutes(i64::from(minutes)),
        Schedule::DailyAt { hour, minute } => {
            let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
            let day = Timestamp::from_millisecond(last.millis()).unwrap_or_default().to_zoned(zone).date();
            let part = |value: u8| i8::try_from(value).unwrap_or(0);
            // An hour that the day skips becomes the hour after it. Of an hour that comes twice, the first counts.
            let on = |day: civil::Date| paris_instant(day.at(part(hour), part(minute), 0, 0));
            let today = on(day);
            if today > last { today } else { day.tomorrow().map_or(Instant::from_millis(i64::MAX), on) }
        }
    }
}

/// Reads a day, `2026-03-29`, or a moment of the wall clock in Europe/Paris, `2026-03-29T14:30`. A day gives its first
/// moment.
pub(crate) fn parse_paris(text: &str) -> Option<Instant> {
    let text = text.trim();
    let at = text.parse::<civil::DateTime>().ok()?;
    // An instant with its own zone would be read as if it had none, so only this exact form is accepted.
    let shaped = text.bytes().all(|byte| byte.is_ascii_digit() || b"-:T ".contains(&byte));
    shaped.then(|| paris_instant(at))
}

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

    fn utc(text: &str) -> Instant {
        Instant::from_millis(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn schedules_on_ordinary_days_month_ends_and_when_the_hour_changes() {
        let night = Schedule::DailyAt { hour: 3, minute: 40 };
        let skipped = Schedule::DailyAt { hour: 2, minute: 30 };
        let midnight = Schedule::DailyAt { hour: 0, minute: 0 };
        for (schedule, last, next) in [
            // Winter: UTC+1.
            (night, "2026-01-15T12:00:00Z", "2026-01-16T02:40:00Z"),
            (night, "2026-01-15T02:39:59.999Z", "2026-01-15T02:40:00Z"),
            (night, "2026-01-15T02:40:00Z", "2026-01-16T02:40:00Z"),
            // Month and year ends, 29 February.
            (night, "2026-01-31T12:00:00Z", "2026-02-01T02:40:00Z"),
            (night, "2026-12-31T12:00:00Z", "2027-01-01T02:40:00Z"),
            (night, "2028-02-28T12:00:00Z", "2028-02-29T02:40:00Z"),
            (night, "2028-02-29T12:00:00Z", "2028-03-01T02:40:00Z"),
            // Midnight in Paris is the evening before in UTC.
            (midnight, "2026-07-31T21:59:59Z", "2026-07-31T22:00:00Z"),
            (midnight, "2026-07-31T22:00:00Z", "2026-08-01T22:00:00Z"),
            // 29 March 2026: 2 h 00 is 3 h 00.
            (night, "2026-03-28T12:00:00Z", "2026-03-29T01:40:00Z"),
            (night, "2026-03-29T12:00:00Z", "2026-03-30T01:40:00Z"),
            (skipped, "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
            (skipped, "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"),
            // 25 October 2026: 2 h 30 comes twice, and counts once.
            (skipped, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            (skipped, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
            (skipped, "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"),
            (night, "2026-10-24T12:00:00Z", "2026-10-25T02:40:00Z"),
            // Jobs that run every few minutes do not depend on the wall clock.
            (Schedule::EveryMinutes(60), "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
            (Schedule::EveryMinutes(15), "2026-03-29T00:59:00Z", "2026-03-29T01:14:00Z"),
        ] {
            assert_eq!(next_run(schedule, utc(last)), utc(next), "{schedule:?} after {last}");
        }
        // A job that never ran is due at once.
        assert!(next_run(night, Instant::default()) < utc("1970-01-03T00:00:00Z"));
    }

    #[test]
    fn moments_as_people_write_them() {
        for (text, moment) in [
            ("2026-03-29", "2026-03-28T23:00:00Z"),
            ("2026-07-14T08:30", "2026-07-14T06:30:00Z"),
            (" 2026-07-14 08:30:15 ", "2026-07-14T06:30:15Z"),
            ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),
        ] {
            assert_eq!(parse_paris(text), Some(utc(moment)), "{text}");
        }
        for bad in [
            "",
            "demain",
            "2026-02-30",
            "14/07/2026",
            "2026-07-14T08:30Z",
            "2026-07-14T08:30+02:00",
            "2026-07-14T25:00",
        ] {
            assert_eq!(parse_paris(bad), None, "{bad}");
        }
    }
}
