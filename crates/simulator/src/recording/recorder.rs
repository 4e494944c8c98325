//! Writes a recording while requests are answered.

use std::io::{ErrorKind, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::Utf8PathBuf;
use jiff::Timestamp;
use serde::Serialize;

use super::exchange::{Exchange, RecordedAnswer, RecordedRequest, Taken};
use super::file::{Head, Line, MOST_BYTES};
use super::place::Place;
use crate::engine::{Reply, Request};
use crate::errors::RecordingError;
use crate::secrets::Known;

/// So many requests a recording has at most.
const MOST_REQUESTS: u64 = 100_000;
/// What the last line of a recording that reached its limit needs at most.
const LAST_LINE: u64 = 200;

/// Writes each answered request at once, so that the end of the process loses none.
#[derive(Debug)]
pub(crate) struct Recorder {
    path: Utf8PathBuf,
    limits: Limits,
    /// The secrets that are masked by their values. The engine adds those of the tenant.
    known: Arc<Mutex<Known>>,
    writing: Mutex<Writing>,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    requests: u64,
    bytes: u64,
}

#[derive(Debug)]
struct Writing {
    file: fs_err::File,
    requests: u64,
    bytes: u64,
    ended: Option<Ended>,
}

/// Why no more is written.
#[derive(Debug, Clone)]
enum Ended {
    Full(String),
    Failed(ErrorKind, String),
}

impl Recorder {
    /// Begins a recording.
    pub(crate) fn begin(place: Place, known: Arc<Mutex<Known>>) -> Result<Self, RecordingError> {
        let limits = Limits {
            requests: MOST_REQUESTS,
            bytes: MOST_BYTES,
        };
        Self::with_limits(place, known, limits)
    }

    fn with_limits(
        place: Place,
        known: Arc<Mutex<Known>>,
        limits: Limits,
    ) -> Result<Self, RecordingError> {
        let path = place.path.clone();
        let io = |source| RecordingError::Io {
            path: path.clone(),
            what: "write",
            source,
        };
        let mut writing = Writing {
            file: place.emptied().map_err(io)?,
            requests: 0,
            bytes: 0,
            ended: None,
        };
        writing.line(&Head::current()).map_err(io)?;
        Ok(Self {
            path,
            limits,
            known,
            writing: Mutex::new(writing),
        })
    }

    /// Writes a request and its answer. An error is kept for the end, and told at once in the log.
    pub(crate) fn record(&self, request: &Request, taken: Taken, reply: &Reply, now: Timestamp) {
        if self.writing().ended.is_some() {
            return;
        }
        let exchange = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Exchange {
                request: RecordedRequest::of(request, taken, &mut known),
                answer: RecordedAnswer::of(reply, now, &mut known),
            }
        };
        let mut writing = self.writing();
        if writing.ended.is_some() {
            return;
        }
        let Limits { requests, bytes } = self.limits;
        let line = Line::Exchange(Box::new(exchange));
        let ended = match serialized(&line) {
            Ok(_) if writing.requests >= requests => {
                Err(Ended::Full(format!("{requests} requests")))
            }
            Ok(line) if writing.bytes + line.len() as u64 + LAST_LINE > bytes => {
                Err(Ended::Full(format!("{bytes} bytes")))
            }
            Ok(line) => writing.write(&line).map_err(|error| Ended::from(&error)),
            Err(error) => Err(Ended::from(&error)),
        };
        let Err(ended) = ended else {
            writing.requests += 1;
            return;
        };
        if let Ended::Full(limit) = &ended {
            let limit = limit.clone();
            // The recording is incomplete in any case, and says so at the end.
            let _ = writing.line(&Line::End { limit });
        }
        writing.ended = Some(ended.clone());
        drop(writing);
        tracing::error!(error = %self.error(ended), "the recording is incomplete");
    }

    /// How many requests are recorded.
    ///
    /// # Errors
    /// There are requests that are not.
    pub(crate) fn finish(&self) -> Result<u64, RecordingError> {
        let writing = self.writing();
        match writing.ended.clone() {
            None => Ok(writing.requests),
            Some(ended) => Err(self.error(ended)),
        }
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, ended: Ended) -> RecordingError {
        let path = self.path.clone();
        match ended {
            Ended::Full(limit) => RecordingError::Full { path, limit },
            Ended::Failed(kind, text) => RecordingError::Io {
                path,
                what: "write",
                source: std::io::Error::new(kind, text),
            },
        }
    }
}

impl From<&std::io::Error> for Ended {
    fn from(error: &std::io::Error) -> Self {
        Self::Failed(error.kind(), error.to_string())
    }
}

