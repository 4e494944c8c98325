//! Property: rows of any cells survive an import that changes others.

use crate::site::{Rows, Site};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use tests::scale;

/// Any characters, and those that mean something to some reader of such files.
fn cell() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\n#",
        "=1+1",
        "=cmd|' /C calc'!A0",
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

/// Rows that people have added: ids and names are never empty, and no id begins a comment.
fn rows() -> impl Strategy<Value = Rows> {
    let id = cell().prop_filter("an id", |id| {
        !id.is_empty() && !id.starts_with('#') && !id.starts_with("BULK")
    });
    let name = cell().prop_filter("a name", |name| !name.is_empty());
    let row = (name, cell(), cell()).prop_map(|(name, email, purpose)| {
        let cells = [("name", name), ("e-mail", email), ("purpose", purpose)];
        let cells = cells.map(|(column, cell)| (column.to_owned(), cell));
        let cells = cells.into_iter().filter(|(_, cell)| !cell.is_empty());
        cells.collect::<BTreeMap<_, _>>()
    });
    prop::collection::btree_map(id, row, 30..60)
}

/// What may be declared: one line without control characters and blanks at its ends.
fn purpose() -> impl Strategy<Value = String> {
    let is_declarable = |letter: &char| {
        !letter.is_control()
            && !matches!(
                letter,
                '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}'..='\u{ffff}'
            )
    };
    cell().prop_map(move |text| {
        let text: String = text.chars().filter(is_declarable).collect();
        format!("={}.", text.trim())
    })
}

#[test]
fn any_rows_are_kept_cell_for_cell_and_declared_ones_arrive_as_written() {
    let config = Config {
        cases: 6,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let case = (rows(), purpose(), purpose());
    let result = runner.run(&case, |(added, first, second)| {
        let site = Site::new();
        for (id, cells) in &added {
            site.add(id, cells);
        }
        let mut expected = site.rows();
        prop_assert_eq!(expected.len(), added.len() + 2);
        for (number, purpose) in [&first, &second].into_iter().enumerate() {
            site.declare(number, purpose);
            let row = expected.get_mut(&scale::id(number)).unwrap();
            let _ = row.insert("purpose".to_owned(), purpose.clone());
        }
        let run = site.world.steersman("apply --auto-approve");
        prop_assert_eq!(run.code, 0, "{}", run.shown());
        prop_assert_eq!(site.tenant.count("importAccountsV1"), 1);
        prop_assert_eq!(site.rows(), expected);
        Ok(())
    });
    result.unwrap();
}
