//! What this process has done since it started: only how often, never who or what.

use crate::Services;
use domain::identity::{NewSession, SignInRefusal, Stage};
use std::sync::atomic::{AtomicU64, Ordering};

/// How an attempt to sign in, or one of its steps, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInOutcome {
    /// Somebody is signed in.
    Complete,
    /// The password, or the new authenticator, was right; another step follows.
    NextStep,
    /// Identifier, password or code were wrong.
    Wrong,
    /// It was not checked, because there were too many failures.
    Throttled,
    /// The services failed.
    Failed,
}

impl SignInOutcome {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Complete, Self::NextStep, Self::Wrong, Self::Throttled, Self::Failed];

    /// Its name in the metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::NextStep => "next_step",
            Self::Wrong => "wrong",
            Self::Throttled => "throttled",
            Self::Failed => "failed",
        }
    }
}

/// The counts.
#[derive(Debug, Default)]
pub struct Counts {
    sign_ins: [AtomicU64; SignInOutcome::ALL.len()],
    deposited: AtomicU64,
    read: AtomicU64,
}

impl Counts {
    /// How many sign-ins, and steps of them, had this result.
    #[must_use]
    pub fn sign_ins(&self, outcome: SignInOutcome) -> u64 {
        self.sign_ins[outcome as usize].load(Ordering::Relaxed)
    }

    /// The total size of the deposited documents, in bytes.
    #[must_use]
    pub fn deposited_bytes(&self) -> u64 {
        self.deposited.load(Ordering::Relaxed)
    }

    /// The total size of the documents that were sent, in bytes.
    #[must_use]
    pub fn read_bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    pub(crate) fn count_deposit(&self, bytes: u64) {
        self.deposited.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn count_reading(&self, bytes: usize) {
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts how a step of a sign-in ended, and returns its result unchanged.
    pub(crate) fn sign_in(&self, step: Result<NewSession, SignInRefusal>) -> Result<NewSession, SignInRefusal> {
        let outcome = match &step {
            Ok(session) if session.stage == Stage::Full => SignInOutcome::Complete,
            Ok(_) => SignInOutcome::NextStep,
            Err(SignInRefusal::Wrong) => SignInOutcome::Wrong,
            Err(SignInRefusal::TooManyAttempts { .. }) => SignInOutcome::Throttled,
            Err(SignInRefusal::Port(_)) => SignInOutcome::Failed,
        };
        self.sign_ins[outcome as usize].fetch_add(1, Ordering::Relaxed);
        step
    }
}

impl Services {
    /// The counts since the start.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}
