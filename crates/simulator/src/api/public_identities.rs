//! `/public-identities/v1`.

use serde_json::{Value, json};

use super::accounts::public_status;
use super::call::{Answer, Call};
use super::table::Handler;
use crate::collection;
use crate::errors::Refusal;
use crate::filter::{self, Fields};
use crate::tenant::Identity;

pub(super) const HANDLERS: &[(&str, Handler)] = &[("getPublicIdentitiesV1", list)];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let core_only = call.flag("add-core-filters")?;
    let page = call.page(&collection::PUBLIC_IDENTITIES, |tenant, query| {
        let wanted = |field: &str| {
            query
                .filter
                .as_ref()
                .and_then(|filter| filter.one_of(field))
        };
        let rows: Vec<&Identity> = if let Some(mut ids) = wanted("id") {
            ids.sort_unstable();
            ids.dedup();
            ids.into_iter()
                .filter_map(|id| tenant.identities.get(id))
                .collect()
        } else if let Some(aliases) = wanted("alias") {
            aliases
                .into_iter()
                .filter_map(|alias| tenant.identities.by_alias(alias))
                .collect()
        } else {
            tenant.identities.all().collect()
        };
        let rows = rows
            .into_iter()
            .filter(|identity| {
                !core_only
                    || (identity.email().is_some() && identity.attribute("lastname").is_some())
            })
            .map(PublicRow);
        query
            .page(rows)
            .rows
            .into_iter()
            .map(|row| row.0.id.clone())
            .collect()
    })?;
    let rows = page
        .keys
        .iter()
        .filter_map(|id| call.tenant.identities.get(id))
        .map(Identity::public_wire)
        .collect();
    Ok(page.answer(rows))
}

impl Identity {
    /// The identity as everybody may see it.
    pub(crate) fn public_wire(&self) -> Value {
        let identity = self;
        json!({
            "id": identity.id,
            "name": identity.name,
            "alias": identity.alias,
            "email": identity.email(),
            "status": public_status(identity.status),
            "identityState": identity.attribute("identityState").filter(|state| {
                ["ACTIVE", "INACTIVE_SHORT_TERM", "INACTIVE_LONG_TERM"].contains(state)
            }),
            "manager": null,
            "attributes": [],
        })
    }
}

struct PublicRow<'a>(&'a Identity);

impl Fields for PublicRow<'_> {
    fn field(&self, name: &str) -> Option<filter::Value<'_>> {
        use filter::Value::Text;
        let identity = self.0;
        match name {
            "id" => Some(Text(&identity.id)),
            "name" => Some(Text(&identity.name)),
            "alias" => Some(Text(&identity.alias)),
            "email" | "firstname" | "lastname" => identity.attribute(name).map(Text),
            _ => None,
        }
    }
}
