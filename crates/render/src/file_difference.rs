//! Unified difference of a file before and after, as `diff -u` and Git show it.

use crate::gate::gate_plain;
use similar::TextDiff;

/// What changes in a file, with three lines around each change; empty if nothing does.
pub fn file_difference(path: &str, before: &str, after: &str) -> String {
    let difference = TextDiff::from_lines(before, after);
    let text = difference
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string();
    gate_plain(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_with_their_lines() {
        assert_eq!(file_difference("a.yaml", "a\n", "a\n"), "");
        assert_eq!(
            file_difference("a.yaml", "a\nb:   1\n", "a\nb: 1\n"),
            "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1,2 @@\n a\n-b:   1\n+b: 1\n"
        );
    }
}
