//! Tokens that an earlier run made and whose secret was lost on the way to its
//! store, because the run was killed or the connection ended in between.

use crate::context::Context;
use crate::journal::{Conclusion, Intent, Journal, Unfinished};
use crate::stores::Stores;
use model::{Live, LiveToken, TenantWrite, TokenId};
use std::collections::BTreeSet;

/// The live tokens whose minting an earlier run began and did not end, and
/// whose secret is not in the store that it was to be delivered to.
///
/// A store that cannot be read says nothing, so its tokens are left out.
pub async fn lost_tokens(journal: &Journal, live: &Live, stores: &Stores) -> BTreeSet<TokenId> {
    let mut lost = BTreeSet::new();
    for unfinished in journal.unfinished() {
        let Some((token, deliver)) = minted(&unfinished, live) else {
            continue;
        };
        let Ok(document) = stores.get(deliver).await else {
            continue;
        };
        if document.is_none_or(|document| document.credential.client_id != token.id) {
            lost.insert(token.id.clone());
        }
    }
    lost
}

/// Concludes what earlier runs left open, once a run has brought about all that
/// is declared: there is nothing left to look for.
pub(crate) fn settle<T: TenantWrite>(context: &Context<'_, T>, journal: &Journal) {
    for unfinished in journal.unfinished() {
        if let Err(error) = journal.conclude(unfinished.id.clone(), &Conclusion::Superseded) {
            context.notice(
                &unfinished.address,
                format!("the journal could not be written: {error}"),
            );
        }
    }
}

fn minted<'a>(
    unfinished: &'a Unfinished,
    live: &'a Live,
) -> Option<(&'a LiveToken, &'a model::StoreKey)> {
    let Intent::Mint {
        owner,
        token,
        deliver,
    } = &unfinished.intent
    else {
        return None;
    };
    let there = live
        .tokens
        .found()
        .iter()
        .find(|live| &live.owner == owner && &live.name == token)?;
    Some((there, deliver))
}
