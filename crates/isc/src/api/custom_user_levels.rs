//! `/authorization/v1/custom-user-levels`: the tenant's own user levels.

use crate::transport::{Call, Client, Listing, Row};
use model::{Collection, TenantError, UserLevel};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct LevelBody {
    id: String,
    #[serde(default)]
    status: Option<String>,
}

impl Row for LevelBody {
    fn key(&self) -> &str {
        &self.id
    }
}

impl LevelBody {
    /// A draft cannot be granted until it is published.
    fn is_grantable(&self) -> bool {
        !self
            .status
            .as_deref()
            .is_some_and(|status| status.eq_ignore_ascii_case("DRAFT"))
    }
}

/// The ids of the tenant's own levels that can be granted.
pub(crate) async fn ids(client: &Client) -> Result<Collection<BTreeSet<UserLevel>>, TenantError> {
    /// Documented for this list, which cannot tell its total either.
    const PAGE: usize = 50;
    let path = ["authorization", "v1", "custom-user-levels"];
    let call = Call::get(&path, "reading the tenant's own user levels").experimental();
    let listing = Listing::new(call, "name").uncounted(PAGE);
    let ids = |levels: Vec<LevelBody>| {
        levels
            .into_iter()
            .filter(LevelBody::is_grantable)
            .map(|level| UserLevel::from(level.id))
            .collect()
    };
    Ok(match client.list(&listing).await? {
        Collection::Complete(levels) => Collection::Complete(ids(levels)),
        Collection::Partial { found, why } => Collection::Partial {
            found: ids(found),
            why,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_cannot_be_granted() {
        for (body, grantable) in [
            (r#"{"id":"l1","status":"ACTIVE","custom":true}"#, true),
            (r#"{"id":"l1","status":"DRAFT"}"#, false),
            (r#"{"id":"l1"}"#, true),
        ] {
            let level: LevelBody = serde_json::from_str(body).unwrap();
            assert_eq!(level.is_grantable(), grantable, "{body}");
        }
    }
}
