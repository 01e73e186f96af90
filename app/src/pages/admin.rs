//! The administration: accounts, jobs, choices, journal.

pub(crate) mod accounts;
pub(crate) mod analytics;
pub(crate) mod consents;
pub(crate) mod events;
pub(crate) mod home;
pub(crate) mod rights;
pub(crate) mod tasks;
