//! The log beside a state file: a line for each change, with a checksum.
//!
//! The first line says which tenant it is about and after which of its changes the log begins. A
//! last line that is torn is one that was never answered, so it is discarded; a broken line with
//! whole ones after it means that the file was damaged, and nothing is guessed.

use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::place::{is_same_file, made_anew, sync_folder_of};
use crate::errors::{LogProblem, StateFileError};
use crate::tenant::{Change, Tenant};

/// The version of the form of a log.
const VERSION: u32 = 1;
/// So many digits of a line's checksum are written.
const CHECKSUM: usize = 16;

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    simulator_log: u32,
    tenant: String,
    after: u64,
}

/// What is behind the text of a state file that has a log beside it. Other files end with their text.
pub(super) const HAS_LOG: u8 = b' ';

/// A log that is being written.
#[derive(Debug)]
pub(super) struct Log {
    path: Utf8PathBuf,
    file: fs::File,
    /// How many bytes of it are whole; whatever is behind them is what a failed write left.
    whole: u64,
    is_torn: bool,
}

impl Log {
    /// Begins a log, after a change of a tenant. The state file is marked as one that has a log, so
    /// that a log that is lost is missed.
    pub(super) fn begin(
        path: Utf8PathBuf,
        tenant: &str,
        after: u64,
        sync: bool,
    ) -> io::Result<Self> {
        let mut log = Self {
            file: made_anew(&path)?,
            path,
            whole: 0,
            is_torn: false,
        };
        let header = Header {
            simulator_log: VERSION,
            tenant: tenant.to_owned(),
            after,
        };
        log.append(&line(&header)?, sync)?;
        if sync {
            sync_folder_of(&log.path)?;
        }
        Ok(log)
    }

    /// Appends lines, all or none of them.
    pub(super) fn append(&mut self, lines: &[u8], sync: bool) -> io::Result<()> {
        if !is_same_file(&self.file, &self.path) {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the log has been moved or removed",
            ));
        }
        if self.is_torn {
            self.cut()?;
        }
        let written = self
            .file
            .write_all(lines)
            .and_then(|()| if sync { self.file.sync_data() } else { Ok(()) });
        if let Err(error) = written {
            // What the disk has of it is not known, so it is written again from its beginning.
            self.is_torn = true;
            let _ = self.cut();
            return Err(error);
        }
        self.whole += lines.len() as u64;
        Ok(())
    }

    pub(super) fn len(&self) -> u64 {
        self.whole
    }

    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.whole)?;
        self.file.seek(SeekFrom::Start(self.whole))?;
        self.is_torn = false;
        Ok(())
    }
}

/// Marks a state file as one that has a log beside it.
pub(super) fn mark_as_logged(state: &Utf8Path, sync: bool) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().read(true).append(true).open(state)?;
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == [HAS_LOG] {
        return Ok(());
    }
    file.write_all(&[HAS_LOG])?;
    if sync { file.sync_data() } else { Ok(()) }
}

/// A line of the log.
pub(super) fn line(what: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = vec![b' '; CHECKSUM + 1];
    serde_json::to_writer(&mut line, what)?;
    let sum = checksum(&line[CHECKSUM + 1..]);
    line[..CHECKSUM].copy_from_slice(sum.as_bytes());
    line.push(b'\n');
    Ok(line)
}

fn checksum(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(CHECKSUM);
    for byte in &Sha256::digest(bytes)[..CHECKSUM / 2] {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    text
}

/// What a line says; `None` if it is torn.
fn content(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, rest) = line.split_at_checked(CHECKSUM)?;
    let content = rest.strip_prefix(b" ")?;
    (checksum(content).as_bytes() == sum).then_some(content)
}

/// Which tenant a log is about.
pub(super) fn mark(tenant: &Tenant) -> String {
    format!("{} {}", tenant.id(), tenant.created)
}

/// A log that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// There is no such file.
    None,
    /// There is a file, and not even its first line is whole.
    Empty,
    Log,
}

/// Makes the changes that a log has after those that the tenant has already.
pub(super) fn replay(
    path: &Utf8Path,
    state: &Utf8Path,
    tenant: Option<&mut Tenant>,
) -> Result<Found, StateFileError> {
    let problem = |problem| StateFileError::Log {
        path: state.to_owned(),
        log: path.to_owned(),
        problem,
    };
    let failed = |source| StateFileError::Io {
        path: state.to_owned(),
        what: "read the log of",
        source,
    };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::None),
        Err(error) => return Err(failed(error)),
        Ok(found) if !found.is_file() => return Err(problem(LogProblem::NoFile)),
        Ok(_) => {}
    }
    let mut reader = BufReader::new(fs::File::open(path).map_err(failed)?);
    let mut replay = Replay {
        tenant,
        is_begun: false,
    };
    let mut line = Vec::new();
    let mut torn = None;
    for number in 1.. {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(failed)? == 0 {
            break;
        }
        match (content(&line), torn) {
            (None, None) => torn = Some(number),
            (None, Some(_)) => {}
            (Some(_), Some(line)) => return Err(problem(LogProblem::Damaged { line })),
            (Some(content), None) => replay.next(content, number).map_err(problem)?,
        }
    }
    if let Some(line) = torn {
        tracing::warn!(log = %path, line, "the last line of the log is not whole and is left out");
    }
    Ok(if replay.is_begun {
        Found::Log
    } else {
        Found::Empty
    })
}

struct Replay<'a> {
    tenant: Option<&'a mut Tenant>,
    is_begun: bool,
}

impl Replay<'_> {
    fn next(&mut self, content: &[u8], line: u64) -> Result<(), LogProblem> {
        let unknown = |_| LogProblem::Unknown { line };
        if !self.is_begun {
            self.is_begun = true;
            let header: Header = serde_json::from_slice(content).map_err(unknown)?;
            if header.simulator_log != VERSION {
                return Err(LogProblem::Version {
                    found: header.simulator_log,
                    known: VERSION,
                });
            }
            return match &self.tenant {
                Some(tenant) if mark(tenant) != header.tenant => Err(LogProblem::OtherTenant),
                Some(tenant) if tenant.position < header.after => Err(LogProblem::Gap { line }),
                _ => Ok(()),
            };
        }
        let change: Change = serde_json::from_slice(content).map_err(unknown)?;
        let Some(tenant) = &mut self.tenant else {
            return Err(LogProblem::NoState);
        };
        if change.position <= tenant.position {
            return Ok(());
        }
        if change.position != tenant.position + 1 {
            return Err(LogProblem::Gap { line });
        }
        tenant.apply(change);
        Ok(())
    }
}
