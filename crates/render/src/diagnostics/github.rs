//! GitHub workflow commands: diagnostics that annotate the lines of a pull request.
//!
//! <https://docs.github.com/actions/reference/workflow-commands>.

use crate::gate::gate_plain;
use spec::{Diagnostic, Label, Severity};
use std::fmt;

/// One annotation: a command that steersman gives to GitHub on purpose.
///
/// Everything in it that comes from elsewhere has passed the gate, and cannot end
/// the command or begin another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    severity: Severity,
    properties: Vec<(&'static str, String)>,
    message: String,
}

impl Annotation {
    /// A warning about the run as a whole.
    pub(super) fn of_the_run(message: String) -> Self {
        Self {
            severity: Severity::Warning,
            properties: vec![("title", "steersman".to_owned())],
            message,
        }
    }

    pub(super) fn of(diagnostic: &Diagnostic) -> Self {
        let mut properties = Vec::new();
        let mut message = diagnostic.message.clone();
        if let Some((main, others)) = diagnostic.labels.split_first() {
            properties.push(("file", main.file.to_string()));
            properties.push(("line", main.line.to_string()));
            properties.push(("endLine", main.end_line.to_string()));
            // GitHub takes columns only for a place within one line.
            if main.line == main.end_line {
                properties.push(("col", main.column.to_string()));
                properties.push(("endColumn", main.end_column.max(main.column).to_string()));
            }
            for other in others {
                message.push_str(&place(other));
            }
        }
        if let Some(help) = &diagnostic.help {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        properties.push(("title", diagnostic.code.to_string()));
        Self {
            severity: diagnostic.severity,
            properties,
            message,
        }
    }
}

/// The command, on one line.
impl fmt::Display for Annotation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.severity {
            Severity::Error => "::error ",
            Severity::Warning => "::warning ",
        })?;
        for (index, (name, value)) in self.properties.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(formatter, "{comma}{name}={}", property(value))?;
        }
        write!(formatter, "::{}", data(&self.message))
    }
}

fn place(label: &Label) -> String {
    format!(
        "\n{}:{}:{}: {}",
        label.file, label.line, label.column, label.text
    )
}

/// A text as the message of a command.
fn data(text: &str) -> String {
    gate_plain(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_shown, load};

    #[test]
    fn problems_are_one_line_each() {
        let loaded = load(&[
            (
                "a,b.yaml",
                "steersman: v1\nsources:\n  - {name: 100% S, managed: false}\n",
            ),
            (
                "c.yaml",
                "steersman: v1\nsources:\n  - {name: 100% S, managed: false}\nnope: 1\n",
            ),
        ]);
        let lines: Vec<String> = loaded
            .diagnostics
            .iter()
            .map(|one| Annotation::of(one).to_string())
            .collect();
        let text = lines.join("\n");
        assert_eq!(text.lines().count(), loaded.diagnostics.len());
        assert_shown("snapshots", "github", &text);
    }

    #[test]
    fn security_m3_a_file_name_gives_no_command() {
        let loaded = load(&[("a\n::add-mask::x\u{202e}##vso[x].yaml", "nope: 1\n")]);
        let text = Annotation::of(&loaded.diagnostics[0]).to_string();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(
            !text.contains("##vso[") && !text.contains('\u{202e}'),
            "{text}"
        );
        assert_eq!(text.matches("::").count(), 2, "{text}");
    }
}
