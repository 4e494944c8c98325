//! A list of accounts that is short or empty, and looks complete each time it is read.

use crate::setting::{accounts, declare, spoil, with_others};
use simulator::{Fault, FaultRule, Faults};

/// The list of accounts.
const LIST: &str = "listAccountsV1";
/// The aggregations of a source.
const TASKS: &str = "getTaskStatusListV1";
/// The identity profiles, with the numbers of their identities.
const PROFILES: &str = "listIdentityProfilesV1";

#[test]
fn tenants_01_an_import_into_a_source_that_answers_empty_or_short_is_refused() {
    let (world, tenant) = with_others(40);
    declare(&world, "SA-900", "new900");
    for (fault, listed, missing) in [(Fault::EmptyList, 0, 41), (Fault::ShortList, 20, 21)] {
        spoil(&tenant, &[(LIST, fault, 0)]);
        tenant.simulator().clear_requests();
        for command in ["plan guide", "apply guide --auto-approve"] {
            let run = world.steersman(command).exits(4);
            let numbers = format!(
                "refused by guard missingAccounts: the list of accounts of \"Service Accounts\" has {listed} accounts, but its identity profile has 41 identities: at least {missing} are not listed"
            );
            let shown = run.stdout.replace('\n', " ");
            assert!(shown.contains(&numbers), "{numbers}\n{}", run.shown());
        }
        assert_eq!(tenant.writes(), Vec::<String>::new());
        // One fewer than counted is not allowed.
        let allow = format!(
            "apply guide --auto-approve --allow missingAccounts={}",
            missing - 1
        );
        let _ = world.steersman(&allow).exits(4);
        assert_eq!(tenant.writes(), Vec::<String>::new());
    }
    assert_eq!(accounts(&tenant), 41);
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 42);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn tenants_01_a_list_that_is_short_only_at_the_import_is_not_sent() {
    let (world, tenant) = with_others(10);
    declare(&world, "SA-900", "new900");
    for fault in [Fault::EmptyList, Fault::ShortList] {
        // The plan reads the list well.
        spoil(&tenant, &[(LIST, fault, 1)]);
        let run = world.steersman("apply guide --auto-approve");
        assert_ne!(run.code, 0, "{}", run.shown());
        assert!(
            run.shown().contains("the import was not sent"),
            "{}",
            run.shown()
        );
        assert_eq!(accounts(&tenant), 11);
    }
    assert!(
        !tenant
            .writes()
            .iter()
            .any(|write| write.contains("load-accounts"))
    );
}

#[test]
fn tenants_01_a_list_that_is_short_once_is_read_again() {
    let (world, tenant) = with_others(10);
    declare(&world, "SA-900", "new900");
    let once = FaultRule {
        fault: Fault::EmptyList,
        operations: vec![LIST.to_owned()],
        skip: 0,
        count: Some(1),
        probability: None,
    };
    tenant.simulator().set_faults(Faults {
        rules: vec![once],
        seed: 1,
    });
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    assert_eq!(accounts(&tenant), 12);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn tenants_01_one_witness_is_enough_and_without_one_nothing_is_imported() {
    let (world, tenant) = with_others(40);
    declare(&world, "SA-900", "new900");
    let unread = Fault::Status { status: 500 };
    // The aggregations cannot be read: the identities show it.
    spoil(
        &tenant,
        &[(LIST, Fault::EmptyList, 0), (TASKS, unread.clone(), 0)],
    );
    let run = world.steersman("apply guide --auto-approve").exits(4);
    assert!(run.stdout.contains("missingAccounts"), "{}", run.shown());
    // The list of profiles is empty, too: the last aggregation shows it.
    spoil(
        &tenant,
        &[(LIST, Fault::EmptyList, 0), (PROFILES, Fault::EmptyList, 0)],
    );
    let run = world.steersman("apply guide --auto-approve").exits(4);
    assert!(run.stdout.contains("missingAccounts"), "{}", run.shown());
    // Neither can be read.
    spoil(
        &tenant,
        &[
            (LIST, Fault::EmptyList, 0),
            (PROFILES, Fault::EmptyList, 0),
            (TASKS, unread, 0),
        ],
    );
    let run = world.steersman("apply guide --auto-approve").exits(4);
    assert!(
        run.stdout.contains("unconfirmedAccounts"),
        "{}",
        run.shown()
    );
    assert_eq!(tenant.writes(), Vec::<String>::new());
    assert_eq!(accounts(&tenant), 41);
}

#[test]
fn tenants_01_accounts_that_others_really_deleted_are_allowed_by_their_number() {
    let (world, tenant) = with_others(10);
    declare(&world, "SA-900", "new900");
    tenant.simulator().with_tenant(|state| {
        for name in ["other000", "other001"] {
            state
                .remove_account_out_of_band(crate::setting::SOURCE, name)
                .unwrap();
        }
    });
    let run = world.steersman("apply guide --auto-approve").exits(4);
    assert!(
        run.stdout.contains("at least 2 are not listed"),
        "{}",
        run.shown()
    );
    let _ = world
        .steersman("apply guide --auto-approve --allow missingAccounts=2")
        .exits(0);
    assert_eq!(accounts(&tenant), 10);
    // Once ISC has removed their identities, nothing has to be allowed any more.
    tenant
        .simulator()
        .advance(jiff::SignedDuration::from_hours(1))
        .unwrap();
    declare(&world, "SA-901", "new901");
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}

#[test]
fn tenants_01_a_plan_without_changes_needs_no_request_for_it() {
    let (world, tenant) = with_others(3);
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
    assert_eq!(tenant.count(TASKS), 0);
    declare(&world, "SA-900", "new900");
    let _ = world.steersman("plan guide --detailed-exitcode").exits(2);
    assert_eq!(tenant.count(TASKS), 1);
}

#[test]
fn tenants_01_one_short_page_of_several_is_noticed() {
    let (world, tenant) = with_others(300);
    declare(&world, "SA-900", "new900");
    // A page that is short beside its total is a partial read.
    spoil(&tenant, &[(LIST, Fault::ShortPage, 0)]);
    let _ = world.steersman("apply guide --auto-approve").exits(8);
    // A total that fits the short page looks complete.
    spoil(&tenant, &[(LIST, Fault::ShortList, 0)]);
    let _ = world.steersman("apply guide --auto-approve").exits(4);
    // The second page alone.
    spoil(&tenant, &[(LIST, Fault::ShortList, 1)]);
    let run = world.steersman("apply guide --auto-approve");
    assert!([4, 8].contains(&run.code), "{}", run.shown());
    assert_eq!(tenant.writes(), Vec::<String>::new());
}
