//! An address that is not that of the API: the tenant itself says which is.

use crate::setting::guide;

#[test]
fn tenants_16_the_right_address_is_named_by_the_tenant() {
    let (mut world, tenant) = guide();
    let right = tenant.simulator().base_url();
    for path in ["/v3", "/oauth", "/ui"] {
        world.set([("SAIL_BASE_URL".to_owned(), format!("{right}{path}"))]);
        let run = world.steersman("plan guide").exits(1);
        let named = format!("the API address of this tenant is {right}");
        assert!(run.stderr.contains(&named), "{path}: {}", run.shown());
    }
}
