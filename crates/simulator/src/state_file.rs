//! State file: saves and loads a tenant, one process at a time.
//!
//! It is written whole, beside its place and then moved into it, so that a reader finds an old
//! state or a new one and nothing in between. It is readable by its owner only, since it has the
//! secrets of personal access tokens in it, as they are. A lock beside it keeps two processes from
//! using it at once; the lock belongs to the process, so one that died holds none.
//!
//! A path that is a link stands for the file that it leads to: that one is written, and its lock is
//! the one that counts, so two names of a file are not two files. What is made beside the file is
//! made anew or is already the simulator's; a link found there is never followed.

use std::io::{Read as _, Seek as _, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::errors::{ControlError, StateFileError};
use crate::tenant::{FORMAT_VERSION, Tenant};

/// A state file that this process has for itself.
#[derive(Debug)]
pub(crate) struct StateFile {
    /// As it was named; errors name it so.
    path: Utf8PathBuf,
    /// Where it is, without links.
    place: Utf8PathBuf,
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
            return Ok(Self {
                path: path.to_owned(),
                place,
                lock_path,
                lock,
            });
        }
    }

    /// Reads the tenant; `None` if there is no file yet, or an empty one.
    pub(crate) fn load(&self) -> Result<Option<Tenant>, StateFileError> {
        let bytes = match fs::read(&self.place) {
            Ok(bytes) if bytes.is_empty() => return Ok(None),
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(StateFileError::Io {
                    path: self.path.clone(),
                    what: "read",
                    source,
                });
            }
        };
        let format = |source| StateFileError::Format {
            path: self.path.clone(),
            source,
        };
        let version = |found| StateFileError::Version {
            path: self.path.clone(),
            found,
            known: FORMAT_VERSION,
        };
        match serde_json::from_slice::<Tenant>(&bytes) {
            Ok(tenant) if tenant.format_version == FORMAT_VERSION => Ok(Some(tenant)),
            Ok(tenant) => Err(version(tenant.format_version)),
            // Of another version nothing but its number may be known.
            Err(source) => match serde_json::from_slice(&bytes) {
                Ok(Version { format_version }) if format_version != FORMAT_VERSION => {
                    Err(version(format_version))
                }
                _ => Err(format(source)),
            },
        }
    }

    /// Writes the tenant, and returns how many bytes that are.
    pub(crate) fn save(&self, tenant: &Tenant) -> Result<usize, StateFileError> {
        let bytes = serde_json::to_vec(tenant).map_err(|source| StateFileError::Format {
            path: self.path.clone(),
            source,
        })?;
        self.write(&bytes).map_err(|source| StateFileError::Io {
            path: self.path.clone(),
            what: "write",
            source,
        })?;
        Ok(bytes.len())
    }

    fn write(&self, bytes: &[u8]) -> std::io::Result<()> {
        let beside = Utf8PathBuf::from(format!("{}.new", self.place));
        // What a process that died has left; a link is removed, and not what it leads to.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private().create_new(true).open(&beside)?;
        file.write_all(bytes)?;
        file.flush()?;
        drop(file);
        fs::rename(&beside, &self.place)
    }
}

/// Where a state file is, without links; its folder is made.
fn place_of(path: &Utf8Path) -> Result<Utf8PathBuf, StateFileError> {
    let failed = |source| StateFileError::Io {
        path: path.to_owned(),
        what: "find",
        source,
    };
    let real = |path: &Utf8Path| {
        let real = fs::canonicalize(path).map_err(failed)?;
        Utf8PathBuf::from_path_buf(real).map_err(|_| StateFileError::NoFile {
            path: path.to_owned(),
        })
    };
    let no_file = || StateFileError::NoFile {
        path: path.to_owned(),
    };
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => real(path),
        Ok(found) if found.is_symlink() => {
            // One that leads nowhere is refused: where it leads may be for others to say.
            let place = real(path)?;
            let is_file = fs::metadata(&place).is_ok_and(|found| found.is_file());
            if is_file { Ok(place) } else { Err(no_file()) }
        }
        Ok(_) => Err(no_file()),
        Err(_) => {
            let name = path.file_name().ok_or_else(no_file)?;
            let folder = match path.parent() {
                Some(folder) if !folder.as_str().is_empty() => folder,
                _ => Utf8Path::new("."),
            };
            fs::create_dir_all(folder).map_err(failed)?;
            Ok(real(folder)?.join(name))
        }
    }
}

