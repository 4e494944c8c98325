//! Whether Git tracks a file, read from Git's index without running Git.

use super::git_index::{self, Listed};
use std::io::ErrorKind;
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
        let Some(index) = index_of(root) else {
            continue;
        };
        // An inner repository hides the outer one from Git.
        let Ok(relative) = path.strip_prefix(root) else {
            return Tracked::No;
        };
        let relative = relative.as_os_str().as_encoded_bytes();
        return match fs_err::read(&index) {
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
    fs_err::read(index.with_file_name(name)).ok()
}

/// The index of the repository whose work tree begins at this folder.
fn index_of(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    let metadata = fs_err::metadata(&git).ok()?;
    if metadata.is_dir() {
        return Some(git.join("index"));
    }
    // Linked work trees and submodules have a file that names the folder.
    let text = fs_err::read_to_string(&git).ok()?;
    let folder = text.strip_prefix("gitdir:")?.trim();
    Some(root.join(folder).join("index"))
}

#[cfg(test)]
#[path = "../testing/tracked.rs"]
pub(super) mod tests;
