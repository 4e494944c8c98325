//! Fuzz target: the CSV file of an import, written and read.

use super::csv_reader::records;
use crate::rows::{csv, vanishing};
use model::{AccountAttribute, FileSettings, LiveAccount, NativeIdentity, RowChange};
use std::collections::{BTreeMap, BTreeSet};

/// Makes accounts and changes of texts that a byte 0xFF separates, and writes their
/// import. Either it is refused, or another reader gets every cell back, and no row
/// is missing that no change deletes. The same bytes are also read as a file.
///
/// # Panics
/// Where that does not hold.
pub fn rows(input: &[u8]) {
    let mut texts = input
        .split(|byte| *byte == 0xff)
        .map(|text| String::from_utf8_lossy(text).into_owned());
    let mut next = || texts.next();
    let mut columns = vec!["id".to_owned(), "name".to_owned()];
    let extra = next().filter(|column| !columns.contains(column));
    columns.extend(extra.clone());
    let mut live: Vec<LiveAccount> = Vec::new();
    let mut changes: Vec<(NativeIdentity, RowChange)> = Vec::new();
    while let (Some(kind), Some(id), Some(name)) = (next(), next(), next()) {
        // Empty cells and names, which are refused, are rare.
        let mut cells = BTreeMap::from([("name".into(), name.clone())]);
        if let Some(column) = &extra {
            cells.insert(column.as_str().into(), next().unwrap_or_default());
        }
        let id = NativeIdentity::from(id);
        let is_known = live.iter().any(|account| account.native_identity == id);
        match kind.bytes().next().unwrap_or_default() % 4 {
            0 | 1 if !is_known => live.push(account(id, name, cells)),
            2 => changes.push((id, RowChange::Delete)),
            3 => {
                let from = name.as_str().into();
                changes.push((id, RowChange::Rename { from, cells }));
            }
            _ => changes.push((id, RowChange::Upsert { cells })),
        }
    }
    let changes: BTreeMap<&NativeIdentity, &RowChange> =
        changes.iter().map(|(id, change)| (id, change)).collect();
    let settings = FileSettings::default();
    if let Ok(file) = csv(&columns, &live, &changes, &settings) {
        assert_eq!(
            records(&file, b','),
            expected(&columns, &live, &changes),
            "{}",
            String::from_utf8_lossy(&file)
        );
        for id in vanishing(&live, &changes, &file, &settings) {
            // Only a row that a change gave another id is gone.
            let renamed = changes
                .values()
                .any(|change| matches!(change, RowChange::Rename { from, .. } if from == id));
            assert!(renamed, "{id:?} vanishes");
        }
    }
    // A file of any bytes deletes each account whose row is not in it.
    let missing = vanishing(&live, &BTreeMap::new(), input, &settings);
    assert!(missing.len() <= live.len());
    records(input, b',');
}

/// The records by what an import means: all live rows, changed by the changes in the
/// order of their ids, sorted by name and id.
fn expected(
    columns: &[String],
    live: &[LiveAccount],
    changes: &BTreeMap<&NativeIdentity, &RowChange>,
) -> Vec<Vec<Vec<u8>>> {
    let mut rows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let texts = |cells: &BTreeMap<AccountAttribute, String>| {
        let pairs = cells.iter();
        pairs
            .map(|(column, cell)| (column.to_string(), cell.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    for account in live {
        rows.insert(account.native_identity.to_string(), texts(&account.cells));
    }
    for (id, change) in changes {
        match change {
            RowChange::Upsert { cells } => {
                rows.entry(id.to_string()).or_default().extend(texts(cells));
            }
            RowChange::Rename { from, cells } => {
                let mut row = rows.remove(from.as_str()).unwrap_or_default();
                row.extend(texts(cells));
                rows.insert(id.to_string(), row);
            }
            RowChange::Delete => {
                rows.remove(id.as_str());
            }
        }
    }
    let mut sorted: Vec<_> = rows.into_iter().collect();
    sorted.sort_by(|(left_id, left), (right_id, right)| {
        (left.get("name"), left_id).cmp(&(right.get("name"), right_id))
    });
    let header = columns.iter().map(|column| column.clone().into_bytes());
    let mut records = vec![header.collect::<Vec<_>>()];
    records.extend(sorted.into_iter().map(|(id, row)| {
        let cell = |column: &String| match column.as_str() {
            "id" => id.clone(),
            other => row.get(other).cloned().unwrap_or_default(),
        };
        columns
            .iter()
            .map(|column| cell(column).into_bytes())
            .collect()
    }));
    records
}

fn account(
    id: NativeIdentity,
    name: String,
    cells: BTreeMap<AccountAttribute, String>,
) -> LiveAccount {
    LiveAccount {
        id: format!("a-{id}").into(),
        native_identity: id,
        name: name.into(),
        cells,
        several: BTreeSet::new(),
        identity: None,
        manually_correlated: None,
        is_machine: None,
        created: None,
    }
}
