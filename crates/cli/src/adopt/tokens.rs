//! Which of an identity's tokens are declared.

use super::lifetime::lifetime;
use jiff::Timestamp;
use model::{AccountName, LiveToken, StoreKey, TokenId, TokenSpec};
use std::collections::BTreeMap;

/// The store that the files declare.
pub(super) const STORE: &str = "local";
/// ISC's own validity of access tokens, in seconds: nothing needs to be said.
const USUAL_VALIDITY: u32 = 43_200;
/// The scopes by which a token manages its owner's other tokens.
const OWN_TOKENS: &str = "sp:my-personal-access-tokens:";
/// What stands between a replaced token's name and the day it goes.
const RETIRING: &str = model::retiring::MARK;

/// The tokens of one account that may be declared, and what is to be said of
/// the others.
#[derive(Default)]
pub(super) struct Candidates {
    pub(super) tokens: Vec<TokenSpec>,
    pub(super) notes: Vec<String>,
    /// Whether a token that somebody uses is not among them.
    pub(super) incomplete: bool,
}

/// Looks through all tokens of an account's identity.
pub(super) fn candidates(
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
        let name = &token.name;
        if token.managed {
            found.notes.push(format!(
                "The token {name} belongs to SailPoint's workflows."
            ));
        } else if &token.id == caller {
            found
                .notes
                .push(format!("steersman itself runs as the token {name}."));
        } else if is_issuer(token) {
            found.notes.push(format!(
                "The token {name} can mint the others. Put it into the store at {account}/issuer to have steersman do it."
            ));
        } else if name.as_str().contains(RETIRING) {
            found
                .notes
                .push(format!("The token {name} was replaced, and is to go."));
        } else if let Err(why) = declarable(token, &names, now) {
            found
                .notes
                .push(format!("Token not declared: {name}: {why}."));
            found.incomplete = true;
        } else if let Some(expires) = lifetime(token) {
            found.tokens.push(TokenSpec {
                name: name.clone(),
                scopes: token.scopes.clone(),
                calls: Vec::new(),
                access_token_validity: token
                    .access_token_validity
                    .filter(|seconds| *seconds != USUAL_VALIDITY),
                expires,
                rotate: None,
                deliver: place(account, name.as_str()),
            });
        } else {
            found.notes.push(format!(
                "Token not declared: {name}: no lifetime leads from its making to its end."
            ));
            found.incomplete = true;
        }
    }
    found
}

/// Where the defaults say that a secret of the account lies.
pub(super) fn place(account: &AccountName, what: &str) -> StoreKey {
    StoreKey {
        store: STORE.into(),
        key: format!("{account}/{what}"),
    }
}

fn declarable(
    token: &LiveToken,
    names: &BTreeMap<&str, usize>,
    now: Timestamp,
) -> Result<(), &'static str> {
    if names.get(token.name.as_str()) != Some(&1) {
        return Err("the account has two tokens of this name");
    }
    if token.scopes.is_empty() {
        return Err("it has no scopes of its own, which to ISC means all of them");
    }
    if token.expires.is_some_and(|end| end <= now) {
        return Err("it has ended, and declaring it would make a new one");
    }
    Ok(())
}

/// Whether a token is there to manage its owner's other tokens, and nothing else.
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
