//! Least privilege: the fewest scopes and user levels that a set of calls needs.

use std::collections::BTreeSet;
use std::fmt;

use crate::cover::{Candidate, Choice, cheapest};
use crate::index::index;
use crate::level::{ORG_ADMIN, may_combine, user_level};
use crate::operation::Operation;
use crate::scope;

/// The least scopes and user levels for a set of calls, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Least {
    /// The scopes that a token for these calls needs, sorted. A token without
    /// any scope would get `sp:scopes:all` from ISC, so calls that need no scope
    /// are answered with `sp:scopes:default`. Empty only where there is no call.
    pub scopes: Vec<&'static str>,
    /// The user levels that the token's owner needs, sorted; empty where any
    /// user may make the calls. `None`: no levels that may be held together
    /// allow all of them, so the calls have to be split over accounts.
    pub levels: Option<Vec<&'static str>>,
    /// Whether it is proven that nothing less suffices. False only if the search
    /// for the least set ran out of its budget of steps.
    pub proven: bool,
    /// For each operation once, in the catalog's order, what opens it.
    pub calls: Vec<CallNeeds>,
}

/// What one call of a set needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallNeeds {
    /// The operation.
    pub operation: &'static Operation,
    /// The chosen scope that opens it; `None` where it needs no scope.
    pub scope: Option<&'static str>,
    /// Scopes that open it too and were not chosen, sorted.
    pub other_scopes: Vec<&'static str>,
    /// The chosen level that allows it; `None` where any user may call it, or no
    /// combination of levels was found.
    pub level: Option<&'static str>,
    /// Levels that allow it too and were not chosen, sorted.
    pub other_levels: Vec<&'static str>,
}

/// A call that has to be possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The operation.
    pub operation: &'static Operation,
    /// Whether it is about the objects of all users, such as all tokens of the tenant. A
    /// scope that reaches the caller's own does not open it then.
    pub of_everybody: bool,
}

impl Need {
    /// The scopes that open it, `sp:scopes:all` aside.
    pub fn scopes(&self) -> Vec<&'static str> {
        let named = self.operation.scopes.iter().copied();
        let wide = named.clone().filter(|name| index().wide.contains(name));
        let wide: Vec<&'static str> = wide.collect();
        if self.of_everybody && !wide.is_empty() {
            wide
        } else {
            named.collect()
        }
    }
}

