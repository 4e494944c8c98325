//! Tokens that an earlier run made and whose secret was lost on the way to its
//! store, because the run was killed or the connection ended in between.

use crate::context::Context;
use crate::journal::{Intent, Journal, Unfinished};
use crate::stores::Stores;
use model::{IdentityId, Live, LiveToken, StoreKey, TenantWrite, TokenId, TokenName};
use std::collections::BTreeSet;

/// The live tokens whose minting an earlier run began and did not end, and
/// whose secret is not in the store that it was to be delivered to.
///
/// A store that cannot be read says nothing, so its tokens are left out.
pub async fn lost_tokens(
    unfinished: &[Unfinished],
    live: &Live,
    stores: &Stores,
) -> BTreeSet<TokenId> {
    let mut lost = BTreeSet::new();
    for unfinished in unfinished {
        let Some(mint) = Mint::of(unfinished) else {
            continue;
        };
        let Some(token) = mint.find(live.tokens.found()) else {
            continue;
        };
        if mint.is_delivered(token, stores).await == Some(false) {
            lost.insert(token.id.clone());
        }
    }
    lost
}

/// Concludes what earlier runs left open, once a run has brought about all that
/// it planned. A token whose secret may still be lost stays open: the plan can
/// have been one without it, because its account was blocked or not selected.
pub(crate) async fn settle<T: TenantWrite>(context: &Context<'_, T>, journal: &Journal) {
    for unfinished in journal.unfinished() {
        let lost = match Mint::of(&unfinished) {
            Some(mint) => mint.may_be_lost(context).await,
            None => false,
        };
        if !lost {
            context.supersede(unfinished);
        }
    }
}

/// A token that was about to be minted.
struct Mint<'a> {
    owner: &'a IdentityId,
    token: &'a TokenName,
    deliver: &'a StoreKey,
}

impl<'a> Mint<'a> {
    fn of(unfinished: &'a Unfinished) -> Option<Self> {
        match &unfinished.intent {
            Intent::Mint {
                owner,
                token,
                deliver,
            } => Some(Self {
                owner,
                token,
                deliver,
            }),
            Intent::CreateSource { .. }
            | Intent::Import { .. }
            | Intent::CreateProfile { .. }
            | Intent::Invite { .. }
            | Intent::Revoke { .. } => None,
        }
    }

    fn find<'live>(&self, tokens: &'live [LiveToken]) -> Option<&'live LiveToken> {
        tokens
            .iter()
            .find(|live| (&live.owner, &live.name) == (self.owner, self.token))
    }

    /// Whether the token's secret is in its store; none where that cannot be said.
    async fn is_delivered(&self, token: &LiveToken, stores: &Stores) -> Option<bool> {
        let document = stores.get(self.deliver).await.ok()?;
        Some(document.is_some_and(|document| document.credential.client_id == token.id))
    }

    async fn may_be_lost<T: TenantWrite>(&self, context: &Context<'_, T>) -> bool {
        let Ok(tokens) = context.tenant.tokens_of(self.owner).await else {
            return true;
        };
        match self.find(&tokens) {
            Some(token) => self.is_delivered(token, context.stores).await != Some(true),
            None => false,
        }
    }
}
