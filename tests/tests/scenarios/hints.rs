//! The commands that a simulated tenant proposes, run as a shell takes them: they lead from an
//! invited account to one with a working token.

use crate::shell::Shell;
use tests::{World, world};

const STATE: &str = "my tenants/t.json";

/// The commands below "simulated tenant, instead of …", each on one line.
fn hints(shown: &str) -> Vec<String> {
    let (_, below) = shown.split_once("simulated tenant, instead").unwrap();
    let joined = below.replace("\\\n", " ");
    let lines = joined.lines().skip(1).map(str::trim);
    lines
        .take_while(|line| line.starts_with("steersman "))
        .map(str::to_owned)
        .collect()
}

/// The command after `next: run`.
fn next(shown: &str) -> String {
    let (_, after) = shown.split_once("next: run").unwrap();
    after.split('`').nth(1).unwrap().to_owned()
}

/// The guide in a folder of its own, and what apply shows of it.
fn applied(columns: &str) -> (World, String) {
    let mut world = world!();
    world.set([("COLUMNS".to_owned(), columns.to_owned())]);
    world.example("guide");
    let simulate = format!("--simulate={STATE}");
    let run = world
        .steersman_words(&["apply", "guide", &simulate, "--auto-approve"])
        .exits(0);
    (world, run.stdout)
}

#[test]
fn the_proposed_commands_lead_to_a_working_token() {
    for columns in ["60", "100"] {
        let (world, shown) = applied(columns);
        let hints = hints(&shown);
        assert_eq!(hints.len(), 2, "{shown}");
        let shell = Shell::new(&world);
        for hint in hints {
            let _ = shell.run(&hint);
        }
        let _ = shell.run(&format!("{} --auto-approve", next(&shown)));
        let status = shell.run(&format!("steersman status guide --simulate='{STATE}'"));
        assert!(status.contains("ready"), "{status}");
        let list = format!("steersman token list guide --check --simulate='{STATE}'");
        let list = shell.run(&list);
        assert!(list.contains("signs in"), "{list}");
    }
}

#[test]
fn an_account_that_is_registered_needs_one_command() {
    let (world, shown) = applied("100");
    let shell = Shell::new(&world);
    let _ = shell.run(&hints(&shown)[0]);
    let status = shell.run(&format!("steersman status guide --simulate='{STATE}'"));
    let rest = hints(&status);
    assert_eq!(rest.len(), 1, "{status}");
    assert_eq!(rest, hints(&shown)[1..]);
}
