//! A policy that an ignore rule leaves out: it is named, and a rule of one machine is refused.

use serde_json::Value;
use tests::{Run, World, world};

const POLICY: &str = "steersman: v1\npolicy:\n  forbidUserLevels: [REPORT_ADMIN]\n";

/// The guide with a policy that forbids what the guide declares, and a rule somewhere.
fn with_rule(at: &str, rule: &str) -> World {
    let world = world!();
    world.example("guide");
    world.write("guide/policy.yaml", POLICY);
    says(&world.steersman("validate guide").exits(1), &["SM0701"]);
    world.write("guide/.git/HEAD", "ref: refs/heads/main\n");
    world.write(at, format!("# what is left out\n{rule}\n"));
    world
}

/// Sees that a run says these, on any of its outputs, however lines are broken.
#[track_caller]
fn says(run: &Run, texts: &[&str]) {
    let said = format!("{} {}", run.stdout, run.stderr);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in texts {
        assert!(said.contains(text), "no {text:?} in\n{}", run.shown());
    }
}

#[test]
fn a_policy_that_an_ignore_rule_leaves_out_is_named_by_every_command_that_loads_the_spec() {
    for (at, rule) in [
        ("guide/.gitignore", "policy.yaml"),
        ("guide/.steersmanignore", "/policy.*"),
    ] {
        let world = with_rule(at, rule);
        let file = at.rsplit('/').next().unwrap();
        let place = format!("{file}:2");
        let run = world.steersman("validate guide").exits(0);
        let told = ["warning[SM0108]", "guide/policy.yaml", &place, "1 warning"];
        says(&run, &told);
        for command in ["plan", "status", "apply --auto-approve"] {
            let run = world.steersman(&format!("{command} guide --simulate"));
            assert!([0, 2].contains(&run.code), "{}", run.shown());
            says(&run, &["warning[SM0108]", "guide/policy.yaml", &place]);
        }
        let denied = world.steersman("validate guide --deny warnings").exits(1);
        says(&denied, &["SM0108"]);
        let allowed = world.steersman("validate guide --allow SM0108").exits(0);
        assert_eq!(allowed.stderr, "");
        let json = world.steersman("validate guide --format json").exits(0);
        let document: Value = serde_json::from_str(&json.stdout).unwrap();
        let label = &document["diagnostics"][0]["labels"][0];
        assert_eq!(label["file"], "guide/policy.yaml");
        assert_eq!(label["line"], 2);
    }
}

#[test]
fn a_folder_that_is_left_out_is_looked_into() {
    let world = with_rule("guide/.gitignore", "limits/");
    world.write("guide/limits/policy.yaml", POLICY);
    std::fs::remove_file(world.path("guide/policy.yaml")).unwrap();
    let run = world.steersman("validate guide").exits(0);
    says(&run, &["SM0108", "guide/limits/policy.yaml"]);
}

/// No commit has such a rule, so that the same commit would be another spec elsewhere.
#[test]
fn a_policy_that_a_rule_of_this_machine_alone_leaves_out_is_refused() {
    let world = with_rule("guide/.git/info/exclude", "policy.yaml");
    for command in [
        "validate",
        "plan --simulate",
        "apply --auto-approve --simulate",
    ] {
        let run = world.steersman(&format!("{command} guide")).exits(4);
        let told = [
            "guide/policy.yaml has a `policy`",
            ".git/info/exclude:2",
            ".steersmanignore",
        ];
        says(&run, &told);
    }
    // Where it is meant, it is written down for everybody.
    world.write("guide/.steersmanignore", "policy.yaml\n");
    says(&world.steersman("validate guide").exits(0), &["SM0108"]);
}

#[test]
fn other_spec_files_that_are_left_out_are_counted() {
    let world = world!();
    world.example("guide");
    world.write("guide/copy.yaml", "steersman: v1\nserviceAccounts: []\n");
    world.write("guide/chart.yaml", "replicas: 2\n");
    world.write("guide/.gitignore", "copy.yaml\nchart.yaml\n");
    let run = world.steersman("validate guide").exits(0);
    says(&run, &["; 1 spec file left out by ignore rules"]);
    // One that is named itself is read.
    let named = world.steersman("validate guide guide/copy.yaml").exits(0);
    assert!(!named.shown().contains("left out"), "{}", named.shown());
}

/// Files without the key `steersman` beside the guide: those that may be meant for the spec
/// are told once, others not.
#[test]
fn yaml_that_may_be_meant_for_the_spec_is_told_by_validate_and_plan() {
    let world = world!();
    world.example("guide");
    for (path, text) in [
        ("guide/.github/workflows/ci.yml", "on: push\njobs: {}\n"),
        ("guide/.pre-commit-config.yaml", "repos: []\n"),
        ("guide/compose.yaml", "services: {}\n"),
        ("guide/mkdocs.yml", "site_name: guide\n"),
        ("guide/chart/values.yaml", "replicas: 1\n"),
        (
            "guide/chart/templates/a.yaml",
            "apiVersion: v1\nkind: Pod\n",
        ),
        ("guide/test.vars.yaml", "OWNER: jane.doe\n"),
    ] {
        world.write(path, text);
    }
    let quiet = world.steersman("validate guide").exits(0);
    assert_eq!(quiet.stderr, "");
    world.write(
        "guide/k8s.yaml",
        "# an account\napiVersion: steersman/v1\nkind: ServiceAccount\nspec: {}\n",
    );
    world.write("guide/team/stores.yaml", "stores: {a: {directory: a}}\n");
    let told = [
        "note: 2 YAML files are not read, because they have no top-level key `steersman`",
        "guide/k8s.yaml:2: has the Kubernetes keys `apiVersion` and `kind`",
        "guide/team/stores.yaml:1: has keys of a spec file",
        "steersman: v1",
        ".steersmanignore",
    ];
    for command in ["validate guide", "plan guide --simulate"] {
        let run = world.steersman(command).exits(0);
        says(&run, &told);
        assert_eq!(run.stderr.matches("note: 2 YAML").count(), 1);
    }
    let status = world.steersman("status guide --simulate").exits(0);
    assert!(!status.stderr.contains("k8s.yaml"), "{}", status.shown());
    let _ = world.steersman("validate guide --deny warnings").exits(0);
    for command in [
        "validate guide --format json",
        "plan guide --simulate --format json",
    ] {
        let run = world.steersman(command).exits(0);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        let found = &document["notRead"];
        assert_eq!(found[0]["file"], "guide/k8s.yaml", "{command}");
        assert_eq!(found[0]["line"], 2);
        assert_eq!(found[0]["reason"], "kubernetes");
        assert_eq!(found[1]["reason"], "specKeys");
    }
    world.write("guide/.steersmanignore", "k8s.yaml\nteam/\n");
    let ignored = world.steersman("validate guide").exits(0);
    assert_eq!(ignored.stderr, "");
}
