//! Diagnostics as data, for renderers, editors and CI.

use crate::code::{Code, Severity};
use crate::source::Location;
use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// How many items of lists and files were not checked, because there are 1,000
    /// errors. Missing where everything was checked.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unchecked: usize,
    /// YAML files that are not read, because they have no key `steersman` at the top,
    /// although they may be meant for the spec. Missing where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<NotRead>,
    /// The problems, in the order of the files and of the places in them.
    pub diagnostics: Vec<Diagnostic>,
}

/// A YAML file that is not read, because it has no key `steersman` at the top.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotRead {
    /// The file.
    #[schemars(with = "String")]
    pub file: Utf8PathBuf,
    /// The line of its first key, from 1.
    pub line: usize,
    /// Why it may be meant for the spec.
    pub reason: NotReadReason,
}

/// Why a file without the key `steersman` may be meant for the spec.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum NotReadReason {
    /// It has keys of a spec file.
    SpecKeys,
    /// It has the Kubernetes keys `apiVersion` and `kind`, and is beside a spec file.
    Kubernetes,
    /// It is beside a spec file.
    BesideSpec,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// One problem of the spec, with every place that has to do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// The stable code, such as `SM0201`; `steersman explain CODE` explains it.
    pub code: Code,
    /// Whether it stops everything or only warns.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The change of a file that fixes it, where the help proposes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
    /// The places, the main one first. A problem of a file as a whole points
    /// at the file's beginning.
    pub labels: Vec<Label>,
}

/// A change of a file that fixes a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// Whether `validate --fix` makes the change.
    pub applicability: Applicability,
    /// The file's path, as it was given on the command line.
    #[schemars(with = "String")]
    pub file: Utf8PathBuf,
    /// The bytes that are replaced; empty where the text is inserted.
    pub span: ByteSpan,
    /// The line of the first byte, counted from 1.
    pub line: usize,
    /// The column of the first byte, counted from 1, in characters.
    pub column: usize,
    /// The line of the byte after the last one.
    pub end_line: usize,
    /// The column of the byte after the last one, in characters.
    pub end_column: usize,
    /// The new text; empty where the bytes are removed.
    pub replacement: String,
}

/// Whether a change can be made without a person's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Applicability {
    /// The files then say what they were meant to say: `validate --fix` makes it.
    Safe,
    /// It decides which access is granted, or changes what is declared: `validate
    /// --fix --unsafe-fixes` makes it.
    Unsafe,
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
    /// A place with a text about it.
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
