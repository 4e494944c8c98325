//! A changed text, word by word.

use owo_colors::OwoColorize;
use similar::{ChangeTag, TextDiff};

/// Texts up to this many characters are shown whole, old and new.
const SHORT: usize = 32;

/// The change of a text on one line: `old → new`, or for longer texts the words
/// that go as `[-old-]` and those that come as `{+new+}`.
pub(crate) fn on_one_line(before: &str, after: &str) -> String {
    if before.chars().count() <= SHORT && after.chars().count() <= SHORT {
        return format!("{} → {}", quoted(before).red(), quoted(after).green());
    }
    let difference = TextDiff::from_words(before, after);
    let mut text = String::new();
    for group in runs(&difference) {
        match group {
            (ChangeTag::Equal, words) => text.push_str(&words),
            (ChangeTag::Delete, words) => text.push_str(&format!("[-{words}-]").red().to_string()),
            (ChangeTag::Insert, words) => {
                text.push_str(&format!("{{+{words}+}}").green().to_string());
            }
        }
    }
    text.replace(['\r', '\n'], "⏎")
}

/// Neighbouring words of the same kind, joined.
fn runs(difference: &TextDiff<'_, '_, str>) -> Vec<(ChangeTag, String)> {
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in difference.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, words)) if *tag == change.tag() => words.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    runs
}

fn quoted(text: &str) -> String {
    if text.is_empty() {
        "\"\"".to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::on_one_line;

    #[test]
    fn changes_are_shown_on_one_line() {
        for (before, after, expected) in [
            ("10", "20", "10 → 20"),
            ("", "x", "\"\" → x"),
            (
                "Automate the monthly audit report of finance",
                "Automate the weekly audit report of finance",
                "Automate the [-monthly-]{+weekly+} audit report of finance",
            ),
        ] {
            let shown = anstream::adapter::strip_str(&on_one_line(before, after)).to_string();
            assert_eq!(shown, expected);
        }
    }
}
