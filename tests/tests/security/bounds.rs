//! Input that would fill the memory: many problems, many files, endless rules, journals.

use std::fmt::Write as _;
use tests::measure::Taken;
use tests::{Run, World};

/// What bad input may take, in bytes.
const MOST: u64 = 200_000_000;

pub(crate) fn measured() -> World {
    let mut world = World::new(env!("CARGO_BIN_EXE_steersman-measured"));
    let taken = world.path("taken").display().to_string();
    world.set([("MEASURED".to_owned(), taken)]);
    world
}

/// Sees that the last run has taken little.
#[track_caller]
pub(crate) fn took_little(world: &World, run: &Run) {
    let taken = Taken::parse(&world.read("taken")).unwrap();
    let bytes = taken.memory * 1024;
    assert!(bytes < MOST, "{bytes} bytes\n{}", run.shown());
}

fn list(item: &str, number: usize) -> String {
    format!("steersman: v1\nserviceAccounts:\n{}", item.repeat(number))
}

#[cfg(target_os = "linux")]
#[test]
fn security_low_checking_stops_at_a_thousand_errors() {
    for (what, item, number) in [
        ("decoding", "  - {x: 1}\n", 120_000),
        ("lowering", "  - {id: a, name: b}\n", 50_000),
    ] {
        let world = measured();
        for file in 0..4 {
            world.write(&format!("x/{file}.yaml"), list(item, number));
        }
        let run = world.steersman("validate x").exits(1);
        took_little(&world, &run);
        let said = "steersman looks for no more problems after 1,000 errors or too many values:";
        assert!(run.stderr.contains(said), "{what}: {}", run.shown());
        let run = world.steersman("validate x --format json").exits(1);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            report["diagnostics"].as_array().unwrap().len(),
            1_000,
            "{what}"
        );
        assert!(report["unchecked"].as_u64() > Some(50_000), "{what}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn security_low_files_are_limited_together() {
    let world = measured();
    for file in 0..5 {
        // Nothing is wrong with a file by itself until accounts are compared.
        let accounts: String = (0..90_000).fold(String::new(), |mut text, number| {
            let _ = writeln!(text, "  - {{id: a{file}-{number}}}");
            text
        });
        world.write(
            &format!("x/{file}.yaml"),
            format!("steersman: v1\nserviceAccounts:\n{accounts}"),
        );
    }
    let run = world.steersman("validate x").exits(1);
    took_little(&world, &run);
    let said = "error[SM0104]: files have more than 210,000 mappings together";
    assert!(run.stderr.contains(said), "{}", run.shown());
}

#[cfg(target_os = "linux")]
#[test]
fn security_low_a_file_is_formatted_up_to_a_limit() {
    let world = measured();
    for text in [
        list("  - {x: 1}\n", 60_000),
        format!("steersman: v1\n{}", "#\n".repeat(300_000)),
    ] {
        world.write("x.yaml", &text);
        let run = world.steersman("fmt x.yaml").exits(1);
        took_little(&world, &run);
        assert!(
            run.stderr
                .contains("values and lines, limit 200000; nothing was formatted"),
            "{}",
            run.shown()
        );
        assert_eq!(world.read("x.yaml"), text);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn security_low_ignore_rules_are_limited_together() {
    let world = measured();
    world.example("guide");
    for folder in 0..21 {
        let rules = (0..1_000).fold(String::new(), |mut text, number| {
            let _ = writeln!(text, "**/a*b*c{number}*d[e-f]");
            text
        });
        world.write(&format!("guide/{folder}/.gitignore"), rules);
    }
    let run = world.steersman("validate guide").exits(4);
    took_little(&world, &run);
    assert!(
        run.stderr
            .contains("the ignore rules of the spec have more than 20,000 lines"),
        "{}",
        run.shown()
    );
}

#[cfg(target_os = "linux")]
#[test]
fn security_low_a_journal_is_read_up_to_a_limit() {
    let line = |number: usize, padding: &str| {
        format!(
            r#"{{"time":"2020-01-01T00:00:00Z","run":"r","event":"intended","id":"r#{number}","address":"token/SA-001/a{number}","kind":"mint","tenant":"simulated:t.json","owner":"o","token":"a{padding}","deliver":{{"store":"local","key":"k"}},"since":"2020-01-01T00:00:00Z"}}"#
        ) + "\n"
    };
    let many: String = (0..20_100).map(|number| line(number, "")).collect();
    let world = measured();
    world.example("guide");
    for (journal, said) in [
        (many, "has more than 20,000 operations without an end"),
        (
            line(1, &"x".repeat(2 << 20)),
            "has a line of more than 1 MiB",
        ),
        (" \n".repeat(70 << 20), "has more than 128 MiB"),
    ] {
        world.write("j.jsonl", journal);
        for words in ["plan", "apply --auto-approve"] {
            let words = format!("{words} guide --simulate=t.json --journal j.jsonl");
            let run = world.steersman(&words).exits(4);
            took_little(&world, &run);
            assert!(run.stderr.contains(said), "{}", run.shown());
        }
    }
}
