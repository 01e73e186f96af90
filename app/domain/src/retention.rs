//! When data goes: which moment starts the clock, how long, and what happens at the end.

use crate::{
    time::{CivilDate, Period},
    words::words,
};
use std::collections::BTreeMap;

words! {
    /// A rule of retention. The engine has one for each (a test compares them).
    #[derive(PartialOrd, Ord)]
    RuleId {
        /// Messages (F3).
        Contact = "contact",
        /// Requests for a first appointment (F4).
        PreRegistration = "pre_registration",
        /// Pre-registrations for an event (F5).
        EventRegistration = "event",
        /// Firms (F6).
        ApprenticeshipTax = "apprenticeship_tax",
        /// Sign-ups nobody confirmed (F1).
        NewsletterUnconfirmed = "newsletter_unconfirmed",
        /// Subscriptions (F1).
        Newsletter = "newsletter",
        /// The space and the file.
        YouthSpace = "youth_space",
        /// Documents.
        Vault = "vault",
        /// Accounts of staff.
        Staff = "staff",
        /// Proposals about accounts, with the names in them.
        Proposals = "proposals",
        /// Sessions.
        Sessions = "sessions",
        /// Codes that open an account.
        ActivationCodes = "activation_codes",
        /// Counters of attempts.
        Attempts = "attempts",
        /// Who looked.
        AccessLog = "access_log",
        /// What was done to accounts.
        Journal = "journal",
        /// Receipts of choices.
        Receipts = "receipts",
        /// Mails that left.
        SentMails = "sent_mails",
        /// Mails that never left.
        FailedMails = "failed_mails",
        /// Requests about rights.
        Rights = "rights",
        /// Visits.
        Visits = "visits",
    }
}

/// What starts the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The day it arrived.
    Received,
    /// The end of the event.
    EventEnd,
    /// The day of the choice.
    Choice,
    /// The visit.
    Visit,
    /// The answer that closed it.
    Closed,
    /// The last time it was tried: sent, or given up.
    Tried,
    /// The moment it was made.
    Made,
    /// The end of a session, which ends by itself.
    SessionEnd,
}

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// So long after the clock started.
    For(Period),
    /// Until the moment itself.
    Until,
    /// Until the person unsubscribes: at once.
    UntilUnsubscribed,
    /// As long as the person is followed; nothing ends it by itself.
    WhileFollowed,
    /// As long as the person works here; nothing ends it by itself.
    WhileEmployed,
    /// As long as what it is about.
    WithItsSubject,
}

/// What happens at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing is left.
    Deleted,
    /// Sums are left, which name no one.
    Aggregated,
}

/// What a site file may choose between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The fewest.
    pub least: u16,
    /// The most.
    pub most: u16,
}

impl RuleId {
    /// What starts its clock.
    #[must_use]
    pub const fn clock(self) -> Clock {
        match self {
            Self::Contact | Self::PreRegistration | Self::ApprenticeshipTax | Self::NewsletterUnconfirmed => {
                Clock::Received
            }
            Self::EventRegistration => Clock::EventEnd,
            Self::Receipts => Clock::Choice,
            Self::Visits => Clock::Visit,
            Self::Rights => Clock::Closed,
            Self::SentMails | Self::FailedMails => Clock::Tried,
            Self::Sessions => Clock::SessionEnd,
            _ => Clock::Made,
        }
    }

    /// How long, unless the site file says otherwise.
    #[must_use]
    pub const fn usual(self) -> Kept {
        match self {
            Self::Contact => Kept::For(Period::Months(6)),
            Self::PreRegistration => Kept::For(Period::Months(3)),
            Self::EventRegistration | Self::Sessions => Kept::Until,
            Self::ApprenticeshipTax => Kept::For(Period::Days(365)),
            Self::NewsletterUnconfirmed => Kept::For(Period::Days(7)),
            Self::Proposals => Kept::For(Period::Days(14)),
            Self::ActivationCodes => Kept::For(Period::Days(3)),
            Self::Newsletter => Kept::UntilUnsubscribed,
            Self::YouthSpace | Self::Vault => Kept::WhileFollowed,
            Self::Staff => Kept::WhileEmployed,
            Self::Attempts => Kept::For(Period::Days(1)),
            Self::AccessLog | Self::Journal => Kept::WithItsSubject,
            Self::Receipts => Kept::For(Period::Days(731)),
            Self::SentMails => Kept::For(Period::Days(30)),
            Self::FailedMails => Kept::For(Period::Days(90)),
            // Long enough to show that the law was kept: the general limitation of five years (Code civil 2224).
            Self::Rights => Kept::For(Period::Months(60)),
            Self::Visits => Kept::For(Period::Months(25)),
        }
    }

