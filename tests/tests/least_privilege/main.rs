//! The least-privilege answers of the catalogue, tried on the tenant: with
//! exactly the scopes and levels that it says, every call is let through; with
//! any one of them taken away, one is refused.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, in its helpers, too"
)]

mod jobs;
mod robot;

use jobs::{JOBS, Job};
use robot::Robot;
use tests::SimulatedTenant;

#[test]
fn the_least_is_enough_and_nothing_of_it_can_be_left_out() {
    for job in JOBS {
        try_job(job);
    }
}

fn try_job(job: &Job) {
    let operations: Vec<&'static catalog::Operation> = job
        .calls
        .iter()
        .map(|call| {
            catalog::find_call(call)
                .unwrap_or_else(|error| panic!("{error}"))
                .operation
        })
        .collect();
    let least = catalog::least_scopes(&operations);
    let levels = least
        .levels
        .clone()
        .unwrap_or_else(|| panic!("{}: no levels fit", job.name));
    let robot = Robot::new(SimulatedTenant::start());

    let refused = robot.refused(job, &least.scopes, &levels);
    assert!(
        refused.is_empty(),
        "{} with {least:?}: refused {refused:?}",
        job.name
    );

    for left_out in &least.scopes {
        // Every user has the default scope, so it cannot be taken away.
        if *left_out == catalog::SCOPE_DEFAULT {
            continue;
        }
        let scopes: Vec<&str> = least
            .scopes
            .iter()
            .copied()
            .filter(|scope| scope != left_out)
            .collect();
        let refused = robot.refused(job, &scopes, &levels);
        assert!(
            !refused.is_empty(),
            "{}: works without {left_out}",
            job.name
        );
    }
    for left_out in &levels {
        let levels: Vec<&str> = levels
            .iter()
            .copied()
            .filter(|level| level != left_out)
            .collect();
        let refused = robot.refused(job, &least.scopes, &levels);
        assert!(
            !refused.is_empty(),
            "{}: works without the level {left_out}",
            job.name
        );
    }
}

#[test]
fn there_are_ten_jobs() {
    assert!(JOBS.len() >= 10);
}
