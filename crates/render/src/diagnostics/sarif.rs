//! SARIF 2.1.0: diagnostics for GitHub code scanning and other collectors.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>.

use super::beyond::Beyond;
use super::identity::Fingerprints;
use serde_json::{Value, json};
use spec::{Code, Diagnostic, Label, Severity, Sources, Suggestion};
use std::collections::BTreeSet;

/// One run with a result for each problem, and a rule for each code in it.
pub(super) fn document(diagnostics: &[Diagnostic], beyond: Beyond, sources: &Sources) -> Value {
    let codes: BTreeSet<Code> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().copied().map(rule).collect();
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let mut result = result(diagnostic, &codes, sources);
            result["partialFingerprints"] =
                json!({"steersmanProblem/v1": fingerprints.of(diagnostic)});
            result
        })
        .collect();
    let mut document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "steersman",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    if let Some(text) = beyond.in_one_line() {
        document["runs"][0]["invocations"] = json!([{
            "executionSuccessful": true,
            "toolExecutionNotifications": [{"level": "warning", "message": {"text": text}}],
        }]);
    }
    document
}

fn rule(code: Code) -> Value {
    let mut rule = json!({
        "id": code.as_str(),
        "shortDescription": {"text": code.title()},
        "defaultConfiguration": {"level": level(code.severity())},
    });
    if let Some(explanation) = code.explanation() {
        rule["fullDescription"] = json!({"text": explanation.meaning});
        rule["help"] = json!({"text": explanation.why});
    }
    rule
}

fn result(diagnostic: &Diagnostic, codes: &[Code], sources: &Sources) -> Value {
    let text = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": level(diagnostic.severity),
        "message": {"text": text},
    });
    if let Some((main, others)) = diagnostic.labels.split_first() {
        result["locations"] = json!([location(main, None)]);
        if !others.is_empty() {
            let others: Vec<Value> = others
                .iter()
                .zip(1..)
                .map(|(label, id)| location(label, Some(id)))
                .collect();
            result["relatedLocations"] = json!(others);
        }
    } else if let Some(first) = sources.paths().next() {
        // Collectors drop results without a place.
        result["locations"] = json!([{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(first.as_str())},
                "region": {"startLine": 1},
            },
        }]);
    }
    if let Some(change) = &diagnostic.suggestion {
        result["fixes"] = json!([fix(diagnostic, change)]);
    }
    result
}

/// The change that fixes a problem.
fn fix(diagnostic: &Diagnostic, change: &Suggestion) -> Value {
    json!({
        "description": {"text": diagnostic.help.as_deref().unwrap_or(&diagnostic.message)},
        "artifactChanges": [{
            "artifactLocation": {"uri": uri(change.file.as_str())},
            "replacements": [{
                "deletedRegion": {
                    "startLine": change.line,
                    "startColumn": change.column,
                    "endLine": change.end_line,
                    "endColumn": change.end_column,
                    "byteOffset": change.span.start,
                    "byteLength": change.span.end - change.span.start,
                },
                "insertedContent": {"text": change.replacement},
            }],
        }],
    })
}

fn location(label: &Label, id: Option<u32>) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(label.file.as_str())},
            "region": {
                "startLine": label.line,
                "startColumn": label.column,
                "endLine": label.end_line,
                "endColumn": label.end_column,
                "byteOffset": label.span.start,
                "byteLength": label.span.end - label.span.start,
            },
        },
    });
    if !label.text.is_empty() {
        location["message"] = json!({"text": label.text});
    }
    if let Some(id) = id {
        location["id"] = json!(id);
    }
    location
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A path as a relative URI reference; an absolute path as a file URI.
fn uri(path: &str) -> String {
    let encoded: String = path
        .replace('\\', "/")
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    if encoded.starts_with('/') {
        format!("file://{encoded}")
    } else {
        encoded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_shown, load, sarif};

    #[test]
    fn problems_have_rules_and_places() {
        let loaded = load(&[
            (
                "my spec/a.yaml",
                "steersman: v1\nsources:\n  - {name: Ä S, managed: false}\n",
            ),
            (
                "b.yaml",
                "steersman: v1\nsources:\n  - {name: Ä S, managed: false}\nnope: 1\n",
            ),
        ]);
        let document = document(&loaded.diagnostics, Beyond::default(), &loaded.sources);
        let results = document["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), loaded.diagnostics.len());
        sarif::assert_valid(&document);
        let text = serde_json::to_string_pretty(&document)
            .unwrap()
            .replace(env!("CARGO_PKG_VERSION"), "VERSION");
        assert_shown("snapshots", "sarif", &text);
    }

    #[test]
    fn a_fix_and_what_is_not_listed_are_in_the_document() {
        let loaded = load(&[("a.yaml", "steersman: v1\nsourcs: []\n")]);
        let beyond = Beyond {
            omitted: 3,
            unchecked: 1,
        };
        let document = document(&loaded.diagnostics, beyond, &loaded.sources);
        sarif::assert_valid(&document);
        let run = &document["runs"][0];
        let change = &run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(change["insertedContent"]["text"], "sources");
        assert_eq!(change["deletedRegion"]["startLine"], 2);
        let note = &run["invocations"][0]["toolExecutionNotifications"][0];
        let text = note["message"]["text"].as_str().unwrap_or_default();
        assert!(text.starts_with("3 more problems"), "{text}");
    }

    #[test]
    fn fingerprints_do_not_depend_on_lines() {
        let fingerprints = |text: &str| -> Vec<String> {
            let loaded = load(&[("a.yaml", text)]);
            let document = document(&loaded.diagnostics, Beyond::default(), &loaded.sources);
            document["runs"][0]["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|result| result["partialFingerprints"].to_string())
                .collect()
        };
        let before = fingerprints("steersman: v1\nnope: 1\n");
        let moved = fingerprints("# moved\n\nsteersman: v1\nnope: 1\n");
        assert_eq!(before, moved);
        let twice = fingerprints("steersman: v1\nsources: [{x: 1}, {x: 1}]\n");
        let unique: BTreeSet<&String> = twice.iter().collect();
        assert_eq!(unique.len(), twice.len(), "{twice:?}");
    }

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("accounts/a.yaml", "accounts/a.yaml"),
            ("my accounts/é#.yaml", "my%20accounts/%C3%A9%23.yaml"),
            ("/tmp/a.yaml", "file:///tmp/a.yaml"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
