//! The tokens that patterns of `--token` choose, and why others are refused or left out.

use super::pattern::TokenPattern;
use super::stop::{Stop, StopOutcome, classify};
use crate::token_list::{ListedToken, TokenList};
use model::{Address, TokenId};
use std::collections::BTreeMap;

/// The tokens that are meant.
#[derive(Clone, Debug, Default)]
pub struct Chosen<'a> {
    /// The tokens, each once.
    pub tokens: Vec<&'a ListedToken>,
    /// Those of them that are issuer tokens.
    pub issuers: Vec<&'a ListedToken>,
    /// Tokens that a pattern with `*` matches and that are left as they are, and tokens
    /// with which nothing is left to do.
    pub left_out: Vec<LeftOut>,
}

/// A token that is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The token.
    pub address: Address,
    /// Why.
    pub why: String,
}

/// A pattern that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// It matches nothing.
    #[error("no token matches `{0}`")]
    Unmatched(String),
    /// It names a token that must not be changed so, or cannot be.
    #[error("{address}: {why}")]
    Token {
        /// The token.
        address: Address,
        /// Why not.
        why: String,
        /// What to do.
        help: String,
    },
}

/// Chooses the tokens to stop. `own` is the token that steersman runs as.
///
/// # Errors
/// Each pattern that matches nothing, and each token that is named and must not be stopped.
pub fn choose<'a>(
    list: &'a TokenList,
    patterns: &[TokenPattern],
    stop: Stop,
    own: &TokenId,
) -> Result<Chosen<'a>, Vec<TokenRefusal>> {
    choose_by(list, patterns, |token, is_named| {
        verdict(token, stop, own, list.at, is_named)
    })
}

/// Chooses the tokens by what becomes of each that a pattern matches.
pub(super) fn choose_by<'a>(
    list: &'a TokenList,
    patterns: &[TokenPattern],
    verdict: impl Fn(&ListedToken, bool) -> Verdict,
) -> Result<Chosen<'a>, Vec<TokenRefusal>> {
    let mut chosen = Chosen::default();
    let mut tokens: BTreeMap<usize, bool> = BTreeMap::new();
    let mut refusals = Vec::new();
    for pattern in patterns {
        let mut matched: Vec<(usize, &ListedToken)> = list
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| pattern.matches(token))
            .collect();
        // A token can be called as an issuer token that does not exist is listed.
        if pattern.is_exact() && matched.iter().any(|(_, token)| token.name.is_some()) {
            matched.retain(|(_, token)| token.name.is_some());
        }
        if matched.is_empty() {
            refusals.push(TokenRefusal::Unmatched(pattern.to_string()));
        }
        for (index, token) in matched {
            match verdict(token, pattern.is_exact()) {
                Verdict::Chosen { is_issuer } => {
                    tokens.insert(index, is_issuer);
                }
                Verdict::LeftOut(why) => chosen.left_out.push(LeftOut {
                    address: token.address(),
                    why,
                }),
                Verdict::Refused { why, help } => refusals.push(TokenRefusal::Token {
                    address: token.address(),
                    why,
                    help,
                }),
            }
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    for (index, is_issuer) in tokens {
        if let Some(token) = list.tokens.get(index) {
            chosen.tokens.push(token);
            if is_issuer {
                chosen.issuers.push(token);
            }
        }
    }
    Ok(chosen)
}

/// What becomes of a token that a pattern matches.
pub(super) enum Verdict {
    Chosen { is_issuer: bool },
    LeftOut(String),
    Refused { why: String, help: String },
}

impl Verdict {
    /// One that is named must be followed or refused; of those that a pattern with `*`
    /// matches, only those are meant that can be.
    pub(super) fn against(why: String, help: String, is_named: bool) -> Self {
        if is_named {
            Self::Refused { why, help }
        } else {
            Self::LeftOut(why)
        }
    }
}

/// What becomes of a token that is to be stopped.
fn verdict(
    token: &ListedToken,
    stop: Stop,
    own: &TokenId,
    now: jiff::Timestamp,
    is_named: bool,
) -> Verdict {
    let account = &token.account_name;
    let (why, help) = match classify(token, stop, own, now) {
        StopOutcome::Stops(_) => return Verdict::Chosen { is_issuer: false },
        StopOutcome::StopsIssuer(_) if is_named => return Verdict::Chosen { is_issuer: true },
        StopOutcome::Ends(end) => {
            let end = end.strftime("%Y-%m-%dT%H:%M:%SZ");
            return Verdict::LeftOut(if end_is_past(token, now) {
                format!("it ended at {end}")
            } else {
                format!("it ends at {end}")
            });
        }
        StopOutcome::StopsIssuer(_) => (
            "it is the issuer token of the account".to_owned(),
            "name it without `*` to stop it".to_owned(),
        ),
        StopOutcome::OwnToken => (
            "steersman itself runs as this token".to_owned(),
            "run steersman with the token of another ISC admin".to_owned(),
        ),
        StopOutcome::OfSailPoint => (
            "SailPoint's workflows manage it, and steersman never changes such tokens".to_owned(),
            "change the workflow in ISC".to_owned(),
        ),
        StopOutcome::Declared => (
            "a file declares it, so the next apply would create it again".to_owned(),
            format!(
                "add `--replace` to revoke it and create it again at once; or remove it from the files of {account} and apply"
            ),
        ),
        StopOutcome::Doubted => (
            "it is not settled whether its identity is the account's own".to_owned(),
            format!(
                "run `steersman plan --only {}` to see why",
                model::shell_quoted(account.as_str())
            ),
        ),
        StopOutcome::Missing => (
            "there is no such token in the tenant".to_owned(),
            "run `steersman token list` to see which there are".to_owned(),
        ),
        StopOutcome::Unread(why) => (
            format!("whether it exists was not read: {why}"),
            "run the command again where all can be read".to_owned(),
        ),
    };
    Verdict::against(why, help, is_named)
}

