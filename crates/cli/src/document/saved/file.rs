//! Writing a private file whole or not at all.

use crate::failure::Failure;
use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, Write};

/// Writes a file that only its owner can read. What was there before is
/// replaced when all is on the disk, and not touched if that fails.
pub(super) fn write(path: &Utf8Path, bytes: &[u8]) -> Result<(), Failure> {
    let aside = aside(path);
    let written = new_private(&aside)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs_err::rename(&aside, path));
    if let Err(error) = written {
        // What could not be finished is of no use to anybody.
        let _ = fs_err::remove_file(&aside);
        return Err(Failure::File {
            message: format!("cannot write {path}"),
            help: None,
            source: Some(Box::new(error)),
        });
    }
    Ok(())
}

/// Makes a new file that only its owner can read; one that is there is an error.
pub(super) fn new_private(path: &Utf8Path) -> io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A name beside the file that no other run uses at the same time.
fn aside(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or("plan");
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}
