//! Compares a managed source with its schema and identity profile.

use super::{Compared, Pairs};
use crate::classify::schema;
use model::{
    Address, Collection, Fields, Live, LiveMapping, LiveProfile, LiveSource, ManagedSource,
    OwnerRef, ProfileSpec, SourceName,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn of_source(
    all: &mut BTreeMap<Address, Compared>,
    live: &Live,
    name: &SourceName,
    declared: &ManagedSource,
) {
    let found = live.sources.get(name).map(Collection::complete);
    let schema = Address::Schema(name.clone());
    let profile = Address::Profile(name.clone());
    let profile_spec = declared.identity_profile.as_ref();
    let missing = |of: fn(Fields) -> Compared| {
        [
            Some((Address::Source(name.clone()), of(source_fields(declared)))),
            Some((schema.clone(), of(schema::declared_text(declared)))),
            profile_spec.map(|wanted| (profile.clone(), of(profile_fields(wanted)))),
        ]
    };
    let source = match found {
        None | Some(Err(_)) => {
            all.extend(missing(Compared::unread).into_iter().flatten());
            return;
        }
        Some(Ok(None)) => {
            all.extend(missing(Compared::absent).into_iter().flatten());
            return;
        }
        Some(Ok(Some(source))) => source,
    };
    all.insert(
        Address::Source(name.clone()),
        compare_source(live, source, declared),
    );
    all.insert(schema, compare_schema(source, declared));
    if let Some(wanted) = profile_spec {
        all.insert(profile, compare_profile(live, source, wanted));
    }
}

fn source_fields(declared: &ManagedSource) -> Fields {
    let ManagedSource {
        owner,
        description,
        delete_threshold,
        // Compared with the schema.
        attributes: _,
        // A policy.
        unmanaged: _,
        // Compared by itself.
        identity_profile: _,
    } = declared;
    let mut fields = Fields::from_iter([("owner".to_owned(), json!(owner.to_string()))]);
    if let Some(description) = description {
        fields.insert("description".to_owned(), json!(description));
    }
    if let Some(threshold) = delete_threshold {
        fields.insert("deleteThreshold".to_owned(), json!(threshold.get()));
    }
    fields
}

fn compare_source(live: &Live, source: &LiveSource, declared: &ManagedSource) -> Compared {
    let mut pairs = Pairs::default();
    for (field, value) in &source_fields(declared) {
        let (observed, is_same) = match field.as_str() {
            "owner" => {
                owner(&mut pairs, live, &declared.owner, source.owner.as_ref());
                continue;
            }
            "description" => {
                let observed = source.description.as_deref().unwrap_or_default();
                (json!(observed), value.as_str() == Some(observed))
            }
            _ => {
                let observed = source.effective_delete_threshold();
                (json!(observed), value.as_i64() == Some(observed))
            }
        };
        pairs.add(field, value.clone(), observed, is_same);
    }
    pairs.present()
}

/// An owner: the declared reference beside the id of the identity that owns it.
fn owner(
    pairs: &mut Pairs,
    live: &Live,
    declared: &OwnerRef,
    observed: Option<&model::IdentityId>,
) {
    let value = json!(declared.to_string());
    match live.owners.get(declared).map(Collection::complete) {
        Some(Ok(Some(wanted))) => {
            pairs.add("owner", value, json!(observed), observed == Some(wanted));
        }
        // Which identity is meant is not known, and blocks the owner.
        Some(Ok(None) | Err(_)) | None => pairs.add_unread("owner", value),
    }
}

fn compare_schema(source: &LiveSource, declared: &ManagedSource) -> Compared {
    let wanted = schema::declared_text(declared);
    match source.schema.complete() {
        Err(_) => Compared::unread(wanted),
        Ok(None) => Compared::absent(wanted),
        Ok(Some(found)) => {
            let observed = schema::observed_text(declared, found);
            let mut pairs = Pairs::default();
            for (field, value) in &wanted {
                let found = observed.get(field).cloned().unwrap_or(Value::Null);
                let is_same = found == *value;
                pairs.add(field, value.clone(), found, is_same);
            }
            pairs.present()
        }
    }
}

fn profile_fields(declared: &ProfileSpec) -> Fields {
    let ProfileSpec {
        name,
        owner,
        mappings,
        // Compared with the invitations.
        invite: _,
    } = declared;
    let mut fields = Fields::from_iter([
        ("name".to_owned(), json!(name)),
        ("enabled".to_owned(), json!(true)),
    ]);
    if let Some(owner) = owner {
        fields.insert("owner".to_owned(), json!(owner.to_string()));
    }
    for (target, attribute) in mappings {
        fields.insert(format!("mappings.{target}"), json!(attribute));
    }
    fields
}

fn compare_profile(live: &Live, source: &LiveSource, declared: &ProfileSpec) -> Compared {
    let found = match source.profile.complete() {
        Err(_) => return Compared::unread(profile_fields(declared)),
        Ok(None) => return Compared::absent(profile_fields(declared)),
        Ok(Some(found)) => found,
    };
    let LiveProfile {
        id: _,
        name,
        owner: live_owner,
        authoritative_source: _,
        enabled,
        mappings,
        // ISC sets them by itself.
        refresh_required: _,
        identity_count: _,
    } = found;
    let mut pairs = Pairs::default();
    pairs.add(
        "name",
        json!(declared.name),
        json!(name),
        *name == declared.name,
    );
    pairs.add("enabled", json!(true), json!(enabled), *enabled);
    if let Some(wanted) = &declared.owner {
        owner(&mut pairs, live, wanted, live_owner.as_ref());
    }
    for (target, attribute) in &declared.mappings {
        let wanted = LiveMapping::Account {
            source: source.id.clone(),
            attribute: attribute.clone(),
        };
        let observed = mappings.get(target);
        pairs.add(
            &format!("mappings.{target}"),
            json!(attribute),
            json!(observed),
            observed == Some(&wanted),
        );
    }
    pairs.present()
}
