//! The parts that pages are made of.

pub(crate) mod account;
pub(crate) mod chart;
pub(crate) mod consent;
pub(crate) mod embed;
pub(crate) mod field;
pub(crate) mod flags;
pub(crate) mod form;
pub(crate) mod format;
pub(crate) mod icon;
pub(crate) mod install;
pub(crate) mod layout;
pub(crate) mod message;
pub(crate) mod navigation;
pub(crate) mod notice;
pub(crate) mod person;
pub(crate) mod portfolio;
pub(crate) mod public_form;
pub(crate) mod request;
pub(crate) mod rights;
pub(crate) mod table;
pub(crate) mod vault;
