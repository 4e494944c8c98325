//! Plans the issuer token of an account: its replacement, and what interrupted runs left.

use super::blocked::{block_no_issuer, block_no_slot, block_own_token};
use super::fields::end_text;
use super::revoke::revoke;
use crate::claims::KnownClaims;
use crate::classify::issuer::IssuerOutcome;
use crate::classify::issuer_renewal::{self, IN_FLIGHT, Kinship, Known, Renewal};
use crate::draft::{Draft, NewStep, StepExt};
use crate::issuer_replacement::issuer_replacement;
use crate::phases::identity::{block_doubt, block_ownership_unknown};
use crate::stage::enroll;
use crate::view::View;
use jiff::Timestamp;
use model::ownership::Ownership;
use model::{
    Action, Address, BlockedReason, Fields, IdentityId, IssuerCause, IssuerState, Live, LiveToken,
    Operation, Reason, TokenId, Unmanaged, Who, issuer_name,
};
use serde_json::json;
use std::collections::BTreeSet;

/// The issuer token of one account.
pub(super) struct Issuers<'a, 't> {
    pub(super) live: &'a Live,
    pub(super) claims: &'a KnownClaims<'a>,
    pub(super) view: &'t View<'a>,
    pub(super) owner: &'a IdentityId,
    pub(super) outcome: IssuerOutcome<'a>,
    /// The tokens of the identity, those of SailPoint left out.
    pub(super) tokens: &'t [&'a LiveToken],
    pub(super) now: Timestamp,
}

/// Tokens that interrupted runs left beside the issuer token.
#[derive(Default)]
pub(super) struct Leftovers<'a> {
    /// All of them. No other rule plans them.
    pub(super) tokens: BTreeSet<&'a TokenId>,
    /// The steps that revoke them.
    pub(super) revoked: Vec<Address>,
    /// The steps that revoke orphans, whose name the next successor gets.
    orphans: Vec<Address>,
    in_flight: Option<&'a LiveToken>,
}

