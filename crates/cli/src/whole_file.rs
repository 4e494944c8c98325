//! Writing a file whole or not at all.

use crate::failure::Failure;
use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, Write};

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the system lets.
    Anybody,
    /// Its owner only, also where there was a file for others before.
    Owner,
}

/// Writes the file: a reader sees what was there before or all that is new,
/// never a part. What is no regular file, such as a pipe, is written straight.
///
/// # Errors
/// A file that cannot be written; what was there before is still there then.
pub(crate) fn write(path: &Utf8Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    try_write(path, bytes, readers).map_err(|error| Failure::File {
        message: format!("cannot write {path}"),
        help: Some("give a file in a folder that is there and can be written to".to_owned()),
        source: Some(Box::new(error)),
    })
}

fn try_write(path: &Utf8Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let target = match fs_err::metadata(path) {
        Ok(there) if !there.is_file() => {
            return fs_err::OpenOptions::new()
                .write(true)
                .open(path)?
                .write_all(bytes);
        }
        // A link stays, and what it leads to is replaced.
        Ok(_) => path.canonicalize_utf8()?,
        Err(_) => {
            // A folder that is missing is named, and not the file beside.
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
        // The error of writing is what counts.
        let _ = fs_err::remove_file(&beside);
    }
    written
}

/// Makes a new file; one that is there is an error.
///
/// # Errors
/// What the system says.
pub(crate) fn new(path: &Utf8Path, readers: Readers) -> io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)
}

/// A name in the same folder, and so in the same file system, that nobody else
/// uses.
fn beside(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}
