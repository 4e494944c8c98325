//! `/auth-users/v1`: the user levels of an identity.

use super::reference::filled;
use crate::json_patch::JsonPatch;
use crate::transport::{Call, Client};
use model::{IdentityId, IdentityNames, LiveUser, TenantError, TenantErrorKind, UserLevel};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

#[derive(Deserialize)]
struct AuthUserBody {
    /// Null for a user without any level.
    #[serde(default)]
    capabilities: Option<BTreeSet<UserLevel>>,
    #[serde(default)]
    alias: Option<String>,
    #[serde(default)]
    uid: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

/// The levels that an identity holds, and its names.
pub(crate) async fn read(client: &Client, identity: &IdentityId) -> Result<LiveUser, TenantError> {
    let path = ["auth-users", "v1", identity.as_str()];
    let doing = format!("reading the user levels of the identity {identity}");
    let answer = client.send(&Call::get(&path, doing)).await?;
    let user: AuthUserBody = answer.json()?;
    Ok(LiveUser {
        levels: user.capabilities.unwrap_or_default(),
        names: IdentityNames {
            alias: filled(user.alias).or_else(|| filled(user.uid)),
            email: filled(user.email),
        },
    })
}

/// The field that is compared and written.
const LEVELS: &str = "/capabilities";

/// Whether the tenant evaluates the `test` of a JSON Patch: it accepts one that holds,
/// and rejects one that does not. Neither changes anything.
pub(crate) async fn compares(client: &Client, identity: &IdentityId) -> Result<bool, TenantError> {
    #[derive(Deserialize)]
    struct Raw {
        // As it is, because the order of the levels counts.
        #[serde(default)]
        capabilities: Value,
    }
    let path = ["auth-users", "v1", identity.as_str()];
    let doing = format!("reading the user levels of the identity {identity}");
    let answer = client.send(&Call::get(&path, doing)).await?;
    let Raw { capabilities } = answer.json()?;
    for (value, holds) in [
        (capabilities, true),
        (
            json!(["steersman compares, and no level has this name"]),
            false,
        ),
    ] {
        let doing = format!("comparing the user levels of the identity {identity}");
        let patch = JsonPatch::new().test(LEVELS, value);
        let call = Call::patch(&path, patch, doing).changing_nothing();
        match client.send(&call).await {
            Ok(_) if holds => {}
            Ok(_) => return Ok(false),
            Err(error) if is_rejected(&error) && !holds => {}
            Err(error) if is_rejected(&error) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

fn is_rejected(error: &TenantError) -> bool {
    matches!(error.kind, TenantErrorKind::Rejected { .. })
}

/// Sets an identity's levels to exactly these, if they are `from` before, and returns
/// those of the response: ISC leaves out levels that may not be granted.
pub(crate) async fn set_levels(
    client: &Client,
    identity: &IdentityId,
    from: Option<&BTreeSet<UserLevel>>,
    levels: &BTreeSet<UserLevel>,
    within: Option<Duration>,
) -> Result<Option<BTreeSet<UserLevel>>, TenantError> {
    let path = ["auth-users", "v1", identity.as_str()];
    let doing = format!("setting the user levels of the identity {identity}");
    let ids =
        |levels: &BTreeSet<UserLevel>| -> Value { levels.iter().map(UserLevel::as_str).collect() };
    let mut patch = JsonPatch::new();
    if let Some(from) = from {
        patch = patch.test(LEVELS, ids(from));
    }
    let patch = patch.replace(LEVELS, ids(levels));
    let answer = client
        .send(&Call::patch(&path, patch, doing).within(within))
        .await?;
    // What took effect is not undone by a response that says nothing of it.
    let told = answer.json::<Told>().ok();
    Ok(told.and_then(|told| told.capabilities))
}

/// The levels of a response to a write; none where it has none.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    capabilities: Option<BTreeSet<UserLevel>>,
}
