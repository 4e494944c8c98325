//! Generates `docs/diagnostics.md`.

use super::explanation::{Example, Explanation};
use super::index::explanations;
use crate::code::{Code, Severity};

/// The text of `docs/diagnostics.md`: all codes with their explanations.
pub fn diagnostics_markdown() -> String {
    let mut text = String::from(HEAD);
    text.push_str("\n| code | severity | problem |\n|---|---|---|\n");
    for explanation in explanations() {
        let code = explanation.code;
        text.push_str(&format_row(code));
    }
    for explanation in explanations() {
        text.push_str(&section(explanation));
    }
    text
}

const HEAD: &str = "# Diagnostics

All problems that steersman reports in a spec, by code. `steersman explain CODE` shows the same text.
This file is generated: `UPDATE_DOCS=1 cargo test -p spec --test explain` writes it.

With an error, steersman neither plans nor applies. A warning blocks nothing, except with
`--deny warnings`. `--allow-code CODE` ignores a code that can be allowed, in every command; `validate`
also accepts `--allow CODE`. Codes from SM0900 on need the tenant; `plan` reports them.
";

fn format_row(code: Code) -> String {
    format!(
        "| [{code}](#{}) | {} | {} |\n",
        code.as_str().to_lowercase(),
        severity(code),
        code.title()
    )
}

fn section(explanation: &Explanation) -> String {
    let Explanation {
        code,
        meaning,
        why,
        fix,
        example,
    } = explanation;
    let allowed = if code.can_be_allowed() {
        ", can be allowed"
    } else {
        ""
    };
    let examples = example.map(examples).unwrap_or_default();
    format!(
        "\n## {code}\n\n**{}** ({}{allowed})\n\nWhat: {meaning}\n\nWhy: {why}\n\nFix: {fix}\n{examples}",
        capitalized(code.title()),
        severity(*code),
    )
}

fn examples(example: Example) -> String {
    let wrong: Vec<String> = example.wrong.iter().copied().map(block).collect();
    format!(
        "\nWrong:\n{}\nRight:\n{}",
        wrong.concat(),
        block(example.right)
    )
}

fn block(text: &str) -> String {
    format!("\n```yaml\n{text}```\n")
}

fn severity(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
