//! `/personal-access-tokens/v1`: lists, mints, changes and revokes tokens.

use super::reference::Reference;
use crate::json_patch::JsonPatch;
use crate::timestamp::{IscTimestamp, to_isc};
use crate::transport::{Body, Call, Client};
use jiff::Timestamp;
use model::{
    Collection, Credential, IdentityId, Incomplete, IncompleteReason, LiveToken, NewToken,
    Operation, Scope, SecretDocument, TenantError, TenantErrorKind, TokenId, TokenName,
    is_client_secret,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenBody {
    id: String,
    name: String,
    #[serde(default)]
    scope: Option<BTreeSet<Scope>>,
    owner: Reference,
    created: IscTimestamp,
    #[serde(default)]
    last_used: Option<IscTimestamp>,
    #[serde(default)]
    managed: Option<bool>,
    #[serde(default)]
    access_token_validity_seconds: Option<u32>,
    #[serde(default)]
    expiration_date: Option<IscTimestamp>,
}

/// Why a row of the list cannot be decoded.
#[derive(Debug, thiserror::Error)]
enum RowError {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("the token {0} has no owner")]
    NoOwner(String),
}

fn row(value: Value) -> Result<LiveToken, RowError> {
    let body: TokenBody = serde_json::from_value(value)?;
    let Some(owner) = Reference::id(Some(body.owner)) else {
        return Err(RowError::NoOwner(body.id));
    };
    Ok(LiveToken {
        id: body.id.into(),
        name: body.name.into(),
        owner,
        scopes: body.scope.unwrap_or_default(),
        created: body.created.0,
        expires: body.expiration_date.map(|at| at.0),
        last_used: body.last_used.map(|at| at.0),
        access_token_validity: body.access_token_validity_seconds,
        managed: body.managed.unwrap_or(false),
    })
}

/// Whose tokens are listed, and as whom.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner<'a> {
    /// Those of all identities that the caller may see.
    Any,
    /// Those of one identity, as the caller.
    Of(&'a IdentityId),
    /// Those of the owner of this credential, as the owner: on its own budget.
    Own(&'a IdentityId, &'a Credential),
}

/// The tokens of an owner, or of all. The list has no pages; a total is checked where
/// the tenant states one.
pub(crate) async fn list(
    client: &Client,
    owner: Owner<'_>,
) -> Result<Collection<Vec<LiveToken>>, TenantError> {
    let path = ["personal-access-tokens", "v1"];
    let call = match owner {
        Owner::Any => Call::get(&path, "reading the personal access tokens"),
        Owner::Of(owner) => Call::get(
            &path,
            format!("reading the personal access tokens of the identity {owner}"),
        )
        .query("owner-id", owner.as_str()),
        Owner::Own(owner, issuer) => Call::get(
            &path,
            format!("reading the personal access tokens of the identity {owner}"),
        )
        .query("owner-id", "me")
        .acting_as(Some(issuer)),
    };
    let answer = client.send(&call.whole_list()).await?;
    let values: Vec<Value> = answer.json()?;
    Ok(gathered(values, answer.total(), |error| {
        answer.decoding_error(error)
    }))
}

