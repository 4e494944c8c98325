//! The file of a recording: JSON Lines, the first of which says what it is.

use std::io::{BufRead as _, BufReader};

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::exchange::Exchange;
use crate::errors::RecordingError;

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
            recording: "steersman simulator".to_owned(),
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

/// Whether a file begins as a recording does.
pub(super) fn is_recording(first_line: &str) -> bool {
    serde_json::from_str::<Head>(first_line).is_ok()
}

/// Reads a recording; all lines that are wrong are told at once.
pub(crate) fn read(path: &Utf8Path) -> Result<Recording, RecordingError> {
    let io = |source| RecordingError::Io {
        path: path.to_owned(),
        what: "read",
        source,
    };
    let file = fs_err::File::open(path).map_err(io)?;
    // A recorder leaves room for its last line.
    if file.metadata().map_err(io)?.len() > MOST_BYTES {
        return Err(RecordingError::TooLarge {
            path: path.to_owned(),
            limit: MOST_BYTES,
        });
    }
    let mut lines = BufReader::new(file).lines();
    let first = lines.next().transpose().map_err(io)?.unwrap_or_default();
    let Ok(head) = serde_json::from_str::<Head>(&first) else {
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
    let mut recording = Recording {
        exchanges: Vec::new(),
        ended_at: None,
    };
    let mut wrong = Vec::new();
    for (index, line) in lines.enumerate() {
        let line = line.map_err(io)?;
        if line.trim().is_empty() {
            continue;
        }
        match parsed(&line) {
            Ok(Line::Exchange(exchange)) => recording.exchanges.push(*exchange),
            Ok(Line::End { limit }) => recording.ended_at = Some(limit),
            Err(error) => wrong.push(format!("{path}:{}:{}: {error}", index + 2, error.column())),
        }
        if wrong.len() >= REPORTED {
            break;
        }
    }
    if wrong.is_empty() {
        Ok(recording)
    } else {
        Err(RecordingError::Lines(wrong))
    }
}

/// A line; the error of one that is neither is that of an exchange, which has a place.
fn parsed(line: &str) -> Result<Line, serde_json::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct End {
        limit: String,
    }
    match serde_json::from_str::<End>(line) {
        Ok(End { limit }) => Ok(Line::End { limit }),
        Err(_) => serde_json::from_str(line).map(|exchange| Line::Exchange(Box::new(exchange))),
    }
}
