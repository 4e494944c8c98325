//! The commands of docs/tutorial.md and docs/remove-account.md, as a person pastes them.

use std::io::Write as _;
use std::process::Stdio;
use tests::{Run, World, repository, world};

/// Runs a line of the shell: a command, or one that gets the token of another.
fn run(world: &World, line: &str) -> Run {
    let commands: Vec<&str> = line.split(" | ").collect();
    match commands.as_slice() {
        [command] => world.steersman(command.strip_prefix("steersman ").unwrap()),
        [mint, enroll] => {
            let minted = world
                .steersman(mint.strip_prefix("steersman ").unwrap())
                .exits(0);
            let words: Vec<&str> = enroll.split_whitespace().skip(1).collect();
            let mut child = world
                .command()
                .args(&words)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut input = child.stdin.take().unwrap();
            input.write_all(minted.stdout.as_bytes()).unwrap();
            drop(input);
            let output = child.wait_with_output().unwrap();
            world.ended(&words, &output)
        }
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn the_tutorial_leads_from_an_empty_folder_to_a_rotated_token() {
    let world = world!();
    let text = std::fs::read_to_string(repository().join("docs/tutorial.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    let lines: Vec<&str> = blocks
        .flat_map(|block| block.split("```").next().unwrap().lines())
        .collect();
    let state = lines[0].strip_prefix("T=").unwrap();
    let mut last = String::new();
    for line in &lines[1..] {
        let run = run(&world, &line.replace("$T", state)).exits(0);
        last = run.shown();
    }
    assert_eq!(lines.len(), 12);
    assert!(
        last.contains("retiring") && last.contains("monthly-report"),
        "{last}"
    );
}

/// What a page tells people to do to files, and to run.
fn follow(world: &World, line: &str) -> String {
    if let Some(path) = line.strip_prefix("rm ") {
        std::fs::remove_file(world.path(path)).unwrap();
    } else if let Some(rest) = line.strip_prefix("sed -i 's/") {
        let (old, rest) = rest.split_once('/').unwrap();
        let (new, path) = rest.split_once("/' ").unwrap();
        world.replace(path, old, new);
    } else {
        return run(world, line).exits(0).shown();
    }
    String::new()
}

#[test]
fn the_page_about_removal_takes_an_account_away_step_by_step() {
    let world = world!();
    let text = std::fs::read_to_string(repository().join("docs/remove-account.md")).unwrap();
    let mut shown = String::new();
    let mut kinds = [0, 0, 0];
    for block in text.split("\n```").skip(1).step_by(2) {
        let (kind, content) = block.split_once('\n').unwrap();
        match kind {
            "yaml" => {
                let path = content.lines().next().unwrap().strip_prefix("# ").unwrap();
                world.write(path, format!("{content}\n"));
                kinds[0] += 1;
            }
            "sh" => {
                for line in content.lines() {
                    shown = follow(&world, line);
                    kinds[1] += 1;
                }
            }
            "text" => {
                assert!(shown.contains(content), "{content}\n{shown}");
                kinds[2] += 1;
            }
            other => unreachable!("{other}"),
        }
    }
    assert_eq!(kinds, [4, 14, 5]);
    // A row that is there would be shown as unmanaged.
    let _ = world
        .steersman("plan accounts --simulate=t.json")
        .exits(0)
        .says_not("export01");
    let left: Vec<_> = world
        .everything_written()
        .into_iter()
        .filter(|(path, _)| path.starts_with(world.path(".steersman/secrets")))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_file_of_the_page_for_people_who_work_by_hand_is_valid() {
    let world = world!();
    let text = std::fs::read_to_string(repository().join("docs/by-hand.md")).unwrap();
    let file = text.split("```yaml\n").nth(1).unwrap();
    world.write("a.yaml", file.split("```").next().unwrap());
    let _ = world.steersman("validate a.yaml --deny warnings").exits(0);
}
