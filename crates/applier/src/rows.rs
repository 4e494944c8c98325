//! CSV rows of an import: the full state of a source's accounts.
//!
//! An import is never a delta: an account whose row is missing is deleted. So
//! every live row is sent again cell for cell, unless a step of the plan names
//! it.

use model::{AccountAttribute, FileSettings, LiveAccount, NativeIdentity, RowChange, is_same_cell};
use std::collections::{BTreeMap, BTreeSet};

/// Why an import is not sent: it would lose data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowError {
    /// An observed or declared cell has no column.
    #[error(
        "account {account} has a value for \"{column}\", but the source's CSV template has no such column (it has {template})"
    )]
    NoColumn {
        /// The account.
        account: NativeIdentity,
        /// The column.
        column: AccountAttribute,
        /// The template's columns.
        template: String,
    },
    /// An account would be sent without its name.
    #[error("account {0} has no name; an import would blank it")]
    NoName(NativeIdentity),
    /// The source identifies accounts by another attribute than `id`.
    #[error(
        "account {account} has the id \"{cell}\" in its cells, so the source identifies accounts by another attribute; an import would overwrite it"
    )]
    OtherId {
        /// The account, by what identifies it.
        account: NativeIdentity,
        /// Its cell.
        cell: String,
    },
    /// The template does not have the columns that identify an account.
    #[error("the source's CSV template has no column \"{0}\"")]
    NoKeyColumn(&'static str),
    /// An account that is to be deleted does not exist.
    #[error("account {0} is to be deleted, but no longer exists")]
    NothingToDelete(NativeIdentity),
    /// ISC would take the row for a comment and delete the account.
    #[error(
        "the row of account {0} begins with the comment character of the source, so ISC would skip it and delete the account"
    )]
    Comment(NativeIdentity),
    /// One cell of the row would have to hold several values.
    #[error("account {account} has several values in \"{column}\", which one cell cannot hold")]
    SeveralValues {
        /// The account.
        account: NativeIdentity,
        /// The column.
        column: AccountAttribute,
    },
    /// The source reads files in another way than they are written.
    #[error("the source has `{setting}` set to `{value}`, which the import does not follow")]
    Unsupported {
        /// The connector attribute.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// The rows could not be written as CSV.
    #[error("cannot write the rows as CSV: {0}")]
    Write(String),
}

/// All rows of the import, sorted by account name, under the template's columns.
///
/// # Errors
/// Where a cell or a row would be lost that no step changes.
pub(crate) fn csv(
    columns: &[String],
    live: &[LiveAccount],
    changes: &BTreeMap<&NativeIdentity, &RowChange>,
    file: &FileSettings,
) -> Result<Vec<u8>, RowError> {
    if let Some(found) = file.unsupported().into_iter().next() {
        return Err(RowError::Unsupported {
            setting: found.setting,
            value: found.value,
        });
    }
    let delimiter = file.delimiter_byte().unwrap_or(b',');
    for key in ["id", "name"] {
        if !columns.iter().any(|column| column == key) {
            return Err(RowError::NoKeyColumn(key));
        }
    }
    let mut rows = merge(live, changes)?.into_iter().collect::<Vec<_>>();
    refuse_several_values(live, changes)?;
    for (account, cells) in &rows {
        if let Some(column) = cells
            .iter()
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, _)| column)
            .find(|column| !columns.iter().any(|known| known == column.as_str()))
        {
            return Err(RowError::NoColumn {
                account: (*account).clone(),
                column: column.clone(),
                template: columns.join(", "),
            });
        }
    }
    let name = AccountAttribute::from("name");
    if let Some((account, _)) = rows
        .iter()
        .find(|(_, cells)| cells.get(&name).is_none_or(String::is_empty))
    {
        return Err(RowError::NoName((*account).clone()));
    }
    for (account, cells) in &rows {
        let first = columns
            .first()
            .and_then(|column| cells.get(column.as_str()));
        if first.is_some_and(|cell| file.skips(cell)) {
            return Err(RowError::Comment((*account).clone()));
        }
    }
    rows.sort_by(|(left_id, left), (right_id, right)| {
        (left.get(&name), left_id).cmp(&(right.get(&name), right_id))
    });

    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let failed = |error: csv::Error| RowError::Write(error.to_string());
    writer.write_record(columns).map_err(failed)?;
    for (_, cells) in &rows {
        let record = columns
            .iter()
            .map(|column| cells.get(column.as_str()).map_or("", String::as_str));
        writer.write_record(record).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| RowError::Write(error.to_string()))
}

