//! What scopes allow to an owner with given user levels.

use catalog::Operation;
use model::{LiveToken, Scope, UserLevel};
use std::collections::BTreeSet;

/// How much a token can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// How many of ISC's operations it opens that only read.
    pub reads: usize,
    /// How many it opens that change something.
    pub changes: usize,
    /// Its scopes that have no effect at these levels.
    pub without_effect: BTreeSet<Scope>,
}

/// What scopes allow at these levels, by ISC's description. Levels that are none are not
/// known, and then it is not known either; nor is it for a level of the tenant's own.
pub fn allowed(scopes: &BTreeSet<Scope>, levels: Option<&BTreeSet<UserLevel>>) -> Option<Allowed> {
    let levels: Vec<&str> = levels?.iter().map(UserLevel::as_str).collect();
    if levels
        .iter()
        .any(|level| catalog::user_level(level).is_none())
    {
        return None;
    }
    let scopes = LiveToken::meaning_of(scopes);
    let mut opens: BTreeSet<&'static Operation> = BTreeSet::new();
    let mut without_effect = BTreeSet::new();
    for scope in &scopes {
        let effect = catalog::scope_effect(scope.as_str(), &levels);
        match effect {
            Some(effect) if !effect.is_none() => opens.extend(effect.opens),
            Some(_) | None => {
                without_effect.insert(scope.clone());
            }
        }
    }
    let reads = opens.iter().filter(|operation| operation.reads()).count();
    Some(Allowed {
        reads,
        changes: opens.len() - reads,
        without_effect,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_depends_on_scopes_and_levels() {
        let scopes = |names: &[&str]| names.iter().map(|name| Scope::from(*name)).collect();
        let levels = |names: &[&str]| -> BTreeSet<UserLevel> {
            names.iter().map(|name| UserLevel::from(*name)).collect()
        };
        let search = scopes(&["sp:search:read"]);
        let allows = allowed(&search, Some(&levels(&["REPORT_ADMIN"]))).unwrap();
        assert!(allows.reads > 0 && allows.changes == 0, "{allows:?}");
        let campaigns = scopes(&["idn:campaign-template:read"]);
        let none = allowed(&campaigns, Some(&levels(&["REPORT_ADMIN"]))).unwrap();
        assert_eq!((none.reads, none.changes), (0, 0));
        assert_eq!(none.without_effect.len(), 1);
        assert_eq!(allowed(&search, None), None);
        assert_eq!(allowed(&search, Some(&levels(&["of-the-tenant"]))), None);
    }
}
