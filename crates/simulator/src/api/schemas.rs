//! Handlers of `/sources/v1/{id}/schemas`.

use serde_json::Value;

use super::call::{Answer, Call};
use super::handler::Handler;
use crate::errors::Refusal;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("getSourceSchemasV1", list),
    ("createSourceSchemaV1", create),
    ("getSourceSchemaV1", get),
    ("putSourceSchemaV1", put),
    ("updateSourceSchemaV1", patch),
    ("deleteSourceSchemaV1", delete),
    ("getAccountsSchemaV1", download_accounts),
    ("importAccountsSchemaV1", upload_accounts),
    ("getEntitlementsSchemaV1", download_entitlements),
    ("importEntitlementsSchemaV1", upload_entitlements),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let source = call.tenant.schema_source(call.parameter("sourceId"))?;
    let groups_only = call.query("include-types") == Some("group");
    let names: Option<Vec<&str>> = call
        .query("include-names")
        .map(|names| names.split(',').map(str::trim).collect());
    let schemas = source
        .schemas
        .iter()
        .filter(|schema| {
            if groups_only {
                return schema.name != "account";
            }
            names
                .as_ref()
                .is_none_or(|names| names.contains(&schema.name.as_str()))
        })
        .map(crate::tenant::Schema::wire)
        .collect();
    Ok(Answer::ok(Value::Array(schemas)))
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let source = call.parameter("sourceId");
    call.tenant.schema_source(source)?;
    let body = call.json()?;
    let id = call.tenant.create_schema(source, &body)?;
    Ok(Answer::json(201, call.tenant.schema(source, &id)?.wire()))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(
        call.tenant
            .schema(call.parameter("sourceId"), call.parameter("schemaId"))?
            .wire(),
    ))
}

fn put(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (source, schema) = (call.parameter("sourceId"), call.parameter("schemaId"));
    call.tenant.schema(source, schema)?;
    let wanted = call.json()?;
    call.tenant.change_schema(source, schema, &wanted)?;
    Ok(Answer::ok(call.tenant.schema(source, schema)?.wire()))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (source, schema) = (call.parameter("sourceId"), call.parameter("schemaId"));
    let wanted = call.patched(&call.tenant.schema(source, schema)?.wire())?;
    call.tenant.change_schema(source, schema, &wanted)?;
    Ok(Answer::ok(call.tenant.schema(source, schema)?.wire()))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.tenant
        .delete_schema(call.parameter("sourceId"), call.parameter("schemaId"))?;
    Ok(Answer::no_content())
}

fn download_accounts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    header(call, "account")
}

fn download_entitlements(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    header(call, call.query("schemaName").unwrap_or("group"))
}

fn upload_accounts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    upload(call, "account")
}

fn upload_entitlements(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    upload(call, call.query("schemaName").unwrap_or("group"))
}

/// The header of a file of accounts or groups.
fn header(call: &Call<'_>, schema: &str) -> Result<Answer, Refusal> {
    let source = call.tenant.schema_source(call.parameter("id"))?;
    let schema = source
        .schemas
        .iter()
        .find(|found| found.name == schema)
        .ok_or_else(|| Refusal::not_found(format!("The schema {schema:?}")))?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = writer
        .write_record(
            schema
                .attributes
                .iter()
                .map(|attribute| attribute.name.as_bytes()),
        )
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(Refusal::internal)?;
    Ok(Answer::text("text/csv", header))
}

fn upload(call: &mut Call<'_>, schema: &str) -> Result<Answer, Refusal> {
    let source = call.parameter("id");
    call.tenant.schema_source(source)?;
    let file = call.file("file")?.ok_or_else(|| Refusal::missing("file"))?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .from_reader(file);
    let columns: Vec<String> = reader
        .headers()
        .map_err(|_| Refusal::illegal_value("The header of the file cannot be read."))?
        .iter()
        .map(str::to_owned)
        .collect();
    if columns.iter().all(String::is_empty) {
        return Err(Refusal::missing("The header of the file"));
    }
    let id = call.tenant.upload_schema(source, schema, &columns)?;
    Ok(Answer::ok(call.tenant.schema(source, &id)?.wire()))
}