/// Refuses rows with several values in one attribute, unless a step sets its cell.
fn refuse_several_values(
    live: &[LiveAccount],
    changes: &BTreeMap<&NativeIdentity, &RowChange>,
) -> Result<(), RowError> {
    let renamed: BTreeMap<&NativeIdentity, &BTreeMap<AccountAttribute, String>> = changes
        .values()
        .filter_map(|change| match change {
            RowChange::Rename { from, cells } => Some((from, cells)),
            RowChange::Upsert { .. } | RowChange::Delete => None,
        })
        .collect();
    for account in live {
        let id = &account.native_identity;
        let set = match changes.get(id) {
            Some(RowChange::Delete) => continue,
            Some(RowChange::Upsert { cells }) => Some(cells),
            Some(RowChange::Rename { .. }) | None => renamed.get(id).copied(),
        };
        if let Some(column) = account
            .several
            .iter()
            .find(|column| !set.is_some_and(|cells| cells.contains_key(*column)))
        {
            return Err(RowError::SeveralValues {
                account: id.clone(),
                column: column.clone(),
            });
        }
    }
    Ok(())
}

/// The cells of every account after the changes.
fn merge<'a>(
    live: &'a [LiveAccount],
    changes: &BTreeMap<&'a NativeIdentity, &RowChange>,
) -> Result<BTreeMap<&'a NativeIdentity, BTreeMap<AccountAttribute, String>>, RowError> {
    if let Some((account, cell)) = live.iter().find_map(|account| {
        let cell = account.cells.get("id")?;
        (cell != account.native_identity.as_str()).then_some((account, cell))
    }) {
        return Err(RowError::OtherId {
            account: account.native_identity.clone(),
            cell: cell.clone(),
        });
    }
    let mut rows: BTreeMap<&NativeIdentity, BTreeMap<AccountAttribute, String>> = live
        .iter()
        .map(|account| {
            let mut cells = account.cells.clone();
            cells.insert("id".into(), account.native_identity.to_string());
            (&account.native_identity, cells)
        })
        .collect();
    for (account, change) in changes {
        match change {
            RowChange::Upsert { cells } => {
                let row = rows.entry(account).or_default();
                set_cells(row, cells);
                // A row is what its id says, whatever cells it was given.
                row.insert("id".into(), account.to_string());
            }
            RowChange::Rename { from, cells } => {
                let mut renamed = rows
                    .remove(from)
                    .ok_or_else(|| RowError::NothingToDelete(from.clone()))?;
                renamed.insert("id".into(), account.to_string());
                set_cells(&mut renamed, cells);
                rows.insert(account, renamed);
            }
            RowChange::Delete => {
                rows.remove(account)
                    .ok_or_else(|| RowError::NothingToDelete((*account).clone()))?;
            }
        }
    }
    Ok(rows)
}

/// Sets the cells of a row. A cell that a plan takes for the same as the observed one
/// stays as it is, letter by letter: no plan shows its change, and where it feeds the user
/// name, ISC would make the identity anew.
fn set_cells(
    row: &mut BTreeMap<AccountAttribute, String>,
    cells: &BTreeMap<AccountAttribute, String>,
) {
    for (column, cell) in cells {
        match row.get(column) {
            Some(observed) if is_same_cell(column.as_str(), cell, observed) => {}
            Some(_) | None => {
                row.insert(column.clone(), cell.clone());
            }
        }
    }
}

