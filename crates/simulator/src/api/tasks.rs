//! Handlers of `/task-status/v1`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::handler::Handler;
use super::lists::{Row, keys};
use crate::clock::{iso, time_of};
use crate::collection;
use crate::errors::Refusal;
use crate::filter::{self, Fields};
use crate::tenant::{Completion, Severity, Task};

pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("getTaskStatusListV1", list),
    ("getTaskStatusV1", get),
    ("updateTaskStatusV1", patch),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let now = call.tenant.now();
    let page = call.page(&collection::TASK_STATUS, |tenant, query| {
        let tasks = tenant.tasks_in_order();
        keys(query, tasks.map(|task| TaskRow { task, now }))
    })?;
    Ok(page.shown(|id| call.tenant.task(id).ok().map(|task| wire(task, now))))
}

fn get(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let now = call.tenant.now();
    Ok(Answer::ok(wire(
        call.tenant.task(call.parameter("id"))?,
        now,
    )))
}

fn patch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let now = call.tenant.now();
    let id = call.parameter("id");
    let current = wire(call.tenant.task(id)?, now);
    let wanted = call.patched(&current)?;
    // What can be said of a running task is that it ended; all else is the tenant's to say.
    let mut expected = current.clone();
    expected["completionStatus"] = wanted["completionStatus"].clone();
    expected["completed"] = wanted["completed"].clone();
    if wanted != expected {
        return Err(Refusal::illegal_update(
            "Only completionStatus and completed of a task can be modified.",
        ));
    }
    if wanted != current {
        let completion = wanted["completionStatus"]
            .as_str()
            .and_then(Completion::from_any_spelling)
            .ok_or_else(|| {
                Refusal::illegal_value("completionStatus must say how the task ended.")
            })?;
        let completed = match &wanted["completed"] {
            Value::Null => None,
            time => Some(time_of(time).ok_or_else(|| {
                Refusal::illegal_value("completed must be a time such as 2026-12-31T23:59:59Z.")
            })?),
        };
        call.tenant.end_task(id, completion, completed)?;
    }
    Ok(Answer::ok(wire(call.tenant.task(id)?, now)))
}

/// The task as ISC answers it.
pub(super) fn wire(task: &Task, now: Timestamp) -> Value {
    let completion = task.shown_completion(now);
    let done = task.completed.is_some();
    json!({
        "id": task.id,
        "type": "QUARTZ",
        "uniqueName": task.kind.name(),
        "description": task.kind.description(),
        "parentName": null,
        "launcher": task.launcher,
        "target": task.target.as_ref().map(|(kind, id, name)| json!({"id": id, "type": kind, "name": name})),
        "created": iso(task.created),
        "modified": iso(task.completed.unwrap_or(task.created)),
        "launched": iso(task.created),
        "completed": task.completed.map(iso),
        "completionStatus": completion.map(Completion::as_str),
        "messages": task.messages.iter().map(|message| json!({
            "type": message_type(message.severity),
            "localizedText": {"locale": "en-US", "message": message.text},
            "key": message.text,
            "parameters": [],
        })).collect::<Vec<_>>(),
        "returns": returns(task),
        "attributes": task.attributes,
        "progress": if done { "Completed" } else { "Started" },
        "percentComplete": if done { 100 } else { 0 },
        "taskDefinitionSummary": {
            "id": task.kind.filter_type(),
            "uniqueName": task.kind.name(),
            "description": task.kind.description(),
            "parentName": task.kind.name(),
            "executor": "sailpoint.task.ServiceTaskExecutor",
            "arguments": {},
        },
    })
}

/// What a task has counted: the names of its counts among the attributes.
fn returns(task: &Task) -> Vec<Value> {
    [
        ("TASK_OUT_ACCOUNT_AGGREGATION_TOTAL", "total"),
        ("TASK_OUT_ACCOUNT_AGGREGATION_CREATED", "created"),
        ("TASK_OUT_ACCOUNT_AGGREGATION_UPDATED", "updated"),
        ("TASK_OUT_ACCOUNT_AGGREGATION_DELETED", "deleted"),
    ]
    .into_iter()
    .filter(|(_, attribute)| task.attributes.contains_key(*attribute))
    .map(|(name, attribute)| json!({"name": name, "attributeName": attribute}))
    .collect()
}

pub(super) fn message_type(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "INFO",
        Severity::Warn => "WARN",
        Severity::Error => "ERROR",
    }
}

struct TaskRow<'a> {
    task: &'a Task,
    now: Timestamp,
}

impl Fields for TaskRow<'_> {
    fn field(&self, name: &str) -> Option<filter::Value<'_>> {
        use filter::Value::{Date, Text};
        let task = self.task;
        match name {
            "id" => Some(Text(&task.id)),
            "sourceId" => task.source.as_deref().map(Text),
            "completionStatus" => task
                .shown_completion(self.now)
                .map(|status| Text(status.as_str())),
            "type" => Some(Text(task.kind.filter_type())),
            "launcher" => Some(Text(&task.launcher)),
            "created" => Some(Date(task.created)),
            _ => None,
        }
    }
}

impl Row for TaskRow<'_> {
    fn key(&self) -> String {
        self.task.id.clone()
    }
}
