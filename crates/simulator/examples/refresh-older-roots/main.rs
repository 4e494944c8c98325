//! Writes which older root of the API has which operation, from the official Python SDK.
//!
//! `cargo run -p simulator --example refresh-older-roots -- FOLDER`, where FOLDER has the unpacked
//! package `sailpoint` 1.4.2, whose namespaces are the roots.
//!
//! Only facts go into the file: ids of operations, and the roots whose namespace calls them. The
//! namespace of `v2026` has five operations only, so nothing is known about that root.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/older_roots.txt");
const ROOTS: [&str; 4] = ["v3", "beta", "v2024", "v2025"];

fn main() -> ExitCode {
    let result = match std::env::args().nth(1) {
        Some(folder) => refresh(Path::new(&folder)),
        None => Err("usage: refresh-older-roots FOLDER\n".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // There is nothing to do about a closed standard error.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), problem.as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn refresh(folder: &Path) -> Result<(), String> {
    let mut known = Vec::new();
    for root in ROOTS {
        known.push((root, calls(&folder.join(root).join("api"))?));
    }
    let mut text = String::from(
        "# Facts from the official Python SDK 1.4.2, written by examples/refresh-older-roots.\n",
    );
    for operation in catalog::operations() {
        let call = call(operation.method.as_str(), &without_version(operation.path));
        let _ = write!(text, "{}", operation.id);
        for (root, calls) in &known {
            if calls.contains(&call) {
                let _ = write!(text, " {root}");
            }
        }
        text.push('\n');
    }
    fs_err::write(TARGET, text).map_err(|error| error.to_string())
}

/// The calls of a namespace: each names its method, and its path right after it.
fn calls(folder: &Path) -> Result<BTreeSet<String>, String> {
    let mut calls = BTreeSet::new();
    for entry in fs_err::read_dir(folder).map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.path().extension().is_none_or(|kind| kind != "py") {
            continue;
        }
        let text = fs_err::read_to_string(entry.path()).map_err(|error| error.to_string())?;
        for rest in text.split("method='").skip(1) {
            let found = rest.split_once('\'').and_then(|(method, rest)| {
                let (_, path) = rest.split_once("resource_path='")?;
                Some(call(method, path.split_once('\'')?.0))
            });
            calls.extend(found);
        }
    }
    Ok(calls)
}

/// A call whose parameters have no names, as each root names them differently.
fn call(method: &str, path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "*" } else { part });
    format!("{method} {}", parts.collect::<Vec<_>>().join("/"))
}

/// `/sources/v1/{id}` as older roots have it: `/sources/{id}`.
fn without_version(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.get(2).is_some_and(|part| part.starts_with('v')) {
        parts.remove(2);
    }
    parts.join("/")
}
