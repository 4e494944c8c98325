//! `/auth-users/v1`: the user levels of an identity.

use super::reference::filled;
use crate::json_patch::JsonPatch;
use crate::transport::{Answer, Call, Client};
use model::{IdentityId, IdentityNames, LiveUser, TenantError, TenantErrorKind, UserLevel};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

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

/// Sets an identity's levels to exactly these, and checks the response: ISC leaves
/// out levels that may not be granted.
pub(crate) async fn set_levels(
    client: &Client,
    identity: &IdentityId,
    levels: &BTreeSet<UserLevel>,
) -> Result<(), TenantError> {
    let path = ["auth-users", "v1", identity.as_str()];
    let doing = format!("setting the user levels of the identity {identity}");
    let ids: Value = levels.iter().map(UserLevel::as_str).collect();
    let patch = JsonPatch::new().replace("/capabilities", ids);
    let answer = client
        .send(&Call::patch(&path, patch, doing.clone()).resting_on_reading())
        .await?;
    let held = levels_of(&answer)?;
    if held == *levels {
        return Ok(());
    }
    let shown = |levels: &BTreeSet<UserLevel>| {
        let ids: Vec<&str> = levels.iter().map(UserLevel::as_str).collect();
        format!("[{}]", ids.join(", "))
    };
    let text = format!(
        "ISC returned the levels {} instead of {}",
        shown(&held),
        shown(levels)
    );
    Err(TenantError::new(
        doing,
        TenantErrorKind::Undecodable { text },
    ))
}

fn levels_of(answer: &Answer) -> Result<BTreeSet<UserLevel>, TenantError> {
    let user: AuthUserBody = answer.json()?;
    Ok(user.capabilities.unwrap_or_default())
}
