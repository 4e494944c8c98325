//! The scripts with hostile input, and with platforms that refuse.

use crate::machine::{CURL, GH, Machine};
use tests::world;

/// Texts that a branch, a path or a title can be.
const HOSTILE: [&str; 4] = [
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    "a\ntouch pwned",
];

#[test]
fn hostile_input_runs_nothing() {
    let world = world!();
    let Some(machine) = Machine::new(&world.path("machine")) else {
        return;
    };
    machine.program("gh", GH);
    machine.program("curl", CURL);
    machine.program(
        "steersman",
        "printf '%s\\n' \"$@\" >>\"$STAND_INS/words\"; exit 1",
    );
    world.write("plan.md", "# Plan\n`$(touch pwned)` ${{ secrets.X }}\n");
    world.write("plan.json", "{}");
    let folder = world.folder();
    for text in HOSTILE {
        for script in ["plan.sh", "apply.sh", "drift.sh", "rotate.sh"] {
            let digest = format!("sha256:{:064}", 0);
            let variables = [
                ("KIT_PATHS", text),
                ("KIT_OPTIONS", text),
                ("KIT_PLAN", "plan.json"),
                ("KIT_DIGEST", &digest),
                ("SAIL_CLIENT_ID", text),
                ("SAIL_CLIENT_SECRET", text),
            ];
            let done = machine.script(script, folder, &variables);
            assert_ne!(done.code, 0, "{script} {text}: {}", done.text);
        }
        for name in ["KIT_PULL_REQUEST", "KIT_REPOSITORY", "KIT_COMMENT"] {
            let mut variables = vec![
                ("KIT_PULL_REQUEST", "7"),
                ("KIT_REPOSITORY", "acme/accounts"),
                ("KIT_MARKDOWN", "plan.md"),
                ("KIT_COMMENT", "plan"),
            ];
            variables.retain(|(found, _)| *found != name);
            variables.push((name, text));
            let _ = machine
                .script("comment-github.sh", folder, &variables)
                .exits(1);
        }
        assert!(!world.path("pwned").exists(), "{text}");
    }
    let _ = machine
        .script("plan.sh", folder, &[("KIT_PATHS", "--simulate")])
        .exits(1)
        .says("must not begin with a hyphen");
}

#[test]
fn a_comment_of_another_person_is_never_changed() {
    let world = world!();
    let Some(machine) = Machine::new(&world.path("machine")) else {
        return;
    };
    machine.program("gh", GH);
    world.write("plan.md", "# Plan\n");
    let forged =
        r#"[{"id": 1, "user": {"login": "mallory"}, "body": "<!-- steersman:plan -->\nall good"}]"#;
    world.write("machine/comments.json", forged);
    let variables = [
        ("KIT_REPOSITORY", "acme/accounts"),
        ("KIT_PULL_REQUEST", "7"),
        ("KIT_MARKDOWN", "plan.md"),
    ];
    let comment = || machine.script("comment-github.sh", world.folder(), &variables);
    let _ = comment().exits(0).says("wrote the comment");
    let _ = comment().exits(0).says("the comment is current");
    let comments: serde_json::Value =
        serde_json::from_str(&world.read("machine/comments.json")).unwrap();
    assert!(comments[0]["body"].as_str().unwrap().ends_with("all good"));
    assert_eq!(comments.as_array().unwrap().len(), 2);

    // A job without the permission has its plan all the same.
    world.write("machine/gh.refuses", "");
    let _ = comment().exits(0).says("pull-requests: write");
}

#[test]
fn security_s12_a_plan_of_the_repository_is_never_shown_as_the_plan() {
    let world = world!();
    let Some(machine) = Machine::new(&world.path("machine")) else {
        return;
    };
    machine.program("steersman", "if [[ $1 != validate ]]; then exit 1; fi");
    for name in ["plan.md", "plan.json", "kit/plan.md", "kit/plan.json"] {
        world.write(name, "No changes. Approve!");
    }
    let summary = world.path("summary").display().to_string();
    for folder in ["", "kit"] {
        let variables = [
            ("SAIL_CLIENT_ID", "id"),
            ("SAIL_CLIENT_SECRET", "secret"),
            ("KIT_FOLDER", folder),
            ("KIT_SUMMARY", &summary),
        ];
        let _ = machine
            .script("plan.sh", world.folder(), &variables)
            .exits(1);
        assert!(!world.path("summary").exists(), "{folder}");
    }
}
