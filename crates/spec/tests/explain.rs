//! Every code has an explanation with valid examples, and `docs/diagnostics.md` is current.

use spec::{Code, Example, Explanation, Options, SourceFile, Variables, explanations};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/diagnostics.md");

/// What the examples may refer to and do not show, by section.
const UNSHOWN: [(&str, &str); 3] = [
    (
        "sources",
        "sources:\n  - {name: Service Accounts, owner: jane.doe, attributes: [{name: team}]}\n  - {name: Active Directory, managed: false}\n",
    ),
    ("stores", "stores:\n  local: {directory: secrets}\n"),
    (
        "defaults",
        "defaults:\n  issuer: {store: local, key: '{account}/issuer'}\n  token: {deliver: {store: local, key: '{account}/{token}'}}\n",
    ),
];

/// The codes of all problems that these parts of files have.
fn codes(parts: &[&str]) -> Vec<Code> {
    let whole = format!("\n{}", parts.concat());
    let unshown: String = UNSHOWN
        .iter()
        .filter(|(section, _)| !whole.contains(&format!("\n{section}:")))
        .filter(|(section, _)| *section != "defaults" || whole.contains("\nserviceAccounts:"))
        .map(|(_, text)| *text)
        .collect();
    let files = parts
        .iter()
        .copied()
        .chain([unshown.as_str()])
        .enumerate()
        .map(|(index, text)| {
            let head = if text.starts_with("steersman:") {
                ""
            } else {
                "steersman: v1\n"
            };
            SourceFile {
                path: format!("{index}.yaml").into(),
                bytes: format!("{head}{text}").into_bytes(),
            }
        })
        .collect();
    let options = Options {
        variables: Variables::new([("SAIL_CLIENT_SECRET", "secret")]),
        ..Options::default()
    };
    spec::load(files, &options)
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

#[test]
fn every_code_is_explained_once_and_in_order() {
    let explained: Vec<Code> = explanations().map(|explanation| explanation.code).collect();
    assert_eq!(explained, Code::ALL);
    for Explanation {
        code,
        meaning,
        why,
        fix,
        ..
    } in explanations()
    {
        for text in [meaning, why, fix] {
            assert!(text.ends_with('.') && text.len() > 20, "{code}: {text}");
        }
    }
}

#[test]
fn examples_are_wrong_and_right() {
    for explanation in explanations() {
        let code = explanation.code;
        let Some(Example { wrong, right }) = explanation.example else {
            continue;
        };
        let mut found = codes(&[right]);
        // Examples show what they are about, and few show how tokens are rotated.
        found.retain(|found| code == Code::EndsForGood || *found != Code::EndsForGood);
        assert_eq!(found, [], "{code}, right:\n{right}");
        // What only the tenant can show is right for all that is known here,
        // and what is too large is not printed in full.
        if code.as_str() >= "SM0900" || code == Code::TooLarge {
            continue;
        }
        let mut found = codes(wrong);
        found.retain(|found| code == Code::EndsForGood || *found != Code::EndsForGood);
        assert!(
            !found.is_empty() && found.iter().all(|found| *found == code),
            "{code}, wrong: {found:?}\n{}",
            wrong.concat()
        );
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test compares with a file of the repository; the crate itself reads none"
)]
fn the_document_is_current() {
    let text = spec::diagnostics_markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(DOCUMENT, &text).unwrap();
    }
    let stored = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    assert!(
        stored == text,
        "docs/diagnostics.md is not current: run `UPDATE_DOCS=1 cargo test -p spec --test explain`"
    );
}
