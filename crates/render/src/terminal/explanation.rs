//! Explanations as wide as the terminal: prose and lists are wrapped, examples of files stay.

use super::layout::Layout;
use super::line::Line;
use super::message::{message, without_colors};
use super::tone::Tone;

/// What is between the name of a list's item and its text.
const GAP: &str = "  ";

/// An explanation, each line of which is broken to the width. Lines of an example are there
/// to be copied, and stay as they are.
pub fn explanation(text: &str, layout: Layout<'_>) -> String {
    let mut wrapped = String::with_capacity(text.len());
    let mut in_example = false;
    for line in text.lines() {
        let visible = without_colors(line);
        // Below its heading, an example is indented.
        in_example = match visible.as_str() {
            "wrong:" | "right:" => true,
            "" => in_example,
            words => in_example && words.starts_with(' '),
        };
        if in_example || visible.is_empty() {
            wrapped.push_str(line);
            wrapped.push('\n');
        } else if let Some((name, about)) = item(&visible) {
            Line::new()
                .lead(Tone::Plain, name)
                .text(Tone::Plain, about)
                .write(&mut wrapped, layout);
        } else {
            wrapped.push_str(&message(line, layout));
        }
    }
    wrapped
}

/// The name of a list's item, with the gap behind it, and what is said about it.
fn item(line: &str) -> Option<(&str, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let gap = indent + line.get(indent..)?.find(GAP)?;
    let after = line.get(gap..)?;
    let about = gap + after.len() - after.trim_start_matches(' ').len();
    let (name, about) = line.split_at_checked(about)?;
    (!about.is_empty()).then_some((name, about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;

    #[test]
    fn prose_and_lists_are_wrapped_and_examples_are_not() {
        let text = "SM0000 a title\n\nA sentence that is longer than the terminal is wide.\n\nKeys:\n  before   Time before the expiry at which the new token is created\n\nright:\n  description: a value that is longer than the terminal is wide\n\n  more: x\n";
        let wrapped = explanation(text, Layout::terminal(40, false));
        assert_eq!(
            strip_str(&wrapped).to_string(),
            "SM0000 a title\n\nA sentence that is longer than the\nterminal is wide.\n\nKeys:\n  before   Time before the expiry at\n           which the new token is\n           created\n\nright:\n  description: a value that is longer than the terminal is wide\n\n  more: x\n"
        );
    }
}
