//! What is counted beside the ledger: visits that began with the banner, kinds of choices, and what pages tried to
//! load.

use crate::{
    Services,
    access::{Access, HouseFacts, SeeConsents},
    error::Fault,
    stop::Stop,
    store::{
        consent_counts::{self, Added},
        keyring, ledger,
    },
};
use domain::{
    consent::{ChoiceCounts, ConsentOverview, NewReceipt, Violation, ViolationCount},
    time::CivilDate,
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// How often the visits that were counted in memory are written to the database.
const FLUSH_EVERY: Duration = Duration::from_secs(60);
/// Most different violations that are counted apart on one day.
const KINDS_A_DAY: i64 = 200;
/// Longest part of a violation that is kept.
const PART_MAX: usize = 120;
/// How many violations are shown.
const VIOLATIONS: i64 = 50;

/// Visits that began with the banner and are not written to the database yet.
#[derive(Debug, Default)]
pub(crate) struct Shown(pub(super) AtomicU64);

/// What a choice adds to its day.
pub(super) fn of_choice(receipt: &NewReceipt) -> Added {
    let yes = receipt.asked.iter().filter(|service| receipt.decision.accepted.contains(service)).count();
    match yes {
        0 => Added { refused: 1, ..Added::default() },
        yes if yes == receipt.asked.len() => Added { accepted: 1, ..Added::default() },
        _ => Added { custom: 1, ..Added::default() },
    }
}

/// Whether a part of a violation may be kept: anybody can send a report with any text.
fn is_sane(part: &str) -> bool {
    !part.is_empty() && part.len() <= PART_MAX && part.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn day(text: &str) -> Result<CivilDate, Fault> {
    text.parse().map_err(|_| Fault::Broken("a day of the counts cannot be read"))
}

impl Services {
    /// Writes the visits that were counted in memory to the database, once a minute and at the end, until `stop`.
    pub async fn count_until(&self, stop: Stop) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(FLUSH_EVERY) => {}
                () = stop.asked() => {}
            }
            let last = stop.is_asked();
            if let Err(error) = self.flush_shown().await {
                tracing::error!(error, "the visits could not be counted; they will be");
            }
            if let Err(error) = self.flush_visits().await {
                tracing::error!(error, "pages that were seen could not be written down; they will be");
            }
            if last {
                return;
            }
        }
    }

    /// Writes the visits that were counted in memory to the database.
    ///
    /// # Errors
    /// A message when the database does not answer; the visits are then written next time.
    pub async fn flush_shown(&self) -> Result<(), String> {
        let shown = self.shown.0.swap(0, Ordering::Relaxed);
        if shown == 0 {
            return Ok(());
        }
        let (day, added) =
            (self.calendar.today(), Added { shown: i64::try_from(shown).unwrap_or(i64::MAX), ..Added::default() });
        let written = self.data.write(move |tx| Box::pin(async move { consent_counts::add(tx, day, added).await }));
        written.await.map_err(|fault| {
            self.shown.0.fetch_add(shown, Ordering::Relaxed);
            fault.to_string()
        })
    }

    pub(super) async fn count_violation(&self, violation: Violation) -> Result<(), Fault> {
        let sane = [&violation.directive, &violation.blocked, &violation.route].into_iter().all(|part| is_sane(part));
        let day = self.calendar.today();
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    if sane && consent_counts::count_known(tx, day, &violation).await? {
                        return Ok(());
                    }
                    consent_counts::add(tx, day, Added::default()).await?;
                    if sane && consent_counts::take_place(tx, day, KINDS_A_DAY).await? {
                        consent_counts::insert(tx, day, &violation).await
                    } else {
                        consent_counts::count_other(tx, day).await
                    }
                })
            })
            .await
    }

    pub(super) async fn count_up(
        &self,
        access: &Access<SeeConsents, HouseFacts>,
        from: CivilDate,
    ) -> Result<ConsentOverview, Fault> {
        // The checkpoint is read before the receipts. So receipts that are deleted meanwhile are not counted twice, and
        // the count never goes below zero.
        let checkpoint = keyring::ledger_checkpoint(&mut self.keyring.read().await?).await?;
        let pruned = checkpoint.map_or(0, |checkpoint| checkpoint.receipts);
        let mut db = self.data.read().await?;
        let last = ledger::last(&mut db).await?.map_or(pruned, |last| last.number);
        let (mut days, mut total, mut other_reports) = (Vec::new(), ChoiceCounts::default(), 0);
        for row in consent_counts::days(&mut db, access, from).await? {
            let counts = ChoiceCounts {
                shown: count(row.shown),
                accepted: count(row.accepted),
                refused: count(row.refused),
                custom: count(row.custom),
            };
            total.shown += counts.shown;
            total.accepted += counts.accepted;
            total.refused += counts.refused;
            total.custom += counts.custom;
            other_reports += count(row.other_reports);
            if counts != ChoiceCounts::default() {
                days.push((day(&row.day)?, counts));
            }
        }
        let mut violations = Vec::new();
        for row in consent_counts::violations(&mut db, access, from, VIOLATIONS).await? {
            violations.push(ViolationCount {
                last_day: day(&row.last_day)?,
                reports: count(row.reports),
                violation: Violation { directive: row.directive, blocked: row.blocked, route: row.route },
            });
        }
        Ok(ConsentOverview {
            days,
            total,
            violations,
            other_reports,
            receipts: count(last - pruned),
            pruned: count(pruned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::consent::{ConsentDecision, Place, ServiceId};

    #[test]
    fn a_choice_is_of_one_kind() {
        let kind = |asked: &[&str], accepted: &[&str]| {
            let ids = |names: &[&str]| names.iter().map(|name| ServiceId::from(*name)).collect();
            let added = of_choice(&NewReceipt {
                decision: ConsentDecision { accepted: ids(accepted) },
                asked: ids(asked),
                text: String::new(),
                list: String::new(),
                place: Place::Banner,
            });
            assert_eq!(added.shown, 0);
            (added.accepted, added.refused, added.custom)
        };
        assert_eq!(kind(&["a", "b"], &["a", "b"]), (1, 0, 0));
        assert_eq!(kind(&["a", "b"], &[]), (0, 1, 0));
        assert_eq!(kind(&["a", "b"], &["b"]), (0, 0, 1));
        assert_eq!(kind(&["a"], &["a"]), (1, 0, 0));
        assert_eq!(kind(&["a"], &["b"]), (0, 1, 0), "accepted before: this time only « a » was asked about");
    }

    #[test]
    fn a_part_of_a_report_is_short_and_printable() {
        for good in ["script-src-elem", "https://www.example.org", "/admin/comptes/{account}", "x"] {
            assert!(is_sane(good), "{good}");
        }
        for bad in ["", "a\nb", "a\0", "é", "a\u{7f}", &"x".repeat(PART_MAX + 1)] {
            assert!(!is_sane(bad), "{bad}");
        }
        assert!(is_sane(&"x".repeat(PART_MAX)));
    }
}
