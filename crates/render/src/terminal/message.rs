//! Messages of a run, such as errors and notes, as wide as the terminal.

use super::layout::Layout;
use super::line::{Line, length};
use super::tone::Tone;
use anstream::adapter::strip_str;

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
        let visible = strip_str(line).to_string();
        let words = visible.trim_start_matches(' ');
        let is_command = ["steersman ", "export ", "$ "]
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

    #[test]
    fn lines_hang_below_their_words_and_commands_are_whole() {
        let text = "error: the file a.yaml cannot be read, because it is a folder of files\n  help: run `steersman plan accounts/a-long-name.yaml tenants/b.yaml` again\n  steersman apply accounts/a-long-name.yaml tenants/another-long-name.yaml";
        let wrapped = message(text, Layout::terminal(48, false));
        assert_eq!(
            strip_str(&wrapped).to_string(),
            "error: the file a.yaml cannot be read, because\n       it is a folder of files\n  help: run\n        `steersman plan accounts/a-long-name.yaml tenants/b.yaml`\n        again\n  steersman apply accounts/a-long-name.yaml tenants/another-long-name.yaml\n"
        );
    }
}
