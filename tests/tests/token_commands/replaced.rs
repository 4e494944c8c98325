//! `token revoke --replace` revokes nothing that it could not create again.

use crate::site::{FILE, ISSUER, Shows, TOKEN, delivered, is_settled, list, rows, run};

const REPLACE: &str = "--token audit01/monthly-report --replace --auto-approve --allow-commands";

#[test]
fn apply_f6_without_an_issuer_token_nothing_is_revoked() {
    let world = delivered();
    let issuer = world.read(ISSUER);
    std::fs::remove_file(world.path(ISSUER)).unwrap();
    let _ = run(&world, "token revoke", REPLACE)
        .exits(6)
        .shows("is not revoked, because it could not be created again")
        .shows("steersman enroll audit01")
        .shows("steersman token disable");
    world.write(ISSUER, issuer);
    assert_eq!(
        rows(&list(&world, "--check", 0), "/check/result"),
        ["issuer issuer signsIn", "monthly-report declared signsIn"]
    );
    is_settled(&world);
}

#[test]
fn apply_f6_without_a_place_for_the_secret_nothing_is_revoked() {
    let world = delivered();
    let (file, before) = (world.read(FILE), world.read(TOKEN));
    let place = "deliver: {store: local, key: audit01/monthly-report}";
    let own = format!("deliver: {{store: own, key: {TOKEN}}}");
    world.replace(FILE, place, &own);
    let put = "no-such-program-of-anyone";
    world.replace(
        FILE,
        "stores:\n",
        &format!(
            "stores:\n  own: {{command: {{put: [{put}, \"{{key}}\"], get: [cat, \"{{key}}\"]}}}}\n"
        ),
    );
    let _ = run(&world, "token revoke", REPLACE)
        .exits(1)
        .shows("is not revoked, because no new secret can be delivered to own:")
        .shows("nothing was changed");
    assert_eq!(world.read(TOKEN), before);
    world.write(FILE, file);
    is_settled(&world);
}
