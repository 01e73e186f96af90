//! The administration: accounts, jobs, journal.

pub(crate) mod accounts;
pub(crate) mod home;
pub(crate) mod tasks;
