//! Tests of least privilege: the fewest scopes and levels.

use std::collections::BTreeSet;

use catalog::{Operation, find_call, least_scopes, may_combine, operations};
use proptest::prelude::*;

#[expect(clippy::panic, reason = "a wrong call in a table is a wrong test")]
fn calls(texts: &[&str]) -> Vec<&'static Operation> {
    let find = |text: &&str| find_call(text).unwrap_or_else(|error| panic!("{error}"));
    texts.iter().map(|text| find(text).operation).collect()
}

#[test]
fn everyday_jobs() {
    for (job, wanted, scopes, levels) in [
        (
            "audit export",
            &["POST /search/v1", "GET /public-identities/v1"][..],
            &["sp:scopes:default", "sp:search:read"][..],
            &["REPORT_ADMIN"][..],
        ),
        (
            "monthly report",
            &[
                "POST /reports/v1/run",
                "GET /reports/v1/{id}",
                "GET /reports/v1/{id}/result",
            ],
            &["sp:report:manage"],
            &["REPORT_ADMIN"],
        ),
        (
            "HR import",
            &[
                "GET /sources/v1/{id}/schemas/accounts",
                "POST /sources/v1/{id}/load-accounts",
                "GET /task-status/v1/{id}",
            ],
            &[
                "idn:source-schema:read",
                "idn:sources:manage",
                "idn:task-management:read",
            ],
            &["SOURCE_SUBADMIN"],
        ),
        (
            "source inventory",
            &["GET /sources/v1", "GET /sources/v1/{id}"],
            &["idn:sources:read"],
            &["SOURCE_SUBADMIN"],
        ),
        (
            "access-request bot",
            &["POST /access-requests/v1", "GET /access-request-status/v1"],
            &[
                "idn:access-request-self:manage",
                "idn:access-request-status:read",
            ],
            &["ORG_ADMIN"],
        ),
        (
            "minting tokens: one's own, not everybody's",
            &[
                "GET /personal-access-tokens/v1",
                "POST /personal-access-tokens/v1",
            ],
            &["sp:my-personal-access-tokens:manage"],
            &[],
        ),
        (
            "reading tokens",
            &["GET /personal-access-tokens/v1"],
            &["sp:my-personal-access-tokens:read"],
            &[],
        ),
        (
            "read and manage open the same: read",
            &["GET /access-model-metadata/v1/attributes"],
            &["idn:access-model-metadata:read"],
            &["ORG_ADMIN"],
        ),
        (
            "levels that exclude each other are not combined",
            &[
                "GET /roles/v1",
                "PATCH /roles/v1/{id}",
                "PATCH /sources/v1/{id}",
            ],
            &["idn:role-checked:manage", "idn:sources:manage"],
            &["ROLE_SUBADMIN", "SOURCE_SUBADMIN"],
        ),
        (
            "a call that needs no scope still asks for one, lest the token get all",
            &["GET /work-items/v1"],
            &["sp:scopes:default"],
            &[],
        ),
        (
            "only sp:scopes:all opens one of the calls, so it stands alone",
            &[
                "GET /machine-identities/v1/lifecycle-actions",
                "POST /search/v1",
            ],
            &["sp:scopes:all"],
            &["REPORT_ADMIN"],
        ),
        ("nothing", &[], &[], &[]),
    ] {
        let least = least_scopes(&calls(wanted));
        assert_eq!(least.scopes, scopes, "{job}");
        assert_eq!(least.levels.as_deref(), Some(levels), "{job}");
        assert!(least.proven, "{job}");
    }
}

#[test]
fn says_why() {
    let least = least_scopes(&calls(&["GET /sources/v1", "POST /identities/v1/invite"]));
    let lines: Vec<String> = least.calls.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "POST /identities/v1/invite: opened by idn:password-user-invite:manage; \
             HELPDESK may call it (so may ORG_ADMIN); \
             experimental: send X-SailPoint-Experimental: true",
            "GET /sources/v1: opened by idn:sources:read (also by idn:sources:manage); \
             ROLE_SUBADMIN may call it (so may ORG_ADMIN, SOURCE_ADMIN, SOURCE_SUBADMIN)",
        ]
    );
}

