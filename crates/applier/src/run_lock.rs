//! Lock of a working folder: one run at a time writes a journal and its stores.

use crate::links::link_on_the_way;
use crate::private_folder::NewFolders;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::TryLockError;
use std::io::{self, Read, Seek, Write};

/// Added to the name of the journal.
const SUFFIX: &str = ".lock";

/// A lock with more than this is none of steersman's.
const LONGEST: u64 = 4096;

/// Held for as long as a run may write. The system releases it when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct RunLock(fs_err::File);

/// The run that holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockHolder {
    /// The machine; none where its name is not known.
    pub host: Option<String>,
    /// The process on it.
    pub process: u32,
    /// Since when, by the clock of that machine.
    pub since: Timestamp,
}

/// Why a run cannot be the only one.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds the lock.
    #[error("{} (lock `{path}`)", who(.holder.as_ref()))]
    Held {
        /// The lock.
        path: Utf8PathBuf,
        /// Who holds it; none where the lock does not say.
        holder: Option<LockHolder>,
    },
    /// The lock cannot be created or opened.
    #[error("cannot lock `{path}` against other runs")]
    Open {
        /// The lock.
        path: Utf8PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The path is a link, or no file.
    #[error("the lock `{path}` is a link or not a file")]
    NotAFile {
        /// The lock.
        path: Utf8PathBuf,
    },
    /// A folder on the way is a link.
    #[error("`{link}` on the way to the lock `{path}` is a link")]
    BelowLink {
        /// The lock.
        path: Utf8PathBuf,
        /// The link.
        link: String,
    },
}

fn who(holder: Option<&LockHolder>) -> String {
    match holder {
        Some(holder) => format!("another run writes here: {holder}"),
        None => "another run writes here, and does not say which one it is".to_owned(),
    }
}

impl fmt::Display for LockHolder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            host,
            process,
            since,
        } = self;
        write!(formatter, "process {process}")?;
        if let Some(host) = host {
            write!(formatter, " on {host}")?;
        }
        write!(
            formatter,
            ", since {}",
            since.strftime("%Y-%m-%dT%H:%M:%SZ")
        )
    }
}

impl RunLock {
    /// Takes the lock of a journal, which is a file beside it. The folders above it are
    /// created where they are missing.
    ///
    /// # Errors
    /// When another run holds it, when it cannot be created, and when it is a link or
    /// below one.
    pub fn of_journal(journal: &Utf8Path) -> Result<Self, LockError> {
        let path = Utf8PathBuf::from(format!("{journal}{SUFFIX}"));
        let could_not = |source| LockError::Open {
            path: path.clone(),
            source,
        };
        match link_on_the_way(path.as_std_path()).map_err(could_not)? {
            Some(link) if link == path.as_std_path() => return Err(LockError::NotAFile { path }),
            Some(link) => {
                return Err(LockError::BelowLink {
                    path,
                    link: link.display().to_string(),
                });
            }
            None => {}
        }
        if fs_err::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(LockError::NotAFile { path });
        }
        let mut file = create(&path).map_err(could_not)?;
        match file.file().try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut file);
                return Err(LockError::Held { path, holder });
            }
            Err(TryLockError::Error(source)) => return Err(could_not(source)),
        }
        let holder = LockHolder {
            host: host(),
            process: std::process::id(),
            since: Timestamp::now(),
        };
        let mut lock = Self(file);
        lock.name(&holder).map_err(could_not)?;
        Ok(lock)
    }

    fn name(&mut self, holder: &LockHolder) -> io::Result<()> {
        let text = serde_json::to_string(holder)?;
        self.0.set_len(0)?;
        self.0.rewind()?;
        writeln!(self.0, "{text}")
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        let _ = self.0.set_len(0);
        // Closing alone is not enough: a program that is being started holds a copy
        // of every open file, and with it the lock, for a moment.
        let _ = self.0.file().unlock();
    }
}

/// Who holds the lock, as the file says.
fn holder(file: &mut fs_err::File) -> Option<LockHolder> {
    let mut text = Vec::new();
    file.take(LONGEST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Opens the file, or creates it with all folders above it.
fn create(path: &Utf8Path) -> io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        use rustix::fs::OFlags;
        options.mode(0o600);
        // What somebody put there after the check is not followed, and not waited for.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let Some(folder) = path.parent() else {
        return options.open(path);
    };
    let mut new_folders = NewFolders::default();
    new_folders.make_all(folder.as_std_path())?;
    let file = options.open(path)?;
    new_folders.keep()?;
    Ok(file)
}

#[cfg(unix)]
fn host() -> Option<String> {
    let name = rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(not(unix))]
fn host() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_and_the_other_hears_which() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Utf8PathBuf::try_from(folder.path().join("a/journal.jsonl")).unwrap();
        let lock = RunLock::of_journal(&journal).unwrap();
        let error = RunLock::of_journal(&journal).unwrap_err();
        let LockError::Held {
            holder: Some(holder),
            ..
        } = &error
        else {
            panic!("{error}");
        };
        assert_eq!(holder.process, std::process::id());
        let text = error.to_string();
        assert!(
            text.starts_with("another run writes here: process "),
            "{text}"
        );
        drop(lock);
        let path = format!("{journal}{SUFFIX}");
        assert_eq!(fs_err::read(&path).unwrap(), b"");
        // A run that was killed leaves its name, and no lock.
        fs_err::write(
            &path,
            "{\"host\":null,\"process\":1,\"since\":\"x\"} and more",
        )
        .unwrap();
        let lock = RunLock::of_journal(&journal).unwrap();
        // A holder that has not said its name yet.
        fs_err::write(&path, "").unwrap();
        let error = RunLock::of_journal(&journal).unwrap_err().to_string();
        assert!(error.contains("does not say"), "{error}");
        drop(lock);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Utf8PathBuf::try_from(folder.path().join("journal.jsonl")).unwrap();
        let lock = format!("{journal}{SUFFIX}");
        std::os::unix::fs::symlink("elsewhere", &lock).unwrap();
        assert!(RunLock::of_journal(&journal).is_err());
        assert!(!folder.path().join("elsewhere").exists());
        fs_err::remove_file(&lock).unwrap();
        fs_err::create_dir(&lock).unwrap();
        let error = RunLock::of_journal(&journal).unwrap_err();
        assert!(matches!(error, LockError::NotAFile { .. }), "{error}");
    }
}
