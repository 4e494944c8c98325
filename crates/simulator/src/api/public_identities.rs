//! Handler of `/public-identities/v1`.

use super::call::{Answer, Call};
use super::handler::Handler;
use super::identity_rows::candidates;
use super::lists::{Row, keys};
use crate::collection;
use crate::errors::Refusal;
use crate::filter::{self, Fields};
use crate::tenant::Identity;

pub(super) const HANDLERS: &[(&str, Handler)] = &[("getPublicIdentitiesV1", list)];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let core_only = call.flag("add-core-filters")?;
    let page = call.page(&collection::PUBLIC_IDENTITIES, |tenant, query| {
        let rows = candidates(tenant, query).into_iter().filter(|identity| {
            !core_only || (identity.email().is_some() && identity.attribute("lastname").is_some())
        });
        keys(query, rows.map(PublicRow))
    })?;
    Ok(page.shown(|id| call.tenant.identities.get(id).map(Identity::public_wire)))
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

impl Row for PublicRow<'_> {
    fn key(&self) -> String {
        self.0.id.clone()
    }
}
