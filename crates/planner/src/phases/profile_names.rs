//! Names of identity profiles: ordered by what frees them, or refused before the first write.
//!
//! A name is unique in a tenant. A profile that gets the name of another one waits until
//! that one has its new name.

use crate::draft::{Draft, StepExt};
use crate::problems::{PROFILE_NAME_TAKEN, SOURCE_RENAMED};
use crate::view::live_source;
use model::{
    Address, Collection, IdentityNames, Live, Operation, Problem, ProblemEffect, ProfileHolder,
    SourceName, Spec,
};
use std::collections::{BTreeMap, BTreeSet};

/// Checks the names that profiles get in this plan. Requires that the profiles of all
/// sources are planned.
pub(crate) fn plan(draft: &mut Draft, spec: &Spec, live: &Live) {
    let given: BTreeMap<SourceName, String> = draft
        .steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::CreateProfile(new) => Some((new.source_name.clone(), new.name.clone())),
            Operation::UpdateProfile {
                name: Some(name),
                source_name,
                ..
            } => Some((source_name.clone(), name.clone())),
            _ => None,
        })
        .collect();
    // The source whose profile has to give the name up first.
    let mut before: BTreeMap<&SourceName, SourceName> = BTreeMap::new();
    for (source, name) in &given {
        let Some(holder) = holder(live, source, name) else {
            continue;
        };
        match freed_by(spec, live, &given, holder) {
            Some(other) => {
                before.insert(source, other);
            }
            None => refuse(draft, live, source, name, holder),
        }
    }
    let circles = circles(&before);
    for (source, name) in &given {
        let Some(other) = before.get(source) else {
            continue;
        };
        if circles.contains(source) {
            refuse_circle(draft, source, name, other);
            continue;
        }
        let mut rank = 0;
        let mut next = before.get(source);
        while let Some(other) = next {
            rank += 1;
            next = before.get(other);
        }
        draft.profile_rank.insert(source.clone(), rank);
        let address = Address::Profile(source.clone());
        if let Some(step) = draft.steps.iter_mut().find(|step| step.address == address) {
            step.after([Address::Profile(other.clone())]);
        }
    }
}

/// Refuses a source that is missing under its name, while its profile belongs to a
/// source of another name: it was renamed in the tenant.
pub(crate) fn check_source(draft: &mut Draft, live: &Live, name: &SourceName, profile: &str) {
    let is_missing = live
        .sources
        .get(name)
        .is_some_and(|source| matches!(source, Collection::Complete(None)));
    if !is_missing {
        return;
    }
    let Some(holder) = holder(live, name, profile) else {
        return;
    };
    let other = source_of(holder);
    draft.problems.push(Problem {
        code: SOURCE_RENAMED,
        address: Address::Source(name.clone()),
        field: Some("name".to_owned()),
        message: format!(
            "the tenant has no source \"{name}\", but its identity profile \"{profile}\" belongs to source {other}"
        ),
        help: format!(
            "if source \"{name}\" was renamed in ISC, rename it back there or write {other} here; otherwise give `identityProfile` another `name`"
        ),
effect: ProblemEffect::RefusesPlan,
    });
}

/// The profile of another source that has this name now.
fn holder<'a>(live: &'a Live, source: &SourceName, name: &str) -> Option<&'a ProfileHolder> {
    let own = live_source(live, source).map(|source| &source.id);
    live.profiles
        .found()
        .iter()
        .filter(|profile| own.is_none() || profile.source.as_ref() != own)
        .find(|profile| IdentityNames::is_same(&profile.name, name))
}

/// The source whose profile gives the name up in this plan.
fn freed_by(
    spec: &Spec,
    live: &Live,
    given: &BTreeMap<SourceName, String>,
    holder: &ProfileHolder,
) -> Option<SourceName> {
    let mut sources = spec.sources.keys();
    let source = sources.find(|name| {
        live_source(live, name).is_some_and(|found| holder.source.as_ref() == Some(&found.id))
    })?;
    given
        .get(source)
        .is_some_and(|name| !IdentityNames::is_same(name, &holder.name))
        .then(|| source.clone())
}

/// The sources whose profiles wait for each other in a circle, or for one that does.
fn circles<'a>(before: &BTreeMap<&'a SourceName, SourceName>) -> BTreeSet<&'a SourceName> {
    let runs_in_a_circle = |start: &SourceName| {
        let mut next = before.get(start);
        // A chain is at most as long as there are profiles.
        for _ in 0..=before.len() {
            match next {
                None => return false,
                Some(other) => next = before.get(other),
            }
        }
        true
    };
    before
        .keys()
        .copied()
        .filter(|source| runs_in_a_circle(source))
        .collect()
}

fn refuse(draft: &mut Draft, live: &Live, source: &SourceName, name: &str, holder: &ProfileHolder) {
    // Reported as a renamed source.
    if live_source(live, source).is_none() {
        return;
    }
    let other = source_of(holder);
    draft.problems.push(Problem {
        code: PROFILE_NAME_TAKEN,
        address: Address::Profile(source.clone()),
        field: Some("name".to_owned()),
        message: format!(
            "the tenant already has an identity profile \"{name}\", which belongs to source {other}"
        ),
        help: format!("choose another name, or rename the profile of {other} first"),
        effect: ProblemEffect::RefusesPlan,
    });
}

fn refuse_circle(draft: &mut Draft, source: &SourceName, name: &str, other: &SourceName) {
    draft.problems.push(Problem {
        code: PROFILE_NAME_TAKEN,
        address: Address::Profile(source.clone()),
        field: Some("name".to_owned()),
        message: format!(
            "the identity profile of \"{source}\" gets the name \"{name}\", and that of \"{other}\" has to give it up first, in a circle"
        ),
        help: "give one of the profiles a temporary name and apply, then give it its final name"
            .to_owned(),
effect: ProblemEffect::RefusesPlan,
    });
}

fn source_of(holder: &ProfileHolder) -> String {
    match (&holder.source_name, &holder.source) {
        (Some(name), _) => format!("\"{name}\""),
        (None, Some(id)) => format!("{id} (its ID)"),
        (None, None) => "that ISC does not name".to_owned(),
    }
}
