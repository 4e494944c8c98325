//! Diagnostics as text with the lines of the files, for the terminal.

use super::beyond::Beyond;
use super::excerpt::{CONTEXT, Files};
use crate::count::counted;
use crate::terminal::{Layout, message};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles,
};
use model::visible;
use spec::{Applicability, Diagnostic, Severity, Sources};
use std::collections::BTreeSet;
use std::fmt::{self, Write};

/// Each problem with its texts underlined, and where to read more; an empty text
/// where there is none.
pub(super) fn render(
    diagnostics: &[Diagnostic],
    beyond: Beyond,
    sources: &Sources,
    columns: usize,
    color: bool,
) -> String {
    let mut text = reports(diagnostics, sources, columns, color);
    for line in [beyond.omitted(), beyond.unchecked()].into_iter().flatten() {
        let _ = writeln!(text, "\n{line}");
    }
    if let Some(line) = fixable(diagnostics) {
        let line = message(&line, Layout::terminal(columns, false));
        let _ = write!(text, "\n{line}");
    }
    // A warning can wait.
    let first_error = diagnostics
        .iter()
        .find(|diagnostic| diagnostic.severity == Severity::Error);
    if let Some(first) = first_error.or(diagnostics.first()) {
        let line = format!(
            "run `steersman explain {}` to read what a code means and how to fix it",
            first.code
        );
        text.push('\n');
        text.push_str(message(&line, Layout::terminal(columns, false)).trim_end());
    }
    text
}

/// How many problems a command fixes; none where it fixes none. A fix can show a mistake
/// that another one has hidden, so these are the least.
fn fixable(diagnostics: &[Diagnostic]) -> Option<String> {
    let number = |applicability: Applicability| {
        let changes = diagnostics.iter().filter_map(|it| it.suggestion.as_ref());
        // What two problems suggest alike is one change.
        let changes: BTreeSet<_> = changes
            .filter(|change| change.applicability == applicability)
            .map(|change| (&change.file, change.span.start, change.span.end))
            .collect();
        changes.len()
    };
    let (safe, decided) = (number(Applicability::Safe), number(Applicability::Unsafe));
    let fixes = |number| counted(number, "problem");
    match (safe, decided) {
        (0, 0) => None,
        (_, 0) => Some(format!(
            "`steersman validate --fix` fixes at least {}",
            fixes(safe)
        )),
        (0, _) => Some(format!(
            "`steersman validate --fix --unsafe-fixes` fixes at least {}; review the changes",
            fixes(decided)
        )),
        (_, _) => Some(format!(
            "`steersman validate --fix` fixes at least {}, and {decided} more with --unsafe-fixes",
            fixes(safe)
        )),
    }
}

fn reports(diagnostics: &[Diagnostic], sources: &Sources, columns: usize, color: bool) -> String {
    let mut text = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let mut report = String::new();
        // Writing into a text cannot fail, and places that cannot be shown were
        // sorted out before.
        let _ = handler(diagnostic, columns, color)
            .render_report(&mut report, &Report::new(diagnostic, sources));
        // Headings begin in the first column.
        text.push_str(report.strip_prefix("  ").unwrap_or(&report));
    }
    text
}

/// A handler that says severity and code in place of a symbol, so that neither
/// symbol nor color is needed to tell them.
fn handler(diagnostic: &Diagnostic, columns: usize, color: bool) -> GraphicalReportHandler {
    let code = diagnostic.code;
    let theme = GraphicalTheme {
        characters: ThemeCharacters {
            error: format!("error[{code}]:"),
            warning: format!("warning[{code}]:"),
            ..ThemeCharacters::unicode()
        },
        styles: if color {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        },
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(columns)
        .with_context_lines(CONTEXT)
        .without_cause_chain()
        .with_links(false)
}

/// A problem in miette's words.
#[derive(Debug)]
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    files: Option<Files<'a>>,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        Self {
            diagnostic,
            files: Files::of(diagnostic, sources),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&visible(&self.diagnostic.message))?;
        // Where the lines cannot be shown, at least their numbers are.
        if self.files.is_none() {
            for label in &self.diagnostic.labels {
                write!(
                    formatter,
                    "\n{}:{}:{} {}",
                    visible(label.file.as_str()),
                    label.line,
                    label.column,
                    visible(&label.text)
                )?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        let help = self.diagnostic.help.as_ref()?;
        Some(Box::new(visible(help)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.files.as_ref().map(|files| files as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let files = self.files.as_ref()?;
        let labels = self
            .diagnostic
            .labels
            .iter()
            .enumerate()
            .filter_map(|(index, label)| {
                let span = files.span(label)?;
                let text = Some(visible(&label.text)).filter(|text| !text.is_empty());
                Some(if index == 0 {
                    LabeledSpan::new_primary_with_span(text, span)
                } else {
                    LabeledSpan::new_with_span(text, span)
                })
            });
        Some(Box::new(labels))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_shown, load};

    const NOTHING: Beyond = Beyond {
        omitted: 0,
        unchecked: 0,
    };

    fn rendered(files: &[(&str, &str)]) -> String {
        let loaded = load(files);
        render(&loaded.diagnostics, NOTHING, &loaded.sources, 80, false)
    }

    #[test]
    fn a_conflict_of_two_files_shows_both() {
        let text = rendered(&[
            (
                "a.yaml",
                "steersman: v1\nsources:\n  - {name: Ä S, managed: false}\n",
            ),
            (
                "b.yaml",
                "steersman: v1\nsources:\n  - name: Ä S\n    managed: false\n",
            ),
        ]);
        assert_shown("snapshots", "two_files", &text);
    }

    #[test]
    fn several_problems_are_set_apart() {
        let text = rendered(&[(
            "a.yaml",
            "steersman: v2\nsourcs: []\npolicy:\n  maxTokenLifetime: 90\n",
        )]);
        assert_shown("snapshots", "three_problems", &text);
    }

    #[test]
    fn an_empty_file_and_a_very_long_line_can_be_told_of() {
        let long = format!("steersman: v1\nsources: [{}]\n", "x, ".repeat(2_000));
        let text = rendered(&[("empty.yaml", ""), ("long.yaml", &long)]);
        assert!(text.contains("empty.yaml"), "{text}");
        assert!(text.contains("long.yaml:2:11"), "{text}");
        assert!(text.lines().all(|line| line.len() < 1_000));
    }
}
