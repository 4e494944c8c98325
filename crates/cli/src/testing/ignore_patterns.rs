//! Patterns of ignore rules: what Git takes, by Git itself.

use super::Rule;
use std::io::Write as _;
use std::process::{Command, Stdio};

const PATTERNS: [&str; 62] = [
    "a",
    "a/",
    "/a",
    "a/b",
    "/a/b",
    "*.yaml",
    "!a",
    "a*b?",
    "*a*b*",
    "**",
    "**/a",
    "a/**",
    "a/**/b",
    "/**/b",
    "**/a/**",
    "a**b",
    "***",
    "[ab]",
    "[!ab]",
    "[^ab]",
    "[a-c]x",
    "[]a]",
    "[a",
    "[a-",
    "a[",
    "\\a",
    "\\",
    "a\\",
    "\\#a",
    "#a",
    "\\!a",
    "a ",
    "a\\ ",
    "a  ",
    " a",
    "",
    " ",
    "/",
    "//",
    "!",
    "!/",
    "a//b",
    "[[:alpha:]]",
    "[[:digit:]x]",
    "[[:no:]]",
    "x[a/b]y",
    "x[!a]y",
    "a?b",
    "?",
    "??",
    "*",
    "/*",
    "*/",
    "*/b",
    "a/*",
    "a/*/b",
    "{a,b}",
    "\\*",
    "[\\]]",
    "[a\\-c]",
    "é",
    "[é]",
];

const NAMES: [&str; 24] = [
    "a", "b", "ab", "abc", "axb", "aab", "x", "a.yaml", "#a", "!a", "a ", " a", "]", "c", "cx",
    "1", "xay", "xby", "é", "*", "{a,b}", "-", "aabb", "a-b",
];

/// Git's answers for paths in a folder with one rule, a path that is a folder ending
/// with a slash; none without Git.
fn by_git(folder: &std::path::Path, pattern: &str, paths: &[String]) -> Option<Vec<bool>> {
    fs_err::write(folder.join(".gitignore"), format!("{pattern}\n")).unwrap();
    let mut git = Command::new("git")
        .args(["check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = git.stdin.take()?;
    // Git looks for itself whether a name is a folder. With the slash it would match
    // `a/**` with `a/`, which its walk of the folders does not.
    let text: Vec<String> = paths
        .iter()
        .map(|path| format!("{}\0", path.trim_end_matches('/')))
        .collect();
    let writer = std::thread::spawn(move || {
        let _ = input.write_all(text.concat().as_bytes());
    });
    let output = git.wait_with_output().ok()?;
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).ok()?;
    let fields: Vec<&str> = text.split('\0').collect();
    Some(
        fields
            .chunks_exact(4)
            .map(|four| !four[2].is_empty() && !four[2].starts_with('!'))
            .collect(),
    )
}

/// The same by the rule: a path is left out with each folder that it is in.
fn by_rule(pattern: &str, path: &str) -> bool {
    let Some(rule) = Rule::parse(pattern) else {
        return false;
    };
    let is_folder = path.ends_with('/');
    let path = path.trim_end_matches('/');
    let ends = path
        .match_indices('/')
        .map(|(at, _)| at)
        .chain([path.len()]);
    let left_out = ends
        .map(|end| &path[..end])
        .any(|part| rule.matches(part, is_folder || part.len() < path.len(), &mut 0));
    left_out && !rule.takes_back
}

#[test]
fn patterns_are_those_of_git() {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("git")
        .args(["init", "-q"])
        .current_dir(folder.path())
        .status();
    if !made.is_ok_and(|made| made.success()) {
        eprintln!("skipped: there is no git to compare with");
        return;
    }
    let mut paths = Vec::new();
    for name in NAMES {
        for path in [
            name.to_owned(),
            format!("{name}/"),
            format!("x1/{name}"),
            format!("a/{name}"),
            format!("a/x2/{name}/"),
        ] {
            paths.push(path);
        }
    }
    for path in paths.iter().filter(|path| path.ends_with('/')) {
        fs_err::create_dir_all(folder.path().join(path)).unwrap();
    }
    let mut compared = 0;
    for pattern in PATTERNS {
        let found = by_git(folder.path(), pattern, &paths).unwrap();
        assert_eq!(found.len(), paths.len(), "{pattern:?}");
        for (path, expected) in paths.iter().zip(found) {
            // A name that is a folder here is one to Git, whether a slash follows or not.
            let path = if folder.path().join(path).is_dir() && !path.ends_with('/') {
                format!("{path}/")
            } else {
                path.clone()
            };
            assert_eq!(by_rule(pattern, &path), expected, "{pattern:?} {path:?}");
            compared += 1;
        }
    }
    assert!(compared > 5_000, "{compared}");
}

#[test]
fn security_f8_no_pattern_costs_more_than_its_length_times_that_of_the_name() {
    let name = "a".repeat(255);
    for pattern in [
        "a*b?".repeat(250),
        "*a".repeat(500),
        "[a-z]".repeat(200),
        "*?".repeat(500),
        format!("*{}b", "a".repeat(127)),
    ] {
        let rule = Rule::parse(&pattern).unwrap();
        let mut steps = 0;
        let _ = rule.matches(&name, false, &mut steps);
        assert!(steps < 255 * 1_024, "{pattern} {steps}");
    }
    let path = "a/".repeat(2_000) + "a";
    for pattern in ["**/a/".repeat(200) + "b", "a/".repeat(500) + "**/b"] {
        let rule = Rule::parse(&pattern).unwrap();
        let mut steps = 0;
        assert!(!rule.matches(&path, false, &mut steps));
        assert!(steps < 4_000 * 1_024, "{pattern} {steps}");
    }
}
