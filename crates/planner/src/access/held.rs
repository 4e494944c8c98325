//! Compares what a token holds with what a run needs.

use super::needs::Needs;
use catalog::{ORG_ADMIN, SCOPE_ALL, SCOPE_DEFAULT, scope_effect, user_level};
use std::collections::{BTreeMap, BTreeSet};

/// What a token holds. A part that is none is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Its scopes.
    pub scopes: Option<BTreeSet<String>>,
    /// The user levels of its owner.
    pub levels: Option<BTreeSet<String>>,
}

/// Whether a token has what a run needs of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has.
    Enough,
    /// It lacks these.
    Lacks(Vec<Lack>),
    /// It is not known whether it has, for this reason.
    NotKnown(String),
}

/// A scope or user level that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The scope or user level.
    pub name: &'static str,
    /// What is not possible without it.
    pub why: BTreeSet<&'static str>,
}

/// A scope that a run does not need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The scope.
    pub scope: String,
}

impl Needs {
    /// Whether the scopes are enough. A scope that opens a call in place of the least one
    /// counts.
    pub fn scopes_of(&self, held: &Held) -> Verdict {
        let Some(held) = &held.scopes else {
            return Verdict::NotKnown("the scopes of the token are not known".to_owned());
        };
        let holds = |scope: &str| held.contains(scope);
        let mut lacking: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
        for call in &self.calls {
            let Some(least) = call.scope else { continue };
            let is_open = holds(SCOPE_ALL)
                || call.opened_by.iter().any(|scope| holds(scope))
                || call.opened_by.contains(&SCOPE_DEFAULT);
            if !is_open {
                lacking.entry(least).or_default().insert(call.why);
            }
        }
        verdict(lacking)
    }

    /// Whether the user levels are enough. A level of which the catalog does not know what
    /// it allows, such as one of the tenant's own, may be.
    pub fn levels_of(&self, held: &Held) -> Verdict {
        let Some(held) = &held.levels else {
            return Verdict::NotKnown("the user levels of the owner are not known".to_owned());
        };
        let mut lacking: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
        for call in &self.calls {
            let may =
                call.levels.is_empty() || call.levels.iter().any(|level| held.contains(*level));
            if may {
                continue;
            }
            let least = self.levels.iter().find(|level| call.levels.contains(level));
            let least = least.copied().unwrap_or(ORG_ADMIN);
            lacking.entry(least).or_default().insert(call.why);
        }
        let own: Vec<&str> = held
            .iter()
            .map(String::as_str)
            .filter(|level| user_level(level).is_none())
            .collect();
        if !lacking.is_empty() && !own.is_empty() {
            return Verdict::NotKnown(format!(
                "it is not known what the user level {} allows",
                own.join(", ")
            ));
        }
        verdict(lacking)
    }

    /// The scopes that a token holds and this run does not need: each opens a call that
    /// the least scopes, and those that help, do not open.
    pub fn excess(&self, held: &Held) -> Vec<Excess> {
        let needed: Vec<&str> = self
            .scopes
            .iter()
            .chain(self.helpful.keys())
            .copied()
            .collect();
        let adds = |scope: &str| {
            scope == SCOPE_ALL
                || scope_effect(scope, &[ORG_ADMIN]).is_some_and(|effect| {
                    let mut opens = effect.opens.iter().chain(&effect.beyond);
                    opens.any(|operation| !operation.opened_by(&needed))
                })
        };
        held.scopes
            .iter()
            .flatten()
            .filter(|scope| scope.as_str() != SCOPE_DEFAULT && adds(scope))
            .map(|scope| Excess {
                scope: scope.clone(),
            })
            .collect()
    }
}

fn verdict(lacking: BTreeMap<&'static str, BTreeSet<&'static str>>) -> Verdict {
    if lacking.is_empty() {
        return Verdict::Enough;
    }
    let lacks = lacking.into_iter();
    Verdict::Lacks(lacks.map(|(name, why)| Lack { name, why }).collect())
}

#[cfg(test)]
mod tests {
    use super::super::needs::access;
    use super::*;
    use crate::testing::fixtures::guide as spec;

    fn held(scopes: &[&str], levels: &[&str]) -> Held {
        let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        Held {
            scopes: set(scopes),
            levels: set(levels),
        }
    }

    #[test]
    fn what_is_missing_is_named_with_what_it_is_for() {
        let needs = access(&spec()).plan;
        let least: Vec<&str> = needs.scopes.clone();
        assert_eq!(
            needs.scopes_of(&held(&least, &[])),
            Verdict::Enough,
            "{needs:?}"
        );
        assert_eq!(needs.scopes_of(&held(&[SCOPE_ALL], &[])), Verdict::Enough);
        // A stronger scope opens the same.
        let stronger: Vec<&str> = least
            .iter()
            .map(|scope| match *scope {
                "idn:sources:read" => "idn:sources:manage",
                other => other,
            })
            .collect();
        assert_eq!(needs.scopes_of(&held(&stronger, &[])), Verdict::Enough);
        let without: Vec<&str> = least
            .iter()
            .filter(|scope| **scope != "idn:accounts:read")
            .copied()
            .collect();
        let Verdict::Lacks(lacks) = needs.scopes_of(&held(&without, &[])) else {
            panic!("it is missing");
        };
        assert_eq!(lacks.len(), 1);
        assert_eq!(lacks[0].name, "idn:accounts:read");
        assert!(lacks[0].why.contains("read the accounts"));
    }

    #[test]
    fn what_is_not_known_is_neither_enough_nor_missing() {
        let needs = access(&spec()).plan;
        let nothing = Held::default();
        assert!(matches!(needs.scopes_of(&nothing), Verdict::NotKnown(_)));
        assert!(matches!(needs.levels_of(&nothing), Verdict::NotKnown(_)));
        for (levels, expected) in [
            (&[ORG_ADMIN][..], "enough"),
            (&[], "lacks"),
            (&["SOURCE_ADMIN"], "lacks"),
            (&["a-level-of-the-tenant"], "not known"),
        ] {
            let found = match needs.levels_of(&held(&[], levels)) {
                Verdict::Enough => "enough",
                Verdict::Lacks(_) => "lacks",
                Verdict::NotKnown(_) => "not known",
            };
            assert_eq!(found, expected, "{levels:?}");
        }
    }

    #[test]
    fn a_scope_that_writes_is_too_much_for_a_plan() {
        let needs = access(&spec()).plan;
        let mut scopes: Vec<&str> = needs.scopes.clone();
        assert_eq!(needs.excess(&held(&scopes, &[])), []);
        scopes.push("idn:sources:manage");
        let names: Vec<String> = needs
            .excess(&held(&scopes, &[]))
            .into_iter()
            .map(|excess| excess.scope)
            .collect();
        assert_eq!(names, ["idn:sources:manage"]);
        assert_eq!(needs.excess(&held(&[SCOPE_ALL], &[])).len(), 1);
    }
}
