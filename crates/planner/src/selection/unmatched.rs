//! Rejects `--only` and `--except` patterns that match nothing.

use super::addresses::everything;
use super::choice::Choice;
use super::kinds::KINDS;
use crate::draft::Draft;
use model::{AccountKey, AccountName, Address, Spec, Unmatched};
use std::collections::BTreeSet;

/// The patterns that match nothing that is declared, planned or reported. A typing
/// error would otherwise select nothing, or except nothing.
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
