//! Classifies what is where an issuer token is about to be stored.

use model::{
    Collection, IdentityId, Incomplete, LiveToken, Scope, SecretDocument, TokenId, TokenName,
};

/// A secret in the place of an issuer token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Occupant<'a> {
    /// It is of no use to anything any more, or is the one that is enrolled.
    Replaceable,
    /// It is an issuer token of this account, which the place is all that knows of if
    /// steersman created it.
    Issuer {
        /// The token.
        token: &'a LiveToken,
        /// Whether a person has not seen its secret.
        is_unseen: bool,
    },
    /// It is of another tenant or account; the text is the difference.
    Foreign(String),
    /// It is of this token, which is valid and no issuer token of this account.
    OfToken(&'a LiveToken),
    /// It does not say whose it is, and no token has its client id.
    Nameless(&'a TokenId),
    /// Whether its token is valid is not known.
    NotKnown {
        /// Its client id.
        id: &'a TokenId,
        /// Why not.
        why: &'a Incomplete,
    },
}

/// What is known beside the document.
pub(super) struct Context<'a> {
    /// What shows that the document is of another tenant or account.
    pub(super) foreign: Option<String>,
    /// The identity of the account.
    pub(super) identity: &'a IdentityId,
    /// The token that is enrolled, where it exists already.
    pub(super) enrolled: Option<&'a TokenId>,
    /// The tokens of the tenant.
    pub(super) tokens: &'a Collection<Vec<LiveToken>>,
    /// Whether the account declares a token of this name.
    pub(super) declares: &'a dyn Fn(&TokenName) -> bool,
}

/// Classifies a document by the tokens that the tenant has.
pub(super) fn classify<'a>(document: &'a SecretDocument, context: Context<'a>) -> Occupant<'a> {
    let Context {
        foreign,
        identity,
        enrolled,
        tokens,
        declares,
    } = context;
    let SecretDocument {
        credential,
        base_url,
        account,
        identity: owner,
        token,
        scopes,
        created: _,
        expires: _,
        replaces,
        rotation: _,
        previous: _,
    } = document;
    let id = &credential.client_id;
    if let Some(why) = foreign {
        return Occupant::Foreign(why);
    }
    if enrolled == Some(id) {
        return Occupant::Replaceable;
    }
    if let Some(live) = tokens.found().iter().find(|live| live.id == *id) {
        let is_issuer = live.owner == *identity && live.may_issue() && !declares(&live.name);
        return if is_issuer {
            Occupant::Issuer {
                token: live,
                is_unseen: replaces.is_some(),
            }
        } else {
            Occupant::OfToken(live)
        };
    }
    // Who wrote it by hand may have left out all but the secret.
    if base_url.is_none() || (account.is_none() && owner.is_none()) {
        return Occupant::Nameless(id);
    }
    let says_issuer = scopes.contains(&Scope::from(LiveToken::ISSUER_SCOPE))
        && !token.as_ref().is_some_and(declares);
    match tokens.complete() {
        Err(why) if !says_issuer => Occupant::NotKnown { id, why },
        Ok(_) | Err(_) => Occupant::Replaceable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Credential, IncompleteReason};

    fn live(id: &str, owner: &str, scopes: &[&str]) -> LiveToken {
        LiveToken {
            id: id.into(),
            name: format!("name-{id}").into(),
            owner: owner.into(),
            scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
            created: jiff::Timestamp::UNIX_EPOCH,
            expires: None,
            last_used: None,
            access_token_validity: None,
            managed: false,
        }
    }

    fn document(id: &str, names: bool, scopes: &[&str]) -> SecretDocument {
        SecretDocument {
            credential: Credential {
                client_id: id.into(),
                client_secret: "s3cr3t".to_owned().into(),
            },
            base_url: names.then(|| "https://acme.api.identitynow.com".to_owned()),
            account: names.then(|| "audit01".into()),
            identity: names.then(|| "i".into()),
            token: names.then(|| "issuer".into()),
            scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
            created: None,
            expires: None,
            replaces: None,
            rotation: 0,
            previous: None,
        }
    }

    #[test]
    fn a_secret_that_something_may_use_is_not_overwritten() {
        const MANAGE: &str = LiveToken::ISSUER_SCOPE;
        let all = vec![
            live("issuer", "i", &[MANAGE]),
            live("report", "i", &["sp:report:read"]),
            live("declared", "i", &[MANAGE]),
            live("strange", "j", &[MANAGE]),
        ];
        let complete = Collection::Complete(all.clone());
        let why = Incomplete::new(IncompleteReason::Forbidden, "403");
        let partial = Collection::Partial {
            found: all,
            why: why.clone(),
        };
        let own = |id: &str, scopes: &[&str]| document(id, true, scopes);
        let bare = |id: &str| document(id, false, &[]);
        let unseen = |id: &str| SecretDocument {
            replaces: Some("pasted".into()),
            ..document(id, true, &[MANAGE])
        };
        let text = |occupant: Occupant<'_>| match occupant {
            Occupant::Replaceable => "replaceable".to_owned(),
            Occupant::Issuer { token, is_unseen } => format!("issuer {} {is_unseen}", token.id),
            Occupant::Foreign(why) => why,
            Occupant::OfToken(token) => format!("of {}", token.id),
            Occupant::Nameless(id) => format!("nameless {id}"),
            Occupant::NotKnown { id, .. } => format!("not known {id}"),
        };
        for (document, tokens, foreign, expected) in [
            (own("new", &[]), &complete, None, "replaceable"),
            (bare("new"), &partial, None, "replaceable"),
            (own("issuer", &[]), &complete, None, "issuer issuer false"),
            (bare("issuer"), &complete, None, "issuer issuer false"),
            (unseen("issuer"), &complete, None, "issuer issuer true"),
            (unseen("report"), &complete, None, "of report"),
            (unseen("new"), &complete, None, "replaceable"),
            (own("report", &[]), &complete, None, "of report"),
            (bare("report"), &partial, None, "of report"),
            (own("declared", &[]), &complete, None, "of declared"),
            (own("strange", &[]), &complete, None, "of strange"),
            // Its token is gone.
            (own("gone", &[]), &complete, None, "replaceable"),
            (own("gone", &[MANAGE]), &partial, None, "replaceable"),
            (own("gone", &[]), &partial, None, "not known gone"),
            (bare("gone"), &complete, None, "nameless gone"),
            (bare("gone"), &partial, None, "nameless gone"),
            (
                own("issuer", &[]),
                &complete,
                Some("of another"),
                "of another",
            ),
        ] {
            let context = Context {
                foreign: foreign.map(str::to_owned),
                identity: &"i".into(),
                enrolled: Some(&"new".into()),
                tokens,
                declares: &|name| name.as_str() == "name-declared",
            };
            let words = format!("{:?} {expected}", document.credential.client_id);
            assert_eq!(text(classify(&document, context)), expected, "{words}");
        }
    }
}
