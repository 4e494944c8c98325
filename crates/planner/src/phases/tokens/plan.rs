//! Plans the tokens of one account: the declared ones first, then all others.

use super::blocked::{
    block_foreign, block_no_issuer, block_no_owner, block_no_slot, block_not_asked,
    block_own_token, block_passed_on, block_place_unreadable, block_rolled_back,
    block_tries_used_up, block_until_revoked,
};
use super::create::create;
use super::issuer::Issuers;
use super::replace::replace;
use super::undeclared::Undeclared;
use super::update::update;
use super::{left_out, report};
use crate::claims::KnownClaims;
use crate::classify::delivery::{Delivery, Foreign};
use crate::classify::identity::IdentityOutcome;
use crate::classify::issuer::IssuerOutcome;
use crate::classify::token::{self, Minter, Observed, Own, TokenOutcome};
use crate::draft::Draft;
use crate::handovers::Handovers;
use crate::phases::identity::{block_contradiction, block_doubt, block_not_own};
use crate::token_expiry::end_of;
use crate::view::View;
use jiff::Timestamp;
use model::ownership::Ownership;
use model::{
    Address, Digest, IdentityId, Live, LiveToken, NewToken, Spec, StoreKey, StoredToken,
    TOKEN_LIMIT, TokenId, TokenName, TokenSpec, retiring,
};
use std::collections::BTreeMap;

