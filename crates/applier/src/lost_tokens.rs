//! Lost tokens: minted by an earlier run, but their secret is not in its store.

use crate::context::Context;
use crate::journal::{MintIntent, Unfinished};
use crate::stores::Stores;
use model::{Live, LiveToken, TenantWrite, TokenId};
use std::collections::BTreeSet;

/// The live tokens whose minting an earlier run began and did not end, and
/// whose secret is not in the store that it was to be delivered to.
///
/// A store that cannot be read proves nothing, so its tokens are left out.
pub async fn lost_tokens(
    unfinished: &[Unfinished],
    live: &Live,
    stores: &Stores,
) -> BTreeSet<TokenId> {
    let mut lost = BTreeSet::new();
    for Unfinished { intent, .. } in unfinished {
        let Some(token) = find(intent, live.tokens.found()) else {
            continue;
        };
        if is_delivered(intent, token, stores).await == Some(false) {
            lost.insert(token.id.clone());
        }
    }
    lost
}

/// Closes the intents of earlier runs, once a run has done all that it planned.
/// An intent whose token may still be lost stays open: the plan may not have
/// contained the token, because its account was blocked or not selected.
pub(crate) async fn settle<T: TenantWrite>(context: &Context<'_, T>) {
    for unfinished in context.unfinished() {
        if !may_be_lost(&unfinished.intent, context).await {
            context.supersede(unfinished);
        }
    }
}

fn find<'live>(intent: &MintIntent, tokens: &'live [LiveToken]) -> Option<&'live LiveToken> {
    tokens
        .iter()
        .find(|live| (&live.owner, &live.name) == (&intent.owner, &intent.token))
}

/// Whether the token's secret is in its store; none where the store cannot be read.
async fn is_delivered(intent: &MintIntent, token: &LiveToken, stores: &Stores) -> Option<bool> {
    let document = stores.get(&intent.deliver).await.ok()?;
    Some(document.is_some_and(|document| document.credential.client_id == token.id))
}

async fn may_be_lost<T: TenantWrite>(intent: &MintIntent, context: &Context<'_, T>) -> bool {
    let Ok(tokens) = context.tenant.tokens_of(&intent.owner).await else {
        return true;
    };
    match find(intent, &tokens) {
        Some(token) => is_delivered(intent, token, context.stores).await != Some(true),
        None => false,
    }
}
