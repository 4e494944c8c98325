//! Plans the tokens of one account: the declared ones first, then all others.

use super::blocked::{
    block_no_issuer, block_no_owner, block_no_slot, block_not_asked, block_own_token,
};
use super::create::create;
use super::replace::replace;
use super::undeclared::Undeclared;
use super::update::update;
use crate::claims::KnownClaims;
use crate::classify::identity::IdentityOutcome;
use crate::classify::issuer::{self, IssuerOutcome};
use crate::classify::token::{self, Minter, Observed, TokenOutcome};
use crate::draft::Draft;
use crate::token_expiry::end_of;
use crate::view::View;
use crate::wanted::invites;
use jiff::Timestamp;
use model::{
    Address, IdentityId, Live, LiveToken, NewToken, Spec, TOKEN_LIMIT, TokenName, TokenSpec,
};
use std::collections::BTreeMap;

/// Plans the tokens of an account that declares them. Requires that the steps
/// for its row and for identity processing are planned.
pub(crate) fn plan(
    draft: &mut Draft,
    spec: &Spec,
    live: &Live,
    claims: &KnownClaims<'_>,
    view: &View<'_>,
    now: Timestamp,
) {
    let Some(declared) = &view.spec.tokens else {
        return;
    };
    let owned = match view.identity_outcome(draft) {
        IdentityOutcome::Known(identity) => match view.tokens(identity) {
            Ok(all) => Ok(Owned::new(spec, view, identity, all)),
            Err(why) => Err(Observed::Unread(why)),
        },
        identity => Err(Observed::NoOwner(identity)),
    };
    let undeclared = owned.as_ref().ok().map(|owned| Undeclared {
        spec,
        live,
        claims,
        view,
        by_name: &owned.by_name,
        // A token that was just created by hand, and that no store has yet, may
        // be the issuer to be.
        lacks_issuer: view.spec.issuer.is_some()
            && !matches!(owned.issuer, IssuerOutcome::Usable(_)),
        now,
    });
    // What goes for sure goes first, and leaves its slot to a token that comes.
    let mut freed = Vec::new();
    let mut others = Vec::new();
    if let (Ok(owned), Some(undeclared)) = (&owned, &undeclared) {
        for token in &owned.tokens {
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
    for (name, wanted) in declared {
        let observed = match &owned {
            Ok(owned) => owned.observed(live, claims, name, slots.all()),
            Err(observed) => *observed,
        };
        let outcome = token::classify(wanted, observed, now);
        if outcome.delivers() && live.stores.not_asked.contains(&wanted.deliver.store) {
            let address = Address::Token(view.spec.key.clone(), name.clone());
            block_not_asked(draft, address, [&wanted.deliver.store]);
            continue;
        }
        let after = if outcome.takes_slot() && slots.take() {
            freed.as_slice()
        } else {
            &[]
        };
        let address = Address::Token(view.spec.key.clone(), name.clone());
        plan_declared(draft, live, view, wanted, outcome, now);
        draft.let_wait(&address, after);
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
    wanted: &TokenSpec,
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
        TokenOutcome::NoIssuer(issuer) => block_no_issuer(draft, address, view, issuer),
        TokenOutcome::NoSlot { owned } => block_no_slot(draft, address, view, owned),
        TokenOutcome::Missing { minter } => {
            create(draft, address, wanted, new_token(view, wanted, minter, now));
        }
        TokenOutcome::Differs {
            minter,
            token,
            change,
        } => update(draft, address, wanted, token, change, minter.issuer),
        TokenOutcome::Replace {
            minter,
            token,
            cause,
        } => {
            let new = new_token(view, wanted, minter, now);
            replace(draft, address, wanted, (token, cause), new, now);
        }
    }
}

fn new_token(
    view: &View<'_>,
    wanted: &TokenSpec,
    Minter { owner, issuer }: Minter<'_>,
    now: Timestamp,
) -> NewToken {
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
    }
}

/// The tokens of an account's identity, all of which were read.
struct Owned<'a> {
    owner: &'a IdentityId,
    /// Those that SailPoint manages left out.
    tokens: Vec<&'a LiveToken>,
    by_name: BTreeMap<&'a TokenName, &'a LiveToken>,
    issuer: IssuerOutcome<'a>,
    /// How many further tokens ISC allows.
    free_slots: usize,
}

impl<'a> Owned<'a> {
    fn new(spec: &Spec, view: &'a View<'_>, owner: &'a IdentityId, all: &[&'a LiveToken]) -> Self {
        let tokens: Vec<&LiveToken> = all.iter().copied().filter(|token| !token.managed).collect();
        Self {
            owner,
            by_name: tokens.iter().map(|token| (&token.name, *token)).collect(),
            issuer: issuer::classify(
                view.spec.issuer.as_ref(),
                view.issuer,
                &tokens,
                view.status(),
                invites(spec, view.spec),
            ),
            free_slots: TOKEN_LIMIT.saturating_sub(all.len()),
            tokens,
        }
    }

    fn observed(
        &self,
        live: &Live,
        claims: &'a KnownClaims<'_>,
        name: &TokenName,
        free_slots: usize,
    ) -> Observed<'a> {
        let token = self.by_name.get(name).copied();
        Observed::Read {
            owner: self.owner,
            token,
            is_lost: token.is_some_and(|token| live.stores.lost_tokens.contains(&token.id)),
            issuer: self.issuer,
            claims_unread: claims.as_ref().err(),
            owned: self.tokens.len(),
            free_slots,
        }
    }
}
