//! "Did you mean": how alike two words are, and which known word was probably meant.

/// The candidate that a text was probably meant to be. Case, hyphens,
/// underscores and spaces do not count.
pub fn did_you_mean<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    /// How alike two texts have to be: below that a suggestion confuses.
    const ALIKE: f64 = 0.75;
    /// Texts longer than any name of ISC's are not worth comparing.
    const LONGEST: usize = 128;
    if text.len() > LONGEST {
        return None;
    }
    let folded = fold(text);
    candidates
        .into_iter()
        .filter_map(|candidate| Some((likeness(&folded, &fold(candidate), ALIKE)?, candidate)))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// Case, hyphens and underscores are what people get wrong first.
fn fold(text: &str) -> String {
    text.chars()
        .filter(|character| !matches!(character, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The likeness of two words, from 0 (nothing in common) to 1 (the same), or
/// `None` when it is below `at_least`. A transposition counts as one slip.
pub(crate) fn likeness(one: &str, other: &str, at_least: f64) -> Option<f64> {
    let (short, long) = {
        let (one, other) = (one.chars().count(), other.chars().count());
        (one.min(other), one.max(other))
    };
    // Words of very different length cannot be alike, which spares comparing
    // almost all of the catalog.
    if share(long - short, long) < at_least {
        return None;
    }
    let alike = share(strsim::osa_distance(one, other), long);
    (alike >= at_least).then_some(alike)
}

/// What is left of a word of this length after so many slips.
fn share(slips: usize, length: usize) -> f64 {
    let exact = |count: usize| u32::try_from(count).map_or(f64::from(u32::MAX), f64::from);
    1.0 - exact(slips) / exact(length.max(1))
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, likeness};

    #[test]
    fn words() {
        for (one, other, alike) in [
            ("", "", Some(1.0)),
            ("read", "read", Some(1.0)),
            ("read", "raed", Some(0.75)),
            ("réad", "read", Some(0.75)),
            ("read", "reads", Some(0.8)),
            ("read", "write", None),
            ("read", "r", None),
            ("", "read", None),
        ] {
            assert_eq!(likeness(one, other, 0.5), alike, "{one} {other}");
        }
    }

    #[test]
    fn near_texts_are_suggested_and_far_ones_are_not() {
        let keys = ["userLevels", "tokens", "email", "e-mail"];
        for (text, expected) in [
            ("userLevel", Some("userLevels")),
            ("user_levels", Some("userLevels")),
            ("tokesn", Some("tokens")),
            ("color", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(text, keys), expected, "{text}");
        }
    }
}
