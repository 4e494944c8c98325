//! Whether Git tracks a file, read from Git's index without running Git.

use super::git_index::{self, Listed};
use crate::owner::is_believed;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Whether Git tracks a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tracked {
    Yes,
    No,
    /// This index cannot be read.
    Unknown {
        index: PathBuf,
    },
}

/// Whether the index of the repository around a file lists the file.
pub(super) fn by_git(path: &Path) -> Tracked {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let (Ok(folder), Some(name)) = (fs_err::canonicalize(folder), path.file_name()) else {
        // A folder that does not exist holds nothing.
        return Tracked::No;
    };
    let path = folder.join(name);
    for root in folder.ancestors() {
        let git = root.join(".git");
        // Another user can put one above, and it says nothing about this repository. A
        // journal that Git wrote is of the same user as its repository.
        if is_missing(&git) || !is_believed(&git, &folder) && !is_believed(&git, &path) {
            continue;
        }
        let Ok(index) = index_of(root, &git) else {
            return Tracked::Unknown { index: git };
        };
        // An inner repository hides the outer one from Git.
        let Ok(relative) = path.strip_prefix(root) else {
            return Tracked::No;
        };
        let relative = relative.as_os_str().as_encoded_bytes();
        return match read(&index) {
            Ok(text) => match git_index::lists(&text, relative, |base| read_beside(&index, base)) {
                Listed::Yes => Tracked::Yes,
                Listed::No => Tracked::No,
                Listed::Unreadable => Tracked::Unknown { index },
            },
            // Nothing was added yet.
            Err(error) if error.kind() == ErrorKind::NotFound => Tracked::No,
            Err(_) => Tracked::Unknown { index },
        };
    }
    Tracked::No
}

/// The index that a split one is based on, beside it.
fn read_beside(index: &Path, name: &str) -> Option<Vec<u8>> {
    read(&index.with_file_name(name)).ok()
}

fn is_missing(path: &Path) -> bool {
    fs_err::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

/// The index of the repository whose work tree begins at this folder.
fn index_of(root: &Path, git: &Path) -> io::Result<PathBuf> {
    if fs_err::metadata(git)?.is_dir() {
        return Ok(git.join("index"));
    }
    // Linked work trees and submodules have a file that names the folder.
    let text = read(git)?;
    let text = str::from_utf8(&text).map_err(io::Error::other)?;
    let folder = text
        .strip_prefix("gitdir:")
        .ok_or_else(|| io::Error::other("it names no folder"))?;
    Ok(root.join(folder.trim()).join("index"))
}

/// The bytes of a regular file. A pipe would wait for ever, and a device never end.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    if fs_err::metadata(path)?.is_file() {
        fs_err::read(path)
    } else {
        Err(io::Error::other("it is not a regular file"))
    }
}

#[cfg(test)]
#[path = "../testing/tracked.rs"]
pub(super) mod tests;
