//! Observed identity profile.

use crate::{
    AccountAttribute, Fingerprint, IdentityAttribute, IdentityId, ProfileId, SourceId, SourceName,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// An identity profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveProfile {
    /// Its id.
    pub id: ProfileId,
    /// Its name.
    pub name: String,
    /// The identity that owns it.
    pub owner: Option<IdentityId>,
    /// The source whose accounts become identities.
    pub authoritative_source: SourceId,
    /// Whether its mappings are enabled.
    pub enabled: bool,
    /// All its mappings, including those that ISC adds.
    pub mappings: BTreeMap<IdentityAttribute, LiveMapping>,
    /// Whether identity processing ("Apply Changes") is due.
    pub refresh_required: bool,
    /// How many identities belong to it; none where ISC does not say.
    pub identity_count: Option<u64>,
}

/// The name of an identity profile, which is unique in a tenant, and the source that
/// holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileHolder {
    /// The profile's name.
    pub name: String,
    /// The source whose accounts become identities by it.
    pub source: SourceId,
    /// That source's name, where the tenant gives it.
    pub source_name: Option<SourceName>,
}

impl LiveProfile {
    /// The digest of what steersman can change.
    pub fn fingerprint(&self) -> Fingerprint {
        let Self {
            id: _,
            name,
            owner,
            authoritative_source: _,
            enabled,
            mappings,
            // ISC sets it by itself.
            refresh_required: _,
            identity_count: _,
        } = self;
        Fingerprint::of(&(name, owner, enabled, mappings))
    }

    /// The digest of what identity processing applies.
    pub fn mappings_fingerprint(&self) -> Fingerprint {
        let Self {
            id: _,
            // They change no identity.
            name: _,
            owner: _,
            authoritative_source: _,
            enabled,
            mappings,
            refresh_required: _,
            identity_count: _,
        } = self;
        Fingerprint::of(&(enabled, mappings))
    }
}

/// What feeds one identity attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LiveMapping {
    /// An attribute of an account on a source.
    Account {
        /// The source.
        source: SourceId,
        /// The attribute.
        attribute: AccountAttribute,
    },
    /// Anything else (a transform); the text is its type.
    Other(String),
}
