//! What a run is about to do that must not be done twice, and what came of it,
//! on disk before and after.
//!
//! A run that is killed leaves intents without a conclusion; the next run reads
//! them and looks what became of them. The file holds one JSON object a line
//! and never a secret.

mod entry;
mod error;
mod history;
mod intent;
mod log;

pub use error::JournalError;
pub use intent::{Conclusion, Intent, IntentId, Unfinished};

use camino::Utf8Path;
use history::History;
use jiff::Timestamp;
use log::Log;
use model::Address;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A journal, open for one run at a time.
#[derive(Debug)]
pub struct Journal(Option<Mutex<Log>>);

impl Journal {
    /// A journal that keeps nothing, for tenants that nobody will miss. After a
    /// crash nothing tells what was begun.
    pub fn disabled() -> Self {
        Self(None)
    }

    /// Opens the journal at this path, or begins one there. The file gets the
    /// mode 0600, folders that are missing above it 0700.
    ///
    /// A last line without its end is what a crash leaves behind. It counts if
    /// it is whole but for its line break; else it is cut off, because nothing
    /// is begun before its intent is on the disk in full.
    ///
    /// # Errors
    /// When another run has it open, when it cannot be read or written, or when
    /// it is damaged anywhere else.
    pub fn open(path: &Utf8Path) -> Result<Self, JournalError> {
        Ok(Self(Some(Mutex::new(Log::open(path)?))))
    }

    /// What earlier runs have left open, for those who only look: nothing is
    /// locked, made or mended. A journal that is not there has nothing open.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub fn peek(path: &Utf8Path) -> Result<Vec<Unfinished>, JournalError> {
        match fs_err::read(path) {
            Ok(text) => Ok(History::read(path, &text)?.unfinished),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(source) => Err(JournalError::Open {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Writes down what is about to be done. It is on the disk when this
    /// returns: only then may it be begun.
    ///
    /// # Errors
    /// When it could not be written; then nothing may be begun.
    pub fn intend(&self, address: &Address, what: Intent) -> Result<IntentId, JournalError> {
        match self.log() {
            Some(mut log) => log.intend(address, what),
            None => Ok(IntentId::nowhere()),
        }
    }

    /// Writes down what became of an intent, of this run or an earlier one.
    ///
    /// # Errors
    /// When it could not be written. The next run will then ask again what
    /// became of it.
    pub fn conclude(&self, id: IntentId, result: &Conclusion) -> Result<(), JournalError> {
        match self.log() {
            Some(mut log) => log.conclude(id, result),
            None => Ok(()),
        }
    }

    /// The intents of earlier runs without a conclusion, the oldest first.
    pub fn unfinished(&self) -> Vec<Unfinished> {
        self.log()
            .map(|log| log.unfinished().to_vec())
            .unwrap_or_default()
    }

    /// When the saved plan of this id was carried out, by this run or an
    /// earlier one with this journal; none if it was not.
    pub fn plan_used_at(&self, plan: &str) -> Option<Timestamp> {
        self.log()?.plan_used_at(plan)
    }

    /// Writes down that the saved plan of this id is used. It is on the disk
    /// when this returns: only then may the plan be carried out.
    ///
    /// # Errors
    /// When it could not be written; then nothing may be begun.
    pub fn use_plan(&self, plan: &str) -> Result<(), JournalError> {
        match self.log() {
            Some(mut log) => log.use_plan(plan),
            None => Ok(()),
        }
    }

    fn log(&self) -> Option<MutexGuard<'_, Log>> {
        // What a panic could leave half-done is seen by the log itself.
        self.0
            .as_ref()
            .map(|log| log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests;
