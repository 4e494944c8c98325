//! A folder of readable secrets in a Git repository that has no rule for it.

use tests::{SimulatedTenant, world};

const RULES: &str = ".steersman/secrets/.gitignore";

#[test]
fn secrets_that_git_would_commit_are_told_and_ignored_before_the_first_is_written() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let _ = world.steersman("validate guide").exits(0);
    world.write(".git/HEAD", "ref: refs/heads/main\n");
    let run = world.steersman("validate guide").exits(0);
    let told =
        "the store local keeps readable secrets in .steersman/secrets, which the Git repository";
    assert!(run.stderr.contains(told), "{}", run.shown());
    assert!(
        run.stderr
            .contains("add /.steersman/secrets/ to .gitignore"),
        "{}",
        run.shown()
    );
    let run = world.steersman("store check guide");
    assert!(run.stderr.contains(told), "{}", run.shown());
    // A plan writes nothing.
    let _ = world.steersman("plan guide").exits(0);
    assert!(!world.path(RULES).exists());

    // Rules of a person that let secrets pass are not replaced, and nothing is changed.
    world.write(RULES, "!*\n");
    let run = world.steersman("apply guide --auto-approve").exits(1);
    assert!(run.stderr.contains("let secrets pass"), "{}", run.shown());
    assert_eq!(tenant.writes(), Vec::<String>::new());
    std::fs::remove_file(world.path(RULES)).unwrap();

    let run = world.steersman("apply guide --auto-approve").exits(0);
    assert!(
        run.stderr
            .contains("note: wrote .steersman/secrets/.gitignore"),
        "{}",
        run.shown()
    );
    assert!(world.read(RULES).contains("\n*\n"));
    let run = world.steersman("validate guide").exits(0);
    assert!(
        !run.stderr.contains("keeps readable secrets"),
        "{}",
        run.shown()
    );
}

#[test]
fn rules_of_the_repository_count_however_they_are_written() {
    for rules in [
        "/.steersman/\n",
        ".steersman\n",
        ".steersman/secrets/*\n",
        "*\n!guide\n",
    ] {
        let world = world!();
        world.example("guide");
        world.write(".git/HEAD", "ref: refs/heads/main\n");
        world.write(".gitignore", rules);
        let run = world.steersman("validate guide/steersman.yaml").exits(0);
        assert!(
            !run.stderr.contains("keeps readable secrets"),
            "{rules}: {}",
            run.shown()
        );
    }
    let world = world!();
    world.example("guide");
    world.write(".git/HEAD", "ref: refs/heads/main\n");
    world.write(".gitignore", "/secrets/\n*.key\n");
    let run = world.steersman("validate guide").exits(0);
    assert!(
        run.stderr.contains("keeps readable secrets"),
        "{}",
        run.shown()
    );
}
