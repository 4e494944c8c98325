//! `--simulate`: what the wrong spelling of it and of its file is answered with.

use tests::world;

#[test]
fn a_state_file_without_the_sign_is_no_spec() {
    let world = world!();
    world.example("guide");
    let _ = world
        .steersman("plan guide --simulate=tenant.json")
        .exits(0);
    for command in ["plan", "validate --fix", "status"] {
        let simulate = if command == "validate --fix" {
            ""
        } else {
            "--simulate"
        };
        let before = world.read("tenant.json");
        let run = world.steersman(&format!("{command} guide {simulate} tenant.json"));
        let said = run.exits(64).stderr;
        assert!(
            said.contains("tenant.json is the state of a simulated tenant, and no spec file")
                && said.contains("write `--simulate=tenant.json`"),
            "{said}"
        );
        assert_eq!(world.read("tenant.json"), before, "{command}");
    }
}

#[test]
fn a_new_tenant_beside_others_is_said_to_be_new() {
    let world = world!();
    world.example("guide");
    let plan = |file: &str| {
        let run = world.steersman(&format!("plan guide --simulate={file}"));
        run.exits(0).stderr
    };
    let kept = "simulated tenant, kept in tenant.json; no real tenant is used";
    assert_eq!(plan("tenant.json").trim(), kept);
    assert_eq!(plan("tenant.json").trim(), kept);
    assert_eq!(
        plan("tennant.json").trim(),
        "new simulated tenant, kept in tennant.json (kept beside it: tenant.json); no real tenant is used"
    );
}
