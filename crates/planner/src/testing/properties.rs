//! Property tests: what holds for every spec and every tenant.

use super::fixtures::NOW;
use super::generators::{empty, spec};
use super::mutations::{Expected, MUTATIONS};
use super::realized::{enrolled, realized};
use crate::{Allowances, plan};
use model::{Live, Plan, SourceSpec, Spec, UnmanagedAccounts, UnmanagedTokens};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeSet;

fn planned(spec: &Spec, live: &Live) -> Plan {
    plan(spec, live, NOW, &Allowances::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// From the tenant that any spec left behind to any other spec, and on when
    /// people have registered: after the plan there is nothing left to plan.
    #[test]
    fn plan_apply_plan_is_empty(before in spec(), after in spec(), enroll in any::<bool>()) {
        let mut live = realized(&empty(), &planned(&before, &empty()));
        if enroll {
            live = enrolled(&live, &planned(&before, &live));
            live = realized(&live, &planned(&before, &live));
            prop_assert!(planned(&before, &live).is_empty());
        }
        let plan = planned(&after, &live);
        let live = realized(&live, &plan);
        let again = planned(&after, &live);
        prop_assert!(again.is_empty(), "{:#?}", again.steps);
        let live = enrolled(&live, &again);
        let live = realized(&live, &planned(&after, &live));
        let again = planned(&after, &live);
        prop_assert!(again.is_empty(), "{:#?}", again.steps);
    }

    /// Every step comes after those it waits for, and waits only for steps of
    /// its own plan.
    #[test]
    fn every_step_comes_after_those_it_waits_for(before in spec(), after in spec()) {
        let live = realized(&empty(), &planned(&before, &empty()));
        let plan = planned(&after, &live);
        let mut seen = BTreeSet::new();
        for unit in plan.units() {
            for step in &unit.steps {
                for first in &step.depends_on {
                    let within = unit.steps.iter().any(|other| &other.address == first);
                    prop_assert!(within || seen.contains(first), "{first} of {}", step.address);
                }
            }
            for step in &unit.steps {
                prop_assert!(seen.insert(step.address.clone()), "{} twice", step.address);
            }
        }
    }

    /// The same inputs give the same plan, whatever order the tenant answers in.
    #[test]
    fn the_order_of_the_answers_does_not_matter(before in spec(), after in spec()) {
        let live = realized(&empty(), &planned(&before, &empty()));
        let mut shuffled = live.clone();
        for source in shuffled.sources.values_mut() {
            if let model::Collection::Complete(Some(source)) = source
                && let model::Collection::Complete(accounts) = &mut source.accounts
            {
                accounts.reverse();
            }
        }
        if let model::Collection::Complete(tokens) = &mut shuffled.tokens {
            tokens.reverse();
        }
        prop_assert_eq!(
            format!("{:?}", planned(&after, &live)),
            format!("{:?}", planned(&after, &shuffled))
        );
    }

    /// Accounts that get another id are carried: nothing is deleted because of
    /// it, even where undeclared accounts are, and nothing is left to plan.
    #[test]
    fn renamed_accounts_are_carried(
        before in spec(),
        renamed in prop::collection::btree_set(0..6_usize, 0..5),
    ) {
        let live = realized(&empty(), &planned(&before, &empty()));
        let live = enrolled(&live, &planned(&before, &live));
        let live = realized(&live, &planned(&before, &live));
        let mut after = before.clone();
        for number in renamed {
            let Some(mut account) = after.accounts.remove(format!("SA-{number}").as_str()) else {
                continue;
            };
            let id = format!("{}-new", account.key);
            account.previously.id = Some(account.key.as_str().into());
            account.key = id.as_str().into();
            if let Some(row) = &mut account.row {
                row.id = id.as_str().into();
            }
            after.accounts.insert(account.key.clone(), account);
        }
        let plan = planned(&after, &live);
        for step in &plan.steps {
            prop_assert!(step.action != model::Action::Delete, "{}", step.address);
        }
        let live = realized(&live, &plan);
        let again = planned(&after, &live);
        prop_assert!(again.is_empty(), "{:#?}", again.steps);
    }

    /// Nothing that no file declares is deleted unless the source says so.
    #[test]
    fn nothing_undeclared_is_deleted_unasked(before in spec(), mut after in spec()) {
        for source in after.sources.values_mut() {
            if let SourceSpec::Managed(source) = source {
                source.unmanaged = UnmanagedAccounts::Keep;
            }
        }
        after.policy.unmanaged_tokens = UnmanagedTokens::Report;
        let live = realized(&empty(), &planned(&before, &empty()));
        let live = enrolled(&live, &planned(&before, &live));
        let plan = planned(&after, &live);
        prop_assert!(plan.steps.iter().all(|step| step.action != model::Action::Delete));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// One field of the tenant is changed: the plan has a step exactly where a
    /// declared field has changed, and nowhere else.
    #[test]
    fn a_difference_is_planned_exactly_where_a_declared_field_changed(mut spec in spec()) {
        spec.policy.unmanaged_tokens = UnmanagedTokens::Report;
        // Levels that nobody knows would be problems besides.
        let live = realized(&empty(), &planned(&spec, &empty()));
        let live = enrolled(&live, &planned(&spec, &live));
        let live = realized(&live, &planned(&spec, &live));
        prop_assert!(planned(&spec, &live).is_empty());
        for (field, mutate) in MUTATIONS {
            let mut changed = live.clone();
            let Some(expected) = mutate(&spec, &mut changed) else { continue };
            let before: Vec<&str> = planned(&spec, &live).problems.iter().map(|problem| problem.code).collect();
            let plan = planned(&spec, &changed);
            let steps: BTreeSet<String> =
                plan.steps.iter().map(|step| step.address.to_string()).collect();
            let problems: Vec<&str> = plan.problems.iter().map(|problem| problem.code).collect();
            match expected {
                Expected::Nothing => prop_assert!(steps.is_empty(), "{field}: {steps:?}"),
                Expected::Problem(code) => {
                    prop_assert!(problems.contains(&code) && !before.contains(&code), "{field}");
                    prop_assert!(steps.is_empty(), "{field}: {steps:?}");
                }
                Expected::Step(address) => {
                    prop_assert!(steps.contains(&address.to_string()), "{field}: {steps:?}");
                    // Another uid can be another identity: what hangs on it follows.
                    let follows = |step: &&model::Step| {
                        step.depends_on
                            .iter()
                            .any(|first| matches!(first, model::Address::Processing(_)))
                    };
                    let others: Vec<String> = plan
                        .steps
                        .iter()
                        .filter(|step| !follows(step))
                        .map(|step| step.address.to_string())
                        .filter(|step| *step != address.to_string())
                        .filter(|step| !step.starts_with("processing/"))
                        .collect();
                    prop_assert!(others.is_empty(), "{field}: also {others:?}");
                }
            }
        }
    }
}

#[test]
fn every_mutation_is_tried_by_some_tenant() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut untried: BTreeSet<&str> = MUTATIONS.iter().map(|(field, _)| *field).collect();
    for _ in 0..100 {
        let spec = spec().new_tree(&mut runner).unwrap().current();
        let live = realized(&empty(), &planned(&spec, &empty()));
        let live = enrolled(&live, &planned(&spec, &live));
        let live = realized(&live, &planned(&spec, &live));
        untried.retain(|field| {
            let (_, mutate) = MUTATIONS.iter().find(|(name, _)| name == field).unwrap();
            mutate(&spec, &mut live.clone()).is_none()
        });
    }
    assert_eq!(untried, BTreeSet::new());
}
