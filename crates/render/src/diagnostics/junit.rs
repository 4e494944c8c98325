//! `JUnit` XML: diagnostics as test cases, for CI systems that collect test reports.
//!
//! An error is a failed case, a warning one that passed with a text. Without a problem
//! there is one case that passed, because collectors refuse an empty report.

use super::beyond::Beyond;
use crate::gate::gate_plain;
use spec::{Diagnostic, Severity};
use std::fmt::Write as _;

/// The report.
pub(super) fn document(diagnostics: &[Diagnostic], beyond: Beyond) -> String {
    let failures = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let tests = diagnostics.len().max(1);
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"steersman\" {counts}>\n  <testsuite name=\"validate\" {counts} skipped=\"0\">\n"
    );
    for diagnostic in diagnostics {
        case(&mut text, diagnostic);
    }
    if diagnostics.is_empty() {
        text.push_str("    <testcase name=\"no problem\" classname=\"steersman\"/>\n");
    }
    if let Some(line) = beyond.in_one_line() {
        let _ = writeln!(text, "    <system-out>{}</system-out>", escaped(&line));
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn case(text: &mut String, diagnostic: &Diagnostic) {
    let label = diagnostic.labels.first();
    let file = label.map_or("", |label| label.file.as_str());
    let place = label.map_or_else(String::new, |label| {
        format!("{}:{}:{}: ", label.file, label.line, label.column)
    });
    let help = diagnostic.help.as_deref();
    let details = format!(
        "{place}{}{}",
        diagnostic.message,
        help.map_or_else(String::new, |help| format!("\nhelp: {help}"))
    );
    let code = diagnostic.code;
    let (open, close) = match diagnostic.severity {
        Severity::Error => (
            format!(
                "<failure type=\"{code}\" message=\"{}\">",
                escaped(&diagnostic.message)
            ),
            "</failure>",
        ),
        Severity::Warning => ("<system-out>".to_owned(), "</system-out>"),
    };
    let _ = writeln!(
        text,
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\">{open}{}{close}</testcase>",
        escaped(&format!("{code} {place}{}", code.title())),
        escaped(file),
        escaped(file),
        escaped(&details),
    );
}

/// A text as text or attribute of XML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in gate_plain(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::load;

    #[test]
    fn errors_fail_and_warnings_pass() {
        let loaded = load(&[(
            "a<b>&.yaml",
            "steersman: v1\nsources: [{name: S, owner: jane}]\nserviceAccounts:\n  - {id: A, name: a, email: 'a<b', purpose: p, userLevels: [OUR_OWN]}\n",
        )]);
        let text = document(&loaded.diagnostics, Beyond::default());
        assert!(text.contains("tests=\"2\" failures=\"1\""), "{text}");
        assert!(!text.contains("a<b"), "{text}");
        let failure = "<failure type=\"SM0501\" message=\"invalid email address `a&lt;b`\">";
        assert!(text.contains(failure), "{text}");
        assert!(
            text.contains("file=\"a&lt;b&gt;&amp;.yaml\"><system-out>"),
            "{text}"
        );
        assert!(document(&[], Beyond::default()).contains("tests=\"1\" failures=\"0\""));
    }
}
