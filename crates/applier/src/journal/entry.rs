//! Journal file format: one JSON object a line.

use super::intent::{Conclusion, IntentId, InviteIntent, MintIntent, RaiseIntent};
use jiff::Timestamp;
use model::{Address, TokenId};
use serde::{Deserialize, Serialize};

/// Version of the format. A change that older programs would misread gets the
/// next number.
pub(super) const FORMAT: u32 = 5;

/// One line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// When it was written.
    pub(super) time: Timestamp,
    /// The run that wrote it.
    pub(super) run: String,
    /// What happened.
    #[serde(flatten)]
    pub(super) event: Event,
}

/// The event that a line records.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "camelCase")]
pub(super) enum Event {
    /// A run begins to write.
    Began {
        /// The form of its lines.
        format: u32,
        /// The version of the program.
        version: String,
    },
    /// A saved plan is about to be applied; it cannot be used again.
    UsedPlan {
        /// The plan's id.
        plan: String,
    },
    /// An operation is about to begin.
    Intended {
        /// Identifies it for its conclusion.
        id: IntentId,
        /// The step that it is for.
        address: Address,
        /// What it is.
        #[serde(flatten)]
        operation: Operation,
    },
    /// An operation has ended.
    Concluded {
        /// Which one.
        id: IntentId,
        /// How it ended.
        #[serde(flatten)]
        conclusion: Conclusion,
        /// The token that was created; none in journals of earlier versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<TokenId>,
    },
}

/// The operation that an intent is about.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(super) enum Operation {
    /// A token is minted and its secret delivered.
    Mint {
        /// The tenant; none in lines of format 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tenant: Option<String>,
        /// The token.
        #[serde(flatten)]
        intent: MintIntent,
    },
    /// The delete threshold of a source is raised for one import.
    RaiseThreshold {
        /// The tenant.
        tenant: String,
        /// The threshold.
        #[serde(flatten)]
        intent: RaiseIntent,
    },
    /// Identities are invited to register.
    InviteIdentities {
        /// The tenant.
        tenant: String,
        /// Who.
        #[serde(flatten)]
        intent: InviteIntent,
    },
    /// Kinds that earlier versions wrote and no version reads. They stay valid,
    /// so that a journal of an earlier version can be read.
    #[serde(
        rename = "createSource",
        alias = "import",
        alias = "createProfile",
        alias = "invite",
        alias = "revoke",
        skip_serializing
    )]
    Skipped,
}

impl Entry {
    /// The line with its line break.
    pub(super) fn line(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}
