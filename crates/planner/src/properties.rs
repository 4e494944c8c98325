//! What holds for every spec and every tenant.

use crate::fixtures::{self, NOW, empty_tenant};
use crate::mutations::{Expected, MUTATIONS};
use crate::realized::{enrolled, realized};
use crate::{Allowances, plan};
use jiff::SignedDuration;
use model::{
    AccountSpec, AttributeSpec, Live, ManagedSource, OwnerRef, Plan, ProfileSpec, Rotation,
    SourceSpec, Spec, TokenLifetime, TokenSpec, UnmanagedAccounts, UnmanagedTokens,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::{BTreeMap, BTreeSet};

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
            let own: BTreeSet<_> = unit.steps.iter().map(|step| &step.address).collect();
            let needed = unit.steps.iter().flat_map(|step| &step.depends_on);
            for first in needed.filter(|address| !own.contains(address)) {
                prop_assert!(seen.contains(first), "{first} of {:?}", unit.steps[0].address);
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
                    let others: Vec<&String> = steps
                        .iter()
                        .filter(|step| **step != address.to_string())
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

/// A tenant without sources.
pub(crate) fn empty() -> Live {
    let mut live = empty_tenant();
    live.sources.clear();
    for name in SOURCES {
        live.sources
            .insert(name.into(), model::Collection::Complete(None));
    }
    live.owners.insert(
        OwnerRef::Email("joe@example.com".to_owned()),
        model::Collection::Complete(Some("joe".into())),
    );
    live
}

const SOURCES: [&str; 2] = ["Service Accounts", "Robots"];

pub(crate) fn spec() -> impl Strategy<Value = Spec> {
    let sources = SOURCES.map(|_| managed_source());
    let accounts = prop::collection::btree_map(0..6_usize, account(), 0..5);
    (sources, accounts, any::<bool>()).prop_map(|(sources, accounts, revoke)| {
        let mut spec = Spec::default();
        for (name, source) in SOURCES.into_iter().zip(sources) {
            spec.sources
                .insert(name.into(), SourceSpec::Managed(source));
        }
        if revoke {
            spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
        }
        for (number, mut account) in accounts {
            // An account stays on its source, so that its key says where it is.
            let source = SOURCES[number % 2];
            let id = format!("SA-{number}");
            account.key = id.as_str().into();
            account.source = source.into();
            if let Some(row) = &mut account.row {
                row.id = id.as_str().into();
                if let Some(SourceSpec::Managed(source)) = spec.sources.get(source) {
                    for attribute in &source.attributes {
                        row.attributes.insert(attribute.name.clone(), String::new());
                    }
                }
            }
            spec.accounts.insert(account.key.clone(), account);
        }
        spec
    })
}

fn managed_source() -> impl Strategy<Value = ManagedSource> {
    (
        owner(),
        prop::option::of("[a-z ]{0,8}"),
        prop::option::of(0..=100_i64),
        prop::collection::btree_set("[a-c]", 0..3),
        any::<bool>(),
        prop::option::of((owner(), prop::option::of(owner()), any::<bool>(), "[a-b]")),
    )
        .prop_map(
            |(owner, description, threshold, attributes, delete, profile)| ManagedSource {
                owner,
                description,
                delete_threshold: threshold.and_then(|percent| percent.try_into().ok()),
                attributes: attributes
                    .into_iter()
                    .map(|name| AttributeSpec {
                        description: None,
                        name: name.as_str().into(),
                    })
                    .collect(),
                unmanaged: if delete {
                    UnmanagedAccounts::Delete
                } else {
                    UnmanagedAccounts::Keep
                },
                identity_profile: profile.map(|(_, owner, invite, name)| ProfileSpec {
                    name,
                    owner,
                    mappings: BTreeMap::from([
                        ("uid".into(), "name".into()),
                        ("email".into(), "e-mail".into()),
                    ]),
                    invite,
                }),
            },
        )
}

fn owner() -> impl Strategy<Value = OwnerRef> {
    prop_oneof![
        Just(OwnerRef::Alias("jane.doe".to_owned())),
        Just(OwnerRef::Email("joe@example.com".to_owned())),
    ]
}

fn account() -> impl Strategy<Value = AccountSpec> {
    (
        "[a-z]{1,3}",
        "[a-z ]{0,4}",
        prop::option::of(prop::collection::btree_set("(A|B|C)_ADMIN", 0..3)),
        prop::option::of(prop::collection::btree_map("[a-c]", token(), 0..3)),
    )
        .prop_map(|(name, purpose, levels, tokens)| {
            let mut account = fixtures::account("x", &name);
            if let Some(row) = &mut account.row {
                row.purpose = purpose;
            }
            account.user_levels =
                levels.map(|levels| levels.iter().map(|level| level.as_str().into()).collect());
            account.tokens = tokens.map(|tokens| {
                tokens
                    .into_iter()
                    .map(|(name, mut token)| {
                        token.name = name.as_str().into();
                        (token.name.clone(), token)
                    })
                    .collect()
            });
            account
        })
}

fn token() -> impl Strategy<Value = TokenSpec> {
    (
        prop::collection::btree_set("sp:[a-c]:read", 1..3),
        prop::option::of(15..43_200_u32),
        prop_oneof![
            Just(TokenLifetime::Never),
            (2..200_i64)
                .prop_map(|days| TokenLifetime::After(SignedDuration::from_hours(days * 24))),
        ],
        any::<bool>(),
    )
        .prop_map(|(scopes, validity, expires, rotate)| TokenSpec {
            scopes: scopes.iter().map(|scope| scope.as_str().into()).collect(),
            access_token_validity: validity,
            expires,
            rotate: rotate.then_some(Rotation {
                before: SignedDuration::from_hours(24),
                overlap: SignedDuration::from_hours(24),
            }),
            ..fixtures::token("x")
        })
}
