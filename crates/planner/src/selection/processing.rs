//! Cuts the one step of identity processing to the selected accounts of a source.

use super::choice::Choice;
use crate::view::live_source;
use model::{AccountKey, Address, Live, Operation, Step};
use serde_json::json;
use std::collections::BTreeSet;

/// The accounts that a processing step is for; none for any other step.
pub(super) fn accounts(step: &Step) -> Vec<AccountKey> {
    let Operation::ProcessIdentities { expect, .. } = &step.operation else {
        return Vec::new();
    };
    let rows = step
        .depends_on
        .iter()
        .filter_map(|first| match first {
            Address::Account(key) => Some(key),
            _ => None,
        })
        .chain(expect.iter().map(|expected| &expected.account));
    let accounts: BTreeSet<&AccountKey> = rows.collect();
    accounts.into_iter().cloned().collect()
}

/// Narrows the identities that processing expects to those of accounts whose row
/// is kept, or exists and is selected: a row that is left out creates none.
pub(super) fn narrow(
    step: &mut Step,
    kept: &BTreeSet<Address>,
    planned: &BTreeSet<Address>,
    choice: &Choice<'_>,
) {
    let Operation::ProcessIdentities { expect, .. } = &mut step.operation else {
        return;
    };
    expect.retain(|expected| {
        let key = &expected.account;
        let row = Address::Account(key.clone());
        if planned.contains(&row) {
            return kept.contains(&row);
        }
        let needed = kept.iter().any(|address| address.account() == Some(key));
        needed || choice.selects(&row)
    });
    let names: Vec<&str> = expect
        .iter()
        .map(|expected| expected.name.as_str())
        .collect();
    if let Some(after) = &mut step.after {
        if names.is_empty() {
            after.remove("identitiesFor");
        } else {
            after.insert("identitiesFor".to_owned(), json!(names));
        }
    }
}

/// Whether a narrowed processing step is of no use: no row or mapping of the
/// plan changes, no identity is expected, and the profile shows nothing as due.
pub(super) fn is_idle(step: &Step, live: &Live) -> bool {
    let Operation::ProcessIdentities { expect, .. } = &step.operation else {
        return false;
    };
    let changes = step
        .depends_on
        .iter()
        .any(|first| matches!(first, Address::Account(_) | Address::Profile(_)));
    let due = step
        .address
        .source()
        .and_then(|name| live_source(live, name)?.profile.found().as_ref())
        .is_some_and(|profile| profile.refresh_required);
    !changes && expect.is_empty() && !due
}
