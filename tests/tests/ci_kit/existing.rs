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
fn a_second_tenant_gets_a_pipeline_of_its_own() {
    for (system, pipeline, shared) in [
        ("github", ".github/workflows/service-accounts", None),
        (
            "gitlab",
            ".gitlab/ci/service-accounts",
            Some(".gitlab-ci.yml"),
        ),
        (
            "azure",
            ".azure/service-accounts",
            Some(".azure/keep-state.yml"),
        ),
    ] {
        let world = world!();
        let _ = world.steersman(&format!("init . --ci {system}")).exits(0);
        if let Some(shared) = shared {
            world.write(shared, "# mine\n");
        }
        let before = world.everything_written();
        let run = world.steersman(&format!("init --ci {system}")).exits(1);
        assert!(run.stderr.contains("--tenant NAME"), "{}", run.shown());
        assert_eq!(world.everything_written(), before);

        let run = world
            .steersman(&format!("init --ci {system} --tenant test"))
            .exits(0);
        let text = run.stdout.replace('\n', " ");
        assert!(
            text.contains("test-read, test-write and test-rotate"),
            "{}",
            run.shown()
        );
        // What was there is as it was.
        let after = world.everything_written();
        for (path, text) in &before {
            assert!(after.contains(&(path.clone(), text.clone())), "{path:?}");
        }
        let added: Vec<_> = after.iter().filter(|file| !before.contains(file)).collect();
        let pipelines = added.iter().filter(|(path, _)| {
            let path = path.display().to_string();
            path.contains(&format!("{pipeline}-test"))
        });
        assert!(pipelines.count() >= 1, "{added:?}");
        assert!(
            world
                .read("tenants/test.yaml")
                .contains("accounts tenants/test.yaml")
        );
        for tenant in ["prod", "test"] {
            let _ = world
                .steersman(&format!("validate accounts tenants/{tenant}.yaml"))
                .exits(0);
        }

        // Once more changes nothing, and a third one is no matter.
        let _ = world
            .steersman(&format!("init --ci {system} --tenant test"))
            .exits(1);
        assert_eq!(world.everything_written(), after);
        let _ = world
            .steersman(&format!("init --ci {system} --tenant test --replace"))
            .exits(0);
        let _ = world
            .steersman(&format!("init --ci {system} --tenant third"))
            .exits(0);
        let _ = world
            .steersman(&format!("init --ci {system} --tenant Bad_Name"))
            .exits(64);

        // The pipeline without a name is that of tenants/prod.yaml: a second one would apply
        // beside it.
        let before = world.everything_written();
        let run = world
            .steersman(&format!("init --ci {system} --tenant prod"))
            .exits(1);
        assert!(
            run.stderr.contains("already has tenants/prod.yaml in"),
            "{}",
            run.shown()
        );
        assert_eq!(world.everything_written(), before);
    }

    let world = world!();
    world.write("spec/all.yaml", "steersman: v1\n");
    let run = world.steersman("init --ci github --tenant test").exits(1);
    assert!(run.stderr.contains("--path"), "{}", run.shown());
    let _ = world
        .steersman("init --ci github --tenant test --path spec")
        .exits(0);
    assert!(!world.path("tenants").exists());
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
