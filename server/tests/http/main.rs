//! The portal as its users meet it: requests through the whole router, against a real database, each
//! test on both engines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod captured;
mod columns;
mod faulty_store;
mod mailbox;
mod sources;
mod support;
mod tables;

mod accounts;
mod activation;
mod budgets;
mod canaries;
mod consent;
mod consent_counts;
mod consent_services;
mod crash;
mod devices;
mod doctor;
#[cfg(unix)]
mod doctor_command;
mod events;
mod files;
mod forms;
mod ground;
mod house;
mod identity;
mod jobs;
mod ledger;
#[cfg(unix)]
mod log;
mod mails;
mod matrix;
mod metrics;
mod parsers;
mod patience;
mod plans;
mod pruning;
mod revoked;
mod rough;
mod second_factor;
mod sharing;
mod site;
mod smtp;
mod space;
mod throttle;
mod upgrade;
mod vault;
mod vault_bad_input;
mod vault_limits;
mod vault_secrecy;
