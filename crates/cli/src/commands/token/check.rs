//! Signs in with the delivered secret of each token, to see whether what uses it can.

use applier::{Holder, StoreError, Stores};
use futures::{StreamExt as _, stream};
use model::{
    AccountName, DeliveryState, IdentityId, Spec, TenantError, TenantErrorKind, TenantRead,
    error_chain,
};
use planner::{ListedToken, TokenList};
use render::token_list::SignIn;

/// How many secrets are tried at a time. Each has a rate budget of its own.
const AT_ONCE: usize = 8;

/// Signs in with each delivered secret, in the order of the list.
pub(super) async fn all(
    spec: &Spec,
    list: &TokenList,
    reader: &impl TenantRead,
    stores: &Stores,
) -> Vec<SignIn> {
    stream::iter(&list.tokens)
        .map(|token| one(spec, token, reader, stores))
        .buffered(AT_ONCE)
        .collect()
        .await
}

async fn one(
    spec: &Spec,
    token: &ListedToken,
    reader: &impl TenantRead,
    stores: &Stores,
) -> SignIn {
    let Some(delivery) = &token.delivery else {
        return SignIn::NothingDelivered;
    };
    let why = || delivery.detail.clone().unwrap_or_default();
    match delivery.state {
        // A stale secret is one that something may use.
        DeliveryState::Delivered | DeliveryState::Stale | DeliveryState::Unknown => {}
        DeliveryState::Missing | DeliveryState::Moved => return SignIn::NothingDelivered,
        DeliveryState::Foreign => return SignIn::Foreign { why: why() },
        DeliveryState::Unreadable => return SignIn::NotKnown { why: why() },
        DeliveryState::NotAsked => return SignIn::NotAsked,
        DeliveryState::WriteOnly => return SignIn::WriteOnly,
    }
    let document = match stores.get(&delivery.place).await {
        Ok(Some(document)) => document,
        // Another run may have taken it away since.
        Ok(None) => return SignIn::NothingDelivered,
        Err(StoreError::NotAsked) => return SignIn::NotAsked,
        Err(error) => {
            return SignIn::NotKnown {
                why: format!("{}: {}", delivery.place, error_chain(&error)),
            };
        }
    };
    let names: Vec<&AccountName> = spec
        .accounts
        .get(&token.account)
        .map(|account| {
            let earlier = account.previously.name.iter();
            std::iter::once(&account.name).chain(earlier).collect()
        })
        .unwrap_or_default();
    let holder = Holder {
        account: &names,
        identity: token.identity.as_ref(),
        token: None,
    };
    if let Some(why) = stores.foreign(&document, holder) {
        return SignIn::Foreign { why };
    }
    let answer = reader.identity_behind(&document.credential).await;
    classify(token.identity.as_ref(), answer)
}

/// What the answer to a sign-in shows.
fn classify(
    expected: Option<&IdentityId>,
    answer: Result<Option<IdentityId>, TenantError>,
) -> SignIn {
    let error = match answer {
        Ok(identity) => {
            return match (identity, expected) {
                (Some(identity), Some(expected)) if identity == *expected => SignIn::SignsIn,
                (Some(_), None) => SignIn::NotKnown {
                    why: "it signs in; whether as the account is not known, because the identity of the account was not read".to_owned(),
                },
                (identity, _) => SignIn::AnotherIdentity {
                    identity: identity.map(|identity| identity.to_string()),
                },
            };
        }
        Err(error) => error,
    };
    let why = error.chain();
    match error.kind {
        // The token endpoint also says 400 of a client that it does not know.
        TenantErrorKind::Unauthenticated { .. } => SignIn::Rejected { why },
        // The network rules of the identity profile, among others.
        TenantErrorKind::Forbidden { .. }
        | TenantErrorKind::NotFound { .. }
        | TenantErrorKind::Rejected { .. }
        | TenantErrorKind::Unavailable { .. }
        | TenantErrorKind::NotReached { .. }
        | TenantErrorKind::Intercepted { .. }
        | TenantErrorKind::AskedToWait { .. }
        | TenantErrorKind::TooLate
        | TenantErrorKind::Unknown { .. }
        | TenantErrorKind::NotATenant { .. }
        | TenantErrorKind::Undecodable { .. }
        | TenantErrorKind::Incomplete(_)
        | TenantErrorKind::ReadAgain(_) => SignIn::NotKnown { why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_isc_says_of_the_secret_is_a_rejection() {
        let error = |kind| Err(TenantError::new("signing in", kind));
        let text = || "text".to_owned();
        let unauthenticated = || error(TenantErrorKind::Unauthenticated { text: text() });
        let forbidden = || {
            error(TenantErrorKind::Forbidden {
                text: text(),
                tracking_id: None,
                call: None,
            })
        };
        let unavailable = || {
            error(TenantErrorKind::Unavailable {
                status: Some(503),
                text: text(),
                attempts: 4,
                tracking_id: None,
            })
        };
        let own: IdentityId = "i".into();
        for (expected, answer, result) in [
            (Some(&own), Ok(Some("i".into())), "signsIn"),
            (Some(&own), Ok(Some("j".into())), "anotherIdentity"),
            (Some(&own), Ok(None), "anotherIdentity"),
            (None, Ok(Some("i".into())), "notKnown"),
            (Some(&own), unauthenticated(), "rejected"),
            (Some(&own), forbidden(), "notKnown"),
            (Some(&own), unavailable(), "notKnown"),
        ] {
            let found = serde_json::to_value(classify(expected, answer)).unwrap();
            assert_eq!(found["result"], result);
        }
    }
}
