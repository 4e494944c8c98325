//! Chooses the tokens that are rotated on request: declared ones that exist, and issuers.

use super::choice::{Chosen, TokenRefusal, Verdict, choose_by};
use super::pattern::TokenPattern;
use crate::token_list::{ListedToken, Missing, Standing, TokenList};

/// Chooses the tokens to rotate.
///
/// # Errors
/// Each pattern that matches nothing, and each token that is named and cannot be rotated.
pub fn choose_rotations<'a>(
    list: &'a TokenList,
    patterns: &[TokenPattern],
) -> Result<Chosen<'a>, Vec<TokenRefusal>> {
    choose_by(list, patterns, verdict)
}

/// Only the files say what a new token is to be. Whether it can be created is planned.
fn verdict(token: &ListedToken, is_named: bool) -> Verdict {
    let account = &token.account_name;
    let (why, help) = match &token.standing {
        Standing::Declared => return Verdict::Chosen { is_issuer: false },
        Standing::Issuer if is_named => return Verdict::Chosen { is_issuer: true },
        Standing::Issuer => (
            "it is the issuer token of the account".to_owned(),
            format!(
                "name it without `*` to replace it: `--token issuer/{}`",
                token.account
            ),
        ),
        Standing::MayBeIssuer => (
            "no file declares it, and whether it is the issuer token was not read".to_owned(),
            "check the program of its store in the files, then add `--allow-commands`".to_owned(),
        ),
        Standing::Retiring { of, .. } => (
            "it was replaced already, and is kept for its overlap".to_owned(),
            format!(
                "rotate its successor: `--token {}`",
                model::shell_quoted(&format!("{account}/{of}"))
            ),
        ),
        Standing::Undeclared => (
            "no file declares it, so nothing says what a new one is to be".to_owned(),
            format!(
                "declare it in the files of {account}, or revoke it with `steersman token revoke`"
            ),
        ),
        Standing::OfSailPoint => (
            "SailPoint's workflows manage it, and steersman never changes such tokens".to_owned(),
            "change the workflow in ISC".to_owned(),
        ),
        Standing::Missing(Missing::Planned) => (
            "there is no such token yet".to_owned(),
            "run `steersman apply` to create it".to_owned(),
        ),
        Standing::Missing(Missing::Blocked { why, remedy }) => {
            (format!("there is no such token yet: {why}"), remedy.clone())
        }
        Standing::Missing(Missing::NotPlanned) => (
            "there is no such token yet".to_owned(),
            "run `steersman plan` to see what comes first".to_owned(),
        ),
        Standing::Unread { why } => (
            format!("whether it exists was not read: {why}"),
            "run the command again where all can be read".to_owned(),
        ),
    };
    Verdict::against(why, help, is_named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{NOW, live_token};

    #[test]
    fn only_declared_tokens_and_named_issuers_that_exist_are_rotated() {
        let blocked = Missing::Blocked {
            why: "no issuer".to_owned(),
            remedy: "enroll".to_owned(),
        };
        for (standing, says) in [
            (Standing::Declared, None),
            (Standing::Issuer, Some("issuer token of the account")),
            (
                Standing::Retiring {
                    of: "report".into(),
                    until: NOW,
                    rolled_back: false,
                },
                Some("replaced already"),
            ),
            (Standing::Undeclared, Some("no file declares it")),
            (Standing::MayBeIssuer, Some("no file declares it")),
            (Standing::OfSailPoint, Some("SailPoint's workflows")),
            (
                Standing::Missing(Missing::Planned),
                Some("no such token yet"),
            ),
            (Standing::Missing(blocked), Some("no issuer")),
            (
                Standing::Missing(Missing::NotPlanned),
                Some("no such token yet"),
            ),
            (
                Standing::Unread {
                    why: "503".to_owned(),
                },
                Some("503"),
            ),
        ] {
            let list = TokenList {
                at: NOW,
                tokens: vec![ListedToken {
                    account: "SA-001".into(),
                    account_name: "audit01".into(),
                    identity: Some("i".into()),
                    is_doubted: false,
                    name: Some("report".into()),
                    standing,
                    token: Some(live_token("report", "i", &[])),
                    scopes: None,
                    delivery: None,
                    next: None,
                    people: crate::ForPeople::default(),
                }],
                incomplete: std::collections::BTreeMap::new(),
            };
            let named = ["audit01/report".parse().unwrap()];
            let alike = ["audit01/*".parse().unwrap()];
            match says {
                Some("issuer token of the account") => {
                    assert_eq!(choose_rotations(&list, &named).unwrap().issuers.len(), 1);
                    let chosen = choose_rotations(&list, &alike).unwrap();
                    assert!(chosen.tokens.is_empty() && chosen.left_out.len() == 1);
                }
                None => {
                    assert_eq!(choose_rotations(&list, &named).unwrap().tokens.len(), 1);
                    assert_eq!(choose_rotations(&list, &alike).unwrap().tokens.len(), 1);
                }
                Some(says) => {
                    let refusals = choose_rotations(&list, &named).unwrap_err();
                    assert!(refusals[0].to_string().contains(says), "{refusals:?}");
                    let chosen = choose_rotations(&list, &alike).unwrap();
                    assert!(chosen.tokens.is_empty() && chosen.left_out.len() == 1);
                }
            }
        }
    }
}
