//! Handlers of `/public-identities/v2`: what every user may see of identities, by a search.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::collection::{self, CollectionQuery};
use crate::errors::Refusal;
use crate::tenant::Identity;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("getPublicIdentitiesVisibleAttributesV2", visible_attributes),
    ("searchPublicIdentitiesV2", search),
];

/// The fields that can be searched: key and name.
const ATTRIBUTES: [(&str, &str); 5] = [
    ("name", "Name"),
    ("displayName", "Display Name"),
    ("email", "Work Email"),
    ("identityState", "Identity State"),
    ("cloudLifecycleState", "Lifecycle State"),
];
/// The deepest nesting of a search.
const MAX_DEPTH: usize = 20;

#[expect(clippy::unnecessary_wraps, reason = "all handlers have one shape")]
fn visible_attributes(_call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let shown = |(key, name): &(&str, &str)| json!({"key": key, "name": name});
    Ok(Answer::ok(json!({
        "defaultAttributes": ATTRIBUTES.iter().map(shown).collect::<Vec<_>>(),
        "configuredAttributes": [],
    })))
}

fn search(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    for (field, expected) in [
        ("queryType", json!("COMPOSITE")),
        ("indices", json!(["identities"])),
        ("includeNested", json!(false)),
    ] {
        if body[field] != expected {
            return Err(Refusal::illegal_value(format!(
                "{field} must be {expected}."
            )));
        }
    }
    let root = &body["querySet"];
    let gate = &root["entries"][0]["textQuery"];
    let field = gate["fields"][0].as_str().map_or("", key_of);
    let is_gate = root["matchAny"] == json!(false)
        && field == "identityState"
        && gate["terms"] == json!(["ACTIVE"]);
    if !is_gate {
        return Err(Refusal::illegal_value(
            "The first entry of querySet must be that identityState is ACTIVE, and all must match.",
        ));
    }
    let query = CollectionQuery::parse(call.query, &collection::PLAIN)
        .map_err(|error| Refusal::illegal_value(error.to_string()))?;
    let mut rows = Vec::new();
    for identity in call.tenant.identities.all() {
        let row = wire(identity);
        if set_matches(root, &row, 0)? {
            rows.push(row);
        }
    }
    for sorter in body["sort"].as_array().into_iter().flatten().rev() {
        let sorter = sorter
            .as_str()
            .ok_or_else(|| Refusal::illegal_value("sort must be a list of texts."))?;
        let key = known(key_of(sorter.trim_start_matches('-')))?;
        rows.sort_by(|left, right| {
            let order = left[key].as_str().cmp(&right[key].as_str());
            if sorter.starts_with('-') {
                order.reverse()
            } else {
                order
            }
        });
    }
    let total = rows.len();
    let page = rows
        .into_iter()
        .skip(query.offset)
        .take(query.limit)
        .collect();
    let answer = Answer::ok(Value::Array(page));
    Ok(if query.count {
        answer.with_header("x-total-count", total.to_string())
    } else {
        answer
    })
}

fn set_matches(set: &Value, row: &Value, depth: usize) -> Result<bool, Refusal> {
    let entries = set["entries"].as_array().filter(|list| !list.is_empty());
    let entries = entries.ok_or_else(|| Refusal::missing("entries of a querySet"))?;
    if depth > MAX_DEPTH {
        return Err(Refusal::illegal_value("The search is nested too deeply."));
    }
    let mut found = Vec::new();
    for entry in entries {
        found.push(match entry["queryType"].as_str() {
            Some("TEXT") => text_matches(&entry["textQuery"], row)?,
            Some("COMPOSITE") => set_matches(&entry["querySet"], row, depth + 1)?,
            _ => {
                return Err(Refusal::illegal_value(
                    "queryType of an entry must be TEXT or COMPOSITE.",
                ));
            }
        });
    }
    Ok(any_or_all(set, &found))
}

fn text_matches(query: &Value, row: &Value) -> Result<bool, Refusal> {
    let list = |name: &str| {
        let list = query[name].as_array().filter(|list| !list.is_empty());
        list.ok_or_else(|| Refusal::missing(format!("{name} of a textQuery")))
    };
    let mut found = Vec::new();
    for field in list("fields")? {
        let key = known(field.as_str().map_or("", key_of))?;
        let value = row[key].as_str().unwrap_or_default().to_lowercase();
        for term in list("terms")? {
            let term = match term {
                Value::String(text) if !text.trim().is_empty() => text.to_lowercase(),
                Value::Bool(flag) => flag.to_string(),
                _ => return Err(Refusal::illegal_value("terms must be texts or booleans.")),
            };
            found.push(if query["contains"] == json!(true) {
                value.contains(&term)
            } else if query["strict"] == json!(true) {
                value == term
            } else {
                value == term || value.split_whitespace().any(|word| word == term)
            });
        }
    }
    Ok(any_or_all(query, &found))
}

fn any_or_all(query: &Value, found: &[bool]) -> bool {
    if query["matchAny"] == json!(true) {
        found.contains(&true)
    } else {
        !found.contains(&false)
    }
}

fn key_of(field: &str) -> &str {
    let field = field.strip_prefix("attributes.").unwrap_or(field);
    field.strip_suffix(".exact").unwrap_or(field)
}

fn known(key: &str) -> Result<&'static str, Refusal> {
    ATTRIBUTES
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(known, _)| *known)
        .ok_or_else(|| Refusal::illegal_value(format!("{key:?} is no visible attribute.")))
}

fn wire(identity: &Identity) -> Value {
    json!({
        "id": identity.id,
        "name": identity.alias,
        "displayName": identity.name,
        "email": identity.email(),
        // An identity without a state is active as long as nobody says otherwise.
        "identityState": identity.attribute("identityState").unwrap_or("ACTIVE"),
        "cloudLifecycleState": identity.lifecycle_state,
        "manager": null,
        "attributes": {},
    })
}
