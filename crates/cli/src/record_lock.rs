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
        let path = notices_lock(record);
        let since = Instant::now();
        loop {
            let lock = Self::once(&path)?;
            if lock.is_some() || since.elapsed() > patience {
                return Ok(lock);
            }
            tokio::time::sleep(A_MOMENT).await;
        }
    }

    /// Sees that the lock of the notices of a record is a file, or can be one: a link or a pipe
    /// would exclude no other run, and what is there belongs to others.
    ///
    /// # Errors
    /// A link, or what is no file.
    pub(crate) fn check_notices(record: &Utf8Path) -> Result<(), Failure> {
        if fs_err::metadata(record).is_ok_and(|there| !there.is_file()) {
            return Ok(());
        }
        let path = notices_lock(record);
        match unfit(&path) {
            None => Ok(()),
            Some(why) => Err(Failure::File {
                message: format!("cannot lock the notices of the record {record}: {path} is {why}"),
                help: Some(format!(
                    "nothing was read or changed; remove {path}, and run the command again"
                )),
                source: None,
            }),
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
        if let Some(why) = unfit(&path) {
            return Err(Failure::File {
                message: format!("cannot lock the record {record}: {path} is {why}"),
                help: Some(format!(
                    "the record was not changed; remove {path}, and run the command again"
                )),
                source: None,
            });
        }
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
        let no_file = || io::Error::other(format!("{path} is not a regular file"));
        if unfit(path).is_some() {
            return Err(no_file());
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
        if !file.metadata()?.is_file() {
            return Err(no_file());
        }
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

fn notices_lock(record: &Utf8Path) -> Utf8PathBuf {
    let name = record.file_name().unwrap_or_default();
    record.with_file_name(format!(".{name}.notices.lock"))
}

/// Why what is at a path can be no lock. What is not there can be one.
fn unfit(path: &Utf8Path) -> Option<&'static str> {
    match fs_err::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => Some("a link"),
        Ok(there) if !there.is_file() => Some("not a regular file"),
        Ok(_) | Err(_) => None,
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

    #[cfg(unix)]
    #[test]
    fn others_a_link_or_a_pipe_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        let record = Utf8PathBuf::try_from(folder.path().join("record.json")).unwrap();
        let other = record.with_file_name("other");
        fs_err::write(&other, "other").unwrap();
        let pipe = |path: &Utf8Path| {
            let made = std::process::Command::new("mkfifo").arg(path).status();
            assert!(made.unwrap().success());
        };
        let locks = [
            notices_lock(&record),
            record.with_file_name(".record.json.lock"),
        ];
        for (kind, why) in [
            ("link", "is a link"),
            ("pipe", "is not a regular file"),
            ("folder", "is not a regular file"),
        ] {
            for lock in &locks {
                match kind {
                    "link" => fs_err::os::unix::fs::symlink(&other, lock).unwrap(),
                    "pipe" => pipe(lock),
                    _ => fs_err::create_dir(lock).unwrap(),
                }
                let refused = [
                    RecordLock::check_notices(&record).err(),
                    RecordLock::of(&record).err(),
                ];
                let refused: Vec<_> = refused.iter().flatten().map(Failure::text).collect();
                assert!(
                    refused.len() == 1 && refused[0].contains(why),
                    "{refused:?}"
                );
                assert!(RecordLock::once(lock).is_err());
                assert!(lock.is_symlink() || lock.exists(), "what is there stays");
                let _ = fs_err::remove_file(lock).or_else(|_| fs_err::remove_dir(lock));
            }
        }
        assert_eq!(fs_err::read_to_string(&other).unwrap(), "other");
    }
}
