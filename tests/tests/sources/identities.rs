//! An identity that was deleted by hand, while its account stayed.

use crate::setting::{send, with_others};
use tests::SimulatedTenant;

fn identity(tenant: &SimulatedTenant, alias: &str) -> Option<String> {
    let path = format!("/identities/v1?filters=alias%20eq%20%22{alias}%22");
    let found = tenant.get(&path);
    found[0]["id"].as_str().map(str::to_owned)
}

#[test]
fn tenants_06_an_identity_deleted_by_hand_comes_back_with_one_apply() {
    let (world, tenant) = with_others(2);
    let earlier = identity(&tenant, "audit01").unwrap();
    let path = format!("/identities/v1/{earlier}");
    assert_eq!(send(&tenant, "DELETE", &path, None), 204);
    assert_eq!(identity(&tenant, "audit01"), None);
    let plan = world.steersman("plan guide --detailed-exitcode").exits(2);
    assert!(
        plan.stdout
            .contains("CSV import: 1 re-examined, 2 resent unchanged"),
        "{}",
        plan.shown()
    );
    let _ = world
        .steersman("apply guide --auto-approve --wait 30")
        .exits(0);
    assert!(identity(&tenant, "audit01").is_some_and(|id| id != earlier));
    let _ = world.steersman("plan guide --detailed-exitcode").exits(0);
}
