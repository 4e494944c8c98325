//! GitLab code quality: diagnostics that GitLab shows in a merge request.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use super::beyond::Beyond;
use super::identity::Fingerprints;
use serde_json::{Value, json};
use spec::{Diagnostic, Severity, Sources};

/// An entry for each problem. GitLab drops entries without a place.
pub(super) fn document(diagnostics: &[Diagnostic], beyond: Beyond, sources: &Sources) -> Value {
    let mut fingerprints = Fingerprints::default();
    let entries = diagnostics.iter().map(|diagnostic| {
        let label = diagnostic.labels.first();
        let file = label.map(|label| label.file.as_str());
        let first = || sources.paths().next().map(camino::Utf8Path::as_str);
        let description = match &diagnostic.help {
            Some(help) => format!("{}; help: {help}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        json!({
            "description": description,
            "check_name": diagnostic.code.as_str(),
            "fingerprint": fingerprints.of(diagnostic),
            "severity": match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "minor",
            },
            "location": {
                "path": file.or_else(first).unwrap_or_default(),
                "lines": {"begin": label.map_or(1, |label| label.line)},
            },
        })
    });
    let beyond = beyond.in_one_line().map(|text| {
        json!({
            "description": text,
            "check_name": "steersman",
            "fingerprint": "steersman-problems-not-listed",
            "severity": "info",
            "location": {
                "path": sources.paths().next().map(camino::Utf8Path::as_str).unwrap_or_default(),
                "lines": {"begin": 1},
            },
        })
    });
    entries.chain(beyond).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::load;
    use std::collections::BTreeSet;

    #[test]
    fn each_problem_has_a_place_and_a_fingerprint_of_its_own() {
        let loaded = load(&[(
            "a.yaml",
            "steersman: v1\nsources: [{x: 1}, {x: 1}]\nnope: 1\n",
        )]);
        let document = document(&loaded.diagnostics, Beyond::default(), &loaded.sources);
        let entries = document.as_array().unwrap();
        assert_eq!(entries.len(), loaded.diagnostics.len());
        let unique: BTreeSet<&str> = entries
            .iter()
            .map(|entry| entry["fingerprint"].as_str().unwrap())
            .collect();
        assert_eq!(unique.len(), entries.len());
        for (entry, found) in entries.iter().zip(&loaded.diagnostics) {
            assert_eq!(entry["check_name"], found.code.as_str());
            assert_eq!(entry["location"]["path"], "a.yaml");
            assert_eq!(entry["location"]["lines"]["begin"], found.labels[0].line);
        }
    }
}
