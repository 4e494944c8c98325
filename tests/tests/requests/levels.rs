//! User levels from lists of holders say what the accounts themselves say.

use crate::site::{Read, Site};
use model::{Live, Operation};
use simulator::Fault;
use tests::scale::Stage;

/// Enough for lists to be worth it.
const ACCOUNTS: usize = 40;

/// All that a plan says of the accounts.
fn said(read: &Read) -> (Vec<String>, Vec<(String, Vec<String>)>) {
    let Live { levels, .. } = &read.live;
    let levels = levels
        .iter()
        .map(|(identity, levels)| {
            let levels = levels.complete().unwrap().iter();
            (
                identity.to_string(),
                levels.map(ToString::to_string).collect(),
            )
        })
        .collect();
    (read.steps(), levels)
}

/// All that was read of sources, tokens, levels and identities.
fn observed(read: &Read) -> String {
    let Live {
        sources,
        tokens,
        levels,
        identities,
        ..
    } = &read.live;
    format!("{sources:#?} {tokens:#?} {levels:#?} {identities:#?}")
}

#[test]
fn without_the_lists_the_result_is_the_same() {
    let site = Site::new(ACCOUNTS, Stage::Ready);
    site.give(3, &["CERT_ADMIN"]);
    site.give(4, &["CERT_ADMIN", "HELPDESK"]);
    let by_lists = site.read();
    assert_eq!(by_lists.count("getAuthUserV1"), 2, "only those that differ");
    assert_eq!(
        by_lists.steps(),
        ["levels/BULK-000003", "levels/BULK-000004"]
    );
    for (operation, fault) in [
        ("listUserLevelsV1", Fault::Status { status: 403 }),
        ("listUserLevelsV1", Fault::Status { status: 404 }),
        ("showUserLevelCountsV1", Fault::Status { status: 403 }),
        ("showUserLevelCountsV1", Fault::Status { status: 400 }),
        ("showUserLevelCountsV1", Fault::MalformedJson),
        ("listUserLevelIdentitiesV1", Fault::Status { status: 403 }),
        ("listUserLevelIdentitiesV1", Fault::Status { status: 404 }),
        ("listUserLevelIdentitiesV1", Fault::ShortPage),
        ("listUserLevelIdentitiesV1", Fault::ChangingTotal),
    ] {
        site.spoil(operation, &fault);
        let by_account = site.read();
        let what = format!("{operation} {fault:?}");
        assert_eq!(by_account.count("getAuthUserV1"), 40, "{what}");
        assert!(by_account.plan.incomplete.is_empty(), "{what}");
        assert_eq!(said(&by_account), said(&by_lists), "{what}");
        assert_eq!(observed(&by_account), observed(&by_lists), "{what}");
    }
}

#[test]
fn a_level_that_nobody_declares_is_noticed() {
    let site = Site::new(ACCOUNTS, Stage::Ready);
    let own = site.own_level();
    // One of SailPoint's, one of the tenant's own, and one level less.
    site.give(0, &["CERT_ADMIN", "HELPDESK"]);
    site.give(1, &["CERT_ADMIN", &own]);
    site.give(2, &[]);
    let read = site.read();
    assert_eq!(read.count("getAuthUserV1"), 3);
    let before: Vec<String> = read
        .plan
        .steps
        .iter()
        .map(|step| {
            assert!(matches!(step.operation, Operation::SetLevels { .. }));
            let levels = step.before.as_ref().unwrap().get("userLevels").unwrap();
            format!("{} {levels}", step.address)
        })
        .collect();
    let own = if own.as_str() < "CERT_ADMIN" {
        format!("[\"{own}\",\"CERT_ADMIN\"]")
    } else {
        format!("[\"CERT_ADMIN\",\"{own}\"]")
    };
    assert_eq!(
        before,
        [
            "levels/BULK-000000 [\"CERT_ADMIN\",\"HELPDESK\"]".to_owned(),
            format!("levels/BULK-000001 {own}"),
            "levels/BULK-000002 []".to_owned(),
        ]
    );
}
