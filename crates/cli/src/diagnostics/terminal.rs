//! Problems as a person reads them on a terminal.

use super::excerpt::{CONTEXT, Files};
use crate::environment;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeStyles};
use spec::{Diagnostic, Loaded, Severity, Sources};
use std::fmt::{self, Write};

/// The width that is used where the terminal's is not known.
const WIDTH: usize = 100;

/// All problems of a spec, with their texts underlined.
pub(crate) fn render(loaded: &Loaded, colour: bool) -> String {
    let mut text = render_all(&loaded.diagnostics, loaded, colour);
    if loaded.omitted > 0 {
        let _ = writeln!(
            text,
            "\n{} more problems are not shown: mend these first",
            loaded.omitted
        );
    }
    if let Some(first) = loaded.diagnostics.first() {
        let _ = write!(
            text,
            "\n`steersman explain {}` tells what a code means",
            first.code
        );
    }
    text
}

/// These problems of a spec, with their texts underlined.
pub(crate) fn render_all(diagnostics: &[Diagnostic], loaded: &Loaded, colour: bool) -> String {
    render_terminal(diagnostics, &loaded.sources, colour, width())
}

/// Problems with their texts underlined, in lines of at most so many columns.
pub(crate) fn render_terminal(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    colour: bool,
    width: usize,
) -> String {
    let theme = GraphicalTheme {
        styles: if colour {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        },
        ..GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_context_lines(CONTEXT)
        .without_cause_chain()
        .with_links(false);
    let mut text = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        // Writing into a text cannot fail, and places that cannot be shown were
        // sorted out before.
        let _ = handler.render_report(&mut text, &Report::new(diagnostic, sources));
    }
    text
}

fn width() -> usize {
    environment::variable("COLUMNS")
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| (40..=200).contains(columns))
        .unwrap_or(WIDTH)
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
        formatter.write_str(&self.diagnostic.message)?;
        // Where the lines cannot be shown, at least their numbers are.
        if self.files.is_none() {
            for label in &self.diagnostic.labels {
                write!(
                    formatter,
                    "\n{}:{}:{} {}",
                    label.file, label.line, label.column, label.text
                )?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        let help = self.diagnostic.help.as_ref()?;
        Some(Box::new(help))
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
                let text = Some(label.text.clone()).filter(|text| !text.is_empty());
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
    use crate::diagnostics::testing::{assert_shown, load};

    fn rendered(files: &[(&str, &str)]) -> String {
        let loaded = load(files);
        render_terminal(&loaded.diagnostics, &loaded.sources, false, 80)
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
