//! The addresses that a pattern of a selection can match.

use crate::draft::Draft;
use model::{AccountSpec, Address, SourceSpec, Spec};
use std::collections::BTreeSet;

/// All addresses that a pattern can be meant for.
pub(super) fn everything(spec: &Spec, draft: &Draft) -> BTreeSet<Address> {
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
    all.extend(spec.accounts.values().flat_map(of_account));
    let Draft {
        steps,
        blocked,
        unmanaged,
        may_be_issuers,
        problems,
        incomplete: _,
        deliveries: _,
        planned: _,
        remapped: _,
        without_identity: _,
        profile_rank: _,
        delivery_rank: _,
        held: _,
        unsettled: _,
        following: _,
    } = draft;
    all.extend(steps.iter().map(|step| step.address.clone()));
    all.extend(blocked.iter().map(|blocked| blocked.address.clone()));
    all.extend(unmanaged.iter().map(|unmanaged| unmanaged.address.clone()));
    all.extend(may_be_issuers.iter().cloned());
    all.extend(problems.iter().map(|problem| problem.address.clone()));
    all
}

/// The addresses of a declared account: row, invitation, levels, issuer token and tokens.
pub(super) fn of_account(account: &AccountSpec) -> impl Iterator<Item = Address> {
    let key = &account.key;
    [
        Address::Account(key.clone()),
        Address::Invitation(key.clone()),
        Address::Levels(key.clone()),
    ]
    .into_iter()
    .chain(account.issuer.iter().map(|_| Address::Issuer(key.clone())))
    .chain(
        account
            .tokens
            .iter()
            .flat_map(model::TokenSpecs::keys)
            .map(|name| Address::Token(key.clone(), name.clone())),
    )
}