/// Opens the lock, or makes it; `None` if something else has its name. Nothing is emptied.
fn open_lock(path: &Utf8Path) -> std::io::Result<Option<fs::File>> {
    loop {
        match private().read(true).create_new(true).open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            made => return made.map(Some),
        }
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_file() && has_one_name(&found) => {}
            Ok(_) => return Ok(None),
            // Its holder has just removed it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        }
        match private().read(true).open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            opened => return opened.map(Some),
        }
    }
}

/// Options for writing a file that only its owner can read.
fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

#[derive(serde::Deserialize)]
struct Version {
    format_version: u32,
}

impl Drop for StateFile {
    fn drop(&mut self) {
        // Removed while still locked, so that nobody locks a file that is about to go.
        let _ = fs::remove_file(&self.lock_path);
        let _ = self.lock.unlock();
    }
}

#[cfg(unix)]
fn is_same_file(lock: &fs::File, path: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (lock.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(seen)) => held.ino() == seen.ino() && held.dev() == seen.dev(),
        _ => false,
    }
}

/// A file with a second name may be somebody's that was linked here.
#[cfg(unix)]
fn has_one_name(file: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.nlink() == 1
}

#[cfg(not(unix))]
fn has_one_name(_file: &std::fs::Metadata) -> bool {
    true
}

#[cfg(not(unix))]
fn is_same_file(_lock: &fs::File, path: &Utf8Path) -> bool {
    path.exists()
}

/// How far the clock advances before a change, so that running tasks complete.
const A_WHILE: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// Changes the tenant in a state file, and saves it. A missing file is created with a new tenant.
/// Before the change, the clock advances by a minute, or to the real time if that is later, so that
/// tasks that ran when the file was saved complete.
pub fn with_state_file<T>(
    path: &Utf8Path,
    change: impl FnOnce(&mut Tenant) -> Result<T, ControlError>,
) -> Result<T, ControlError> {
    let file = StateFile::open(path)?;
    let now = crate::clock::real_now();
    let mut tenant = file.load()?.unwrap_or_else(|| Tenant::new(now));
    tenant.advance_by(A_WHILE);
    tenant.advance_to(now);
    let result = change(&mut tenant)?;
    file.save(&tenant)?;
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("deep/state.json")).unwrap();
        (folder, path)
    }

    #[test]
    fn a_state_file_is_for_one_at_a_time() {
        let (_folder, path) = folder();
        let held = StateFile::open(&path).unwrap();
        match StateFile::open(&path) {
            Err(StateFileError::InUse { holder, .. }) => {
                assert_eq!(holder, Some(std::process::id()));
            }
            other => panic!("{other:?}"),
        }
        drop(held);
        StateFile::open(&path).unwrap();
        assert!(!path.with_file_name("state.json.lock").exists());
    }

    #[test]
    fn what_is_saved_is_loaded_and_private() {
        let (_folder, path) = folder();
        with_state_file(&path, |tenant| {
            tenant.set_levels_out_of_band("svc-backup", vec!["REPORT_ADMIN".into()])
        })
        .unwrap();
        let file = StateFile::open(&path).unwrap();
        let tenant = file.load().unwrap().unwrap();
        assert!(tenant.find_person("svc-backup").is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn what_is_no_state_is_refused() {
        let (_folder, path) = folder();
        let file = StateFile::open(&path).unwrap();
        fs::write(&path, "{\"what\": 1}").unwrap();
        assert!(matches!(file.load(), Err(StateFileError::Format { .. })));
        fs::write(&path, "{\"format_version\": 0}").unwrap();
        assert!(matches!(
            file.load(),
            Err(StateFileError::Version { found: 0, .. })
        ));
    }
}
