//! Declares the identity profile of a source, part by part.

use crate::owner::named;
use crate::redact::may_be_secret;
use crate::source_part::SourcePart;
use model::{Live, LiveMapping, LiveProfile, LiveSource, ProfileSpec};
use std::collections::BTreeMap;

/// Adds the parts that can be declared, and notes on the others.
pub(crate) fn parts(
    parts: &mut Vec<SourcePart>,
    live: &Live,
    source: &LiveSource,
    profile: &LiveProfile,
    notes: &mut Vec<String>,
) {
    if !profile.enabled {
        notes.push(format!(
            "Not declared: identity profile {}: its mappings are disabled, and declaring it would enable them.",
            profile.name
        ));
        return;
    }
    parts.push(SourcePart::Profile(ProfileSpec {
        name: profile.name.clone(),
        owner: None,
        mappings: BTreeMap::new(),
        invite: false,
    }));
    if profile.owner != source.owner {
        match profile.owner.as_ref().and_then(|owner| named(live, owner)) {
            Some(owner) => parts.push(SourcePart::ProfileOwner(owner)),
            None => notes.push(
                "Not declared: owner of the identity profile: a file cannot name this identity."
                    .to_owned(),
            ),
        }
    }
    let mut others = Vec::new();
    for (target, mapping) in &profile.mappings {
        match mapping {
            // The offline checks look for secrets in values, and this is a key.
            _ if may_be_secret(target.as_str()) => others.push(target.to_string()),
            LiveMapping::Account {
                source: id,
                attribute,
            } if id == &source.id => {
                parts.push(SourcePart::Mapping(target.clone(), attribute.clone()));
            }
            LiveMapping::Account { attribute, .. } => {
                others.push(format!("{target} (from {attribute} of another source)"));
            }
            LiveMapping::Other(kind) => others.push(format!("{target} (by {kind})")),
        }
    }
    if !others.is_empty() {
        notes.push(format!(
            "Not declared: mappings that a file cannot express: {}. They stay unchanged.",
            others.join(", ")
        ));
    }
    notes.push(
        "Not declared: `invite: true`: it would make the next apply invite every account that is not registered."
            .to_owned(),
    );
}