/// The observed accounts that the import would delete although no step does.
///
/// It parses the bytes that are sent, on purpose: deleting accounts cannot be
/// undone, so what [`csv`] wrote is checked independently of how it wrote it.
pub(crate) fn vanishing<'a>(
    live: &'a [LiveAccount],
    changes: &BTreeMap<&NativeIdentity, &RowChange>,
    csv: &[u8],
    file: &FileSettings,
) -> Vec<&'a NativeIdentity> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(file.delimiter_byte().unwrap_or(b','))
        .from_reader(csv);
    let column = reader
        .headers()
        .ok()
        .and_then(|headers| headers.iter().position(|header| header == "id"));
    let renamed: BTreeSet<&NativeIdentity> = changes
        .values()
        .filter_map(|change| match change {
            RowChange::Rename { from, .. } => Some(from),
            RowChange::Upsert { .. } | RowChange::Delete => None,
        })
        .collect();
    let sent: BTreeSet<String> = reader
        .records()
        .flatten()
        .filter_map(|record| record.get(column?).map(str::to_owned))
        .collect();
    live.iter()
        .map(|account| &account.native_identity)
        .filter(|account| {
            !sent.contains(account.as_str())
                && !renamed.contains(account)
                && !matches!(changes.get(account), Some(RowChange::Delete))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn account(id: &str, cells: &[(&str, &str)]) -> LiveAccount {
        let mut all: BTreeMap<AccountAttribute, String> = cells
            .iter()
            .map(|(column, cell)| ((*column).into(), (*cell).to_owned()))
            .collect();
        all.insert("id".into(), id.to_owned());
        LiveAccount {
            id: format!("account-{id}").into(),
            native_identity: id.into(),
            name: all.get("name").cloned().unwrap_or_default().into(),
            cells: all,
            identity: None,
            manually_correlated: None,
            is_machine: None,
            several: BTreeSet::new(),
            created: None,
        }
    }

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn upsert(cells: &[(&str, &str)]) -> RowChange {
        RowChange::Upsert {
            cells: cells
                .iter()
                .map(|(column, cell)| ((*column).into(), (*cell).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn kept_changed_new_and_deleted_rows() {
        let live = [
            account("1", &[("name", "zed"), ("team", "a, \"b\"")]),
            account("2", &[("name", "bob"), ("team", "x")]),
            account("3", &[("name", "old")]),
        ];
        let (changed, new) = (
            upsert(&[("name", "bob2")]),
            upsert(&[("id", "4"), ("name", "amy")]),
        );
        let changes = BTreeMap::from([
            (&live[1].native_identity, &changed),
            (&live[2].native_identity, &RowChange::Delete),
        ]);
        let id: NativeIdentity = "4".into();
        let mut changes = changes;
        changes.insert(&id, &new);
        let bytes = csv(
            &columns(&["id", "name", "team"]),
            &live,
            &changes,
            &FileSettings::default(),
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "id,name,team\r\n4,amy,\r\n2,bob2,x\r\n1,zed,\"a, \"\"b\"\"\"\r\n"
        );
        assert!(vanishing(&live, &changes, &bytes, &FileSettings::default()).is_empty());
        changes.remove(&live[2].native_identity);
        assert_eq!(
            vanishing(&live, &changes, &bytes, &FileSettings::default()),
            [&live[2].native_identity]
        );
    }

    #[test]
    fn a_cell_that_no_plan_changes_is_sent_letter_by_letter_as_it_was() {
        let observed = [
            ("name", "amy"),
            ("e-mail", "Amy@example.com "),
            ("team", "x"),
        ];
        let live = [account("1", &observed)];
        let declared = [
            ("name", "amy"),
            ("e-mail", "amy@example.com"),
            ("team", "y"),
        ];
        let change = upsert(&declared);
        let bytes = csv(
            &columns(&["id", "name", "e-mail", "team"]),
            &live,
            &BTreeMap::from([(&live[0].native_identity, &change)]),
            &FileSettings::default(),
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "id,name,e-mail,team\r\n1,amy,Amy@example.com ,y\r\n"
        );
    }

    #[test]
    fn a_row_with_another_id_takes_all_cells_along() {
        let live = [
            account("1", &[("name", "amy"), ("team", "x")]),
            account("2", &[("name", "bob")]),
        ];
        let id: NativeIdentity = "9".into();
        let rename = RowChange::Rename {
            from: "1".into(),
            cells: BTreeMap::from([("id".into(), "9".into()), ("name".into(), "zoe".into())]),
        };
        let changes = BTreeMap::from([(&id, &rename)]);
        let bytes = csv(
            &columns(&["id", "name", "team"]),
            &live,
            &changes,
            &FileSettings::default(),
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "id,name,team\r\n2,bob,\r\n9,zoe,x\r\n"
        );
        assert!(vanishing(&live, &changes, &bytes, &FileSettings::default()).is_empty());
        assert_eq!(
            csv(
                &columns(&["id", "name", "team"]),
                &live[1..],
                &changes,
                &FileSettings::default()
            ),
            Err(RowError::NothingToDelete("1".into()))
        );
    }

    #[test]
    fn nothing_is_lost_in_silence() {
        let live = [account("1", &[("name", "a"), ("team", "x")])];
        let none = BTreeMap::new();
        assert!(matches!(
            csv(
                &columns(&["id", "name"]),
                &live,
                &none,
                &FileSettings::default()
            ),
            Err(RowError::NoColumn { .. })
        ));
        assert_eq!(
            csv(&columns(&["id"]), &live, &none, &FileSettings::default()),
            Err(RowError::NoKeyColumn("name"))
        );
        let nameless = [account("1", &[("name", "a")]), account("2", &[])];
        assert_eq!(
            csv(
                &columns(&["id", "name"]),
                &nameless,
                &none,
                &FileSettings::default()
            ),
            Err(RowError::NoName("2".into()))
        );
        let gone: NativeIdentity = "9".into();
        assert_eq!(
            csv(
                &columns(&["id", "name", "team"]),
                &live,
                &[(&gone, &RowChange::Delete)].into(),
                &FileSettings::default()
            ),
            Err(RowError::NothingToDelete(gone.clone()))
        );
    }

    proptest! {
        #[test]
        fn kept_rows_come_back_cell_for_cell(
            cells in prop::collection::btree_map("[a-z0-9]{1,6}", ("\\PC{1,12}", "(?s).{0,12}"), 0..8),
        ) {
            let live: Vec<LiveAccount> = cells
                .iter()
                .map(|(id, (name, purpose))| account(id, &[("name", name), ("purpose", purpose)]))
                .collect();
            let bytes = csv(&columns(&["id", "name", "purpose"]), &live, &BTreeMap::new(), &FileSettings::default()).unwrap();
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let back: BTreeMap<String, (String, String)> = reader
                .records()
                .map(|record| {
                    let record = record.unwrap();
                    (record[0].to_owned(), (record[1].to_owned(), record[2].to_owned()))
                })
                .collect();
            prop_assert_eq!(back, cells);
            prop_assert!(vanishing(&live, &BTreeMap::new(), &bytes, &FileSettings::default()).is_empty());
        }
    }
}
