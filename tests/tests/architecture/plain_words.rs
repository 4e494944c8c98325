//! Words that no text for people contains: what the program prints (snapshots),
//! help and explanations (generated documents), schemas, examples, the files that
//! `init` writes, and the documentation.

use crate::repository::{self, TextFile};
use crate::{assert_none, assert_one};
use std::path::Path;

/// Vague words and riddles. A text names the object, the state, the cause and
/// the next action instead.
const NEVER: &[&str] = &[
    "somebody",
    "nobody",
    "whoever",
    "thing",
    "things",
    "tells",
    "told",
    "stands",
    "lies",
    "goes by",
    "so many",
    "such that",
    "besides",
    "anew",
    "in silence",
    "what is there",
    "what became of it",
    "which error an answer is",
    "illegal",
    "see above",
];

/// The words of a text that it must not contain, by line. A phrase may go on in
/// the next line.
fn complaints(TextFile { path, text }: &TextFile) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(plain).collect();
    // The head of a snapshot names tests and expressions.
    let head = has_extension(path, "snap")
        .then(|| text.lines().skip(1).position(|line| line == "---"))
        .flatten();
    let first = head.map_or(0, |end| end + 2);
    (first..lines.len())
        .flat_map(|number| {
            let line = &lines[number];
            let next = lines.get(number + 1).map_or("", String::as_str);
            let both = format!("{line}{}", next.trim_start());
            NEVER
                .iter()
                .map(|words| format!(" {words} "))
                .filter(move |words| {
                    line.contains(words) || (both.contains(words) && !next.contains(words))
                })
                .map(move |words| format!("{path}:{}: says \"{}\"", number + 1, words.trim()))
        })
        .collect()
}

/// The words of a line in lower case, each between blanks.
fn plain(line: &str) -> String {
    let words: String = line
        .to_lowercase()
        .chars()
        .map(|character| match character {
            // Part of a name, such as NOBODY_SET_THIS or `thing-1`.
            'a'..='z' | '0'..='9' | '_' | '-' => character,
            _ => ' ',
        })
        .collect();
    format!(
        " {} ",
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}

/// What people read: everything but code and this workspace's manifests.
fn is_for_people(path: &str) -> bool {
    has_extension(path, "md")
        || has_extension(path, "snap")
        || (path.starts_with("schemas/") && has_extension(path, "json"))
        || path.starts_with("crates/cli/templates/")
        || (path.starts_with("examples/") && has_extension(path, "yaml"))
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|it| it == extension)
}

#[test]
fn no_text_for_people_has_a_vague_word() {
    let files: Vec<TextFile> = repository::files()
        .unwrap()
        .into_iter()
        .filter(|path| is_for_people(path))
        .map(|path| TextFile {
            text: repository::read(&path).unwrap(),
            path,
        })
        .collect();
    for needed in ["README.md", "docs/commands.md", "docs/diagnostics.md"] {
        assert!(files.iter().any(|file| file.path == needed), "{needed}");
    }
    let complaints: Vec<String> = files.iter().flat_map(complaints).collect();
    assert_none(&complaints);
}

#[test]
fn a_vague_word_is_complained_of() {
    for (text, words) in [
        ("It tells the tenant.", "tells"),
        ("Nobody reads\nit", "nobody"),
        ("kept, and (see above)", "see above"),
        ("* so many accounts", "so many"),
        ("ignored in\n  silence, once", "in silence"),
    ] {
        assert_one(&complaints(&file("a.md", text)), &["a.md:1", words]);
    }
    for text in [
        "Nothing, something and anything",
        "NOBODY_SET_THIS",
        "understands",
        "the lie-s",
    ] {
        assert_none(&complaints(&file("a.md", text)));
    }
    let snapshot = "---\nsource: tells.rs\nexpression: told\n---\n";
    assert_none(&complaints(&file("a.snap", snapshot)));
    let snapshot = format!("{snapshot}It tells.");
    assert_one(&complaints(&file("a.snap", &snapshot)), &["a.snap:5"]);
}

fn file(path: &str, text: &str) -> TextFile {
    TextFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
