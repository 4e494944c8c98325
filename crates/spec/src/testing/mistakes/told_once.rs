//! Loads specs with planted mistakes, and compares what is said of them.

use super::draft::{Draft, Told};
use super::plant;
use super::random::Random;
use crate::code::Code;
use crate::load::{Loaded, Options, load};
use crate::source::SourceFile;
use std::fmt::Write as _;

/// How many specs are tried where nothing else is asked for.
const SAMPLE: u64 = 60;

/// The most mistakes in one spec.
const MOST: usize = 20;

/// What loading tells of these files: codes with the places that they point at first.
fn told(files: &[(String, String)]) -> Vec<Told> {
    let loaded = loaded(files);
    let mut told: Vec<Told> = loaded
        .diagnostics
        .iter()
        .map(|found| Told {
            code: found.code,
            file: found.labels[0].file.to_string(),
            start: found.labels[0].span.start,
        })
        .collect();
    told.sort();
    told
}

fn loaded(files: &[(String, String)]) -> Loaded {
    let files = files
        .iter()
        .map(|(path, text)| SourceFile {
            path: path.as_str().into(),
            bytes: text.as_bytes().to_vec(),
        })
        .collect();
    load(files, &Options::default())
}

/// Plants so many mistakes by a seed; says how many were planted, or what was told wrongly.
fn try_seed(seed: u64) -> Result<usize, String> {
    let mut random = Random::new(seed);
    let mut draft = Draft::new(&mut random);
    let wanted = 1 + random.below(MOST);
    let kinds = plant::plant(&mut draft, wanted, &mut random);
    let (files, expected) = draft.write();
    let found = told(&files);
    if found == expected {
        return Ok(found.len());
    }
    let mut report = format!("seed {seed}, planted {kinds:?}\n");
    for (name, one, other) in [("missing", &expected, &found), ("false", &found, &expected)] {
        let mut rest = other.clone();
        for told in one {
            if let Some(place) = rest.iter().position(|other| other == told) {
                rest.remove(place);
            } else {
                let text = files
                    .iter()
                    .find(|(path, _)| *path == told.file)
                    .map_or("", |(_, text)| &text[told.start..]);
                let line = text.lines().next().unwrap_or_default();
                let _ = writeln!(report, "{name}: {} {} | {line}", told.code, told.file);
            }
        }
    }
    Err(report)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is told its size; the crate itself reads no environment"
)]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn a_valid_spec_of_any_size_has_no_problem() {
    for seed in 0..20 {
        let (files, _) = Draft::new(&mut Random::new(seed)).write();
        assert_eq!(told(&files), [], "seed {seed}: {files:#?}");
    }
}

#[test]
fn mistakes_are_told_all_at_once_and_each_once() {
    let seeds: Vec<u64> = match number("MISTAKES_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("MISTAKES").unwrap_or(SAMPLE)).collect(),
    };
    let mut planted = 0;
    let mut wrong = Vec::new();
    for seed in &seeds {
        match try_seed(*seed) {
            Ok(number) => planted += number,
            Err(report) => wrong.push(report),
        }
    }
    eprintln!("{planted} mistakes in {} specs", seeds.len());
    let shown: Vec<&str> = wrong.iter().take(25).map(String::as_str).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} specs:\n{}",
        wrong.len(),
        seeds.len(),
        shown.join("\n")
    );
}

/// What is left of planted mistakes when all that is suggested is done, by code: none may
/// be more than before, but for what a wrong key had hidden.
#[test]
fn what_is_suggested_for_planted_mistakes_mends_them() {
    let mut done = 0;
    for seed in 0..SAMPLE {
        let mut random = Random::new(seed);
        let mut draft = Draft::new(&mut random);
        let wanted = 1 + random.below(MOST);
        plant::plant(&mut draft, wanted, &mut random);
        let (mut files, _) = draft.write();
        let before = loaded(&files);
        let mut suggestions: Vec<_> = before
            .diagnostics
            .iter()
            .filter_map(|found| Some((found.code, found.suggestion.clone()?)))
            .collect();
        suggestions.sort_by_key(|(_, change)| std::cmp::Reverse(change.span.start));
        for (_, change) in &suggestions {
            let (_, text) = files
                .iter_mut()
                .find(|(path, _)| *path == change.file)
                .unwrap();
            text.replace_range(change.span.start..change.span.end, &change.replacement);
        }
        let after = loaded(&files);
        let number = |loaded: &Loaded, code: Code| {
            let found = loaded.diagnostics.iter();
            found.filter(|found| found.code == code).count()
        };
        let hides = |code: Code| matches!(code, Code::UnknownKey | Code::WrongType);
        let has_hidden = suggestions.iter().any(|(code, _)| hides(*code));
        for code in Code::ALL {
            let suggested = suggestions.iter().filter(|(of, _)| of == code).count();
            let (was, is) = (number(&before, *code), number(&after, *code));
            assert!(
                is + suggested <= was || (has_hidden && !hides(*code)),
                "seed {seed}: {code} {was} to {is}, {suggested} suggested"
            );
        }
        done += suggestions.len();
    }
    eprintln!("{done} suggestions in {SAMPLE} specs with planted mistakes");
    assert!(done > 30, "{done}");
}
