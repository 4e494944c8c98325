//! An authorized call to an operation, and the answer to it.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::list_cache::{ListBehavior, ListCache};
use crate::errors::Refusal;
use crate::request_log::RequestLog;
use crate::tenant::{Caller, Tenant};
use crate::{json_patch, shapes};

/// An authorized call.
pub(crate) struct Call<'a> {
    pub(crate) tenant: &'a mut Tenant,
    pub(crate) caller: &'a Caller,
    pub(crate) operation: &'static str,
    pub(crate) path: &'a [(&'static str, String)],
    pub(crate) query: &'a [(String, String)],
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Body,
    pub(crate) lists: &'a mut ListCache,
    /// The requests before this one.
    pub(crate) log: &'a RequestLog,
    pub(crate) behaviour: ListBehavior,
    /// Whether the path began with a root of an older version of the API.
    pub(crate) older_root: bool,
}

/// The body of a request.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    /// The parts, where the body is `multipart/form-data`.
    pub(crate) form: Option<Vec<FormPart>>,
}

/// A part of a form.
#[derive(Debug)]
pub(crate) struct FormPart {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// The answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) payload: Payload,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Payload {
    Empty,
    Json(Value),
    Text {
        media_type: &'static str,
        text: Cow<'static, str>,
    },
}

impl Answer {
    /// 200 with this body.
    pub(crate) fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            payload: Payload::Json(body),
        }
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            payload: Payload::Empty,
        }
    }

    /// 202 with a reference to the task that was started, as account operations answer it.
    pub(crate) fn accepted_id(task: &str) -> Self {
        Self::json(202, json!({"id": task}))
    }

    /// 202 with a reference to the task that was started.
    pub(crate) fn accepted_task(task: &str) -> Self {
        Self::json(
            202,
            json!({"type": "TASK_RESULT", "id": task, "name": null}),
        )
    }

    pub(crate) fn text(media_type: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            payload: Payload::Text {
                media_type,
                text: text.into(),
            },
        }
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What a parameter says that is `true` or `false`, in any case: some clients write `True`.
pub(super) fn flag_of(name: &str, text: &str) -> Result<bool, Refusal> {
    match text.trim().to_ascii_lowercase().as_str() {
        "" | "false" => Ok(false),
        "true" => Ok(true),
        _ => Err(Refusal::illegal_value(format!(
            "{name} must be true or false, not {text:?}."
        ))),
    }
}

impl<'a> Call<'a> {
    /// A parameter of the path.
    pub(crate) fn parameter(&self, name: &str) -> &'a str {
        self.path
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&'a str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter of the query that is `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        self.query(name)
            .map_or(Ok(false), |text| flag_of(name, text))
    }

    /// The body, which must be JSON.
    /// The types of its fields are those of the description.
    pub(crate) fn json(&self) -> Result<Value, Refusal> {
        let body = self.read_json("application/json")?;
        shapes::check_body(self.operation, &body)?;
        Ok(body)
    }

    /// The body if there is one, else an empty object.
    pub(crate) fn optional_json(&self) -> Result<Value, Refusal> {
        if self.body.bytes.is_empty() {
            Ok(json!({}))
        } else {
            self.json()
        }
    }

    /// The document after the JSON Patch in the body.
    pub(crate) fn patched(&self, document: &Value) -> Result<Value, Refusal> {
        let patch = self.read_json("application/json-patch+json")?;
        let shape = shapes::patched_by(self.operation);
        let wanted = json_patch::patched(document, &patch, shape)?;
        if let Some(shape) = shape {
            shape.check_change(document, &wanted)?;
        }
        Ok(wanted)
    }

    /// The part of the form with this name.
    pub(crate) fn file(&self, name: &str) -> Result<Option<&'a [u8]>, Refusal> {
        match &self.body.form {
            Some(parts) => Ok(parts
                .iter()
                .find(|part| part.name == name)
                .map(|part| part.bytes.as_ref())),
            None if self.body.bytes.is_empty() => Ok(None),
            None => Err(Refusal::media_type("The body must be multipart/form-data.")),
        }
    }

    /// The id of the user behind the call. Some operations fail without one, as they do in ISC.
    pub(crate) fn user(&self) -> Result<&'a str, Refusal> {
        self.caller
            .identity
            .as_deref()
            .ok_or_else(Refusal::internal)
    }

    /// Whom tasks name as their launcher.
    pub(crate) fn launcher(&self) -> String {
        self.caller
            .identity
            .as_ref()
            .and_then(|id| self.tenant.identity(id).ok())
            .map_or_else(
                || self.caller.client_id.clone(),
                |identity| identity.alias.clone(),
            )
    }

    /// Whether the token has this scope, or all.
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.caller
            .scopes
            .iter()
            .any(|held| held == scope || held == catalog::SCOPE_ALL)
    }

    fn read_json(&self, media_type: &str) -> Result<Value, Refusal> {
        let given = self
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let given = given.split(';').next().unwrap_or_default().trim();
        if !given.eq_ignore_ascii_case(media_type) {
            return Err(Refusal::media_type(format!(
                "The body must be {media_type}, not {given:?}."
            )));
        }
        serde_json::from_slice(&self.body.bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Refusal::bad_request(format!(
                "The body is not well-formed JSON: line {line}, column {column}."
            ))
        })
    }
}