/// Plans the tokens of an account. Requires that the steps for its row and for identity
/// processing are planned.
pub(crate) fn plan(
    draft: &mut Draft,
    spec: &Spec,
    live: &Live,
    claims: &KnownClaims<'_>,
    handovers: &Handovers,
    (view, now): (&View<'_>, Timestamp),
) {
    let Some(declared) = &view.spec.tokens else {
        left_out::plan(draft, live, claims, view, now);
        return;
    };
    let owned = match view.identity_outcome(draft) {
        IdentityOutcome::Known(identity) => match view.tokens(identity) {
            Ok(all) => Ok(Owned::new(spec, (view, handovers), identity, all, now)),
            Err(why) => Err(Observed::Unread(why)),
        },
        identity => Err(Observed::NoOwner(identity)),
    };
    if let Err(Observed::NoOwner(IdentityOutcome::NotOwn { identity, against })) = owned
        && declared.is_empty()
        && view.spec.user_levels.is_none()
    {
        // No declared token or level says it, and its undeclared tokens stay.
        let key = view.spec.key.clone();
        let address = match &view.spec.issuer {
            Some(_) => Address::Issuer(key),
            None => Address::Account(key),
        };
        block_not_own(draft, address, view, identity, against);
    }
    report::issuer(
        draft,
        live,
        view,
        owned.as_ref().ok().map(|owned| owned.issuer),
    );
    let undeclared = owned.as_ref().ok().map(|owned| Undeclared {
        spec,
        live,
        claims,
        view,
        by_name: &owned.by_name,
        deliveries: &owned.deliveries,
        // A token that was just created by hand, and that no store has yet, may
        // be the issuer to be.
        lacks_issuer: view.spec.issuer.is_some()
            && !matches!(
                owned.issuer,
                IssuerOutcome::Usable(_) | IssuerOutcome::Assumed(_)
            ),
        now,
    });
    let issuers = owned.as_ref().ok().map(|owned| Issuers {
        live,
        claims,
        view,
        owner: owned.owner,
        outcome: owned.issuer,
        tokens: &owned.tokens,
        now,
    });
    // What goes for sure goes first, and leaves its slot to a token that comes.
    let leftovers = issuers
        .as_ref()
        .map(|issuers| issuers.plan_leftovers(draft))
        .unwrap_or_default();
    let mut freed = leftovers.revoked.clone();
    let mut others = Vec::new();
    if let (Ok(owned), Some(undeclared)) = (&owned, &undeclared) {
        for token in &owned.tokens {
            if leftovers.tokens.contains(&token.id) {
                continue;
            }
            match undeclared.revoke_first(draft, token) {
                Some(address) => freed.push(address),
                None => others.push(*token),
            }
        }
    }
    let mut slots = Slots {
        free: owned.as_ref().map_or(0, |owned| owned.free_slots),
        freed: freed.len(),
    };
    let issuer = issuers
        .as_ref()
        .and_then(|issuers| issuers.plan(draft, &leftovers, slots.free, &freed));
    for (name, wanted) in declared {
        let address = Address::Token(view.spec.key.clone(), name.clone());
        let delivery = owned.as_ref().ok().map(|owned| owned.delivery(name));
        report::token(draft, &address, view, wanted, delivery);
        if let (Some(identity), Ok(claims)) = (view.own_identity(), claims)
            && let Some(both) = claims.declared_twice(identity, name)
        {
            let what = "a token of this name";
            let remedy = "declare the token on one of the accounts";
            block_contradiction(draft, address, identity, both, (what, remedy));
            continue;
        }
        let observed = match &owned {
            Ok(owned) => owned.observed(live, claims, view, wanted, slots.all()),
            Err(observed) => *observed,
        };
        let mut outcome = token::classify(wanted, observed, now);
        if outcome.mints()
            && let Some(barred) = handovers.barred(&address)
        {
            outcome = TokenOutcome::Foreign(Foreign::PassedOn(barred));
        }
        if let (TokenOutcome::Matches, Ok(owned)) = (&outcome, &owned)
            && let Some(until) = owned.by_name.get(name).and_then(|it| owned.rolled_back(it))
        {
            block_rolled_back(draft, address.clone(), view, wanted, until);
        }
        let takes_slot = outcome.takes_slot();
        let after = if takes_slot && slots.take() {
            freed.as_slice()
        } else {
            &[]
        };
        let place = delivery.unwrap_or(Delivery::NotLookedUp);
        plan_declared(draft, live, view, (wanted, place), outcome, now);
        draft.let_wait(&address, after);
        // The replacement of the issuer token needs a slot for a moment. The last one is
        // taken after it; any other step neither waits for it nor fails with it.
        if takes_slot && slots.free == 0 {
            draft.let_wait(&address, issuer.as_slice());
        }
    }
    if let Some(undeclared) = undeclared {
        for token in others {
            undeclared.plan(draft, token);
        }
    }
}

/// How many further tokens ISC allows, with what is planned so far.
struct Slots {
    /// Without waiting for anything.
    free: usize,
    /// Once this plan has revoked other tokens.
    freed: usize,
}

impl Slots {
    fn all(&self) -> usize {
        self.free + self.freed
    }

    /// Takes a slot, and says whether it has to be freed first.
    fn take(&mut self) -> bool {
        if self.free > 0 {
            self.free -= 1;
            false
        } else {
            self.freed = self.freed.saturating_sub(1);
            true
        }
    }
}

fn plan_declared(
    draft: &mut Draft,
    live: &Live,
    view: &View<'_>,
    (wanted, delivery): (&TokenSpec, Delivery<'_>),
    outcome: TokenOutcome<'_>,
    now: Timestamp,
) {
    let address = Address::Token(view.spec.key.clone(), wanted.name.clone());
    let own = &live.caller.client_id;
    match outcome {
        TokenOutcome::Matches => {}
        TokenOutcome::Differs { token, .. } | TokenOutcome::Replace { token, .. }
            if token.id == *own =>
        {
            block_own_token(draft, address, token);
        }
        TokenOutcome::NoOwner(identity) => block_no_owner(draft, address, view, identity),
        TokenOutcome::Unread(why) => {
            draft.block_unread(address, "the personal access tokens", why);
        }
        TokenOutcome::ClaimsUnread(unread) => {
            draft.block_unread(address, &unread.collection(), &unread.why);
        }
        TokenOutcome::Doubted(doubt) => block_doubt(draft, address, view, doubt),
        TokenOutcome::Foreign(Foreign::IsOf(other))
            if draft.revokes(&other.id) && view.holds_own(wanted) =>
        {
            block_until_revoked(draft, address, wanted, other);
        }
        TokenOutcome::Foreign(Foreign::PassedOn(handover)) => {
            block_passed_on(draft, address, wanted, handover);
        }
        TokenOutcome::Foreign(foreign) => block_foreign(draft, address, wanted, foreign),
        TokenOutcome::StoreUnreadable(why) => block_place_unreadable(draft, address, wanted, why),
        TokenOutcome::StoreNotAsked => block_not_asked(draft, address, [&wanted.deliver.store]),
        TokenOutcome::NoIssuer(issuer) => block_no_issuer(draft, address, view, issuer),
        TokenOutcome::NoSlot { owned, later } => {
            block_no_slot(draft, address, view, owned, later);
        }
        TokenOutcome::RolledBack(until) => block_rolled_back(draft, address, view, wanted, until),
        TokenOutcome::TriesUsedUp(tries) => block_tries_used_up(draft, address, wanted, tries),
        TokenOutcome::Missing { minter } => {
            let new = new_token(view, wanted, minter, overwrites(delivery, None), now);
            create(draft, address.clone(), wanted, new);
            draft.let_assume(&address, assumed(wanted, minter, Some(delivery)));
        }
        TokenOutcome::Differs {
            minter,
            token,
            change,
        } => {
            update(draft, address.clone(), wanted, token, change, minter.issuer);
            draft.let_assume(&address, assumed(wanted, minter, None));
        }
        TokenOutcome::Replace {
            minter,
            token,
            cause,
        } => {
            let overwrites = overwrites(delivery, Some(token));
            let new = new_token(view, wanted, minter, overwrites, now);
            replace(draft, address.clone(), wanted, (token, cause), new, now);
            draft.let_assume(&address, assumed(wanted, minter, Some(delivery)));
        }
    }
}

/// The secret that a new one may replace in its place.
fn overwrites(delivery: Delivery<'_>, token: Option<&LiveToken>) -> Option<TokenId> {
    match delivery {
        Delivery::Delivered | Delivery::NotAsked => token.map(|token| token.id.clone()),
        Delivery::Stale(client_id) => Some(client_id.clone()),
        Delivery::PassedOn(handover) => handover.client_id.clone(),
        Delivery::NotLookedUp
        | Delivery::WriteOnly
        | Delivery::Missing
        | Delivery::Moved(_)
        | Delivery::Unreadable(_)
        | Delivery::Foreign(_) => None,
    }
}

/// The places that a step assumes to hold what they should: the issuer's, and the
/// token's own where the step delivers.
fn assumed(
    wanted: &TokenSpec,
    minter: Minter<'_>,
    delivery: Option<Delivery<'_>>,
) -> Vec<StoreKey> {
    let issuer = minter.is_assumed.then_some(minter.issuer);
    let place = match delivery {
        Some(Delivery::NotAsked) => Some(&wanted.deliver),
        Some(_) | None => None,
    };
    issuer.into_iter().chain(place).cloned().collect()
}

fn new_token(
    view: &View<'_>,
    wanted: &TokenSpec,
    minter: Minter<'_>,
    overwrites: Option<TokenId>,
    now: Timestamp,
) -> NewToken {
    let Minter {
        owner,
        issuer,
        is_assumed: _,
    } = minter;
    NewToken {
        account: view.spec.key.clone(),
        account_name: view.spec.name.clone(),
        identity: owner.clone(),
        issuer: issuer.clone(),
        name: wanted.name.clone(),
        scopes: wanted.scopes.clone(),
        access_token_validity: wanted.access_token_validity,
        expires: end_of(now, wanted.expires),
        deliver: wanted.deliver.clone(),
        form: wanted.form,
        overwrites,
        rotation: wanted.rotation,
        declared: Digest::of(wanted),
    }
}

/// The tokens of an account's identity, all of which were read.
struct Owned<'a> {
    owner: &'a IdentityId,
    /// Those that SailPoint manages left out.
    tokens: Vec<&'a LiveToken>,
    by_name: BTreeMap<&'a TokenName, &'a LiveToken>,
    /// What the places of the declared tokens hold.
    deliveries: BTreeMap<&'a TokenName, Delivery<'a>>,
    issuer: IssuerOutcome<'a>,
    now: Timestamp,
    /// How many further tokens ISC allows.
    free_slots: usize,
}

impl<'a> Owned<'a> {
    fn new(
        spec: &Spec,
        (view, handovers): (&View<'a>, &'a Handovers),
        owner: &'a IdentityId,
        all: &[&'a LiveToken],
        now: Timestamp,
    ) -> Self {
        let tokens: Vec<&LiveToken> = all.iter().copied().filter(|token| !token.managed).collect();
        let by_name: BTreeMap<&TokenName, &LiveToken> =
            tokens.iter().map(|token| (&token.name, *token)).collect();
        let declared = view.spec.tokens.iter().flatten();
        Self {
            owner,
            deliveries: declared
                .map(|(name, wanted)| {
                    let token = by_name.get(name).copied();
                    let address = Address::Token(view.spec.key.clone(), name.clone());
                    let found = view.delivery(owner, wanted, token);
                    (name, handovers.delivery(&address, found))
                })
                .collect(),
            by_name,
            issuer: view.issuer_outcome(spec, &tokens, now),
            now,
            free_slots: TOKEN_LIMIT.saturating_sub(all.len()),
            tokens,
        }
    }

    fn delivery(&self, name: &TokenName) -> Delivery<'a> {
        let delivery = self.deliveries.get(name).copied();
        delivery.unwrap_or(Delivery::NotLookedUp)
    }

    /// The end of the overlap of a token that was created after this one of the name: its
    /// rotation was undone.
    fn rolled_back(&self, token: &LiveToken) -> Option<Timestamp> {
        let newer = self
            .tokens
            .iter()
            .filter(|newer| newer.created > token.created);
        newer
            .filter_map(|newer| retiring::parse(&newer.name, &newer.id))
            .filter(|(name, until)| *name == token.name && *until > self.now)
            .map(|(_, until)| until)
            .max()
    }

    fn observed(
        &self,
        live: &'a Live,
        claims: &'a KnownClaims<'_>,
        view: &View<'a>,
        wanted: &TokenSpec,
        free_slots: usize,
    ) -> Observed<'a> {
        let name = &wanted.name;
        let asked = (view.spec.key.clone(), name.clone());
        let address = Address::Token(view.spec.key.clone(), name.clone());
        let token = self.by_name.get(name).copied();
        Observed::Read {
            owner: self.owner,
            token,
            is_lost: token.is_some_and(|token| live.stores.lost_tokens.contains(&token.id)),
            delivery: self.delivery(name),
            delivered_rotation: match view.stored(wanted) {
                Some(StoredToken::Present { rotation, .. })
                    if self.delivery(name) == Delivery::Delivered =>
                {
                    Some(*rotation)
                }
                _ => None,
            },
            requested: live.stores.requested.contains(&asked),
            rolled_back: token.and_then(|token| self.rolled_back(token)),
            tries: live.stores.tries.get(&address),
            unasked: live.stores.unasked,
            issuer: self.issuer,
            claims_unread: claims.as_ref().err(),
            own: match (view.doubt(), view.ownership) {
                (Some(doubt), _) => Own::Doubted(doubt),
                (None, Some(Ownership::NotRead)) => Own::NotLookedUp,
                (None, _) => Own::Fine,
            },
            owned: self.tokens.len(),
            free_slots,
        }
    }
}
