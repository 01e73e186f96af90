//! The retention engine: every rule of the register, and what deletes its data.
//!
//! Rows are deleted in small batches. The pause between two batches is longer than the work, so that the site keeps
//! answering. A run that is interrupted leaves the rest to the next one.

use crate::{
    Services,
    db::Db,
    error::Fault,
    jobs::Turn,
    store::{retention, visits},
};
use domain::{
    requests::RequestKind,
    retention::{Keeping, RuleId},
    tasks::{RunCounts, Task},
    time::{Calendar, Instant},
};
use std::{sync::Arc, time::Duration};

/// How many rows are deleted at once.
const BATCH: i64 = 500;
/// The length of the pause after a batch, as a multiple of its work: the site has three quarters of the time for
/// itself.
const PAUSE: u32 = 3;
/// Longest pause between two batches.
const PAUSE_AT_MOST: Duration = Duration::from_millis(250);

/// What carries out a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The nightly job, [`Task::Retention`], deletes what is older than the period of the rule.
    Age(Aged),
    /// The nightly job deletes pre-registrations of events that are over.
    EventEnd,
    /// Another job carries it out.
    Job(Task),
    /// The act that ends it deletes the data in its own transaction, such as unsubscribing.
    TheAct,
    /// A person deletes the data on request. Nothing is deleted by itself, and the policy says so.
    Hand,
}

/// What the nightly job deletes by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aged {
    /// Requests of a form, by the day they arrived.
    Requests(RequestKind),
    /// Sign-ups that nobody confirmed.
    Subscriptions,
    /// Requests about rights, by the day they were closed.
    Rights,
    /// Visits, which are summed up before they are deleted.
    Visits,
}

/// Every rule with what carries it out.
fn engine() -> impl Iterator<Item = (RuleId, By)> {
    let requests = RequestKind::ALL.map(|kind| match kind {
        RequestKind::Event => (kind.rule(), By::EventEnd),
        kind => (kind.rule(), By::Age(Aged::Requests(kind))),
    });
    requests.into_iter().chain(OTHERS)
}

/// The rules that are not about a public form.
const OTHERS: [(RuleId, By); RuleId::ALL.len() - RequestKind::ALL.len()] = [
    (RuleId::NewsletterUnconfirmed, By::Age(Aged::Subscriptions)),
    (RuleId::Newsletter, By::TheAct),
    (RuleId::YouthSpace, By::Hand),
    (RuleId::Vault, By::Hand),
    (RuleId::Staff, By::Hand),
    (RuleId::Proposals, By::Job(Task::EndSessions)),
    (RuleId::Sessions, By::Job(Task::EndSessions)),
    (RuleId::ActivationCodes, By::Job(Task::EndSessions)),
    (RuleId::Attempts, By::Job(Task::EndSessions)),
    (RuleId::AccessLog, By::Hand),
    (RuleId::Journal, By::Hand),
    (RuleId::Receipts, By::Job(Task::PruneReceipts)),
    (RuleId::SentMails, By::Job(Task::PruneHistory)),
    (RuleId::FailedMails, By::Job(Task::PruneHistory)),
    (RuleId::Rights, By::Age(Aged::Rights)),
    (RuleId::Visits, By::Age(Aged::Visits)),
];

/// Deletes what is older than its period.
#[derive(Clone)]
pub(crate) struct Retention {
    data: Db,
    calendar: Arc<dyn Calendar>,
    keeping: Arc<Keeping>,
}

impl Services {
    /// The retention engine of this site.
    pub(crate) fn retention(&self) -> Retention {
        Retention { data: self.data.clone(), calendar: self.calendar.clone(), keeping: self.keeping.clone() }
    }
}

