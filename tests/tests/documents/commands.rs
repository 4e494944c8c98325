//! docs/commands.md, from what the program says about itself.

use crate::generated::is_current;
use std::fmt::Write as _;
use tests::{World, world};

#[test]
fn the_commands_are_documented() {
    let world = world!();
    let mut text = String::from(INTRODUCTION);
    describe(&world, &mut text, &[]);
    is_current("docs/commands.md", &text);
}

/// A command, then its subcommands.
fn describe(world: &World, text: &mut String, words: &[&str]) {
    let help = world
        .steersman_words(&[words, &["--help"]].concat())
        .exits(0)
        .stdout;
    let name = [&["steersman"], words].concat().join(" ");
    writeln!(
        text,
        "{} {name}\n\n```text\n{}\n```\n",
        "#".repeat(words.len().min(2) + 2),
        help.trim_end()
    )
    .unwrap();
    for command in subcommands(&help) {
        describe(world, text, &[words, &[command]].concat());
    }
}

/// The names in the list of commands of a help text.
fn subcommands(help: &str) -> Vec<&str> {
    let Some((_, list)) = help.split_once("Commands:\n") else {
        return Vec::new();
    };
    list.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect()
}

const INTRODUCTION: &str = "# Commands

What `--help` says, for every command. Exit codes are the same for all: 0 done · 1 error · 2 there are changes · 3 partially applied · 4 refused by a guard · 5 the saved plan is stale or used · 6 not authenticated or not allowed · 7 an account holder must act · 8 the tenant was read only in part · 64 wrong usage · 130 or 143 ended at once by Ctrl-C or SIGTERM.

";
