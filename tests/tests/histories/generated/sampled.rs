//! The generated tenants that run with the other tests, and those that are asked for.

use crate::generated::properties::{Counts, Tried, check, steps};
use crate::generated::setting::Site;
use crate::sample::number;
use planner::Allowances;
use std::collections::BTreeMap;

/// Every so many tenants, the plan is carried out.
const APPLIED: u64 = 24;
/// Every so many, each collection is made partial, and not only some.
const THOROUGH: u64 = 10;
/// Every so many, the simulator spoils each list.
const SPOILT: u64 = 100;

/// Looks at the tenants of these seeds, and prints what broke a promise.
#[expect(clippy::print_stdout, reason = "seeds, and what a long run has found")]
fn looked_at(seeds: impl Iterator<Item = u64>, most: usize, often: u64) -> (Counts, Vec<u64>) {
    let mut site = Site::start();
    let mut counts = Counts::default();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for (number, seed) in (0_u64..).zip(seeds) {
        // What lingers in a simulator would slow it down.
        if number % 500 == 499 {
            site = Site::start();
        }
        let tried = Tried {
            applied: seed.is_multiple_of((APPLIED / often).max(1)),
            thorough: often > 1 || seed.is_multiple_of(THOROUGH),
            spoilt: seed.is_multiple_of(SPOILT),
        };
        let Err(fault) = check(&site, seed, tried, &mut counts) else {
            continue;
        };
        if let Some(reason) = fault.known() {
            *known.entry(reason).or_default() += 1;
        } else {
            println!("generated tenant {seed} broke a promise: {fault}");
            println!(
                "repeat it with\n  STEERSMAN_TENANT={seed} cargo test -p tests --test histories -- --ignored --nocapture one_tenant\n"
            );
            faults.push(seed);
        }
        if faults.len() >= most {
            break;
        }
    }
    println!("{counts:?}");
    for (reason, count) in &known {
        println!("{count:5} known: {reason}");
    }
    (counts, faults)
}

#[test]
fn a_thousand_generated_tenants_keep_all_promises() {
    let (counts, faults) = looked_at(0..1000, 5, 1);
    assert!(faults.is_empty(), "faults with the seeds {faults:?}");
    assert!(counts.tenants >= 900, "{counts:?}");
}

/// `STEERSMAN_TENANTS` tenants, from the seed `STEERSMAN_TENANTS_SEED` on.
#[test]
#[ignore = "takes long; CONTRIBUTING.md has the command"]
fn generated_tenants_at_length() {
    let wanted = number("STEERSMAN_TENANTS").unwrap_or(5000_u64);
    let first = number("STEERSMAN_TENANTS_SEED").unwrap_or(1000_u64);
    let most = number("STEERSMAN_HISTORIES_FAULTS").unwrap_or(1);
    let (_, faults) = looked_at(first..first + wanted, most, 6);
    assert!(faults.is_empty(), "faults with the seeds {faults:?}");
}

/// The tenant that `STEERSMAN_TENANT` names, as a failure prints it.
#[test]
#[ignore = "repeats a tenant that found something; CONTRIBUTING.md has the command"]
fn one_tenant() {
    let Some(seed) = number("STEERSMAN_TENANT") else {
        println!("STEERSMAN_TENANT names no tenant");
        return;
    };
    let site = Site::start();
    if let Some(tenant) = site.load(seed) {
        println!("{}", tenant.files.yaml());
        println!("{:#?}", site.view());
        if let Some(live) = site.read(&tenant)
            && let Some(plan) = site.plan(&tenant, &live, &Allowances::default())
        {
            println!("planned with all facts:\n{}", steps(&plan));
            println!("{:#?}", plan.blocked);
        }
    }
    let tried = Tried {
        applied: true,
        thorough: true,
        spoilt: true,
    };
    let result = check(&site, seed, tried, &mut Counts::default());
    assert!(result.is_ok(), "{}", result.unwrap_err());
}
