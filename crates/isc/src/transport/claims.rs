//! Claims of an access token: identity, user name, authorities.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::IdentityId;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The payload of an access token. Its signature is not verified: the tenant does
/// that, and steersman trusts the tenant that issued the token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Claims {
    /// The identity that the client acts as; none for a client without a user.
    #[serde(default)]
    pub(crate) identity_id: Option<IdentityId>,
    /// That identity's user name.
    #[serde(default)]
    pub(crate) user_name: Option<String>,
    /// The authorities of the bearer.
    #[serde(default)]
    pub(crate) authorities: Option<BTreeSet<String>>,
    /// The scopes: a list, or one text with spaces between them.
    #[serde(default, deserialize_with = "scopes")]
    pub(crate) scope: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scopes {
    List(BTreeSet<String>),
    Text(String),
    /// Anything else says nothing.
    Other(serde::de::IgnoredAny),
}

fn scopes<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeSet<String>>, D::Error> {
    Ok(match Scopes::deserialize(deserializer)? {
        Scopes::List(scopes) => Some(scopes),
        Scopes::Text(text) => Some(text.split_whitespace().map(str::to_owned).collect()),
        Scopes::Other(_) => None,
    })
}

/// Decodes the payload; none where the token is not a JSON Web Token.
pub(super) fn decode(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let mut claims: Claims = serde_json::from_slice(&bytes).ok()?;
    claims.identity_id = claims
        .identity_id
        .filter(|identity| !identity.as_str().is_empty());
    Some(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn payloads_are_read() {
        let claims = decode(&token(
            r#"{"identity_id":"i1","user_name":"jane","authorities":["ORG_ADMIN"],"org":"acme","exp":1}"#,
        ))
        .unwrap();
        assert_eq!(claims.identity_id, Some("i1".into()));
        assert_eq!(claims.user_name.as_deref(), Some("jane"));
        assert!(claims.authorities.unwrap().contains("ORG_ADMIN"));
        for payload in [
            "{}",
            r#"{"identity_id":null,"authorities":null}"#,
            r#"{"identity_id":""}"#,
        ] {
            assert_eq!(
                decode(&token(payload)).unwrap(),
                Claims::default(),
                "{payload}"
            );
        }
    }

    #[test]
    fn scopes_are_a_list_or_a_text() {
        for (payload, expected) in [
            (r#"{"scope":["a","b"]}"#, Some(vec!["a", "b"])),
            (r#"{"scope":"b a"}"#, Some(vec!["a", "b"])),
            (r#"{"scope":7}"#, None),
            (r#"{"scope":null}"#, None),
            ("{}", None),
        ] {
            let found = decode(&token(payload)).unwrap().scope;
            let found = found.map(|scopes| scopes.into_iter().collect::<Vec<_>>());
            assert_eq!(
                found,
                expected.map(|scopes| scopes.into_iter().map(str::to_owned).collect()),
                "{payload}"
            );
        }
    }

    #[test]
    fn other_tokens_say_nothing() {
        for text in ["", "opaque", "a.b.c", &token("7"), &token("text")] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
