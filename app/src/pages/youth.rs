//! A young person's own space.

pub(crate) mod dashboard;
pub(crate) mod profile;
pub(crate) mod vault;
