//! Opens regular files only: a pipe would be waited for, a device has no end.

use std::io::{self, ErrorKind};

use camino::Utf8Path;
use fs_err as fs;

use crate::errors::RecordingError;

/// What a file is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    /// To read it, and then to replace what it has.
    Write,
}

/// The error of an operation that failed.
pub(super) fn failed(path: &Utf8Path, used: Use, source: io::Error) -> RecordingError {
    RecordingError::Io {
        path: path.to_owned(),
        what: match used {
            Use::Read => "read",
            Use::Write => "write",
        },
        source,
    }
}

/// Opens a regular file. Others are not opened.
pub(super) fn opened(path: &Utf8Path, used: Use) -> Result<fs::File, RecordingError> {
    let io = |source| failed(path, used, source);
    let no_file = || RecordingError::NoFile {
        path: path.to_owned(),
    };
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(no_file()),
        // A link that leads nowhere: where it leads may be for others to say.
        Err(error) if error.kind() == ErrorKind::NotFound && path.is_symlink() => {
            return Err(no_file());
        }
        Err(error) => return Err(io(error)),
    }
    let mut options = fs::OpenOptions::new();
    options.read(true).write(used == Use::Write);
    #[cfg(unix)]
    {
        use fs::os::unix::fs::OpenOptionsExt as _;
        // It may have become a pipe in between.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.open(path).map_err(io)?;
    if file.metadata().map_err(io)?.is_file() {
        Ok(file)
    } else {
        Err(no_file())
    }
}
