//! Delivers the outbox: each mail at least once, always with the same Message-ID.
//!
//! Several lanes each take one mail at a time under a lease. After a crash, this or another instance takes the mail
//! again when the lease ends. When the server accepts no mail at all, the whole queue pauses and no mail uses up an
//! attempt. When the server refuses one mail for now, only that mail waits.

use super::{
    MailMeans, Outbox,
    mime::parcel,
    smtp::{Failure, Reason},
};
use crate::{
    error::Fault,
    mail::{
        carrier::{Carrier, Lane},
        message_id_domain,
    },
    stop::Stop,
    store::{self, mail::Claimed},
};
use domain::{mail::GIVE_UP_DAYS, time::Instant};
use futures::future::join_all;
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

/// How many mails one instance sends at the same time.
const LANES: usize = 4;
/// Longest wait before a mail, or the server, is tried again. It is short, so that all mails leave within a quarter of
/// an hour after a long failure of the server.
const LONGEST_WAIT_MINUTES: i64 = 10;
/// How much longer a lease is than the longest attempt.
const LEASE_BEYOND_MILLIS: i64 = 60_000;
/// The time between two looks into the outbox when nobody wakes the delivery.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Mails that were sent.
    pub sent: u64,
    /// Mails that wait for another attempt.
    pub put_off: u64,
    /// Mails that will not be tried again.
    pub failed: u64,
    /// Whether the queue waits for the server.
    pub paused: bool,
}

/// What the lanes of one round share.
#[derive(Default)]
struct Round {
    sent: AtomicU64,
    put_off: AtomicU64,
    failed: AtomicU64,
    /// Why the server accepts no mail, once a lane has found out.
    halted: Mutex<Option<Reason>>,
}

impl Round {
    fn is_halted(&self) -> bool {
        self.halted.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn halt(&self, reason: Reason) {
        self.halted.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
    }
}

impl Outbox {
    /// Delivers until `stop`: at once when a mail was written by this instance, soon when by another.
    pub async fn deliver_until(&self, stop: Stop) {
        while !stop.is_asked() {
            if let Err(fault) = self.deliver_round(&stop).await {
                tracing::error!(%fault, "the outbox could not be delivered");
            }
            tokio::select! {
                () = self.bell.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.asked() => {}
            }
        }
    }

    /// Delivers the mails that are due now.
    ///
    /// # Errors
    /// A message when the database does not answer.
    pub async fn deliver(&self) -> Result<DeliveryReport, String> {
        self.deliver_round(&Stop::never()).await.map_err(|fault| fault.to_string())
    }

    /// Releases the leases that an earlier run left behind, and tries the server at once, because its settings may have
    /// changed. Call it before the first round, and only when there is one instance.
    ///
    /// # Errors
    /// A message when the database does not answer.
    pub async fn free(&self) -> Result<(), String> {
        let freed = self.data.write(|tx| {
            Box::pin(async move {
                store::mail::end_leases(tx).await?;
                store::mail::end_pause(tx).await
            })
        });
        freed.await.map_err(|fault| fault.to_string())
    }

    async fn deliver_round(&self, stop: &Stop) -> Result<DeliveryReport, Fault> {
        let means = &*self.means;
        let now = self.calendar.now();
        let paused = {
            let mut db = self.data.read().await?;
            let pause = store::mail::pause(&mut db).await?;
            if pause.is_some_and(|pause| pause.until > now.millis()) {
                return Ok(DeliveryReport { paused: true, ..DeliveryReport::default() });
            }
            if !store::mail::is_due(&mut db, now).await? {
                return Ok(DeliveryReport::default());
            }
            pause
        };
        let round = Round::default();
        let hello = message_id_domain(&means.origin);
        let hello = hello.trim_matches(['[', ']']).trim_start_matches("IPv6:");
        let lanes = (0..LANES).map(|_| self.lane(means, hello, &round, stop));
        for ended in join_all(lanes).await {
            ended?;
        }
        let Round { sent, put_off, failed, halted } = round;
        let mut report = DeliveryReport {
            sent: sent.into_inner(),
            put_off: put_off.into_inner(),
            failed: failed.into_inner(),
            paused: false,
        };
        match halted.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(reason) => {
                tracing::warn!(%reason, "the mail server takes no mail; the queue waits");
                report.failed += self.pause(reason).await?;
                report.paused = true;
            }
            None => {
                if let Some(pause) = paused {
                    let minutes = now.millis().saturating_sub(pause.since) / 60_000;
                    tracing::info!(minutes, "the mail server takes mails again");
                    self.data.write(|tx| Box::pin(async move { store::mail::end_pause(tx).await })).await?;
                }
            }
        }
        Ok(report)
    }

