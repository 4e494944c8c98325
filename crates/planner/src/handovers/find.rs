//! Finds the places that declared tokens pass on: by the documents that are there, or by the journal.

use crate::classify::delivery::{Delivery, Foreign};
use crate::classify::handover::{Bar, Handover, Undeclared};
use crate::index::Index;
use crate::view::View;
use model::{
    AccountKey, Address, DeliveredThere, IdentityId, LiveToken, OtherSecret, StoreKey, StoredToken,
    TokenId, TokenName, TokenSpec, retiring,
};
use std::collections::BTreeMap;

/// A declared token of a tenant whose tokens were all read.
#[derive(Clone, Copy)]
struct Own<'a> {
    view: &'a View<'a>,
    wanted: &'a TokenSpec,
    /// The account's identity.
    identity: &'a IdentityId,
}

/// All places that are passed on, by the address of the token that comes.
pub(super) fn all<'a>(index: &'a Index<'a>, views: &'a [View<'a>]) -> BTreeMap<Address, Handover> {
    let mut found = BTreeMap::new();
    // What is not known to have been revoked may work.
    if index.live.tokens.complete().is_err() || index.live.stores.tokens.is_empty() {
        return found;
    }
    // Nearly always there is none.
    if !views.iter().any(may_be_passed_on) {
        return found;
    }
    let mut by_identity: BTreeMap<&IdentityId, Vec<&View<'_>>> = BTreeMap::new();
    let mut by_key: BTreeMap<&AccountKey, &View<'_>> = BTreeMap::new();
    for view in views {
        by_key.insert(&view.spec.key, view);
        if let Some(identity) = view.own_identity() {
            by_identity.entry(identity).or_default().push(view);
        }
    }
    for view in views {
        let Some(identity) = view.own_identity() else {
            continue;
        };
        for wanted in view.spec.tokens.iter().flat_map(model::TokenSpecs::values) {
            let own = Own {
                view,
                wanted,
                identity,
            };
            let handover = match view.stored(wanted) {
                Some(StoredToken::Foreign { .. } | StoredToken::Present { .. }) => {
                    read(index, &by_identity, own)
                }
                Some(StoredToken::WriteOnly | StoredToken::Elsewhere { is_read: false, .. }) => {
                    written(index, (&by_key, &by_identity), own)
                }
                Some(
                    StoredToken::Absent
                    | StoredToken::Elsewhere { is_read: true, .. }
                    | StoredToken::NotAsked
                    | StoredToken::Unreadable { .. },
                )
                | None => None,
            };
            if let Some(handover) = handover {
                found.insert(own.address(), handover);
            }
        }
    }
    found
}

/// Whether a place of the account may hold the secret of another declared token.
fn may_be_passed_on(view: &View<'_>) -> bool {
    let mut wanted = view.spec.tokens.iter().flat_map(model::TokenSpecs::values);
    wanted.any(|wanted| match view.stored(wanted) {
        Some(
            StoredToken::Foreign { of: Some(_), .. }
            | StoredToken::Present {
                says_own: false, ..
            }
            | StoredToken::WriteOnly
            | StoredToken::Elsewhere { is_read: false, .. },
        ) => true,
        Some(
            StoredToken::Foreign { of: None, .. }
            | StoredToken::Present { says_own: true, .. }
            | StoredToken::Absent
            | StoredToken::Elsewhere { is_read: true, .. }
            | StoredToken::NotAsked
            | StoredToken::Unreadable { .. },
        )
        | None => false,
    })
}

