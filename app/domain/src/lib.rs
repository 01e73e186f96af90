//! The words, rules and forms of Balise: what a young person, a document or a consent *is*, which
//! values a form accepts, and the ports through which pages reach the services.
//!
//! Nothing here knows Leptos, SQL, files, mail or the clock, so everything compiles for the server
//! and for the browser alike.

pub mod accounts;
pub mod activation;
pub mod actor;
pub mod analytics;
pub mod colour;
pub mod consent;
pub mod devices;
pub mod error;
pub mod events;
pub mod figures;
pub mod fold;
pub mod forms;
pub mod identity;
pub mod ids;
pub mod inbox;
pub mod mail;
pub mod newsletter;
pub mod paging;
pub mod password;
pub mod portfolio;
pub mod register;
pub mod requests;
pub mod retention;
pub mod rights;
pub mod screening;
pub mod search;
pub mod site;
pub mod tasks;
pub mod territory;
pub mod time;
pub mod vault;
mod words;
pub mod youth;
