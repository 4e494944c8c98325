//! Writes a file atomically: completely or not at all.

use crate::failure::Failure;
use applier::link_on_the_way;
use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, Write};

/// Who may read a written file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Everyone whom the system allows.
    Anybody,
    /// Only its owner, even if others could read the file before.
    Owner,
}

/// Writes the file. A reader sees the old or the new content, never a part. A pipe
/// or device is written directly. No link on the way is followed, because whoever can
/// put one there could have any file overwritten; links of the system, such as
/// `/dev/stdout`, are.
///
/// # Errors
/// A file that cannot be written; its old content is kept.
pub(crate) fn write(path: &Utf8Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    try_write(path, bytes, readers).map_err(|error| Failure::File {
        message: format!("cannot write {path}"),
        help: Some("use a file in an existing folder with write permission".to_owned()),
        source: Some(Box::new(error)),
    })
}

fn try_write(path: &Utf8Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let of_system = ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"];
    let is_of_system = of_system.iter().any(|root| path.starts_with(root));
    if !is_of_system && let Some(link) = link_on_the_way(path.as_std_path())? {
        return Err(io::Error::other(format!(
            "{} is a link, and steersman does not write through links; name the file itself, or remove the link",
            link.display()
        )));
    }
    let there = if is_of_system {
        fs_err::metadata(path)
    } else {
        fs_err::symlink_metadata(path)
    };
    let target = match there {
        Ok(there) if there.is_symlink() => {
            return Err(io::Error::other(
                "it is a link, and steersman does not write through links; name the file itself, or remove the link",
            ));
        }
        Ok(there) if is_of_system || !there.is_file() => {
            return fs_err::OpenOptions::new()
                .write(true)
                .open(path)?
                .write_all(bytes);
        }
        Ok(_) => path.to_owned(),
        Err(_) => {
            // The error names a missing folder, not the temporary file.
            let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
            fs_err::metadata(folder.unwrap_or(Utf8Path::new(".")))?;
            path.to_owned()
        }
    };
    let beside = beside(&target);
    let written = (|| {
        let mut file = new(&beside, readers)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs_err::rename(&beside, &target)
    })();
    if written.is_err() {
        // The error of writing is the one to report.
        let _ = fs_err::remove_file(&beside);
    }
    written
}

/// Creates a new file.
///
/// # Errors
/// A file that exists or cannot be created.
pub(crate) fn new(path: &Utf8Path, readers: Readers) -> io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    // Other systems have no mode: who reads the folder can read the file.
    #[cfg(not(unix))]
    let (Readers::Owner | Readers::Anybody) = readers;
    options.open(path)
}

/// A unique name in the same folder, and so on the same file system.
fn beside(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}
