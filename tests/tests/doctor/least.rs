//! The least tokens of `doctor --access`, tried: examples are planned and applied with
//! exactly these scopes, and with one less something is refused.

use crate::setting::{json, least, mint, revoke, run_as};
use simulator::RequestFilter;
use std::collections::BTreeSet;
use tests::{SimulatedTenant, World, world};

const EXAMPLES: [&str; 2] = ["guide", "team"];

fn started(example: &str) -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example(example);
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    (world, tenant)
}

/// The operations that a client called, as the catalog writes them.
fn called(tenant: &SimulatedTenant, client: &str) -> BTreeSet<String> {
    let filter = RequestFilter {
        client: Some(client.to_owned()),
        ..RequestFilter::default()
    };
    let requests = tenant.simulator().requests(&filter).into_iter();
    requests
        .filter(|request| !request.path.starts_with("/oauth/"))
        .map(|request| {
            let call = format!("{} {}", request.method, request.path);
            catalog::find_call(&call).unwrap().operation.to_string()
        })
        .collect()
}

/// The calls that `doctor` says a run can make, those that help included.
fn computed(world: &World, files: &str, purpose: &str) -> BTreeSet<String> {
    let run = world.steersman(&format!("doctor {files} --access --format json"));
    let access = json(&run.exits(0));
    let calls = access[purpose]["calls"].as_array().unwrap().iter();
    let helpful = planner::every_call()
        .filter(|(_, caller)| *caller == planner::Caller::Helpful)
        .map(|(call, _)| catalog::find_call(call).unwrap().operation.to_string());
    calls
        .map(|call| call["call"].as_str().unwrap().to_owned())
        .chain(helpful)
        .collect()
}

#[test]
fn examples_are_planned_and_applied_with_the_least_scopes() {
    for example in EXAMPLES {
        let (mut world, tenant) = started(example);
        let plan = mint(&tenant, "jane.doe", &least(&world, example, "plan"));
        run_as(&mut world, &plan);
        let _ = world.steersman(&format!("plan {example}")).exits(0);
        let checked = world.steersman(&format!("doctor {example} --for plan"));
        let _ = checked.exits(0).says_not("warning").says_not("FAILED");

        let apply = mint_named(&tenant, "apply", &least(&world, example, "apply"));
        run_as(&mut world, &apply);
        let _ = world
            .steersman(&format!("apply {example} --auto-approve"))
            .exits(0);
        let _ = world
            .steersman(&format!("doctor {example}"))
            .says_not("FAILED");
        let beyond: Vec<String> = called(&tenant, &apply.0)
            .difference(&computed(&world, example, "apply"))
            .cloned()
            .collect();
        assert_eq!(beyond, Vec::<String>::new(), "{example}: apply");

        // What is there now is read by more calls than an empty tenant.
        run_as(&mut world, &plan);
        let _ = world.steersman(&format!("plan {example}")).exits(0);
        let beyond: Vec<String> = called(&tenant, &plan.0)
            .difference(&computed(&world, example, "plan"))
            .cloned()
            .collect();
        assert_eq!(beyond, Vec::<String>::new(), "{example}: plan");
        assert!(
            !tenant.writes().is_empty(),
            "the apply has changed the tenant"
        );
    }
}

fn mint_named(tenant: &SimulatedTenant, name: &str, scopes: &[String]) -> (String, String) {
    crate::setting::minted(
        tenant,
        "jane.doe",
        simulator::TokenRequest {
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            ..simulator::TokenRequest::default()
        },
    )
}

#[test]
fn with_one_scope_less_the_plan_is_refused() {
    let (mut world, tenant) = started("guide");
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    let all = least(&world, "guide", "plan");
    for missing in &all {
        let scopes: Vec<String> = all
            .iter()
            .filter(|scope| *scope != missing)
            .cloned()
            .collect();
        let token = mint(&tenant, "jane.doe", &scopes);
        run_as(&mut world, &token);
        let _ = world.steersman("plan guide").exits(6);
        let said = json(
            &world
                .steersman("doctor guide --for plan --format json")
                .exits(6),
        );
        let check = said["checks"].as_array().unwrap().iter();
        let failed: Vec<&str> = check
            .filter(|check| check["name"] == "planScopes")
            .map(|check| check["found"].as_str().unwrap())
            .collect();
        assert!(failed[0].contains(missing), "{missing}: {failed:?}");
        revoke(&tenant, &token.0);
    }
}

#[test]
fn with_one_scope_less_the_apply_is_refused() {
    // The least is the same for each tenant, and is worked out once.
    let (world, _tenant) = started("guide");
    let all = least(&world, "guide", "apply");
    drop(world);
    for missing in &all {
        // No token is revoked in a first apply; the scope is needed to read them, too.
        let (mut world, tenant) = started("guide");
        let scopes: Vec<String> = all
            .iter()
            .filter(|scope| *scope != missing)
            .cloned()
            .collect();
        let token = mint(&tenant, "jane.doe", &scopes);
        run_as(&mut world, &token);
        let run = world.steersman("apply guide --auto-approve");
        assert_ne!(run.code, 0, "{missing}: {}", run.shown());
        let _ = world
            .steersman("doctor guide")
            .exits(6)
            .says(&format!("the scope {missing} is missing"));
    }
}