impl Retention {
    /// Carries out every rule of the nightly job. The counts are by rule and identify nobody.
    pub(crate) async fn keep_promises(&self, turn: Turn) -> Result<RunCounts, Fault> {
        let mut counts = RunCounts::new();
        for (rule, by) in engine() {
            let gone = match by {
                By::Age(aged) => match self.keeping.period(rule) {
                    Some(period) => {
                        let before = self.calendar.start_of(period.first_kept(self.calendar.today()));
                        self.end(turn, aged, before).await?
                    }
                    None => return Err(Fault::Broken("a rule that goes by age has no period")),
                },
                By::EventEnd => self.end_events(turn).await?,
                By::Job(_) | By::TheAct | By::Hand => continue,
            };
            counts.insert(rule.code().to_owned(), gone);
        }
        Ok(counts)
    }

    async fn end(&self, turn: Turn, aged: Aged, before: Instant) -> Result<u64, Fault> {
        if turn.dry {
            let mut db = self.data.read().await?;
            return match aged {
                Aged::Requests(kind) => retention::count_requests(&mut db, kind, before).await,
                Aged::Subscriptions => retention::count_unconfirmed(&mut db, before).await,
                Aged::Rights => retention::count_rights(&mut db, before).await,
                Aged::Visits => visits::count_older(&mut db, before).await,
            };
        }
        let (data, calendar) = (&self.data, &self.calendar);
        in_batches(move || async move {
            let calendar = calendar.clone();
            let write = data.write(move |tx| {
                Box::pin(async move {
                    match aged {
                        Aged::Requests(kind) => retention::delete_requests(tx, kind, before, BATCH).await,
                        Aged::Subscriptions => retention::delete_unconfirmed(tx, before, BATCH).await,
                        Aged::Rights => retention::delete_rights(tx, before, BATCH).await,
                        Aged::Visits => visits::aggregate_older(tx, &*calendar, before, BATCH).await,
                    }
                })
            });
            write.await
        })
        .await
    }

    async fn end_events(&self, turn: Turn) -> Result<u64, Fault> {
        let now = self.calendar.now();
        if turn.dry {
            return retention::count_of_ended_events(&mut self.data.read().await?, now).await;
        }
        let data = &self.data;
        in_batches(move || async move {
            let write =
                data.write(move |tx| Box::pin(async move { retention::delete_of_ended_events(tx, now, BATCH).await }));
            write.await
        })
        .await
    }
}

/// Repeats `batch` until it finds nothing more.
async fn in_batches<F>(batch: impl Fn() -> F) -> Result<u64, Fault>
where
    F: Future<Output = Result<u64, Fault>>,
{
    let mut gone = 0;
    loop {
        let begun = std::time::Instant::now();
        let count = batch().await?;
        gone += count;
        if count < BATCH.unsigned_abs() {
            return Ok(gone);
        }
        tokio::time::sleep((begun.elapsed() * PAUSE).min(PAUSE_AT_MOST)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::periods::fixed_days;
    use domain::{accounts::PROPOSAL_DAYS, activation::CODE_HOURS, retention::Kept};

    /// The engine has an entry for each rule of the register, and no other.
    #[test]
    fn every_rule_is_carried_out_by_something() {
        let mut carried_out: Vec<_> = engine().map(|(rule, _)| rule).collect();
        carried_out.sort_unstable();
        assert_eq!(carried_out, RuleId::ALL);
    }

    /// The end that the policy promises is carried out by something that can do it.
    #[test]
    fn each_end_in_the_policy_has_something_that_carries_it_out() {
        for (rule, by) in engine() {
            let fits = match rule.usual() {
                Kept::For(_) => matches!(by, By::Age(_) | By::Job(_)),
                Kept::Until => matches!(by, By::EventEnd | By::Job(_)),
                Kept::UntilUnsubscribed => by == By::TheAct,
                Kept::WhileFollowed | Kept::WhileEmployed | Kept::WithItsSubject => by == By::Hand,
            };
            assert!(fits, "{rule:?} is kept {:?} and ended by {by:?}", rule.usual());
        }
    }

    /// Rows that hold the date of their own end got it from the period that the register declares.
    #[test]
    fn the_dates_of_accounts_are_those_of_the_register() {
        assert_eq!(fixed_days(RuleId::Proposals), PROPOSAL_DAYS);
        assert_eq!(fixed_days(RuleId::ActivationCodes) * 24, CODE_HOURS);
    }
}
