//! The calls of the client and the calls that `doctor` knows are the same.

use planner::every_call;
use std::collections::BTreeSet;

/// A call, with its placeholders unnamed.
fn plain(call: &str) -> String {
    let parts = call
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn each_call_of_the_client_has_its_scopes_worked_out() {
    let made: BTreeSet<String> = isc::OPERATIONS.iter().map(|call| plain(call)).collect();
    let known: BTreeSet<String> = every_call().map(|(call, _)| plain(call)).collect();
    assert_eq!(made, known);
}

#[test]
fn isc_describes_each_of_them() {
    // Newer than the description that the catalog is made of.
    const NEWER: &str = "PATCH /personal-access-tokens/v1/bulk-update";
    for (call, _) in every_call().filter(|(call, _)| *call != NEWER) {
        assert!(catalog::find_call(call).is_ok(), "{call}");
    }
}