impl Writing {
    fn line(&mut self, value: &impl Serialize) -> std::io::Result<()> {
        self.write(&serialized(value)?)
    }

    fn write(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.file.write_all(line)?;
        self.bytes += line.len() as u64;
        Ok(())
    }
}

fn serialized(value: &impl Serialize) -> std::io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;
    use crate::api::{Answer, Body};
    use camino::Utf8Path;
    use serde_json::json;

    fn begin(path: &Utf8Path) -> Result<Recorder, RecordingError> {
        Recorder::begin(Place::of(path, None)?, Arc::default())
    }

    fn record(recorder: &Recorder, path: &str) {
        let request = Request {
            method: "GET".into(),
            path: path.into(),
            query: String::new(),
            headers: axum::http::HeaderMap::new(),
            body: Body::default(),
        };
        let reply = Reply::whole(Answer::ok(json!([])));
        recorder.record(&request, Taken::Whole, &reply, Timestamp::UNIX_EPOCH);
    }

    fn place() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("r.jsonl")).unwrap();
        (folder, path)
    }

    #[test]
    fn a_recording_ends_at_its_limit_and_says_so() {
        for limits in [
            Limits {
                requests: 2,
                bytes: 100_000,
            },
            Limits {
                requests: 100,
                bytes: 600,
            },
        ] {
            let (_folder, path) = place();
            let place = Place::of(&path, None).unwrap();
            let recorder = Recorder::with_limits(place, Arc::default(), limits).unwrap();
            for _ in 0..10 {
                record(&recorder, "/sources/v1");
            }
            let error = recorder.finish().unwrap_err().to_string();
            assert!(error.contains("limit of"), "{error}");
            let read = file::read(&path).unwrap();
            assert!(read.exchanges.len() < 10 && !read.exchanges.is_empty());
            assert!(read.ended_at.is_some());
            assert!(fs_err::metadata(&path).unwrap().len() <= limits.bytes);
        }
    }

    #[test]
    fn an_earlier_recording_is_replaced_and_nothing_else() {
        let (_folder, path) = place();
        for count in [3, 1] {
            let recorder = begin(&path).unwrap();
            for _ in 0..count {
                record(&recorder, "/sources/v1");
            }
            assert_eq!(recorder.finish().unwrap(), count);
            assert_eq!(file::read(&path).unwrap().exchanges.len() as u64, count);
        }
        let whole = fs_err::read_to_string(&path).unwrap();
        for other in [
            "people: []\n".to_owned(),
            format!("{whole}my notes\n"),
            whole.trim_end().to_owned(),
            whole[..whole.len() - 20].to_owned(),
            whole.replace("steersman simulator", "another program"),
            whole.replace("\"formatVersion\":1", "\"formatVersion\":2"),
            format!(
                "{whole}{{\"limit\":\"2 requests\"}}\n{}\n",
                whole.lines().last().unwrap()
            ),
        ] {
            fs_err::write(&path, &other).unwrap();
            let error = begin(&path).unwrap_err().to_string();
            assert!(error.contains("not overwritten"), "{error}");
            assert_eq!(fs_err::read_to_string(&path).unwrap(), other);
        }
        fs_err::write(&path, "").unwrap();
        let first = begin(&path).unwrap();
        let error = begin(&path).unwrap_err().to_string();
        assert!(error.contains("another simulator records"), "{error}");
        record(&first, "/sources/v1");
        assert_eq!(file::read(&path).unwrap().exchanges.len(), 1);
    }

    #[test]
    fn a_recording_without_requests_is_not_replayed() {
        let (_folder, path) = place();
        fs_err::write(&path, "").unwrap();
        let error = file::read(&path).unwrap_err().to_string();
        assert!(error.contains("is empty"), "{error}");
        drop(begin(&path).unwrap());
        let error = file::read(&path).unwrap_err().to_string();
        assert!(error.contains("has no requests"), "{error}");
    }

    #[test]
    fn all_broken_lines_are_told_at_once() {
        let (_folder, path) = place();
        drop(begin(&path).unwrap());
        let head = fs_err::read_to_string(&path).unwrap();
        fs_err::write(&path, format!("{head}\n{{\"request\": 5}}\nnonsense\n")).unwrap();
        let error = file::read(&path).unwrap_err().to_string();
        for place in ["r.jsonl:3:", "r.jsonl:4:"] {
            assert!(error.contains(place), "{error}");
        }
        fs_err::write(&path, "nonsense\n").unwrap();
        let error = file::read(&path).unwrap_err().to_string();
        assert!(error.contains("this is not a recording"), "{error}");
    }
}
