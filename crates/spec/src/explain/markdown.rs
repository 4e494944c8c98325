//! `docs/diagnostics.md`.

use super::explanation::{Example, Explanation};
use super::index::explanations;
use crate::code::{Code, Severity};

/// The text of `docs/diagnostics.md`: every code with its explanation.
pub fn diagnostics_markdown() -> String {
    let mut text = String::from(HEAD);
    text.push_str("\n| code | severity | what it is |\n|---|---|---|\n");
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

Every problem that steersman can find in a spec, by its code. `steersman explain CODE` shows the same.
This file is generated: `UPDATE_DOCS=1 cargo test -p spec --test explain` writes it.

An error stops everything: nothing is planned and nothing is applied. A warning stops nothing, unless
`--deny warnings` says so. Codes that can be allowed are switched off with `--allow CODE`. Codes from
SM0900 on need the tenant and are found by `plan`.
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
        example,
    } = explanation;
    let allowed = if code.can_be_allowed() {
        ", can be allowed"
    } else {
        ""
    };
    let examples = example.map(examples).unwrap_or_default();
    format!(
        "\n## {code}\n\n**{}** ({}{allowed})\n\n{meaning}\n\n{why}\n{examples}",
        capitalised(code.title()),
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

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
