//! Pages, components, islands and form endpoints of Balise.
//!
//! Islands run in the browser and are compiled for both sides; everything else is the server's.
//! This file is the only one that knows the difference.

#![recursion_limit = "512"]

pub mod islands;

#[cfg(feature = "ssr")]
mod api;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod csp;
#[cfg(feature = "ssr")]
pub mod find;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod mails;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod policy;
#[cfg(feature = "ssr")]
mod register;
#[cfg(feature = "ssr")]
mod render;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod texts;
#[cfg(feature = "ssr")]
pub mod web_app;
