//! Handlers of `/sources/v1`.

use serde_json::{Value, json};

use super::call::{Answer, Call, flag_of};
use super::handler::Handler;
use crate::clock::iso;
use crate::collection;
use crate::errors::Refusal;
use crate::tenant::Severity;

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("listSourcesV1", list),
    ("createSourceV1", create),
    ("getSourceV1", get),
    ("putSourceV1", put),
    ("updateSourceV1", patch),
    ("deleteSourceV1", delete),
    ("getSourceHealthV1", health),
    ("importAccountsV1", load_accounts),
    ("deleteAccountsAsyncV1", remove_accounts),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    // ISC's own source is not simulated.
    call.flag("includeIDNSource")?;
    if let Some(subadmin) = call.query("for-subadmin") {
        let wanted = if subadmin == "me" {
            call.user()?
        } else {
            subadmin
        };
        call.tenant
            .identity(wanted)
            .map_err(|_| Refusal::forbidden())?;
    }
    let rows: Vec<Value> = call
        .tenant
        .sources
        .values()
        .map(|source| call.tenant.source_wire(source))
        .collect();
    call.list(&collection::SOURCES, &rows)
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let provision_as_csv = call.flag("provisionAsCsv")?;
    let id = call.tenant.create_source(&body, provision_as_csv)?;
    Ok(Answer::json(201, wire(call, &id)?))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok(wire(call, call.parameter("id"))?))
}

fn put(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    call.tenant.source(id)?;
    let wanted = call.json()?;
    call.tenant.change_source(id, &wanted)?;
    Ok(Answer::ok(wire(call, id)?))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.parameter("id");
    let wanted = call.patched(&wire(call, id)?)?;
    call.tenant.change_source(id, &wanted)?;
    Ok(Answer::ok(wire(call, id)?))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let launcher = call.launcher();
    let task = call
        .tenant
        .submit_source_deletion(&launcher, call.parameter("id"))?;
    Ok(Answer::accepted_task(&task))
}

fn health(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let source = call.tenant.source(call.parameter("sourceId"))?;
    Ok(Answer::ok(json!({
        "id": source.id,
        "type": source.kind,
        "name": source.name,
        "org": call.tenant.org,
        "isAuthoritative": call.tenant.is_authoritative(&source.id),
        "isCluster": false,
        "hostname": "simulator.invalid",
        "pod": "simulator",
        "iqServiceVersion": null,
        "status": source.status(),
    })))
}

fn load_accounts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let source = call.parameter("id");
    // The description has no 404 here, and tenants answer one nevertheless.
    call.tenant.source(source)?;
    let file = call.file("file")?;
    let launcher = call.launcher();
    let unoptimized = match call.file("disableOptimization")? {
        Some(value) => flag_of("disableOptimization", &String::from_utf8_lossy(value))?,
        None => call.flag("disableOptimization")?,
    };
    let id = call
        .tenant
        .submit_aggregation(&launcher, source, file, !unoptimized)?;
    let task = call.tenant.task(&id)?;
    // Here, other than in task status, the times are epoch milliseconds: real tenants answer so.
    let milliseconds = |time: jiff::Timestamp| json!(time.as_millisecond());
    let messages: Vec<Value> = task
        .messages
        .iter()
        .map(|message| {
            json!({
                "type": super::tasks::message_type(message.severity),
                "error": message.severity == Severity::Error,
                "warning": message.severity == Severity::Warn,
                "key": message.text,
                "localizedText": message.text,
            })
        })
        .collect();
    Ok(Answer::json(
        202,
        json!({
            "success": true,
            "task": {
                "id": task.id,
                "type": "QUARTZ",
                "name": task.kind.name(),
                "description": task.kind.description(),
                "launcher": task.launcher,
                "created": milliseconds(task.created),
                "launched": milliseconds(task.created),
                "completed": task.completed.map(milliseconds),
                "completionStatus": task.completion.map(crate::tenant::Completion::as_str),
                "parentName": null,
                "messages": messages,
                "progress": task.is_running().then_some("Initializing..."),
                "attributes": task.attributes,
                "returns": [],
            },
        }),
    ))
}

fn remove_accounts(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let launcher = call.launcher();
    let task = call
        .tenant
        .submit_account_removal(&launcher, call.parameter("id"))?;
    Ok(Answer::accepted_task(&task))
}

fn wire(call: &Call<'_>, id: &str) -> Result<Value, Refusal> {
    let mut wire = call.tenant.source_wire(call.tenant.source(id)?);
    wire["modified"] = json!(iso(call.tenant.source(id)?.modified));
    Ok(wire)
}
