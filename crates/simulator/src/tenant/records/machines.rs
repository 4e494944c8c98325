//! Machine identities, and what is known of accounts that are machines'.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A machine identity: what a service is registered as. It has owners, and no tokens or levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MachineIdentity {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) native_identity: String,
    pub(crate) description: Option<String>,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) subtype: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) uuid: Option<String>,
    pub(crate) source: Option<String>,
    /// The identity that owns it first of all.
    pub(crate) primary_owner: Option<String>,
    pub(crate) secondary_owners: Vec<String>,
    pub(crate) manually_edited: bool,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
}

/// What an account that is a machine's has beside what every account has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MachineAccount {
    pub(crate) description: Option<String>,
    pub(crate) machine_identity: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) subtype: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) manually_edited: bool,
}
