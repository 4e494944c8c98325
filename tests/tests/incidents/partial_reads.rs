//! A tenant that answers in part. Nothing is created or deleted because of it.

use crate::team::{applied, cut, delete_without_limits};
use simulator::{Fault, FaultRule, Faults};

/// Every answer of the operation is spoilt so.
fn always(operation: &str, fault: Fault) -> Faults {
    let rule = FaultRule {
        fault,
        operations: vec![operation.to_owned()],
        skip: 0,
        count: None,
        probability: None,
    };
    Faults {
        rules: vec![rule],
        seed: 1,
    }
}

#[test]
fn a_read_cut_by_rate_limit() {
    let (world, tenant) = applied();
    delete_without_limits(&world);
    let _ = world.steersman("apply team --auto-approve").exits(0);
    cut(&world, "team/people.yaml", 4);
    tenant.simulator().clear_requests();
    tenant.simulator().set_faults(always(
        "listAccountsV1",
        Fault::TooManyRequests {
            retry_after: Some(0),
        },
    ));
    let plan = world.steersman("plan team").exits(8);
    assert!(
        plan.stdout.contains("could not be read") || plan.stdout.contains("Not read"),
        "{}",
        plan.shown()
    );
    let _ = world.steersman("apply team --auto-approve").exits(8);
    assert_eq!(tenant.writes(), Vec::<String>::new());

    tenant.simulator().set_faults(Faults::default());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}

#[test]
fn whatever_is_read_in_part_blocks_what_depends_on_it() {
    let (world, tenant) = applied();
    delete_without_limits(&world);
    let _ = world.steersman("apply team --auto-approve").exits(0);
    cut(&world, "team/people.yaml", 4);
    tenant.simulator().clear_requests();
    let forbidden = Fault::Status { status: 403 };
    for (operation, fault, code) in [
        ("listAccountsV1", Fault::ShortPage, 8),
        ("listAccountsV1", Fault::ChangingTotal, 8),
        ("listAccountsV1", Fault::MalformedJson, 8),
        ("listAccountsV1", forbidden.clone(), 6),
        ("listPersonalAccessTokensV1", forbidden.clone(), 6),
        ("listSourcesV1", forbidden, 6),
    ] {
        tenant
            .simulator()
            .set_faults(always(operation, fault.clone()));
        let apply = world.steersman("apply team --auto-approve");
        assert_eq!(apply.code, code, "{operation} {fault:?}\n{}", apply.shown());
        let writes = tenant.writes();
        assert_eq!(writes, Vec::<String>::new(), "{operation} {fault:?}");
    }
    tenant.simulator().set_faults(Faults::default());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}

#[test]
fn a_tenant_that_is_lost_after_the_last_step() {
    let (world, tenant) = applied();
    world.replace(
        "team/people.yaml",
        "Fill the phone book",
        "Keep the phone book",
    );
    // The plan reads the tokens once; the reading that verifies it is refused.
    let mut faults = always("listPersonalAccessTokensV1", Fault::Status { status: 401 });
    faults.rules[0].skip = 1;
    tenant.simulator().set_faults(faults);
    let apply = world.steersman("apply team --auto-approve").exits(3);
    assert!(apply.stderr.contains("not verified"), "{}", apply.shown());
    tenant.simulator().set_faults(Faults::default());
    let _ = world.steersman("plan team --detailed-exitcode").exits(0);
}
