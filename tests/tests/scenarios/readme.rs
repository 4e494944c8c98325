//! The README's commands, as somebody would paste them from where it says the reader is.

use crate::shell::Shell;
use tests::{World, repository, world};

/// The lines of the first code block after a heading.
fn block(heading: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let after = text.split_once(&format!("## {heading}\n")).unwrap().1;
    let block = after.split("```").nth(1).unwrap();
    block.lines().skip(1).map(str::to_owned).collect()
}

/// A folder with the repository's guide where the repository has it.
fn top() -> World {
    let world = world!();
    let from = repository().join("examples/guide");
    for entry in std::fs::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        world.write(
            &format!("examples/guide/{name}"),
            std::fs::read(&path).unwrap(),
        );
    }
    world
}

#[test]
fn the_tour_is_copy_and_paste() {
    let world = top();
    let mut shell = Shell::new(&world);
    let mut shown = String::new();
    for line in block("A tour") {
        if line.starts_with("T=") {
            shell.set(&line);
            continue;
        }
        let said = shell.run(&line);
        shown.extend(["$ ", &line, "\n", &said, "\n"]);
    }
    insta::assert_snapshot!(world.steersman("--version").redacted(&shown));
    let _ = shell.run("steersman plan examples/guide --simulate=$T --detailed-exitcode");
}

#[test]
fn the_first_commands_with_a_tenant_are_copy_and_paste() {
    let world = world!();
    let shell = Shell::new(&world);
    let lines = block("With a tenant");
    let commands: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("steersman "))
        .collect();
    assert!(commands.len() >= 3, "{lines:?}");
    for command in commands {
        // The simulated tenant takes the place of the variables.
        let line = match command.as_str() {
            init if init.starts_with("steersman init") => init.to_owned(),
            apply if apply.starts_with("steersman apply") => {
                format!("{apply} --simulate --auto-approve")
            }
            other => format!("{other} --simulate"),
        };
        let _ = shell.run(&line);
    }
}

#[test]
fn the_plan_in_the_readme_is_what_the_main_command_prints() {
    let line = block("Try it")
        .into_iter()
        .find(|line| line.starts_with("cargo run -- "))
        .unwrap();
    let words = line.strip_prefix("cargo run -- ").unwrap();
    let world = top();
    let run = world.steersman(words).exits(0);
    let path = repository().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once("```text\n").unwrap();
    let (shown, after) = rest.split_once("```").unwrap();
    if std::env::var_os("STEERSMAN_UPDATE_DOCUMENTS").is_some() {
        std::fs::write(
            &path,
            format!("{before}```text\n{}\n```{after}", run.stdout.trim_end()),
        )
        .unwrap();
        return;
    }
    let date = regex::Regex::new(r"20\d\d-\d\d-\d\d").unwrap();
    assert_eq!(
        date.replace_all(shown.trim(), "DATE"),
        date.replace_all(run.stdout.trim(), "DATE"),
        "STEERSMAN_UPDATE_DOCUMENTS=1 cargo test -p tests writes it anew"
    );
}