/// The levels among these that an identity can hold. The description also names callers
/// that are no users, such as `API`; they count where there is no other.
fn grantable(levels: &[&'static str]) -> Vec<&'static str> {
    let known: Vec<&'static str> = levels
        .iter()
        .filter(|level| user_level(level).is_some())
        .copied()
        .collect();
    if known.is_empty() {
        levels.to_vec()
    } else {
        known
    }
}

/// Works out the least scopes and the least user levels for a set of calls.
///
/// Less is, in this order: without `sp:scopes:all` (or `ORG_ADMIN`, for levels);
/// fewer scopes that reach everybody's objects where another reaches one's own;
/// fewer operations opened that change something, deletions weighing most; names
/// that ask for less trust (`read` before `manage`); fewer operations opened that
/// read; fewer scopes; alphabetical order. The order of the calls, and naming
/// one twice, make no difference.
pub fn least_scopes(calls: &[&'static Operation]) -> Least {
    let needs: Vec<Need> = calls
        .iter()
        .map(|operation| Need {
            operation,
            of_everybody: false,
        })
        .collect();
    least_for(&needs)
}

/// The same for calls of which it is known whose objects they are about.
pub fn least_for(needs: &[Need]) -> Least {
    let needs: BTreeSet<Need> = needs.iter().copied().collect();
    let calls: BTreeSet<&'static Operation> = needs.iter().map(|need| need.operation).collect();
    let (scopes, scopes_proven) = choose_scopes(&needs);
    let levels: Vec<Vec<&'static str>> = calls
        .iter()
        .map(|operation| grantable(operation.levels))
        .collect();
    let levels = choose_levels(levels.iter().map(Vec::as_slice));
    let (levels, levels_proven) = match levels {
        Some((levels, proven)) => (Some(levels), proven),
        None => (None, true),
    };
    let calls = calls
        .into_iter()
        .map(|operation| explain(operation, &scopes, levels.as_deref().unwrap_or_default()))
        .collect();
    Least {
        scopes,
        levels,
        proven: scopes_proven && levels_proven,
        calls,
    }
}

/// The least levels, sorted, such that for each list of levels one of it is
/// held; empty lists ask for nothing. `None` where levels exclude each other.
pub(crate) fn choose_levels<'a>(
    lists: impl Iterator<Item = &'a [&'static str]>,
) -> Option<(Vec<&'static str>, bool)> {
    let candidates: Vec<Candidate> = index()
        .levels
        .iter()
        .map(|(&name, allows)| Candidate {
            name,
            gives: allows.clone(),
            last_resort: name == ORG_ADMIN,
            wide: false,
            trust: 0,
        })
        .collect();
    let needs = lists
        .filter(|levels| !levels.is_empty())
        .map(|levels| positions(&candidates, levels))
        .collect();
    let choice = cheapest(&candidates, &needs, &index().weights, Some(&may_combine))?;
    Some((names(&candidates, &choice), choice.proven))
}

fn choose_scopes(calls: &BTreeSet<Need>) -> (Vec<&'static str>, bool) {
    if calls.is_empty() {
        return (Vec::new(), true);
    }
    let candidates: Vec<Candidate> = index()
        .scopes
        .iter()
        .filter(|(name, _)| **name != scope::ALL)
        .map(|(&name, opens)| Candidate {
            name,
            gives: opens.clone(),
            last_resort: false,
            wide: index().wide.contains(name),
            trust: scope::trust(name),
        })
        .collect();
    let needs: BTreeSet<Vec<usize>> = calls
        .iter()
        .filter(|need| !need.operation.scopes.is_empty())
        .map(|need| positions(&candidates, &need.scopes()))
        .collect();
    // A need that no candidate meets is an operation that names nothing but
    // sp:scopes:all. With it every other scope is pointless.
    let choice = cheapest(&candidates, &needs, &index().weights, None);
    match choice {
        None => (vec![scope::ALL], true),
        Some(choice) if choice.chosen.is_empty() => (vec![scope::DEFAULT], true),
        Some(choice) => (names(&candidates, &choice), choice.proven),
    }
}

/// The positions of names among the candidates; candidates are sorted by name.
fn positions(candidates: &[Candidate], names: &[&str]) -> Vec<usize> {
    let mut positions: Vec<usize> = names
        .iter()
        .filter_map(|name| {
            candidates
                .binary_search_by(|candidate| candidate.name.cmp(name))
                .ok()
        })
        .collect();
    positions.sort_unstable();
    positions
}

fn names(candidates: &[Candidate], choice: &Choice) -> Vec<&'static str> {
    let chosen = choice.chosen.iter();
    chosen
        .filter_map(|&position| candidates.get(position))
        .map(|candidate| candidate.name)
        .collect()
}

fn explain(
    operation: &'static Operation,
    scopes: &[&'static str],
    levels: &[&'static str],
) -> CallNeeds {
    let chosen_of = |chosen: &[&'static str], named: &[&'static str]| {
        chosen.iter().find(|name| named.contains(name)).copied()
    };
    let others = |chosen: Option<&str>, named: &[&'static str]| -> Vec<&'static str> {
        let mut others: Vec<&'static str> = named
            .iter()
            .filter(|name| Some(**name) != chosen)
            .copied()
            .collect();
        others.sort_unstable();
        others
    };
    let needs_scope = !operation.scopes.is_empty();
    let opens_all = needs_scope && scopes.contains(&scope::ALL);
    let scope = chosen_of(scopes, operation.scopes).or(opens_all.then_some(scope::ALL));
    let level = chosen_of(levels, operation.levels);
    CallNeeds {
        operation,
        scope,
        other_scopes: others(scope, operation.scopes),
        level,
        other_levels: others(level, operation.levels),
    }
}

/// One line for a person: what opens the call, who may make it, what else would
/// do, and what to beware of.
impl fmt::Display for CallNeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation)?;
        match self.scope {
            None => f.write_str("no scope is named for it")?,
            Some(scope) => write!(f, "opened by {scope}")?,
        }
        if !self.other_scopes.is_empty() {
            write!(f, " (also by {})", self.other_scopes.join(", "))?;
        }
        match self.level {
            _ if self.operation.levels_unstated => f.write_str("; no level is named for it")?,
            _ if self.operation.levels.is_empty() => f.write_str("; any user may call it")?,
            None => f.write_str("; no level that fits the other calls may call it")?,
            Some(level) => write!(f, "; {level} may call it")?,
        }
        if !self.other_levels.is_empty() {
            write!(f, " (so may {})", self.other_levels.join(", "))?;
        }
        if self.operation.experimental {
            f.write_str("; experimental: send X-SailPoint-Experimental: true")?;
        }
        if self.operation.deprecated {
            f.write_str("; deprecated")?;
        }
        if self.operation.scopes_unstated {
            f.write_str("; ISC's description states no security for it, so try it")?;
        }
        Ok(())
    }
}
