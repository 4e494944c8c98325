//! Circles of imports between the files of a crate: forbidden, pairs need a reason.
//!
//! Files in a circle can only be read, tested and moved together. Two files that
//! belong together may import each other where a reason says why.

use crate::imports::{Imports, imports};
use crate::repository::{self, TextFile};
use crate::{assert_none, assert_one};
use std::collections::BTreeSet;

/// Two files that may import each other, and why.
const PAIRS: &[(&str, &str, &str)] = &[];

/// What is wrong with the imports within the crates.
fn complaints(files: &[TextFile], pairs: &[(&str, &str, &str)]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut needed = BTreeSet::new();
    for folder in folders(files) {
        let imports = match imports(folder, files) {
            Ok(imports) => imports,
            Err(error) => {
                complaints.push(error);
                continue;
            }
        };
        for circle in circles(&imports) {
            match circle.as_slice() {
                [first, second] => {
                    if let Some(pair) = pairs
                        .iter()
                        .find(|(one, other, _)| one == first && other == second)
                    {
                        needed.insert(pair);
                    } else {
                        complaints.push(format!(
                            "{first} and {second} import each other; separate them, or give \
                             the reason in PAIRS"
                        ));
                    }
                }
                _ => complaints.push(format!(
                    "{folder}: {} files import each other in a circle; move what they share \
                     into a file of its own:\n{}",
                    circle.len(),
                    arrows(&circle, &imports).join("\n")
                )),
            }
        }
    }
    let stale = pairs.iter().filter(|pair| !needed.contains(pair));
    complaints.extend(stale.map(|(first, second, _)| {
        format!("{first} and {second} no longer import each other; remove them from PAIRS")
    }));
    complaints
}

/// The folders of the crates' sources, such as `crates/model/src/`.
fn folders(files: &[TextFile]) -> BTreeSet<&str> {
    files
        .iter()
        .filter(|file| file.path.starts_with("crates/"))
        .filter_map(|file| {
            let (start, _) = file.path.match_indices("/src/").next()?;
            Some(&file.path[..start + "/src/".len()])
        })
        .collect()
}

/// Groups of at least two files, each of which reaches all others of its group.
fn circles(imports: &Imports) -> Vec<Vec<String>> {
    let mut circles = Vec::new();
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    for file in imports.keys() {
        if placed.contains(file.as_str()) {
            continue;
        }
        let circle: Vec<String> = reached(imports, file)
            .into_iter()
            .filter(|other| reached(imports, other).contains(file.as_str()))
            .map(str::to_owned)
            .collect();
        placed.extend(
            circle
                .iter()
                .filter_map(|file| imports.get_key_value(file))
                .map(|(file, _)| file.as_str()),
        );
        if !circle.is_empty() {
            circles.push(circle);
        }
    }
    circles
}

/// All files that a file reaches by its imports.
fn reached<'a>(imports: &'a Imports, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for next in imports.get(file).into_iter().flatten() {
            if reached.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    reached
}

/// The imports within a circle, one a line.
fn arrows(circle: &[String], imports: &Imports) -> Vec<String> {
    circle
        .iter()
        .flat_map(|from| {
            imports
                .get(from)
                .into_iter()
                .flatten()
                .filter(|to| circle.contains(to))
                .map(move |to| format!("  {from} -> {to}"))
        })
        .collect()
}

#[test]
fn no_crate_has_a_circle() {
    let files = repository::rust_files().unwrap();
    let simulator = imports("crates/simulator/src/", &files).unwrap();
    assert!(
        simulator["crates/simulator/src/api/table.rs"]
            .contains("crates/simulator/src/api/accounts.rs"),
        "the imports were not read"
    );
    assert_none(&complaints(&files, PAIRS));
}

