//! Rules for every help text: one short line, an example first.

use crate::command::Arguments;
use clap::{Command, CommandFactory};

/// The most characters of a line in a list of commands or options.
const MOST_CHARACTERS: usize = 70;

/// A help text, and where it is.
struct Text {
    place: String,
    /// The line in a list of commands or options.
    line: Option<String>,
    /// All of the long help, where it says more than the line.
    long: Option<String>,
}

/// All texts of a command, its arguments and its subcommands.
fn texts(command: &Command, parents: &str) -> Vec<Text> {
    let place = format!("{parents} {}", command.get_name())
        .trim()
        .to_owned();
    let own = Text {
        place: place.clone(),
        line: command.get_about().map(ToString::to_string),
        long: command.get_long_about().map(ToString::to_string),
    };
    let after = command.get_after_help().map(|text| Text {
        place: format!("{place}, at the end"),
        line: None,
        long: Some(text.to_string()),
    });
    let mut all = vec![own];
    all.extend(after);
    for argument in command.get_arguments() {
        let place = format!("{place} {}", argument.get_id());
        for value in argument.get_possible_values() {
            all.extend(value.get_help().map(|help| Text {
                place: format!("{place}={}", value.get_name()),
                line: Some(help.to_string()),
                long: None,
            }));
        }
        all.push(Text {
            place,
            line: argument.get_help().map(ToString::to_string),
            long: argument.get_long_help().map(ToString::to_string),
        });
    }
    for subcommand in command.get_subcommands() {
        all.extend(texts(subcommand, &place));
    }
    all
}

/// Each rule that a text breaks.
fn complaints(Text { place, line, long }: &Text) -> Vec<String> {
    let mut broken = Vec::new();
    if let Some(line) = line {
        let characters = line.chars().count();
        if characters > MOST_CHARACTERS || line.contains('\n') {
            broken.push(format!(
                "{characters} characters, and not one line of {MOST_CHARACTERS}"
            ));
        }
        if line.ends_with('.') {
            broken.push("ends with a period".to_owned());
        }
        if !line.starts_with(|first: char| first.is_uppercase()) {
            broken.push("does not begin with a capital letter".to_owned());
        }
        if let Some(long) = long
            && !long.starts_with(&format!("{line}\n\nExample: `"))
        {
            broken.push("the long help does not open with an example".to_owned());
        }
    } else if long.is_none() {
        broken.push("has no help".to_owned());
    }
    broken
        .into_iter()
        .map(|what| format!("{place}: {what}"))
        .collect()
}

#[test]
fn every_help_text_follows_the_rules() {
    let texts = texts(&Arguments::command(), "");
    assert!(texts.len() > 100, "only {} texts were found", texts.len());
    let complaints: Vec<String> = texts.iter().flat_map(complaints).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn broken_rules_are_complained_of() {
    let long = "x".repeat(MOST_CHARACTERS + 1);
    for (line, long, what) in [
        (None, None, "no help"),
        (Some(format!("X{long}").as_str()), None, "characters"),
        (Some("Print a plan."), None, "period"),
        (Some("print a plan"), None, "capital"),
        (
            Some("Print a plan"),
            Some("Print a plan\n\nIt is long."),
            "example",
        ),
    ] {
        let text = Text {
            place: "x".to_owned(),
            line: line.map(str::to_owned),
            long: long.map(str::to_owned),
        };
        let found = complaints(&text);
        assert!(
            found.iter().any(|complaint| complaint.contains(what)),
            "{what}: {found:?}"
        );
    }
    let good = Text {
        place: "x".to_owned(),
        line: Some("Do something, or anything".to_owned()),
        long: None,
    };
    assert!(complaints(&good).is_empty());
}
