//! Dates: ages, birthdays, working days.

use jiff::Span;
use jiff::civil::{Date, Weekday};

/// The number of days from one date to another.
pub(super) fn days(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// The date `count` days later.
pub(super) fn later(day: Date, count: i64) -> Date {
    day.saturating_add(Span::new().days(count))
}

/// The same day `years` years earlier.
pub(super) fn before(day: Date, years: i16) -> Date {
    day.saturating_sub(Span::new().years(i64::from(years)))
}

/// The birthday at that age. Somebody born on 29 February has it on 1 March in common years.
pub(super) fn birthday(birth: Date, age: i16) -> Date {
    let year = birth.year().saturating_add(age);
    Date::new(year, birth.month(), birth.day()).or_else(|_| Date::new(year, 3, 1)).unwrap_or(Date::MAX)
}

/// The age on a day.
pub(super) fn age(birth: Date, on: Date) -> i16 {
    let years = on.year() - birth.year();
    if birthday(birth, years) > on { years - 1 } else { years }
}

/// Whether a day is a working day: Monday to Friday, without French public holidays.
pub(super) fn is_working(day: Date) -> bool {
    if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return false;
    }
    let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
    if fixed.contains(&(day.month(), day.day())) {
        return false;
    }
    // Easter Monday, Ascension Day, Whit Monday.
    let since_easter = days(easter(day.year()), day);
    !matches!(since_easter, 1 | 39 | 50)
}

/// Easter Sunday in the Gregorian calendar, after Gauss's rule as Butcher completed it.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, within) = (year % 19, year / 100, year % 100);
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (within / 4) - epact - within % 4) % 7;
    let shift = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * shift + 114;
    let (month, day) = (i8::try_from(sum / 31).unwrap_or(4), i8::try_from(sum % 31 + 1).unwrap_or(1));
    Date::new(i16::try_from(year).unwrap_or(1), month, day).unwrap_or(Date::MIN)
}
