//! Where mails go: a mail server, or, without one, files.

use super::{
    mime::Parcel,
    smtp::{Connection, Failure, SmtpServer},
};
use std::{
    borrow::Cow,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};
use uuid::Uuid;

/// Writing a file takes less.
const FILE_WITHIN: Duration = Duration::from_secs(60);

/// Where mails go.
pub enum Carrier {
    /// A mail server.
    Smtp(SmtpServer),
    /// One `.eml` file per mail in this folder.
    Folder(PathBuf),
}

/// One way to the outside, kept from mail to mail by whoever delivers.
pub(super) enum Lane<'c> {
    Smtp { server: &'c SmtpServer, hello: &'c str, open: Option<Box<Connection>> },
    Folder(&'c Path),
}

impl Carrier {
    /// How long one mail is under way at most.
    pub(super) fn longest_mail(&self) -> Duration {
        match self {
            Self::Smtp(server) => server.longest_mail(),
            Self::Folder(_) => FILE_WITHIN,
        }
    }

    /// A new way; `hello` is the name to introduce ourselves by.
    pub(super) fn lane<'c>(&'c self, hello: &'c str) -> Lane<'c> {
        match self {
            Self::Smtp(server) => Lane::Smtp { server, hello, open: None },
            Self::Folder(folder) => Lane::Folder(folder),
        }
    }
}

impl Lane<'_> {
    /// Carries one mail, within the time that its lease leaves. `id` names it to us alone.
    pub(super) async fn carry(&mut self, id: Uuid, parcel: Parcel) -> Result<(), Failure> {
        let limit = match self {
            Self::Smtp { server, .. } => server.longest_mail(),
            Self::Folder(_) => FILE_WITHIN,
        };
        let carried = tokio::time::timeout(limit, self.carry_on(id, parcel)).await;
        carried.unwrap_or(Err(Failure::Unsure(Cow::Borrowed("timeout"))))
    }

    async fn carry_on(&mut self, id: Uuid, parcel: Parcel) -> Result<(), Failure> {
        match self {
            Self::Folder(folder) => {
                let folder = folder.to_owned();
                let written = tokio::task::spawn_blocking(move || write(&folder, id, &parcel.bytes)).await;
                match written {
                    Ok(Ok(())) => Ok(()),
                    _ => Err(Failure::Server(Cow::Borrowed("folder"))),
                }
            }
            Self::Smtp { server, hello, open } => {
                if let Some(mut connection) = open.take() {
                    match connection.send(&parcel).await {
                        // It may have been idle too long, or carried as many as it may: a fresh one says.
                        Err(Failure::Server(_)) => {}
                        other => {
                            *open = Some(connection).filter(|connection| connection.is_good());
                            return other;
                        }
                    }
                }
                let mut connection = Box::new(server.connect(hello).await?);
                let sent = connection.send(&parcel).await;
                *open = Some(connection).filter(|connection| connection.is_good());
                sent
            }
        }
    }

    /// Takes leave of the server.
    pub(super) async fn close(self) {
        if let Self::Smtp { open: Some(connection), .. } = self {
            connection.quit().await;
        }
    }
}

/// Writes beside, syncs, then renames: whoever looks finds a whole mail or none, and one that is written
/// twice, after a crash, is one file. The name says nothing of anybody.
fn write(folder: &Path, id: Uuid, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    restrict(folder)?;
    let beside = folder.join(format!("{id}.part"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(format!("{id}.eml")))?;
    File::open(folder)?.sync_all()
}

#[cfg(unix)]
fn restrict(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_a_whole_file_of_its_owner_or_none() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("mail");
        let id = Uuid::from_u128(7);
        // As a crash leaves it.
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(format!("{id}.part")), b"half a mail, and longer than the whole one").unwrap();
        write(&folder, id, b"one").unwrap();
        write(&folder, id, b"one").unwrap();
        let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files, [folder.join(format!("{id}.eml"))]);
        assert_eq!(fs::read(&files[0]).unwrap(), b"one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}
