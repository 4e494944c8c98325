//! The README's commands, as somebody would paste them.

use tests::{repository, world};

/// The lines of the first code block after a heading that begin with `prefix`.
fn block(heading: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let after = text.split_once(&format!("## {heading}\n")).unwrap().1;
    let block = after.split("```").nth(1).unwrap();
    block.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn the_tour_is_copy_and_paste() {
    let world = world!();
    world.example("guide");
    let mut state = String::new();
    let mut shown = String::new();
    for line in block("A tour") {
        let line = line.split(" #").next().unwrap().trim();
        if let Some(value) = line.strip_prefix("T=") {
            value.clone_into(&mut state);
            continue;
        }
        let words = line.strip_prefix("steersman ").unwrap();
        let words = words
            .replace("$T", &state)
            .replace("examples/guide", "guide");
        let run = world.steersman(&words).exits(0);
        shown.push_str(&run.shown());
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
    let _ = world
        .steersman(&format!(
            "plan guide --simulate={state} --detailed-exitcode"
        ))
        .exits(0);
}

#[test]
fn the_plan_in_the_readme_is_what_the_main_command_prints() {
    let line = block("Try it")
        .into_iter()
        .find(|line| line.starts_with("cargo run -- "))
        .unwrap();
    let words = line
        .strip_prefix("cargo run -- ")
        .unwrap()
        .replace("examples/guide", "guide");
    let world = world!();
    world.example("guide");
    let run = world.steersman(&words).exits(0);
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
