//! Lowers sources with their attributes and identity profiles.

use super::context::{Context, Placed, known, place_of};
use crate::code::Code;
use crate::decode::{List, Named, Needed, Text, missing_key};
use crate::finding::Finding;
use crate::raw::{RawAttribute, RawProfile, RawSource, RawUnmanaged};
use crate::span::Span;
use model::{
    Address, AttributeSpec, ManagedSource, OwnerRef, ProfileSpec, SourceName, SourceSpec,
    UnmanagedAccounts, folded,
};
use std::collections::{BTreeMap, HashMap};

pub(super) fn lower(
    sources: Vec<RawSource>,
    context: &mut Context<'_>,
) -> BTreeMap<SourceName, SourceSpec> {
    let mut lowered = BTreeMap::new();
    // ISC takes names that differ only in case for the same.
    let mut names: HashMap<String, (SourceName, Span)> = HashMap::new();
    let mut profiles: HashMap<String, Span> = HashMap::new();
    for source in sources {
        let written = source.name.0.as_ref();
        let (name, is_sound) = match written {
            None => (context.aside.source("", "without a name"), false),
            Some(text) => {
                let key = folded(text.as_str()).into_owned();
                let name = SourceName::new(text.value.clone());
                if let Some((first_name, first)) = names.get(&key) {
                    declared_again(text, *first, context);
                    // The second may have attributes that the first one lacks.
                    context.doubtful_attributes.insert(first_name.clone());
                    (context.aside.source(&text.value, "again"), false)
                } else {
                    names.insert(key, (name.clone(), text.span));
                    (name, true)
                }
            }
        };
        let profile = source.identity_profile.as_ref();
        // A source that is declared again has the same profile.
        let is_named = is_sound || written.is_none();
        if let Some(profile) = profile
            .and_then(|profile| profile.name.0.as_ref())
            .filter(|_| is_named)
        {
            let first = profiles
                .entry(folded(profile.as_str()).into_owned())
                .or_insert(profile.span);
            if *first != profile.span {
                context.findings.push(
                    Finding::new(
                        Code::DuplicateProfile,
                        format!(
                            "identity profile \"{}\" is declared for two sources",
                            profile.value
                        ),
                    )
                    .at(
                        profile.span,
                        format!("\"{}\" declared again here", profile.value),
                    )
                    .at(*first, format!("\"{}\" first declared here", profile.value))
                    .help("give each identity profile its own name"),
                );
            }
        }
        match lower_source(&name, source, context) {
            Lowered::Sound(spec) if is_sound => {
                lowered.insert(name, spec);
            }
            Lowered::Aside(spec) | Lowered::Sound(SourceSpec::Managed(spec)) => {
                context.aside.sources.insert(name, spec);
            }
            Lowered::Sound(SourceSpec::Unmanaged) => {}
        }
    }
    lowered
}

/// A source that was lowered.
enum Lowered {
    /// One that accounts can be on.
    Sound(SourceSpec),
    /// One of which the kind is not known, to be checked by itself.
    Aside(ManagedSource),
}

fn declared_again(name: &Text, first: Span, context: &mut Context<'_>) {
    let value = &name.value;
    context.findings.push(
        Finding::new(
            Code::DuplicateSource,
            format!("source \"{value}\" is declared twice"),
        )
        .at(name.span, format!("\"{value}\" declared again here"))
        .at(first, format!("\"{value}\" first declared here"))
        .help("remove one of the two, or give it another name"),
    );
}

