//! What is declared of the source itself.

use super::bench::Bench;
use super::comment::may_be_secret;
use super::error::{AdoptError, Reason};
use model::{
    AttributeSpec, IdentityId, Live, LiveMapping, LiveProfile, LiveSchema, LiveSource,
    ManagedSource, OwnerRef, Percent, ProfileSpec, SourceSpec, UnmanagedAccounts,
};
use std::collections::BTreeMap;

/// A declared source, and what is to be said about it.
pub(super) struct ChosenSource {
    pub(super) spec: SourceSpec,
    pub(super) notes: Vec<String>,
}

/// Declares the source as managed where that changes nothing, else as one whose
/// accounts are made elsewhere.
pub(super) fn choose(
    bench: &Bench<'_>,
    live: &Live,
    source: &LiveSource,
) -> Result<ChosenSource, AdoptError> {
    let mut notes = Vec::new();
    let spec = match managed(bench, live, source, &mut notes)? {
        Some(managed) => SourceSpec::Managed(managed),
        None => SourceSpec::Unmanaged,
    };
    bench
        .try_source(&spec)
        .map_err(|reason| AdoptError::Undeclarable {
            source_name: source.name.clone(),
            why: reason.text,
        })?;
    Ok(ChosenSource { spec, notes })
}

fn managed(
    bench: &Bench<'_>,
    live: &Live,
    source: &LiveSource,
    notes: &mut Vec<String>,
) -> Result<Option<ManagedSource>, AdoptError> {
    if source.kind != LiveSource::DELIMITED_FILE {
        notes.push(format!(
            "A source of type {}: its accounts are made elsewhere. steersman leaves them alone, and keeps user levels and tokens.",
            source.kind
        ));
        return Ok(None);
    }
    let attributes = match source.schema.found().as_ref().map(attributes) {
        Some(Ok(attributes)) => attributes,
        Some(Err(reasons)) => {
            not_managed(notes, &reasons.join("; "));
            return Ok(None);
        }
        None => {
            not_managed(notes, "it has no account schema");
            return Ok(None);
        }
    };
    let owner = source
        .owner
        .as_ref()
        .and_then(|owner| named(live, owner))
        .ok_or_else(|| AdoptError::NoOwner(source.name.clone()))?;
    let bare = ManagedSource {
        owner,
        description: None,
        delete_threshold: None,
        attributes: attributes
            .iter()
            .map(|attribute| AttributeSpec {
                name: attribute.name.clone(),
                description: None,
            })
            .collect(),
        unmanaged: UnmanagedAccounts::Keep,
        identity_profile: None,
    };
    if let Err(reason) = bench.try_source(&SourceSpec::Managed(bare.clone())) {
        not_managed(notes, &reason.text);
        return Ok(None);
    }
    let mut parts = Vec::new();
    if let Some(description) = &source.description {
        parts.push(Part::Description(description.clone()));
    }
    parts.extend(threshold(source, notes).map(Part::DeleteThreshold));
    parts.extend(
        attributes
            .into_iter()
            .filter(|attribute| attribute.description.is_some())
            .map(Part::AttributeDescription),
    );
    if let Some(profile) = source.profile.found() {
        profile_parts(&mut parts, live, source, profile, notes);
    }
    Ok(Some(with_parts(bench, bare, &parts, notes)))
}

fn not_managed(notes: &mut Vec<String>, why: &str) {
    notes.push(format!(
        "Not managed, because managing it would change it: {why}. To have steersman manage it all the same, remove `managed: false`, declare an owner and its accounts with id, name, email and purpose, and look at the plan."
    ));
}

/// A part that can be left out.
enum Part {
    Description(String),
    DeleteThreshold(Percent),
    AttributeDescription(AttributeSpec),
    Profile(ProfileSpec),
    ProfileOwner(OwnerRef),
    Mapping(model::IdentityAttribute, model::AccountAttribute),
}

