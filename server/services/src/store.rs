//! All SQL. One file per domain; every function does one thing, and those that touch a person's data
//! ask for an [`Access`](crate::access::Access).
//!
//! SQLite plans a query anew, at every call, when it can see a bound value after `LIMIT` or `LIKE`: hence
//! `LIMIT ($1 + 0)` and `LIKE ('' || $1)`, which a test asks for.

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

/// All `codes` in one parameter, for any number of them. Neither engine's way to bind a list is understood by the
/// other, so the condition « `column` holds one of them » is written `replace($1, ',' || column || ',', '') <> $1`:
/// something is taken out of the parameter exactly when the column's code stands in it.
pub(crate) fn one_of(codes: impl IntoIterator<Item = &'static str>) -> String {
    codes.into_iter().fold(",".to_owned(), |all, code| all + code + ",")
}

/// What `word` stands for. A column of known words that holds another one was not written by this program.
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
