//! Identifiers: one type per thing, so that a document's id never stands for a person's.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// Somebody who can sign in: a young person or a member of staff.
    AccountId,
    /// A young person's file.
    YouthId,
    /// One document of a vault.
    DocumentId,
    /// The random number on a consent receipt (C8). It names no one.
    ReceiptId,
    /// A correction the young person asked for (E2).
    CorrectionId,
    /// Something one person proposed about a staff account and another has to confirm (A8).
    ProposalId,
    /// An open session as its owner's list of devices names it; nothing can be opened with it.
    DeviceId,
    /// What a visitor sent (F3 to F6).
    RequestId,
    /// What a form held when it was shown: posted twice, it is one request.
    SubmissionId,
    /// A dated event one can pre-register for (F5).
    EventId,
    /// One handing-over of an event's pre-registrations (F5).
    ForwardingId,
    /// Somebody's request about their own data (E15).
    RightsRequestId,
    /// A subscription to the newsletter (F1).
    SubscriptionId,
}
