//! Plans the source itself: its owner, description and delete threshold.

use crate::classify::source::{self, SourceOutcome, UnmanagedSourceOutcome};
use crate::draft::{Draft, NewStep, StepExt};
use crate::phases::{owner, profile_names};
use crate::problems::{SOURCE_NOT_FOUND, SOURCE_OF_OTHER_TYPE};
use model::{
    Action, Address, Fields, IdentityId, Live, LiveSource, ManagedSource, NewSource, Operation,
    Problem, ProblemEffect, Reason, SourceChange, SourceName,
};
use serde_json::json;

/// Plans a managed source.
pub(crate) fn plan(draft: &mut Draft, live: &Live, name: &SourceName, wanted: &ManagedSource) {
    let address = Address::Source(name.clone());
    let owner = owner::of(live, &wanted.owner);
    match source::classify(wanted, live.sources.get(name), owner) {
        SourceOutcome::NotRead => {}
        SourceOutcome::Unread(why) => {
            draft.block_unread(address.clone(), &format!("source \"{name}\""), why);
            draft.hold(&address);
        }
        SourceOutcome::OtherType(source) => report_other_type(draft, address, name, source),
        SourceOutcome::Missing { owner } => {
            if let Some(profile) = &wanted.identity_profile {
                profile_names::check_source(draft, live, name, &profile.name);
            }
            owner::report(draft, live, &address, &wanted.owner, owner.err());
            match owner {
                Ok(owner) => create(draft, address, name, wanted, owner),
                Err(_) => draft.hold(&address),
            }
        }
        SourceOutcome::Present {
            source,
            changes,
            no_owner,
        } => {
            owner::report(draft, live, &address, &wanted.owner, no_owner);
            if !changes.is_empty() {
                update(draft, live, address, source, wanted, changes);
            }
        }
    }
}

/// Checks that a source that others manage exists.
pub(crate) fn check_unmanaged(draft: &mut Draft, live: &Live, name: &SourceName) {
    let address = Address::Source(name.clone());
    match source::classify_unmanaged(live.sources.get(name)) {
        UnmanagedSourceOutcome::NotRead | UnmanagedSourceOutcome::Present => {}
        UnmanagedSourceOutcome::Unread(why) => {
            draft.block_unread(address, &format!("source \"{name}\""), why);
        }
        UnmanagedSourceOutcome::Missing => draft.problems.push(Problem {
            code: SOURCE_NOT_FOUND,
            address,
            field: Some("name".to_owned()),
            message: format!("the tenant has no source \"{name}\""),
            help: "check the name, or remove `managed: false` to let steersman create a delimited-file source".to_owned(),
            effect: ProblemEffect::RefusesPlan,
        }),
    }
}

fn report_other_type(draft: &mut Draft, address: Address, name: &SourceName, source: &LiveSource) {
    draft.problems.push(Problem {
        code: SOURCE_OF_OTHER_TYPE,
        address,
        field: Some("name".to_owned()),
        message: format!(
            "the tenant already has a source \"{name}\" of type {}, which takes no CSV imports",
            source.kind
        ),
        help: "choose another name, or write `managed: false` if others manage its accounts"
            .to_owned(),
        effect: ProblemEffect::RefusesPlan,
    });
}

fn create(
    draft: &mut Draft,
    address: Address,
    name: &SourceName,
    wanted: &ManagedSource,
    owner: &IdentityId,
) {
    let mut after = Fields::new();
    after.insert("owner".to_owned(), json!(wanted.owner.to_string()));
    if let Some(description) = &wanted.description {
        after.insert("description".to_owned(), json!(description));
    }
    if let Some(threshold) = wanted.delete_threshold {
        after.insert("deleteThreshold".to_owned(), json!(threshold.get()));
    }
    draft.step(NewStep {
        address,
        action: Action::Create,
        reason: Reason::NotInTenant,
        before: None,
        after: Some(after),
        operation: Operation::CreateSource(NewSource {
            name: name.clone(),
            owner: owner.clone(),
            description: wanted.description.clone(),
            delete_threshold: wanted.delete_threshold.map(model::Percent::get),
        }),
    });
}

fn update(
    draft: &mut Draft,
    live: &Live,
    address: Address,
    source: &LiveSource,
    wanted: &ManagedSource,
    changes: Vec<SourceChange>,
) {
    let (mut before, mut after) = (Fields::new(), Fields::new());
    for change in &changes {
        let (field, old, new) = match change {
            SourceChange::Owner(_) => {
                let old = source.owner.as_ref().map(|owner| owner::name(live, owner));
                ("owner", json!(old), json!(wanted.owner.to_string()))
            }
            SourceChange::Description(description) => {
                ("description", json!(source.description), json!(description))
            }
            SourceChange::DeleteThreshold(percent) => (
                "deleteThreshold",
                json!(source.effective_delete_threshold()),
                json!(percent),
            ),
        };
        before.insert(field.to_owned(), old);
        after.insert(field.to_owned(), new);
    }
    draft
        .step(NewStep {
            address,
            action: Action::Update,
            reason: Reason::FieldsDiffer,
            before: Some(before),
            after: Some(after),
            operation: Operation::UpdateSource {
                source: source.id.clone(),
                changes,
            },
        })
        .observed(source.fingerprint());
}
