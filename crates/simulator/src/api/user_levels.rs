//! Handlers of `/authorization/v1`: custom user levels, right sets, and who has a level.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use super::lists::{Row, keys};
use crate::clock::iso;
use crate::collection;
use crate::errors::Refusal;
use crate::filter::{self, Fields};
use crate::tenant::{Identity, RIGHT_SETS};

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listUserLevelsV1", list),
    ("createCustomUserLevelV1", create),
    ("getUserLevelV1", get),
    ("updateUserLevelV1", patch),
    ("publishCustomUserLevelV1", publish),
    ("deleteUserLevelV1", delete),
    ("listAllAuthorizationRightSetsV1", right_sets),
    ("listUserLevelIdentitiesV1", holders),
    ("showUserLevelCountsV1", counts),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let slim = match call.query("detailLevel") {
        None | Some("FULL") => false,
        Some("SLIM") => true,
        Some(other) => {
            return Err(Refusal::illegal_value(format!(
                "detailLevel must be SLIM or FULL, not {other:?}."
            )));
        }
    };
    let rows = call
        .tenant
        .custom_levels
        .values()
        .map(|level| {
            let mut wire = call.tenant.custom_level_wire(level);
            if slim && let Value::Object(map) = &mut wire {
                map.remove("rightSets");
            }
            let fields = json!({
                "name": level.name,
                "owner": wire["owner"]["name"],
                "status": level.status(),
                "description": level.description,
                "created": iso(level.created),
            });
            (fields, wire)
        })
        .collect();
    call.counted_list_by(&collection::CUSTOM_USER_LEVELS, rows)
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let id = call.tenant.create_custom_level(&body)?;
    Ok(Answer::ok(wire(call, &id)?))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(wire(call, call.parameter("id"))?))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let wanted = call.patched(&wire(call, id)?)?;
    call.tenant.change_custom_level(id, &wanted)?;
    Ok(Answer::ok(wire(call, id)?))
}

fn publish(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    call.tenant.publish_custom_level(id)?;
    let level = call.tenant.custom_level(id)?;
    Ok(Answer::ok(json!({
        "userLevelId": level.id,
        "publish": level.published,
        "status": level.status(),
        "modified": iso(level.modified),
    })))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.delete_custom_level(call.parameter("id"))?;
    Ok(Answer::no_content())
}

fn right_sets(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let rows = RIGHT_SETS
        .iter()
        .map(|(id, name, category)| {
            let row = json!({
                "id": id,
                "name": name,
                "description": name,
                "category": category,
                "nestedConfig": {"ancestorId": id, "depth": 0, "parentId": null, "childrenIds": []},
                "children": [],
            });
            (row.clone(), row)
        })
        .collect();
    call.counted_list_by(&collection::RIGHT_SETS, rows)
}

fn holders(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let level = call.parameter("id");
    if !call.tenant.is_level(level) {
        return Err(Refusal::not_found(format!("User level {level}")));
    }
    let page = call.page(&collection::USER_LEVEL_IDENTITIES, |tenant, query| {
        keys(query, tenant.identities.holders(level).map(HolderRow))
    })?;
    Ok(page.shown(|id| {
        let identity = call.tenant.identities.get(id)?;
        Some(json!({
            "id": identity.id,
            "uid": identity.alias,
            "alias": identity.alias,
            "displayName": identity.name,
        }))
    }))
}

fn counts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let levels: Vec<String> = serde_json::from_value(call.json()?)
        .map_err(|_| Refusal::illegal_value("The body must be a list of user level ids."))?;
    if let Some(unknown) = levels.iter().find(|level| !call.tenant.is_level(level)) {
        return Err(Refusal::not_found(format!("User level {unknown}")));
    }
    let rows: Vec<Value> = levels
        .iter()
        .map(|level| json!({"id": level, "count": call.tenant.identities.count_holders(level)}))
        .collect();
    let total = rows.len();
    Ok(Answer::ok(Value::Array(rows)).with_header("x-total-count", total.to_string()))
}

fn wire(call: &Call<'_>, id: &str) -> Result<Value, Refusal> {
    Ok(call.tenant.custom_level_wire(call.tenant.custom_level(id)?))
}

struct HolderRow<'a>(&'a Identity);

impl Fields for HolderRow<'_> {
    fn field(&self, name: &str) -> Option<filter::Value<'_>> {
        (name == "displayName").then_some(filter::Value::Text(&self.0.name))
    }
}

impl Row for HolderRow<'_> {
    fn key(&self) -> String {
        self.0.id.clone()
    }
}
