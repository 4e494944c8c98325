//! Files that are as large as the limits of a spec allow, and wrong.

use crate::bounds::{measured, took_little};
use std::fmt::Write as _;

/// All files of a spec have at most this together.
const MOST: usize = 32 << 20;

/// The text with comments up to a length.
fn padded(mut text: String, length: usize) -> String {
    let line = format!("#{}\n", "x".repeat(98));
    let room = length.saturating_sub(text.len() + 1_000);
    text.push_str(&line.repeat(room / line.len()));
    text
}

/// A file of so many accounts, each with what follows its ID.
fn accounts(file: usize, number: usize, rest: &str) -> String {
    let head = "steersman: v1\nserviceAccounts:\n".to_owned();
    (0..number).fold(head, |mut text, account| {
        let _ = writeln!(text, "- {{id: a{file}-{account}{rest}}}");
        text
    })
}

/// Two files of almost as many accounts, texts and bytes as a spec can have take less than
/// 200 MB: what is wrong in one account is found before any is checked with the others.
#[test]
fn security_low_files_within_all_limits_take_less_than_200_mb() {
    let long = format!(", purpose: {}", "x".repeat(120));
    for (what, rest) in [
        ("many texts", ", userLevels: [a, b, c]"),
        ("long texts", long.as_str()),
    ] {
        let world = measured();
        for file in 0..2 {
            let text = accounts(file, 104_000, rest) + "- {x: 1}\n";
            world.write(&format!("x/{file}.yaml"), padded(text, MOST / 2));
        }
        let run = world.steersman("validate x").exits(1);
        took_little(&world, &run);
        let said = "steersman looks for no more problems";
        assert!(run.stderr.contains(said), "{what}: {}", run.shown());
        assert!(run.stderr.contains("unknown key `x`"), "{}", run.shown());
    }
}

/// Values that are no accounts, or all of one account, are a tree in the memory, so there
/// may be fewer of them.
#[test]
fn security_low_values_beside_accounts_are_limited() {
    let sources: String = (0..60_000).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "- {{name: s{number}, owner: o, description: d}}");
        text
    });
    let levels = "a,".repeat(300_000);
    for text in [
        format!("steersman: v1\nsources:\n{sources}"),
        format!("steersman: v1\nserviceAccounts:\n- {{id: a, userLevels: [{levels}a]}}\n"),
    ] {
        let world = measured();
        world.write("x/1.yaml", padded(text.clone(), MOST / 2));
        world.write("x/2.yaml", padded(text, MOST / 2));
        let run = world.steersman("validate x").exits(1);
        took_little(&world, &run);
        let said = "error[SM0104]: file has more than 250,000 values in one service account or beside them";
        assert!(run.stderr.contains(said), "{}", run.shown());
    }
}

/// A column of a table counts its width in 16 bits.
#[test]
fn security_low_a_text_wider_than_a_table_ends_no_run() {
    let world = measured();
    world.example("guide");
    let wide = "wide ".repeat(20_000) + &"x".repeat(70_000);
    let text = world.read("guide/steersman.yaml");
    let text = text.replace("Automate monthly audit report", &wide);
    assert!(text.len() > 100_000);
    world.write("guide/steersman.yaml", text);
    // Several accounts are rows of a table.
    let second = "serviceAccounts: [{id: SA-002, name: audit02, email: a@example.com, purpose: p}]";
    world.write("guide/second.yaml", format!("steersman: v1\n{second}\n"));
    let run = world.steersman("plan guide --simulate --full");
    assert_ne!(run.code, 101, "{}", run.shown());
    assert!(run.stdout.contains("(JSON has "), "{}", run.shown());
}
