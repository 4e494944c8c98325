//! Pipelines that `init` writes: what they show as the plan is the plan.

use std::process::{Command, Output};
use tests::{World, world};

/// Runs commands of a pipeline in the repository, in which `steersman` fails and writes
/// nothing.
fn run(world: &World, script: &str) -> Output {
    use std::os::unix::fs::PermissionsExt as _;
    world.write("runner/steersman", "#!/bin/sh\nexit 1\n");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.path("runner/steersman"), mode).unwrap();
    std::fs::create_dir_all(world.path("temp")).unwrap();
    let path = std::env::var("PATH").unwrap();
    Command::new("bash")
        .current_dir(world.path("repo"))
        .env("PATH", format!("{}:{path}", world.path("runner").display()))
        .env("RUNNER_TEMP", world.path("temp"))
        .env("GITHUB_STEP_SUMMARY", world.path("summary"))
        .env("GITHUB_OUTPUT", world.path("output"))
        .env("GITHUB_EVENT_NAME", "push")
        .env("CI_PIPELINE_SOURCE", "push")
        .args(["-ec", script])
        .output()
        .unwrap()
}

/// The lines below one that is indented by this many spaces.
fn below<'f>(file: &'f str, line: &str, indent: usize) -> Vec<&'f str> {
    let lines = file.lines().skip_while(|one| one.trim() != line).skip(1);
    let spaces = " ".repeat(indent);
    lines
        .map_while(|one| one.strip_prefix(spaces.as_str()))
        .collect()
}

#[test]
fn security_s12_a_plan_of_the_repository_is_never_shown_as_the_plan() {
    for (service, file) in [
        ("github", ".github/workflows/service-accounts.yml"),
        ("gitlab", ".gitlab-ci.yml"),
    ] {
        let world = world!();
        let _ = world
            .steersman(&format!("init repo --ci {service}"))
            .exits(0);
        for name in ["plan.md", "plan.json", "plan.env"] {
            world.write(&format!("repo/{name}"), "No changes. Approve!");
        }
        let file = world.read(&format!("repo/{file}"));
        let script = if service == "github" {
            let (_, step) = file.split_once("- id: plan\n").unwrap();
            below(step, "run: |", 10).join("\n")
        } else {
            let (_, job) = file.split_once("\nplan:\n").unwrap();
            let lines = below(job, "script:", 4).into_iter();
            let commands = lines.filter(|line| !line.starts_with('#'));
            commands.fold(String::new(), |script, line| {
                match line.strip_prefix("- ") {
                    Some(command) => format!("{script}\n{command}"),
                    None => format!("{script} {}", line.trim()),
                }
            })
        };
        let output = run(&world, &script);
        assert_eq!(output.status.code(), Some(1), "{service}: {output:?}");
        if service == "github" {
            assert!(!world.path("summary").exists(), "{service}");
            assert!(!world.path("output").exists(), "{service}");
        } else {
            for name in ["plan.md", "plan.json", "plan.env"] {
                assert!(!world.path(&format!("repo/{name}")).exists(), "{name}");
            }
        }
    }
}
