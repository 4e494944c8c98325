//! A problem as data: what renderers, editors and CI get.

use crate::code::{Code, Severity};
use crate::source::{Location, Sources};
use crate::span::Span;
use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// What checking a spec came to, as `validate --format json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticReport {
    /// The version of this document: 1.
    pub format_version: u32,
    /// Whether the spec can be planned: there is no error.
    pub valid: bool,
    /// How many of the diagnostics are errors.
    pub errors: usize,
    /// How many of them are warnings.
    pub warnings: usize,
    /// How many more problems there are that are not listed.
    pub omitted: usize,
    /// The problems, in the order of the files and of the places in them.
    pub diagnostics: Vec<Diagnostic>,
}

/// One problem of the spec, with every place that has to do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// The stable code, such as `SM0201`; `steersman explain` tells more.
    pub code: Code,
    /// Whether it stops everything or only warns.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The places, the main one first. A problem of a file as a whole points
    /// at the file's beginning.
    pub labels: Vec<Label>,
}

/// A place in a file and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// The file's path, as it was given on the command line.
    #[schemars(with = "String")]
    pub file: Utf8PathBuf,
    /// The bytes that are meant.
    pub span: ByteSpan,
    /// The line of the first byte, counted from 1.
    pub line: usize,
    /// The column of the first byte, counted from 1, in characters.
    pub column: usize,
    /// The line of the byte after the last one.
    pub end_line: usize,
    /// The column of the byte after the last one, in characters.
    pub end_column: usize,
    /// What is to be said about the place; may be empty.
    pub text: String,
}

impl Label {
    /// What is to be said about a place.
    pub(crate) fn new(place: Location, text: impl Into<String>) -> Self {
        Self {
            file: place.file,
            span: ByteSpan {
                start: place.span.start,
                end: place.span.end,
            },
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            text: text.into(),
        }
    }
}

/// A range of bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ByteSpan {
    /// The first byte, counted from 0.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

/// A problem as the pipeline notes it down, before places have names.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    code: Code,
    message: String,
    help: Option<String>,
    labels: Vec<(Span, String)>,
}

impl Finding {
    /// A problem without a place yet.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
            labels: Vec::new(),
        }
    }

    /// Adds a place. The first one added is the main one.
    #[must_use]
    pub(crate) fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push((span, text.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn order(&self) -> (Option<Span>, Code) {
        (self.labels.first().map(|(span, _)| *span), self.code)
    }

    fn into_diagnostic(self, sources: &Sources) -> Diagnostic {
        let labels = self
            .labels
            .into_iter()
            .map(|(span, text)| Label::new(sources.locate(span), text))
            .collect();
        Diagnostic {
            code: self.code,
            severity: self.code.severity(),
            message: self.message,
            help: self.help,
            labels,
        }
    }
}

/// All problems found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    allowed: BTreeSet<Code>,
    list: Vec<Finding>,
    omitted: usize,
    errors: usize,
}

impl Findings {
    /// How many problems are kept. A file that is garbage from end to end could
    /// else fill the memory with messages that nobody reads.
    const MOST: usize = 1_000;

    /// Nothing found yet, and nothing to be found of these kinds as far as they
    /// can be allowed.
    pub(crate) fn allowing(codes: &BTreeSet<Code>) -> Self {
        Self {
            allowed: codes
                .iter()
                .copied()
                .filter(|code| code.can_be_allowed())
                .collect(),
            ..Self::default()
        }
    }

    /// Whether problems of this kind are none here.
    pub(crate) fn allows(&self, code: Code) -> bool {
        self.allowed.contains(&code)
    }

    /// Notes a problem down.
    pub(crate) fn push(&mut self, finding: Finding) {
        if self.allowed.contains(&finding.code) {
            return;
        }
        self.errors += usize::from(finding.code.severity() == Severity::Error);
        if self.list.len() < Self::MOST {
            self.list.push(finding);
        } else {
            self.omitted += 1;
        }
    }

    /// Notes a problem down whose message takes time to make: past the number
    /// that is kept it is only counted.
    pub(crate) fn push_with(&mut self, code: Code, finding: impl FnOnce() -> Finding) {
        if self.list.len() < Self::MOST {
            self.push(finding());
        } else if !self.allows(code) {
            self.errors += usize::from(code.severity() == Severity::Error);
            self.omitted += 1;
        }
    }

    /// How many errors there have been so far, those not kept included.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// How many problems were not kept.
    pub(crate) fn omitted(&self) -> usize {
        self.omitted
    }

    /// The problems in the order in which a reader meets them.
    pub(crate) fn into_diagnostics(mut self, sources: &Sources) -> Vec<Diagnostic> {
        self.list.sort_by_key(Finding::order);
        self.list
            .into_iter()
            .map(|finding| finding.into_diagnostic(sources))
            .collect()
    }
}
