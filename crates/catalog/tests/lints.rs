//! Tests of the questions that a spec's checks ask.

use catalog::{
    Implied, SCOPE_ALL, Verdict, callable, explain_scope, find_call, ignored_beside_all,
    implied_scopes, known_scope, level_counts, levels_needed_by, may_call, operations_of_level,
    scope_effect, scopes, suggest_level, suggest_scope, unneeded_levels, user_levels, who_may_call,
};
use proptest::prelude::*;

const NONE: [&str; 0] = [];

#[test]
fn scopes_are_known_or_suggested() {
    assert!(known_scope("sp:report:read") && known_scope("sp:scopes:all"));
    assert!(known_scope("sp:scopes:default") && !known_scope("sp:report:reed"));
    assert!(scopes().is_sorted());
    for (written, meant) in [
        ("sp:report:reed", Some("sp:report:read")),
        ("idn:source:read", Some("idn:sources:read")),
        (" SP:SEARCH:READ", Some("sp:search:read")),
        ("sp:scope:all", Some("sp:scopes:all")),
        ("bananas", None),
        ("", None),
    ] {
        assert_eq!(suggest_scope(written).first().copied(), meant, "{written}");
    }
    for (written, meant) in [
        ("REPORTADMIN", Some("REPORT_ADMIN")),
        ("report admin", Some("REPORT_ADMIN")),
        ("Admin", Some("ORG_ADMIN")),
        ("bananas", None),
    ] {
        assert_eq!(suggest_level(written).first().copied(), meant, "{written}");
    }
}

#[test]
fn a_scope_without_effect_at_a_level() {
    for (scope, levels, none) in [
        ("idn:accounts:read", &["REPORT_ADMIN"][..], true),
        ("idn:accounts:read", &["REPORT_ADMIN", "HELPDESK"], false),
        ("idn:accounts:read", &[], true),
        // Some of its operations are for any user.
        ("sp:search:read", &[], false),
        ("sp:scopes:default", &[], false),
        ("sp:scopes:all", &[], false),
        // Nothing is known of what these levels allow.
        ("idn:accounts:read", &["sp:ui-config-hub-admin"], false),
        ("idn:accounts:read", &["a-custom-level"], false),
    ] {
        let effect = scope_effect(scope, levels).unwrap();
        assert_eq!(effect.is_none(), none, "{scope} at {levels:?}");
    }
    assert_eq!(scope_effect("no:such:scope", &["ORG_ADMIN"]), None);
    let effect = scope_effect("sp:search:read", &["custom", "REPORT_ADMIN"]).unwrap();
    assert_eq!((effect.opens.len(), effect.beyond.len()), (4, 0));
    assert_eq!(effect.opaque_levels, ["custom"]);
}

#[test]
fn scopes_implied_by_another() {
    let implied = |scope, by| vec![Implied { scope, by }];
    for (scopes, expected) in [
        (
            &["idn:accounts:read", "idn:accounts:manage"][..],
            implied(0, 1),
        ),
        (
            &["idn:accounts:manage", "sp:search:read", "idn:accounts:read"],
            implied(2, 0),
        ),
        // They open the same: the one with more trust goes.
        (
            &[
                "idn:access-model-metadata:manage",
                "idn:access-model-metadata:read",
            ],
            implied(0, 1),
        ),
        // Everybody's tokens are not implied by one's own, though by the numbers.
        (
            &[
                "sp:all-personal-access-tokens:manage",
                "sp:my-personal-access-tokens:manage",
            ],
            vec![],
        ),
        (&["idn:sources:read", "sp:search:read"], vec![]),
        // Other mistakes, with lints of their own.
        (&["sp:search:read", "sp:search:read"], vec![]),
        (&["sp:search:read", "sp:scopes:all"], vec![]),
        (&["no:such:scope", "sp:search:read"], vec![]),
        (&[], vec![]),
    ] {
        assert_eq!(implied_scopes(scopes), expected, "{scopes:?}");
    }
}

