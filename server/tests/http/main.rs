//! The portal as its users meet it: requests through the whole router, against a real database, each
//! test on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod activation;
mod analytics;
mod budgets;
mod canaries;
mod captured;
mod columns;
mod consent;
mod consent_counts;
mod consent_services;
mod crash;
mod cycles;
mod devices;
mod doctor;
#[cfg(unix)]
mod doctor_command;
mod event_admin;
mod events;
mod faulty_store;
mod figures;
mod files;
mod forms;
mod ground;
mod house;
mod identity;
mod inbox;
mod jobs;
mod ledger;
mod legal;
#[cfg(unix)]
mod log;
mod mailbox;
mod mails;
mod matrix;
mod metrics;
mod newsletter;
mod parsers;
mod patience;
mod plans;
mod policy;
mod pruning;
mod register;
mod retention;
mod revoked;
mod rights;
mod rough;
mod search;
mod second_factor;
mod sharing;
mod site;
mod smtp;
mod sources;
mod space;
mod support;
mod tables;
mod throttle;
mod upgrade;
mod vault;
mod vault_bad_input;
mod vault_limits;
mod vault_secrecy;
