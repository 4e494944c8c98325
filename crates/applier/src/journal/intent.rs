//! Journal entries as Rust types: the intent to mint a token, and its conclusion.

use jiff::{SignedDuration, Timestamp};
use model::{
    Address, Digest, IdentityId, Invited, LiveToken, SourceId, SourceName, StoreKey, StoreName,
    TokenName,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A token is about to be minted and its secret delivered.
///
/// Minting is the one operation whose interruption loses something that cannot
/// be read back: the secret. [`crate::lost_tokens`] reads these intents to find
/// tokens whose secret is lost. Whatever else a killed run may have done shows
/// in the tenant, so the next plan sees it without a journal, but for a raised delete
/// threshold ([`RaiseIntent`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MintIntent {
    /// The identity that will own the token.
    pub owner: IdentityId,
    /// The token's name.
    pub token: TokenName,
    /// Where its secret goes.
    #[serde(with = "Place")]
    pub deliver: StoreKey,
    /// The digest of where that leads, whatever the files call the store; none in journals
    /// of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Digest>,
    /// A time before the mint, by the tenant's clock; none in lines of format 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The digest of what was declared; none in journals of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Digest>,
}

/// Where a secret was delivered to, for comparing it between tenants: files of two tenants
/// can have two names for one target, or one name for two.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The digest of where a store and a key lead.
    Place(Digest),
    /// The names, in journals of earlier versions.
    Named(StoreKey),
}

impl MintIntent {
    /// Where its secret goes.
    pub(crate) fn target(&self) -> Target {
        match &self.target {
            Some(place) => Target::Place(place.clone()),
            None => Target::Named(self.deliver.clone()),
        }
    }

    /// Whether the other intent is for the same token of the same owner, wherever
    /// its secret goes.
    pub(crate) fn is_for_token_of(&self, other: &Self) -> bool {
        let Self {
            owner,
            token,
            deliver: _,
            target: _,
            since: _,
            declared: _,
        } = self;
        (owner, token) == (&other.owner, &other.token)
    }

    /// Whether a token can be the one that was minted: one that existed before is
    /// another's.
    pub(crate) fn may_have_minted(&self, token: &LiveToken) -> bool {
        /// How far the clocks of a tenant can be apart.
        const CLOCKS: SignedDuration = SignedDuration::from_mins(1);
        let Self {
            owner,
            token: name,
            deliver: _,
            target: _,
            since,
            declared: _,
        } = self;
        (owner, name) == (&token.owner, &token.name)
            && since.is_some_and(|since| token.created.duration_since(since) > -CLOCKS)
    }
}

/// The delete threshold of a source is about to be raised for one import. A run that
/// is interrupted leaves it raised, so the next run sets it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RaiseIntent {
    /// The source.
    pub source: SourceId,
    /// Its name.
    pub name: SourceName,
    /// The threshold during the import, in percent.
    pub to: u8,
    /// The threshold before and after it, in percent.
    pub back: u8,
}

/// A raised threshold that was not set back, as far as the journal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftRaised {
    /// Identifies it for its conclusion.
    pub id: IntentId,
    /// The threshold.
    pub intent: RaiseIntent,
}

/// Identities are about to be invited, with one request. A run that is interrupted may
/// have invited them, so the next run waits for the invitations that ISC is sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InviteIntent {
    /// The identities.
    pub identities: BTreeSet<IdentityId>,
    /// When the tenant was read for the plan, by its clock; none in journals of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// Invitations that may have been sent, as far as the journal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftInvited {
    /// Identifies them for their conclusion.
    pub id: IntentId,
    /// When the intent was written, by the clock of the machine that ran it.
    pub time: Timestamp,
    /// Who.
    pub intent: InviteIntent,
}

impl LeftInvited {
    /// Counts the invitations among those that were sent.
    pub(super) fn was_sent(&self, sent: &mut BTreeMap<IdentityId, Invited>) {
        let InviteIntent { identities, since } = &self.intent;
        let time = since.unwrap_or(self.time);
        for identity in identities {
            let sent = sent.entry(identity.clone()).or_insert(Invited {
                last: time,
                times: 0,
            });
            sent.last = sent.last.max(time);
            sent.times = sent.times.saturating_add(1);
        }
    }
}

/// The JSON form of a place in a store.
#[derive(Serialize, Deserialize)]
#[serde(remote = "StoreKey")]
struct Place {
    store: StoreName,
    key: String,
}

/// How an intent ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", content = "error", rename_all = "camelCase")]
pub enum Conclusion {
    /// The token was minted and its secret delivered.
    Done,
    /// It was not minted, or was revoked; why, without secrets.
    Failed(String),
    /// A later run reached what was declared, however this attempt ended.
    Superseded,
}

/// Identifies an intent: its run, and its number there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(String);

impl IntentId {
    pub(super) fn new(run: &str, number: u64) -> Self {
        Self(format!("{run}#{number}"))
    }

    /// The id of an intent that a disabled journal did not write.
    pub(super) fn unwritten() -> Self {
        Self(String::new())
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An intent without a conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Identifies it for its conclusion.
    pub id: IntentId,
    /// When it was written, by the clock of the machine that ran it.
    pub time: Timestamp,
    /// The step that it was for.
    pub address: Address,
    /// The mint that was about to begin.
    pub intent: MintIntent,
}
