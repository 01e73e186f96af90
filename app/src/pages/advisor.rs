//! The space where advisors work.

pub(crate) mod file;
pub(crate) mod home;
pub(crate) mod portfolio;
pub(crate) mod requests;
pub(crate) mod vault;