    /// What a site file may choose, in the unit of [`Self::usual`]; `None` where the law or this software sets the period.
    #[must_use]
    pub const fn bounds(self) -> Option<Bounds> {
        match self {
            Self::Contact | Self::PreRegistration => Some(Bounds { least: 1, most: 12 }),
            Self::ApprenticeshipTax => Some(Bounds { least: 30, most: 730 }),
            Self::Rights => Some(Bounds { least: 12, most: 72 }),
            // 25 months at most (F8).
            Self::Visits => Some(Bounds { least: 1, most: 25 }),
            _ => None,
        }
    }

    /// What happens at the end.
    #[must_use]
    pub const fn end(self) -> End {
        match self {
            Self::Visits => End::Aggregated,
            _ => End::Deleted,
        }
    }
}

/// How long this site keeps things: the usual periods, and those its site file chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping(BTreeMap<RuleId, Period>);

impl Keeping {
    /// Chooses `number`, in the unit of the rule.
    ///
    /// # Errors
    /// The bounds, when `number` is outside of them; `None` when the rule leaves no choice.
    pub fn choose(&mut self, rule: RuleId, number: u16) -> Result<(), Option<Bounds>> {
        let (Some(bounds), Kept::For(usual)) = (rule.bounds(), rule.usual()) else {
            return Err(None);
        };
        if !(bounds.least..=bounds.most).contains(&number) {
            return Err(Some(bounds));
        }
        let period = match usual {
            Period::Days(_) => Period::Days(number),
            Period::Months(_) => Period::Months(number),
        };
        self.0.insert(rule, period);
        Ok(())
    }

    /// How long `rule` keeps here.
    #[must_use]
    pub fn kept(&self, rule: RuleId) -> Kept {
        self.0.get(&rule).map_or(rule.usual(), |period| Kept::For(*period))
    }

    /// The period of a rule that has one.
    #[must_use]
    pub fn period(&self, rule: RuleId) -> Option<Period> {
        match self.kept(rule) {
            Kept::For(period) => Some(period),
            _ => None,
        }
    }

    /// The day on which what began on `day` goes, if the rule says so.
    #[must_use]
    pub fn goes_on(&self, rule: RuleId, day: CivilDate) -> Option<CivilDate> {
        self.period(rule).map(|period| period.after(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_period_is_within_the_bounds() {
        for rule in RuleId::ALL {
            assert_eq!(RuleId::from_code(rule.code()), Some(rule));
            let Some(bounds) = rule.bounds() else { continue };
            let Kept::For(Period::Days(number) | Period::Months(number)) = rule.usual() else {
                panic!("{rule:?} has bounds and no period")
            };
            assert!((bounds.least..=bounds.most).contains(&number), "{rule:?}");
        }
    }

    /// The periods that people were promised, written out (F1 to F8).
    #[test]
    fn the_periods_of_the_features() {
        let keeping = Keeping::default();
        for (rule, kept) in [
            (RuleId::Contact, Kept::For(Period::Months(6))),
            (RuleId::PreRegistration, Kept::For(Period::Months(3))),
            (RuleId::EventRegistration, Kept::Until),
            (RuleId::ApprenticeshipTax, Kept::For(Period::Days(365))),
            (RuleId::Newsletter, Kept::UntilUnsubscribed),
            (RuleId::Visits, Kept::For(Period::Months(25))),
        ] {
            assert_eq!(keeping.kept(rule), kept, "{rule:?}");
        }
    }

    #[test]
    fn a_site_chooses_within_bounds() {
        let mut keeping = Keeping::default();
        assert_eq!(keeping.choose(RuleId::Contact, 12), Ok(()));
        assert_eq!(keeping.period(RuleId::Contact), Some(Period::Months(12)));
        assert_eq!(keeping.choose(RuleId::Contact, 13), Err(Some(Bounds { least: 1, most: 12 })));
        assert_eq!(keeping.choose(RuleId::Visits, 26), Err(Some(Bounds { least: 1, most: 25 })));
        assert_eq!(keeping.choose(RuleId::Newsletter, 1), Err(None));
        assert_eq!(keeping.period(RuleId::Contact), Some(Period::Months(12)));
        let day = |text: &str| text.parse::<CivilDate>().unwrap();
        assert_eq!(keeping.goes_on(RuleId::ApprenticeshipTax, day("2026-03-10")), Some(day("2027-03-10")));
        assert_eq!(keeping.goes_on(RuleId::Vault, day("2026-03-10")), None);
    }
}