fn gathered(
    values: Vec<Value>,
    total: Option<u64>,
    shown: impl Fn(&RowError) -> String,
) -> Collection<Vec<LiveToken>> {
    let count = values.len();
    let mut found = Vec::with_capacity(count);
    let mut trouble = None;
    for (index, value) in values.into_iter().enumerate() {
        match row(value) {
            Ok(token) => found.push(token),
            Err(error) => {
                trouble.get_or_insert(Incomplete {
                    reason: IncompleteReason::UndecodableRow,
                    detail: format!(
                        "row {} of the personal access tokens: {}",
                        index + 1,
                        shown(&error)
                    ),
                    call: None,
                });
            }
        }
    }
    if let Some(total) = total.filter(|total| u64::try_from(count) != Ok(*total)) {
        trouble.get_or_insert(Incomplete {
            reason: IncompleteReason::TotalMismatch,
            detail: format!("{count} of {total} personal access tokens were read"),
            call: None,
        });
    }
    match trouble {
        None => Collection::Complete(found),
        Some(why) => Collection::Partial { found, why },
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MintedBody {
    id: String,
    secret: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    scope: Option<BTreeSet<Scope>>,
    #[serde(default)]
    owner: Option<Reference>,
    #[serde(default)]
    created: Option<IscTimestamp>,
    #[serde(default)]
    expiration_date: Option<IscTimestamp>,
}

/// Mints a token as its owner: the caller is the owner, so the issuer token has to
/// belong to the identity that the new token is for.
pub(crate) async fn mint(
    client: &Client,
    issuer: &Credential,
    new: &NewToken,
) -> Result<SecretDocument, TenantError> {
    let doing = format!("creating the token \"{}\" of {}", new.name, new.account);
    let behind = client.claims(Some(issuer)).await?.identity_id;
    if let Some(other) = behind.filter(|identity| *identity != new.identity) {
        return Err(TenantError::new(
            doing,
            TenantErrorKind::Forbidden {
                text: format!(
                    "the issuer token belongs to the identity {other}, not to {}",
                    new.identity
                ),
                tracking_id: None,
                call: None,
            },
        ));
    }
    let body = Body::Json(request_for(new));
    let path = ["personal-access-tokens", "v1"];
    let call = Call::post(&path, body, doing.clone()).acting_as(Some(issuer));
    let minted: MintedBody = client.send(&call).await?.json()?;
    if !is_client_secret(&minted.secret) {
        let text = "the secret in the response is not one word of 16 to 512 characters".to_owned();
        return Err(TenantError::new(doing, TenantErrorKind::Unknown { text }));
    }
    Ok(SecretDocument {
        credential: Credential {
            client_id: minted.id.into(),
            client_secret: minted.secret.into(),
        },
        base_url: Some(client.config().base_url.to_string()),
        account: Some(new.account_name.clone()),
        identity: Reference::id(minted.owner).or_else(|| Some(new.identity.clone())),
        token: Some(minted.name.map_or_else(|| new.name.clone(), Into::into)),
        scopes: minted.scope.unwrap_or_else(|| new.scopes.clone()),
        created: minted.created.map(|at| at.0),
        expires: minted.expiration_date.map(|at| at.0),
        replaces: None,
        rotation: new.rotation,
        previous: None,
    })
}

fn request_for(new: &NewToken) -> Value {
    // A token without `scope` has all scopes, so `scope` is always sent.
    let mut body = json!({ "name": new.name, "scope": new.scopes });
    if let Some(seconds) = new.access_token_validity {
        body["accessTokenValiditySeconds"] = json!(seconds);
    }
    match new.expires {
        Some(at) => body["expirationDate"] = json!(to_isc(at)),
        None => body["userAwareTokenNeverExpires"] = json!(true),
    }
    body
}

/// Changes of a token; a field that is none stays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Changes<'a> {
    pub(crate) name: Option<&'a TokenName>,
    pub(crate) scopes: Option<&'a BTreeSet<Scope>>,
    /// The inner none means never.
    #[expect(clippy::option_option, reason = "as the trait in model has it")]
    pub(crate) expires: Option<Option<Timestamp>>,
}

impl Changes<'_> {
    fn patch(&self) -> JsonPatch {
        let mut patch = JsonPatch::new();
        if let Some(name) = self.name {
            patch = patch.replace("/name", name.as_str());
        }
        if let Some(scopes) = self.scopes {
            patch = patch.replace("/scope", json!(scopes));
        }
        match self.expires {
            None => patch,
            Some(Some(at)) => patch.replace("/expirationDate", to_isc(at)),
            Some(None) => patch
                .replace("/userAwareTokenNeverExpires", true)
                .replace("/expirationDate", Value::Null),
        }
    }
}

/// Changes a token as its owner.
pub(crate) async fn update(
    client: &Client,
    issuer: &Credential,
    token: &TokenId,
    changes: Changes<'_>,
) -> Result<(), TenantError> {
    let patch = changes.patch();
    if patch.is_empty() {
        return Ok(());
    }
    let path = ["personal-access-tokens", "v1", token.as_str()];
    let call = Call::patch(&path, patch, format!("changing the token {token}"));
    client.send(&call.acting_as(Some(issuer))).await?;
    Ok(())
}

/// Brings the end of a token to a minute from now: as its owner, or as an admin by the bulk
/// update. The body of that is plain JSON, unlike that of other patches.
pub(crate) async fn disable(
    client: &Client,
    issuer: Option<&Credential>,
    token: &TokenId,
) -> Result<Timestamp, TenantError> {
    let end = client.now() + Operation::DISABLED_AFTER;
    let doing = format!("disabling the token {token}");
    let changes = Changes {
        name: None,
        scopes: None,
        expires: Some(Some(end)),
    };
    let own = ["personal-access-tokens", "v1", token.as_str()];
    let bulk = ["personal-access-tokens", "v1", "bulk-update"];
    let call = if issuer.is_some() {
        Call::patch(&own, changes.patch(), doing).acting_as(issuer)
    } else {
        let patch = changes.patch().into_json();
        Call::patch_object(&bulk, json!({ "ids": [token], "patch": patch }), doing)
    };
    client.send(&call).await?;
    Ok(end)
}