/// A place that was read, and holds the secret of another declared token.
fn read<'a>(
    index: &'a Index<'a>,
    by_identity: &BTreeMap<&'a IdentityId, Vec<&'a View<'a>>>,
    own: Own<'a>,
) -> Option<Handover> {
    let live = own.live(index);
    let Delivery::Foreign(foreign) = own.delivery(live) else {
        return None;
    };
    let said = match own.view.stored(own.wanted) {
        Some(StoredToken::Foreign { why: _, of }) => Some(of.as_deref()?),
        _ => None,
    };
    let other = match (foreign, said) {
        (Foreign::IsOf(other), _) => Some(other),
        (_, Some(said)) => index.token(&said.client_id),
        _ => return None,
    };
    let from = match (other, said) {
        (Some(other), _) => declared(by_identity, &other.owner, &name_of(other)),
        // The token was revoked, and the document says whose it was.
        (None, Some(said)) => said_of(by_identity, said),
        (None, None) => None,
    }?;
    if from.address() == own.address() || from.wanted.deliver == own.wanted.deliver {
        return None;
    }
    let client_id = other.map_or_else(|| said.map(|said| &said.client_id), |other| Some(&other.id));
    let comes_from = said
        .and_then(|said| said.declared_one.as_ref())
        .filter(|(_, id)| live.is_some_and(|live| live.id == *id))
        .map(|(place, _)| place.clone());
    let is_at = other.map(|other| where_is(index, from, Some(&other.id)));
    Some(Handover {
        from: from.address(),
        to: from.wanted.deliver.clone(),
        client_id: client_id.cloned(),
        comes_from,
        waits: is_at == Some(Whereabouts::NotThere),
        undeclared: None,
        barred: (is_at == Some(Whereabouts::Both)).then_some(Bar::Both),
    })
}

/// A place that cannot be read, where the journal says that another token was delivered to
/// last.
fn written<'a>(
    index: &'a Index<'a>,
    (by_key, by_identity): (
        &BTreeMap<&'a AccountKey, &'a View<'a>>,
        &BTreeMap<&'a IdentityId, Vec<&'a View<'a>>>,
    ),
    own: Own<'a>,
) -> Option<Handover> {
    let before = index.live.stores.passed_on.get(&own.address())?;
    let mut found: Vec<Handover> = Vec::new();
    let comes_from = match own.view.stored(own.wanted) {
        Some(StoredToken::Elsewhere { at, .. }) => Some(at.clone()),
        _ => None,
    };
    let handover = |from: Address, to: &StoreKey, waits, undeclared| Handover {
        from,
        to: to.clone(),
        client_id: None,
        comes_from: comes_from.clone(),
        waits,
        undeclared,
        barred: None,
    };
    for there in before {
        if let Some(from) = at_address(by_key, &there.address) {
            // The secret of a token that was revoked is of no use.
            let waits = from.is_alive(index) && where_is(index, from, None) != Whereabouts::Left;
            found.push(handover(from.address(), &from.wanted.deliver, waits, None));
            continue;
        }
        for token in delivered_there(index, there) {
            match declared(by_identity, &token.owner, &name_of(token)) {
                // Its account had another `id`.
                Some(from) if from.address() == own.address() => {}
                Some(from) => {
                    let waits = match from.live(index) {
                        // It was replaced since.
                        Some(live) if live.id != token.id => {
                            index.live.stores.lost_tokens.contains(&live.id)
                        }
                        Some(_) | None => where_is(index, from, None) != Whereabouts::Left,
                    };
                    found.push(handover(from.address(), &from.wanted.deliver, waits, None));
                }
                None => {
                    let undeclared = Undeclared {
                        id: token.id.clone(),
                        name: token.name.clone(),
                        identity: token.owner.clone(),
                    };
                    let address = there.address.clone();
                    found.push(handover(
                        address,
                        &own.wanted.deliver,
                        true,
                        Some(undeclared),
                    ));
                }
            }
        }
    }
    let waiting = found.iter().filter(|one| one.waits).count();
    let first = found.iter().position(|one| one.waits).unwrap_or_default();
    let mut one = (first < found.len()).then(|| found.swap_remove(first))?;
    // Which of them has the place is not known.
    if waiting > 1 {
        one.barred = Some(match one.undeclared {
            Some(_) => Bar::Undeclared,
            None => Bar::Kept,
        });
    }
    Some(one)
}

/// The declared token at an address.
fn at_address<'a>(
    by_key: &BTreeMap<&'a AccountKey, &'a View<'a>>,
    address: &Address,
) -> Option<Own<'a>> {
    let Address::Token(account, name) = address else {
        return None;
    };
    let view = by_key.get(account).copied()?;
    Some(Own {
        view,
        wanted: view.spec.tokens.as_ref()?.get(name)?,
        identity: view.own_identity()?,
    })
}

/// The tokens that may be the one that an earlier run delivered: that of its id, or all of its
/// name, where the journal does not know the id. One that was revoked is not among them.
fn delivered_there<'a>(index: &'a Index<'a>, there: &DeliveredThere) -> Vec<&'a LiveToken> {
    match (&there.token, &there.address) {
        (Some(id), _) => index.token(id).into_iter().collect(),
        (None, Address::Token(_, name)) => {
            let all = index.live.tokens.complete().into_iter().flatten();
            let all = all.filter(|token| !token.managed && name_of(token) == *name);
            all.collect()
        }
        (None, _) => Vec::new(),
    }
}

