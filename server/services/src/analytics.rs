//! Visits (F8): they are kept in memory, written to the database together, and shown as counts to the staff who may see
//! them.

use crate::{
    Services,
    access::{Access, HouseFacts, SeeAudience, authorize},
    error::Fault,
    store::visits::{self, HOUR},
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    analytics::{Analytics, AnalyticsFigures, Counted, LISTED, PageVisit, Span, WAITING_MAX},
    error::PortResult,
    time::{Calendar, CivilDate, Instant},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Visits that are not in the database yet.
#[derive(Debug, Default)]
pub(crate) struct Waiting(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    visits: Vec<(Instant, PageVisit)>,
    /// How many visits were dropped because there was no room.
    dropped: u64,
}

impl Waiting {
    fn note(&self, at: Instant, visit: PageVisit) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.visits.len() < WAITING_MAX {
            queue.visits.push((at, visit));
        } else {
            queue.dropped += 1;
        }
    }

    fn take(&self) -> Queue {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts visits that could not be written back, before those that came meanwhile.
    fn put_back(&self, taken: Queue) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = std::mem::replace(&mut *queue, taken);
        queue.dropped += newer.dropped;
        for visit in newer.visits {
            if queue.visits.len() < WAITING_MAX {
                queue.visits.push(visit);
            } else {
                queue.dropped += 1;
            }
        }
    }
}

/// Turns sums of hours and of days into sums of days, oldest first, with a row for each day from `from` to `to`.
fn by_day(
    calendar: &dyn Calendar,
    (from, to): (CivilDate, CivilDate),
    hours: &[(i64, i64)],
    sums: &[(CivilDate, u64)],
) -> Vec<(CivilDate, u64)> {
    let mut days = BTreeMap::new();
    let mut day = from;
    while day <= to {
        days.insert(day, 0);
        day = day.plus_days(1);
    }
    let hours = hours.iter().map(|(hour, count)| {
        (calendar.local(Instant::from_millis(hour.saturating_mul(HOUR))).date, u64::try_from(*count).unwrap_or(0))
    });
    for (day, count) in hours.chain(sums.iter().copied()) {
        if let Some(sum) = days.get_mut(&day) {
            *sum += count;
        }
    }
    days.into_iter().collect()
}

/// Adds the counts of `counted` and those of `more`; the highest count comes first.
fn together(counted: Vec<Counted>, more: impl Iterator<Item = Counted>) -> Vec<Counted> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in counted.into_iter().chain(more) {
        *sums.entry(name).or_default() += count;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    sums.truncate(LISTED);
    sums
}

impl Services {
    /// Writes down the visits that were noted in memory; returns how many.
    ///
    /// # Errors
    /// A message when the database does not answer; they are written next time, as far as there is room.
    pub async fn flush_visits(&self) -> Result<usize, String> {
        let taken = self.visits.take();
        if taken.dropped > 0 {
            tracing::warn!(
                dropped = taken.dropped,
                "visits came faster than they are written down: some were not noted"
            );
        }
        if taken.visits.is_empty() {
            return Ok(0);
        }
        let count = taken.visits.len();
        let rows = taken.visits.clone();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                for (at, visit) in &rows {
                    visits::insert(tx, *at, visit).await?;
                }
                Ok(())
            })
        });
        match write.await {
            Ok(()) => Ok(count),
            Err(fault) => {
                self.visits.put_back(Queue { dropped: 0, ..taken });
                Err(fault.to_string())
            }
        }
    }

    async fn count_visits(
        &self,
        access: &Access<SeeAudience, HouseFacts>,
        span: Span,
    ) -> Result<AnalyticsFigures, Fault> {
        let today = self.calendar.today();
        let from = today.minus_days(span.days() - 1);
        let since = self.calendar.start_of(from);
        let mut db = self.data.read().await?;
        let hours = visits::hours(&mut db, since).await?;
        let most = visits::most(&mut db, access, since).await?;
        let sums = visits::days(&mut db, from).await?;
        drop(db);
        let number = |count: i64| u64::try_from(count).unwrap_or(0);
        let list = |wanted: &str| -> Vec<Counted> {
            let of = most.iter().filter(|(list, ..)| list == wanted);
            of.map(|(_, name, count)| (name.clone(), number(*count))).collect()
        };
        let mut days = Vec::new();
        for row in &sums {
            days.push((
                row.day.parse().map_err(|_| Fault::Broken("a day of visits cannot be read"))?,
                number(row.visits),
            ));
        }
        let nothing = std::iter::empty;
        Ok(AnalyticsFigures {
            days: by_day(&*self.calendar, (from, today), &hours, &days),
            pages: together(list("page"), sums.iter().map(|row| (row.page.clone(), number(row.visits)))),
            devices: together(list("device"), sums.iter().map(|row| (row.device.clone(), number(row.visits)))),
            browsers: together(list("browser"), nothing()),
            languages: together(list("language"), nothing()),
            referrers: together(list("referrer"), nothing()),
        })
    }
}

#[async_trait]
impl Analytics for Services {
    fn note_visit(&self, visit: PageVisit) {
        // The time is cut to the minute, because a record of the second would say too much about people.
        let now = self.calendar.now().millis();
        self.visits.note(Instant::from_millis(now - now.rem_euclid(60_000)), visit);
    }

    async fn figures(&self, actor: &Actor, span: Span) -> PortResult<AnalyticsFigures> {
        let access = authorize(actor, SeeAudience, HouseFacts)?;
        Ok(self.count_visits(&access, span).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn visit() -> PageVisit {
        PageVisit {
            page: "/".to_owned(),
            browser: "Firefox",
            language: "fr".to_owned(),
            system: "Android",
            device: "phone",
            referrer: None,
            address: "198.51.0.0".to_owned(),
        }
    }

    #[test]
    fn waiting_visits_are_bounded_and_dropped_ones_are_counted() {
        let waiting = Waiting::default();
        for _ in 0..WAITING_MAX + 3 {
            waiting.note(Instant::default(), visit());
        }
        let taken = waiting.take();
        assert_eq!((taken.visits.len(), taken.dropped), (WAITING_MAX, 3));
        waiting.note(Instant::default(), visit());
        waiting.put_back(Queue { dropped: 0, ..taken });
        let taken = waiting.take();
        assert_eq!((taken.visits.len(), taken.dropped), (WAITING_MAX, 1));
        assert!(waiting.take().visits.is_empty());
    }

    #[test]
    fn hours_become_days_in_paris_when_the_clocks_change_too() {
        let calendar = SystemClock::paris();
        let day = |text: &str| text.parse::<CivilDate>().unwrap();
        let (from, to) = (day("2026-03-28"), day("2026-03-30"));
        let first = calendar.start_of(from).millis() / HOUR;
        // A visit each hour of three days, of which one has 23 hours.
        let hours: Vec<_> = (first - 1..=first + 71).map(|hour| (hour, 1)).collect();
        let counted = by_day(&calendar, (from, to), &hours, &[(day("2026-03-28"), 100), (day("2020-01-01"), 9)]);
        assert_eq!(counted, [(from, 124), (day("2026-03-29"), 23), (to, 24)]);
    }

    #[test]
    fn sums_are_added_and_the_highest_comes_first() {
        let named = |name: &str, count| (name.to_owned(), count);
        let all = together(vec![named("b", 2), named("a", 2)], [named("c", 1), named("c", 2)].into_iter());
        assert_eq!(all, [named("c", 3), named("a", 2), named("b", 2)]);
    }
}
