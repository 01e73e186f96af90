//! All SQL, in one file per domain. Every function does one thing, and those that use a person's data require an
//! [`Access`](crate::access::Access).
//!
//! SQLite plans a query again at every call when it can see a bound value after `LIMIT` or `LIKE`. So queries write
//! `LIMIT ($1 + 0)` and `LIKE ('' || $1)`, which a test checks.

pub(crate) mod access_log;
pub(crate) mod accounts;
pub(crate) mod activation;
pub(crate) mod consent_counts;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod facts;
pub(crate) mod figures;
pub(crate) mod inbox;
pub(crate) mod inspection;
pub(crate) mod jobs;
pub(crate) mod journal;
pub(crate) mod keyring;
pub(crate) mod ledger;
pub(crate) mod mail;
pub(crate) mod newsletter;
pub(crate) mod policies;
pub(crate) mod portfolio;
pub(crate) mod proposals;
pub(crate) mod requests;
pub(crate) mod retention;
pub(crate) mod rights;
pub(crate) mod sample_requests;
pub(crate) mod search;
pub(crate) mod second_factors;
pub(crate) mod sessions;
pub(crate) mod staff;
pub(crate) mod throttle;
pub(crate) mod visits;
pub(crate) mod youths;

use crate::error::Fault;
use uuid::Uuid;

/// A new id: sorted by time, 74 random bits.
pub(crate) fn new_id<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

/// All `codes` in one parameter, for any number of them. The two engines bind lists in different ways. So the condition
/// « `column` is one of them » is written `replace($1, ',' || column || ',', '') <> $1`: removing the column's code
/// changes the parameter exactly when the parameter contains it.
pub(crate) fn one_of(codes: impl IntoIterator<Item = &'static str>) -> String {
    codes.into_iter().fold(",".to_owned(), |all, code| all + code + ",")
}

/// The value of a stored code. When a column of codes holds an unknown one, another program wrote it.
pub(crate) fn known<T>(word: Option<T>) -> Result<T, Fault> {
    word.ok_or(Fault::Broken("a column holds an unknown word"))
}

#[cfg(test)]
mod tests {
    use super::one_of;

    #[test]
    fn every_code_stands_between_commas() {
        assert_eq!(one_of([]), ",");
        assert_eq!(one_of(["contact", "event"]), ",contact,event,");
    }
}
