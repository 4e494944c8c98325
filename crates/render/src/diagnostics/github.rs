//! GitHub workflow commands: diagnostics that annotate the lines of a pull request.
//!
//! <https://docs.github.com/actions/reference/workflow-commands>.

use spec::{Diagnostic, Severity};

/// One command for each problem.
pub(super) fn render(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(command).collect()
}

fn command(diagnostic: &Diagnostic) -> String {
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut properties = Vec::new();
    let mut message = diagnostic.message.clone();
    if let Some((main, others)) = diagnostic.labels.split_first() {
        properties.push(format!("file={}", property(main.file.as_str())));
        properties.push(format!("line={}", main.line));
        properties.push(format!("endLine={}", main.end_line));
        // GitHub takes columns only for a place within one line.
        if main.line == main.end_line {
            properties.push(format!("col={}", main.column));
            properties.push(format!("endColumn={}", main.end_column.max(main.column)));
        }
        for other in others {
            message.push_str(&place(other));
        }
    }
    if let Some(help) = &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    properties.push(format!("title={}", property(diagnostic.code.as_str())));
    format!("::{kind} {}::{}\n", properties.join(","), data(&message))
}

fn place(label: &spec::Label) -> String {
    format!(
        "\n{}:{}:{}: {}",
        label.file, label.line, label.column, label.text
    )
}

/// A text as the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
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
        let text = render(&loaded.diagnostics);
        assert_eq!(text.lines().count(), loaded.diagnostics.len());
        assert_shown("snapshots", "github", &text);
    }
}
