//! The identity profile that makes identities of a source's accounts.

use crate::draft::{Against, Draft, NewStep};
use crate::phases::owner;
use crate::phases::source::owner_name;
use crate::view::{live_source, source_ref};
use model::{
    Action, Address, Fields, Live, LiveMapping, LiveProfile, LiveSource, ManagedSource, NewProfile,
    Operation, ProfileSpec, Reason, SourceName,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Plans the identity profile of a managed source, where one is declared.
pub(crate) fn plan(draft: &mut Draft, live: &Live, name: &SourceName, wanted: &ManagedSource) {
    let Some(profile) = &wanted.identity_profile else {
        return;
    };
    let address = Address::Profile(name.clone());
    let Some(source) = live_source(live, name) else {
        if draft.plans(&Address::Source(name.clone())) {
            create(draft, live, address, name, wanted, profile);
        }
        return;
    };
    if source.kind != LiveSource::DELIMITED_FILE {
        return;
    }
    match source.profile.complete() {
        Err(why) => {
            draft.block_unread(address, &format!("the identity profile of \"{name}\""), why);
        }
        Ok(None) => create(draft, live, address, name, wanted, profile),
        Ok(Some(there)) => update(draft, live, address, source, profile, there),
    }
}

fn create(
    draft: &mut Draft,
    live: &Live,
    address: Address,
    name: &SourceName,
    wanted: &ManagedSource,
    profile: &ProfileSpec,
) {
    let declared_owner = profile.owner.as_ref().unwrap_or(&wanted.owner);
    let Some(owner) = owner::resolve(draft, live, &address, declared_owner) else {
        return;
    };
    let mut after = mapping_fields(profile);
    after.insert("name".to_owned(), json!(profile.name));
    after.insert("owner".to_owned(), json!(declared_owner.to_string()));
    // A mapping to an attribute that the schema lacks is refused by ISC.
    let first = draft.planned([Address::Source(name.clone()), Address::Schema(name.clone())]);
    draft
        .step(NewStep {
            address,
            action: Action::Create,
            reason: Reason::NotInTenant,
            before: None,
            after: Some(after),
            operation: Operation::CreateProfile(NewProfile {
                name: profile.name.clone(),
                owner,
                source: source_ref(live, name),
                source_name: name.clone(),
                mappings: profile.mappings.clone(),
            }),
        })
        .after(first);
}

fn update(
    draft: &mut Draft,
    live: &Live,
    address: Address,
    source: &LiveSource,
    profile: &ProfileSpec,
    there: &LiveProfile,
) {
    let (mut before, mut after) = (Fields::new(), Fields::new());
    let mut differ = |field: String, old: Value, new: Value| {
        before.insert(field.clone(), old);
        after.insert(field, new);
    };
    let mut name = None;
    if there.name != profile.name {
        differ("name".to_owned(), json!(there.name), json!(profile.name));
        name = Some(profile.name.clone());
    }
    let mut owner = None;
    // Only an owner that is written for the profile is managed; the source's
    // owner is merely who a new profile is given to.
    if let Some(declared) = &profile.owner {
        let Some(identity) = owner::resolve(draft, live, &address, declared) else {
            return;
        };
        if there.owner.as_ref() != Some(&identity) {
            let old = there.owner.as_ref().map(|owner| owner_name(live, owner));
            differ("owner".to_owned(), json!(old), json!(declared.to_string()));
            owner = Some(identity);
        }
    }
    if !there.enabled {
        differ("enabled".to_owned(), json!(false), json!(true));
    }
    let mut mappings = BTreeMap::new();
    for (target, attribute) in &profile.mappings {
        let live_mapping = there.mappings.get(target);
        let wanted = LiveMapping::Account {
            source: source.id.clone(),
            attribute: attribute.clone(),
        };
        if live_mapping != Some(&wanted) {
            let old = live_mapping.map(|mapping| mapping_text(mapping, source));
            differ(format!("mappings.{target}"), json!(old), json!(attribute));
            mappings.insert(target.clone(), attribute.clone());
        }
    }
    if before.is_empty() {
        return;
    }
    let first = draft.planned([
        Address::Source(source.name.clone()),
        Address::Schema(source.name.clone()),
    ]);
    let step = draft.step(NewStep {
        address,
        action: Action::Update,
        reason: Reason::FieldsDiffer,
        before: Some(before),
        after: Some(after),
        operation: Operation::UpdateProfile {
            profile: there.id.clone(),
            name,
            owner,
            enable: !there.enabled,
            // What feeds uid may re-create every identity of the profile.
            mappings: mappings.clone(),
            source: source.id.clone(),
            source_name: source.name.clone(),
        },
    });
    step.against(there.fingerprint()).after(first);
    step.destructive = mappings.contains_key("uid") && there.mappings.contains_key("uid");
}

fn mapping_fields(profile: &ProfileSpec) -> Fields {
    profile
        .mappings
        .iter()
        .map(|(target, attribute)| (format!("mappings.{target}"), json!(attribute)))
        .collect()
}

fn mapping_text(mapping: &LiveMapping, source: &LiveSource) -> String {
    match mapping {
        LiveMapping::Account {
            source: id,
            attribute,
        } if id == &source.id => attribute.to_string(),
        LiveMapping::Account { source, attribute } => format!("{attribute} of source {source}"),
        LiveMapping::Other(kind) => format!("transform {kind}"),
    }
}
