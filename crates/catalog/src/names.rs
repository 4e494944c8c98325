//! Known scopes, and suggestions for misspelled scopes and user levels.

use crate::index::index;
use crate::level::user_levels;
use crate::likeness::likeness;

/// How many names a suggestion offers at most.
const SUGGESTIONS: usize = 3;
/// How like a name has to be, between 0 and 1, to be suggested.
const LIKENESS: f64 = 0.72;
/// Longer words are not misspelled names, and comparing them costs time.
const LONGEST: usize = 100;

/// Every scope that opens a public operation, sorted, with `sp:scopes:all` and
/// `sp:scopes:default`.
pub fn scopes() -> impl ExactSizeIterator<Item = &'static str> {
    index().scopes.keys().copied()
}

/// Whether a public operation names this scope. ISC itself accepts any text as a
/// scope of a token, without a warning.
pub fn known_scope(scope: &str) -> bool {
    index().scopes.contains_key(scope)
}

/// Up to three scopes that may have been meant, best first; empty when none is
/// near. It compares with every scope, so ask only about what is shown.
pub fn suggest_scope(scope: &str) -> Vec<&'static str> {
    nearest(scope, scopes())
}

/// Up to three ids of user levels that may have been meant, best first. A
/// level's name ("Report Admin") finds its id too.
pub fn suggest_level(level: &str) -> Vec<&'static str> {
    let named = user_levels()
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(level.trim()));
    match named {
        Some(known) => vec![known.id],
        None => nearest(level, user_levels().iter().map(|known| known.id)),
    }
}

/// The names nearest to a word, without regard to case and surrounding blanks.
fn nearest(word: &str, names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let word = word.trim().to_lowercase();
    if word.is_empty() || word.len() > LONGEST {
        return Vec::new();
    }
    let mut scored: Vec<(f64, &str)> = names
        .filter_map(|name| {
            let alike = likeness(&word, &name.to_lowercase(), LIKENESS)?;
            Some((alike, name))
        })
        .collect();
    // Best first; equally good ones in alphabetical order.
    scored.sort_by(|one, two| two.0.total_cmp(&one.0).then_with(|| one.1.cmp(two.1)));
    scored
        .into_iter()
        .take(SUGGESTIONS)
        .map(|(_, name)| name)
        .collect()
}
