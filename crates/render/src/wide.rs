//! Texts that are too wide for a column of a table.

use std::borrow::Cow;

/// How many characters of a text a table shows. A column counts its width in 16 bits, and
/// a character can be two columns wide.
const WIDEST: usize = 8_192;

/// The text, without what a table has no room for.
pub(crate) fn fitting(text: &str) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(WIDEST) else {
        return Cow::Borrowed(text);
    };
    let (shown, rest) = text.split_at(end);
    let more = rest.chars().count();
    Cow::Owned(format!("{shown}… (and {more} more characters)"))
}

#[cfg(test)]
mod tests {
    use super::{WIDEST, fitting};

    #[test]
    fn security_low_a_text_is_cut_to_the_width_of_a_column() {
        let widest = "漢".repeat(WIDEST);
        assert_eq!(fitting(&widest), widest);
        let cut = fitting(&format!("{widest}abc")).into_owned();
        assert_eq!(cut, format!("{widest}… (and 3 more characters)"));
    }
}
