//! Classifies the tokens of an identity, and declares those that can be declared.

use crate::lifetime::lifetime;
use crate::planner::Planner;
use jiff::Timestamp;
use model::{AccountName, LiveToken, StoreKey, TokenId, TokenLifetime, TokenSpec, retiring};
use std::collections::BTreeMap;

/// The store that the files declare.
pub(crate) const STORE: &str = "local";
/// ISC's default validity of access tokens, in seconds: it is not written.
const USUAL_VALIDITY: u32 = 43_200;
/// The scopes by which a token manages its owner's other tokens.
const OWN_TOKENS: &str = "sp:my-personal-access-tokens:";

/// The tokens of one account that may be declared, and notes on the others.
#[derive(Default)]
pub(crate) struct Candidates {
    pub(crate) tokens: Vec<TokenSpec>,
    pub(crate) notes: Vec<String>,
    /// Whether a token in use is not among them.
    pub(crate) incomplete: bool,
}

/// What a live token is to an adopted spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It can be declared with this lifetime.
    Declarable(TokenLifetime),
    /// SailPoint's workflows own it.
    Workflow,
    /// steersman authenticates with it.
    Caller,
    /// It exists to manage its owner's other tokens.
    Issuer,
    /// It was replaced, and is kept for its overlap.
    Retiring,
    /// Another token of the identity has the same name.
    SharedName,
    /// It has no scopes of its own, which to ISC means all of them.
    Unscoped,
    /// It has expired.
    Expired,
    /// No lifetime leads from its creation to its expiry.
    NoLifetime,
}

/// Declares an account's tokens as far as possible.
pub(crate) fn candidates(
    planner: &dyn Planner,
    account: &AccountName,
    owned: &[&LiveToken],
    caller: &TokenId,
    now: Timestamp,
) -> Candidates {
    let mut found = Candidates::default();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for token in owned.iter().filter(|token| !token.managed) {
        *names.entry(token.name.as_str()).or_default() += 1;
    }
    let mut owned = owned.to_vec();
    owned.sort_by_key(|token| (&token.name, &token.id));
    for token in owned {
        let is_unique = names.get(token.name.as_str()) == Some(&1);
        let kind = kind(planner, token, is_unique, caller, now);
        match kind.note(account) {
            Some(why) => found
                .notes
                .push(format!("Token not declared: {}: {why}.", token.name)),
            None => found.tokens.extend(declared(token, kind, account)),
        }
        found.incomplete |= kind.is_missed();
    }
    found
}

/// Which kind a token is. The first that fits counts.
fn kind(
    planner: &dyn Planner,
    token: &LiveToken,
    is_unique: bool,
    caller: &TokenId,
    now: Timestamp,
) -> Kind {
    if token.managed {
        Kind::Workflow
    } else if &token.id == caller {
        Kind::Caller
    } else if is_issuer(token) {
        Kind::Issuer
    } else if token.name.as_str().contains(retiring::MARK) {
        Kind::Retiring
    } else if !is_unique {
        Kind::SharedName
    } else if token.scopes.is_empty() {
        Kind::Unscoped
    } else if token.expires.is_some_and(|end| end <= now) {
        Kind::Expired
    } else {
        lifetime(planner, token).map_or(Kind::NoLifetime, Kind::Declarable)
    }
}

impl Kind {
    /// Why a token of this kind is not declared.
    fn note(self, account: &AccountName) -> Option<String> {
        Some(match self {
            Self::Declarable(_) => return None,
            Self::Workflow => "SailPoint's workflows own it".to_owned(),
            Self::Caller => "steersman authenticates with it".to_owned(),
            Self::Issuer => format!(
                "it is an issuer token; to let steersman create the account's tokens, store it at {account}/issuer"
            ),
            Self::Retiring => "it was replaced, and is kept only for its overlap".to_owned(),
            Self::SharedName => "the account has two tokens of this name".to_owned(),
            Self::Unscoped => {
                "it has no scopes of its own, which to ISC means all scopes".to_owned()
            }
            Self::Expired => "it has expired, and declaring it would create a new one".to_owned(),
            Self::NoLifetime => "no lifetime leads from its creation to its expiry".to_owned(),
        })
    }

    /// Whether an integration may use a token of this kind that the files lack.
    fn is_missed(self) -> bool {
        match self {
            Self::SharedName | Self::Unscoped | Self::Expired | Self::NoLifetime => true,
            Self::Declarable(_) | Self::Workflow | Self::Caller | Self::Issuer | Self::Retiring => {
                false
            }
        }
    }
}

fn declared(token: &LiveToken, kind: Kind, account: &AccountName) -> Option<TokenSpec> {
    let Kind::Declarable(expires) = kind else {
        return None;
    };
    Some(TokenSpec {
        name: token.name.clone(),
        scopes: token.scopes.clone(),
        calls: Vec::new(),
        access_token_validity: token
            .access_token_validity
            .filter(|seconds| *seconds != USUAL_VALIDITY),
        expires,
        rotate: None,
        overlap: model::Overlap::default(),
        rotation: 0,
        purpose: None,
        owners: Vec::new(),
        deliver: location(account, token.name.as_str()),
        form: model::DeliveredForm::Json,
    })
}

/// The store location that the defaults give to a secret of the account.
pub(crate) fn location(account: &AccountName, what: &str) -> StoreKey {
    StoreKey {
        store: STORE.into(),
        key: format!("{account}/{what}"),
    }
}

/// Whether a token manages its owner's other tokens, and nothing else.
fn is_issuer(token: &LiveToken) -> bool {
    !token.scopes.is_empty()
        && token
            .scopes
            .iter()
            .all(|scope| scope.as_str().starts_with(OWN_TOKENS))
        && token
            .scopes
            .contains(format!("{OWN_TOKENS}manage").as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::planner::ProductPlanner;
    use crate::testing::tenants::NOW;
    use jiff::SignedDuration;

    #[test]
    fn every_kind_of_token() {
        let plain = LiveToken {
            id: "t".into(),
            name: "report".into(),
            owner: "i".into(),
            scopes: ["sp:search:read".into()].into(),
            created: NOW - SignedDuration::from_hours(24),
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        };
        let with = |change: &dyn Fn(&mut LiveToken)| {
            let mut token = plain.clone();
            change(&mut token);
            token
        };
        let cases: Vec<(LiveToken, bool, Kind)> = vec![
            (plain.clone(), true, Kind::Declarable(TokenLifetime::Never)),
            (with(&|token| token.managed = true), true, Kind::Workflow),
            (with(&|token| token.id = "own".into()), true, Kind::Caller),
            (
                with(&|token| {
                    token.scopes = [format!("{OWN_TOKENS}manage").as_str().into()].into();
                }),
                true,
                Kind::Issuer,
            ),
            (
                with(&|token| token.name = "report~retiring-20260101".into()),
                true,
                Kind::Retiring,
            ),
            (plain.clone(), false, Kind::SharedName),
            (with(&|token| token.scopes.clear()), true, Kind::Unscoped),
            (
                with(&|token| token.expires = Some(NOW)),
                true,
                Kind::Expired,
            ),
            (
                with(&|token| {
                    token.created = NOW + SignedDuration::from_hours(2);
                    token.expires = Some(NOW + SignedDuration::from_hours(1));
                }),
                true,
                Kind::NoLifetime,
            ),
        ];
        for (token, is_unique, expected) in cases {
            assert_eq!(
                kind(&ProductPlanner, &token, is_unique, &"own".into(), NOW),
                expected,
                "{token:?}"
            );
        }
    }
}
