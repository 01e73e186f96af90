//! What pages are made of.

pub(crate) mod form;
pub(crate) mod format;
pub(crate) mod icon;
pub(crate) mod layout;
pub(crate) mod person;
pub(crate) mod vault;
pub(crate) mod video;
