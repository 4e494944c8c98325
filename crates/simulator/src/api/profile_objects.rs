//! Handlers of `/identity-profiles/v1` for whole profiles: export, import, and a preview of mappings.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("exportIdentityProfilesV1", export),
    ("importIdentityProfilesV1", import),
    ("generateIdentityPreviewV1", preview),
];

fn export(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let tenant = &call.tenant;
    let rows: Vec<(Value, Value)> = (tenant.profiles.values())
        .map(|profile| {
            let wire = tenant.profile_wire(profile);
            let exported = json!({
                "version": 1,
                "self": {"type": "IDENTITY_PROFILE", "id": profile.id, "name": profile.name},
                "object": wire,
            });
            (wire, exported)
        })
        .collect();
    call.list_by(&collection::EXPORTED_PROFILES, rows)
}

/// Each object is imported or not by itself; what is wrong with one is in the answer.
fn import(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let (mut imported, mut errors) = (Vec::new(), Vec::new());
    for exported in body.as_array().into_iter().flatten() {
        let object = &exported["object"];
        match call.tenant.import_profile(object) {
            Ok(id) => imported.push(json!({
                "type": "IDENTITY_PROFILE", "id": id, "name": call.tenant.profile(&id)?.name,
            })),
            Err(refusal) => errors.push(json!({
                "key": refusal.detail_code,
                "text": refusal.text,
                "details": {"name": object["name"]},
            })),
        }
    }
    Ok(Answer::ok(json!({
        "infos": [],
        "warnings": [],
        "errors": errors,
        "importedObjects": imported,
    })))
}

fn preview(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    Ok(Answer::ok(call.tenant.identity_preview(&body)?))
}
