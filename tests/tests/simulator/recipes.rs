//! The recipes of docs/simulator-clients.md whose clients every machine has. `tests/clients/run
//! recipes` runs all.

use std::process::Command;

use tests::world;

use crate::served::Served;

const PAGE: &str = include_str!("../../../docs/simulator-clients.md");

/// The first block of code below a heading.
fn recipe(name: &str) -> &'static str {
    let section = PAGE.split("\n## ").find(|section| {
        let heading = section.lines().next();
        heading == Some(name)
    });
    let block = section.and_then(|section| section.split("```").nth(1));
    let (_, code) = block.and_then(|block| block.split_once('\n')).unwrap();
    code
}

#[test]
fn others_recipes_list_the_sources() {
    let world = world!();
    let served = Served::start(&world, &[]);
    for (name, program) in [("curl", ["sh", "-c"]), ("Python", ["python3", "-c"])] {
        let mut command = Command::new(program[0]);
        command.arg(program[1]).arg(recipe(name));
        let Ok(run) = command.envs(served.variables()).output() else {
            println!("skipped: there is no {}", program[0]);
            continue;
        };
        let said = String::from_utf8_lossy(&run.stdout);
        let complaint = String::from_utf8_lossy(&run.stderr);
        if complaint.contains("curl: not found") {
            println!("skipped: there is no curl");
            continue;
        }
        assert!(said.contains("Active Directory"), "{name}: {complaint}");
    }
}
