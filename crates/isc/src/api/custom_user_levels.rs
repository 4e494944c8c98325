//! `/authorization/v1/custom-user-levels`: the tenant's own user levels.

use crate::transport::{Call, Client, Listing, Row};
use model::{Collection, TenantError, UserLevel};
use serde::Deserialize;

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

/// A custom level of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnLevel {
    pub(crate) id: UserLevel,
    /// A draft cannot be granted until it is published.
    pub(crate) grantable: bool,
}

impl LevelBody {
    fn into_own(self) -> OwnLevel {
        let draft = self
            .status
            .is_some_and(|status| status.eq_ignore_ascii_case("DRAFT"));
        OwnLevel {
            id: self.id.into(),
            grantable: !draft,
        }
    }
}

/// The tenant's own levels, drafts included.
pub(crate) async fn read(client: &Client) -> Result<Collection<Vec<OwnLevel>>, TenantError> {
    /// The documented page size of this list, which has no total, either.
    const PAGE: usize = 50;
    let path = ["authorization", "v1", "custom-user-levels"];
    let call = Call::get(&path, "reading the tenant's own user levels").experimental();
    let listing = Listing::new(call, "name").uncounted(PAGE);
    let own = |levels: Vec<LevelBody>| levels.into_iter().map(LevelBody::into_own).collect();
    Ok(client.list(&listing).await?.map(own))
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
            assert_eq!(level.into_own().grantable, grantable, "{body}");
        }
    }
}
