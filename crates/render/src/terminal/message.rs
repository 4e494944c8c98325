//! Messages of a run, such as errors and notes, as wide as the terminal.

use super::layout::Layout;
use super::line::{Line, length};
use super::tone::Tone;

/// What can be before the words of a line.
const LABELS: [&str; 10] = [
    "--> ",
    "error: ",
    "warning: ",
    "note: ",
    "help: ",
    "next: ",
    "who: ",
    "why: ",
    "! ",
    "? ",
];

/// A message, each line of which is broken to the width. A line that is a command alone is
/// there to be copied, and stays as it is.
pub fn message(text: &str, layout: Layout<'_>) -> String {
    let mut wrapped = String::with_capacity(text.len());
    for line in text.lines() {
        let complete = layout.commands.map(|completion| completion.of(line));
        let line = complete.as_deref().unwrap_or(line);
        let visible = without_colors(line);
        let words = visible.trim_start_matches(' ');
        let is_command = ["steersman ", "cd ", "export ", "$ "]
            .iter()
            .any(|command| words.starts_with(command));
        if is_command || length(&visible) <= layout.width {
            wrapped.push_str(line);
            wrapped.push('\n');
            continue;
        }
        let indent = visible.len() - words.len();
        let label = LABELS.iter().find(|label| words.starts_with(**label));
        let label = label.map_or("", |label| label);
        let words = words.strip_prefix(label).unwrap_or(words);
        Line::new()
            .lead(Tone::Plain, " ".repeat(indent))
            .lead(tone(label), label)
            .text(Tone::Plain, words)
            .write(&mut wrapped, layout);
    }
    wrapped
}

/// A line without the colors that this program writes. Any other escape sequence is of a
/// file or of the tenant: it stays, and is shown as text where the line is written.
pub(super) fn without_colors(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let codes = part.trim_start_matches(|code: char| code.is_ascii_digit() || code == ';');
        match codes.strip_prefix('m') {
            Some(after) => plain.push_str(after),
            None => plain.extend(["\u{1b}[", part]),
        }
    }
    plain
}

fn tone(label: &str) -> Tone {
    match label {
        "error: " => Tone::BadStrong,
        "warning: " | "! " => Tone::WarnStrong,
        "help: " => Tone::Accent,
        _ => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;

    #[test]
    fn lines_hang_below_their_words_and_commands_are_whole() {
        let text = "error: the file a.yaml cannot be read, because it is a folder of files\n  help: run `steersman plan accounts/a-long-name.yaml tenants/b.yaml` again\n  steersman apply accounts/a-long-name.yaml tenants/another-long-name.yaml";
        let wrapped = message(text, Layout::terminal(48, false));
        assert_eq!(
            strip_str(&wrapped).to_string(),
            "error: the file a.yaml cannot be read, because\n       it is a folder of files\n  help: run\n        `steersman plan accounts/a-long-name.yaml tenants/b.yaml`\n        again\n  steersman apply accounts/a-long-name.yaml tenants/another-long-name.yaml\n"
        );
    }

    #[test]
    fn a_sequence_that_is_not_a_color_hides_nothing() {
        let text = "note: \u{1b}[31mred\u{1b}[0m file.yaml: left out\u{1b}]x.yaml:1: is not read, because of its keys";
        let wrapped = message(text, Layout::terminal(30, false));
        for word in ["red", "x.yaml:1:", "because"] {
            assert!(wrapped.contains(word), "{wrapped:?}");
        }
        assert!(!wrapped.contains("[31m"), "{wrapped:?}");
    }
}
