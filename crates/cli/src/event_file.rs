//! Event file of an apply: one JSON object a line, written as things happen.

use crate::failure::Failure;
use crate::redaction::redactor;
use crate::whole_file;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use model::Event;
use render::apply_report::EventLine;
use render::redact_json;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An open event file.
pub(crate) struct EventFile {
    path: Utf8PathBuf,
    state: Mutex<State>,
}

struct State {
    file: fs_err::File,
    /// The lines from before the run began; none once it has begun.
    early: Option<Vec<u8>>,
    /// The first error; nothing is written after it, so that no line is missing
    /// between two others.
    lost: Option<io::Error>,
}

impl EventFile {
    /// Opens the file. It is emptied when the run begins: one that is refused leaves it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn create(path: &Utf8Path) -> Result<Self, Failure> {
        Ok(Self {
            path: path.to_owned(),
            state: Mutex::new(State {
                file: whole_file::stream(path)?,
                early: Some(Vec::new()),
                lost: None,
            }),
        })
    }

    /// Writes the line of an event.
    pub(crate) fn write(&self, now: Timestamp, event: &Event) {
        let mut state = self.state();
        if state.lost.is_none() {
            let written = line(now, event).and_then(|line| state.write(event, line));
            state.lost = written.err();
        }
    }

    /// Whether a line could not be written.
    pub(crate) fn is_cut(&self) -> bool {
        self.state().lost.is_some()
    }

    /// Why the file is not complete, where it is not.
    pub(crate) fn lost(&self) -> Option<Failure> {
        let error = self.state().lost.take()?;
        Some(Failure::File {
            message: format!("cannot write all events to {}", self.path),
            help: Some("the run went on; the file is not complete, and its last line may be cut: do not use it as the record of this run".to_owned()),
            source: Some(Box::new(error)),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, event: &Event, mut line: Vec<u8>) -> io::Result<()> {
        if let Some(mut early) = self.early.take() {
            early.append(&mut line);
            if !matches!(event, Event::RunStarted { .. }) {
                self.early = Some(early);
                return Ok(());
            }
            line = early;
            // Pipes and devices have nothing to empty.
            if self.file.metadata()?.is_file() {
                self.file.set_len(0)?;
            }
        }
        whole_file::write_patiently(&mut self.file, &line)
    }
}

fn line(now: Timestamp, event: &Event) -> io::Result<Vec<u8>> {
    let text = EventLine::of(now, event).text().map_err(io::Error::other)?;
    let text = redact_json(&text, redactor()).map_err(io::Error::other)?;
    Ok(format!("{text}\n").into_bytes())
}
