//! Plans tokens that the account does not declare: reported, or revoked by policy or after their overlap.

use super::blocked::{
    block_kept_without_successor, block_not_asked, block_own_token, block_still_used,
    block_store_unreadable,
};
use super::revoke::revoke;
use crate::claims::{Claims, KnownClaims};
use crate::classify::delivery::Delivery;
use crate::classify::handover::Handover;
use crate::classify::undeclared_token::{self, Claim, Context, Successor, UndeclaredTokenOutcome};
use crate::draft::{Draft, StepExt};
use crate::phases::identity::{block_doubt, block_ownership_unknown};
use crate::view::View;
use jiff::{SignedDuration, Timestamp};
use model::ownership::Ownership;
use model::{
    Address, Live, LiveToken, Operation, Overlap, Reason, Spec, StoreKey, StoredToken, TokenName,
    TokenSpec, Unasked, Unmanaged, retiring,
};
use std::collections::BTreeMap;

/// What the undeclared tokens of an account are planned from.
pub(super) struct Undeclared<'a> {
    pub(super) spec: &'a Spec,
    pub(super) live: &'a Live,
    pub(super) claims: &'a KnownClaims<'a>,
    pub(super) view: &'a View<'a>,
    /// The tokens of the account's identity, by name.
    pub(super) by_name: &'a BTreeMap<&'a TokenName, &'a LiveToken>,
    /// What the places of the declared tokens hold.
    pub(super) deliveries: &'a BTreeMap<&'a TokenName, Delivery<'a>>,
    /// Whether the account declares an issuer and none is usable.
    pub(super) lacks_issuer: bool,
    pub(super) now: Timestamp,
}

