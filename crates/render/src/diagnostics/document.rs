//! Diagnostics of the files and of the tenant, as one document for every format.

use super::beyond::Beyond;
use super::github::Annotation;
use super::{gitlab, junit, sarif, tenant, terminal};
use crate::count::counted;
use crate::error::RenderError;
use crate::gate::json_text;
use model::{Problem, Redactor};
use spec::{Diagnostic, DiagnosticReport, Label, Loaded, NotRead, Severity};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is wrong with a spec, with the texts of its files. Secrets are redacted in all
/// that a format wraps or escapes.
#[derive(Clone, Debug)]
pub struct Diagnostics<'a> {
    loaded: &'a Loaded,
    report: DiagnosticReport,
    redactor: &'a Redactor,
}

/// The formats of diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: with the lines of the files.
    Text {
        /// How many columns a line may have.
        columns: usize,
        /// Whether the text has ANSI colors.
        color: bool,
    },
    /// For programs; the schema is `schemas/diagnostics.schema.json`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitLab code quality, for merge requests.
    Gitlab,
    /// `JUnit` XML, for collectors of test reports.
    Junit,
}

impl<'a> Diagnostics<'a> {
    /// What the checks of the files found.
    pub fn of_files(loaded: &'a Loaded, redactor: &'a Redactor) -> Self {
        let mut report = loaded.report();
        for found in &mut report.diagnostics {
            redact(found, redactor);
        }
        Self {
            loaded,
            report,
            redactor,
        }
    }

    /// What only the tenant shows (`SM09xx`), at the places in the files that it
    /// is about.
    pub fn at_tenant(loaded: &'a Loaded, problems: &[Problem], redactor: &'a Redactor) -> Self {
        let diagnostics = Vec::new();
        let report = DiagnosticReport {
            errors: 0,
            warnings: 0,
            omitted: 0,
            unchecked: 0,
            not_read: Vec::new(),
            diagnostics,
            ..loaded.report()
        };
        let none = Self {
            loaded,
            report,
            redactor,
        };
        none.with_tenant(problems)
    }

    /// Adds what only the tenant shows, for collectors that take all results of a
    /// run at once.
    #[must_use]
    pub fn with_tenant(mut self, problems: &[Problem]) -> Self {
        let mut found = tenant::of_tenant(self.loaded, problems);
        for diagnostic in &mut found {
            redact(diagnostic, self.redactor);
        }
        let warnings = found
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Warning)
            .count();
        self.report.warnings += warnings;
        self.report.errors += found.len() - warnings;
        self.report.valid &= warnings == found.len();
        self.report.diagnostics.extend(found);
        self
    }

    /// YAML files that are not read, although they may be meant for the spec.
    pub fn not_read(&self) -> &[NotRead] {
        &self.loaded.not_read
    }

    /// How many problems are listed.
    pub fn len(&self) -> usize {
        self.report.diagnostics.len()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.report.diagnostics.is_empty()
    }

    /// The warnings of a valid spec in one line: how many, their codes, and which command
    /// shows them; none where there are none.
    pub fn in_one_line(&self) -> Option<String> {
        let codes: BTreeSet<String> = self
            .report
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code.to_string())
            .collect();
        if codes.is_empty() {
            return None;
        }
        let codes: Vec<String> = codes.into_iter().collect();
        let (count, them) = match self.report.warnings {
            1 => ("1 warning".to_owned(), "it"),
            more => (counted(more, "warning"), "them"),
        };
        Some(format!(
            "warning: {count} in the files ({}); `steersman validate` shows {them}",
            codes.join(", ")
        ))
    }

    /// That validation failed and with how many problems, such as `validation
    /// failed: 2 errors and 1 warning`.
    pub fn failure(&self) -> String {
        let warnings = self
            .report
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Warning)
            .count();
        let errors = self.report.diagnostics.len() - warnings;
        let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| counted(number, noun))
            .collect();
        format!("validation failed: {}", counts.join(" and "))
    }

    /// GitHub's workflow commands, which annotate a pull request; one each.
    pub fn annotations(&self) -> Vec<Annotation> {
        let listed = self.report.diagnostics.iter().map(Annotation::of);
        let beyond = self.beyond().in_one_line().map(Annotation::of_the_run);
        listed.chain(beyond).collect()
    }

    /// What is not in the list.
    fn beyond(&self) -> Beyond {
        Beyond {
            omitted: self.report.omitted,
            unchecked: self.report.unchecked,
        }
    }

    /// The document in a format. Text is empty where nothing is wrong; JSON and
    /// SARIF say so.
    ///
    /// # Errors
    /// None that is known: keys are texts, and numbers are finite.
    pub fn render(&self, format: Format) -> Result<String, RenderError> {
        let diagnostics = &self.report.diagnostics;
        let sources = &self.loaded.sources;
        let json = |source| RenderError::Json {
            what: "the diagnostics",
            source,
        };
        match format {
            Format::Text { columns, color } => Ok(terminal::render(
                diagnostics,
                self.beyond(),
                sources,
                columns,
                color,
            )),
            Format::Json => json_text(&self.report).map_err(json),
            Format::Sarif => {
                let document = sarif::document(diagnostics, self.beyond(), sources);
                json_text(&document).map_err(json)
            }
            Format::Gitlab => {
                let document = gitlab::document(diagnostics, self.beyond(), sources);
                json_text(&document).map_err(json)
            }
            Format::Junit => Ok(junit::document(diagnostics, self.beyond())),
        }
    }
}

/// Redacts the texts of a diagnostic.
fn redact(diagnostic: &mut Diagnostic, redactor: &Redactor) {
    let Diagnostic {
        code: _,
        severity: _,
        message,
        help,
        suggestion,
        labels,
    } = diagnostic;
    let labels = labels.iter_mut().map(|label| {
        let Label {
            // The path finds the text of the file. It is redacted with the output.
            file: _,
            span: _,
            line: _,
            column: _,
            end_line: _,
            end_column: _,
            text,
        } = label;
        text
    });
    let replacement = suggestion.as_mut().map(|change| &mut change.replacement);
    for text in labels.chain([message]).chain(help).chain(replacement) {
        if let Cow::Owned(clean) = redactor.redact(text) {
            *text = clean;
        }
    }
}