#[test]
fn all_with_others() {
    let scopes = ["sp:search:read", "sp:scopes:all", "idn:sources:read"];
    assert_eq!(ignored_beside_all(&scopes), [0, 2]);
    assert_eq!(ignored_beside_all(&["sp:scopes:all"]), [] as [usize; 0]);
    assert_eq!(ignored_beside_all(&["sp:search:read"]), [] as [usize; 0]);
}

#[test]
fn levels_that_no_token_needs() {
    let status = find_call("GET /account-aggregations/v1/{id}/status");
    let status = status.unwrap().operation;
    for (levels, tokens, calls, unneeded) in [
        (
            &["REPORT_ADMIN"][..],
            &[&["sp:search:read"][..]][..],
            &[][..],
            &[][..],
        ),
        (
            &["HELPDESK", "REPORT_ADMIN"],
            &[&["sp:search:read"]],
            &[],
            &[0],
        ),
        // The weaker of two that both do is kept.
        (
            &["ORG_ADMIN", "REPORT_ADMIN"],
            &[&["sp:search:read"]],
            &[],
            &[0],
        ),
        // Each of two tokens needs one.
        (
            &["HELPDESK", "REPORT_ADMIN"],
            &[&["sp:search:read"], &["idn:accounts:read"]],
            &[],
            &[],
        ),
        // sp:scopes:default asks for what needs no scope; some of it needs a level.
        (&["SOURCE_SUBADMIN"], &[&["sp:scopes:default"]], &[], &[]),
        (&["POLICY_ADMIN"], &[&["sp:scopes:default"]], &[], &[0]),
        (&["SOURCE_SUBADMIN"], &[&["sp:search:read"]], &[], &[]),
        // A declared call that needs no scope, but a level.
        (
            &["SOURCE_SUBADMIN"],
            &[&["sp:my-personal-access-tokens:read"]],
            &[],
            &[0],
        ),
        (
            &["SOURCE_SUBADMIN"],
            &[&["sp:my-personal-access-tokens:read"]],
            &[status],
            &[],
        ),
        // Nothing is known of the level, or of the scope.
        (
            &["custom", "sp:ui-config-hub-read"],
            &[&["sp:search:read"]],
            &[],
            &[],
        ),
        (&["HELPDESK"], &[&["no:such:scope"]], &[], &[]),
        (&["HELPDESK"], &[], &[], &[0]),
    ] {
        let tokens: Vec<Vec<&str>> = tokens.iter().map(|scopes| scopes.to_vec()).collect();
        assert_eq!(
            unneeded_levels(levels, &tokens, calls),
            unneeded,
            "{levels:?} for {tokens:?}"
        );
    }
}

#[test]
fn levels_that_scopes_need() {
    for (scopes, levels) in [
        (&["idn:accounts:read"][..], &["HELPDESK"][..]),
        (&["sp:search:read", "sp:scopes:all", "no:such:scope"], &[]),
        (&["idn:access-model-metadata:read"], &["ORG_ADMIN"]),
        (&[], &[]),
    ] {
        assert_eq!(
            levels_needed_by(scopes).as_deref(),
            Some(levels),
            "{scopes:?}"
        );
    }
}

#[test]
fn who_may_call_what() {
    let find = |text| find_call(text).unwrap().operation;
    let invite = who_may_call(find("POST /identities/v1/invite"));
    let names: Vec<&str> = invite.levels.iter().map(|level| level.name).collect();
    assert_eq!(
        (invite.any_user, names),
        (false, vec!["Helpdesk Admin", "Admin"])
    );
    assert!(who_may_call(find("GET /tenant/v1")).any_user);
    assert!(who_may_call(find("POST /search/v1")).application);

    let accounts = find("GET /accounts/v1");
    assert_eq!(may_call(accounts, &["HELPDESK"]), Verdict::Yes);
    assert_eq!(may_call(accounts, &["REPORT_ADMIN"]), Verdict::No);
    assert_eq!(may_call(accounts, &NONE), Verdict::No);
    assert_eq!(
        may_call(accounts, &["REPORT_ADMIN", "custom"]),
        Verdict::Unknown
    );

    assert_eq!(operations_of_level("POLICY_ADMIN").unwrap().len(), 2);
    assert_eq!(operations_of_level("custom"), None);
    assert_eq!(level_counts().count(), user_levels().len());
}

