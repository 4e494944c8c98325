//! Which accounts have their issuer in a store.

use super::Stores;
use futures::StreamExt;
use model::{AccountKey, IssuerState, Spec};
use std::collections::BTreeMap;
use std::error::Error;

/// How many places are asked at a time. Programs are the slow ones, and each is
/// a process of its own.
const AT_ONCE: usize = 16;

/// What the stores hold as the issuer of each account that declares tokens and
/// an issuer. A store that cannot be read is part of the answer.
pub async fn issuers(spec: &Spec, stores: &Stores) -> BTreeMap<AccountKey, IssuerState> {
    let places = spec.accounts.values().filter_map(|account| {
        let place = account.issuer.as_ref()?;
        account.tokens.as_ref().map(|_| (&account.key, place))
    });
    futures::stream::iter(places)
        .map(|(account, place)| async move {
            let state = match stores.get(place).await {
                Ok(Some(document)) => IssuerState::Present {
                    client_id: document.credential.client_id,
                },
                Ok(None) => IssuerState::Absent,
                Err(error) => IssuerState::Unreadable {
                    why: format!("{place}: {}", chain(&error)),
                },
            };
            (account.clone(), state)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}
