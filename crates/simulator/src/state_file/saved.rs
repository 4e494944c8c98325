//! A state file as a whole: one process at a time has it, and reads and replaces it.

use std::io::{Read as _, Seek as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::log::{self, Found, HAS_LOG};
use super::place::{Held, is_same_file, made_anew, open_lock, place_of, remove, sync_folder_of};
use crate::errors::{LogProblem, StateFileError};
use crate::tenant::{FORMAT_VERSION, Tenant};

/// A state file that this process has for itself.
#[derive(Debug)]
pub(crate) struct StateFile {
    place: Place,
    lock_path: Utf8PathBuf,
    lock: fs::File,
}

impl StateFile {
    /// Takes the file. It need not exist.
    pub(crate) fn open(path: &Utf8Path) -> Result<Self, StateFileError> {
        let failed = |what| {
            move |source| StateFileError::Io {
                path: path.to_owned(),
                what,
                source,
            }
        };
        let place = place_of(path)?;
        let lock_path = Utf8PathBuf::from(format!("{place}.lock"));
        let not_ours = || StateFileError::Lock {
            path: path.to_owned(),
            lock: lock_path.clone(),
        };
        loop {
            let Some(mut lock) = open_lock(&lock_path).map_err(failed("lock"))? else {
                return Err(not_ours());
            };
            match lock.try_lock() {
                Ok(()) => {}
                Err(std::fs::TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // The lock contains the id of its process; without it, the error names none.
                    let _ = lock.read_to_string(&mut holder);
                    return Err(StateFileError::InUse {
                        path: path.to_owned(),
                        holder: holder.trim().parse().ok(),
                    });
                }
                Err(std::fs::TryLockError::Error(source)) => return Err(failed("lock")(source)),
            }
            // The holder before us removes the lock's file: if it did so in between, this is not the
            // file that others will see.
            if !is_same_file(&lock, &lock_path) {
                continue;
            }
            // A file with anything but the id of a process is none of ours, and is not emptied.
            let mut holder = String::new();
            let is_ours = (&mut lock).take(64).read_to_string(&mut holder).is_ok()
                && holder.trim().bytes().all(|byte| byte.is_ascii_digit());
            if !is_ours {
                return Err(not_ours());
            }
            lock.set_len(0)
                .and_then(|()| lock.rewind())
                .map_err(failed("lock"))?;
            write!(lock, "{}", std::process::id()).map_err(failed("lock"))?;
            let place = Place {
                path: path.to_owned(),
                file: place,
                held: Arc::default(),
            };
            if let Err(error) = place.take() {
                // Nothing is left beside a file that is another's.
                let _ = remove(&lock_path);
                return Err(error);
            }
            return Ok(Self {
                place,
                lock_path,
                lock,
            });
        }
    }

    /// Makes sure that the lock at its path is still this process's. One that was removed, as those
    /// who clean up folders do, is made again: the state file itself is still held.
    pub(super) fn keep_lock(&mut self) -> Result<(), StateFileError> {
        if is_same_file(&self.lock, &self.lock_path) {
            return Ok(());
        }
        let again = || -> std::io::Result<fs::File> {
            let mut lock = super::place::private()
                .read(true)
                .create_new(true)
                .open(&self.lock_path)?;
            lock.try_lock()?;
            write!(lock, "{}", std::process::id())?;
            Ok(lock)
        };
        match again() {
            Ok(lock) => {
                self.lock = lock;
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(StateFileError::LockTaken {
                    path: self.place.path.clone(),
                    lock: self.lock_path.clone(),
                })
            }
            Err(source) => Err(self.place.failed("lock", source)),
        }
    }

    /// Where it is.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Reads the tenant; `None` if there is no file yet, or an empty one.
    pub(crate) fn load(&self) -> Result<Option<Loaded>, StateFileError> {
        self.place
            .load(&[&self.place.older_log(), &self.place.log()])
    }

    /// Replaces the file by this tenant, and returns how many bytes that are. What was logged beside
    /// it is in it, or is no longer wanted.
    pub(crate) fn save(&mut self, tenant: &Tenant, sync: bool) -> Result<u64, StateFileError> {
        self.keep_lock()?;
        let bytes = self.place.save(tenant, sync, false)?;
        for log in [self.place.log(), self.place.older_log()] {
            remove(&log).map_err(|source| self.place.failed("write", source))?;
        }
        Ok(bytes)
    }
}

impl Drop for StateFile {
    fn drop(&mut self) {
        self.place.let_go();
        // Removed while still locked, so that nobody locks a file that is about to go; another's
        // stays.
        if is_same_file(&self.lock, &self.lock_path) {
            let _ = fs::remove_file(&self.lock_path);
        }
        let _ = self.lock.unlock();
    }
}

/// A tenant that was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) tenant: Tenant,
    /// Whether the file is all that there is, and nothing was logged after it.
    pub(crate) is_whole: bool,
    /// How large the file is.
    pub(crate) size: u64,
}

/// Where a state file is, for whoever reads or replaces it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// As it was named; errors name it so.
    pub(super) path: Utf8PathBuf,
    /// Without links.
    file: Utf8PathBuf,
    /// The file itself, locked: it can have other names, each of which would have another lock.
    held: Arc<Mutex<Option<Held>>>,
}

