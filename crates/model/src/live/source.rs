//! Observed source with its schema, accounts and profile.

use crate::{
    AccountAttribute, Aggregations, Collection, FileSettings, Fingerprint, IdentityId, LiveAccount,
    LiveProfile, SchemaId, SourceId, SourceName,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// A source and its collections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSource {
    /// Its id.
    pub id: SourceId,
    /// Its name.
    pub name: SourceName,
    /// Its type as ISC says it: `DelimitedFile` for those that take CSV imports.
    pub kind: String,
    /// The identity that owns it.
    pub owner: Option<IdentityId>,
    /// Its description; none where it is absent or empty.
    pub description: Option<String>,
    /// `deleteThreshold`, in percent; ISC's default is 10.
    pub delete_threshold: Option<i64>,
    /// `connectorAttributes.deleteThresholdPercentage`, which says the same.
    pub connector_delete_threshold: Option<i64>,
    /// How it reads the files of its imports.
    pub file: FileSettings,
    /// Whether ISC says that it has never read an account of it.
    pub never_read: bool,
    /// Its delete threshold before an earlier run raised it for an import and was
    /// interrupted, by that run's journal.
    pub raised_from: Option<u8>,
    /// Its account aggregations, where they were looked up.
    pub aggregations: Aggregations,
    /// Its account schema. Not read for a source that is not managed.
    pub schema: Collection<Option<LiveSchema>>,
    /// Its accounts.
    pub accounts: Collection<Vec<LiveAccount>>,
    /// Its identity profile.
    pub profile: Collection<Option<LiveProfile>>,
}

impl LiveSource {
    /// The type of sources that take CSV imports.
    pub const DELIMITED_FILE: &'static str = "DelimitedFile";

    /// The share of deletions above which ISC does not carry out an import, in
    /// percent: the stricter of the two places, 10 where neither says.
    pub fn effective_delete_threshold(&self) -> i64 {
        [self.delete_threshold, self.connector_delete_threshold]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(10)
    }

    /// The digest of the source's own settings (schema, accounts and profile
    /// have theirs).
    pub fn fingerprint(&self) -> Fingerprint {
        let Self {
            id,
            name,
            kind,
            owner,
            description,
            delete_threshold,
            connector_delete_threshold,
            file,
            // ISC changes them by itself.
            never_read: _,
            raised_from: _,
            aggregations: _,
            schema: _,
            accounts: _,
            profile: _,
        } = self;
        Fingerprint::of(&(
            (id, name, kind, owner),
            (description, delete_threshold, connector_delete_threshold),
            file,
        ))
    }
}

/// An account schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveSchema {
    /// Its id.
    pub id: SchemaId,
    /// The attribute that identifies an account.
    pub identity_attribute: Option<AccountAttribute>,
    /// The attribute that is shown as an account's name.
    pub display_attribute: Option<AccountAttribute>,
    /// Its attributes, in the server's order.
    pub attributes: Vec<LiveAttribute>,
}

impl LiveSchema {
    /// The digest of the whole schema.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// The digest of what decides how ISC reads the rows of an import.
    pub fn import_fingerprint(&self) -> Fingerprint {
        let Self {
            id: _,
            identity_attribute,
            display_attribute,
            attributes,
        } = self;
        let attributes: BTreeSet<_> = attributes
            .iter()
            .map(|attribute| {
                let LiveAttribute {
                    name,
                    kind,
                    description: _,
                    multi,
                } = attribute;
                (name, kind, multi)
            })
            .collect();
        Fingerprint::of(&(identity_attribute, display_attribute, attributes))
    }
}

/// An attribute of an account schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveAttribute {
    /// Its name.
    pub name: AccountAttribute,
    /// Its type as ISC says it, such as `STRING`.
    pub kind: String,
    /// Its description; none where it is absent or empty.
    pub description: Option<String>,
    /// Whether it may have several values.
    pub multi: bool,
}