impl<'a> Own<'a> {
    fn address(self) -> Address {
        Address::Token(self.view.spec.key.clone(), self.wanted.name.clone())
    }

    /// The token of the declared name.
    fn live(self, index: &'a Index<'a>) -> Option<&'a LiveToken> {
        let all = index.tokens(self.identity).ok()?;
        let mut named = all.iter().filter(|token| !token.managed);
        named.find(|token| token.name == self.wanted.name).copied()
    }

    /// Whether a token of the declared name works, or one that a run was about to replace:
    /// where that was interrupted, the secret of the retiring one is all that there is.
    fn is_alive(self, index: &Index<'_>) -> bool {
        let all = index.tokens(self.identity).unwrap_or_default().iter();
        let mut all = all.filter(|token| !token.managed);
        all.any(|token| name_of(token) == self.wanted.name)
    }

    fn delivery(self, live: Option<&LiveToken>) -> Delivery<'a> {
        self.view.delivery(self.identity, self.wanted, live)
    }
}

/// Where the present secret of a token is that passes its place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whereabouts {
    /// Where it is declared, or was before; not in the place that it passes on.
    Left,
    /// Where it is declared and in the place that it passes on, which could be one entry.
    Both,
    /// Not known to be where it is declared.
    NotThere,
}

/// Where the present secret of a token is. `there` is the client id of the secret in the
/// place that it passes on, where that can be read.
fn where_is<'a>(index: &'a Index<'a>, from: Own<'a>, there: Option<&TokenId>) -> Whereabouts {
    let Some(live) = from.live(index) else {
        return Whereabouts::NotThere;
    };
    if index.live.stores.lost_tokens.contains(&live.id) {
        return Whereabouts::NotThere;
    }
    let is_one_before = there.map(|there| *there != live.id);
    // What is left in the place is of no use where the present secret is in a third one. No
    // token is delivered there either before this one has left.
    let is_in_a_third = match from.view.stored(from.wanted) {
        Some(StoredToken::Foreign { of: Some(of), .. }) => {
            let there = of.declared_one.as_ref();
            there.is_some_and(|(_, id)| *id == live.id)
        }
        Some(StoredToken::Elsewhere { client_id, .. }) => *client_id == live.id,
        _ => false,
    };
    if is_in_a_third && is_one_before == Some(true) {
        return Whereabouts::Left;
    }
    match (from.delivery(Some(live)), is_one_before) {
        (Delivery::Delivered, Some(false)) => Whereabouts::Both,
        // The second was delivered to where it cannot be read, if the secret that is left
        // in the place is one before.
        (Delivery::Delivered, Some(true) | None) | (Delivery::WriteOnly, Some(true)) => {
            Whereabouts::Left
        }
        (
            Delivery::WriteOnly
            | Delivery::NotLookedUp
            | Delivery::NotAsked
            | Delivery::Unreadable(_)
            | Delivery::Foreign(_)
            | Delivery::PassedOn(_)
            | Delivery::Missing
            | Delivery::Moved(_)
            | Delivery::Stale(_),
            _,
        ) => Whereabouts::NotThere,
    }
}

/// The name of a token before it was replaced.
fn name_of(token: &LiveToken) -> TokenName {
    retiring::parse(&token.name, &token.id).map_or_else(|| token.name.clone(), |(name, _)| name)
}

/// The declared token of this name of an identity.
fn declared<'a>(
    by_identity: &BTreeMap<&'a IdentityId, Vec<&'a View<'a>>>,
    identity: &IdentityId,
    name: &TokenName,
) -> Option<Own<'a>> {
    let (identity, views) = by_identity.get_key_value(identity)?;
    views.iter().find_map(|view| {
        let wanted = view.spec.tokens.as_ref()?.get(name)?;
        Some(Own {
            view,
            wanted,
            identity,
        })
    })
}

/// The declared token that a document says it is of.
fn said_of<'a>(
    by_identity: &BTreeMap<&'a IdentityId, Vec<&'a View<'a>>>,
    said: &OtherSecret,
) -> Option<Own<'a>> {
    declared(by_identity, said.identity.as_ref()?, said.token.as_ref()?)
}