#[test]
fn every_operation_at_once_is_solved() {
    let specific: Vec<&Operation> = operations()
        .iter()
        .filter(|operation| operation.scopes != ["sp:scopes:all"])
        .collect();
    let least = least_scopes(&specific);
    assert!(least.proven);
    assert!(!least.scopes.contains(&"sp:scopes:all"));
    // What opens them all has to include every scope without alternative.
    for operation in specific {
        assert!(operation.opened_by(&least.scopes), "{operation}");
    }
}

fn some_calls() -> impl Strategy<Value = Vec<&'static Operation>> {
    let one = (0..operations().len()).prop_map(|position| &operations()[position]);
    proptest::collection::vec(one, 1..8)
}

proptest! {
    #[test]
    fn suffices_and_nothing_can_be_left_out(calls in some_calls()) {
        let least = least_scopes(&calls);
        let levels = least.levels.clone().unwrap();
        prop_assert!(least.proven);
        for call in &calls {
            prop_assert!(call.opened_by(&least.scopes));
            prop_assert!(call.callable_at(&levels));
        }
        for one in &levels {
            prop_assert!(levels.iter().all(|other| may_combine(one, other)));
            let rest: Vec<&str> = levels.iter().filter(|level| *level != one).copied().collect();
            prop_assert!(!calls.iter().all(|call| call.callable_at(&rest)));
        }
        for one in least.scopes.iter().filter(|name| **name != "sp:scopes:default") {
            let rest: Vec<&str> = least.scopes.iter().filter(|name| *name != one).copied().collect();
            prop_assert!(!calls.iter().all(|call| call.opened_by(&rest)));
        }
    }

    #[test]
    fn order_and_repetition_make_no_difference(calls in some_calls()) {
        let mut changed: Vec<&Operation> = calls.iter().rev().copied().collect();
        changed.extend(calls.first());
        prop_assert_eq!(least_scopes(&calls), least_scopes(&changed));
    }

    /// Against trying every combination of the scopes that come into question.
    #[test]
    fn no_combination_changes_less(calls in some_calls()) {
        let least = least_scopes(&calls);
        let candidates: Vec<&str> = calls
            .iter()
            .flat_map(|call| call.scopes.iter().copied())
            .filter(|name| *name != "sp:scopes:all")
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        prop_assume!(candidates.len() <= 12 && least.scopes != ["sp:scopes:all"]);
        let wide = |scopes: &[&str]| scopes.iter().filter(|name| is_wide(name)).count();
        let ours = (wide(&least.scopes), changes(&least.scopes));
        for choice in 0_u32..1 << candidates.len() {
            let scopes: Vec<&str> = candidates
                .iter()
                .enumerate()
                .filter(|(position, _)| choice >> position & 1 == 1)
                .map(|(_, name)| *name)
                .collect();
            if calls.iter().all(|call| call.opened_by(&scopes)) {
                prop_assert!(ours <= (wide(&scopes), changes(&scopes)), "{:?} beats {:?}", scopes, least.scopes);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn many_calls_are_solved_too(positions in proptest::collection::vec(0..operations().len(), 50..700)) {
        let calls: Vec<&Operation> = positions
            .into_iter()
            .map(|position| &operations()[position])
            .filter(|operation| operation.scopes != ["sp:scopes:all"])
            .collect();
        let least = least_scopes(&calls);
        prop_assert!(least.proven);
        prop_assert!(calls.iter().all(|call| call.opened_by(&least.scopes)));
    }
}

/// What the scopes let one change, written without the library's sets.
fn changes(scopes: &[&str]) -> usize {
    operations()
        .iter()
        .filter(|operation| operation.scopes.iter().any(|name| scopes.contains(name)))
        .filter(|operation| !operation.reads())
        .map(|operation| match operation.method {
            catalog::Method::Delete => 5,
            catalog::Method::Put | catalog::Method::Patch => 3,
            catalog::Method::Post | catalog::Method::Get => 2,
        })
        .sum()
}

/// Whether a scope has a sibling that reaches less.
fn is_wide(name: &str) -> bool {
    let own = name
        .rsplit_once(':')
        .map(|(rights, verb)| format!("{rights}-self:{verb}"))
        .unwrap_or_default();
    let narrower = [
        name.replace(":all-", ":my-"),
        name.replace("-unchecked:", "-checked:"),
        name.replace("-admin:", "-user:"),
        own,
    ];
    narrower
        .iter()
        .any(|narrower| narrower != name && catalog::known_scope(narrower))
}
