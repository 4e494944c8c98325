//! Effect of a scope for a user with given levels.
//!
//! ISC accepts a scope that no level of the owner can use, and the scope then has no effect.

use crate::index::index;
use crate::operation::Operation;

/// What a scope opens to a user who holds certain levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeEffect {
    /// The operations that it opens at these levels.
    pub opens: Vec<&'static Operation>,
    /// The operations that it would open at other levels.
    pub beyond: Vec<&'static Operation>,
    /// Those of the levels of which the catalog does not know what they allow:
    /// custom ones, and those that no public operation names. They may open some
    /// of `beyond`.
    pub opaque_levels: Vec<String>,
}

impl ScopeEffect {
    /// Whether the scope has no effect at these levels, and that is certain.
    pub fn is_none(&self) -> bool {
        self.opens.is_empty() && self.opaque_levels.is_empty()
    }
}

/// What a scope opens to a user who holds these levels, or `None` for a scope
/// that the catalog does not know. With no level, it is what any user may do.
///
/// Operations that need no scope at all are not counted: no scope opens them.
pub fn scope_effect<S: AsRef<str>>(scope: &str, levels: &[S]) -> Option<ScopeEffect> {
    let index = index();
    let named = index.scopes.get(scope)?;
    let (opens, beyond) = named
        .iter()
        .partition(|operation| operation.callable_at(levels));
    Some(ScopeEffect {
        opens,
        beyond,
        opaque_levels: opaque_levels(levels),
    })
}

/// The levels of which the catalog does not know what they allow: custom ones,
/// and those that no public operation names.
fn opaque_levels<S: AsRef<str>>(levels: &[S]) -> Vec<String> {
    levels
        .iter()
        .map(AsRef::as_ref)
        .filter(|level| index().is_opaque(level))
        .map(str::to_owned)
        .collect()
}

/// Whether something is allowed, as far as the catalog can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It depends on levels of which the catalog does not know what they allow.
    Unknown,
}

/// Whether a user who holds these levels may call an operation.
pub fn may_call<S: AsRef<str>>(operation: &Operation, levels: &[S]) -> Verdict {
    if operation.callable_at(levels) {
        Verdict::Yes
    } else if levels.iter().any(|level| index().is_opaque(level.as_ref())) {
        Verdict::Unknown
    } else {
        Verdict::No
    }
}
