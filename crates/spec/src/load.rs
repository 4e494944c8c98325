//! The way from files to the spec.

use crate::checks;
use crate::code::{Code, Severity};
use crate::decode::Decode;
use crate::diagnostic::{Diagnostic, DiagnosticReport, Label};
use crate::finding::{Finding, Findings};
use crate::lower::lower;
use crate::merge::merge;
use crate::places::Places;
use crate::raw::RawDocument;
use crate::source::{SourceFile, Sources};
use crate::span::Span;
use crate::variables::{Variables, expand};
use crate::yaml;
use model::{Problem, Spec};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What loading a spec depends on besides the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The variables that the files may use.
    pub variables: Variables,
    /// The kinds of problems that are none here. Only those that
    /// [`Code::can_be_allowed`] names are heeded.
    pub allow: BTreeSet<Code>,
}

/// What became of the files.
#[derive(Debug)]
pub struct Loaded {
    /// The spec. None where anything is wrong with the files.
    pub spec: Option<Spec>,
    /// Every problem, in the order of the files and of the places in them.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more problems there are that are not told one by one: past a
    /// thousand nobody reads them.
    pub omitted: usize,
    /// Where each thing of the spec stands. Also there where the spec is not.
    pub places: Places,
    /// The texts of the files, for rendering the diagnostics.
    pub sources: Arc<Sources>,
}

/// Reads the files of a spec and checks all that can be checked without the
/// tenant. The order of the files is the order of the diagnostics.
pub fn load(files: Vec<SourceFile>, options: &Options) -> Loaded {
    let mut findings = Findings::allowing(&options.allow);
    let mut secrets = Vec::new();
    let mut sources = Sources::default();
    let mut documents = Vec::with_capacity(files.len());
    for (file, index) in files.into_iter().zip(0..) {
        let (text, readable) = decode_text(file.bytes, index, &mut findings);
        documents.push(
            readable
                .then(|| document(&text, index, options, &mut findings, &mut secrets))
                .flatten(),
        );
        sources.push(file.path, text);
    }
    let merged = merge(documents, &mut findings);
    let partial = lower(merged, &mut findings);
    checks::run(&partial, &mut findings);
    for secret in secrets {
        sources.mask(secret);
    }
    let spec = (findings.errors() == 0).then_some(partial.spec);
    let omitted = findings.omitted();
    let sources = Arc::new(sources);
    Loaded {
        spec,
        diagnostics: findings.into_diagnostics(&sources),
        omitted,
        places: Places::new(partial.places, Arc::clone(&sources)),
        sources,
    }
}

impl Loaded {
    /// A problem that only the tenant could show, as a diagnostic at the place in
    /// the files that it is about.
    pub fn diagnose(&self, problem: &Problem) -> Diagnostic {
        let label = self
            .places
            .locate(&problem.address, problem.field.as_deref())
            .map(|place| Label::new(place, "at this tenant"));
        Diagnostic {
            code: problem.code.parse().unwrap_or(Code::AtTenant),
            severity: Severity::Error,
            message: problem.message.clone(),
            help: Some(problem.help.clone()),
            labels: label.into_iter().collect(),
        }
    }

    /// What checking the files came to, as a document for programs.
    pub fn report(&self) -> DiagnosticReport {
        let (errors, warnings) = self.counts();
        DiagnosticReport {
            format_version: 1,
            valid: self.spec.is_some(),
            errors,
            warnings,
            omitted: self.omitted,
            diagnostics: self.diagnostics.clone(),
        }
    }

    /// How many of the told problems are errors and how many are warnings.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count();
        (errors, self.diagnostics.len() - errors)
    }
}

/// One file's document; None where nothing could be made of it.
fn document(
    text: &str,
    file: u32,
    options: &Options,
    findings: &mut Findings,
    secrets: &mut Vec<Span>,
) -> Option<RawDocument> {
    let before = findings.errors();
    let Some(mut tree) = yaml::read(text, file, findings) else {
        if findings.errors() == before {
            findings.push(
                Finding::new(Code::MissingKey, "this file says nothing")
                    .at(yaml::beginning(file), "empty, or comments only")
                    .help("begin a spec file with `steersman: v1`, or leave the file out"),
            );
        }
        return None;
    };
    secrets.extend(checks::find_secrets(&mut tree, findings));
    expand(&mut tree, text, &options.variables, findings);
    RawDocument::decode(tree, findings)
}

/// The text of a file, and whether it is one. What is not UTF-8 is replaced, so
/// that the place can still be shown.
fn decode_text(bytes: Vec<u8>, file: u32, findings: &mut Findings) -> (String, bool) {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return (text, true),
        Err(error) => error,
    };
    let valid = error.utf8_error().valid_up_to();
    let length = error.utf8_error().error_len().unwrap_or(1);
    let position = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    let bytes = error.as_bytes();
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "this is UTF-16; save the file as UTF-8",
        _ => "save the file as UTF-8",
    };
    findings.push(
        Finding::new(Code::NotUtf8, "this file is not UTF-8")
            .at(
                Span {
                    file,
                    start: position(valid),
                    end: position(valid + length),
                },
                "these bytes are no text",
            )
            .help(help),
    );
    (String::from_utf8_lossy(bytes).into_owned(), false)
}
