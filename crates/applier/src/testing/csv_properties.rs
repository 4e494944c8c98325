//! Property of the rows of an import: any table of any Unicode cells goes out, and another
//! reader gets it back unchanged, or the row that would be lost is refused by name.

use super::csv_reader::records;
use crate::rows::{RowError, csv, vanishing};
use model::{FileSettings, LiveAccount};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Any characters, and those that mean something to some reader of such files.
fn cell() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "|",
        "\r",
        "\n",
        "\r\n",
        "\n#",
        "=1+1",
        "+",
        "-",
        "@",
        "#",
        "\u{feff}",
        "\0",
        " ",
        "\u{a0}",
        "\u{85}",
        "\u{2028}",
        "😀",
        "e\u{301}",
        "\u{202e}",
        "\\",
        "'",
        "\u{ffff}",
        "\u{10ffff}",
    ]);
    let piece = prop_oneof![
        special.prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-z]{1,3}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn filled() -> impl Strategy<Value = String> {
    cell().prop_filter("an id or a column is never empty", |text| !text.is_empty())
}

#[derive(Debug)]
struct Table {
    columns: Vec<String>,
    /// By id.
    rows: BTreeMap<String, BTreeMap<String, String>>,
    file: FileSettings,
}

prop_compose! {
    fn table()(
        extra in prop::collection::btree_set(filled(), 0..3),
        seeds in prop::collection::btree_map(filled(), prop::collection::vec(cell(), 4), 0..8),
        turn in 0..5_usize,
        delimiter in prop::sample::select(vec![",", ";", "\t", "|", " ", "#"]),
        comment in prop::sample::select(vec![None, Some("#"), Some("//")]),
    ) -> Table {
        let mut columns = vec!["id".to_owned(), "name".to_owned()];
        columns.extend(extra.into_iter().filter(|column| !["id", "name"].contains(&column.as_str())));
        let by = turn % columns.len();
        columns.rotate_left(by);
        let rows = seeds.into_iter().map(|(id, cells)| {
            let others = columns.iter().filter(|column| *column != "id").cloned();
            (id, others.zip(cells).collect())
        });
        Table {
            rows: rows.collect(),
            columns,
            file: FileSettings {
                delimiter: delimiter.to_owned(),
                comment: comment.map(str::to_owned),
                ..FileSettings::default()
            },
        }
    }
}

impl Table {
    fn live(&self) -> Vec<LiveAccount> {
        let account = |(id, cells): (&String, &BTreeMap<String, String>)| LiveAccount {
            id: format!("a-{id}").into(),
            native_identity: id.as_str().into(),
            name: cells.get("name").cloned().unwrap_or_default().into(),
            cells: cells
                .iter()
                .map(|(column, cell)| (column.as_str().into(), cell.clone()))
                .collect(),
            several: BTreeSet::new(),
            identity: None,
            manually_correlated: None,
            is_machine: None,
            created: None,
        };
        self.rows.iter().map(account).collect()
    }

    fn cell<'a>(&'a self, id: &'a str, column: &str) -> &'a str {
        match column {
            "id" => id,
            other => self.rows[id].get(other).map_or("", String::as_str),
        }
    }

    /// The header and the rows, sorted by id.
    fn expected(&self) -> Vec<Vec<Vec<u8>>> {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let header = self.columns.iter().map(|column| bytes(column)).collect();
        let row = |id: &String| {
            let cells = self.columns.iter();
            cells.map(|column| bytes(self.cell(id, column))).collect()
        };
        std::iter::once(header)
            .chain(self.rows.keys().map(row))
            .collect()
    }

    /// The ids of rows that cannot be sent.
    fn unsafe_rows(&self) -> BTreeSet<&str> {
        let is_unsafe = |id: &&str| {
            self.cell(id, "name").is_empty() || self.file.skips(self.cell(id, &self.columns[0]))
        };
        let ids = self.rows.keys().map(String::as_str);
        ids.filter(is_unsafe).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_table_comes_back_or_its_row_is_refused_by_name(table in table()) {
        let live = table.live();
        let unsafe_rows = table.unsafe_rows();
        match csv(&table.columns, &live, &BTreeMap::new(), &table.file) {
            Ok(file) => {
                prop_assert_eq!(&unsafe_rows, &BTreeSet::new());
                let delimiter = table.file.delimiter.as_bytes()[0];
                let mut back = records(&file, delimiter);
                let id = table.columns.iter().position(|column| column == "id").unwrap();
                back[1..].sort_by(|left, right| left[id].cmp(&right[id]));
                prop_assert_eq!(back, table.expected());
                let lost = vanishing(&live, &BTreeMap::new(), &file, &table.file);
                prop_assert_eq!(lost, Vec::<&model::NativeIdentity>::new());
            }
            Err(RowError::NoName(id) | RowError::Comment(id)) => {
                prop_assert!(unsafe_rows.contains(id.as_str()), "{:?} is refused", id);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
