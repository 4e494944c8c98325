//! Reads one regular file, within a limit.

use crate::failure::Failure;
use camino::Utf8Path;
use std::fs::FileType;
use std::io::{self, Read};

/// The bytes of a file, and at most one more than a spec may have, so that too
/// large a file is seen as such. `shown` is what the person calls it, `real` where
/// it is, without links.
///
/// # Errors
/// A file that cannot be read, or that is a pipe, a device or a folder.
pub(super) fn read(shown: &Utf8Path, real: &Utf8Path) -> Result<Vec<u8>, Failure> {
    read_up_to(
        shown,
        real,
        u64::try_from(spec::MOST_BYTES).unwrap_or(u64::MAX),
    )
}

/// The same with another limit, in bytes.
///
/// # Errors
/// A file that cannot be read, or that is a pipe, a device or a folder.
pub(crate) fn read_up_to(
    shown: &Utf8Path,
    real: &Utf8Path,
    limit: u64,
) -> Result<Vec<u8>, Failure> {
    let metadata = fs_err::symlink_metadata(real).map_err(|error| unreadable(shown, &error))?;
    refuse_other_kinds(shown, metadata.file_type())?;
    // Between the two looks another file may have come to the name.
    let file = open(real).map_err(|error| unreadable(shown, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(shown, &error))?;
    refuse_other_kinds(shown, metadata.file_type())?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(shown, &error))?;
    Ok(bytes)
}

/// Opens a file without waiting for the other end of a pipe, and no link.
#[cfg(unix)]
fn open(path: &Utf8Path) -> io::Result<fs_err::File> {
    use fs_err::os::unix::fs::OpenOptionsExt;
    use rustix::fs::OFlags;
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    fs_err::OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Utf8Path) -> io::Result<fs_err::File> {
    fs_err::File::open(path)
}

/// Refuses what is no regular file.
///
/// # Errors
/// A pipe, a socket, a device, a folder or a link.
pub(super) fn refuse_other_kinds(shown: &Utf8Path, kind: FileType) -> Result<(), Failure> {
    if kind.is_file() {
        return Ok(());
    }
    Err(Failure::File {
        message: format!("cannot read {shown}: it is {}", name(kind)),
        help: Some("only regular files are read; save it as one".to_owned()),
        source: None,
    })
}

#[cfg(unix)]
fn name(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        plain_name(kind)
    }
}

#[cfg(not(unix))]
fn name(kind: FileType) -> &'static str {
    plain_name(kind)
}

fn plain_name(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else {
        "not a regular file"
    }
}

/// A file or folder that the system does not let us read.
pub(super) fn unreadable(path: &Utf8Path, error: &io::Error) -> Failure {
    Failure::File {
        message: format!("cannot read {path}"),
        help: None,
        source: Some(Box::new(plain(error))),
    }
}

/// The system's error without the file name, which the message has.
pub(crate) fn plain(error: &io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::other("no such file or folder"),
        kind => io::Error::from(kind),
    }
}
