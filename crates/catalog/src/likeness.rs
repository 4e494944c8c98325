//! Similarity of two words, for did-you-mean suggestions.

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
    use super::likeness;

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
}
