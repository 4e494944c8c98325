//! Observed identity profile.

use crate::{
    AccountAttribute, Fingerprint, IdentityAttribute, IdentityId, IdentityNames, ProfileId,
    SourceId, SourceName,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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

/// An identity profile among all of a tenant: its name, which is unique, the source that
/// holds it, and what its mappings read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileHolder {
    /// The profile's name.
    pub name: String,
    /// The source whose accounts become identities by it; none where the tenant does not say.
    pub source: Option<SourceId>,
    /// That source's name, where the tenant gives it.
    pub source_name: Option<SourceName>,
    /// The account attributes that its mappings read, in transforms too. What a transform
    /// reads that a mapping only refers to is not known.
    pub reads: BTreeSet<MappingRead>,
}

/// An account attribute that the mapping of an identity attribute reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MappingRead {
    /// The identity attribute that is mapped.
    pub target: IdentityAttribute,
    /// The source that has the account, by each id and name that the mapping gives; none
    /// where it gives none.
    pub sources: BTreeSet<String>,
    /// What it reads of the account.
    pub what: AttributeRead,
}

/// What a mapping reads of an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AttributeRead {
    /// This attribute.
    Attribute(AccountAttribute),
    /// The attributes that this filter of accounts names.
    Filter(String),
}

impl MappingRead {
    /// Whether it reads this attribute of accounts of this source. Where it is not sure, it
    /// does: ISC can ignore the case of names, and add to the name of a source.
    pub fn reads(&self, id: &SourceId, name: &SourceName, attribute: &AccountAttribute) -> bool {
        let Self {
            target: _,
            sources,
            what,
        } = self;
        let wanted = IdentityNames::folded(name.as_str());
        let is_source = |given: &String| {
            let given_name = IdentityNames::folded(given);
            // ISC can call the source "HR [source-7]".
            let is_longer = || {
                let rest = given_name.strip_prefix(&wanted);
                rest.is_some_and(|rest| rest.starts_with(" [source"))
            };
            given == id.as_str() || given_name == wanted || is_longer()
        };
        if !sources.is_empty() && !sources.iter().any(is_source) {
            return false;
        }
        match what {
            AttributeRead::Attribute(read) => {
                IdentityNames::is_same(read.as_str(), attribute.as_str())
            }
            AttributeRead::Filter(filter) => has_word(filter, attribute.as_str()),
        }
    }
}

/// Whether a text has a word that is not part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (IdentityNames::folded(text), IdentityNames::folded(word));
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    text.match_indices(&word).any(|(start, found)| {
        let (before, after) = (text.get(..start), text.get(start + found.len()..));
        let before = before.and_then(|before| before.chars().next_back());
        let after = after.and_then(|after| after.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_read_under_each_name_of_its_source() {
        let attribute = |name: &str| AttributeRead::Attribute(name.into());
        let filter = |text: &str| AttributeRead::Filter(text.to_owned());
        for (sources, what, reads) in [
            (&["s1"][..], attribute("team"), true),
            (&["Service Accounts"], attribute("team"), true),
            (&["service accounts [source-7]"], attribute("Team"), true),
            // Its id is of an earlier source of the name.
            (&["s0", "Service Accounts"], attribute("team"), true),
            // It says none.
            (&[], attribute("team"), true),
            (&["s2", "Bots"], attribute("team"), false),
            (&["Service Accounts 2"], attribute("team"), false),
            (&["s1"], attribute("teams"), false),
            (&["s1"], filter("(team == \"iam\")"), true),
            (
                &["s1"],
                filter("(teams == \"iam\" && my_team.isNull())"),
                false,
            ),
            (&["s2"], filter("(team == \"iam\")"), false),
        ] {
            let read = MappingRead {
                target: "department".into(),
                sources: sources.iter().map(|&given| given.to_owned()).collect(),
                what: what.clone(),
            };
            assert_eq!(
                read.reads(&"s1".into(), &"Service Accounts".into(), &"team".into()),
                reads,
                "{sources:?} {what:?}"
            );
        }
    }
}
