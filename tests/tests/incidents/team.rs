//! The team example, applied to a tenant that is served.

use tests::{SimulatedTenant, World, world};

/// Twenty accounts that are all as declared, and no request counted yet.
pub(crate) fn applied() -> (World, SimulatedTenant) {
    let mut world = world!();
    world.example("team");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply team --auto-approve").exits(0);
    tenant.simulator().clear_requests();
    (world, tenant)
}

/// Deletions are wanted, and every limit that the spec can lift is lifted.
pub(crate) fn delete_without_limits(world: &World) {
    world.replace(
        "team/steersman.yaml",
        "unmanaged: keep",
        "unmanaged: delete",
    );
    world.replace(
        "team/steersman.yaml",
        "deleteThreshold: 20",
        "deleteThreshold: 100",
    );
    world.replace(
        "team/steersman.yaml",
        "{deleteAccounts: 2, deleteTokens: 10, removeLevels: 10}",
        "{deleteAccounts: 1000, deleteTokens: 1000, removeLevels: 1000}",
    );
}

/// Leaves the first `keep` accounts of a file.
pub(crate) fn cut(world: &World, file: &str, keep: usize) {
    let text = world.read(file);
    let end = text
        .match_indices("  - id: ")
        .nth(keep)
        .map_or(text.len(), |(start, _)| start);
    let text = &text[..end];
    let text = if keep == 0 {
        text.replace("serviceAccounts:", "serviceAccounts: []")
    } else {
        text.to_owned()
    };
    world.write(file, text);
}
