//! A scope that is missing is named, and is no partial read of the tenant's making.

use crate::setting::{guide, mint, run_as};
use tests::repository;

/// The scopes that docs/tenant.md asks for.
fn documented() -> Vec<String> {
    let page = std::fs::read_to_string(repository().join("docs/tenant.md")).unwrap();
    let block = page.split("```text\n").nth(1).unwrap();
    let lines = block.split("```").next().unwrap().lines();
    lines.map(str::to_owned).collect()
}

#[test]
fn planner_12_the_missing_scope_of_each_collection_is_named() {
    let (mut world, tenant) = guide();
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let all = documented();
    let mut named = 0;
    for missing in &all {
        let scopes: Vec<&str> = all
            .iter()
            .filter(|scope| *scope != missing)
            .map(String::as_str)
            .collect();
        // Its name is free again.
        let credential = mint(&tenant, "jane.doe", &scopes);
        run_as(&mut world, credential.clone());
        let run = world.steersman("plan guide");
        tenant.simulator().with_tenant(|tenant| {
            tenant.revoke_token_out_of_band(&credential.0).unwrap();
        });
        // Scopes for writes are not missed by a plan.
        if run.code == 0 {
            continue;
        }
        let run = run.exits(6);
        assert!(
            run.stdout.contains("give steersman's token the scope"),
            "{missing}: {}",
            run.shown()
        );
        assert!(
            run.stdout.contains("steersman scopes for"),
            "{missing}: {}",
            run.shown()
        );
        assert!(
            !run.stdout.contains("declare `identityProfile`"),
            "{missing}: {}",
            run.shown()
        );
        named += 1;
        if missing.contains("identity-profile") {
            assert!(
                run.stdout.contains("idn:identity-profile:read"),
                "{}",
                run.shown()
            );
            let _ = world.steersman("validate guide").exits(0);
        }
    }
    assert!(named >= 4, "{named} of {} scopes are read with", all.len());
}
