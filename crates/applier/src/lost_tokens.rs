//! Lost tokens: minted by an earlier run, but their secret is not in its store.

use crate::context::Context;
use crate::journal::{MintIntent, Unfinished};
use crate::stores::Stores;
use model::{Address, Live, LiveToken, Readable, Spec, StoreKey, TenantWrite, TokenId};
use std::collections::BTreeSet;

/// The live tokens whose minting an earlier run began and did not end, and whose
/// secret is in no store.
///
/// The journal is a hint, not a proof: it may be edited or copied. So a token is
/// lost only if it was created after the intent, if the spec declares a token of
/// its owner and name, or an issuer token in its place, and if neither the place that the spec declares nor the one
/// of the intent holds its secret. A store that cannot be read or is not asked
/// proves nothing.
pub async fn lost_tokens(
    spec: &Spec,
    unfinished: &[Unfinished],
    live: &Live,
    stores: &Stores,
) -> BTreeSet<TokenId> {
    let mut lost = BTreeSet::new();
    for Unfinished {
        intent, address, ..
    } in unfinished
    {
        let Some(token) = find(intent, live.tokens.found()) else {
            continue;
        };
        let mut places = match address {
            Address::Issuer(_) => issuers(spec, intent),
            _ => declared(spec, live, intent),
        };
        if places.is_empty() {
            continue;
        }
        places.insert(&intent.deliver);
        if is_nowhere(&places, token, stores).await {
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
    tokens.iter().find(|token| intent.may_have_minted(token))
}

/// Where the spec declares the secret of the intent's token: a place for each
/// account of the owner that declares a token of this name.
fn declared<'a>(spec: &'a Spec, live: &Live, intent: &MintIntent) -> BTreeSet<&'a StoreKey> {
    let mut places = BTreeSet::new();
    for account in spec.accounts.values() {
        let Some(token) = account
            .tokens
            .as_ref()
            .and_then(|tokens| tokens.get(&intent.token))
        else {
            continue;
        };
        let source = live.sources.get(&account.source);
        let is_owner = source
            .and_then(|source| source.found().as_ref())
            .is_some_and(|source| {
                source.accounts.found().iter().any(|live| {
                    live.identity.as_ref() == Some(&intent.owner)
                        && match &account.row {
                            Some(row) => live.native_identity == row.id,
                            None => live.name == account.name,
                        }
                })
            });
        if is_owner {
            places.insert(&token.deliver);
        }
    }
    places
}

/// Where the spec declares the issuer token that the intent's token was to replace. The
/// planner knows by its name whether it is the successor of the one that is there.
fn issuers<'a>(spec: &'a Spec, intent: &MintIntent) -> BTreeSet<&'a StoreKey> {
    let places = spec.accounts.values().flat_map(|account| &account.issuer);
    places.filter(|place| **place == intent.deliver).collect()
}

/// Whether all places were read and none holds the token's secret.
async fn is_nowhere(places: &BTreeSet<&StoreKey>, token: &LiveToken, stores: &Stores) -> bool {
    for place in places {
        // A run that ended before it said so may not have written there.
        if stores.readable(&place.store) == Readable::WriteOnly {
            continue;
        }
        match stores.get(place).await {
            Ok(Some(document)) if document.credential.client_id == token.id => return false,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    true
}

/// Whether the token's secret is in its store; none where the store cannot be read.
async fn is_delivered(intent: &MintIntent, token: &LiveToken, stores: &Stores) -> Option<bool> {
    let document = stores.get(&intent.deliver).await.ok()?;
    Some(document.is_some_and(|document| document.credential.client_id == token.id))
}

async fn may_be_lost<T: TenantWrite>(intent: &MintIntent, context: &Context<'_, T>) -> bool {
    let Ok(tokens) = context.tenant.tokens_of(&intent.owner, None).await else {
        return true;
    };
    match find(intent, &tokens) {
        Some(token) => is_delivered(intent, token, context.stores).await != Some(true),
        None => false,
    }
}
