//! Refreshes the catalog of operations from published descriptions.
//!
//! ```text
//! cargo run -p catalog --example refresh-catalog -- [--check] FILE...
//! ```
//!
//! Each FILE is an OpenAPI description in JSON (SailPoint publishes one that is
//! in one piece) or a table of operations in CSV. Files are read in order; what
//! a later one says of an operation replaces what an earlier one said, so a
//! small newer description can refresh a part. The result is written to
//! `src/generated.rs`; with `--check` nothing is written, and the exit code says
//! whether the file is current.

mod corrections;
mod description;
mod render;
mod row;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use row::Rows;

#[expect(clippy::print_stderr, reason = "a tool for developers talks on stderr")]
fn main() -> ExitCode {
    match run() {
        Ok(message) => {
            eprintln!("{message}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the library does no I/O; the tool that generates it does"
)]
fn run() -> Result<String, String> {
    let mut check = false;
    let mut files = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--check" => check = true,
            option if option.starts_with('-') => return Err(format!("unknown option {option}")),
            file => files.push(PathBuf::from(file)),
        }
    }
    if files.is_empty() {
        return Err("name at least one OpenAPI description (JSON) or table (CSV)".to_owned());
    }
    let mut rows = Rows::new();
    for file in &files {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let is_table = file.extension().is_some_and(|extension| extension == "csv");
        let read = if is_table {
            table::read(&text)
        } else {
            description::read(&text)
        };
        rows.extend(read.map_err(|problem| format!("{}: {problem}", file.display()))?);
    }
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated.rs");
    let text = render::render(&rows);
    let current = std::fs::read_to_string(&target).is_ok_and(|old| old == text);
    match (current, check) {
        (true, _) => Ok(format!(
            "{} operations; the catalogue is current",
            rows.len()
        )),
        (false, true) => Err("the catalogue differs from the given files".to_owned()),
        (false, false) => {
            std::fs::write(&target, text)
                .map_err(|error| format!("cannot write {}: {error}", target.display()))?;
            Ok(format!(
                "{} operations written to {}",
                rows.len(),
                target.display()
            ))
        }
    }
}
