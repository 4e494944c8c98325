//! Who may speak of what: only the applier is given a way to write to a tenant,
//! and commands that only look have no path to it.

use crate::repository::{self, TextFile};
use crate::{assert_none, assert_one};

/// A word and the places, as beginnings of paths, where it may stand.
const RULES: &[(&str, &[&str], &str)] = &[
    (
        "TenantWrite",
        &[
            "crates/model/src/",
            "crates/isc/",
            "crates/applier/src/",
            "crates/applier/tests/",
            "crates/cli/src/commands/apply",
            "tests/",
        ],
        "only the applier is given a TenantWrite",
    ),
    (
        ".writer()",
        &[
            "crates/cli/src/commands/apply",
            "crates/cli/src/commands/enroll",
            "tests/",
        ],
        "of all commands only apply and enroll, which creates the first issuer token, may take what writes to a tenant",
    ),
    (
        "applier::apply(",
        &["crates/applier/", "crates/cli/src/commands/apply", "tests/"],
        "of all commands only apply may carry out a plan",
    ),
    (
        "dry_run",
        &["tests/"],
        "not applying is not calling the applier; there is no flag for it below the command line",
    ),
    (
        "reqwest::",
        &[
            "crates/isc/",
            "crates/cli/src/commands/simulator/ready.rs",
            "crates/cli/src/notices/sender.rs",
            "crates/simulator/benches/",
            "crates/simulator/tests/",
            "tests/",
        ],
        "only isc speaks HTTP to a tenant",
    ),
];

/// Where a word stands outside its places. Comments do not count.
fn complaints(files: &[TextFile]) -> Vec<String> {
    files
        .iter()
        .flat_map(|TextFile { path, text }| {
            RULES
                .iter()
                .filter(|(word, places, _)| {
                    !places.iter().any(|place| path.starts_with(place)) && mentions(text, word)
                })
                .map(move |(word, _, why)| format!("{path}: speaks of {word}, but {why}"))
        })
        .collect()
}

fn mentions(text: &str, word: &str) -> bool {
    text.lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//"))
        .any(|line| line.contains(word))
}

#[test]
fn nobody_speaks_of_what_is_not_theirs() {
    let files = repository::rust_files().unwrap();
    assert!(
        files.iter().any(|file| {
            file.path.starts_with("crates/model/") && mentions(&file.text, "TenantWrite")
        }),
        "the trait has another name now"
    );
    assert_none(&complaints(&files));
}

#[test]
fn a_word_out_of_place_is_complained_of() {
    let cases = [
        (
            "crates/cli/src/commands/plan.rs",
            "fn plan(tenant: &impl TenantWrite) {}",
        ),
        ("crates/planner/src/lib.rs", "use model::TenantWrite;"),
        ("crates/applier/src/step.rs", "fn step(dry_run: bool) {}"),
        (
            "crates/cli/src/commands/drift.rs",
            "let writer = session.writer();",
        ),
        (
            "crates/cli/src/commands/drift.rs",
            "applier::apply(&plan).await",
        ),
        ("crates/cli/src/webhook.rs", "reqwest::get(url)"),
    ];
    for (path, text) in cases {
        assert_one(&complaints(&[file(path, text)]), &[path]);
    }
    let harmless = [
        (
            "crates/applier/src/step.rs",
            "fn step(tenant: &impl TenantWrite) {}",
        ),
        (
            "crates/planner/src/lib.rs",
            "// Has no path to a TenantWrite.\nfn plan() {}",
        ),
        (
            "crates/isc/src/client.rs",
            "let client = reqwest::Client::builder();",
        ),
    ];
    for (path, text) in harmless {
        assert_none(&complaints(&[file(path, text)]));
    }
}

fn file(path: &str, text: &str) -> TextFile {
    TextFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
