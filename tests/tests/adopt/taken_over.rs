//! What is adopted plans to nothing.

use crate::team::{applied, with_tokens};
use tests::{SimulatedTenant, world};

const ADOPT: [&str; 2] = ["adopt", "Integration Accounts"];

#[test]
fn the_guide_is_adopted_with_its_tokens() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("apply guide --auto-approve").exits(0);
    with_tokens(
        &tenant,
        "audit01",
        &[
            ("issuer", &["sp:my-personal-access-tokens:manage"], 180),
            ("monthly-report", &["sp:report:read", "sp:search:read"], 90),
            ("for-ever", &["sp:search:read"], 0),
            ("unlimited", &[], 30),
        ],
    );
    let adopted = world
        .steersman_words(&["adopt", "Service Accounts"])
        .exits(0);
    insta::assert_snapshot!(adopted.shown());
    world.write("adopted.yaml", adopted.stdout);
    let _ = world.steersman("validate adopted.yaml").exits(0);
    let _ = world
        .steersman("plan adopted.yaml --detailed-exitcode")
        .exits(0)
        .says("no changes");
    // Adopting reads, and nothing else.
    tenant.simulator().clear_requests();
    let _ = world
        .steersman_words(&["adopt", "Service Accounts"])
        .exits(0);
    let writes = tenant.writes();
    assert!(
        writes.iter().all(|write| write.ends_with("/oauth/token")),
        "{writes:?}"
    );
}

#[test]
fn a_team_is_adopted_whole_or_by_files() {
    let (world, tenant) = applied();
    with_tokens(
        &tenant,
        "platform-unlock-bot",
        &[
            ("account-finder", &["idn:accounts:read"], 90),
            ("unlocker", &["idn:accounts-state:manage"], 30),
        ],
    );
    let _ = world
        .steersman_words(&[&ADOPT[..], &["--to", "whole"]].concat())
        .exits(0);
    let _ = world
        .steersman_words(&[&ADOPT[..], &["--to", "parts", "--split-by", "team"]].concat())
        .exits(0);
    let mut files: Vec<_> = std::fs::read_dir(world.path("parts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "audit.yaml",
            "hr.yaml",
            "iam.yaml",
            "platform.yaml",
            "steersman.yaml"
        ]
    );
    for folder in ["whole", "parts"] {
        let _ = world
            .steersman(&format!("plan {folder} --detailed-exitcode"))
            .exits(0)
            .says("20 accounts as declared");
        let _ = world
            .steersman(&format!("apply {folder} --auto-approve"))
            .exits(0);
    }
    assert!(
        world
            .read("whole/steersman.yaml")
            .contains("name: unlocker")
    );
    assert!(world.read("parts/platform.yaml").contains("expires: 30d"));

    // It is managed from here on: what is changed by hand is seen.
    tenant.simulator().with_tenant(|tenant| {
        let levels = vec!["ORG_ADMIN".to_owned()];
        tenant.set_levels_out_of_band("hr-import", levels).unwrap();
    });
    let _ = world
        .steersman("plan parts --detailed-exitcode")
        .exits(2)
        .says("ORG_ADMIN");
}

#[test]
fn some_accounts_are_adopted_and_the_others_kept() {
    let (world, _tenant) = applied();
    let adopted = world
        .steersman_words(&[&ADOPT[..], &["--account", "hr-*", "--account", "SA-101"]].concat())
        .exits(0);
    assert_eq!(adopted.stdout.matches("\n    id: ").count(), 6);
    assert!(
        adopted
            .stdout
            .contains("14 accounts not selected with --account")
    );
    world.write("some.yaml", adopted.stdout);
    let _ = world
        .steersman("plan some.yaml --detailed-exitcode")
        .exits(0)
        .says("14 unmanaged");
}

#[test]
fn accounts_of_a_directory_are_adopted_with_their_levels() {
    let mut world = world!();
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    tenant.simulator().with_tenant(|tenant| {
        let levels = vec!["SOURCE_ADMIN".to_owned()];
        tenant.set_levels_out_of_band("svc-backup", levels).unwrap();
    });
    with_tokens(
        &tenant,
        "svc-monitor",
        &[("watch", &["idn:sources:read"], 60)],
    );
    for (more, accounts) in [
        (&[] as &[&str], &["svc-backup", "svc-monitor"] as &[&str]),
        (
            &["--account", "svc-*"],
            &["svc-backup", "svc-deploy", "svc-monitor"],
        ),
    ] {
        let adopted = world
            .steersman_words(&[&["adopt", "Active Directory"], more].concat())
            .exits(0)
            .says("managed: false");
        let declared: Vec<&str> = adopted
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix("    account: "))
            .collect();
        assert_eq!(declared, accounts);
        world.write("directory.yaml", adopted.stdout);
        let _ = world
            .steersman("plan directory.yaml --detailed-exitcode")
            .exits(0);
    }
}

#[test]
fn levels_that_may_not_be_read_are_left_out_and_said() {
    let (world, tenant) = applied();
    tenant.simulator().set_faults(simulator::Faults {
        rules: [
            "getAuthUserV1",
            "listUserLevelIdentities",
            "listUserLevelsV1",
        ]
        .map(|operation| simulator::FaultRule {
            fault: simulator::Fault::Status { status: 403 },
            operations: vec![operation.to_owned()],
            skip: 0,
            count: None,
            probability: None,
        })
        .into(),
        seed: 1,
    });
    let adopted = world.steersman_words(&ADOPT).exits(0);
    assert!(!adopted.stdout.contains("userLevels"), "{}", adopted.stdout);
    assert_eq!(
        adopted
            .stdout
            .matches("# Its user levels could not be read")
            .count(),
        20
    );
    tenant.simulator().set_faults(simulator::Faults::default());
    world.write("adopted.yaml", adopted.stdout);
    let _ = world
        .steersman("plan adopted.yaml --detailed-exitcode")
        .exits(0);
}
