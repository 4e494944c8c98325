//! Least scopes and user levels for calls.

use crate::answers::{ShownOperation, did_you_mean};
use crate::failure::Failure;
use catalog::{CallNeeds, Least, Operation, Verdict};
use serde::Serialize;

/// The least that some calls need.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    pub(super) scopes: Vec<&'static str>,
    /// Null where no levels that one account can hold together allow all calls.
    pub(super) levels: Option<Vec<&'static str>>,
    /// Whether a smaller set is ruled out.
    pub(super) proven: bool,
    /// Calls in the form of an older API version.
    pub(super) older: Vec<OlderCall>,
    pub(super) calls: Vec<AnsweredCall>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OlderCall {
    pub(super) written: String,
    pub(super) today: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnsweredCall {
    #[serde(flatten)]
    pub(super) operation: ShownOperation,
    pub(super) scope: Option<&'static str>,
    other_scopes: Vec<&'static str>,
    pub(super) level: Option<&'static str>,
    other_levels: Vec<&'static str>,
    /// Whether the given levels allow it: yes, no or unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allowed: Option<&'static str>,
}

impl Answer {
    pub(super) fn new(calls: &[String], held: &[String]) -> Result<Self, Failure> {
        let (operations, older) = find_all(calls)?;
        let Least {
            scopes,
            levels,
            proven,
            calls,
        } = catalog::least_scopes(&operations);
        let answered = |needs: CallNeeds| AnsweredCall {
            operation: ShownOperation::new(needs.operation),
            scope: needs.scope,
            other_scopes: needs.other_scopes,
            level: needs.level,
            other_levels: needs.other_levels,
            allowed: (!held.is_empty()).then(|| match catalog::may_call(needs.operation, held) {
                Verdict::Yes => "yes",
                Verdict::No => "no",
                Verdict::Unknown => "unknown",
            }),
        };
        Ok(Self {
            scopes,
            levels,
            proven,
            older,
            calls: calls.into_iter().map(answered).collect(),
        })
    }
}

/// Looks up every call.
///
/// # Errors
/// All unknown calls, with the nearest known ones.
fn find_all(calls: &[String]) -> Result<(Vec<&'static Operation>, Vec<OlderCall>), Failure> {
    let mut operations = Vec::new();
    let mut older = Vec::new();
    let mut unknown = Vec::new();
    let mut suggestions = Vec::new();
    for text in calls {
        match catalog::find_call(text) {
            Ok(call) => {
                operations.push(call.operation);
                older.extend(call.older_root.map(|_| OlderCall {
                    written: text.clone(),
                    today: call.operation.to_string(),
                }));
            }
            Err(error) => {
                unknown.push(error.to_string());
                suggestions.extend(
                    catalog::suggest_call(text)
                        .first()
                        .map(|meant| format!("\"{meant}\"")),
                );
            }
        }
    }
    if unknown.is_empty() {
        return Ok((operations, older));
    }
    suggestions.dedup();
    Err(Failure::Usage {
        message: unknown.join("; "),
        help: did_you_mean(&suggestions).unwrap_or_else(|| {
            "write a call as in SailPoint's API reference, for example \"GET /sources/v1/{id}\""
                .to_owned()
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit_code::Exit;

    fn calls(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn the_least_for_some_calls() {
        let held = calls(&["HELPDESK"]);
        let answer = Answer::new(&calls(&["POST /search/v1", "listSourcesV1"]), &held).unwrap();
        let value = serde_json::to_value(&answer).unwrap();
        assert_eq!(
            value["scopes"],
            serde_json::json!(["idn:sources:read", "sp:search:read"])
        );
        assert_eq!(value["calls"][0]["call"], "POST /search/v1");
        assert_eq!(value["calls"][0]["allowed"], "no");
    }

    #[test]
    fn every_unknown_call_is_named() {
        let failure = Answer::new(
            &calls(&["GET /soruces/v1", "listSources", "POST /search/v1"]),
            &[],
        )
        .unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
        let message = failure.to_string();
        assert!(
            message.contains("/soruces/v1") && message.contains("listSources"),
            "{message}"
        );
    }
}
