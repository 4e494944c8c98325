//! Splits messages into prose and code between backticks.

/// A part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words<'a> {
    pub(crate) is_code: bool,
    pub(crate) text: &'a str,
}

/// The sentence in parts. A backtick without its other half is a plain one.
pub(crate) fn words(sentence: &str) -> Vec<Words<'_>> {
    let parts: Vec<&str> = sentence.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return vec![Words {
            is_code: false,
            text: sentence,
        }];
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(index, text)| Words {
            is_code: !index.is_multiple_of(2),
            text,
        })
        .filter(|words| !words.text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn code_is_what_stands_between_backticks() {
        for (sentence, expected) in [
            ("plain", vec![(false, "plain")]),
            (
                "say `a` now",
                vec![(false, "say "), (true, "a"), (false, " now")],
            ),
            ("`a`", vec![(true, "a")]),
            ("one ` alone", vec![(false, "one ` alone")]),
        ] {
            let found: Vec<(bool, &str)> = words(sentence)
                .into_iter()
                .map(|words| (words.is_code, words.text))
                .collect();
            assert_eq!(found, expected);
        }
    }
}
