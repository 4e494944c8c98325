//! Tests of rows whose account has several values in one attribute.

use crate::rows::{RowError, csv};
use model::{AccountAttribute, FileSettings, LiveAccount, NativeIdentity, RowChange};
use std::collections::BTreeMap;

fn account(id: &str, several: &[&str]) -> LiveAccount {
    let cells = [("id", id), ("name", "amy"), ("team", "x")];
    LiveAccount {
        id: format!("account-{id}").into(),
        native_identity: id.into(),
        name: "amy".into(),
        cells: set(&cells),
        identity: None,
        manually_correlated: None,
        is_machine: None,
        several: several.iter().map(|column| (*column).into()).collect(),
        created: None,
    }
}

fn set(cells: &[(&str, &str)]) -> BTreeMap<AccountAttribute, String> {
    let pairs = cells.iter();
    pairs
        .map(|(column, cell)| ((*column).into(), (*cell).to_owned()))
        .collect()
}

/// One cell cannot hold them, so an import would lose all but one, unless a step says
/// what the cell is or deletes the row.
#[test]
fn a_row_with_several_values_is_sent_only_where_a_step_sets_them() {
    let (kept, other): (NativeIdentity, NativeIdentity) = ("1".into(), "2".into());
    let upsert = |cells: &[(&str, &str)]| RowChange::Upsert { cells: set(cells) };
    let rename = |cells: &[(&str, &str)]| RowChange::Rename {
        from: "1".into(),
        cells: set(cells),
    };
    let columns = ["id", "name", "team"].map(str::to_owned);
    for (name, id, change, sent) in [
        ("kept", &other, None, false),
        (
            "changed elsewhere",
            &kept,
            Some(upsert(&[("name", "bob")])),
            false,
        ),
        ("set", &kept, Some(upsert(&[("team", "y")])), true),
        ("deleted", &kept, Some(RowChange::Delete), true),
        ("renamed", &other, Some(rename(&[("name", "bob")])), false),
        (
            "renamed and set",
            &other,
            Some(rename(&[("team", "y")])),
            true,
        ),
        (
            "another row is set",
            &other,
            Some(upsert(&[("name", "b"), ("team", "y")])),
            false,
        ),
    ] {
        let changes = change.iter().map(|change| (id, change)).collect();
        let live = [account("1", &["team"])];
        let found = csv(&columns, &live, &changes, &FileSettings::default());
        let refused = RowError::SeveralValues {
            account: "1".into(),
            column: "team".into(),
        };
        assert_eq!(found.is_ok(), sent, "{name}: {found:?}");
        if !sent {
            assert_eq!(found, Err(refused), "{name}");
        }
        // With one value in each there is nothing to lose.
        let live = [account("1", &[])];
        assert!(
            csv(&columns, &live, &changes, &FileSettings::default()).is_ok(),
            "{name}"
        );
    }
}
