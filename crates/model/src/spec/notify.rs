//! Declared receivers of notices: where a run reports drift, failures and expiring tokens.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A receiver of notices. Its address is a secret: who knows it can post there.
#[derive(Clone, Debug)]
pub struct NoticeReceiver {
    /// What it takes.
    pub kind: ReceiverKind,
    /// The address; none where the variable that holds it is not set.
    pub address: Option<SecretString>,
    /// The name of that variable, which tells receivers apart.
    pub variable: String,
    /// The key that signs what a webhook gets.
    pub key: SigningKey,
    /// The events that it hears of.
    pub on: BTreeSet<NoticeEvent>,
    /// Where a file declares it, as `FILE:LINE:COLUMN`.
    pub declared_at: String,
}

/// The key that signs the notices of a webhook.
#[derive(Clone, Debug)]
pub enum SigningKey {
    /// None is declared: notices are not signed.
    None,
    /// One is declared, and its variable is not set.
    Unset {
        /// The variable.
        variable: String,
    },
    /// This one.
    Key(SecretString),
}

/// What a receiver takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReceiverKind {
    /// JSON.
    Webhook,
    /// A message of Slack.
    Slack,
    /// A card of Microsoft Teams.
    Teams,
}

impl ReceiverKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Webhook, Self::Slack, Self::Teams];

    /// The kind as files and arguments have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
        }
    }
}

impl fmt::Display for ReceiverKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NoticeEvent {
    /// The tenant differs from the files.
    Drift,
    /// A run failed.
    Failure,
    /// A token expires soon.
    Expiring,
    /// What was reported before is over.
    Recovery,
    /// A run ended well.
    Heartbeat,
}

impl NoticeEvent {
    /// All events.
    pub const ALL: [Self; 5] = [
        Self::Drift,
        Self::Failure,
        Self::Expiring,
        Self::Recovery,
        Self::Heartbeat,
    ];

    /// The events that a receiver hears of which declares none.
    pub const DEFAULT: [Self; 4] = [Self::Drift, Self::Failure, Self::Expiring, Self::Recovery];

    /// The event as files and documents have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::Failure => "failure",
            Self::Expiring => "expiring",
            Self::Recovery => "recovery",
            Self::Heartbeat => "heartbeat",
        }
    }
}

impl fmt::Display for NoticeEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}
