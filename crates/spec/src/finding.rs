//! Findings: problems with spans, collected during loading and turned into diagnostics at the end.

use crate::code::{Code, Severity};
use crate::diagnostic::{Diagnostic, Label};
use crate::source::Sources;
use crate::span::Span;
use crate::suggestion::Fix;
use crate::value_name::ValueName;
use crate::variables::GivenValues;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A problem with spans, before lines and columns are known.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    code: Code,
    message: String,
    help: Option<String>,
    labels: Vec<(Span, String)>,
    fix: Option<Fix>,
    group: Option<Group>,
}

/// Findings that one cause gives many objects. They are one problem, with their number.
#[derive(Clone, Debug)]
struct Group {
    key: String,
    /// What the objects are, in the singular.
    noun: &'static str,
}

impl Finding {
    /// A problem without a place yet.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
            labels: Vec::new(),
            fix: None,
            group: None,
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

    /// Adds the change of the files that fixes it.
    #[must_use]
    pub(crate) fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Adds what to write instead, where that is known.
    #[must_use]
    pub(crate) fn advised(self, advice: Option<(String, Option<Fix>)>) -> Self {
        match advice {
            Some((help, fix)) => self.help(help).fix(fix),
            None => self,
        }
    }

    /// Says that other objects with the same cause are told with this one.
    #[must_use]
    pub(crate) fn once_for(mut self, noun: &'static str, cause: impl Into<String>) -> Self {
        self.group = Some(Group {
            key: cause.into(),
            noun,
        });
        self
    }

    /// Says that other objects with this problem at the same place are told with it.
    #[must_use]
    pub(crate) fn once_at_its_place(self, noun: &'static str) -> Self {
        let place = self.labels.first().map(|(span, _)| *span);
        self.once_for(noun, format!("{place:?}"))
    }

    fn order(&self) -> (Option<Span>, Code) {
        (self.labels.first().map(|(span, _)| *span), self.code)
    }

    /// The diagnostic; `more` is for how many other objects the problem is the same.
    fn into_diagnostic(self, more: usize, sources: &Sources, given: &GivenValues) -> Diagnostic {
        let message = match &self.group {
            Some(Group { key: _, noun }) if more > 0 => {
                let s = if more == 1 { "" } else { "s" };
                format!("{} (the same for {more} more {noun}{s})", self.message)
            }
            Some(_) | None => self.message,
        };
        // Where many objects have the problem, the cause is one place that no rule knows.
        let fix = self.fix.filter(|_| more == 0);
        let suggestion = fix
            .and_then(|fix| fix.suggestion(sources))
            .filter(|suggestion| {
                // The value of a variable that another place has.
                let replacement = suggestion.replacement.as_str();
                given.hidden(replacement) == replacement
            });
        let hidden = |text: String| match given.hidden(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(hidden) => hidden,
        };
        let labels = self
            .labels
            .into_iter()
            .map(|(span, text)| Label::new(sources.locate(span), hidden(text)))
            .collect();
        Diagnostic {
            code: self.code,
            severity: self.code.severity(),
            message: hidden(message),
            help: self.help.map(hidden),
            suggestion,
            labels,
        }
    }
}

/// All problems found so far.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    allowed: BTreeSet<Code>,
    /// How many problems are kept.
    most: usize,
    list: Vec<Finding>,
    omitted: usize,
    unchecked: usize,
    errors: usize,
    reading: ValueName,
    /// What was added. A profile is checked with each account that takes it.
    known: HashSet<(Code, Option<Span>, String)>,
    /// How often each cause was told that is told once.
    groups: HashMap<(Code, String), usize>,
    /// From which position on a full list has no warning; none where it was not looked through.
    without_warnings: Option<usize>,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            allowed: BTreeSet::new(),
            most: Self::MOST,
            list: Vec::new(),
            omitted: 0,
            unchecked: 0,
            errors: 0,
            reading: ValueName::default(),
            known: HashSet::new(),
            groups: HashMap::new(),
            without_warnings: None,
        }
    }
}

