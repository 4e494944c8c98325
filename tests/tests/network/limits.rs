//! Waits that the tenant asks for.

use simulator::{Fault, FaultRule, Faults};
use tests::{SimulatedTenant, world};

fn too_many(retry_after: u64, count: u64) -> Faults {
    let rule = FaultRule {
        fault: Fault::TooManyRequests {
            retry_after: Some(retry_after),
        },
        operations: vec!["listSourcesV1".to_owned()],
        skip: 0,
        count: Some(count),
        probability: None,
    };
    Faults {
        rules: vec![rule],
        seed: 1,
    }
}

#[test]
fn tenants_12_a_wait_is_told_and_one_that_is_too_long_is_not_begun() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());

    tenant.simulator().set_faults(too_many(6, 1));
    let run = world.steersman("plan guide").exits(0);
    assert!(
        run.stderr.contains("waiting for ISC: 6 s left"),
        "{}",
        run.shown()
    );

    tenant.simulator().set_faults(too_many(600, 1));
    let begin = std::time::Instant::now();
    let run = world.steersman("plan guide").exits(8);
    assert!(begin.elapsed().as_secs() < 60);
    for words in [
        "ISC asks to wait 600 s, until 20",
        "at most 300 s",
        "run the command again after",
    ] {
        assert!(run.stderr.contains(words), "{words}: {}", run.shown());
    }
}
