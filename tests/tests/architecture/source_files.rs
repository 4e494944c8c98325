//! How source files look: documented at the top, of a size that can be read at
//! once, and no logic where one looks for the outline.

use crate::repository::{self, TextFile};
use crate::{assert_none, assert_one};
use syn::{Attribute, Item, Type};

/// More lines than this and a file holds more than one idea.
const MOST_LINES: usize = 600;

/// Files that are longer because they are tables, of data or of test cases.
const TABLES: &[&str] = &["crates/catalog/src/generated.rs"];

/// What is wrong with a Rust file.
fn complaints(file: &TextFile) -> Vec<String> {
    [undocumented(file), too_long(file)]
        .into_iter()
        .flatten()
        .chain(logic_in_outline(file))
        .collect()
}

/// The first thing in a file says what it is for.
fn undocumented(TextFile { path, text }: &TextFile) -> Option<String> {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("#![") && !is_plain_comment(line));
    (!first.is_some_and(|line| line.starts_with("//!")))
        .then(|| format!("{path}: does not begin with `//!` and what it is for"))
}

fn is_plain_comment(line: &str) -> bool {
    line.starts_with("//") && !line.starts_with("//!") && !line.starts_with("///")
}

fn too_long(TextFile { path, text }: &TextFile) -> Option<String> {
    let lines = text.lines().count();
    (lines > MOST_LINES && !TABLES.contains(&path.as_str()))
        .then(|| format!("{path}: {lines} lines; split it by idea ({MOST_LINES} at most)"))
}

/// `lib.rs` and `mod.rs` of the crates are outlines. They may hold module declarations,
/// re-exports, docs, and the type or trait that the folder is about with its
/// methods; no free functions, statics or macros, and no `impl` for a type that
/// is defined elsewhere.
fn logic_in_outline(TextFile { path, text }: &TextFile) -> Vec<String> {
    let is_outline = path.ends_with("/lib.rs") || path.ends_with("/mod.rs");
    if !is_outline || !path.contains("/src/") {
        return Vec::new();
    }
    let file = match syn::parse_file(text) {
        Ok(file) => file,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let defined_here = |name: &str| {
        file.items.iter().any(|item| match item {
            Item::Struct(item) => item.ident == name,
            Item::Enum(item) => item.ident == name,
            _ => false,
        })
    };
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Mod(item) if item.content.is_none() || is_for_tests(&item.attrs) => None,
            Item::Mod(item) => Some(format!("the body of module {}", item.ident)),
            Item::Use(_)
            | Item::Struct(_)
            | Item::Enum(_)
            | Item::Type(_)
            | Item::Trait(_)
            | Item::Const(_) => None,
            Item::Impl(item) => match type_name(&item.self_ty) {
                Some(name) if defined_here(&name) => None,
                name => Some(format!(
                    "methods of {}",
                    name.as_deref().unwrap_or("another type")
                )),
            },
            Item::Fn(item) => Some(format!("the function {}", item.sig.ident)),
            Item::Static(item) => Some(format!("the static {}", item.ident)),
            _ => Some("a macro or another item with code".to_owned()),
        })
        .map(|what| format!("{path}: {what} belongs into a file of its own"))
        .collect()
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|condition| condition == "test")
    })
}

fn type_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

#[test]
fn every_rust_file_is_documented_short_and_in_its_place() {
    let files = repository::rust_files().unwrap();
    assert!(
        files.len() > 50,
        "only {} Rust files were found",
        files.len()
    );
    let complaints: Vec<String> = files.iter().flat_map(complaints).collect();
    assert_none(&complaints);
}

#[test]
fn the_list_of_tables_is_current() {
    for path in TABLES {
        let lines = repository::read(path).unwrap().lines().count();
        assert!(lines > MOST_LINES, "{path} needs no exception any more");
    }
}

#[test]
fn other_files_are_complained_of() {
    let long = format!("//! Long.\n{}", "// A line.\n".repeat(MOST_LINES));
    let cases = [
        ("crates/x/src/a.rs", "", "does not begin"),
        (
            "crates/x/src/a.rs",
            "use std::fmt;\n//! Late.",
            "does not begin",
        ),
        (
            "crates/x/src/a.rs",
            "/// Of an item.\nstruct A;",
            "does not begin",
        ),
        (
            "crates/x/src/a.rs",
            "// Not a doc.\nstruct A;",
            "does not begin",
        ),
        ("crates/x/src/a.rs", &long, "601 lines"),
        (
            "crates/x/src/lib.rs",
            "//! X.\npub fn run() {}",
            "function run",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nfn help() {}",
            "function help",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nmod b { fn c() {} }",
            "module b",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nimpl Clone for b::B {}",
            "methods of B",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nimpl Clone for &B {}",
            "another type",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nstatic S: u8 = 1;",
            "static S",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nmacro_rules! m { () => {} }",
            "macro",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nfn (",
            "crates/x/src/a/mod.rs",
        ),
    ];
    for (path, text, word) in cases {
        assert_one(&complaints(&file(path, text)), &[path, word]);
    }
}

#[test]
fn outlines_and_short_files_are_not_complained_of() {
    let cases = [
        (
            "crates/x/src/a.rs",
            "#![no_std]\n// Licence.\n\n//! X.\nfn help() {}",
        ),
        ("crates/x/src/lib.rs", "//! X.\nmod a;\npub use a::A;"),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\nmod b;\npub struct A<T>(T);\nimpl<T> A<T> { fn b(&self) {} }\npub trait C {}",
        ),
        (
            "crates/x/src/a/mod.rs",
            "//! X.\n#[cfg(test)]\nmod tests { fn works() {} }",
        ),
        ("tests/harness/lib.rs", "//! X.\npub fn start() {}"),
    ];
    for (path, text) in cases {
        assert_none(&complaints(&file(path, text)));
    }
}

fn file(path: &str, text: &str) -> TextFile {
    TextFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
