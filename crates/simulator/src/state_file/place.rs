//! Where a state file is, and who may open what beside it.
//!
//! A path that is a link stands for the file that it leads to: that one is written, and its lock is
//! the one that counts, so two names of a file are not two files. What is made beside the file is
//! made anew or is already the simulator's; a link found there is never followed.

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use crate::errors::StateFileError;

/// Where a state file is, without links; its folder is made.
pub(super) fn place_of(path: &Utf8Path) -> Result<Utf8PathBuf, StateFileError> {
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

/// Whether a path leads to a state file, or to one of those beside it, whether they exist or not.
pub(crate) fn is_one_of(state: &Utf8Path, path: &Utf8Path) -> bool {
    let (state, path) = (without_links(state), without_links(path));
    ["", ".lock", ".log", ".log.old", ".new"]
        .iter()
        .map(|end| Utf8PathBuf::from(format!("{state}{end}")))
        .any(|file| without_links(&file) == path || are_one_file(&file, &path))
}

/// The path without links, as far as it exists.
fn without_links(path: &Utf8Path) -> Utf8PathBuf {
    if let Ok(real) = path.canonicalize_utf8() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => {
            let folder = if folder.as_str().is_empty() {
                Utf8Path::new(".")
            } else {
                folder
            };
            without_links(folder).join(name)
        }
        _ => path.to_owned(),
    }
}

#[cfg(unix)]
fn are_one_file(one: &Utf8Path, other: &Utf8Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => one.ino() == other.ino() && one.dev() == other.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn are_one_file(_one: &Utf8Path, _other: &Utf8Path) -> bool {
    false
}

/// Opens the lock, or makes it; `None` if something else has its name. Nothing is emptied.
pub(super) fn open_lock(path: &Utf8Path) -> std::io::Result<Option<fs::File>> {
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
pub(super) fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Makes a file anew that only its owner can read. What has the name goes; a link is removed, and
/// not what it leads to.
pub(super) fn made_anew(path: &Utf8Path) -> std::io::Result<fs::File> {
    remove(path)?;
    private().create_new(true).open(path)
}

/// Removes a file, if there is one.
pub(super) fn remove(path: &Utf8Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A state file that this process has, and as it was then.
#[derive(Debug)]
pub(super) struct Held {
    file: fs::File,
    size: u64,
    modified: Option<std::time::SystemTime>,
}

impl Held {
    /// Takes a state file itself, whatever names it has; `None` if another process has it.
    pub(super) fn take(path: &Utf8Path) -> std::io::Result<Option<Self>> {
        let file = fs::File::open(path)?;
        // Elsewhere, a file that is locked cannot be replaced; the lock beside it has to do.
        #[cfg(unix)]
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
        }
        let found = file.metadata()?;
        Ok(Some(Self {
            size: found.len(),
            modified: found.modified().ok(),
            file,
        }))
    }

    /// Takes note that this process has written into the file.
    pub(super) fn was_written(&mut self) -> std::io::Result<()> {
        let found = self.file.metadata()?;
        self.size = found.len();
        self.modified = found.modified().ok();
        Ok(())
    }

    /// Whether the file is still there, and nobody has written into it: a lock keeps no
    /// program from that which does not ask for it, such as `cp`.
    pub(super) fn is_untouched(&self, path: &Utf8Path) -> bool {
        let Self {
            file,
            size,
            modified,
        } = self;
        is_same_file(file, path)
            && fs::symlink_metadata(path)
                .is_ok_and(|found| found.len() == *size && found.modified().ok() == *modified)
    }
}

/// Puts on disk which names a folder has, where that can be asked for.
pub(super) fn sync_folder_of(path: &Utf8Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(unix)]
pub(super) fn is_same_file(lock: &fs::File, path: &Utf8Path) -> bool {
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
pub(super) fn is_same_file(_lock: &fs::File, path: &Utf8Path) -> bool {
    path.exists()
}