/// Revokes a token. A token that is missing when the request is retried was revoked
/// by the attempt before.
pub(crate) async fn revoke(
    client: &Client,
    issuer: Option<&Credential>,
    token: &TokenId,
) -> Result<(), TenantError> {
    let path = ["personal-access-tokens", "v1", token.as_str()];
    let call = Call::delete(&path, format!("revoking the token {token}")).acting_as(issuer);
    client.delete(&call).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::StoreKey;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn tokens_are_read() {
        let full = json!({
            "id": "t1", "name": "report", "scope": ["sp:report:read"],
            "owner": {"type": "IDENTITY", "id": "i1", "name": "audit01"},
            "created": "2023-11-14T22:13:20.000Z", "lastUsed": null, "managed": false,
            "accessTokenValiditySeconds": 900, "expirationDate": "2023-11-15T22:13:20.000Z",
            "userAwareTokenNeverExpires": false,
        });
        let mut all = full.clone();
        all["scope"] = Value::Null;
        all["expirationDate"] = Value::Null;
        let Collection::Complete(tokens) =
            gathered(vec![full.clone(), all], Some(2), ToString::to_string)
        else {
            panic!("complete");
        };
        assert_eq!(tokens[0].expires, Some(at(1_700_086_400)));
        assert_eq!(tokens[0].access_token_validity, Some(900));
        assert!(tokens[1].scopes.is_empty() && tokens[1].expires.is_none());

        let mut broken = full.clone();
        broken["created"] = json!("yesterday");
        let mut unowned = full.clone();
        unowned["owner"] = json!({});
        for (rows, total, reason) in [
            (
                vec![full.clone(), broken],
                None,
                IncompleteReason::UndecodableRow,
            ),
            (vec![unowned], None, IncompleteReason::UndecodableRow),
            (vec![full], Some(2), IncompleteReason::TotalMismatch),
        ] {
            let read = gathered(rows, total, ToString::to_string);
            assert_eq!(read.complete().unwrap_err().reason, reason);
        }
    }

    #[test]
    fn requests_always_say_scope_and_end() {
        let store_key = || StoreKey {
            store: "s".into(),
            key: "k".to_owned(),
        };
        let mut new = NewToken {
            account: "SA-001".into(),
            account_name: "audit01".into(),
            identity: "i1".into(),
            issuer: store_key(),
            name: "report".into(),
            scopes: BTreeSet::from(["b".into(), "a".into()]),
            access_token_validity: Some(900),
            expires: Some(at(1_700_000_000)),
            deliver: store_key(),
            form: model::DeliveredForm::Json,
            overwrites: None,
            rotation: 0,
            declared: model::Digest::of_bytes(b"declared"),
        };
        assert_eq!(
            request_for(&new),
            json!({
                "name": "report", "scope": ["a", "b"], "accessTokenValiditySeconds": 900,
                "expirationDate": "2023-11-14T22:13:20.000Z",
            })
        );
        new.scopes.clear();
        new.access_token_validity = None;
        new.expires = None;
        assert_eq!(
            request_for(&new),
            json!({"name": "report", "scope": [], "userAwareTokenNeverExpires": true})
        );
    }

    #[test]
    fn changes_are_what_is_some() {
        let name = TokenName::from("x~retiring-20240101");
        let scopes = BTreeSet::from([Scope::from("a")]);
        let nothing = Changes {
            name: None,
            scopes: None,
            expires: None,
        };
        assert!(nothing.patch().is_empty());
        let patch = Changes {
            name: Some(&name),
            scopes: Some(&scopes),
            expires: Some(Some(at(1_700_000_000))),
        };
        assert_eq!(
            patch.patch().into_json(),
            json!([
                {"op": "replace", "path": "/name", "value": "x~retiring-20240101"},
                {"op": "replace", "path": "/scope", "value": ["a"]},
                {"op": "replace", "path": "/expirationDate", "value": "2023-11-14T22:13:20.000Z"},
            ])
        );
        let never = Changes {
            expires: Some(None),
            ..nothing
        };
        assert_eq!(
            never.patch().into_json(),
            json!([
                {"op": "replace", "path": "/userAwareTokenNeverExpires", "value": true},
                {"op": "replace", "path": "/expirationDate", "value": null},
            ])
        );
    }
}
