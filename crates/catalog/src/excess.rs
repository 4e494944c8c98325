//! Finds unneeded scopes and user levels.

use std::cmp::Reverse;

use crate::index::index;
use crate::op_set::OpSet;
use crate::operation::Operation;
use crate::scope;

/// A scope of a token that another scope of it makes superfluous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Implied {
    /// The position of the superfluous scope.
    pub scope: usize,
    /// The position of the scope that opens all that it opens.
    pub by: usize,
}

/// The scopes that open nothing that another one in the list does not open, each
/// with a scope that stays. Leaving all of them out changes nothing.
///
/// A scope that reaches everybody's objects is not implied by one that reaches the
/// owner's own, whatever they open. Of two scopes that open the same, the one whose name asks for more trust
/// (`manage` over `read`) is the superfluous one, or else the later. Unknown
/// scopes, a scope written twice, and `sp:scopes:all` are other mistakes:
/// see [`known_scope`](crate::known_scope) and [`ignored_beside_all`].
pub fn implied_scopes<S: AsRef<str>>(scopes: &[S]) -> Vec<Implied> {
    // What opens most comes first, then what reaches furthest, then what is to be
    // kept among equals: so whatever implies a scope is seen before it.
    let index = index();
    let mut known: Vec<(usize, &str, &OpSet)> = scopes
        .iter()
        .enumerate()
        .map(|(position, name)| (position, name.as_ref()))
        .filter(|(_, name)| *name != scope::ALL)
        .filter_map(|(position, name)| Some((position, name, index.scopes.get(name)?)))
        .collect();
    known.sort_by_key(|(position, name, opens)| {
        let size = Reverse(opens.count_in(opens));
        let wide = Reverse(index.wide.contains(name));
        (size, wide, scope::trust(name), *position)
    });
    let mut kept: Vec<(usize, &str)> = Vec::new();
    let mut implied = Vec::new();
    for (position, name, _) in known {
        let by = kept
            .iter()
            .filter(|(_, other)| *other == name || implies(other, name));
        match by.min() {
            None => kept.push((position, name)),
            // The same scope twice is not implied by itself.
            Some((_, same)) if *same == name => {}
            Some((by, _)) => implied.push(Implied {
                scope: position,
                by: *by,
            }),
        }
    }
    implied.sort_unstable();
    implied
}

/// Every scope that opens all that this one opens, and more or the same, in
/// alphabetical order, `sp:scopes:all` left out. Empty for an unknown scope.
pub(crate) fn scopes_implying(name: &str) -> Vec<&'static str> {
    related(name, |one, other| implies(other, one))
}

/// Every scope that opens nothing but what this one opens, in alphabetical order,
/// `sp:scopes:default` left out. Empty for an unknown scope.
pub fn scopes_implied_by(name: &str) -> Vec<&'static str> {
    let mut found = related(name, implies);
    found.retain(|other| *other != scope::DEFAULT);
    found
}

/// Whether a scope opens all that the other opens, and reaches as far.
fn implies(scope: &str, other: &str) -> bool {
    let index = index();
    let (Some(opens), Some(opened)) = (index.scopes.get(scope), index.scopes.get(other)) else {
        return false;
    };
    let reaches = index.wide.contains(scope) || !index.wide.contains(other);
    reaches && !opened.is_empty() && opened.within(opens)
}

fn related(name: &str, relates: impl Fn(&str, &str) -> bool) -> Vec<&'static str> {
    index()
        .scopes
        .keys()
        .copied()
        .filter(|other| *other != name && *other != scope::ALL)
        .filter(|other| relates(name, other))
        .collect()
}

/// The positions of the scopes that ISC ignores because `sp:scopes:all` stands
/// beside them.
pub fn ignored_beside_all<S: AsRef<str>>(scopes: &[S]) -> Vec<usize> {
    let is_all = |name: &S| name.as_ref() == scope::ALL;
    if !scopes.iter().any(is_all) {
        return Vec::new();
    }
    let others = scopes.iter().enumerate().filter(|(_, name)| !is_all(name));
    others.map(|(position, _)| position).collect()
}

/// The positions of the levels that none of an account's tokens needs: with all
/// of them taken away, the tokens' scopes open the same operations, and the calls
/// are allowed as before.
///
/// `tokens` has the scopes of each token, `calls` the operations that the tokens
/// are declared to call, where that is known. Operations that need no scope make
/// a level necessary only when they are among the calls, or a token names
/// `sp:scopes:default` or `sp:scopes:all`; otherwise `ORG_ADMIN`, which alone
/// allows some of them, would never be superfluous.
///
/// Where two levels give the same, the weaker one is kept. A level of which the
/// catalog does not know what it allows is never called superfluous. Nor is any
/// level when a token has a scope that the catalog does not know: that scope
/// may need it.
pub fn unneeded_levels<L: AsRef<str>, S: AsRef<str>>(
    levels: &[L],
    tokens: &[Vec<S>],
    calls: &[&'static Operation],
) -> Vec<usize> {
    let index = index();
    let scopes: Vec<&str> = tokens.iter().flatten().map(AsRef::as_ref).collect();
    if scopes.iter().any(|name| !index.scopes.contains_key(name)) {
        return Vec::new();
    }
    let general = scopes.contains(&scope::DEFAULT);
    let mut opened = OpSet::filter(|operation| {
        calls.contains(&operation) || (general && operation.scopes.is_empty())
    });
    opened.add_all(&index.opened_by(&scopes));

    let mut by_strength: Vec<(usize, &str)> = levels
        .iter()
        .enumerate()
        .map(|(position, level)| (position, level.as_ref()))
        .collect();
    by_strength.sort_by_key(|(position, level)| {
        let power = index
            .levels
            .get(level)
            .map(|allows| index.weights.power(allows));
        Reverse((power, *position))
    });
    let everything = opened.and(&index.allowed_at(levels));
    let mut kept = by_strength.clone();
    let mut unneeded = Vec::new();
    for candidate in by_strength {
        if index.is_opaque(candidate.1) {
            continue;
        }
        let rest: Vec<(usize, &str)> = kept
            .iter()
            .copied()
            .filter(|level| *level != candidate)
            .collect();
        let names: Vec<&str> = rest.iter().map(|(_, level)| *level).collect();
        if opened.and(&index.allowed_at(&names)) == everything {
            unneeded.push(candidate.0);
            kept = rest;
        }
    }
    unneeded.sort_unstable();
    unneeded
}
