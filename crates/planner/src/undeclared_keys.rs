//! Keys of undeclared accounts in addresses, unique in a plan.
//!
//! An undeclared account is called by its id. Where a declared account has that key, or
//! another source has an undeclared account of that id, the source goes before it.

use model::{AccountKey, Collection, Live, LiveAccount, NativeIdentity, SourceName, Spec};
use std::collections::{BTreeMap, BTreeSet};

/// The keys of those undeclared accounts that cannot be called by their id alone.
#[derive(Debug, Default)]
pub(crate) struct UndeclaredKeys<'a> {
    with_source: BTreeMap<(&'a SourceName, &'a NativeIdentity), AccountKey>,
}

impl<'a> UndeclaredKeys<'a> {
    /// The keys of all undeclared accounts of managed sources.
    pub(crate) fn of(spec: &'a Spec, live: &'a Live) -> Self {
        // The ids on one source are unique, and its declared rows have them as keys.
        if spec.sources.len() < 2 {
            return Self::default();
        }
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        let undeclared: Vec<(&SourceName, &NativeIdentity)> = spec
            .sources
            .iter()
            .filter(|(_, source)| source.managed().is_some())
            .filter_map(|(name, _)| Some((name, live.sources.get(name)?.found().as_ref()?)))
            .flat_map(|(name, source)| {
                let accounts: &'a Collection<Vec<LiveAccount>> = &source.accounts;
                undeclared(spec, name, accounts.found())
            })
            .collect();
        for (_, id) in &undeclared {
            *times.entry(id.as_str()).or_default() += 1;
        }
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut with_source = BTreeMap::new();
        for (source, id) in undeclared {
            let is_taken = |key: &str| spec.accounts.contains_key(key);
            if !is_taken(id.as_str()) && times.get(id.as_str()) == Some(&1) {
                continue;
            }
            let mut key = format!("{source}/{id}");
            while is_taken(&key) || times.contains_key(key.as_str()) || used.contains(&key) {
                key.push('\'');
            }
            used.insert(key.clone());
            with_source.insert((source, id), AccountKey::new(key));
        }
        Self { with_source }
    }

    /// What an undeclared account of a source is called.
    pub(crate) fn key(&self, source: &SourceName, account: &LiveAccount) -> AccountKey {
        self.with_source
            .get(&(source, &account.native_identity))
            .cloned()
            .unwrap_or_else(|| AccountKey::new(account.native_identity.as_str()))
    }
}

fn undeclared<'a>(
    spec: &'a Spec,
    name: &'a SourceName,
    accounts: &'a [LiveAccount],
) -> impl Iterator<Item = (&'a SourceName, &'a NativeIdentity)> {
    accounts
        .iter()
        .map(|account| &account.native_identity)
        .filter(move |id| {
            // A declared row has its id as its key.
            spec.accounts
                .get(id.as_str())
                .is_none_or(|declared| declared.source != *name || declared.row.is_none())
        })
        .map(move |id| (name, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{
        SOURCE, account, applied_tenant, guide, live_account, source_mut,
    };
    use model::SourceSpec;

    #[test]
    fn planner_06_keys_are_unique_whatever_the_ids_are() {
        let (mut spec, mut live) = (guide(), applied_tenant());
        let second = managed_copy(&spec);
        spec.sources.insert("Second".into(), second);
        let mut other = source_mut(&mut live).clone();
        other.name = "Second".into();
        let rows = |ids: &[&str]| {
            let rows = ids.iter().map(|id| live_account(id, id, "i"));
            Collection::Complete(rows.collect())
        };
        source_mut(&mut live).accounts = rows(&["SA-001", "X", "Y", "svc", "Second/X"]);
        other.accounts = rows(&["X", "SA-001", "Z"]);
        live.sources
            .insert("Second".into(), Collection::Complete(Some(other)));
        // On a source that others manage an account is called by its name.
        let mut named = account("svc", "svc");
        named.source = "Directory".into();
        named.row = None;
        spec.sources
            .insert("Directory".into(), SourceSpec::Unmanaged);
        spec.accounts.insert(named.key.clone(), named);

        let keys = UndeclaredKeys::of(&spec, &live);
        let key = |source: &str, id: &str| {
            let key = keys.key(&source.into(), &live_account(id, id, "i"));
            key.to_string()
        };
        let (first, second) = (SOURCE, "Second");
        for (source, id, expected) in [
            (first, "X", "Service Accounts/X"),
            (first, "Y", "Y"),
            (first, "svc", "Service Accounts/svc"),
            (first, "Second/X", "Second/X"),
            (second, "X", "Second/X'"),
            (second, "SA-001", "Second/SA-001"),
            (second, "Z", "Z"),
        ] {
            assert_eq!(key(source, id), expected, "{source} {id}");
        }
    }

    fn managed_copy(spec: &Spec) -> SourceSpec {
        spec.sources.values().next().unwrap().clone()
    }
}