impl Findings {
    /// How many problems are kept. A file of garbage could otherwise fill the
    /// memory with messages.
    pub(crate) const MOST: usize = 1_000;

    /// No findings yet. These codes are ignored where they can be allowed.
    pub(crate) fn allowing(codes: &BTreeSet<Code>, most: usize) -> Self {
        Self {
            allowed: codes
                .iter()
                .copied()
                .filter(|code| code.can_be_allowed())
                .collect(),
            most,
            ..Self::default()
        }
    }

    /// Whether there are so many errors that looking for more is of no use: each would
    /// cost memory, and none would be shown.
    pub(crate) fn are_enough(&self) -> bool {
        self.errors >= self.most
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
            most: self.most,
            ..Self::default()
        }
    }

    /// Adds findings that were kept aside.
    pub(crate) fn absorb(&mut self, aside: Self) {
        let Self {
            allowed: _,
            most: _,
            list,
            omitted,
            unchecked,
            errors,
            reading: _,
            known,
            groups,
            without_warnings: _,
        } = aside;
        self.known.extend(known);
        for (group, number) in groups {
            *self.groups.entry(group).or_default() += number;
        }
        self.omitted += omitted;
        for finding in list {
            self.keep(finding);
        }
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
        if let Some(Group { key, noun: _ }) = &finding.group {
            let told = self.groups.entry((finding.code, key.clone())).or_default();
            *told += 1;
            if *told > 1 {
                return;
            }
        }
        let place = finding.labels.first().map(|(span, _)| *span);
        if self.has_room_for(finding.code)
            && place.is_some()
            && !self
                .known
                .insert((finding.code, place, finding.message.clone()))
        {
            return;
        }
        self.errors += usize::from(finding.code.severity() == Severity::Error);
        self.keep(finding);
    }

    /// Keeps a problem where there is room for it. Beyond the limit, an error takes the place
    /// of a warning: it is why the files cannot be used.
    fn keep(&mut self, finding: Finding) {
        if self.list.len() < self.most {
            self.list.push(finding);
            return;
        }
        self.omitted += 1;
        if finding.code.severity() == Severity::Error
            && let Some(place) = self.last_warning()
            && let Some(warning) = self.list.get_mut(place)
        {
            *warning = finding;
        }
    }

    fn has_room_for(&mut self, code: Code) -> bool {
        self.list.len() < self.most
            || code.severity() == Severity::Error && self.last_warning().is_some()
    }

    /// The last warning of a full list, as a position in it.
    fn last_warning(&mut self) -> Option<usize> {
        let end = self.without_warnings.unwrap_or(self.list.len());
        let is_warning = |finding: &Finding| finding.code.severity() == Severity::Warning;
        let place = self.list.get(..end)?.iter().rposition(is_warning);
        self.without_warnings = Some(place.map_or(0, |place| place + 1));
        place
    }

    /// Adds a problem whose message is expensive: beyond the limit it is only
    /// counted.
    pub(crate) fn push_with(&mut self, code: Code, finding: impl FnOnce() -> Finding) {
        if self.has_room_for(code) {
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

    /// The problems as diagnostics, by file and position, without the values that were given
    /// for variables.
    pub(crate) fn into_diagnostics(
        mut self,
        sources: &Sources,
        given: &GivenValues,
    ) -> Vec<Diagnostic> {
        self.list.sort_by_key(Finding::order);
        self.list
            .into_iter()
            .map(|finding| {
                let group = finding.group.as_ref();
                let group = group.map(|group| (finding.code, group.key.clone()));
                let told = group.and_then(|group| self.groups.get(&group)).copied();
                finding.into_diagnostic(told.unwrap_or(1) - 1, sources, given)
            })
            .collect()
    }
}
