//! Findings: problems with spans, collected during loading and turned into diagnostics at the end.

use crate::code::{Code, Severity};
use crate::diagnostic::{Diagnostic, Label};
use crate::source::Sources;
use crate::span::Span;
use crate::value_name::ValueName;
use std::collections::{BTreeSet, HashSet};

/// A problem with spans, before lines and columns are known.
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

    /// Adds how to fix it.
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
    unchecked: usize,
    errors: usize,
    reading: ValueName,
    /// What was added. A profile is checked with each account that takes it.
    known: HashSet<(Code, Option<Span>, String)>,
}

impl Findings {
    /// How many problems are kept. A file of garbage could otherwise fill the
    /// memory with messages.
    const MOST: usize = 1_000;

    /// No findings yet. These codes are ignored where they can be allowed.
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

    /// Whether there are so many errors that looking for more is of no use: each would
    /// cost memory, and none would be shown.
    pub(crate) fn are_enough(&self) -> bool {
        self.errors >= Self::MOST
    }

    /// Takes note of items of lists, or files, that are not checked, because there are
    /// enough errors.
    pub(crate) fn leave_unchecked(&mut self, number: usize) {
        self.unchecked += number;
    }

    /// Number of items and files that were not checked.
    pub(crate) fn unchecked(&self) -> usize {
        self.unchecked
    }

    /// Findings of which it is not known yet whether they count.
    pub(crate) fn aside(&self) -> Self {
        Self {
            allowed: self.allowed.clone(),
            ..Self::default()
        }
    }

    /// Adds findings that were kept aside.
    pub(crate) fn absorb(&mut self, aside: Self) {
        let Self {
            allowed: _,
            list,
            omitted,
            unchecked,
            errors,
            reading: _,
            known,
        } = aside;
        let room = Self::MOST.saturating_sub(self.list.len());
        self.known.extend(known);
        self.omitted += omitted + list.len().saturating_sub(room);
        self.list.extend(list.into_iter().take(room));
        self.unchecked += unchecked;
        self.errors += errors;
    }

    /// Whether problems with this code are ignored.
    pub(crate) fn allows(&self, code: Code) -> bool {
        self.allowed.contains(&code)
    }

    /// Adds a problem.
    pub(crate) fn push(&mut self, finding: Finding) {
        if self.allowed.contains(&finding.code) {
            return;
        }
        let place = finding.labels.first().map(|(span, _)| *span);
        if self.list.len() < Self::MOST
            && place.is_some()
            && !self
                .known
                .insert((finding.code, place, finding.message.clone()))
        {
            return;
        }
        self.errors += usize::from(finding.code.severity() == Severity::Error);
        if self.list.len() < Self::MOST {
            self.list.push(finding);
        } else {
            self.omitted += 1;
        }
    }

    /// Adds a problem whose message is expensive: beyond the limit it is only
    /// counted.
    pub(crate) fn push_with(&mut self, code: Code, finding: impl FnOnce() -> Finding) {
        if self.list.len() < Self::MOST {
            self.push(finding());
        } else if !self.allows(code) {
            self.errors += usize::from(code.severity() == Severity::Error);
            self.omitted += 1;
        }
    }

    /// The name of the value that is being read, for messages.
    pub(crate) fn reading(&self) -> ValueName {
        self.reading
    }

    /// Reads a value under this name.
    pub(crate) fn below<T>(&mut self, name: ValueName, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.reading, name);
        let result = read(self);
        self.reading = outer;
        result
    }

    /// Number of errors so far, including those that were not kept.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// Number of problems that were not kept.
    pub(crate) fn omitted(&self) -> usize {
        self.omitted
    }

    /// The problems as diagnostics, by file and position.
    pub(crate) fn into_diagnostics(mut self, sources: &Sources) -> Vec<Diagnostic> {
        self.list.sort_by_key(Finding::order);
        self.list
            .into_iter()
            .map(|finding| finding.into_diagnostic(sources))
            .collect()
    }
}
