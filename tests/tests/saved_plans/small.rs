//! Two accounts in a tenant, and a spec that wants other levels.

use tests::{Run, SimulatedTenant, World, world};

/// A spec of two accounts; `levels` is for both.
fn spec(levels: &str) -> String {
    format!(
        "steersman: v1
sources:
  - name: Robots
    owner: jane.doe
    deleteThreshold: 100
    identityProfile:
      name: Robots
      mappings: {{uid: name, email: e-mail, lastname: name, firstname: name}}
      invite: false
serviceAccounts:
  - id: R-1
    name: robot1
    email: robots@example.com
    purpose: Test
    userLevels: {levels}
  - id: R-2
    name: robot2
    email: robots@example.com
    purpose: Test
    userLevels: {levels}
"
    )
}

/// The tenant has both accounts, and the spec wants `REPORT_ADMIN` for both in
/// place of `HELPDESK`. No request is counted yet.
pub(crate) fn changed() -> (World, SimulatedTenant) {
    let mut world = world!();
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    world.write("spec/robots.yaml", spec("[HELPDESK]"));
    let _ = world.steersman("apply spec --auto-approve").exits(0);
    world.write("spec/robots.yaml", spec("[REPORT_ADMIN]"));
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// The same with the plan saved in `p.json`.
pub(crate) fn saved() -> (World, SimulatedTenant) {
    let (world, tenant) = changed();
    let _ = world.steersman("plan spec --save p.json").exits(0);
    (world, tenant)
}

/// Applies the plan, which has to be refused with nothing written.
#[track_caller]
pub(crate) fn is_refused(world: &World, tenant: &SimulatedTenant) -> Run {
    let run = world.steersman("apply spec --plan p.json").exits(5);
    assert_eq!(tenant.writes(), Vec::<String>::new());
    run
}

/// Gives an identity these levels, as an administrator would by hand.
pub(crate) fn set_levels(tenant: &SimulatedTenant, who: &str, levels: &[&str]) {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    tenant
        .simulator()
        .with_tenant(|tenant| tenant.set_levels_out_of_band(who, levels))
        .unwrap();
}

/// Nothing is left to do.
#[track_caller]
pub(crate) fn is_settled(world: &World) {
    let _ = world.steersman("plan spec --detailed-exitcode").exits(0);
}
