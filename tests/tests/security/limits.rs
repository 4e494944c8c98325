//! Files that cost more than they should, files that are none, and files left out.

use tests::measure::Taken;
use tests::{World, world};

fn guide() -> World {
    let world = world!();
    world.example("guide");
    world
}

/// Every file of 32 MiB is read or refused with less than 200 MB. Half of the limit is
/// enough here: what is beyond the limit of values is not kept, whatever its length.
#[cfg(target_os = "linux")]
#[test]
fn security_low_a_file_of_tiny_values_takes_less_than_200_mb() {
    const LENGTH: usize = 16 << 20;
    let list = |unit: &str| {
        format!(
            "steersman: v1\nserviceAccounts: [{}0]\n",
            unit.repeat(LENGTH / unit.len())
        )
    };
    let keys: Vec<String> = (0..LENGTH / 8).map(|key| format!("{key:x}:\n")).collect();
    let keys = keys.concat();
    for (what, text) in [
        ("numbers", list("0,")),
        ("mappings", list("{a: },")),
        ("keys", format!("steersman: v1\n{keys}")),
    ] {
        let mut world = World::new(env!("CARGO_BIN_EXE_steersman-measured"));
        world.write("x.yaml", text);
        world.set([(
            "MEASURED".to_owned(),
            world.path("taken").display().to_string(),
        )]);
        let run = world.steersman("validate x.yaml").exits(1);
        assert!(run.stderr.contains("SM0104"), "{what}: {}", run.shown());
        let taken = Taken::parse(&world.read("taken")).unwrap();
        assert!(
            taken.memory * 1024 < 200_000_000,
            "{what}: {} KiB",
            taken.memory
        );
    }
}

#[cfg(unix)]
#[test]
fn security_low_a_saved_plan_is_read_from_a_regular_file() {
    let world = guide();
    let made = std::process::Command::new("mkfifo")
        .arg(world.path("pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    for plan in ["pipe", "/dev/zero", "/dev/null", "guide"] {
        let run = world
            .steersman(&format!("apply guide --simulate=s.json --plan {plan}"))
            .exits(1);
        assert!(
            run.stderr.contains(&format!("cannot read {plan}: it is a")),
            "{}",
            run.shown()
        );
    }
    let run = world
        .steersman("apply guide --simulate=s.json --plan none")
        .exits(1);
    assert!(
        run.stderr.contains("cannot read the saved plan none"),
        "{}",
        run.shown()
    );
}

#[test]
fn files_that_ignore_rules_name_are_left_out() {
    let world = guide();
    world.write("guide/.steersmanignore", "drafts/\n");
    world.write("guide/drafts/a.yaml", "steersman: v1\nserviceAccounts: [\n");
    world.write("guide/.gitignore", "*.local.yaml\n");
    world.write("guide/b.local.yaml", "steersman: v2\n");
    let _ = world.steersman("validate guide").exits(0);
    let _ = world.steersman("fmt guide --check").exits(0);
    let _ = world.steersman("plan guide --simulate").exits(0);
    // What is named itself is read.
    let _ = world.steersman("validate guide/b.local.yaml").exits(1);
    let run = world.steersman("validate guide/drafts").exits(1);
    assert!(
        run.stderr.contains("guide/drafts/a.yaml"),
        "{}",
        run.shown()
    );
    // Steersman's own rules go before those of Git.
    world.write("guide/.steersmanignore", "drafts/\n!b.local.yaml\n");
    let run = world.steersman("validate guide").exits(1);
    assert!(run.stderr.contains("guide/b.local.yaml"), "{}", run.shown());
}

#[cfg(unix)]
#[test]
fn security_m7_ignore_rules_follow_no_link() {
    let world = guide();
    world.write("guide/b.yaml", "steersman: v2\n");
    std::os::unix::fs::symlink("/dev/zero", world.path("guide/.gitignore")).unwrap();
    std::os::unix::fs::symlink("../rules", world.path("guide/.steersmanignore")).unwrap();
    world.write("rules", "*\n");
    let run = world.steersman("validate guide").exits(1);
    assert!(run.stderr.contains("guide/b.yaml"), "{}", run.shown());
}
