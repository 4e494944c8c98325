//! Private folders: created with mode 0700, synced to disk.

use std::io;
use std::path::{Path, PathBuf};

/// Folders that were created on the way to a file. They are removed when this is
/// dropped, unless they are kept, so that a failed attempt leaves nothing.
#[derive(Debug, Default)]
pub(crate) struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Creates a folder, and all that are missing above it.
    pub(crate) fn make_all(&mut self, path: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = path
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && is_missing(folder))
            .collect();
        missing
            .into_iter()
            .rev()
            .try_for_each(|folder| self.make(folder))
    }

    /// Creates a folder. One that exists by now is no error.
    pub(crate) fn make(&mut self, path: &Path) -> io::Result<()> {
        match builder().create(path) {
            Ok(()) => {
                self.0.push(path.to_owned());
                make_private(path)?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !fs_err::metadata(path)?.is_dir() {
                    return Err(named(path, &error));
                }
            }
            Err(error) => return Err(named(path, &error)),
        }
        Ok(())
    }

    /// Keeps the folders, and syncs them so that they survive a crash of the machine.
    pub(crate) fn keep(mut self) -> io::Result<()> {
        let folders = std::mem::take(&mut self.0);
        folders
            .iter()
            .filter_map(|folder| folder.parent())
            .try_for_each(sync)
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // One that is not empty by now is in use by others.
            let _ = fs_err::remove_dir(folder);
        }
    }
}

/// Syncs a folder's entries to disk: only then is a new or renamed file sure to
/// be found after a crash of the machine.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        // Windows cannot open folders, and keeps their entries in its own journal.
        return Ok(());
    }
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    fs_err::File::open(folder)?.sync_all()
}

fn is_missing(path: &Path) -> bool {
    fs_err::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Sets the mode that the umask of this process may have cut.
#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn builder() -> std::fs::DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = std::fs::DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn builder() -> std::fs::DirBuilder {
    std::fs::DirBuilder::new()
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    let text = format!("cannot create the folder `{}`: {error}", path.display());
    io::Error::new(error.kind(), text)
}
