//! The lines of a journal.

use super::intent::{Conclusion, Intent, IntentId};
use jiff::Timestamp;
use model::Address;
use serde::{Deserialize, Serialize};

/// The number of this form of the lines. A form that older programs would
/// misread gets the next one.
pub(super) const FORMAT: u32 = 1;

/// One line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// When it was written.
    pub(super) time: Timestamp,
    /// The run that wrote it.
    pub(super) run: String,
    /// What it tells.
    #[serde(flatten)]
    pub(super) event: Event,
}

/// What a line tells.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "camelCase")]
pub(super) enum Event {
    /// A run writes from here on.
    Began {
        /// The form of its lines.
        format: u32,
        /// The version of the program.
        version: String,
    },
    /// A saved plan is about to be carried out, and is used up by that.
    UsedPlan {
        /// The plan's id.
        plan: String,
    },
    /// Something is about to be done.
    Intended {
        /// By which its conclusion names it.
        id: IntentId,
        /// The step that it is for.
        address: Address,
        /// What it is.
        #[serde(flatten)]
        intent: Intent,
    },
    /// Something was done or not.
    Concluded {
        /// What.
        id: IntentId,
        /// How it ended.
        #[serde(flatten)]
        conclusion: Conclusion,
    },
}

impl Entry {
    /// The line with its end.
    pub(super) fn line(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}
