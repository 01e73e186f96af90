//! Pages, components, islands, actions and endpoints of Balise.
//!
//! Islands and actions are compiled for the browser and for the server; everything else is the server's.
//! This file is the only one that knows the difference.

#![recursion_limit = "512"]

pub mod actions;
pub mod islands;

#[cfg(feature = "ssr")]
mod act;
#[cfg(feature = "ssr")]
mod api;
#[cfg(feature = "ssr")]
mod components;
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
mod submit;
#[cfg(feature = "ssr")]
mod texts;
