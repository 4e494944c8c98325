//! Test support for guards: a guard at its limit, above it, and lifted.

use super::fixtures::{NOW, applied_tenant, guide, live_account, managed, source_mut};
use crate::{Allowances, plan};
use model::{Collection, Live, Plan, Spec, UnmanagedAccounts, Verdict};

/// Sees that a guard lets its limit pass, refuses one more, and is lifted for
/// exactly the counted number. `build` makes a spec and a tenant whose plan
/// does so many of what the guard counts.
#[track_caller]
pub(crate) fn at_its_limit(name: &str, limit: usize, build: impl Fn(usize) -> (Spec, Live)) {
    let verdict = |count: usize, allowed: Option<usize>| {
        let (spec, live) = build(count);
        let mut allow = Allowances::default();
        if let Some(allowed) = allowed {
            allow.allow(name, allowed as u64);
        }
        let plan = planned(&spec, &live, &allow);
        let report = plan.guards.into_iter().find(|guard| guard.name == name);
        report.map(|report| {
            assert_eq!(report.counted, (count) as u64, "{report:?}");
            assert_eq!(report.limit, limit as u64, "{report:?}");
            report.verdict
        })
    };
    assert_eq!(verdict(limit, None), None, "{name} at its limit");
    assert_eq!(
        verdict(limit + 1, None),
        Some(Verdict::Refused),
        "{name} above its limit"
    );
    assert_eq!(
        verdict(limit + 1, Some(limit)),
        Some(Verdict::Refused),
        "{name} allowed too few"
    );
    assert_eq!(
        verdict(limit + 1, Some(limit + 1)),
        Some(Verdict::Lifted),
        "{name} allowed"
    );
}

pub(crate) fn planned(spec: &Spec, live: &Live, allow: &Allowances) -> Plan {
    plan(spec, live, NOW, allow)
}

/// The names of the guards that refuse.
pub(crate) fn refusals(spec: &Spec, live: &Live) -> Vec<&'static str> {
    planned(spec, live, &Allowances::default())
        .guards
        .iter()
        .filter(|guard| guard.refuses())
        .map(|guard| guard.name)
        .collect()
}

/// A source of so many accounts, of which so many are declared by no file.
pub(crate) fn undeclared(count: usize, of: usize) -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    managed(&mut spec).delete_threshold = 100.try_into().ok();
    source_mut(&mut live).delete_threshold = Some(100);
    spec.accounts.clear();
    let mut accounts = Vec::new();
    for number in 0..of {
        let (id, name) = (format!("SA-{number}"), format!("robot{number}"));
        let mut there = live_account(&id, &name, "identity-1");
        there.identity = None;
        accounts.push(there);
        if number >= count {
            let mut declared = super::fixtures::account(&id, &name);
            declared.user_levels = None;
            declared.tokens = None;
            spec.accounts.insert(declared.key.clone(), declared);
        }
    }
    source_mut(&mut live).accounts = Collection::Complete(accounts);
    (spec, live)
}
