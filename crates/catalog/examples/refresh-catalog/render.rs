//! Writes rows as the source file of the catalog.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::row::Rows;

const HEAD: &str = "\
//! The table of operations. Generated, never edited by hand:
//! `cargo run -p catalog --example refresh-catalog -- DESCRIPTION.json` writes it.

use crate::operation::Method::{Delete, Get, Patch, Post, Put};
use crate::operation::{APPLICATION as A, DEPRECATED as D, EXPERIMENTAL as E, LEVELS_UNSTATED as L};
use crate::operation::{Operation, SCOPES_UNSTATED as S, op};

pub(crate) static OPERATIONS: &[Operation] = &[
";

/// The whole file.
pub(crate) fn render(rows: &Rows) -> String {
    let mut text = HEAD.to_owned();
    for ((path, method), row) in rows {
        let flags: Vec<&str> = [
            (row.application_auth, "A"),
            (row.deprecated, "D"),
            (row.experimental, "E"),
            (row.scopes_unstated, "S"),
            (row.levels_unstated, "L"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
        .collect();
        let flags = if flags.is_empty() {
            "0".to_owned()
        } else {
            flags.join(" | ")
        };
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "    op({method:?}, {path:?}, {:?}, &{}, &{}, {flags}),",
            row.id,
            list(&row.scopes),
            list(&row.levels),
        );
    }
    text.push_str("];\n");
    text
}

fn list(items: &BTreeSet<String>) -> String {
    format!("{items:?}").replace(['{'], "[").replace(['}'], "]")
}