#[test]
fn a_scope_is_explained() {
    assert_eq!(explain_scope("no:such:scope"), None);
    let accounts = explain_scope("idn:accounts:read").unwrap();
    assert_eq!(accounts.opens.len(), 3);
    assert_eq!(accounts.any_user, 0);
    assert!(accounts.levels.iter().all(|share| share.operations == 3));
    assert_eq!(accounts.implied_by, ["idn:accounts:manage"]);
    assert!(
        explain_scope("idn:accounts:manage")
            .unwrap()
            .implies
            .contains(&"idn:accounts:read")
    );
    assert_eq!(explain_scope(SCOPE_ALL).unwrap().opens.len(), 917);
}

fn some_scopes() -> impl Strategy<Value = Vec<&'static str>> {
    let all: Vec<&str> = scopes().collect();
    proptest::collection::vec(proptest::sample::select(all), 0..8)
}

fn some_levels() -> impl Strategy<Value = Vec<&'static str>> {
    let all: Vec<&str> = user_levels().iter().map(|level| level.id).collect();
    proptest::collection::vec(proptest::sample::select(all), 0..5)
}

/// What can be called by name of a scope.
fn opened<'a>(scopes: &[&str], levels: &[&str]) -> Vec<&'a str> {
    callable(scopes, levels)
        .filter(|operation| !operation.scopes.is_empty())
        .map(|operation| operation.id)
        .collect()
}

proptest! {
    #[test]
    fn leaving_out_what_is_implied_changes_nothing(scopes in some_scopes()) {
        let implied = implied_scopes(&scopes);
        let kept: Vec<&str> = scopes
            .iter()
            .enumerate()
            .filter(|(position, _)| implied.iter().all(|one| one.scope != *position))
            .map(|(_, name)| *name)
            .collect();
        prop_assert_eq!(opened(&scopes, &["ORG_ADMIN", "POLICY_ADMIN"]), opened(&kept, &["ORG_ADMIN", "POLICY_ADMIN"]));
        prop_assert!(implied_scopes(&kept).is_empty());
        for one in implied {
            prop_assert!(implied_scopes(&scopes).iter().all(|other| other.scope != one.by));
        }
    }

    #[test]
    fn leaving_out_unneeded_levels_changes_nothing(scopes in some_scopes(), levels in some_levels()) {
        let unneeded = unneeded_levels(&levels, std::slice::from_ref(&scopes), &[]);
        let kept: Vec<&str> = levels
            .iter()
            .enumerate()
            .filter(|(position, _)| !unneeded.contains(position))
            .map(|(_, level)| *level)
            .collect();
        prop_assert_eq!(opened(&scopes, &levels), opened(&scopes, &kept));
        prop_assert!(unneeded_levels(&kept, &[scopes], &[]).is_empty());
    }

    #[test]
    fn a_scope_has_an_effect_at_the_levels_it_needs(scopes in some_scopes()) {
        let levels = levels_needed_by(&scopes).unwrap();
        for scope in scopes {
            prop_assert!(!scope_effect(scope, &levels).unwrap().is_none());
        }
    }

    #[test]
    fn effect_and_beyond_are_all_that_a_scope_opens(scopes in some_scopes(), levels in some_levels()) {
        for scope in scopes {
            let effect = scope_effect(scope, &levels).unwrap();
            prop_assert_eq!(effect.opens.len() + effect.beyond.len(), explain_scope(scope).unwrap().opens.len());
            prop_assert!(effect.opens.iter().all(|operation| may_call(operation, &levels) == Verdict::Yes));
        }
    }

    #[test]
    fn any_word_is_answered(word in ".{0,40}") {
        prop_assert!(suggest_scope(&word).len() <= 3);
        prop_assert!(suggest_level(&word).len() <= 3);
    }
}
