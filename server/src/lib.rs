//! The host of Balise: settings, router, middleware, sessions, command line. It ties `app` to `services`.

mod analytics;
pub mod assets;
pub mod cli;
pub mod doctor;
mod layers;
pub mod logs;
mod look;
mod metrics;
mod patient;
pub mod router;
mod serve;
pub mod settings;
pub mod site_file;
mod violations;
mod visit;
mod web_app;

pub use serve::{serve, serve_at_most};
