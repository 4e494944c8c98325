//! The user names that identities of accounts are to get, for which it is looked up whether
//! another identity has them.
//!
//! ISC gives a user name to one identity of the tenant. Where a person has it whose account
//! is on none of the declared sources, no row shows that.

use crate::lookup::Lookup;
use crate::uid::{mapped_from_row, observed_user_name};
use model::{
    AccountSpec, Collection, IdentityNames, Live, LiveAccount, LiveSource, NativeIdentity,
    SourceName, Spec,
};
use std::collections::BTreeSet;

/// The user names that the tenant has to be asked for.
pub fn sought_user_names(spec: &Spec, live: &Live) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, source) in &spec.sources {
        let Some(managed) = source.managed() else {
            continue;
        };
        let Some(Ok(observed)) = live.sources.get(name).map(Collection::complete) else {
            continue;
        };
        let observed = observed.as_ref();
        let has_profile = observed.is_some_and(|source| source.profile.found().is_some());
        if managed.identity_profile.is_some() || has_profile {
            names.extend(of_source(spec, live, name, observed));
        }
    }
    names
}

fn of_source<'a>(
    spec: &'a Spec,
    live: &'a Live,
    name: &'a SourceName,
    observed: Option<&'a LiveSource>,
) -> Vec<String> {
    let accounts = match observed.map(|source| source.accounts.complete()) {
        // No row is planned.
        Some(Err(_)) => return Vec::new(),
        Some(Ok(accounts)) => accounts.as_slice(),
        None => &[],
    };
    let found: Lookup<&NativeIdentity, &LiveAccount> = accounts
        .iter()
        .map(|account| (&account.native_identity, account))
        .collect();
    let new = |account: &AccountSpec| {
        let row = account.row.as_ref()?;
        let user_name = mapped_from_row(spec, live, name, row, "uid")?;
        let there = found.get(&row.id).filter(|there| there.identity.is_some());
        let has = there.and_then(|there| observed_user_name(observed?, there));
        let keeps = has.is_some_and(|has| IdentityNames::is_same(has, &user_name));
        (!keeps).then_some(user_name)
    };
    spec.accounts_of(name).filter_map(new).collect()
}
