//! `/search/v1`: audit events of the search index `events`.

use super::reference::filled;
use crate::transport::{Body, Call, Client};
use jiff::Timestamp;
use model::{AuditEvent, AuditEvents, TenantError};
use serde::Deserialize;
use serde_json::{Value, json};

/// The rows of one page, which are all that is read.
const PAGE: usize = 250;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    #[serde(default)]
    created: Option<String>,
    #[serde(default)]
    actor: Option<Value>,
    #[serde(default)]
    target: Option<Value>,
    #[serde(default)]
    technical_name: Option<String>,
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    tracking_number: Option<String>,
}

impl EventBody {
    fn into_event(self) -> AuditEvent {
        let named = |reference: Option<Value>| match reference {
            Some(Value::Object(fields)) => fields
                .get("name")
                .and_then(Value::as_str)
                .map(str::to_owned),
            Some(Value::String(name)) => Some(name),
            Some(_) | None => None,
        };
        AuditEvent {
            at: self.created.unwrap_or_default(),
            actor: filled(named(self.actor)),
            what: filled(self.technical_name)
                .or_else(|| filled(self.action))
                .unwrap_or_default(),
            target: filled(named(self.target)),
            passed: filled(self.status).map(|status| status.eq_ignore_ascii_case("PASSED")),
            tracking: filled(self.tracking_number),
        }
    }
}

/// The events since a time whose target has one of these names, by one request.
pub(crate) async fn of_targets(
    client: &Client,
    names: &[&str],
    since: Timestamp,
) -> Result<AuditEvents, TenantError> {
    let phrases: Vec<String> = names.iter().map(|name| phrase(name)).collect();
    let body = json!({
        "indices": ["events"],
        "query": {"query": format!(
            "created:[{since} TO now] AND target.name:({})",
            phrases.join(" OR ")
        )},
        "sort": ["-created"],
    });
    let path = ["search", "v1"];
    let call = Call::post(&path, Body::Json(body), "searching the audit events")
        .query("limit", PAGE.to_string())
        .query("count", "true")
        .changing_nothing()
        .idempotent();
    let answer = client.send(&call).await?;
    let rows = answer.json::<Vec<EventBody>>()?;
    let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let is_whole = match answer.total() {
        Some(total) => total <= count,
        None => rows.len() < PAGE,
    };
    Ok(AuditEvents {
        found: rows.into_iter().map(EventBody::into_event).collect(),
        is_whole,
    })
}

/// A text as a phrase of a search.
fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
