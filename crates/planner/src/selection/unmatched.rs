//! Patterns that match nothing, and what was probably meant.

use super::choice::Choice;
use super::cut::addresses;
use super::pattern::KINDS;
use crate::draft::Draft;
use model::{AccountKey, AccountName, Address, SourceSpec, Spec, Unmatched};
use std::collections::BTreeSet;

/// The patterns that match nothing that is declared, planned or reported. A
/// slip of the pen would otherwise select nothing, or except nothing.
pub(super) fn find(choice: &Choice<'_>, spec: &Spec, draft: &Draft) -> Vec<Unmatched> {
    let all = everything(spec, draft);
    choice
        .selection
        .patterns()
        .filter(|pattern| !all.iter().any(|address| choice.matches(pattern, address)))
        // A kind is known by itself, whether or not there is one of it.
        .filter(|pattern| !pattern.as_str().starts_with("kind:"))
        .map(|pattern| Unmatched {
            pattern: pattern.to_string(),
            did_you_mean: meant(pattern.as_str(), choice, &all),
        })
        .collect()
}

fn meant(text: &str, choice: &Choice<'_>, all: &BTreeSet<Address>) -> Option<String> {
    if KINDS.contains(&text) {
        return Some(format!("kind:{text}"));
    }
    if let Some(address) = all
        .iter()
        .find(|address| address.source().is_some_and(|name| name.as_str() == text))
    {
        return Some(address.to_string());
    }
    let addresses: Vec<String> = all.iter().map(ToString::to_string).collect();
    let accounts = choice
        .names()
        .flat_map(|(key, name): (&AccountKey, &AccountName)| [key.as_str(), name.as_str()]);
    catalog::did_you_mean(text, accounts.chain(addresses.iter().map(String::as_str)))
        .map(str::to_owned)
}

/// All addresses that a pattern can be meant for.
fn everything(spec: &Spec, draft: &Draft) -> BTreeSet<Address> {
    let mut all: BTreeSet<Address> = BTreeSet::new();
    for (name, source) in &spec.sources {
        all.insert(Address::Source(name.clone()));
        if let SourceSpec::Managed(managed) = source {
            all.insert(Address::Schema(name.clone()));
            if managed.identity_profile.is_some() {
                all.insert(Address::Profile(name.clone()));
                all.insert(Address::Processing(name.clone()));
            }
        }
    }
    all.extend(spec.accounts.values().flat_map(addresses));
    let Draft {
        steps,
        blocked,
        unmanaged,
        problems,
        incomplete: _,
        planned: _,
    } = draft;
    all.extend(steps.iter().map(|step| step.address.clone()));
    all.extend(blocked.iter().map(|blocked| blocked.address.clone()));
    all.extend(unmanaged.iter().map(|unmanaged| unmanaged.address.clone()));
    all.extend(problems.iter().map(|problem| problem.address.clone()));
    all
}
