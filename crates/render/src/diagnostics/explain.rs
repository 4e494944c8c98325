//! Explanation of a diagnostic code, for `steersman explain`.

use owo_colors::OwoColorize;
use spec::{Code, Example, Severity};

/// The code's meaning, why it matters, and what wrong and right look like.
pub fn explain(code: Code) -> String {
    let severity = match code.severity() {
        Severity::Error => "error".red().to_string(),
        Severity::Warning => "warning".yellow().to_string(),
    };
    let allowed = if code.can_be_allowed() {
        format!("; `--allow {code}` switches it off")
    } else {
        String::new()
    };
    let mut parts = vec![
        format!("{} {}", code.bold(), code.title().bold()),
        format!("{severity}{allowed}"),
    ];
    if let Some(explanation) = code.explanation() {
        parts.extend(
            [
                "",
                explanation.meaning,
                "",
                explanation.why,
                "",
                explanation.fix,
            ]
            .map(str::to_owned),
        );
        if let Some(Example { wrong, right }) = explanation.example {
            for file in wrong {
                parts.extend([String::new(), "wrong:".red().to_string(), indented(file)]);
            }
            parts.extend([String::new(), "right:".green().to_string(), indented(right)]);
        }
    }
    parts.join("\n") + "\n"
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_planner_finds_is_explained_too() {
        for written in planner::PROBLEM_CODES {
            let code: Code = written.parse().unwrap();
            assert_eq!(code.as_str(), *written);
            assert!(code.explanation().is_some());
        }
    }

    #[test]
    fn every_code_can_be_explained() {
        for code in Code::ALL {
            let text = super::explain(*code);
            assert!(text.contains(code.as_str()) && text.contains(code.title()));
            assert!(text.lines().count() > 4, "{text}");
        }
    }
}
