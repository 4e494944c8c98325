//! `validate --fix` and `--diff`: makes the changes that diagnostics suggest.

use crate::failure::Failure;
use crate::output::Output;
use crate::whole_file::{self, Readers};
use camino::Utf8PathBuf;
use render::{counted, file_difference};
use spec::{Applicability, Code, Loaded, Options, SourceFile, Suggestion};
use std::collections::BTreeMap;

/// How the changes of a spec are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixing {
    /// Whether they are only shown.
    pub(super) only_show: bool,
    /// Whether those are made, too, that decide about access or lifetimes.
    pub(super) with_unsafe: bool,
}

/// The files with the changes, which are not written yet.
pub(super) struct Fixed {
    /// What is wrong with the files after the changes.
    pub(super) loaded: Loaded,
    changed: Vec<Changed>,
    /// Each change, in words.
    lines: Vec<String>,
    fixing: Fixing,
}

/// A file with its changes.
struct Changed {
    path: Utf8PathBuf,
    before: Vec<u8>,
    after: Vec<u8>,
    /// Both texts without secrets, as they are shown.
    shown: [String; 2],
}

/// A key that is put right can show a second mistake in what it holds.
const MOST_ROUNDS: usize = 8;

/// Makes the changes in memory, and checks the files again until there is no more to do.
///
/// # Errors
/// A change that did not fix its problem, or after which a file cannot be read.
pub(super) fn fix(
    files: Vec<SourceFile>,
    loaded: Loaded,
    options: &Options,
    fixing: Fixing,
) -> Result<Fixed, Failure> {
    let originals = files.clone();
    let shown = |loaded: &Loaded, path: &Utf8PathBuf| {
        let text = loaded.sources.text(path);
        text.map(str::to_owned).unwrap_or_default()
    };
    let shown_before: Vec<String> = originals
        .iter()
        .map(|file| shown(&loaded, &file.path))
        .collect();
    let (mut files, mut loaded) = (files, loaded);
    let mut lines = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let changes = changes(&loaded, fixing);
        if changes.is_empty() {
            break;
        }
        for (code, change) in &changes {
            let file = files.iter_mut().find(|file| file.path == change.file);
            let range = change.span.start..change.span.end;
            let Some(file) = file.filter(|file| range.end <= file.bytes.len()) else {
                continue;
            };
            let before = String::from_utf8_lossy(&file.bytes[range.clone()]).into_owned();
            lines.push((
                (change.file.clone(), change.line, change.column),
                line(*code, change, &before),
            ));
            file.bytes.splice(range, change.replacement.bytes());
        }
        let before = counts(&loaded);
        loaded = spec::load(files.clone(), options);
        let after = counts(&loaded);
        let is_unfixed = changes
            .iter()
            .find(|(code, _)| *code != Code::UnknownKey && after.get(code) > before.get(code));
        let is_unreadable = [Code::Syntax, Code::DuplicateKey]
            .iter()
            .any(|code| after.get(code) > before.get(code));
        if is_unfixed.is_some() || is_unreadable {
            return Err(not_fixed());
        }
    }
    lines.sort();
    let changed = originals
        .into_iter()
        .zip(files)
        .zip(shown_before)
        .filter(|((before, after), _)| before.bytes != after.bytes)
        .map(|((before, after), shown_before)| Changed {
            shown: [shown_before, shown(&loaded, &after.path)],
            path: before.path,
            before: before.bytes,
            after: after.bytes,
        })
        .collect();
    Ok(Fixed {
        loaded,
        changed,
        lines: lines.into_iter().map(|(_, line)| line).collect(),
        fixing,
    })
}

fn not_fixed() -> Failure {
    Failure::File {
        message: "the suggested changes do not fix the files; nothing was changed".to_owned(),
        help: Some("run `steersman validate`, and fix them by hand".to_owned()),
        source: None,
    }
}

/// How many problems there are of each code.
fn counts(loaded: &Loaded) -> BTreeMap<Code, usize> {
    let mut counts = BTreeMap::new();
    for found in &loaded.diagnostics {
        *counts.entry(found.code).or_default() += 1;
    }
    counts
}

/// The changes that can be made at once, from the end of the files to their beginning.
fn changes(loaded: &Loaded, fixing: Fixing) -> Vec<(Code, Suggestion)> {
    let mut changes: Vec<(Code, Suggestion)> = loaded
        .diagnostics
        .iter()
        .filter_map(|found| Some((found.code, found.suggestion.clone()?)))
        .filter(|(_, change)| match change.applicability {
            Applicability::Safe => true,
            Applicability::Unsafe => fixing.with_unsafe,
        })
        .collect();
    changes.sort_by(|(_, one), (_, other)| {
        (&other.file, other.span.start).cmp(&(&one.file, one.span.start))
    });
    // Of two changes that overlap, the second is made in the next round.
    let mut first: Option<(Utf8PathBuf, usize)> = None;
    changes.retain(|(_, change)| {
        let is_free = first
            .as_ref()
            .is_none_or(|(file, start)| *file != change.file || change.span.end <= *start);
        if is_free {
            first = Some((change.file.clone(), change.span.start));
        }
        is_free
    });
    changes
}

/// A change in words, such as `a.yaml:3:5 SM0201: "ownr" becomes "owner"`.
fn line(code: Code, change: &Suggestion, before: &str) -> String {
    let place = format!("{}:{}:{}", change.file, change.line, change.column);
    // A secret is not repeated.
    let before = match code {
        Code::LiteralClientSecret | Code::LiteralNoticeAddress => "the secret".to_owned(),
        _ => format!("{:?}", before.trim()),
    };
    let after = change.replacement.trim();
    match (before.as_str(), after) {
        (_, "") => format!("{place} {code}: {before} removed"),
        ("\"\"", _) => format!("{place} {code}: {after:?} added"),
        (_, _) => format!("{place} {code}: {before} becomes {after:?}"),
    }
}

impl Fixed {
    /// Shows the changes, and says whether there are any.
    pub(super) fn show(&self, output: &mut Output) -> bool {
        let number = counted(self.lines.len(), "problem");
        let files = counted(self.changed.len(), "file");
        if self.fixing.only_show {
            for Changed { path, shown, .. } in &self.changed {
                let [before, after] = shown;
                output.data(file_difference(path.as_str(), before, after).trim_end());
            }
            output.talk(&format!("{number} would be fixed in {files}"));
        } else {
            for line in &self.lines {
                output.talk(line);
            }
            output.talk(&format!("{number} fixed in {files}"));
        }
        !self.changed.is_empty()
    }

    /// Writes the files, each completely or not at all.
    ///
    /// # Errors
    /// A file that cannot be written, or that another program changed meanwhile.
    pub(super) fn write(&self) -> Result<(), Failure> {
        for Changed { path, before, .. } in &self.changed {
            let is_same = fs_err::read(path).is_ok_and(|now| now == *before);
            if !is_same {
                return Err(Failure::File {
                    message: format!("{path} changed while it was checked; nothing was changed"),
                    help: Some("run `steersman validate --fix` again".to_owned()),
                    source: None,
                });
            }
        }
        for Changed { path, after, .. } in &self.changed {
            whole_file::write(path, after, Readers::AsBefore)?;
        }
        Ok(())
    }
}
