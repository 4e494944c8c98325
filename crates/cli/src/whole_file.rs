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
    try_write(path, bytes, readers).map_err(|error| unwritable(path, error))
}

/// Opens a file that is written line by line, and empties it. Links, pipes and devices
/// are treated as [`write`] does.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn stream(path: &Utf8Path) -> Result<fs_err::File, Failure> {
    let open = || {
        let mut options = fs_err::OpenOptions::new();
        options.write(true);
        if let Target::Replaced = target(path)? {
            options.create(true).truncate(true);
            // Between the check and this another file may have come to the name.
            #[cfg(unix)]
            {
                let flags = rustix::fs::OFlags::NOFOLLOW.bits();
                let flags = i32::try_from(flags).map_err(io::Error::other)?;
                fs_err::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags);
            }
        }
        options.open(path)
    };
    open().map_err(|error| unwritable(path, error))
}

/// Sees that a file can be written later, and changes nothing.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn check(path: &Utf8Path) -> Result<(), Failure> {
    let check = || match target(path)? {
        Target::Written => fs_err::OpenOptions::new()
            .write(true)
            .open(path)
            .map(|_| ()),
        Target::Replaced => {
            let beside = beside(path);
            new(&beside, Readers::Owner)?;
            fs_err::remove_file(&beside)
        }
    };
    check().map_err(|error| unwritable(path, error))
}

/// How a file is written.
enum Target {
    /// As a whole, by another that takes its name.
    Replaced,
    /// Directly: it is a pipe, a device, or a link of the system.
    Written,
}

fn unwritable(path: &Utf8Path, error: io::Error) -> Failure {
    Failure::File {
        message: format!("cannot write {path}"),
        help: Some("use a file in an existing folder with write permission".to_owned()),
        source: Some(Box::new(error)),
    }
}

fn target(path: &Utf8Path) -> io::Result<Target> {
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
    match there {
        Ok(there) if there.is_symlink() => Err(io::Error::other(
            "it is a link, and steersman does not write through links; name the file itself, or remove the link",
        )),
        Ok(there) if is_of_system || !there.is_file() => Ok(Target::Written),
        Ok(_) => Ok(Target::Replaced),
        Err(_) => {
            // The error names a missing folder, not the temporary file.
            let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
            fs_err::metadata(folder.unwrap_or(Utf8Path::new(".")))?;
            Ok(Target::Replaced)
        }
    }
}

fn try_write(path: &Utf8Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    if let Target::Written = target(path)? {
        return fs_err::OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(bytes);
    }
    let target = path;
    let beside = beside(target);
    let written = (|| {
        let mut file = new(&beside, readers)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs_err::rename(&beside, target)
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
