//! Word diff of a changed text.

use similar::{ChangeTag, TextDiff};

/// Texts up to this many characters are shown whole, old and new.
const SHORT: usize = 32;

/// A text that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextChange {
    pub(crate) before: String,
    pub(crate) after: String,
    /// The words that stay, go and come, for texts that are too long to be read
    /// twice; empty for short ones and for those that have little in common.
    pub(crate) parts: Vec<Part>,
}

/// Neighbouring words that have the same fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Stays(String),
    Goes(String),
    Comes(String),
}

impl TextChange {
    pub(crate) fn new(before: String, after: String) -> Self {
        let parts = if before.chars().count() <= SHORT && after.chars().count() <= SHORT {
            Vec::new()
        } else {
            parts(&before, &after)
        };
        Self {
            before,
            after,
            parts,
        }
    }
}

fn parts(before: &str, after: &str) -> Vec<Part> {
    let difference = TextDiff::from_words(before, after);
    // Texts of which little is left are easier to compare as a whole.
    if difference.ratio() < 0.4 {
        return Vec::new();
    }
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in difference.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, words)) if *tag == change.tag() => words.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    runs.into_iter()
        .map(|(tag, words)| match tag {
            ChangeTag::Equal => Part::Stays(words),
            ChangeTag::Delete => Part::Goes(words),
            ChangeTag::Insert => Part::Comes(words),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_compared_by_words() {
        let change = TextChange::new(
            "Automate the monthly audit report of finance".to_owned(),
            "Automate the weekly audit report of finance".to_owned(),
        );
        assert_eq!(
            change.parts,
            [
                Part::Stays("Automate the ".to_owned()),
                Part::Goes("monthly".to_owned()),
                Part::Comes("weekly".to_owned()),
                Part::Stays(" audit report of finance".to_owned()),
            ]
        );
    }

    #[test]
    fn short_and_unlike_texts_are_shown_whole() {
        for (before, after) in [
            ("10", "20"),
            ("", "x"),
            (
                "Automate the monthly audit report",
                "Something that shares hardly one of its words with it",
            ),
        ] {
            let change = TextChange::new(before.to_owned(), after.to_owned());
            assert_eq!(change.parts, [], "{before}");
        }
    }
}
