//! Plans the identity profile that creates identities from a source's accounts.

use crate::classify::profile::{self, ProfileChanges, ProfileOutcome};
use crate::draft::{Draft, NewStep, StepExt};
use crate::new_user_names::{self, NewUserNames};
use crate::phases::{names, own_access, owner};
use crate::taken_names::TakenNames;
use crate::view::{live_source, source_ref};
use model::{
    Action, Address, Fields, IdentityId, Incomplete, Live, LiveMapping, LiveProfile, LiveSource,
    ManagedSource, NewProfile, Operation, OwnerRef, ProfileSpec, Reason, SourceName, Spec,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Plans the identity profile of a managed source, where one is declared.
pub(crate) fn plan<'a>(
    draft: &mut Draft,
    spec: &'a Spec,
    live: &'a Live,
    taken: &TakenNames<'a>,
    name: &SourceName,
    wanted: &ManagedSource,
) {
    let Some(declared) = &wanted.identity_profile else {
        return;
    };
    let address = Address::Profile(name.clone());
    let declared_owner = declared.owner.as_ref().unwrap_or(&wanted.owner);
    let outcome = profile::classify(
        declared,
        live_source(live, name),
        owner::of(live, declared_owner),
        draft.plans(&Address::Source(name.clone())),
    );
    match outcome {
        ProfileOutcome::NoSource | ProfileOutcome::OtherType => {}
        ProfileOutcome::Unread(why) => {
            let collection = format!("the identity profile of \"{name}\"");
            draft.block_unread(address.clone(), &collection, why);
            draft.hold(&address);
        }
        ProfileOutcome::Missing { owner } => {
            let no_owner = owner.err();
            // What is wrong with the source's owner is reported there.
            if declared.owner.is_some() || no_owner.is_some() {
                owner::report(draft, live, &address, declared_owner, no_owner);
            }
            match owner {
                Ok(owner) => create(draft, live, name, declared, declared_owner, owner),
                Err(_) => draft.hold(&address),
            }
        }
        ProfileOutcome::Present {
            source,
            profile,
            changes,
            no_owner,
        } => {
            if declared.owner.is_some() {
                owner::report(draft, live, &address, declared_owner, no_owner);
            }
            let remaps = match remaps(spec, live, source, profile, &changes) {
                Ok(remaps) => remaps,
                Err((collection, why)) => {
                    // How many identities that replaces is not known.
                    draft.block_unread(address.clone(), &collection, &why);
                    return;
                }
            };
            if remaps && own_access::has_own(live, source) {
                own_access::hold(draft, live, &address, "map another uid to");
            } else if changes != ProfileChanges::default() {
                if remaps {
                    names::refuse_renamed(draft, spec, live, taken, source);
                }
                let fields = changed_fields(live, source, profile, declared_owner, &changes);
                update(draft, source, profile, changes, fields, remaps);
            }
        }
    }
}

fn create(
    draft: &mut Draft,
    live: &Live,
    name: &SourceName,
    profile: &ProfileSpec,
    declared_owner: &OwnerRef,
    owner: &IdentityId,
) {
    let mut after = mapping_fields(profile);
    after.insert("name".to_owned(), json!(profile.name));
    after.insert("owner".to_owned(), json!(declared_owner.to_string()));
    // ISC refuses a mapping to an attribute that the schema lacks.
    let first = draft.planned([Address::Source(name.clone()), Address::Schema(name.clone())]);
    draft
        .step(NewStep {
            address: Address::Profile(name.clone()),
            action: Action::Create,
            reason: Reason::NotInTenant,
            before: None,
            after: Some(after),
            operation: Operation::CreateProfile(NewProfile {
                name: profile.name.clone(),
                owner: owner.clone(),
                source: source_ref(live, name),
                source_name: name.clone(),
                mappings: profile.mappings.clone(),
            }),
        })
        .after(first);
}

/// The fields that change, before and after.
fn changed_fields(
    live: &Live,
    source: &LiveSource,
    profile: &LiveProfile,
    declared_owner: &OwnerRef,
    changes: &ProfileChanges,
) -> (Fields, Fields) {
    let ProfileChanges {
        name,
        owner,
        enable,
        mappings,
    } = changes;
    let (mut before, mut after) = (Fields::new(), Fields::new());
    let mut differ = |field: String, old: Value, new: Value| {
        before.insert(field.clone(), old);
        after.insert(field, new);
    };
    if let Some(name) = name {
        differ("name".to_owned(), json!(profile.name), json!(name));
    }
    if owner.is_some() {
        let old = profile.owner.as_ref().map(|owner| owner::name(live, owner));
        let new = json!(declared_owner.to_string());
        differ("owner".to_owned(), json!(old), new);
    }
    if *enable {
        differ("enabled".to_owned(), json!(false), json!(true));
    }
    for (target, attribute) in mappings {
        let old = profile.mappings.get(target);
        let old = old.map(|mapping| mapping_text(mapping, source));
        differ(format!("mappings.{target}"), json!(old), json!(attribute));
    }
    (before, after)
}

fn update(
    draft: &mut Draft,
    source: &LiveSource,
    profile: &LiveProfile,
    changes: ProfileChanges,
    (before, after): (Fields, Fields),
    destructive: bool,
) {
    let ProfileChanges {
        name,
        owner,
        enable,
        mappings,
    } = changes;
    let first = draft.planned([
        Address::Source(source.name.clone()),
        Address::Schema(source.name.clone()),
    ]);
    let step = draft.step(NewStep {
        address: Address::Profile(source.name.clone()),
        action: Action::Update,
        reason: Reason::FieldsDiffer,
        before: Some(before),
        after: Some(after),
        operation: Operation::UpdateProfile {
            profile: profile.id.clone(),
            name,
            owner,
            enable,
            mappings,
            source: source.id.clone(),
            source_name: source.name.clone(),
        },
    });
    step.observed(profile.fingerprint()).after(first);
    step.destructive = destructive;
    if destructive {
        draft.remapped.insert(source.name.clone());
    }
}

/// Whether identities of the profile get another user name by the changes, which may
/// re-create them. A profile that is enabled applies what was mapped while it was not.
fn remaps(
    spec: &Spec,
    live: &Live,
    source: &LiveSource,
    profile: &LiveProfile,
    changes: &ProfileChanges,
) -> Result<bool, (String, Incomplete)> {
    let ProfileChanges {
        name: _,
        owner: _,
        enable,
        mappings,
    } = changes;
    let another = mappings.contains_key("uid");
    if !another && !enable {
        return Ok(false);
    }
    match new_user_names::declared(spec, live, &source.name) {
        NewUserNames::Of(renamed) => {
            Ok(!renamed.is_empty() || another && counts_more(source, profile))
        }
        NewUserNames::Unread { collection, why } => Err((collection, why)),
    }
}

/// Whether the profile counts more identities than the accounts in the list have.
fn counts_more(source: &LiveSource, profile: &LiveProfile) -> bool {
    let accounts = source.accounts.found().iter();
    let identities: BTreeSet<_> = accounts
        .filter_map(|account| account.identity.as_ref())
        .collect();
    let listed = u64::try_from(identities.len()).unwrap_or(u64::MAX);
    profile
        .identity_count
        .is_some_and(|counted| counted > listed)
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
