//! Places that declared tokens pass on to each other: whose secret is there.

use super::Stores;
use crate::journal::{Earlier, Target};
use model::{Address, DeliveredThere, OtherSecret, Readable, SecretDocument, Spec, StoreKey};
use std::collections::{BTreeMap, BTreeSet};

/// Whose the secret of a document is; none where it is not surely of this tenant.
pub(super) fn other_secret(stores: &Stores, document: SecretDocument) -> Option<OtherSecret> {
    let SecretDocument {
        credential,
        base_url,
        account,
        identity,
        token,
        // They do not say whose it is.
        scopes: _,
        created: _,
        expires: _,
        replaces: _,
        rotation: _,
        previous: _,
    } = document;
    base_url
        .is_some_and(|base_url| stores.is_of_tenant(&base_url))
        .then_some(OtherSecret {
            client_id: credential.client_id,
            account,
            identity,
            token,
            declared_one: None,
        })
}

/// The declared tokens whose place cannot be read, each with the tokens that earlier runs
/// delivered there last, and that no file declares there by now: they are declared elsewhere,
/// under another `id` of their account, or not at all. Only the journal knows of it.
pub(super) fn passed_on(
    spec: &Spec,
    stores: &Stores,
    earlier: &Earlier,
) -> BTreeMap<Address, BTreeSet<DeliveredThere>> {
    let places: BTreeMap<Address, &StoreKey> = declared(spec).collect();
    let write_only: Vec<(&Address, &StoreKey)> = places
        .iter()
        .map(|(address, place)| (address, *place))
        .filter(|(_, place)| stores.readable(&place.store) == Readable::WriteOnly)
        .collect();
    if write_only.is_empty() {
        return BTreeMap::new();
    }
    let mut moved: BTreeMap<Target, BTreeSet<DeliveredThere>> = BTreeMap::new();
    for (address, place) in &earlier.delivered {
        let Address::Token(..) = address else {
            continue;
        };
        let target = target(earlier, address, place);
        let declared = places.get(address);
        if !declared.is_some_and(|place| leads_to(stores, &target, place)) {
            let token = earlier.created.get(address);
            let there = DeliveredThere {
                address: address.clone(),
                token: token.map(|created| created.token.clone()),
            };
            moved.entry(target).or_default().insert(there);
        }
    }
    let mut found = BTreeMap::new();
    for (address, place) in write_only {
        let own = earlier.delivered.get(address);
        if own.is_some_and(|last| leads_to(stores, &target(earlier, address, last), place)) {
            continue;
        }
        let by_target = stores.target(place).map(Target::Place);
        let before: BTreeSet<DeliveredThere> = by_target
            .into_iter()
            .chain([Target::Named(place.clone())])
            .filter_map(|target| moved.get(&target))
            .flatten()
            .filter(|other| other.address != *address)
            .cloned()
            .collect();
        if !before.is_empty() {
            found.insert(address.clone(), before);
        }
    }
    found
}

/// The declared tokens with their places.
fn declared(spec: &Spec) -> impl Iterator<Item = (Address, &StoreKey)> {
    spec.accounts.values().flat_map(|account| {
        let tokens = account.tokens.iter().flat_map(model::TokenSpecs::values);
        tokens.map(|wanted| {
            let address = Address::Token(account.key.clone(), wanted.name.clone());
            (address, &wanted.deliver)
        })
    })
}

/// Where the token at this address was delivered to last. `place` is what the files called it.
fn target(earlier: &Earlier, address: &Address, place: &StoreKey) -> Target {
    let created = earlier.created.get(address);
    let target = created.and_then(|created| created.target.clone());
    target.map_or_else(|| Target::Named(place.clone()), Target::Place)
}

/// Whether a place is that of the journal, whatever the files call its store.
fn leads_to(stores: &Stores, target: &Target, place: &StoreKey) -> bool {
    match target {
        Target::Place(digest) => stores.target(place).as_ref() == Some(digest),
        Target::Named(named) => named == place,
    }
}
