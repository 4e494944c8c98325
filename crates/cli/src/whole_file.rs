//! Writes a file atomically: completely or not at all.

use crate::failure::Failure;
use applier::link_on_the_way;
use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Who may read a written file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Everyone whom the system allows.
    Anybody,
    /// Only its owner, even if others could read the file before.
    Owner,
    /// Those who could read the file before, which keeps its mode and, where the system
    /// allows it, its owner.
    AsBefore,
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

/// Opens a file that is written line by line, and leaves what is in it. Links, pipes and
/// devices are treated as [`write`] does.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn stream(path: &Utf8Path) -> Result<fs_err::File, Failure> {
    let open = || match target(path)? {
        Target::Written => directly(path),
        Target::Replaced => {
            let mut options = fs_err::OpenOptions::new();
            options.write(true).create(true).truncate(false);
            // Between the check and this another file may have come to the name.
            #[cfg(unix)]
            {
                let flags = rustix::fs::OFlags::NOFOLLOW.bits();
                let flags = i32::try_from(flags).map_err(io::Error::other)?;
                fs_err::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags);
            }
            options.open(path)
        }
    };
    open().map_err(|error| unwritable(path, error))
}

/// Opens a pipe or device without waiting: a pipe that no program reads is an error.
fn directly(path: &Utf8Path) -> io::Result<fs_err::File> {
    let mut options = fs_err::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        let flags = i32::try_from(flags).map_err(io::Error::other)?;
        fs_err::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags);
        options.open(path).map_err(|error| {
            // Of what the system can answer for a pipe, nothing else is left.
            let is_pipe = fs_err::metadata(path).is_ok_and(|there| is_pipe(&there));
            if is_pipe && error.kind() != io::ErrorKind::PermissionDenied {
                io::Error::other("it is a pipe that no program reads")
            } else {
                error
            }
        })
    }
    #[cfg(not(unix))]
    options.open(path)
}

/// Writes all bytes to a pipe or device that was opened without waiting. A reader that does
/// not read for some seconds is given up.
pub(crate) fn write_patiently(file: impl Write, bytes: &[u8]) -> io::Result<()> {
    write_within(file, bytes, Duration::from_secs(5))
}

fn write_within(mut file: impl Write, mut bytes: &[u8], patience: Duration) -> io::Result<()> {
    const PAUSE: Duration = Duration::from_millis(5);
    let mut since = Instant::now();
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                bytes = bytes.get(written..).unwrap_or_default();
                since = Instant::now();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if since.elapsed() > patience {
                    return Err(io::Error::new(
                        io::ErrorKind::TimedOut,
                        format!("nothing has read it for {} s", patience.as_secs()),
                    ));
                }
                std::thread::sleep(PAUSE);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_pipe(there: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&there.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &std::fs::Metadata) -> bool {
    false
}

/// Sees that a file can be written later, and changes nothing. A pipe is not opened: who reads
/// it would see its end.
///
/// # Errors
/// A file that cannot be written.
pub(crate) fn check(path: &Utf8Path) -> Result<(), Failure> {
    let check = || match target(path)? {
        #[cfg(unix)]
        Target::Written if is_pipe(&fs_err::metadata(path)?) => {
            let writes = rustix::fs::Access::WRITE_OK;
            Ok(rustix::fs::access(path.as_std_path(), writes)?)
        }
        Target::Written => directly(path).map(|_| ()),
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
        return write_patiently(directly(path)?, bytes);
    }
    let target = path;
    let beside = beside(target);
    let written = (|| {
        let mut file = new(&beside, readers)?;
        if readers == Readers::AsBefore {
            as_before(&file, target)?;
        }
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
    if readers != Readers::Anybody {
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    // Other systems have no mode: who reads the folder can read the file.
    #[cfg(not(unix))]
    let (Readers::Owner | Readers::Anybody | Readers::AsBefore) = readers;
    options.open(path)
}

/// Gives a file the mode of another one, and its owner where the system allows it.
fn as_before(file: &fs_err::File, before: &Utf8Path) -> io::Result<()> {
    let there = match fs_err::metadata(before) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let owners = (Some(there.uid()), Some(there.gid()));
        // Only the administrator may give files away.
        let _ = std::os::unix::fs::fchown(file.file(), owners.0, owners.1);
    }
    file.set_permissions(there.permissions())
}

/// A unique name in the same folder, and so on the same file system.
fn beside(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes a byte, is full, and so on, as often as it is read.
    struct Pipe {
        taken: Vec<u8>,
        room: usize,
        is_full: bool,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.is_full = !self.is_full;
            if self.is_full || self.taken.len() == self.room {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.taken.extend(bytes.first());
            Ok(1)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_slow_reader_gets_all_and_one_that_stops_is_given_up() {
        let patience = Duration::from_millis(50);
        for (room, expected) in [(9, None), (3, Some(io::ErrorKind::TimedOut))] {
            let mut pipe = Pipe {
                taken: Vec::new(),
                room,
                is_full: false,
            };
            let written = write_within(&mut pipe, b"a line", patience);
            assert_eq!(written.err().map(|error| error.kind()), expected);
            assert!(b"a line".starts_with(&pipe.taken));
        }
    }
}
