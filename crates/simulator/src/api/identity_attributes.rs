//! Handlers of `/identity-attributes/v1`.

use serde_json::Value;

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listIdentityAttributesV1", list),
    ("createIdentityAttributeV1", create),
    ("getIdentityAttributeV1", get),
    ("putIdentityAttributeV1", put),
    ("deleteIdentityAttributeV1", delete),
    ("deleteIdentityAttributesInBulkV1", bulk_delete),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let include_system = call.flag("includeSystem")?;
    // The simulator has no silent attributes.
    call.flag("includeSilent")?;
    let searchable_only = call.flag("searchableOnly")?;
    let count = call.flag("count")?;
    let rows: Vec<Value> = call
        .tenant
        .identity_attributes
        .values()
        .filter(|attribute| {
            (include_system || !attribute.system) && (!searchable_only || attribute.searchable)
        })
        .map(crate::tenant::IdentityAttribute::wire)
        .collect();
    let total = rows.len();
    let answer = Answer::ok(Value::Array(rows));
    Ok(if count {
        answer.with_header("x-total-count", total.to_string())
    } else {
        answer
    })
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let name = call.tenant.create_identity_attribute(&body)?;
    Ok(Answer::json(
        201,
        call.tenant.identity_attribute(&name)?.wire(),
    ))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(
        call.tenant
            .identity_attribute(call.parameter("name"))?
            .wire(),
    ))
}

fn put(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let name = call.parameter("name");
    call.tenant.identity_attribute(name)?;
    let body = call.json()?;
    call.tenant.replace_identity_attribute(name, &body)?;
    Ok(Answer::ok(call.tenant.identity_attribute(name)?.wire()))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.tenant
        .delete_identity_attributes(&[call.parameter("name").to_owned()])?;
    Ok(Answer::no_content())
}

fn bulk_delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let names: Vec<String> = match body.get("ids") {
        Some(list) => serde_json::from_value(list.clone())
            .map_err(|_| Refusal::illegal_value("ids must be a list of names."))?,
        None => return Err(Refusal::missing("ids")),
    };
    call.tenant.delete_identity_attributes(&names)?;
    Ok(Answer::no_content())
}
