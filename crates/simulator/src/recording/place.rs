//! Where a recording is: a regular file, never a pipe, a device or a file of the simulated tenant.

use std::fs::TryLockError;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;

use super::file;
use super::regular::{Use, failed, opened};
use crate::errors::RecordingError;
use crate::state_file;

/// Where a recording will be written. Nothing is changed before [`Place::emptied`].
#[derive(Debug)]
pub(crate) struct Place {
    pub(super) path: Utf8PathBuf,
    /// The earlier recording that is replaced; held, so that no other simulator replaces it, too.
    earlier: Option<fs::File>,
}

impl Place {
    /// Sees that a recording can be written here: nothing is there, or an empty file, or a whole
    /// recording. A file of the tenant is refused, by whatever name.
    pub(crate) fn of(path: &Utf8Path, state: Option<&Utf8Path>) -> Result<Self, RecordingError> {
        if let Some(state) = state
            && state_file::is_one_of(state, path)
        {
            return Err(RecordingError::OfState {
                path: path.to_owned(),
                state: state.to_owned(),
            });
        }
        let io = |source| failed(path, Use::Write, source);
        let earlier = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(io(error)),
            Ok(_) => Some(opened(path, Use::Write)?),
        };
        if let Some(earlier) = &earlier {
            match earlier.file().try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(RecordingError::InUse {
                        path: path.to_owned(),
                    });
                }
                Err(TryLockError::Error(error)) => return Err(io(error)),
            }
            if earlier.metadata().map_err(io)?.len() > 0 && !file::is_whole(path, earlier) {
                return Err(RecordingError::Occupied {
                    path: path.to_owned(),
                });
            }
        }
        Ok(Self {
            path: path.to_owned(),
            earlier,
        })
    }

    /// The file, empty.
    pub(super) fn emptied(self) -> io::Result<fs::File> {
        let Self { path, earlier } = self;
        let Some(mut file) = earlier else {
            let mut options = fs::OpenOptions::new();
            // What has appeared here meanwhile is not overwritten.
            let file = options.write(true).create_new(true).open(path)?;
            file.file().try_lock()?;
            return Ok(file);
        };
        file.set_len(0)?;
        io::Seek::rewind(&mut file)?;
        Ok(file)
    }
}
