//! The newsletter (F1, F2): asked for, confirmed by a link that only its reader has, left with one click.

use crate::{error::PortError, identity::Client, words::words};
use async_trait::async_trait;

/// How long a sign-up waits to be confirmed.
pub const CONFIRMATION_DAYS: u16 = 7;

words! {
    /// Who somebody is to the organisation.
    ReaderCategory {
        /// A young person under 26.
        Young = "young",
        /// Over 26.
        Adult = "adult",
        /// An elected official.
        Elected = "elected",
        /// A professional of social and vocational integration.
        Professional = "professional",
        /// A partner company.
        Partner = "partner",
    }
}

impl ReaderCategory {
    /// Whether they are asked for their organisation and function.
    #[must_use]
    pub const fn has_work(self) -> bool {
        matches!(self, Self::Professional | Self::Partner)
    }
}

/// A sign-up worth noting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where the letter goes.
    pub email: String,
    /// Who they are.
    pub category: ReaderCategory,
    /// Their organisation; for those who are asked alone.
    pub organisation: Option<String>,
    /// What they do there; for those who are asked alone.
    pub position: Option<String>,
    /// Whether opening and clicks may be measured.
    pub measured: bool,
}

/// What a link of a mail lets its reader do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Confirm a sign-up.
    Confirm,
    /// Leave.
    Unsubscribe,
}

/// Why a sign-up or a link did nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NewsletterRefusal {
    /// Too many from one place; `minutes` to wait.
    #[error("too many")]
    TooMany {
        /// Minutes until the next is taken.
        minutes: u32,
    },
    /// The link is none of ours, or its time is over.
    #[error("over")]
    Over,
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Subscribing and leaving.
#[async_trait]
pub trait Newsletter: Send + Sync {
    /// Notes a sign-up and writes to its address. Whether the address was known is never told.
    async fn subscribe(&self, client: &Client, new: NewSubscription) -> Result<(), NewsletterRefusal>;
    /// Whether `token` is a link of ours for this.
    fn knows(&self, purpose: LinkPurpose, token: &str) -> bool;
    /// Confirms a sign-up. Doing it twice changes nothing.
    async fn confirm(&self, token: &str) -> Result<(), NewsletterRefusal>;
    /// Removes a subscription. Doing it twice changes nothing.
    async fn unsubscribe(&self, token: &str) -> Result<(), NewsletterRefusal>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn professionals_and_partners_are_asked_about_their_work() {
        let working: Vec<_> = ReaderCategory::ALL.into_iter().filter(|category| category.has_work()).collect();
        assert_eq!(working, [ReaderCategory::Professional, ReaderCategory::Partner]);
    }
}