fn end_is_past(token: &ListedToken, now: jiff::Timestamp) -> bool {
    token.expires().flatten().is_some_and(|end| end <= now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, live_token};
    use crate::token_list::Standing;

    fn list() -> TokenList {
        let row = |name: &str, standing| ListedToken {
            account: "SA-001".into(),
            account_name: "audit01".into(),
            identity: Some("i".into()),
            is_doubted: false,
            name: Some(name.into()),
            standing,
            token: Some(live_token(name, "i", &[])),
            scopes: None,
            delivery: None,
            next: None,
            people: crate::ForPeople::default(),
        };
        TokenList {
            at: NOW,
            tokens: vec![
                row("report", Standing::Declared),
                row("issuer", Standing::Issuer),
                row("by-hand", Standing::Undeclared),
                row("flow", Standing::OfSailPoint),
            ],
            incomplete: BTreeMap::new(),
        }
    }

    #[test]
    fn a_token_that_is_called_issuer_is_not_the_issuer_token_that_is_missing() {
        let mut list = list();
        let revoke = Stop::Revoke { declared: false };
        for token in &mut list.tokens {
            match token.standing {
                Standing::Issuer => {
                    token.name = None;
                    token.token = None;
                }
                Standing::Undeclared => token.name = Some(ListedToken::ISSUER.into()),
                _ => {}
            }
        }
        let patterns = ["audit01/issuer".parse().unwrap()];
        let chosen = choose(&list, &patterns, revoke, &"own".into()).unwrap();
        let standing = chosen.tokens.iter().map(|token| &token.standing);
        assert_eq!(standing.collect::<Vec<_>>(), [&Standing::Undeclared]);

        // By its address, the issuer token itself is meant.
        let patterns = ["issuer/audit01".parse().unwrap()];
        let refusals = choose(&list, &patterns, Stop::Disable, &"own".into()).unwrap_err();
        assert!(refusals[0].to_string().contains("no such token"));
    }

    #[test]
    fn what_is_named_is_stopped_or_refused_and_of_what_is_alike_only_what_can_be() {
        let list = list();
        let (revoke, replace) = (
            Stop::Revoke { declared: false },
            Stop::Revoke { declared: true },
        );
        for (patterns, stop, expected) in [
            (vec!["audit01/by-hand"], revoke, Ok(("by-hand", 0, 0))),
            (
                vec!["audit01/by-hand", "SA-001/by-*"],
                revoke,
                Ok(("by-hand", 0, 0)),
            ),
            (vec!["audit01/*"], revoke, Ok(("by-hand", 0, 3))),
            (vec!["audit01/*"], replace, Ok(("report by-hand", 0, 2))),
            (
                vec!["audit01/*"],
                Stop::Disable,
                Ok(("report by-hand", 0, 2)),
            ),
            (vec!["audit01/issuer"], Stop::Disable, Ok(("issuer", 1, 0))),
            (vec!["audit01/report"], revoke, Err("a file declares it")),
            (vec!["audit01/flow"], replace, Err("SailPoint's workflows")),
            (
                vec!["audit01/none", "audit01/by-hand"],
                revoke,
                Err("no token matches `audit01/none`"),
            ),
            (vec!["*/none*"], revoke, Err("no token matches")),
        ] {
            let parsed: Vec<TokenPattern> =
                patterns.iter().map(|text| text.parse().unwrap()).collect();
            match (choose(&list, &parsed, stop, &"own".into()), expected) {
                (Ok(chosen), Ok((names, issuers, left_out))) => {
                    let found: Vec<String> = chosen
                        .tokens
                        .iter()
                        .map(|token| token.name_or_issuer().to_string())
                        .collect();
                    assert_eq!(found.join(" "), names, "{patterns:?}");
                    assert_eq!(chosen.issuers.len(), issuers, "{patterns:?}");
                    assert_eq!(chosen.left_out.len(), left_out, "{patterns:?}");
                }
                (Err(refusals), Err(text)) => {
                    assert!(refusals[0].to_string().contains(text), "{refusals:?}");
                }
                (found, expected) => panic!("{patterns:?}: {found:?}, not {expected:?}"),
            }
        }
    }
}
