//! Consent: the typed list of services, the choice, what is swept after it, and the port to the ledger
//! (C1 to C14; CNIL 2020-091 and 2020-092).

mod catalogue;
mod choice;
mod list;
mod service;
mod sweep;

pub use self::{
    catalogue::Known,
    choice::{Choice, ConsentDecision, ConsentState, Decided},
    list::{ServiceFault, ServiceList, why_not},
    service::{
        BrowserFeature, CookieSpec, CookieUse, Frame, Hosts, ItemShape, Lifetime, Provider, Purpose, Service,
        ServiceId, Tag, Way,
    },
    sweep::{Expiry, expiries, other_choices},
};
use crate::{
    actor::Actor,
    error::PortResult,
    ids::ReceiptId,
    paging::Paged,
    time::{CivilDate, Instant},
    words::words,
};
use async_trait::async_trait;
use std::collections::BTreeMap;

/// The name of the choice cookie (CNIL 2020-092).
pub const COOKIE: &str = "eu-consent";

/// The session cookie's name. `__Host-` binds it to this host, to https and to `/`.
pub const SESSION_COOKIE: &str = "__Host-session";

/// How many months a choice holds, accepted and refused alike (C9).
pub const DEFAULT_MONTHS: u8 = 6;

/// What the ledger keeps of one choice (C8): no address, no browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReceipt {
    /// What was decided.
    pub decision: ConsentDecision,
    /// All services asked about.
    pub asked: Vec<ServiceId>,
    /// The text shown, word for word.
    pub text: String,
    /// The list as it was, see [`ServiceList::text`].
    pub list: String,
    /// Where it was decided.
    pub place: Place,
}

words! {
    /// Where a choice was made.
    Place {
        /// The banner.
        Banner = "banner",
        /// The panel of `/cookies`.
        Panel = "panel",
        /// « Toujours », in place of an embed.
        Placeholder = "placeholder",
    }
}

/// A receipt as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its random number.
    pub id: ReceiptId,
    /// When.
    pub at: Instant,
}

/// A receipt as its owner or the administrator reads it again (C8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReceipt {
    /// Its random number.
    pub id: ReceiptId,
    /// When.
    pub at: Instant,
    /// Yes or no, service by service.
    pub decisions: BTreeMap<ServiceId, bool>,
    /// The list as it was, see [`ServiceList::text`].
    pub list: String,
    /// The text that was shown, word for word.
    pub text: String,
    /// SHA-256 of the list, in hexadecimal digits.
    pub list_hash: String,
    /// SHA-256 of the text, in hexadecimal digits.
    pub text_hash: String,
    /// `banner`, `panel` or `placeholder`.
    pub place: String,
}

impl StoredReceipt {
    /// The receipt as people and programs read it; `at` is its time on the organisation's wall clock.
    #[must_use]
    pub fn to_json(&self, site: &str, at: &str) -> String {
        let json = serde_json::json!({
            "site": site,
            "receipt": self.id,
            "at": at,
            "at_unix_ms": self.at.millis(),
            "place": self.place,
            "decisions": self.decisions,
            "text": self.text,
            "text_sha256": self.text_hash,
            "list": self.list,
            "list_sha256": self.list_hash,
        });
        serde_json::to_string_pretty(&json).unwrap_or_default()
    }
}

/// How many visitors decided what on one day. Nothing tells one visitor from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChoiceCounts {
    /// Visits that began with the banner.
    pub shown: u64,
    /// All accepted.
    pub accepted: u64,
    /// All refused.
    pub refused: u64,
    /// Some of each.
    pub custom: u64,
}

impl ChoiceCounts {
    /// Choices of any kind.
    #[must_use]
    pub const fn decided(&self) -> u64 {
        self.accepted + self.refused + self.custom
    }

    /// Visits that went on without a choice. Some visitors choose in the panel without having seen a banner, so the
    /// difference is never below 0.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.shown.saturating_sub(self.decided())
    }
}

/// Something a page tried that its Content-Security-Policy forbids, without the page's address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The directive, such as `script-src-elem`.
    pub directive: String,
    /// The origin that was kept out, or `inline`, `eval`, `data`, `blob` and the like.
    pub blocked: String,
    /// The pattern of the route, such as `/cookies`.
    pub route: String,
}

/// How often a violation was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViolationCount {
    /// What.
    pub violation: Violation,
    /// The last day it was reported.
    pub last_day: CivilDate,
    /// How many reports.
    pub reports: u64,
}

/// A text or list that people were shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownText {
    /// SHA-256, in hexadecimal digits.
    pub hash: String,
    /// Word for word.
    pub content: String,
    /// When it was first shown.
    pub first_at: Instant,
}

/// What the administration sees of the choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentOverview {
    /// Day by day, the latest first, days without anything left out.
    pub days: Vec<(CivilDate, ChoiceCounts)>,
    /// All of these days together.
    pub total: ChoiceCounts,
    /// What pages tried, most reported first; at most fifty.
    pub violations: Vec<ViolationCount>,
    /// Reports that were too many to be told apart.
    pub other_reports: u64,
    /// Receipts in the ledger.
    pub receipts: u64,
    /// Receipts deleted by age.
    pub pruned: u64,
}

/// The append-only ledger of choices, and what is counted beside it.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Appends a receipt.
    async fn record(&self, receipt: NewReceipt) -> PortResult<Receipt>;

    /// The receipt of that number, for whoever knows it; none once it was deleted by age.
    async fn receipt(&self, id: ReceiptId) -> PortResult<Option<StoredReceipt>>;

    /// Counts a visit that begins with the banner. Kept in memory for a minute at most, so that a page never waits.
    fn note_shown(&self);

    /// Counts a violation of a page's policy.
    async fn note_violation(&self, violation: Violation) -> PortResult<()>;

    /// What was chosen since `from`, for the administration.
    ///
    /// # Errors
    /// `Refused` for anybody else.
    async fn overview(&self, actor: &Actor, from: CivilDate) -> PortResult<ConsentOverview>;

    /// One page of the texts and lists that were shown, the newest first.
    ///
    /// # Errors
    /// `Refused` for anybody but the administration.
    async fn texts(&self, actor: &Actor, page: u32) -> PortResult<Paged<ShownText>>;
}
