//! `init --ci` in a repository that exists, and for each system.

use serde_yaml::Value;
use tests::world;

#[test]
fn experience_6_a_pipeline_is_added_to_an_existing_repository() {
    let world = world!();
    let _ = world.steersman("init .").exits(0);
    world.write("accounts/accounts.yaml", "steersman: v1\n");
    let run = world.steersman("init --ci github").exits(0);
    assert!(!run.stderr.contains("accounts/"), "{}", run.shown());
    assert_eq!(world.read("accounts/accounts.yaml"), "steersman: v1\n");
    let apply = ".github/workflows/service-accounts-apply.yml";
    world.write(apply, "mine");

    // What exists is replaced on request only, and named.
    let run = world.steersman("init --ci github").exits(1);
    assert!(run.stderr.contains("--replace"), "{}", run.shown());
    assert_eq!(world.read(apply), "mine");
    let run = world.steersman("init --ci github --replace").exits(0);
    assert!(run.stderr.contains(&format!("replaced {apply}")));
    assert_ne!(world.read(apply), "mine");
}

#[test]
fn a_repository_of_another_shape_names_its_paths() {
    let world = world!();
    world.write("spec/all.yaml", "steersman: v1\n");
    world.write(".gitlab-ci.yml", "stages: [mine]\n");
    let _ = world.steersman("init --ci gitlab --path other").exits(1);
    let _ = world.steersman("init --ci gitlab --path ../spec").exits(64);
    assert!(!world.path(".gitlab").exists());
    let run = world
        .steersman("init --ci gitlab --path spec/all.yaml")
        .exits(0);
    assert!(
        run.stderr
            .contains("kept .gitlab-ci.yml; add to it: include:")
    );
    assert_eq!(world.read(".gitlab-ci.yml"), "stages: [mine]\n");
    let jobs: Value = serde_yaml::from_str(&world.read(".gitlab/ci/service-accounts.yml")).unwrap();
    assert_eq!(
        jobs[".steersman"]["variables"]["KIT_PATHS"],
        "spec/all.yaml\n"
    );
    let _ = world.steersman("init --ci azure").exits(0);
    assert!(
        world
            .read(".azure/service-accounts.yml")
            .contains("KIT_PATHS: |\n                .\n")
    );
}

#[test]
fn pipelines_hold_no_placeholder_of_the_template() {
    for system in ["github", "gitlab", "azure"] {
        let world = world!();
        let _ = world.steersman(&format!("init . --ci {system}")).exits(0);
        let _ = world.steersman("validate").exits(0);
        for (path, text) in world.everything_written() {
            for left in ["PATHS\n", "@COMMIT", "vVERSION", ": VERSION"] {
                let path = path.display();
                assert!(
                    !text.replace("KIT_PATHS", "").contains(left),
                    "{path} has {left:?}"
                );
            }
        }
    }
}

#[test]
fn pull_requests_and_applies_never_cancel_each_other() {
    let world = world!();
    let _ = world.steersman("init --ci github").exits(0);
    let workflow = |name: &str| -> Value {
        let path = format!(".github/workflows/service-accounts-{name}.yml");
        serde_yaml::from_str(&world.read(&path)).unwrap()
    };
    let group = |value: &Value| value["concurrency"]["group"].as_str().unwrap().to_owned();
    let pull_request = group(&workflow("pull-request"));
    let apply = &workflow("apply")["jobs"]["apply"];
    let rotate = &workflow("schedule")["jobs"]["rotate"];
    assert_ne!(pull_request, group(apply));
    assert_eq!(group(apply), group(rotate));
    assert_eq!(apply["concurrency"]["cancel-in-progress"], false);
}
