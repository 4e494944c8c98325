//! Invariants of the whole catalog.

use std::collections::BTreeSet;

use catalog::{Method, find_call, operations};

#[test]
fn there_are_917_operations_each_once_and_in_order() {
    assert_eq!(operations().len(), 917);
    assert!(operations().is_sorted_by(|one, two| (one.path, one.method) < (two.path, two.method)));
    let ids: BTreeSet<_> = operations().iter().map(|operation| operation.id).collect();
    assert_eq!(ids.len(), 917);
    assert!(ids.iter().all(|id| !id.is_empty()));
}

#[test]
fn every_operation_is_found_by_its_path_and_by_its_id() {
    for operation in operations() {
        assert_eq!(
            find_call(&operation.to_string()).unwrap().operation,
            operation
        );
        assert_eq!(find_call(operation.id).unwrap().operation, operation);
    }
}

#[test]
fn every_level_that_an_operation_names_is_a_known_one() {
    for operation in operations() {
        for level in operation.levels {
            assert!(
                catalog::user_level(level).is_some(),
                "{operation} names {level}"
            );
        }
    }
    for (one, other) in catalog::incompatible_levels() {
        assert!(catalog::user_level(one).is_some() && catalog::user_level(other).is_some());
        assert!(!catalog::may_combine(other, one));
    }
    assert!(catalog::may_combine("ORG_ADMIN", "ORG_ADMIN"));
}

#[test]
fn what_the_corrections_corrected() {
    let levels = |call| find_call(call).unwrap().operation.levels;
    let scopes = |call| find_call(call).unwrap().operation.scopes;
    // Misspelt key.
    assert_eq!(levels("POST /accounts/v1/{id}/disable").len(), 4);
    // A scope among the levels.
    assert_eq!(
        levels("GET /access-request-administration/v1"),
        ["ORG_ADMIN"]
    );
    // Not a level.
    assert_eq!(levels("GET /identity-profiles/v1"), ["ORG_ADMIN"]);
    assert!(levels("GET /public-identities/v1").is_empty());
    assert!(levels("POST /personal-access-tokens/v1").is_empty());
    // Older name of the scheme; blank at the end.
    assert_eq!(
        scopes("POST /roles/v1/access-model-metadata/bulk-update/ids"),
        ["idn:role-checked:update", "idn:role:update"]
    );
    assert_eq!(
        scopes("GET /auth-org/v1/service-provider-config"),
        ["sp:auth-org:read"]
    );
    // Nothing stated, as opposed to "any user" stated.
    let activities = find_call("GET /account-activities/v1").unwrap().operation;
    assert!(activities.scopes_unstated && activities.levels_unstated);
    let tokens = find_call("GET /personal-access-tokens/v1")
        .unwrap()
        .operation;
    assert!(!tokens.scopes_unstated && !tokens.levels_unstated);
}

#[test]
fn a_token_opens_by_any_one_scope_and_a_user_calls_by_any_one_level() {
    let search = find_call("POST /search/v1").unwrap().operation;
    let none: [&str; 0] = [];
    for (scopes, opened) in [
        (&["sp:search:read"][..], true),
        (&["sp:report:read", "sp:search:read"], true),
        (&["sp:scopes:all"], true),
        (&["sp:scopes:default"], false),
        (&["sp:search"], false),
        (&[], false),
    ] {
        assert_eq!(search.opened_by(scopes), opened, "{scopes:?}");
    }
    assert!(search.callable_at(&["HELPDESK", "REPORT_ADMIN"]));
    assert!(!search.callable_at(&["HELPDESK"]));
    assert!(!search.callable_at(&none));
    let work_items = find_call("GET /work-items/v1").unwrap().operation;
    assert!(work_items.opened_by(&none) && work_items.callable_at(&none));
}

#[test]
fn methods_print_and_parse() {
    for method in Method::ALL {
        assert_eq!(method.to_string().parse(), Ok(method));
        assert_eq!(method.as_str().to_lowercase().parse(), Ok(method));
    }
    assert!("HEAD".parse::<Method>().is_err());
}
