//! The pages: each one reads through the ports, then returns a document.

pub(crate) mod activation;
pub(crate) mod admin;
pub(crate) mod advisor;
pub(crate) mod cookies;
pub(crate) mod dev;
pub(crate) mod devices;
pub(crate) mod embed;
pub(crate) mod errors;
pub(crate) mod figures;
pub(crate) mod home;
pub(crate) mod identity;
pub(crate) mod legal;
pub(crate) mod newsletter;
pub(crate) mod offline;
pub(crate) mod policy;
pub(crate) mod public;
pub(crate) mod register;
pub(crate) mod rights;
pub(crate) mod search;
pub(crate) mod youth;