impl Undeclared<'_> {
    /// Plans a token of the account's identity, unless a declared account
    /// claims it. Requires
    /// that the declared tokens are planned.
    pub(super) fn plan(&self, draft: &mut Draft, token: &LiveToken) {
        let outcome = self.outcome(draft, token);
        self.carry_out(draft, token, outcome);
    }

    /// Plans the revocation of a token that goes whatever else is planned, and
    /// returns its address; none for any other token, which is planned later.
    pub(super) fn revoke_first(&self, draft: &mut Draft, token: &LiveToken) -> Option<Address> {
        let outcome = self.outcome(draft, token);
        let goes = match outcome {
            UndeclaredTokenOutcome::Revoked
            | UndeclaredTokenOutcome::OverlapOver {
                after: None,
                assumes_successor: _,
            } => token.id != self.live.caller.client_id,
            _ => false,
        };
        if !goes {
            return None;
        }
        self.carry_out(draft, token, outcome);
        Some(Address::Token(
            self.view.spec.key.clone(),
            token.name.clone(),
        ))
    }

    fn outcome<'a>(&'a self, draft: &Draft, token: &LiveToken) -> UndeclaredTokenOutcome<'a> {
        let context = Context {
            claim: self.claim(token),
            doubt: self.view.doubt(),
            is_unknown: self.view.ownership == Some(Ownership::Unknown),
            unknown_issuer: match self.claims {
                Ok(claims) => claims.unknown_issuer(&token.owner),
                Err(_) => None,
            },
            lacks_issuer: self.lacks_issuer,
            policy: self.spec.policy.unmanaged_tokens,
            now: self.now,
        };
        undeclared_token::classify(token, context, |name| self.successor(draft, token, name))
    }

    fn carry_out(&self, draft: &mut Draft, token: &LiveToken, outcome: UndeclaredTokenOutcome<'_>) {
        let address = Address::Token(self.view.spec.key.clone(), token.name.clone());
        match outcome {
            UndeclaredTokenOutcome::OverlapOver { .. } | UndeclaredTokenOutcome::Revoked
                if token.id == self.live.caller.client_id =>
            {
                block_own_token(draft, address, token);
            }
            UndeclaredTokenOutcome::Claimed | UndeclaredTokenOutcome::Retiring => {}
            UndeclaredTokenOutcome::KeptWithoutSuccessor => {
                let place = self.place_of_successor(token);
                block_kept_without_successor(draft, address, self.view, token, place);
            }
            UndeclaredTokenOutcome::StillUsed(until) => {
                let place = self.place_of_successor(token);
                block_still_used(draft, address, token, place, until);
            }
            UndeclaredTokenOutcome::OverlapOver {
                after,
                assumes_successor,
            } => {
                let is_used =
                    self.is_declared_retiring(token) && self.is_used_since_replaced(token);
                let reason = if is_used {
                    Reason::OverlapOverInUse
                } else {
                    Reason::OverlapOver
                };
                let step = revoke(draft, address, token, reason).after(after);
                if let Operation::RevokeToken { kept_in, .. } = &mut step.operation {
                    *kept_in = kept_in_document(self.view, token);
                }
                if assumes_successor {
                    step.assuming = self
                        .place_of_successor(token)
                        .cloned()
                        .into_iter()
                        .collect();
                }
            }
            UndeclaredTokenOutcome::Revoked => {
                revoke(draft, address, token, Reason::NotDeclared);
            }
            UndeclaredTokenOutcome::ClaimsUnread(unread) => {
                draft.block_unread(address, &unread.collection(), &unread.why);
            }
            UndeclaredTokenOutcome::Doubted(doubt) => block_doubt(draft, address, self.view, doubt),
            UndeclaredTokenOutcome::OwnershipUnknown => {
                block_ownership_unknown(draft, address, self.view, &token.owner);
            }
            UndeclaredTokenOutcome::StoreUnreadable(why) => {
                block_store_unreadable(draft, address, &self.view.spec.name, why);
            }
            UndeclaredTokenOutcome::SuccessorNotAsked => {
                let place = self.place_of_successor(token);
                block_not_asked(draft, address, place.map(|place| &place.store));
            }
            UndeclaredTokenOutcome::StoreNotAsked => {
                let stores = self.view.spec.issuer.iter().map(|place| &place.store);
                block_not_asked(draft, address, stores);
            }
            UndeclaredTokenOutcome::IssuerOrReported => draft.may_be_issuers.push(address),
            UndeclaredTokenOutcome::Reported | UndeclaredTokenOutcome::MayBeIssuer => {
                draft.unmanaged.push(Unmanaged {
                    address,
                    name: token.name.to_string(),
                    source: None,
                    holds: None,
                });
            }
        }
    }

    fn claim(&self, token: &LiveToken) -> Claim<'_> {
        let account = self.view.spec;
        let of_this_account = self.view.issuer_id() == Some(&token.id)
            || account
                .tokens
                .as_ref()
                .is_some_and(|tokens| tokens.contains_key(&token.name));
        match self.claims {
            Ok(claims) if claims.token(&token.owner, &token.name, &token.id) => Claim::Claimed,
            // The account that declares its successor knows whether it is delivered.
            Ok(claims) if self.is_retired_by_another(claims, token) => Claim::Claimed,
            Ok(claims) => match claims.unlisted_owner(token) {
                Some(unread) => Claim::Unread(unread),
                None => Claim::Unclaimed,
            },
            Err(_) if of_this_account => Claim::Claimed,
            Err(unread) => Claim::Unread(unread),
        }
    }

    /// Whether a token was replaced by one that only another account of the identity declares.
    fn is_retired_by_another(&self, claims: &Claims<'_>, token: &LiveToken) -> bool {
        let Some((name, _)) = retiring::parse(&token.name, &token.id) else {
            return false;
        };
        let declared = self.view.spec.tokens.as_ref();
        !declared.is_some_and(|tokens| tokens.contains_key(&name))
            && claims.declares(&token.owner, &name)
    }

    /// The state of the token that has taken a retiring one's earlier name.
    fn successor(&self, draft: &Draft, token: &LiveToken, name: &TokenName) -> Successor {
        let account = self.view.spec;
        let declared = account.tokens.as_ref().and_then(|tokens| tokens.get(name));
        let Some(wanted) = declared else {
            // What uses it does not know that its declaration was removed.
            let kept = self.kept_for_use(token);
            return kept.map_or(Successor::NotDeclared, Successor::StillNeeded);
        };
        let exists = self
            .by_name
            .get(name)
            .is_some_and(|successor| !self.live.stores.lost_tokens.contains(&successor.id));
        let delivery = self.deliveries.get(name).map(|delivery| match *delivery {
            // It is where it was declared before.
            Delivery::PassedOn(Handover {
                comes_from: Some(place),
                ..
            }) => Delivery::Moved(place),
            other => other,
        });
        let address = Address::Token(account.key.clone(), name.clone());
        let kept = self.kept_for_use(token);
        match delivery.filter(|_| exists) {
            Some(
                Delivery::Delivered
                | Delivery::NotLookedUp
                | Delivery::NotAsked
                | Delivery::WriteOnly
                | Delivery::Moved(_),
            ) if self.is_young(token, name, wanted) => Successor::Young,
            // One whose place is declared elsewhere was delivered where it was declared.
            // What is in a store that cannot be read was proven before it was put there.
            Some(
                Delivery::Delivered
                | Delivery::NotLookedUp
                | Delivery::WriteOnly
                | Delivery::Moved(_),
            ) => kept.map_or(Successor::Present, Successor::StillNeeded),
            Some(Delivery::NotAsked) => match (kept, self.live.stores.unasked) {
                (Some(until), _) => Successor::StillNeeded(until),
                (None, Unasked::Assumed) => Successor::Assumed,
                (None, Unasked::Blocked) => Successor::NotAsked,
            },
            // What used the old token cannot read the new one's secret.
            Some(
                Delivery::Missing
                | Delivery::PassedOn(_)
                | Delivery::Stale(_)
                | Delivery::Foreign(_)
                | Delivery::Unreadable(_),
            )
            | None => {
                if !draft.plans(&address) {
                    Successor::Missing
                } else if wanted.overlap.min.is_zero() {
                    Successor::Planned(address)
                } else {
                    Successor::Young
                }
            }
        }
    }

    /// Whether the token that has a retiring one's earlier name exists for less than the
    /// overlap. It can be much younger than the retiring name, whose run was killed before
    /// it created one.
    fn is_young(&self, token: &LiveToken, name: &TokenName, wanted: &TokenSpec) -> bool {
        let successor = self.by_name.get(name);
        successor
            .filter(|successor| successor.created > token.created)
            .and_then(|successor| successor.created.checked_add(wanted.overlap.min).ok())
            .is_some_and(|end| end > self.now)
    }

    /// Whether the earlier name of a retiring token is declared.
    fn is_declared_retiring(&self, token: &LiveToken) -> bool {
        let before = retiring::parse(&token.name, &token.id);
        let declared = self.view.spec.tokens.as_ref();
        before
            .zip(declared)
            .is_some_and(|((name, _), declared)| declared.contains_key(&name))
    }

    /// The token that replaced a retiring one: the first of its name that was created after
    /// it. It can have been replaced, too.
    fn first_successor(&self, token: &LiveToken, name: &TokenName) -> Option<&LiveToken> {
        let tokens = self.by_name.values().copied();
        let later = tokens.filter(|later| {
            let retired = || retiring::parse(&later.name, &later.id);
            later.created >= token.created
                && later.id != token.id
                && (later.name == *name || retired().is_some_and(|(of, _)| of == *name))
        });
        let present = self.by_name.get(name).copied();
        later.min_by_key(|later| later.created).or(present)
    }

    /// Until when a retiring token is kept because it was used since its replacement; none
    /// where it was not, or where that time is over.
    fn kept_for_use(&self, token: &LiveToken) -> Option<Timestamp> {
        let (name, end) = retiring::parse(&token.name, &token.id)?;
        self.by_name.get(&name)?;
        let overlap = self.overlap_of(&name);
        let until = end.checked_add(overlap.extra()).ok()?;
        (self.is_used_since_replaced(token) && until > self.now).then_some(until)
    }

    /// Whether a retiring token was used since it was replaced.
    ///
    /// The token that replaced it says when that was. It can have been replaced itself and be
    /// gone: then the day in the name says it, so that what is in use stays so.
    fn is_used_since_replaced(&self, token: &LiveToken) -> bool {
        let Some((name, end)) = retiring::parse(&token.name, &token.id) else {
            return false;
        };
        let Some(successor) = self.first_successor(token, &name) else {
            return false;
        };
        // One that has its name again has not replaced it.
        if successor.created < token.created {
            return false;
        }
        let latest = end.checked_sub(self.overlap_of(&name).min).ok();
        let replaced = match latest {
            Some(latest) if successor.created > latest => {
                latest.checked_sub(SignedDuration::from_hours(24)).ok()
            }
            Some(_) | None => Some(successor.created),
        };
        // ISC says the last use to the day at best, so a use of the same day counts only
        // where its time is later.
        let used = token.last_used;
        used.zip(replaced)
            .is_some_and(|(used, replaced)| used > replaced)
    }

    /// The overlap that is declared for a token.
    fn overlap_of(&self, name: &TokenName) -> Overlap {
        let declared = self.view.spec.tokens.as_ref();
        let declared = declared.and_then(|tokens| tokens.get(name));
        declared.map_or_else(Overlap::default, |wanted| wanted.overlap)
    }

    /// Where the secret of the token that has taken a retiring one's earlier name is.
    fn place_of_successor(&self, token: &LiveToken) -> Option<&StoreKey> {
        let (name, _) = retiring::parse(&token.name, &token.id)?;
        let declared = self.view.spec.tokens.as_ref()?;
        declared.get(&name).map(|wanted| &wanted.deliver)
    }
}

/// The place of the document that keeps the secret of a retiring token beside that of its
/// successor.
pub(crate) fn kept_in_document(view: &View<'_>, token: &LiveToken) -> Option<StoreKey> {
    let (name, _) = retiring::parse(&token.name, &token.id)?;
    let wanted = view.spec.tokens.as_ref()?.get(&name)?;
    match view.stored(wanted)? {
        StoredToken::Present {
            previous: Some(previous),
            ..
        } if *previous == token.id => Some(wanted.deliver.clone()),
        StoredToken::Present { .. }
        | StoredToken::Absent
        | StoredToken::Elsewhere { .. }
        | StoredToken::NotAsked
        | StoredToken::WriteOnly
        | StoredToken::Foreign { .. }
        | StoredToken::Unreadable { .. } => None,
    }
}
