//! The agreement in a record: for each object, digests of when files and tenant last agreed.

use super::report::Cause;
use crate::apply_report::{Commit, RunBy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a run knows of the runs before: when files and tenant last agreed about each
/// object, and the drifts that were there. It holds digests, no values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// When the tenant was read for it, by its clock, in RFC 3339.
    pub observed_at: String,
    /// Who read the tenant.
    pub who: RunBy,
    /// The Git commit of the spec.
    pub commit: Commit,
    /// A digest of the desired state.
    pub spec_digest: String,
    /// The objects by address. One that is not here was declared, or appeared, later.
    pub objects: BTreeMap<String, KnownObject>,
    /// The drifts by id.
    pub drifts: BTreeMap<String, KnownDrift>,
}

/// What is known of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum KnownObject {
    /// Files and tenant agreed.
    Agreed {
        /// When they last did, by the tenant's clock, in RFC 3339.
        at: String,
        /// For each declared field, 16 hexadecimal digits: the digest of the declared
        /// value, and after a space that of the observed one where it is written
        /// otherwise; `DIGEST ?` where the observed value was not read.
        fields: BTreeMap<String, String>,
    },
    /// They have differed since the first record.
    NeverAgreed {
        /// When that was, in RFC 3339.
        since: String,
    },
    /// No file declared it, and the tenant had it.
    Unmanaged {
        /// When that was first seen, in RFC 3339.
        since: String,
    },
}

impl KnownObject {
    /// Whether files and tenant agreed about it.
    pub fn has_agreed(&self) -> bool {
        match self {
            Self::Agreed { .. } => true,
            Self::NeverAgreed { .. } | Self::Unmanaged { .. } => false,
        }
    }
}

/// A drift that was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KnownDrift {
    /// The object.
    pub address: String,
    /// The field; null for the object as a whole.
    pub field: Option<String>,
    /// Which side moved.
    pub cause: Cause,
    /// When a run first saw it, in RFC 3339.
    pub since: String,
}

/// The digests of a field when files and tenant agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldDigests<'a> {
    pub(super) declared: &'a str,
    /// None where it was not read.
    pub(super) live: Option<&'a str>,
}

impl<'a> FieldDigests<'a> {
    /// The digests of an entry of [`KnownObject::Agreed`].
    pub(super) fn of(entry: &'a str) -> Self {
        match entry.split_once(' ') {
            None => Self {
                declared: entry,
                live: Some(entry),
            },
            Some((declared, "?")) => Self {
                declared,
                live: None,
            },
            Some((declared, live)) => Self {
                declared,
                live: Some(live),
            },
        }
    }

    /// The entry.
    pub(super) fn entry(declared: &Value, live: Option<&Value>) -> String {
        let declared = digest(declared);
        match live.map(digest) {
            None => format!("{declared} ?"),
            Some(live) if live == declared => declared,
            Some(live) => format!("{declared} {live}"),
        }
    }
}

/// The first digits of the digest of a value.
pub(super) fn digest(value: &Value) -> String {
    const DIGITS: usize = 16;
    let digest = model::Digest::of(value);
    digest.as_str().chars().take(DIGITS).collect()
}
