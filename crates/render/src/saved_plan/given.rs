//! What is given beside a saved plan, compared with what the file records.

use super::document::{Binding, SavedPlan, SavedSelection};
use camino::Utf8Path;
use std::collections::{BTreeMap, BTreeSet};

/// What differs between a file and what the operator gives beside it, a line each
/// with both values. Paths, selection and allowances decide what a run reads and
/// may do, so a file never supplies them.
pub(super) fn differences(saved: &SavedPlan, given: Binding<'_>) -> Vec<String> {
    let Binding {
        tenant: _,
        paths,
        selection,
        allowances,
    } = given;
    let SavedSelection { only, except } = &saved.selection;
    let words = |patterns: &[planner::Pattern]| patterns.iter().map(ToString::to_string).collect();
    let counts = |(guard, count): (&String, &u64)| format!("{guard}={count}");
    let given_allowances: BTreeMap<String, u64> = allowances.iter().cloned().collect();
    let paths_of = |paths: &[camino::Utf8PathBuf]| paths.iter().map(|path| plain(path)).collect();
    [
        ("paths", paths_of(&saved.paths), paths_of(paths)),
        (
            "--only",
            only.iter().cloned().collect(),
            words(selection.only()),
        ),
        (
            "--except",
            except.iter().cloned().collect(),
            words(selection.except()),
        ),
        (
            "--allow",
            saved.allowances.iter().map(counts).collect(),
            given_allowances.iter().map(counts).collect(),
        ),
    ]
    .into_iter()
    .filter(|(_, saved, given)| saved != given)
    .map(
        |(what, saved, given): (_, BTreeSet<String>, BTreeSet<String>)| {
            format!("{what}: {} when saved, {} now", list(&saved), list(&given))
        },
    )
    .collect()
}

/// A path without parts that mean nothing, such as a slash at its end.
fn plain(path: &Utf8Path) -> String {
    let parts: Vec<&str> = path.components().map(|part| part.as_str()).collect();
    let rest = match parts.as_slice() {
        [".", rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    rest.join("/").replace("//", "/")
}

fn list(values: &BTreeSet<String>) -> String {
    if values.is_empty() {
        return "none".to_owned();
    }
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn paths_are_compared_by_their_parts() {
        for (path, expected) in [
            (".", "."),
            ("./accounts/", "accounts"),
            ("accounts//a.yaml", "accounts/a.yaml"),
            ("../x", "../x"),
            ("/srv/x", "/srv/x"),
        ] {
            assert_eq!(plain(path.into()), expected);
        }
    }
}
