//! Pages, components, islands, actions and endpoints of Balise.
//!
//! Islands and actions are compiled for the browser and for the server; everything else only for the server. The
//! browser has two entry points, `public` and `spaces`, each with the islands of its pages. Only this file says what is
//! compiled for which.

#![recursion_limit = "512"]

pub mod actions;
mod fields;
mod found;
#[cfg(any(feature = "ssr", feature = "spaces"))]
mod people;

/// The islands: small parts of pages that run in the browser. Their pages also work without them. The WebAssembly holds
/// no other code of `app` than the islands and what they use.
#[allow(missing_docs, reason = "`#[island]` makes a struct that cannot be documented")]
pub mod islands {
    #[cfg(any(feature = "ssr", feature = "public", feature = "spaces"))]
    mod call;
    #[cfg(any(feature = "ssr", feature = "spaces"))]
    pub mod deposit;
    #[cfg(any(feature = "ssr", feature = "public", feature = "spaces"))]
    mod dom;
    #[cfg(any(feature = "ssr", feature = "public", feature = "spaces"))]
    pub mod form;
    #[cfg(any(feature = "ssr", feature = "public", feature = "spaces"))]
    mod pause;
    #[cfg(any(feature = "ssr", feature = "spaces"))]
    pub mod portfolio;
    #[cfg(any(feature = "ssr", feature = "spaces"))]
    pub mod requests;
    #[cfg(any(feature = "ssr", feature = "spaces"))]
    pub mod sharing;
    #[cfg(any(feature = "ssr", feature = "spaces"))]
    pub(crate) mod spaces;
    #[cfg(any(feature = "ssr", feature = "public"))]
    pub mod suggest;
    #[cfg(any(feature = "ssr", feature = "public"))]
    pub mod territory;
}

#[cfg(feature = "ssr")]
mod act;
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
pub mod plain;
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
#[cfg(feature = "ssr")]
pub mod web_app;
