//! `balise`: one binary that contains its static files.

use clap::{Parser, error::ErrorKind};
use server::{
    cli::{Cli, run},
    logs,
};
use std::{error::Error, process::ExitCode};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    logs::start(cli.settings().log, cli.settings().log_format);
    logs::keep_panics_quiet();
    if cli.works_beside() {
        step_aside();
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("balise: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("balise: {}", one_line(&error));
            ExitCode::FAILURE
        }
    }
}

/// Lowers the priority of this program. It runs before there are threads, because threads take over the priority. Ten
/// is the default of `nice`: with less, the program might hold a writer's lock too long.
fn step_aside() {
    if let Err(error) = rustix::process::nice(10) {
        tracing::debug!(%error, "this runs at the usual priority");
    }
}

/// A value that is not allowed comes most likely from the environment, so it becomes one line without clap's words
/// around it. How to write the command line is left to clap.
fn refuse(error: &clap::Error) -> ExitCode {
    match error.source() {
        Some(reason) if error.kind() == ErrorKind::ValueValidation => {
            eprintln!("balise: {reason}");
            ExitCode::from(2)
        }
        _ => error.exit(),
    }
}

/// The error and its causes. Many errors quote their cause already, so each text is printed once.
fn one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !line.contains(&cause) {
            let separator = if line.is_empty() { "" } else { ": " };
            line = format!("{line}{separator}{cause}");
        }
    }
    line.replace('\n', ", ")
}
