//! `/task-status/v1`: state and messages of tasks.

use super::reference::filled;
use crate::filter;
use crate::transport::{Call, Client, Listing, Row};
use model::{Collection, SourceId, Task, TaskId, TaskState, TenantError, TenantErrorKind};
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TaskBody {
    id: String,
    /// A text, or a number of milliseconds; only its presence is used.
    #[serde(default)]
    completed: Value,
    #[serde(default)]
    completion_status: Option<String>,
    #[serde(default)]
    messages: Option<Vec<MessageBody>>,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    unique_name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    attributes: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageBody {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    /// `{locale, message}` in a task, a text in the answer to an import.
    #[serde(default)]
    localized_text: Value,
    #[serde(default)]
    key: Option<String>,
}

impl Row for TaskBody {
    fn key(&self) -> &str {
        &self.id
    }
}

impl TaskBody {
    fn state(&self) -> TaskState {
        // ISC sets the two fields one after the other, so one alone proves nothing.
        match filled(self.completion_status.clone()) {
            Some(status) if !self.completed.is_null() => state_of(&status),
            _ => TaskState::Running,
        }
    }

    /// The larger of the counts of deleted accounts and of those marked for it: the
    /// delete threshold can keep ISC from deleting what it marked.
    fn deletions(&self) -> Option<u64> {
        let count = |name| {
            let value: &Value = self.attributes.get(name)?;
            // ISC writes counts as text.
            value
                .as_u64()
                .or_else(|| value.as_str()?.trim().parse().ok())
        };
        count("deleted").max(count("markedForDeletion"))
    }

    fn into_task(self) -> Task {
        let state = self.state();
        let deletions = self.deletions();
        let mut messages = self.messages.unwrap_or_default();
        messages.sort_by_key(MessageBody::rank);
        Task {
            id: self.id.into(),
            state,
            messages: messages.iter().filter_map(MessageBody::text).collect(),
            deletions,
        }
    }
}

impl MessageBody {
    /// Errors come first, then warnings.
    fn rank(&self) -> u8 {
        match self.kind.as_deref().map(normal).as_deref() {
            Some("ERROR") => 0,
            Some("WARN" | "WARNING") => 1,
            _ => 2,
        }
    }

    fn text(&self) -> Option<String> {
        let text = self
            .localized_text
            .get("message")
            .unwrap_or(&self.localized_text)
            .as_str();
        filled(text.map(str::to_owned)).or_else(|| filled(self.key.clone()))
    }
}

/// A status of ISC in one spelling.
fn normal(word: &str) -> String {
    word.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

fn state_of(status: &str) -> TaskState {
    match normal(status).as_str() {
        "SUCCESS" => TaskState::Success,
        "WARNING" => TaskState::Warning,
        failed @ ("ERROR" | "TERMINATED" | "TEMPERROR") => TaskState::Failed(failed.to_owned()),
        _ => TaskState::Unknown(status.to_owned()),
    }
}

/// A task.
pub(crate) async fn by_id(client: &Client, task: &TaskId) -> Result<Task, TenantError> {
    let path = ["task-status", "v1", task.as_str()];
    let call = Call::get(&path, format!("reading the task {task}"));
    let body: TaskBody = client.send(&call).await?.json()?;
    Ok(body.into_task())
}

/// Whether an invitation task has not ended. The description names no type for them, so
/// each text by which a person would know one counts.
pub(crate) async fn is_inviting(client: &Client) -> Result<bool, TenantError> {
    let doing = "looking for running invitations";
    let call = Call::get(&["task-status", "v1"], doing);
    let listing = Listing::new(call, "created").filtered("completionStatus isnull".to_owned());
    match client.list::<TaskBody>(&listing).await? {
        Collection::Complete(found) => Ok(found.iter().any(|task| {
            let TaskBody {
                kind,
                unique_name,
                description,
                ..
            } = task;
            let texts = [kind, unique_name, description];
            task.state() == TaskState::Running
                && texts.iter().any(|text| {
                    let text = text.as_deref().unwrap_or_default();
                    text.to_ascii_lowercase().contains("invit")
                })
        })),
        Collection::Partial { why, .. } => {
            Err(TenantError::new(doing, TenantErrorKind::Incomplete(why)))
        }
    }
}

/// A task of this source that has not ended. An import has to wait for a task of
/// any kind.
pub(crate) async fn running(
    client: &Client,
    source: &SourceId,
) -> Result<Option<TaskId>, TenantError> {
    let doing = format!(
        "looking for a running aggregation of the source {}",
        client.source_label(source)
    );
    let filters = filter::both(
        &filter::equals("sourceId", source.as_str()),
        "completionStatus isnull",
    );
    let call = Call::get(&["task-status", "v1"], doing.clone());
    let listing = Listing::new(call, "created").filtered(filters);
    let (found, why) = match client.list::<TaskBody>(&listing).await? {
        Collection::Complete(found) => (found, None),
        Collection::Partial { found, why } => (found, Some(why)),
    };
    let running = found
        .into_iter()
        .find(|task| task.state() == TaskState::Running)
        .map(|task| TaskId::from(task.id));
    // A running task is a result even where others could not be read.
    match (running, why) {
        (None, Some(why)) => Err(TenantError::new(doing, TenantErrorKind::Incomplete(why))),
        (running, _) => Ok(running),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_task_ends_when_both_fields_say_so() {
        let failed = |word: &str| TaskState::Failed(word.to_owned());
        let date = json!("2023-11-14T22:13:20Z");
        let table = [
            (Value::Null, Value::Null, TaskState::Running),
            (date.clone(), Value::Null, TaskState::Running),
            (Value::Null, json!("SUCCESS"), TaskState::Running),
            (date.clone(), json!(""), TaskState::Running),
            (date.clone(), json!("SUCCESS"), TaskState::Success),
            (
                json!(1_700_000_000_000_i64),
                json!("Success"),
                TaskState::Success,
            ),
            (date.clone(), json!("warning"), TaskState::Warning),
            (date.clone(), json!("ERROR"), failed("ERROR")),
            (date.clone(), json!("Terminated"), failed("TERMINATED")),
            (date.clone(), json!("TEMPERROR"), failed("TEMPERROR")),
            (date.clone(), json!("TEMP_ERROR"), failed("TEMPERROR")),
            (date.clone(), json!("TempError"), failed("TEMPERROR")),
            (
                date,
                json!("Cancelled"),
                TaskState::Unknown("Cancelled".to_owned()),
            ),
        ];
        for (completed, status, state) in table {
            let body = json!({"id": "t", "completed": completed, "completionStatus": status});
            let task: TaskBody = serde_json::from_value(body.clone()).unwrap();
            assert_eq!(task.into_task().state, state, "{body}");
        }
    }

    #[test]
    fn deletions_are_what_was_deleted_or_marked() {
        let table = [
            (json!({"deleted": "1", "markedForDeletion": "0"}), Some(1)),
            (json!({"deleted": 0, "markedForDeletion": 3}), Some(3)),
            (json!({"markedForDeletion": "2"}), Some(2)),
            (json!({"deleted": "some"}), None),
            (json!({}), None),
            (Value::Null, None),
        ];
        for (attributes, deletions) in table {
            let body = json!({"id": "t", "attributes": attributes});
            let task: TaskBody = serde_json::from_value(body).unwrap();
            assert_eq!(task.into_task().deletions, deletions, "{attributes}");
        }
    }

    #[test]
    fn errors_are_told_first() {
        let body = json!({
            "id": "t",
            "messages": [
                {"type": "INFO", "localizedText": {"locale": "en", "message": "read 3"}, "key": "k"},
                {"type": "WARN", "localizedText": "threshold"},
                {"type": "ERROR", "localizedText": null, "key": "bad_header"},
                {"type": "INFO", "localizedText": null},
            ],
        });
        let task: TaskBody = serde_json::from_value(body).unwrap();
        assert_eq!(
            task.into_task().messages,
            ["bad_header", "threshold", "read 3"]
        );
        let bare: TaskBody = serde_json::from_value(json!({"id": "t", "messages": null})).unwrap();
        assert!(bare.into_task().messages.is_empty());
    }
}
