//! How mails are sent: by a mail server, or, without one, as files.

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

/// The time in which a file must be written.
const FILE_WITHIN: Duration = Duration::from_secs(60);

/// How mails are sent.
pub enum Carrier {
    /// To a mail server.
    Smtp(SmtpServer),
    /// One `.eml` file per mail in this folder.
    Folder(PathBuf),
}

/// One way of sending that is kept from mail to mail: a connection, or the folder.
pub(super) enum Lane<'c> {
    Smtp { server: &'c SmtpServer, hello: &'c str, open: Option<Box<Connection>> },
    Folder(&'c Path),
}

impl Carrier {
    /// The longest time that sending one mail may take.
    pub(super) fn longest_mail(&self) -> Duration {
        match self {
            Self::Smtp(server) => server.longest_mail(),
            Self::Folder(_) => FILE_WITHIN,
        }
    }

    /// A new lane; `hello` is the name with which we greet the server.
    pub(super) fn lane<'c>(&'c self, hello: &'c str) -> Lane<'c> {
        match self {
            Self::Smtp(server) => Lane::Smtp { server, hello, open: None },
            Self::Folder(folder) => Lane::Folder(folder),
        }
    }
}

impl Lane<'_> {
    /// Sends one mail within the time of its lease. `id` is our own name for it.
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
                        // The connection may have been idle too long, or have sent as many mails as the server allows.
                        // A new connection shows whether the server itself fails.
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

    /// Closes the connection politely.
    pub(super) async fn close(self) {
        if let Self::Smtp { open: Some(connection), .. } = self {
            connection.quit().await;
        }
    }
}

/// Writes the mail to a temporary file, syncs it, then renames it. So readers find a whole mail or none, and a mail
/// that is written again after a crash is still one file. The name of the file says nothing about anybody.
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
    fn a_mail_is_a_whole_file_that_only_its_owner_reads_or_no_file() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("mail");
        let id = Uuid::from_u128(7);
        // This is the state that a crash leaves.
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
