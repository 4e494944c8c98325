//! Composed and decomposed letters: texts that a reader takes for the same.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;

/// The composed form of a text, where that is another one: `é` as one character instead
/// of `e` with an accent after it.
pub fn composed(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    match ComposingNormalizerBorrowed::new_nfc().normalize(text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(composed) => (composed != text).then_some(composed),
    }
}

/// A text in the form in which two texts that a reader takes for the same are equal:
/// composed, and without regard to case.
pub fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|letter| letter.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let normalizer = ComposingNormalizerBorrowed::new_nfc();
    // At the end of a word, the small sigma is another letter.
    let lower = normalizer.normalize(text).to_lowercase().replace('ς', "σ");
    Cow::Owned(normalizer.normalize(&lower).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_letter_are_equal() {
        assert_eq!(
            composed("e\u{301}t\u{e9}").as_deref(),
            Some("\u{e9}t\u{e9}")
        );
        for text in ["plain", "\u{e9}", "山田"] {
            assert_eq!(composed(text), None);
        }
        assert_eq!(folded("E\u{301}"), folded("\u{e9}"));
        assert_eq!(folded("K1"), "k1");
        assert_eq!(folded("ΑΣ"), folded("ας"));
        assert_eq!(folded("ασ"), folded("ας"));
        assert_ne!(folded("e"), folded("\u{e9}"));
    }
}
