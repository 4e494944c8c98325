//! Journal reader: unfinished mints and used plans of earlier runs.

use super::entry::{Entry, Event, FORMAT, Operation};
use super::error::JournalError;
use super::intent::Unfinished;
use camino::Utf8Path;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The content of a journal.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Intents without a conclusion, the oldest first.
    pub(super) unfinished: Vec<Unfinished>,
    /// When each saved plan was applied, by its id.
    pub(super) used_plans: BTreeMap<String, Timestamp>,
    /// How long the text is up to the end of the last whole line, in bytes.
    pub(super) whole: usize,
    /// Whether the last whole line lacks nothing but its line break.
    pub(super) unended: bool,
}

impl History {
    /// Reads a journal's text. The path is for errors.
    pub(super) fn read(path: &Utf8Path, text: &[u8]) -> Result<Self, JournalError> {
        let mut history = Self::default();
        for (index, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let number = index + 1;
            let ended = line.ends_with(b"\n");
            if !line.trim_ascii().is_empty() {
                match serde_json::from_slice(line) {
                    Ok(entry) => history.add(path, number, entry)?,
                    Err(_) if !ended => {
                        tracing::warn!(
                            %path,
                            line = number,
                            "the journal ends in an incomplete line, as after a crash; the operation of that line had not begun"
                        );
                        break;
                    }
                    Err(source) => {
                        return Err(JournalError::Damaged {
                            path: path.to_owned(),
                            line: number,
                            source,
                        });
                    }
                }
            }
            history.whole += line.len();
            history.unended = !ended;
        }
        Ok(history)
    }

    fn add(&mut self, path: &Utf8Path, line: usize, entry: Entry) -> Result<(), JournalError> {
        let Entry {
            time,
            run: _,
            event,
        } = entry;
        match event {
            Event::Began { format, version: _ } if format > FORMAT => {
                return Err(JournalError::Newer {
                    path: path.to_owned(),
                    line,
                    format,
                });
            }
            Event::Began { .. }
            | Event::Intended {
                operation: Operation::Skipped,
                ..
            } => {}
            Event::UsedPlan { plan } => {
                self.used_plans.entry(plan).or_insert(time);
            }
            Event::Intended {
                id,
                address,
                operation: Operation::Mint(intent),
            } => self.unfinished.push(Unfinished {
                id,
                time,
                address,
                intent,
            }),
            Event::Concluded { id, conclusion: _ } => {
                self.unfinished.retain(|unfinished| unfinished.id != id);
            }
        }
        Ok(())
    }
}