impl Place {
    /// Takes the file itself, if there is one.
    fn take(&self) -> Result<(), StateFileError> {
        let file = match Held::take(&self.file) {
            Ok(Some(file)) => Some(file),
            Ok(None) => {
                return Err(StateFileError::InUse {
                    path: self.path.clone(),
                    holder: None,
                });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(source) => return Err(self.failed("lock", source)),
        };
        self.hold(file);
        Ok(())
    }

    fn hold(&self, file: Option<Held>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = file;
    }

    fn let_go(&self) {
        self.hold(None);
    }

    /// The log that is written.
    pub(super) fn log(&self) -> Utf8PathBuf {
        Utf8PathBuf::from(format!("{}.log", self.file))
    }

    /// The log before it, while what it says is written into the file.
    pub(super) fn older_log(&self) -> Utf8PathBuf {
        Utf8PathBuf::from(format!("{}.log.old", self.file))
    }

    pub(super) fn failed(&self, what: &'static str, source: std::io::Error) -> StateFileError {
        StateFileError::Io {
            path: self.path.clone(),
            what,
            source,
        }
    }

    /// Reads the tenant, with what these logs say after it.
    pub(super) fn load(&self, logs: &[&Utf8Path]) -> Result<Option<Loaded>, StateFileError> {
        let (mut tenant, size, has_log) = self.load_file()?;
        let mut found = Vec::new();
        for log in logs {
            found.push(log::replay(log, &self.path, tenant.as_mut())?);
        }
        if has_log && !found.contains(&Found::Log) {
            return Err(StateFileError::Log {
                path: self.path.clone(),
                log: self.log(),
                problem: LogProblem::Lost,
            });
        }
        let is_whole = !has_log && found.iter().all(|found| *found == Found::None);
        Ok(tenant.map(|tenant| Loaded {
            tenant,
            is_whole,
            size,
        }))
    }

    /// The tenant of the file, its size, and whether it says that there is a log.
    fn load_file(&self) -> Result<(Option<Tenant>, u64, bool), StateFileError> {
        let none = || Ok((None, 0, false));
        let bytes = match fs::read(&self.file) {
            Ok(bytes) if bytes.is_empty() => return none(),
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return none(),
            Err(source) => return Err(self.failed("read", source)),
        };
        let version = |found| StateFileError::Version {
            path: self.path.clone(),
            found,
            known: FORMAT_VERSION,
        };
        match serde_json::from_slice::<Tenant>(&bytes) {
            Ok(tenant) if tenant.format_version == FORMAT_VERSION => {
                let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                Ok((Some(tenant), size, bytes.last() == Some(&HAS_LOG)))
            }
            Ok(tenant) => Err(version(tenant.format_version)),
            // Of another version nothing but its number may be known.
            Err(source) => match serde_json::from_slice(&bytes) {
                Ok(Version { format_version }) if format_version != FORMAT_VERSION => {
                    Err(version(format_version))
                }
                _ => Err(StateFileError::Format {
                    path: self.path.clone(),
                    source,
                }),
            },
        }
    }

    /// Replaces the file, and returns how many bytes it has.
    pub(super) fn save(
        &self,
        tenant: &Tenant,
        sync: bool,
        has_log: bool,
    ) -> Result<u64, StateFileError> {
        let mut bytes = serde_json::to_vec(tenant).map_err(|source| StateFileError::Format {
            path: self.path.clone(),
            source,
        })?;
        if has_log {
            bytes.push(HAS_LOG);
        }
        self.write(&bytes, sync)
            .map_err(|source| self.failed("write", source))?;
        Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
    }

    /// Whether the file is still the one that this process has, as it was. What it has to be is
    /// not known while it is being replaced, so that is waited for.
    pub(super) fn is_held(&self) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref()
            .is_some_and(|held| held.is_untouched(&self.file))
    }

    /// Writes into the file that this process has, which is untouched by others before.
    pub(super) fn write_into(
        &self,
        write: impl FnOnce(&Utf8Path) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        write(&self.file)?;
        match &mut *held {
            Some(held) => held.was_written(),
            None => Ok(()),
        }
    }

    /// Moves a file into the place. What another program has put there is not overwritten.
    fn move_here(&self, beside: &Utf8Path) -> std::io::Result<()> {
        // Held before it has the name, so that there is no moment in which another can take it.
        let file = Held::take(beside)?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = match &*held {
            Some(held) if held.is_untouched(&self.file) => true,
            _ => fs::symlink_metadata(&self.file)
                .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound),
        };
        if !is_free {
            return Err(std::io::Error::new(
                std::io::ErrorKind::AlreadyExists,
                "another program has put a file in its place or has written into it, which is not overwritten; move that file away",
            ));
        }
        fs::rename(beside, &self.file)?;
        *held = file;
        Ok(())
    }

    /// Writes beside the place and then moves into it, so that a reader finds an old state or a new
    /// one and nothing in between.
    fn write(&self, bytes: &[u8], sync: bool) -> std::io::Result<()> {
        let beside = Utf8PathBuf::from(format!("{}.new", self.file));
        let mut file = made_anew(&beside)?;
        let written = file
            .write_all(bytes)
            .and_then(|()| if sync { file.sync_all() } else { file.flush() });
        drop(file);
        if let Err(error) = written.and_then(|()| self.move_here(&beside)) {
            // A disk that is full has use for the room.
            let _ = remove(&beside);
            return Err(error);
        }
        if sync {
            sync_folder_of(&self.file)?;
        }
        Ok(())
    }
}

#[derive(serde::Deserialize)]
struct Version {
    format_version: u32,
}
