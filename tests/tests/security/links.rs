//! Links in a repository above the places that a run writes: nothing is written there.

use crate::stores::run;
use tests::{World, world};

/// The guide with an issuer in its store, and a folder outside of the repository.
fn prepared() -> World {
    let world = world!();
    world.example("guide");
    world.write("tenant/.keep", "");
    let _ = run(&world, "apply --auto-approve").exits(0);
    let _ = world
        .steersman("simulator person register audit01 --state tenant/t.json")
        .exits(0);
    world.write("outside/.keep", "");
    world
}

fn link(world: &World, name: &str) {
    std::os::unix::fs::symlink("outside", world.path(name)).unwrap();
}

#[track_caller]
fn is_untouched(world: &World, what: &str) {
    let there = std::fs::read_dir(world.path("outside")).unwrap().count();
    assert_eq!(there, 1, "{what}");
}

#[test]
fn security_f6_no_secret_is_stored_below_a_link() {
    let world = prepared();
    link(&world, ".steersman");
    for words in ["plan", "apply --auto-approve"] {
        let run = run(&world, words);
        let said = format!("{}{}", run.stdout, run.stderr);
        let said: Vec<&str> = said.split_whitespace().collect();
        let said = said.join(" ");
        assert!(
            said.contains(
                "is below the link `.steersman`, and steersman does not follow links to secrets"
            ),
            "{}",
            run.shown()
        );
        is_untouched(&world, words);
    }
}

#[test]
fn security_f6_no_journal_is_written_or_read_below_a_link() {
    let world = prepared();
    link(&world, "journals");
    for (words, what) in [
        ("plan", "the journal `journals/j.jsonl`"),
        // It is locked before it is read.
        ("apply --auto-approve", "the lock `journals/j.jsonl.lock`"),
    ] {
        let run = run(&world, &format!("{words} --journal journals/j.jsonl")).exits(4);
        let refused = format!("`journals` on the way to {what} is a link");
        assert!(run.stderr.contains(&refused), "{}", run.shown());
        is_untouched(&world, words);
    }
}

#[test]
fn security_f7_no_output_is_written_below_a_link() {
    let world = prepared();
    link(&world, "out");
    let absolute = world.path("out").display().to_string();
    for words in [
        "plan --save out/p.json".to_owned(),
        "plan --out json=out/p.json".to_owned(),
        "plan --out html=./out/p.html".to_owned(),
        format!("plan --out markdown={absolute}/p.md"),
    ] {
        let run = run(&world, &words).exits(1);
        assert!(
            run.stderr
                .contains("out is a link, and steersman does not write through links"),
            "{}",
            run.shown()
        );
        is_untouched(&world, &words);
    }
}
