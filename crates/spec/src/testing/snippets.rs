//! Snippets of specs, and how many problems of a code each of them has.

use crate::code::Code;
use crate::load::{Options, load};
use crate::source::SourceFile;

/// What the snippets may refer to.
const BASE: &str = "
steersman: v1
stores:
  local: {directory: secrets}
defaults:
  issuer: {store: local, key: '{account}/issuer'}
  token: {deliver: {store: local, key: '{account}/{token}'}}
";

/// A managed source for snippets that declare none.
const SOURCE: &str = "
steersman: v1
sources:
  - {name: Service Accounts, owner: jane.doe, attributes: [{name: team}]}
  - {name: AD, managed: false}
";

/// How many problems of a kind a snippet of a spec has.
fn count(code: Code, snippet: &str) -> usize {
    let mut texts = vec![BASE.to_owned(), format!("steersman: v1\n{snippet}")];
    if !format!("\n{snippet}").contains("\nsources:") {
        texts.push(SOURCE.to_owned());
    }
    let files = texts
        .into_iter()
        .zip(["base.yaml", "snippet.yaml", "source.yaml"])
        .map(|(text, path)| SourceFile {
            path: path.into(),
            bytes: text.into_bytes(),
        })
        .collect();
    let loaded = load(files, &Options::default());
    let others: Vec<_> = loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.as_str() < "SM0500")
        .collect();
    assert!(
        others.is_empty() || code.as_str() < "SM0500",
        "the snippet itself is wrong: {others:#?}\n{snippet}"
    );
    loaded
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code == code)
        .count()
}

/// One service account with these keys in flow style.
pub(crate) fn account(keys: &str) -> String {
    format!(
        "serviceAccounts:\n  - {{id: SA-1, name: audit, email: a@example.com, purpose: p{}{keys}}}\n",
        if keys.is_empty() { "" } else { ", " }
    )
}

/// Runs a table: so many problems of the kind for each account's keys.
#[track_caller]
pub(crate) fn accounts(code: Code, table: &[(&str, usize)]) {
    for (keys, expected) in table {
        assert_eq!(count(code, &account(keys)), *expected, "{code}: {keys}");
    }
}

/// Runs a table: so many problems of the kind for each snippet.
#[track_caller]
pub(crate) fn snippets(code: Code, table: &[(&str, usize)]) {
    for (snippet, expected) in table {
        assert_eq!(count(code, snippet), *expected, "{code}: {snippet}");
    }
}
