//! Somebody changes user levels by hand while many are applied.

use simulator::{Config, Fault, FaultRule, Faults};
use std::time::{Duration, Instant};
use tests::scale::{self, Stage};
use tests::{SimulatedTenant, world};

const ACCOUNTS: usize = 40;

/// Lets each write of user levels take a while.
fn slowly(tenant: &SimulatedTenant) {
    let rule = FaultRule {
        fault: Fault::Slow { milliseconds: 150 },
        operations: vec!["patchAuthUserV1".to_owned()],
        skip: 0,
        count: None,
        probability: None,
    };
    tenant.simulator().set_faults(Faults {
        rules: vec![rule],
        seed: 1,
    });
}

fn give(tenant: &SimulatedTenant, number: usize, levels: &[&str]) {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    tenant.simulator().with_tenant(|state| {
        let name = scale::name(number);
        state.set_levels_out_of_band(&name, levels).unwrap();
    });
}

#[test]
fn a_level_given_by_hand_during_an_apply_of_many_is_kept_and_told() {
    let (tenant, _) = scale::tenant(ACCOUNTS, Stage::Invited, Config::default());
    let mut world = world!();
    for (path, text) in scale::repository(ACCOUNTS, 4) {
        world.write(&path, text);
    }
    world.set(tenant.variables());
    for number in 0..ACCOUNTS {
        give(&tenant, number, &[]);
    }
    slowly(&tenant);
    let last = ACCOUNTS - 1;
    let apply = std::thread::scope(|scope| {
        let apply = scope.spawn(|| world.steersman("apply --auto-approve"));
        let began = Instant::now();
        // Two of them find out whether the tenant compares levels.
        while tenant.count("patchAuthUserV1") < 4 {
            assert!(began.elapsed() < Duration::from_mins(1), "no write came");
            std::thread::sleep(Duration::from_millis(5));
        }
        give(&tenant, last, &["HELPDESK"]);
        apply.join().unwrap()
    });
    let apply = apply.exits(3);
    let step = format!("levels/{}", scale::id(last));
    let stale = format!("{step} has changed since the plan was made");
    let shown = apply.shown();
    assert!(shown.contains(&stale), "{shown}");
    assert!(shown.contains("39 steps done"), "{shown}");
    let who = scale::name(last);
    let held = tenant.get(&format!("/auth-users/v1/{}", identity(&tenant, &who)));
    assert_eq!(held["capabilities"], serde_json::json!(["HELPDESK"]));
    // The next plan shows what it would take away.
    let plan = world.steersman("plan --detailed-exitcode").exits(2);
    let _ = plan.says("-HELPDESK");
}

fn identity(tenant: &SimulatedTenant, name: &str) -> String {
    let id = tenant
        .simulator()
        .with_tenant(|state| state.find_person(name));
    id.unwrap()
}
