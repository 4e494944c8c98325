//! Places that others prepared: links, folders that everyone can write, a split index.

use crate::stores::run;
use tests::{World, world};

fn guide() -> World {
    let world = world!();
    world.example("guide");
    world.write("tenant/.keep", "");
    world
}

/// Applies the guide up to the delivery of the issuer, whose place is refused.
#[cfg(unix)]
#[track_caller]
fn refused(world: &World, said: &str) {
    let _ = run(world, "apply --auto-approve");
    let _ = world
        .steersman("simulator person register audit01 --state tenant/t.json")
        .exits(0);
    let run = run(world, "plan");
    assert!(
        run.stderr.contains(said) || run.stdout.contains(said),
        "{}",
        run.shown()
    );
    let enroll = world.steersman("simulator person mint audit01 --to issuer --state tenant/t.json");
    let _ = enroll.exits(0);
}

#[cfg(unix)]
#[test]
fn security_low_a_store_that_everyone_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let world = guide();
    let store = world.path(".steersman/secrets");
    std::fs::create_dir_all(&store).unwrap();
    std::fs::set_permissions(&store, std::fs::Permissions::from_mode(0o777)).unwrap();
    refused(&world, "can be written by every user of this machine");
    assert_eq!(
        std::fs::read_dir(&store).unwrap().count(),
        0,
        "nothing is stored there"
    );
}

#[cfg(unix)]
#[test]
fn security_low_a_store_that_is_a_link_is_refused() {
    let world = guide();
    world.write("elsewhere/.keep", "");
    // Leftovers of killed runs are removed from stores, and from nowhere else.
    world.write("elsewhere/.steersman-aB3xYz.tmp", "");
    world.write(".steersman/.keep", "");
    std::os::unix::fs::symlink("../elsewhere", world.path(".steersman/secrets")).unwrap();
    refused(
        &world,
        "is a link, and steersman does not follow links to secrets",
    );
    let there = std::fs::read_dir(world.path("elsewhere")).unwrap().count();
    assert_eq!(there, 2, "nothing is stored there, and nothing removed");
}

#[cfg(unix)]
#[test]
fn security_low_init_writes_through_no_link() {
    for (link, to, said) in [
        ("r/.gitignore", "../kept", "r/.gitignore is a link"),
        ("r/accounts", "../kept-folder", "r/accounts is a link"),
        ("r/.github", "/nowhere", "r/.github is a link"),
        (
            "r/accounts/accounts.yaml",
            "/nowhere",
            "already contains accounts/accounts.yaml",
        ),
    ] {
        let world = world!();
        world.write("kept", "mine");
        world.write("kept-folder/.keep", "");
        let path = world.path(link);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, &path).unwrap();
        let run = world.steersman("init r --ci github").exits(1);
        assert!(run.stderr.contains(said), "{}", run.shown());
        assert!(
            run.stderr.contains("nothing was written"),
            "{}",
            run.shown()
        );
        assert_eq!(world.read("kept"), "mine", "{link}");
        let there = std::fs::read_dir(world.path("kept-folder")).unwrap();
        assert_eq!(there.count(), 1, "{link}");
        assert!(!world.path("r/tenants").exists(), "{link}");
    }
}

/// With the real Git, where it is installed.
#[test]
fn security_m1_a_journal_in_a_split_index_is_refused() {
    let world = guide();
    let git = |words: &str| {
        std::process::Command::new("git")
            .current_dir(world.folder())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .args(words.split_whitespace())
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if !git("init --quiet .") {
        println!("skipped: Git is not installed");
        return;
    }
    let _ = run(&world, "apply --auto-approve").exits(0);
    world.write("tenant/t.journal.jsonl", "");
    for words in [
        "add guide",
        "add --force tenant/t.journal.jsonl",
        "update-index --split-index",
        "add tenant/.keep",
    ] {
        assert!(git(words), "{words}");
    }
    let listed = std::fs::read_dir(world.path(".git")).unwrap();
    let split = listed.filter_map(Result::ok).any(|file| {
        file.file_name()
            .to_string_lossy()
            .starts_with("sharedindex.")
    });
    assert!(split, "the index is split");
    let refused = run(&world, "plan").exits(1);
    assert!(
        refused.stderr.contains("Git tracks the journal"),
        "{}",
        refused.shown()
    );
    assert!(git("rm --quiet --cached tenant/t.journal.jsonl"));
    let _ = run(&world, "plan").exits(0);
    // Without its base, the index says nothing.
    for file in std::fs::read_dir(world.path(".git"))
        .unwrap()
        .filter_map(Result::ok)
    {
        if file
            .file_name()
            .to_string_lossy()
            .starts_with("sharedindex.")
        {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    let refused = run(&world, "plan").exits(4);
    assert!(
        refused
            .stderr
            .contains("so it is not known whether Git tracks the journal"),
        "{}",
        refused.shown()
    );
}

/// Unicode's own properties, and not a list of ours.
#[test]
fn security_low_everything_that_unicode_calls_invisible_is_hidden() {
    let invisible = regex::Regex::new(
        r"^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}--[\u{fffff}-\u{10ffff}]]$",
    )
    .unwrap();
    let mut number = 0;
    for character in '\0'..=char::MAX {
        if invisible.is_match(character.encode_utf8(&mut [0; 4])) {
            number += 1;
            let hidden = model::is_hidden(character);
            assert!(hidden, "{:x}", u32::from(character));
        }
    }
    assert!(number > 4_000, "{number}");
    // These have no ink, and no property that says so.
    for blank in ['\u{2800}', '\u{16fe4}', '\u{1d159}'] {
        assert!(model::is_hidden(blank), "{:x}", u32::from(blank));
    }
}
