//! The file of a recording: JSON Lines, the first of which says what it is.

use std::io::{BufRead as _, BufReader, Read as _};

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::exchange::Exchange;
use super::regular::{Use, opened};
use crate::errors::RecordingError;

/// What the first line says a recording is.
const KIND: &str = "steersman simulator";

/// The format that is written and read.
const FORMAT: u32 = 1;
/// So many bytes a recording has at most; a recorder ends before, a replay refuses larger files.
pub(super) const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// So many broken lines are reported.
const REPORTED: usize = 20;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    recording: String,
    format_version: u32,
}

impl Head {
    /// That of a recording of today.
    pub(super) fn current() -> Self {
        Self {
            recording: KIND.to_owned(),
            format_version: FORMAT,
        }
    }
}

/// A line after the first.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// The last line of a recording that reached its limit.
    End {
        /// The limit, with its unit.
        limit: String,
    },
    /// A request with its answer.
    Exchange(Box<Exchange>),
}

/// What a recording has.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(super) exchanges: Vec<Exchange>,
    /// The limit at which it ended, if it did.
    pub(super) ended_at: Option<String>,
}

/// Whether a file is a recording from its first line to its last.
pub(super) fn is_whole(path: &Utf8Path, file: &fs_err::File) -> bool {
    matches!(scan(path, file, |_| {}), Ok(Scanned { is_ended: true, .. }))
}

/// Reads a recording; all lines that are wrong are told at once.
pub(crate) fn read(path: &Utf8Path) -> Result<Recording, RecordingError> {
    let mut exchanges = Vec::new();
    let Scanned { ended_at, .. } = scan(path, &opened(path, Use::Read)?, |exchange| {
        exchanges.push(exchange);
    })?;
    if exchanges.is_empty() {
        return Err(RecordingError::NoRequests {
            path: path.to_owned(),
        });
    }
    Ok(Recording {
        exchanges,
        ended_at,
    })
}

/// What the lines of a recording say beside requests and answers.
struct Scanned {
    /// The limit at which it ended, if it did.
    ended_at: Option<String>,
    /// Whether the last line has its end.
    is_ended: bool,
}

fn scan(
    path: &Utf8Path,
    file: &fs_err::File,
    mut found: impl FnMut(Exchange),
) -> Result<Scanned, RecordingError> {
    let io = |source| RecordingError::Io {
        path: path.to_owned(),
        what: "read",
        source,
    };
    let too_large = || RecordingError::TooLarge {
        path: path.to_owned(),
        limit: MOST_BYTES,
    };
    // A recorder leaves room for its last line.
    if file.metadata().map_err(io)?.len() > MOST_BYTES {
        return Err(too_large());
    }
    // It may grow meanwhile.
    let mut lines = BufReader::new(file.take(MOST_BYTES + 1));
    let mut line = Vec::new();
    let mut read = 0;
    let mut next = |line: &mut Vec<u8>| {
        line.clear();
        read += lines.read_until(b'\n', line).map_err(io)? as u64;
        if read > MOST_BYTES {
            return Err(too_large());
        }
        Ok(!line.is_empty())
    };
    if !next(&mut line)? {
        return Err(RecordingError::EmptyFile {
            path: path.to_owned(),
        });
    }
    let head = serde_json::from_slice::<Head>(&line).ok();
    let Some(head) = head.filter(|head| head.recording == KIND) else {
        return Err(RecordingError::NotRecording {
            path: path.to_owned(),
        });
    };
    if head.format_version != FORMAT {
        return Err(RecordingError::Version {
            path: path.to_owned(),
            found: head.format_version,
            known: FORMAT,
        });
    }
    let mut scanned = Scanned {
        ended_at: None,
        is_ended: line.ends_with(b"\n"),
    };
    let mut wrong = Vec::new();
    let mut number = 1;
    while wrong.len() < REPORTED && next(&mut line)? {
        number += 1;
        scanned.is_ended = line.ends_with(b"\n");
        if line.trim_ascii().is_empty() {
            continue;
        }
        match parsed(&line) {
            Ok(_) if scanned.ended_at.is_some() => {
                wrong.push(format!(
                    "{path}:{number}:1: the line before says that the recording ends there"
                ));
            }
            Ok(Line::Exchange(exchange)) => found(*exchange),
            Ok(Line::End { limit }) => scanned.ended_at = Some(limit),
            Err(error) => wrong.push(format!("{path}:{number}:{}: {error}", error.column())),
        }
    }
    if wrong.is_empty() {
        Ok(scanned)
    } else {
        Err(RecordingError::Lines(wrong))
    }
}

/// A line; the error of one that is neither is that of an exchange, which has a place.
fn parsed(line: &[u8]) -> Result<Line, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct End {
        limit: String,
    }
    match serde_json::from_slice::<End>(line) {
        Ok(End { limit }) => Ok(Line::End { limit }),
        Err(_) => serde_json::from_slice(line).map(|exchange| Line::Exchange(Box::new(exchange))),
    }
}
