//! Classifies the row of a declared account: missing, renamed, different, matching, unread.

use super::earlier::EarlierOutcome;
use crate::presence::Presence;
use crate::uid::Feeds;
use model::{AccountAttribute, AccountRow, Incomplete, LiveAccount};
use std::collections::BTreeMap;

/// How a declared row compares with the account on its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AccountOutcome<'a> {
    /// The accounts of the source were not read completely.
    Unread(&'a Incomplete),
    /// The source has no such account, under no id that it ever had.
    Missing,
    /// The account exists under its earlier id only.
    IdDiffers(&'a LiveAccount),
    /// Several accounts can be the earlier one.
    EarlierUnclear(&'a [&'a LiveAccount]),
    /// An account exists under the earlier id, too. The earlier one is left alone.
    EarlierBeside {
        /// The account under the earlier id.
        earlier: &'a LiveAccount,
        /// How the row compares with the account under the present id.
        row: Box<Self>,
    },
    /// All declared cells are as declared.
    Matches,
    /// What feeds the identity's uid differs, and perhaps other cells.
    UidDiffers {
        /// The account.
        account: &'a LiveAccount,
        /// Whether it is the name.
        is_name: bool,
    },
    /// Cells that do not feed the uid differ.
    CellsDiffer(&'a LiveAccount),
}

/// Classifies a row of a managed source. `earlier` is what was found of the
/// account that it was before; none is found where the accounts are unread.
pub(crate) fn classify<'a>(
    declared: &AccountRow,
    observed: Presence<'a>,
    earlier: &'a EarlierOutcome<'a>,
    uid: &Feeds,
) -> AccountOutcome<'a> {
    match (observed, earlier) {
        (Presence::Unread(why), _) => AccountOutcome::Unread(why),
        (_, EarlierOutcome::Only(earlier)) => AccountOutcome::IdDiffers(earlier),
        (_, EarlierOutcome::Several(accounts)) => AccountOutcome::EarlierUnclear(accounts),
        (Presence::Absent, EarlierOutcome::None | EarlierOutcome::Beside(_)) => {
            AccountOutcome::Missing
        }
        (Presence::Present(account), EarlierOutcome::None) => compare(declared, account, uid),
        (Presence::Present(account), EarlierOutcome::Beside(earlier)) => {
            AccountOutcome::EarlierBeside {
                earlier,
                row: Box::new(compare(declared, account, uid)),
            }
        }
    }
}

fn compare<'a>(
    declared: &AccountRow,
    observed: &'a LiveAccount,
    uid: &Feeds,
) -> AccountOutcome<'a> {
    let cells = imported_cells(observed);
    let (mut differs, mut feeds_uid, mut is_name) = (false, false, false);
    for (column, cell) in declared.columns() {
        if cells.get(column).map_or("", String::as_str) == cell {
            continue;
        }
        differs = true;
        if uid.has(column) {
            feeds_uid = true;
            is_name |= column == "name";
        }
    }
    if feeds_uid {
        AccountOutcome::UidDiffers {
            account: observed,
            is_name,
        }
    } else if differs {
        AccountOutcome::CellsDiffer(observed)
    } else {
        AccountOutcome::Matches
    }
}

/// The observed cells of the declared columns. An attribute without a value and
/// an empty cell are the same in a CSV file.
pub(crate) fn observed_cells(
    observed: &LiveAccount,
    declared: &BTreeMap<AccountAttribute, String>,
) -> BTreeMap<AccountAttribute, String> {
    let cells = imported_cells(observed);
    declared
        .keys()
        .map(|column| {
            let cell = cells.get(column).cloned().unwrap_or_default();
            (column.clone(), cell)
        })
        .collect()
}

/// The part of an account that an import sets.
fn imported_cells(observed: &LiveAccount) -> &BTreeMap<AccountAttribute, String> {
    let LiveAccount {
        id: _,
        // The account was found by it.
        native_identity: _,
        // ISC's copy of a cell.
        name: _,
        cells,
        // Read by the classifiers of levels and tokens.
        identity: _,
        // Read by the classifier of ownership.
        manually_correlated: _,
        is_machine: _,
        created: _,
    } = observed;
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::{account, incomplete, live_account};

    #[test]
    fn each_outcome() {
        let why = incomplete();
        let row = account("SA-1", "audit01").row.unwrap();
        let same = live_account("SA-1", "audit01", "i");
        let mut more = same.clone();
        more.cells.insert("costCenter".into(), "4711".to_owned());
        let mut purpose = same.clone();
        purpose.cells.insert("purpose".into(), "x".to_owned());
        let mut cleared = same.clone();
        cleared.cells.remove("purpose");
        let renamed = live_account("SA-1", "audit00", "i");
        let earlier = live_account("SA-0", "audit01", "i");
        let accounts = [&earlier, &same];
        let none = EarlierOutcome::None;
        let only = EarlierOutcome::Only(&earlier);
        let beside = EarlierOutcome::Beside(&earlier);
        let several = EarlierOutcome::Several(accounts.to_vec());
        for (name, observed, before, expected) in [
            (
                "unread",
                Presence::Unread(&why),
                &none,
                AccountOutcome::Unread(&why),
            ),
            ("missing", Presence::Absent, &none, AccountOutcome::Missing),
            (
                "earlier id",
                Presence::Absent,
                &only,
                AccountOutcome::IdDiffers(&earlier),
            ),
            (
                "several earlier ones",
                Presence::Absent,
                &several,
                AccountOutcome::EarlierUnclear(&accounts),
            ),
            (
                "both ids",
                Presence::Present(&purpose),
                &beside,
                AccountOutcome::EarlierBeside {
                    earlier: &earlier,
                    row: Box::new(AccountOutcome::CellsDiffer(&purpose)),
                },
            ),
            (
                "matches",
                Presence::Present(&same),
                &none,
                AccountOutcome::Matches,
            ),
            (
                "a cell that no file declares",
                Presence::Present(&more),
                &none,
                AccountOutcome::Matches,
            ),
            (
                "another cell",
                Presence::Present(&purpose),
                &none,
                AccountOutcome::CellsDiffer(&purpose),
            ),
            (
                "a cell without a value",
                Presence::Present(&cleared),
                &none,
                AccountOutcome::CellsDiffer(&cleared),
            ),
            (
                "another name",
                Presence::Present(&renamed),
                &none,
                AccountOutcome::UidDiffers {
                    account: &renamed,
                    is_name: true,
                },
            ),
        ] {
            let uid = Feeds::These(["name".into()].into());
            assert_eq!(classify(&row, observed, before, &uid), expected, "{name}");
        }
    }
}
