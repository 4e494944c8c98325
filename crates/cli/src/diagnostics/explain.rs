//! What a code means, for `steersman explain`.

use owo_colors::OwoColorize;
use spec::{Code, Example, Severity};

/// The code's meaning, why it matters, and what wrong and right look like.
pub(crate) fn render(code: Code) -> String {
    let severity = match code.severity() {
        Severity::Error => "error".red().to_string(),
        Severity::Warning => "warning".yellow().to_string(),
    };
    let allowed = if code.can_be_allowed() {
        format!("; `--allow {code}` switches it off")
    } else {
        String::new()
    };
    let mut text = format!(
        "{} {}\n{severity}{allowed}\n",
        code.bold(),
        code.title().bold()
    );
    let Some(explanation) = code.explanation() else {
        return text;
    };
    text.push_str(&format!(
        "\n{}\n\n{}\n",
        explanation.meaning, explanation.why
    ));
    if let Some(Example { wrong, right }) = explanation.example {
        for file in wrong {
            text.push_str(&format!("\n{}\n{}", "wrong:".red(), indented(file)));
        }
        text.push_str(&format!("\n{}\n{}", "right:".green(), indented(right)));
    }
    text
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_can_be_explained() {
        for code in Code::ALL {
            let text = render(*code);
            assert!(text.contains(code.as_str()) && text.contains(code.title()));
            assert!(text.lines().count() > 4, "{text}");
        }
    }
}
