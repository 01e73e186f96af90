//! The administration: accounts, jobs, journal.

pub(crate) mod home;
