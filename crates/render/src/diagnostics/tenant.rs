//! Problems of the tenant as diagnostics: each cause at a place once, with its accounts.
//!
//! What accounts inherit from one place, each of them has; the fix is one.

use crate::touched::with_accounts;
use model::{AccountKey, Problem};
use spec::{Diagnostic, Loaded};
use std::collections::BTreeMap;

/// The problems as diagnostics of the files.
pub(super) fn of_tenant(loaded: &Loaded, problems: &[Problem]) -> Vec<Diagnostic> {
    let mut causes: Vec<(Diagnostic, Vec<&AccountKey>)> = Vec::new();
    let mut known = BTreeMap::new();
    for problem in problems {
        let found = loaded.diagnose(problem);
        let Some(account) = problem.address.account() else {
            causes.push((found, Vec::new()));
            continue;
        };
        let place = found
            .labels
            .first()
            .map(|label| (label.file.clone(), label.line, label.column));
        let key = (problem.code, &problem.message, &problem.help, place);
        let index = *known.entry(key).or_insert(causes.len());
        if let Some((_, accounts)) = causes.get_mut(index) {
            accounts.push(account);
        } else {
            causes.push((found, vec![account]));
        }
    }
    causes
        .into_iter()
        .map(|(mut found, accounts)| {
            found.help = found.help.map(|help| with_accounts(help, &accounts));
            found
        })
        .collect()
}