impl<'a> Issuers<'a, '_> {
    /// Plans what interrupted runs left.
    pub(super) fn plan_leftovers(&self, draft: &mut Draft) -> Leftovers<'a> {
        let mut leftovers = Leftovers::default();
        if !self.is_certain() {
            self.plan_unstored(draft, &mut leftovers);
            return leftovers;
        }
        let lives = issuer_renewal::lives(self.view.issuer, self.tokens, self.now);
        for token in self.tokens {
            let is_lost = self.live.stores.lost_tokens.contains(&token.id);
            let kinship = issuer_renewal::kinship(
                token,
                self.owner,
                self.view.issuer,
                (lives, is_lost),
                self.now,
            );
            let reason = match kinship {
                _ if self.is_claimed(token) => continue,
                Kinship::None => continue,
                Kinship::Successor => {
                    leftovers.tokens.insert(&token.id);
                    leftovers.in_flight = Some(token);
                    continue;
                }
                Kinship::Newer => {
                    leftovers.tokens.insert(&token.id);
                    draft.unmanaged.push(Unmanaged {
                        address: Address::Token(self.view.spec.key.clone(), token.name.clone()),
                        name: token.name.to_string(),
                        source: None,
                        holds: None,
                    });
                    continue;
                }
                Kinship::Predecessor => Reason::IssuerReplaced,
                Kinship::Orphan => Reason::SecretLost,
            };
            leftovers.tokens.insert(&token.id);
            let address = Address::Token(self.view.spec.key.clone(), token.name.clone());
            if token.id == self.live.caller.client_id {
                block_own_token(draft, address, token);
                continue;
            }
            revoke(draft, address.clone(), token, reason);
            if kinship == Kinship::Orphan {
                leftovers.orphans.push(address.clone());
            }
            leftovers.revoked.push(address);
        }
        leftovers
    }

    /// Plans what an enrollment left that was interrupted before it stored the token. The
    /// store has none, so the journal alone tells that it is a leftover.
    fn plan_unstored(&self, draft: &mut Draft, leftovers: &mut Leftovers<'a>) {
        if !self.is_own() || self.claims.is_err() || *self.view.issuer != IssuerState::Absent {
            return;
        }
        self.block_elsewhere(draft);
        for token in self.tokens {
            let is_left = self.live.stores.lost_tokens.contains(&token.id)
                && issuer_name::is_reserved(&token.name)
                && token.may_issue()
                && token.id != self.live.caller.client_id;
            if is_left && !self.is_claimed(token) {
                leftovers.tokens.insert(&token.id);
                let address = Address::Token(self.view.spec.key.clone(), token.name.clone());
                revoke(draft, address.clone(), token, Reason::SecretLost);
                leftovers.revoked.push(address);
            }
        }
    }

    /// Plans the replacement of the issuer token, and returns the address of its step.
    /// `free` is how many further tokens ISC allows, `freed` are the steps that revoke
    /// tokens.
    pub(super) fn plan(
        &self,
        draft: &mut Draft,
        leftovers: &Leftovers<'a>,
        free: usize,
        freed: &[Address],
    ) -> Option<Address> {
        let place = self.view.spec.issuer.as_ref()?;
        let address = Address::Issuer(self.view.spec.key.clone());
        let requested = self.is_requested();
        if !self.is_certain() {
            if requested {
                self.block_uncertain(draft, address);
            }
            return None;
        }
        let renewal = issuer_renewal::classify(Known {
            outcome: self.outcome,
            state: self.view.issuer,
            tokens: self.tokens,
            life: self.view.spec.issuer_life,
            requested,
            tries: self.live.stores.tries.get(&address),
            in_flight: leftovers.in_flight,
            free_slots: free + freed.len(),
            now: self.now,
        });
        match renewal {
            // It was asked for, and only an issuer token that works can replace itself.
            Renewal::Keep if requested => {
                block_no_issuer(draft, address, self.view, self.outcome);
                None
            }
            Renewal::Keep => None,
            Renewal::Replace { token, cause: _ } if token.id == self.live.caller.client_id => {
                block_own_token(draft, address, token);
                None
            }
            Renewal::Replace { token, cause } => {
                self.replace(draft, address.clone(), place, (token, cause));
                draft.let_wait(&address, &leftovers.orphans);
                if free == 0 {
                    draft.let_wait(&address, freed);
                }
                Some(address)
            }
            Renewal::InFlight { successor } => {
                self.block_in_flight(draft, address, successor);
                None
            }
            Renewal::GivenUp { tries } => {
                let name = &self.view.spec.name;
                draft.block(
                    address,
                    BlockedReason::TriesUsedUp,
                    format!(
                        "the issuer token of {name} could not be replaced {} times, last on {}: {}",
                        tries.failed,
                        tries.last.strftime("%Y-%m-%d"),
                        tries.why
                    ),
                    format!(
                        "fix the cause; then change `issuer.rotation` of {name}, or {}; without that, steersman tries again a week after the last time",
                        enroll(self.view, &place.to_string())
                    ),
                    Who::Operator,
                );
                None
            }
            Renewal::NoSlot => {
                block_no_slot(draft, address, self.view, self.tokens.len(), None);
                None
            }
        }
    }

    fn replace(
        &self,
        draft: &mut Draft,
        address: Address,
        place: &model::StoreKey,
        (token, cause): (&LiveToken, IssuerCause),
    ) {
        let replacement = issuer_replacement(self.view.spec, self.owner, place, token, self.now);
        let fields = |scopes, end| {
            Fields::from_iter([
                ("scopes".to_owned(), json!(scopes)),
                ("expires".to_owned(), end_text(end)),
            ])
        };
        let before = fields(token.effective_scopes(), token.expires);
        let mut after = fields(replacement.new.scopes.clone(), replacement.new.expires);
        after.insert("deliver".to_owned(), json!(place.to_string()));
        draft
            .step(NewStep {
                address,
                action: Action::Replace,
                reason: cause.reason(),
                before: Some(before),
                after: Some(after),
                operation: Operation::ReplaceIssuer(replacement),
            })
            .observed(token.fingerprint());
    }

    /// Says that the issuer token is where an earlier run put it, and not where the files
    /// declare it now.
    fn block_elsewhere(&self, draft: &mut Draft) {
        let places = (self.view.issuer_elsewhere(), &self.view.spec.issuer);
        let (Some(at), Some(declared)) = places else {
            return;
        };
        draft.block(
            Address::Issuer(self.view.spec.key.clone()),
            BlockedReason::NoIssuer,
            format!(
                "the issuer token of {} is at {at}, and the files declare {declared}",
                self.view.spec.name
            ),
            enroll(self.view, &declared.to_string()),
            Who::Operator,
        );
    }

    fn block_in_flight(&self, draft: &mut Draft, address: Address, successor: &LiveToken) {
        let over = successor.created.checked_add(IN_FLIGHT);
        let over = over.unwrap_or(self.now).strftime("%Y-%m-%d %H:%M UTC");
        draft.block(
            address,
            BlockedReason::IssuerInFlight,
            format!(
                "another run is replacing the issuer token of {}, or was interrupted: its successor {} ({}) exists, and the store does not hold it",
                self.view.spec.name, successor.name, successor.id
            ),
            format!(
                "wait for the other run; if there is none, an apply after {over} revokes the successor and replaces the issuer token"
            ),
            Who::NextApply,
        );
    }

    /// Whether a person asked to replace it.
    fn is_requested(&self) -> bool {
        let id = self.view.issuer_id();
        let token = self.tokens.iter().find(|token| Some(&token.id) == id);
        token.is_some_and(|token| {
            let asked = (self.view.spec.key.clone(), token.name.clone());
            self.live.stores.requested.contains(&asked)
        })
    }

    /// Says why an issuer token that a person asked to replace stays.
    fn block_uncertain(&self, draft: &mut Draft, address: Address) {
        if let Some(doubt) = self.view.doubt() {
            block_doubt(draft, address, self.view, doubt);
        } else if self.view.ownership == Some(Ownership::NotRead) {
            block_ownership_unknown(draft, address, self.view, self.owner);
        } else if let Err(unread) = self.claims {
            draft.block_unread(address, &unread.collection(), &unread.why);
        } else {
            draft.block(
                address,
                BlockedReason::Contradiction,
                format!(
                    "several declared accounts of identity {} have the issuer token of {}",
                    self.owner, self.view.spec.name
                ),
                "declare an `issuer.key` of its own for each account".to_owned(),
                Who::Operator,
            );
        }
    }

    /// Whether it is known that the identity is the account's own, and that no other
    /// account shares its issuer token.
    fn is_certain(&self) -> bool {
        let is_alone = match (self.claims, self.view.issuer_id()) {
            (Ok(claims), Some(id)) => !claims.shares_issuer(self.owner, id),
            (Ok(_) | Err(_), _) => false,
        };
        self.is_own() && is_alone
    }

    /// Whether it is known that the identity is the account's own.
    fn is_own(&self) -> bool {
        self.view.doubt().is_none() && self.view.ownership != Some(Ownership::NotRead)
    }

    fn is_claimed(&self, token: &LiveToken) -> bool {
        self.claims
            .as_ref()
            .is_ok_and(|claims| claims.token(&token.owner, &token.name, &token.id))
    }
}
