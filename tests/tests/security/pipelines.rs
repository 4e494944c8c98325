//! The pipeline that `init --ci gitlab` writes: nothing of the repository takes part in it
//! as a program.

use crate::bounds::{measured, took_little};
use std::process::{Command, Output};
use tests::{World, world};

/// The commands of a key such as `script:` of a job, as GitLab runs them.
fn script(world: &World, job: &str, key: &str) -> String {
    let file = world.read("repo/.gitlab-ci.yml");
    let lines = file.lines().skip_while(|line| *line != format!("{job}:"));
    let lines = lines.skip_while(|line| line.trim() != format!("{key}:"));
    let mut script = String::new();
    for line in lines.skip(1) {
        let Some(line) = line.strip_prefix("    ") else {
            break;
        };
        match line.strip_prefix("- ") {
            Some(command) => script.extend(["\n", command]),
            None if line.trim_start().starts_with('#') => {}
            None => script.extend([" ", line.trim()]),
        }
    }
    assert!(!script.is_empty(), "{job} has no {key}");
    script
}

/// Runs commands in the repository. Beside the system's programs there is a `cargo` that
/// writes where it is called, and installs a program.
fn run(world: &World, script: &str, variables: &[(&str, &str)]) -> Output {
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", world.path("runner").display());
    Command::new("sh")
        .current_dir(world.path("repo"))
        .env("PATH", path)
        .env("CALLED", world.path("called"))
        .envs(variables.iter().copied())
        .args(["-ec", script])
        .output()
        .unwrap()
}

/// A repository with a program in each of these places, that says so.
#[expect(clippy::print_stdout, reason = "what was skipped")]
fn prepared(committed: &[&str]) -> Option<World> {
    let world = world!();
    let _ = world.steersman("init repo --ci gitlab").exits(0);
    let program = |path: &str, text: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        world.write(path, text);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(world.path(path), mode).unwrap();
    };
    program(
        "runner/cargo",
        "#!/bin/sh\npwd > \"$CALLED\"\nwhile [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\nprintf '#!/bin/sh\\necho built\\n' > \"$2/bin/steersman\"\nchmod +x \"$2/bin/steersman\"\n",
    );
    for path in committed {
        program(&format!("repo/{path}"), "#!/bin/sh\necho committed\n");
    }
    let git = run(&world, "git init --quiet . && git add --force .", &[]);
    if !git.status.success() {
        println!("skipped: Git is not installed");
        return None;
    }
    Some(world)
}

#[test]
fn security_s2_a_pipeline_builds_its_program_from_nothing_of_the_repository() {
    for program in [".steersman-ci/bin/steersman", ".Steersman-CI/bin/steersman"] {
        let Some(world) = prepared(&[program]) else {
            return;
        };
        let output = run(&world, &script(&world, "build", "script"), &[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains("remove .steersman-ci"),
            "{program}: {said}"
        );
    }
    let others = ["bin/steersman", "bin/sha256sum", "steersman", "sha256sum"];
    let Some(world) = prepared(&others) else {
        return;
    };
    let output = run(&world, &script(&world, "build", "script"), &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // What Cargo and rustup read of its folder is not the author's either.
    let called = world.read("called");
    assert!(
        !called
            .trim()
            .starts_with(world.path("repo").to_str().unwrap()),
        "{called}"
    );
    let digest = world.read("repo/steersman.env");
    let (name, value) = digest.trim().split_once('=').unwrap();
    let before = script(&world, ".steersman", "before_script");
    let output = run(&world, &format!("{before}\nsteersman"), &[(name, value)]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(
        said.ends_with("built\n") && !said.contains("committed"),
        "{said}"
    );
}

/// A record is an artefact: whoever can write the CI's files can forge one.
#[test]
fn security_s3_a_forged_record_takes_little() {
    let world = measured();
    world.example("guide");
    let _ = world
        .steersman("apply guide --simulate=t.json --auto-approve --record r.json")
        .exits(0);
    let honest = world.read("r.json");
    let many = vec!["\"\""; 21_000_000].join(",");
    let forged = honest.replacen("\"steps\":", &format!("\"notices\":[{many}],\"steps\":"), 1);
    assert!(forged.len() > 60_000_000, "{}", forged.len());
    world.write("r.json", &forged);
    for words in [
        "show r.json",
        "apply guide --simulate=t.json --auto-approve --record r.json",
    ] {
        let run = world.steersman(words);
        took_little(&world, &run);
        assert!(
            run.code != 0 && run.stderr.contains("more than 2500000 values"),
            "{words}: {}",
            run.shown()
        );
    }
}
