//! Reads operations from a table in CSV with the columns `method`, `path`,
//! `operation_id`, `scopes`, `user_levels`, `experimental`, `application_auth`
//! and `deprecated`; lists are separated by blanks, flags are `yes` or empty.

use crate::corrections;
use crate::description::with_id;
use crate::row::{Row, Rows};

/// Every operation of the table. A table cannot tell "no scope needed" from
/// "scopes left unsaid", so no row of it is marked as the latter.
pub(crate) fn read(text: &str) -> Result<Rows, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|header| header == name)
            .ok_or_else(|| format!("the table has no column \"{name}\""))
    };
    let [
        method,
        path,
        id,
        scopes,
        levels,
        experimental,
        application,
        deprecated,
    ] = [
        column("method")?,
        column("path")?,
        column("operation_id")?,
        column("scopes")?,
        column("user_levels")?,
        column("experimental")?,
        column("application_auth")?,
        column("deprecated")?,
    ];
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let cell = |index: usize| record.get(index).unwrap_or_default();
        let at = |problem: String| format!("{} {}: {problem}", cell(method), cell(path));
        let verb = cell(method)
            .parse::<catalog::Method>()
            .map_err(|error| at(error.to_string()))?;
        let row = Row {
            id: cell(id).to_owned(),
            scopes: corrections::scopes(cell(scopes).split(' ')).map_err(at)?,
            levels: corrections::levels(cell(levels).split(' ')).map_err(at)?,
            experimental: cell(experimental) == "yes",
            application_auth: cell(application) == "yes",
            deprecated: cell(deprecated) == "yes",
            scopes_unstated: false,
            levels_unstated: cell(levels).is_empty(),
        };
        rows.insert(
            (cell(path).to_owned(), verb),
            with_id(row, verb, cell(path)),
        );
    }
    Ok(rows)
}
