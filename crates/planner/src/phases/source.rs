//! The source itself: its owner, description and delete threshold.

use crate::draft::{Against, Draft, NewStep};
use crate::phases::owner;
use crate::problems::{SOURCE_NOT_FOUND, SOURCE_OF_OTHER_TYPE};
use model::{
    Action, Address, Fields, Live, LiveSource, ManagedSource, NewSource, Operation, Problem,
    Reason, SourceChange, SourceName,
};
use serde_json::json;

/// Plans a managed source.
pub(crate) fn plan(draft: &mut Draft, live: &Live, name: &SourceName, wanted: &ManagedSource) {
    let address = Address::Source(name.clone());
    let Some(found) = live.sources.get(name) else {
        return;
    };
    match found.complete() {
        Err(why) => draft.block_unread(address, &format!("source \"{name}\""), why),
        Ok(None) => create(draft, live, address, name, wanted),
        Ok(Some(source)) if source.kind != LiveSource::DELIMITED_FILE => {
            draft.problems.push(Problem {
                code: SOURCE_OF_OTHER_TYPE,
                address,
                field: Some("name".to_owned()),
                message: format!(
                    "the tenant already has a source \"{name}\" of type {}, which takes no CSV imports",
                    source.kind
                ),
                help: "choose another name, or say `managed: false` if its accounts are made elsewhere".to_owned(),
            });
        }
        Ok(Some(source)) => update(draft, live, address, source, wanted),
    }
}

/// Checks that a source that others manage is there.
pub(crate) fn check_unmanaged(draft: &mut Draft, live: &Live, name: &SourceName) {
    let address = Address::Source(name.clone());
    match live.sources.get(name).map(model::Collection::complete) {
        Some(Err(why)) => draft.block_unread(address, &format!("source \"{name}\""), why),
        Some(Ok(None)) => draft.problems.push(Problem {
            code: SOURCE_NOT_FOUND,
            address,
            field: Some("name".to_owned()),
            message: format!("the tenant has no source \"{name}\""),
            help: "check the name, or leave out `managed: false` to have steersman make a delimited-file source".to_owned(),
        }),
        Some(Ok(Some(_))) | None => {}
    }
}

fn create(
    draft: &mut Draft,
    live: &Live,
    address: Address,
    name: &SourceName,
    wanted: &ManagedSource,
) {
    let Some(owner) = owner::resolve(draft, live, &address, &wanted.owner) else {
        return;
    };
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
            owner,
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
) {
    let Some(owner) = owner::resolve(draft, live, &address, &wanted.owner) else {
        return;
    };
    let mut changes = Vec::new();
    let (mut before, mut after) = (Fields::new(), Fields::new());
    let mut differ = |field: &str, old: serde_json::Value, new: serde_json::Value| {
        before.insert(field.to_owned(), old);
        after.insert(field.to_owned(), new);
    };
    if source.owner.as_ref() != Some(&owner) {
        differ(
            "owner",
            json!(source.owner.as_ref().map(|owner| owner_name(live, owner))),
            json!(wanted.owner.to_string()),
        );
        changes.push(SourceChange::Owner(owner));
    }
    if let Some(description) = &wanted.description
        && source.description.as_deref().unwrap_or_default() != description
    {
        differ("description", json!(source.description), json!(description));
        changes.push(SourceChange::Description(description.clone()));
    }
    if let Some(threshold) = wanted.delete_threshold {
        let number = i64::from(threshold);
        let both = [source.delete_threshold, source.connector_delete_threshold];
        // ISC says it in two places. One that is absent follows the other.
        if both.iter().all(Option::is_none) || both.iter().flatten().any(|live| *live != number) {
            differ(
                "deleteThreshold",
                json!(source.effective_delete_threshold()),
                json!(number),
            );
            changes.push(SourceChange::DeleteThreshold(threshold.get()));
        }
    }
    if changes.is_empty() {
        return;
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
        .against(source.fingerprint());
}

/// An identity by the name that the spec gives it, where the spec names it.
pub(crate) fn owner_name(live: &Live, identity: &model::IdentityId) -> String {
    live.owners
        .iter()
        .find(|(_, found)| found.found().as_ref() == Some(identity))
        .map_or_else(|| identity.to_string(), |(owner, _)| owner.to_string())
}