impl Part {
    fn add(&self, source: &mut ManagedSource) {
        match self {
            Self::Description(text) => source.description = Some(text.clone()),
            Self::DeleteThreshold(percent) => source.delete_threshold = Some(*percent),
            Self::AttributeDescription(described) => {
                for attribute in &mut source.attributes {
                    if attribute.name == described.name {
                        attribute.description.clone_from(&described.description);
                    }
                }
            }
            Self::Profile(profile) => source.identity_profile = Some(profile.clone()),
            Self::ProfileOwner(owner) => {
                if let Some(profile) = &mut source.identity_profile {
                    profile.owner = Some(owner.clone());
                }
            }
            Self::Mapping(target, attribute) => {
                if let Some(profile) = &mut source.identity_profile {
                    profile.mappings.insert(target.clone(), attribute.clone());
                }
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Description(_) => "description".to_owned(),
            Self::DeleteThreshold(_) => "deleteThreshold".to_owned(),
            Self::AttributeDescription(attribute) => {
                format!("description of the attribute {}", attribute.name)
            }
            Self::Profile(_) => "identityProfile".to_owned(),
            Self::ProfileOwner(_) => "owner of the identity profile".to_owned(),
            Self::Mapping(target, _) => format!("mapping of {target}"),
        }
    }
}

/// The source with all parts that can be declared.
fn with_parts(
    bench: &Bench<'_>,
    bare: ManagedSource,
    parts: &[Part],
    notes: &mut Vec<String>,
) -> ManagedSource {
    let mut whole = bare.clone();
    for part in parts {
        part.add(&mut whole);
    }
    if bench
        .try_source(&SourceSpec::Managed(whole.clone()))
        .is_ok()
    {
        return whole;
    }
    let mut declared = bare;
    for part in parts {
        let mut with_part = declared.clone();
        part.add(&mut with_part);
        match bench.try_source(&SourceSpec::Managed(with_part.clone())) {
            Ok(()) => declared = with_part,
            Err(Reason { text, secret: true }) => {
                notes.push(format!("A part of the source is not declared: {text}."));
            }
            Err(Reason { text, .. }) => {
                notes.push(format!("Not declared: {}: {text}.", part.name()));
            }
        }
    }
    declared
}

/// The attributes beyond the guide's four, or how the schema differs from one
/// that can be declared.
fn attributes(schema: &LiveSchema) -> Result<Vec<AttributeSpec>, Vec<String>> {
    let mut reasons = Vec::new();
    let is = |attribute: &Option<model::AccountAttribute>, name: &str| {
        attribute.as_ref().map(AsRef::as_ref) == Some(name)
    };
    if !is(&schema.identity_attribute, "id") {
        reasons.push("accounts are not identified by the attribute `id`".to_owned());
    }
    if !is(&schema.display_attribute, "name") {
        reasons.push("accounts are not named by the attribute `name`".to_owned());
    }
    let guide = ManagedSource::GUIDE_ATTRIBUTES.map(|(name, _)| name);
    let missing: Vec<&str> = guide
        .into_iter()
        .filter(|name| {
            !schema
                .attributes
                .iter()
                .any(|attribute| attribute.name.as_str() == *name)
        })
        .collect();
    if !missing.is_empty() {
        reasons.push(format!(
            "its account schema lacks the attributes {}",
            missing.join(", ")
        ));
    }
    let odd: Vec<&str> = schema
        .attributes
        .iter()
        .filter(|attribute| attribute.multi || !attribute.kind.eq_ignore_ascii_case("STRING"))
        .map(|attribute| attribute.name.as_str())
        .collect();
    if !odd.is_empty() {
        reasons.push(format!(
            "attributes of its account schema are no single strings: {}",
            odd.join(", ")
        ));
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    Ok(schema
        .attributes
        .iter()
        .filter(|attribute| !guide.contains(&attribute.name.as_str()))
        .map(|attribute| AttributeSpec {
            name: attribute.name.clone(),
            description: attribute.description.clone(),
        })
        .collect())
}

/// The threshold, where the two places that say it agree.
fn threshold(source: &LiveSource, notes: &mut Vec<String>) -> Option<Percent> {
    let both = [source.delete_threshold, source.connector_delete_threshold];
    let mut said = both.into_iter().flatten();
    let first = said.next()?;
    if let Some(other) = said.find(|other| *other != first) {
        notes.push(format!(
            "Not declared: deleteThreshold: ISC says {first} % in one place and {other} % in another."
        ));
        return None;
    }
    let percent = Percent::try_from(first).ok();
    if percent.is_none() {
        notes.push(format!(
            "Not declared: deleteThreshold: {first} is no percentage."
        ));
    }
    percent
}

fn profile_parts(
    parts: &mut Vec<Part>,
    live: &Live,
    source: &LiveSource,
    profile: &LiveProfile,
    notes: &mut Vec<String>,
) {
    if !profile.enabled {
        notes.push(format!(
            "Not declared: the identity profile {}: its mappings are switched off, and declaring it would switch them on.",
            profile.name
        ));
        return;
    }
    parts.push(Part::Profile(ProfileSpec {
        name: profile.name.clone(),
        owner: None,
        mappings: BTreeMap::new(),
        invite: false,
    }));
    if profile.owner != source.owner {
        match profile.owner.as_ref().and_then(|owner| named(live, owner)) {
            Some(owner) => parts.push(Part::ProfileOwner(owner)),
            None => notes.push(
                "Not declared: the owner of the identity profile, who cannot be named.".to_owned(),
            ),
        }
    }
    let mut others = Vec::new();
    for (target, mapping) in &profile.mappings {
        match mapping {
            // The checks of a spec look at values, and this is a key.
            _ if may_be_secret(target.as_str()) => others.push(target.to_string()),
            LiveMapping::Account {
                source: id,
                attribute,
            } if id == &source.id => {
                parts.push(Part::Mapping(target.clone(), attribute.clone()));
            }
            LiveMapping::Account { attribute, .. } => {
                others.push(format!("{target} (from {attribute} of another source)"));
            }
            LiveMapping::Other(kind) => others.push(format!("{target} (by {kind})")),
        }
    }
    if !others.is_empty() {
        notes.push(format!(
            "Mappings that a file cannot say, and that stay as they are: {}.",
            others.join(", ")
        ));
    }
    notes.push(
        "With `invite: true` in the identity profile every apply would invite who is not registered."
            .to_owned(),
    );
    if profile.refresh_required {
        notes.push(
            "\"Apply Changes\" is due on the identity profile: the first plan has it, and nothing else."
                .to_owned(),
        );
    }
}

/// An identity as a spec names it: by its alias where that finds it.
fn named(live: &Live, identity: &IdentityId) -> Option<OwnerRef> {
    live.owners
        .iter()
        .find(|(_, found)| found.complete().ok().and_then(Option::as_ref) == Some(identity))
        .map(|(owner, _)| owner.clone())
}
