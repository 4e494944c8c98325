//! Lock of a record while it is replaced: it is held for milliseconds, so a second run waits.

use crate::failure::Failure;
use crate::spec_files::plain;
use applier::link_on_the_way;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::TryLockError;
use std::io;
use std::time::{Duration, Instant};

/// For how long another run is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often the lock of notices is tried again.
const A_MOMENT: Duration = Duration::from_millis(20);

/// Held while a record is read again and replaced. The system releases it when the process
/// ends, however it ends.
#[derive(Debug)]
pub(crate) struct RecordLock {
    file: fs_err::File,
    path: Utf8PathBuf,
}

impl RecordLock {
    /// Takes the lock of a record, which is a file beside it. None for a pipe or device:
    /// nothing is read from those again.
    ///
    /// # Errors
    /// A lock that cannot be made, or that another run does not release.
    pub(crate) fn of(record: &Utf8Path) -> Result<Option<Self>, Failure> {
        Self::within(record, PATIENCE)
    }

    /// Takes the lock of the notices of a record, so that of two runs at the same time the
    /// later one knows what the first one has sent. It is held while notices are sent, for
    /// seconds, so it is another one than that of the record. None for a pipe or device, and
    /// where the other run does not release it in time.
    ///
    /// # Errors
    /// A lock that cannot be made.
    pub(crate) async fn of_notices(
        record: &Utf8Path,
        patience: Duration,
    ) -> io::Result<Option<Self>> {
        if fs_err::metadata(record).is_ok_and(|there| !there.is_file()) {
            return Ok(None);
        }
        let name = record.file_name().unwrap_or_default();
        let path = record.with_file_name(format!(".{name}.notices.lock"));
        let since = Instant::now();
        loop {
            let lock = Self::once(&path)?;
            if lock.is_some() || since.elapsed() > patience {
                return Ok(lock);
            }
            tokio::time::sleep(A_MOMENT).await;
        }
    }

    fn within(record: &Utf8Path, patience: Duration) -> Result<Option<Self>, Failure> {
        if fs_err::metadata(record).is_ok_and(|there| !there.is_file()) {
            return Ok(None);
        }
        let name = record.file_name().unwrap_or_default();
        let path = record.with_file_name(format!(".{name}.lock"));
        let could_not = |error: &io::Error| Failure::File {
            message: format!("cannot lock the record {record}"),
            help: Some(format!(
                "the record was not changed; see that the file {path} can be created, and run the command again"
            )),
            source: Some(Box::new(plain(error))),
        };
        let since = Instant::now();
        loop {
            if let Some(lock) = Self::once(&path).map_err(|error| could_not(&error))? {
                return Ok(Some(lock));
            }
            if since.elapsed() > patience {
                return Err(Failure::File {
                    message: format!(
                        "another run has held the lock of the record {record} for {} s",
                        patience.as_secs()
                    ),
                    help: Some(format!(
                        "the record was not changed; wait until the other run has ended, and run the command again (the lock is {path})"
                    )),
                    source: None,
                });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// None where another run has it.
    fn once(path: &Utf8Path) -> io::Result<Option<Self>> {
        if let Some(link) = link_on_the_way(path.as_std_path())? {
            return Err(io::Error::other(format!("{} is a link", link.display())));
        }
        let mut options = fs_err::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use fs_err::os::unix::fs::OpenOptionsExt;
            let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
            options.custom_flags(i32::try_from(flags.bits()).map_err(io::Error::other)?);
        }
        let file = options.open(path)?;
        match file.file().try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The run before removes the file. A lock on a removed file excludes no other run.
        Ok(is_at(&file, path).then(|| Self {
            file,
            path: path.to_owned(),
        }))
    }
}

impl Drop for RecordLock {
    fn drop(&mut self) {
        // A lock that stays would be committed to Git beside the record.
        #[cfg(unix)]
        let _ = fs_err::remove_file(&self.path);
        let _ = self.file.file().unlock();
    }
}

#[cfg(unix)]
fn is_at(file: &fs_err::File, path: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let of = |there: std::fs::Metadata| (there.dev(), there.ino());
    match (file.metadata(), fs_err::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => of(open) == of(there),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// There the file is not removed.
#[cfg(not(unix))]
fn is_at(_: &fs_err::File, path: &Utf8Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_and_no_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let record = Utf8PathBuf::try_from(folder.path().join("record.json")).unwrap();
        let first = RecordLock::of(&record).unwrap().unwrap();
        let refused = RecordLock::within(&record, Duration::ZERO);
        let refused = refused.map(|_| ()).unwrap_err().text();
        assert!(refused.contains("another run has held"), "{refused}");
        let waiting = {
            let record = record.clone();
            std::thread::spawn(move || RecordLock::of(&record).unwrap().is_some())
        };
        drop(first);
        assert!(waiting.join().unwrap());
        assert_eq!(fs_err::read_dir(folder.path()).unwrap().count(), 0);
    }
}
