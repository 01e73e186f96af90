//! Checks the folders and the file of the master key: whether they are there, who may use them, and how much room is
//! left.

use super::{Finding, Key};
use crate::settings::Settings;
use std::path::Path;

/// With less free space than this, deposits will soon fail.
const ROOM_NEEDED: u64 = 256 << 20;
/// With less free space than this, the operator should look.
const ROOM_WANTED: u64 = 2 << 30;

/// Checks the data folder and the folder of the documents.
pub(super) fn folders(settings: &Settings) -> Vec<Finding> {
    let mut findings = folder("data folder", "BALISE_DATA", &settings.data);
    match settings.objects_path() {
        // The first start makes this folder inside the data folder.
        Ok(path) if settings.objects.is_none() && !path.exists() => {}
        Ok(path) => findings.extend(folder("documents folder", "BALISE_OBJECTS", &path)),
        Err(error) => {
            findings.push(Finding::problem("documents folder", error.to_string(), "name a folder"));
        }
    }
    findings
}

fn folder(check: &'static str, setting: &str, path: &Path) -> Vec<Finding> {
    let shown = path.display();
    let Ok(metadata) = std::fs::metadata(path) else {
        let text = format!("{setting}: {shown} is not there, or may not be seen");
        return vec![Finding::problem(check, text, "start the server once, or name the right folder")];
    };
    if !metadata.is_dir() {
        return vec![Finding::problem(check, format!("{setting}: {shown} is no folder"), "name a folder")];
    }
    vec![rights(check, setting, path, &metadata), room(check, path)]
}

#[cfg(unix)]
fn rights(check: &'static str, setting: &str, path: &Path, metadata: &std::fs::Metadata) -> Finding {
    use rustix::fs::{Access, access};
    use std::os::unix::fs::MetadataExt;

    let shown = path.display();
    // This asks the system for the permissions; it writes no file to try.
    if access(path, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let text = format!("{setting}: {shown} cannot be written to by this account");
        return Finding::problem(check, text, "give it to the account that runs balise (chown), mode 700");
    }
    let mode = metadata.mode() & 0o777;
    if mode & 0o077 != 0 {
        let text = format!("{setting}: {shown} has mode {mode:03o}: other accounts may look into it");
        return Finding::warning(check, text, "chmod 700 (the server does it at its start)");
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        let text = format!("{setting}: {shown} belongs to another account than the one that runs this");
        return Finding::warning(check, text, "run doctor as the account that runs balise");
    }
    Finding::ok(check, format!("{shown}, this account's alone"))
}

#[cfg(unix)]
fn room(check: &'static str, path: &Path) -> Finding {
    let Ok(system) = rustix::fs::statvfs(path) else {
        return Finding::warning(check, "its free space cannot be told", "look at it with: df");
    };
    let free = system.f_bavail.saturating_mul(system.f_frsize);
    free_space(check, free)
}

#[cfg(not(unix))]
fn rights(check: &'static str, _: &str, path: &Path, _: &std::fs::Metadata) -> Finding {
    Finding::warning(check, path.display().to_string(), "who may read it cannot be told on this system")
}

#[cfg(not(unix))]
fn room(check: &'static str, _: &Path) -> Finding {
    Finding::warning(check, "its free space cannot be told on this system", "look at it yourself")
}

fn free_space(check: &'static str, free: u64) -> Finding {
    let text = format!("{} MiB free", free >> 20);
    let remedy = "make room, or move the folder to a larger disk";
    match free {
        ..ROOM_NEEDED => Finding::problem(check, text, remedy),
        ROOM_NEEDED..ROOM_WANTED => Finding::warning(check, text, remedy),
        _ => Finding::ok(check, text),
    }
}

/// The master key if its file is right, and the findings about the file.
pub(super) fn master_key(settings: &Settings) -> (Option<Key>, Finding) {
    const CHECK: &str = "master key file";
    let path = settings.master_key_path();
    let key = match Key::load(&path) {
        Ok(key) => key,
        Err(error) => {
            let text = format!("BALISE_MASTER_KEY_FILE: {error}");
            let remedy = "put the key back from its backup, readable by its owner alone; a new one could read nothing";
            return (None, Finding::problem(CHECK, text, remedy));
        }
    };
    let inside = std::fs::canonicalize(&path)
        .ok()
        .zip(std::fs::canonicalize(&settings.data).ok())
        .is_some_and(|(path, data)| path.starts_with(data));
    let finding = if inside {
        Finding::warning(
            CHECK,
            format!("{} lies in the data folder: who copies the one has the other", path.display()),
            "in production keep it elsewhere, with a backup of its own (BALISE_MASTER_KEY_FILE)",
        )
    } else {
        Finding::ok(CHECK, format!("{}, its owner's alone", path.display()))
    };
    (Some(key), finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::Level;

    #[test]
    fn little_room_is_a_warning_and_less_a_problem() {
        for (free, level) in [
            (0, Level::Problem),
            (ROOM_NEEDED - 1, Level::Problem),
            (ROOM_NEEDED, Level::Warning),
            (ROOM_WANTED, Level::Ok),
            (u64::MAX, Level::Ok),
        ] {
            assert_eq!(free_space("data folder", free).level, level, "{free}");
        }
    }
}