fn lower_source(name: &SourceName, source: RawSource, context: &mut Context<'_>) -> Lowered {
    let RawSource {
        head,
        broken,
        name: Needed(name_text),
        managed,
        owner,
        description,
        delete_threshold,
        attributes,
        unmanaged,
        identity_profile,
    } = source;
    let address = Address::Source(name.clone());
    let place = name_text.as_ref().map_or(known(head), Placed::place);
    context.places.object(address.clone(), place);
    context.fields(
        &address,
        [
            ("name", place_of(name_text.as_ref())),
            ("managed", place_of(managed.as_ref())),
            ("owner", owner.as_ref().map(|owner| known(owner.span))),
            ("description", place_of(description.as_ref())),
            ("deleteThreshold", place_of(delete_threshold.as_ref())),
            (
                "attributes",
                attributes.as_ref().map(|list| known(list.head)),
            ),
            ("unmanaged", place_of(unmanaged.as_ref())),
            (
                "identityProfile",
                identity_profile.as_ref().map(|profile| known(profile.head)),
            ),
        ],
    );
    // The kind of source is not known then, and so not which keys are missing.
    let kind_is_known = !broken.contains(&"managed");
    if let Some(managed) = managed.filter(|managed| !managed.value) {
        for (key, span) in [
            ("owner", owner.as_ref().map(|value| value.span)),
            ("description", description.as_ref().map(|value| value.span)),
            (
                "deleteThreshold",
                delete_threshold.as_ref().map(|value| value.span),
            ),
            ("attributes", attributes.as_ref().map(|value| value.head)),
            ("unmanaged", unmanaged.as_ref().map(|value| value.span)),
            (
                "identityProfile",
                identity_profile.as_ref().map(|value| value.head),
            ),
        ] {
            if let Some(span) = span {
                context.findings.push(
                    Finding::new(
                        Code::KeyNotHere,
                        format!("`{key}` is not allowed on a source with `managed: false`"),
                    )
                    .at(span, "steersman does not change this setting")
                    .at(managed.span, "source is not managed")
                    .help(format!("remove `{key}` or `managed: false`")),
                );
            }
        }
        return Lowered::Sound(SourceSpec::Unmanaged);
    }
    let mappings_are_doubtful = identity_profile.as_ref().is_some_and(|profile| {
        let mappings = profile.mappings.as_ref();
        profile.broken.contains(&"mappings") || mappings.is_some_and(|named| !named.complete)
    });
    let attributes_are_doubtful =
        broken.contains(&"attributes") || attributes.as_ref().is_some_and(|list| !list.complete);
    if attributes_are_doubtful {
        context.doubtful_attributes.insert(name.clone());
    }
    if mappings_are_doubtful {
        context.doubtful_mappings.insert(name.clone());
    }
    let attributes = lower_attributes(name, attributes, context);
    let identity_profile = identity_profile.map(|profile| lower_profile(name, profile, context));
    if owner.is_none() && kind_is_known && !broken.contains(&"owner") {
        missing_key("owner", "a managed source", place.span, context.findings);
    }
    let spec = ManagedSource {
        // A missing one was reported.
        owner: owner.map_or_else(|| OwnerRef::Alias(String::new()), |owner| owner.owner),
        description: description.map(|text| text.value),
        delete_threshold: delete_threshold.map(|share| share.value.0),
        attributes,
        unmanaged: match unmanaged.map(|choice| choice.value) {
            None | Some(RawUnmanaged::Keep) => UnmanagedAccounts::Keep,
            Some(RawUnmanaged::Delete) => UnmanagedAccounts::Delete,
        },
        identity_profile,
    };
    if kind_is_known {
        Lowered::Sound(SourceSpec::Managed(spec))
    } else {
        Lowered::Aside(spec)
    }
}

fn lower_attributes(
    source: &SourceName,
    attributes: Option<List<RawAttribute>>,
    context: &mut Context<'_>,
) -> Vec<AttributeSpec> {
    let Some(list) = attributes else {
        return Vec::new();
    };
    let address = Address::Schema(source.clone());
    context
        .places
        .field(&address, "attributes", known(list.head));
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut lowered = Vec::new();
    for attribute in list.items {
        let RawAttribute {
            head: _,
            broken: _,
            name,
            description,
        } = attribute;
        let of_the_guide = ManagedSource::GUIDE_ATTRIBUTES
            .iter()
            .any(|(guide, _)| *guide == name.value);
        if of_the_guide {
            context.findings.push(
                Finding::new(
                    Code::DuplicateAttribute,
                    format!(
                        "attribute `{}` is built in: every managed source has it",
                        name.value
                    ),
                )
                .at(name.span, "built-in attribute declared again")
                .help("remove it: `id`, `name`, `e-mail` and `purpose` need no declaration"),
            );
            continue;
        }
        if let Some(first) = seen.get(&name.value) {
            context.findings.push(
                Finding::new(
                    Code::DuplicateAttribute,
                    format!("attribute `{}` is declared twice", name.value),
                )
                .at(name.span, format!("`{}` declared again here", name.value))
                .at(*first, format!("`{}` first declared here", name.value))
                .help("remove one of the two"),
            );
            continue;
        }
        seen.insert(name.value.clone(), name.span);
        context.items(&address, "attributes", [&name]);
        if let Some(description) = &description {
            context.places.field(
                &address,
                format!("attributes={}.description", name.value),
                description.place(),
            );
        }
        lowered.push(AttributeSpec {
            name: name.value.into(),
            description: description.map(|text| text.value),
        });
    }
    lowered
}

fn lower_profile(
    source: &SourceName,
    profile: RawProfile,
    context: &mut Context<'_>,
) -> ProfileSpec {
    let RawProfile {
        head,
        broken: _,
        name: Needed(name),
        owner,
        mappings,
        invite,
    } = profile;
    let address = Address::Profile(source.clone());
    let place = name.as_ref().map_or(known(head), Placed::place);
    context.places.object(address.clone(), place);
    context.fields(
        &address,
        [
            ("name", place_of(name.as_ref())),
            ("owner", owner.as_ref().map(|owner| known(owner.span))),
            ("mappings", mappings.as_ref().map(|named| known(named.head))),
            ("invite", place_of(invite.as_ref())),
            ("identityProfile", Some(known(head))),
        ],
    );
    let mappings = mappings.map_or_else(Vec::new, |Named { entries, .. }| entries);
    for (target, from) in &mappings {
        context.items(&address, "mappings", [target]);
        context.places.field(
            &address,
            format!("mappings={}.from", target.value),
            from.place(),
        );
    }
    ProfileSpec {
        // A missing one was reported.
        name: name.map(|name| name.value).unwrap_or_default(),
        owner: owner.map(|owner| owner.owner),
        mappings: mappings
            .into_iter()
            .map(|(target, from): (Text, Text)| (target.value.into(), from.value.into()))
            .collect(),
        invite: invite.is_some_and(|invite| invite.value),
    }
}
