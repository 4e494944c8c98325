//! Reads the rows of an import as the settings of its source say.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Map, Value};

use super::records::{AttributeKind, FileSettings, Schema, SchemaAttribute, Source};
use crate::errors::Refusal;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The rows of a file, as accounts.
pub(super) struct Rows {
    /// By native identity.
    pub(super) accounts: BTreeMap<String, Map<String, Value>>,
    /// How many rows had none.
    pub(super) skipped: usize,
}

/// The text of a file, in the encoding of its source.
pub(super) fn text_of(source: &Source, bytes: &[u8]) -> Result<String, Refusal> {
    let encoding = FileSettings::of(source)?.encoding;
    if encoding.eq_ignore_ascii_case("ISO-8859-1") {
        return Ok(bytes.iter().copied().map(char::from).collect());
    }
    if !encoding.eq_ignore_ascii_case("UTF-8") {
        return Err(Refusal::illegal_value(format!(
            "The simulator reads files in UTF-8 and ISO-8859-1, not in {encoding:?}, the fileEncoding of the source."
        )));
    }
    std::str::from_utf8(bytes)
        .map(str::to_owned)
        .map_err(|_| Refusal::illegal_value("The file is not encoded in UTF-8."))
}

/// Refuses a header that is not the account schema's.
pub(super) fn check_header(source: &Source, csv: &str) -> Result<(), Refusal> {
    let settings = FileSettings::of(source)?;
    let mut header: Vec<String> = settings
        .reader(csv)
        .headers()
        .map_err(|_| Refusal::illegal_value("The header of the file cannot be read."))?
        .iter()
        .map(str::to_owned)
        .collect();
    // The reader is kind to byte order marks; the tenant takes one for a part of the first name.
    if settings.content(csv).starts_with(BYTE_ORDER_MARK)
        && let Some(first) = header.first_mut()
    {
        first.insert(0, BYTE_ORDER_MARK);
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let schema = source.account_attribute_names();
    let unknown: Vec<&str> = header
        .iter()
        .copied()
        .filter(|column| !schema.contains(column))
        .collect();
    let missing: Vec<&str> = schema
        .iter()
        .copied()
        .filter(|name| !header.contains(name))
        .collect();
    if unknown.is_empty() && missing.is_empty() && header.len() == schema.len() {
        return Ok(());
    }
    let mut reasons = Vec::new();
    if !unknown.is_empty() {
        reasons.push(format!("unknown columns: {}", unknown.join(", ")));
    }
    if !missing.is_empty() {
        reasons.push(format!("missing columns: {}", missing.join(", ")));
    }
    if reasons.is_empty() {
        reasons.push("a column is there twice".into());
    }
    Err(Refusal::illegal_value(format!(
        "The header of the file does not match the account schema; {}.",
        reasons.join("; ")
    )))
}

/// Reads the rows; those with the same id are merged into one account.
pub(super) fn read_rows(source: &Source, csv: &str) -> Result<Rows, String> {
    let Some(schema) = source.account_schema() else {
        return Err("The source has no account schema.".into());
    };
    let settings = FileSettings::of(source).map_err(|refusal| refusal.text)?;
    if let Some(line) = settings.unclosed_quote(csv) {
        return Err(format!(
            "The file cannot be read: the quotation mark in line {line} is not closed."
        ));
    }
    let mut reader = settings.reader(csv);
    let header = reader
        .headers()
        .map_err(|_| "The header of the file cannot be read.")?
        .clone();
    let columns = columns(schema, &header);
    let mut rows = Rows {
        accounts: BTreeMap::new(),
        skipped: 0,
    };
    for record in reader.records() {
        let record = record.map_err(|error| unequal(&error))?;
        let of = |name: &str| {
            let column = header.iter().position(|column| column == name)?;
            record.get(column).filter(|cell| !cell.is_empty())
        };
        if settings
            .filter
            .as_ref()
            .is_some_and(|filter| filter.matches(&of))
        {
            continue;
        }
        let mut attributes = Map::new();
        for (cell, attribute) in record.iter().zip(&columns) {
            let Some(attribute) = attribute else { continue };
            attributes.insert(attribute.name.clone(), value_of(cell, attribute));
        }
        match source.native_identity_of(&attributes) {
            None => rows.skipped += 1,
            Some(native) => match rows.accounts.entry(native) {
                Entry::Vacant(place) => {
                    place.insert(attributes);
                }
                Entry::Occupied(mut place) => merge(place.get_mut(), attributes),
            },
        }
    }
    Ok(rows)
}

fn columns<'a>(schema: &'a Schema, header: &csv::StringRecord) -> Vec<Option<&'a SchemaAttribute>> {
    header
        .iter()
        .map(|column| {
            schema
                .attributes
                .iter()
                .find(|attribute| attribute.name == column)
        })
        .collect()
}

fn value_of(cell: &str, attribute: &SchemaAttribute) -> Value {
    if cell.is_empty() {
        Value::Null
    } else if attribute.is_multi {
        let parts = cell.split(',');
        Value::Array(
            parts
                .map(|part| Value::String(part.trim().to_owned()))
                .collect(),
        )
    } else if attribute.kind == AttributeKind::Boolean {
        cell.parse()
            .map_or_else(|_| Value::String(cell.to_owned()), Value::Bool)
    } else {
        Value::String(cell.to_owned())
    }
}

/// Lists are joined; of other values the last that is not empty counts.
fn merge(account: &mut Map<String, Value>, row: Map<String, Value>) {
    for (name, value) in row {
        match (account.get_mut(&name), value) {
            (_, Value::Null) => {}
            (Some(Value::Array(list)), Value::Array(more)) => {
                for entry in more {
                    if !list.contains(&entry) {
                        list.push(entry);
                    }
                }
            }
            (_, value) => {
                account.insert(name, value);
            }
        }
    }
}

fn unequal(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            pos,
            expected_len,
            len,
        } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!(
                "The file cannot be read: the row in line {line} has {len} cells, and the header has {expected_len}."
            )
        }
        _ => "The file cannot be read.".to_owned(),
    }
}
