//! Handlers of `/tenant/v1`.

use serde_json::json;

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::clock::iso;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] = &[("getTenantV1", get)];

#[expect(clippy::unnecessary_wraps, reason = "all handlers have one shape")]
fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let org = &call.tenant.org;
    let created = iso(call.tenant.created);
    Ok(Answer::ok(json!({
        "id": call.tenant.id(),
        "name": org,
        "fullName": format!("{org} (simulated)"),
        "pod": "simulator",
        "region": "loopback",
        "description": "A simulated tenant. Nothing in it is real.",
        "products": [{
            "productName": "idn",
            "url": format!("https://{org}.invalid"),
            "productTenantId": format!("{org}#idn"),
            "productRegion": "loopback",
            "productRight": "idn:ui:view",
            "apiUrl": null,
            "licenses": [],
            "attributes": {},
            "zone": "simulator",
            "status": "active",
            "statusDateTime": created,
            "reason": "",
            "notes": "",
            "dateCreated": created,
            "lastUpdated": created,
            "orgType": "sandbox",
        }],
    })))
}