#[test]
fn circles_are_complained_of() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        // Three files, one of which is named by a path in the code.
        (
            &[
                ("lib.rs", "mod a; mod b; mod c;"),
                ("a.rs", "use crate::b::B;"),
                ("b.rs", "pub struct B(super::c::C);"),
                ("c.rs", "pub struct C; use crate::a::*;"),
            ],
            "3 files",
        ),
        // Re-exports are followed to the file that defines the name.
        (
            &[
                ("lib.rs", "mod a; mod b; mod c; pub use a::A;"),
                ("a.rs", "use crate::b::inner::B; pub struct A;"),
                ("b/mod.rs", "pub mod inner;"),
                ("b/inner.rs", "use crate::c; pub struct B;"),
                ("c.rs", "use crate::A as Other;"),
            ],
            "b/inner.rs -> crates/x/src/c.rs",
        ),
        // An outline with code of its own is a file like any other.
        (
            &[
                ("lib.rs", "mod a;"),
                (
                    "a/mod.rs",
                    "mod b; mod c; pub struct A; impl A { fn run() { b::run(); } }",
                ),
                ("a/b.rs", "use super::c::C; pub fn run() {}"),
                ("a/c.rs", "use super::A; pub struct C;"),
            ],
            "a/mod.rs -> crates/x/src/a/b.rs",
        ),
        // Paths within macros and attributes count.
        (
            &[
                ("lib.rs", "mod a; mod b; mod c;"),
                ("a.rs", "fn a() { print!(\"{}\", crate::b::B); }"),
                ("b.rs", "#[arg(parser = super::c::parse)] pub struct B;"),
                ("c.rs", "pub fn parse() { use crate::a; }"),
            ],
            "3 files",
        ),
        // Two files, without a reason.
        (
            &[
                ("lib.rs", "mod a; mod b;"),
                ("a.rs", "use crate::b::B; pub struct A;"),
                ("b.rs", "use crate::a::A; pub struct B;"),
            ],
            "import each other; separate them",
        ),
        (&[("lib.rs", "mod a;")], "the module a has no file"),
        (&[("lib.rs", "fn (")], "crates/x/src/lib.rs"),
    ];
    for (files, words) in cases {
        assert_one(&complaints(&tree(files), &[]), &["crates/x/src/", words]);
    }
}

#[test]
fn imports_in_one_direction_are_not_complained_of() {
    let cases: &[&[(&str, &str)]] = &[
        // An outline re-exports what its files define, and they use each other through it.
        &[
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::*;"),
            ("a.rs", "use crate::B; pub struct A;"),
            ("b.rs", "pub struct B;"),
        ],
        // Tests may look everywhere.
        &[
            (
                "lib.rs",
                "mod a; mod b; #[cfg(test)] mod testing; #[cfg(test)] mod cases;",
            ),
            ("a.rs", "use crate::b::B; pub struct A;"),
            (
                "b.rs",
                "pub struct B; #[cfg(test)] use crate::a::A; #[cfg(test)] mod tests { use crate::a::A; }",
            ),
            ("testing/mod.rs", "pub use crate::a::A;"),
            ("cases.rs", "use crate::a::A;"),
        ],
        // Visibility, comments and texts are no imports; nor are names of other crates.
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            (
                "b.rs",
                "//! See [`crate::a::A`].\nuse a::A; pub(super) struct B; fn b() { print!(\"crate::a::A\"); }",
            ),
        ],
        // A private function is not what the outline means by a name of its own.
        &[
            (
                "lib.rs",
                "mod a; pub use a::*; fn run(field: u8) -> u8 { field }",
            ),
            ("a.rs", "use crate::run; fn field() {}"),
        ],
    ];
    for files in cases {
        assert_none(&complaints(&tree(files), &[]));
    }
}

#[test]
fn pairs_with_a_reason_are_allowed_while_they_exist() {
    let pair = [(
        "crates/x/src/a.rs",
        "crates/x/src/b.rs",
        "each is defined by the other",
    )];
    let both = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::a::A; pub struct B;"),
    ];
    assert_none(&complaints(&tree(&both), &pair));
    let one = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "pub struct B;"),
    ];
    assert_one(
        &complaints(&tree(&one), &pair),
        &["no longer", "crates/x/src/a.rs"],
    );
}

fn tree(files: &[(&str, &str)]) -> Vec<TextFile> {
    files
        .iter()
        .map(|(path, text)| TextFile {
            path: format!("crates/x/src/{path}"),
            text: (*text).to_owned(),
        })
        .collect()
}