    /// Pauses the queue, longer after each failure in a row. Returns how many mails are too old to wait.
    async fn pause(&self, reason: Reason) -> Result<u64, Fault> {
        let now = self.calendar.now();
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    let failures = store::mail::count_failure(tx, now, &reason).await?;
                    store::mail::pause_until(tx, now.plus_millis(wait_millis(30_000, failures))).await?;
                    store::mail::give_up(tx, now.plus_hours(-GIVE_UP_DAYS * 24), now, &reason).await
                })
            })
            .await
    }

    /// Sends one mail after the other until none is due, or the server accepts none.
    async fn lane(&self, means: &MailMeans, hello: &str, round: &Round, stop: &Stop) -> Result<(), Fault> {
        let mut lane = means.carrier.lane(hello);
        while !round.is_halted() && !stop.is_asked() {
            let (lease, now) = (store::new_id::<Uuid>(), self.calendar.now());
            let until = now.plus_millis(lease_millis(&means.carrier));
            let claimed = self
                .data
                .write(move |tx| Box::pin(async move { store::mail::claim(tx, lease, now, until).await }))
                .await?;
            match claimed {
                Some(mail) => self.try_one(means, &mut lane, mail, lease, round).await?,
                // No mail is due, or another lane took it: that lane goes on, and this one ends.
                None => {
                    if !store::mail::is_due(&mut self.data.read().await?, now).await? {
                        break;
                    }
                }
            }
        }
        lane.close().await;
        Ok(())
    }

    async fn try_one(
        &self,
        means: &MailMeans,
        lane: &mut Lane<'_>,
        mail: Claimed,
        lease: Uuid,
        round: &Round,
    ) -> Result<(), Fault> {
        let Claimed { id, message_id, kind, sealed, created_at, attempts } = mail;
        let created_at = Instant::from_millis(created_at);
        let content = self.unseal(id, &sealed);
        let parcel = content.and_then(|content| parcel(&means.sender, content, &message_id, created_at));
        let outcome = match parcel {
            Ok(parcel) => lane.carry(id, parcel).await,
            Err(fault) => {
                tracing::error!(%fault, mail = %id, "a mail cannot be put into its form");
                Err(Failure::Never("unreadable".into()))
            }
        };
        let now = self.calendar.now();
        let too_old = now.millis_since(created_at) >= GIVE_UP_DAYS * 24 * 3_600_000;
        let next = now.plus_millis(wait_millis(60_000, attempts + 1));
        let (count, step) = match outcome {
            Ok(()) => {
                tracing::info!(mail = %id, kind, "a mail left");
                (Some(&round.sent), Step::End(None))
            }
            Err(Failure::Server(reason)) => {
                round.halt(reason);
                (None, Step::GiveBack)
            }
            Err(Failure::Never(reason)) => (Some(&round.failed), Step::End(Some(reason))),
            Err(Failure::Later(reason)) if too_old => (Some(&round.failed), Step::End(Some(reason))),
            Err(Failure::Later(reason)) => (Some(&round.put_off), Step::PutOff(reason)),
            Err(Failure::Unsure(reason)) => {
                round.halt(reason.clone());
                // The other mails go first. If this very mail makes the server fail, it holds up no other.
                if too_old {
                    (Some(&round.failed), Step::End(Some(reason)))
                } else {
                    (Some(&round.put_off), Step::PutOff(reason))
                }
            }
        };
        if let Step::End(Some(reason)) = &step {
            tracing::warn!(mail = %id, kind, %reason, "a mail was given up");
        }
        if let Some(count) = count {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    match step {
                        Step::End(reason) => store::mail::end(tx, id, lease, now, reason.as_deref()).await,
                        Step::PutOff(reason) => store::mail::put_off(tx, id, lease, next, &reason).await,
                        Step::GiveBack => store::mail::give_back(tx, id, lease).await,
                    }
                })
            })
            .await
    }
}

/// What happens to a mail after an attempt.
enum Step {
    /// It was sent, or it is given up for a reason.
    End(Option<Reason>),
    /// It is tried again later.
    PutOff(Reason),
    /// It was not tried.
    GiveBack,
}

/// `first` after the first failure, twice as long after each further one, up to the longest wait.
fn wait_millis(first: i64, failures: i64) -> i64 {
    let doublings = u32::try_from(failures.clamp(1, 20) - 1).unwrap_or_default();
    first.saturating_mul(1 << doublings).min(LONGEST_WAIT_MINUTES * 60_000)
}

/// The length of a lease, which is longer than any attempt.
fn lease_millis(carrier: &Carrier) -> i64 {
    i64::try_from(carrier.longest_mail().as_millis()).unwrap_or(i64::MAX).saturating_add(LEASE_BEYOND_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<_> = (1..=8).map(|failures| wait_millis(30_000, failures) / 1000).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 600, 600, 600]);
        assert_eq!(wait_millis(60_000, i64::MAX), 600_000);
        assert_eq!(wait_millis(60_000, 0), 60_000);
    }
}
