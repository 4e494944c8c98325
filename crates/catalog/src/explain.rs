//! Explains scopes and user levels: what they open, and who may call an operation.

use crate::excess::{scopes_implied_by, scopes_implying};
use crate::index::index;
use crate::least::choose_levels;
use crate::level::{UserLevel, user_level, user_levels};
use crate::operation::Operation;
use crate::scope;
use crate::table::operations;

/// What there is to know of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeExplanation {
    /// The scope.
    pub scope: &'static str,
    /// The operations that it opens, in the catalog's order.
    pub opens: Vec<&'static Operation>,
    /// How many of them any user may call.
    pub any_user: usize,
    /// For each level, how many of them it allows beyond what any user may; the
    /// level that allows most comes first.
    pub levels: Vec<LevelShare>,
    /// Scopes that open nothing but what this one opens.
    pub implies: Vec<&'static str>,
    /// Scopes that open all that this one opens, without `sp:scopes:all`.
    pub implied_by: Vec<&'static str>,
}

/// How much of something a level allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelShare {
    /// The level's id.
    pub level: &'static str,
    /// The number of operations.
    pub operations: u32,
}

/// Explains a scope, or `None` for one that the catalog does not know.
pub fn explain_scope(name: &str) -> Option<ScopeExplanation> {
    let index = index();
    let (&scope, opens) = index.scopes.get_key_value(name)?;
    let mut levels: Vec<LevelShare> = index
        .levels
        .iter()
        .map(|(&level, allows)| LevelShare {
            level,
            operations: opens.count_in(allows),
        })
        .filter(|share| share.operations > 0)
        .collect();
    levels.sort_by_key(|share| (std::cmp::Reverse(share.operations), share.level));
    Some(ScopeExplanation {
        scope,
        opens: opens.iter().collect(),
        any_user: opens.and(&index.any_user).iter().count(),
        levels,
        implies: scopes_implied_by(name),
        implied_by: scopes_implying(name),
    })
}

/// Who may make a call, apart from the token's scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callers {
    /// Whether any user may, also without a level.
    pub any_user: bool,
    /// Otherwise the levels of which one is needed.
    pub levels: Vec<UserLevel>,
    /// Whether a client without user context may, such as an OAuth client that
    /// is no personal access token.
    pub application: bool,
}

/// Who may call an operation.
pub fn who_may_call(operation: &Operation) -> Callers {
    let named = |id: &&'static str| {
        user_level(id)
            .copied()
            .unwrap_or(UserLevel { id, name: id })
    };
    Callers {
        any_user: operation.levels.is_empty(),
        levels: operation.levels.iter().map(named).collect(),
        application: operation.application_auth,
    }
}

/// The operations that a level allows beyond what any user may, in the
/// catalog's order. `None` where the catalog does not know what the level
/// allows: a custom level, or one that no public operation names.
pub fn operations_of_level(level: &str) -> Option<Vec<&'static Operation>> {
    let allows = index().levels.get(level)?;
    Some(allows.iter().collect())
}

/// For each known level, in the order of [`user_levels`], how many operations it
/// allows beyond what any user may; `None` where the catalog does not know.
pub fn level_counts() -> impl Iterator<Item = (&'static UserLevel, Option<u32>)> {
    user_levels().iter().map(|level| {
        let allows = index().levels.get(level.id);
        (level, allows.map(|allows| allows.count_in(allows)))
    })
}

/// The least user levels, sorted, at which each of the scopes has an effect.
/// Empty where they have one for any user. `None` where only levels that exclude
/// each other would do. Unknown scopes ask for nothing.
pub fn levels_needed_by<S: AsRef<str>>(scopes: &[S]) -> Option<Vec<&'static str>> {
    let index = index();
    let lists: Vec<Vec<&'static str>> = scopes
        .iter()
        .map(AsRef::as_ref)
        .filter(|name| *name != scope::ALL)
        .filter_map(|name| index.scopes.get(name))
        .filter(|opens| opens.and(&index.any_user).is_empty())
        .map(|opens| {
            let levels = index.levels.iter();
            levels
                .filter(|(_, allows)| !opens.and(allows).is_empty())
                .map(|(level, _)| *level)
                .collect()
        })
        .collect();
    choose_levels(lists.iter().map(Vec::as_slice)).map(|(levels, _)| levels)
}

/// The operations that a token with these scopes, owned by a user who holds these
/// levels, can call, in the catalog's order.
pub fn callable<S: AsRef<str>, L: AsRef<str>>(
    scopes: &[S],
    levels: &[L],
) -> impl Iterator<Item = &'static Operation> {
    operations()
        .iter()
        .filter(move |operation| operation.opened_by(scopes) && operation.callable_at(levels))
}
