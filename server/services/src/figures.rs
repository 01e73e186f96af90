//! The key figures: computed from the database, kept for ten minutes; small numbers are never shown.

use crate::{
    Services,
    error::Fault,
    store::{self, visits::HOUR},
};
use async_trait::async_trait;
use domain::{
    error::PortResult,
    figures::{AGE_GROUPS, Figures, KeyFigures, Month, Told},
    time::{CivilDate, Instant},
};
use std::collections::BTreeMap;
use tokio::sync::Mutex;

/// How old the figures may be.
const FRESH_MINUTES: i64 = 10;
/// How many months are shown.
const MONTHS: u16 = 12;

/// The last computed figures. Requests that come while they are computed wait for them.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<(Instant, KeyFigures)>>);

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

const fn month_of(day: CivilDate) -> Month {
    Month { year: day.year(), month: day.month() }
}

/// Reads `2026-03`; nothing for a text that is no month, because other programs may have written it.
fn parse_month(text: &str) -> Option<Month> {
    format!("{text}-01").parse().ok().map(month_of)
}

/// The latest birth date of a person who is `age` years old today.
fn born_by(today: CivilDate, age: i16) -> CivilDate {
    let (mut day, years) = (today, u16::try_from(age).unwrap_or(0) * 12);
    day = day.minus_months(years);
    // Somebody born on 29 February becomes a year older on 1 March.
    while day.age_on(today) < age {
        day = day.minus_days(1);
    }
    while day.plus_days(1).age_on(today) >= age {
        day = day.plus_days(1);
    }
    day
}

/// Each of the last months, with what was counted in it.
fn by_month(today: CivilDate, counts: impl Iterator<Item = (Month, u64)>) -> Vec<(Month, Told)> {
    let mut months: BTreeMap<Month, u64> =
        (0..MONTHS).map(|back| (month_of(first_of(today).minus_months(back)), 0)).collect();
    for (month, count) in counts {
        if let Some(sum) = months.get_mut(&month) {
            *sum += count;
        }
    }
    months.into_iter().map(|(month, count)| (month, Told::of(count))).collect()
}

fn first_of(day: CivilDate) -> CivilDate {
    CivilDate::new(day.year(), day.month(), 1).unwrap_or(day)
}

impl Services {
    async fn compute_figures(&self) -> Result<KeyFigures, Fault> {
        let (now, today) = (self.calendar.now(), self.calendar.today());
        let from = first_of(today).minus_months(MONTHS - 1);
        let bounds = [1, 2, 3].map(|group: usize| born_by(today, AGE_GROUPS[group].0.unwrap_or(0)));
        let mut db = self.data.read().await?;
        let ages = store::figures::ages(&mut db, bounds).await?.map(count);
        let new = store::figures::new_by_month(&mut db, from).await?;
        let mut situations = store::figures::situations(&mut db).await?;
        let year_ago = self.calendar.start_of(today.minus_months(MONTHS));
        let (documents, appointments) = store::figures::work(&mut db, year_ago, now).await?;
        let hours = store::visits::hours(&mut db, self.calendar.start_of(from)).await?;
        let days = store::visits::days(&mut db, from).await?;
        drop(db);
        situations.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let visited = hours.into_iter().map(|(hour, visits)| {
            let day = self.calendar.local(Instant::from_millis(hour.saturating_mul(HOUR))).date;
            (month_of(day), count(visits))
        });
        let summed = days.into_iter().filter_map(|row| Some((parse_month(row.day.get(..7)?)?, count(row.visits))));
        let [all, eighteen, older, oldest] = ages;
        Ok(KeyFigures {
            followed: Told::whole(all),
            ages: [all.saturating_sub(eighteen), eighteen.saturating_sub(older), older.saturating_sub(oldest), oldest]
                .map(Told::of)
                .to_vec(),
            situations: situations.into_iter().map(|(category, people)| (category, Told::of(count(people)))).collect(),
            new: by_month(
                today,
                new.into_iter().filter_map(|(month, files)| Some((parse_month(&month)?, count(files)))),
            ),
            documents: Told::of(count(documents)),
            appointments: Told::of(count(appointments)),
            visits: by_month(today, visited.chain(summed)),
        })
    }

    async fn fresh_figures(&self) -> Result<KeyFigures, Fault> {
        let mut kept = self.figures.0.lock().await;
        let now = self.calendar.now();
        if let Some((at, figures)) = &*kept
            && (*at..at.plus_minutes(FRESH_MINUTES)).contains(&now)
        {
            return Ok(figures.clone());
        }
        let figures = self.compute_figures().await?;
        *kept = Some((now, figures.clone()));
        Ok(figures)
    }
}

#[async_trait]
impl Figures for Services {
    async fn key_figures(&self) -> PortResult<KeyFigures> {
        Ok(self.fresh_figures().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> CivilDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_to_be_born_for_an_age() {
        for (today, age, born) in [
            ("2026-03-10", 18, "2008-03-10"),
            // 29 February 2008: eighteen on 1 March 2026.
            ("2026-02-28", 18, "2008-02-28"),
            ("2026-03-01", 18, "2008-03-01"),
            ("2028-02-29", 22, "2006-02-28"),
            ("2026-12-31", 26, "2000-12-31"),
        ] {
            assert_eq!(born_by(day(today), age), day(born), "{age} on {today}");
        }
        // On that day of birth one has the age; a day later, not yet.
        for offset in 0..800 {
            let today = day("2026-01-01").plus_days(offset);
            let born = born_by(today, 18);
            assert!(born.age_on(today) >= 18 && born.plus_days(1).age_on(today) < 18, "{today}");
        }
    }

    #[test]
    fn months_without_counts_are_listed_too() {
        let month = |text| parse_month(text).unwrap();
        let counts = [(month("2026-03"), 7), (month("2026-03"), 3), (month("2025-04"), 4), (month("2025-03"), 90)];
        let months = by_month(day("2026-03-31"), counts.into_iter());
        assert_eq!(months.len(), 12);
        assert_eq!(months[0], (month("2025-04"), Told::Few));
        assert_eq!(months[11], (month("2026-03"), Told::Number(10)));
        assert!(months.windows(2).all(|two| two[0].0 < two[1].0));
        assert_eq!((parse_month("2026-13"), parse_month("mars")), (None, None));
    }
}
