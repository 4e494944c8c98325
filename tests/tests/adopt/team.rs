//! A tenant in which the team's accounts are, some of them in use.

use tests::{SimulatedTenant, World, world};

/// The spec of the team applied, and nothing of it left but the tenant.
pub(crate) fn applied() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("team");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    (world, tenant)
}

/// A person has registered, and made tokens of these names, scopes and
/// lifetimes in days.
pub(crate) fn with_tokens(tenant: &SimulatedTenant, who: &str, tokens: &[(&str, &[&str], i64)]) {
    let now = tenant.simulator().now();
    tenant.simulator().with_tenant(|tenant| {
        let _ = tenant.invite_person(who);
        tenant.register_person(who).unwrap();
        for (name, scopes, days) in tokens {
            let request = simulator::TokenRequest {
                name: (*name).to_owned(),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                expires: (*days > 0).then(|| now + jiff::SignedDuration::from_hours(days * 24)),
                never_expires: *days == 0,
                ..simulator::TokenRequest::default()
            };
            tenant
                .mint_personal_access_token_as_owner(who, request)
                .unwrap();
        }
    });
}
