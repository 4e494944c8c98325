//! The scopes of ISC by name: which exist, and what a misspelt one may have meant.

use crate::index::index;
use crate::level::user_levels;
use crate::likeness::likeness;

/// The scope that opens every operation. With it, ISC ignores all others.
pub const ALL: &str = "sp:scopes:all";

/// The scope of what every user may do anyway, such as `GET /public-identities/v1`.
pub const DEFAULT: &str = "sp:scopes:default";

/// How many names a suggestion offers at most.
const SUGGESTIONS: usize = 3;
/// How like a name has to be, between 0 and 1, to be suggested.
const LIKENESS: f64 = 0.72;
/// Longer words than this are no misspelt names, and comparing them costs time.
const LONGEST: usize = 100;

/// Every scope that opens a public operation, sorted, with `sp:scopes:all` and
/// `sp:scopes:default`.
pub fn scopes() -> impl ExactSizeIterator<Item = &'static str> {
    index().scopes.keys().copied()
}

/// Whether a public operation names this scope. ISC itself accepts any text as a
/// scope of a token, in silence.
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

/// How much trust a scope's last word asks for, least first: reading, one kind
/// of change, writing, managing. Scopes that open the same operations differ in
/// what they may come to open.
pub(crate) fn trust(scope: &str) -> u32 {
    match scope.rsplit(':').next().unwrap_or_default() {
        "read" | "list" | "default" => 0,
        "write" => 2,
        "manage" | "management" | "all" => 3,
        _ => 1,
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
