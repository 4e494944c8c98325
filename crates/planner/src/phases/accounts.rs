//! The accounts of a managed source: which rows the next import changes.

use crate::draft::{Against, Draft, NewStep};
use crate::phases::rename::{Earlier, Renames};
use crate::problems::AT_TENANT;
use crate::view::{live_source, source_ref};
use model::{
    AccountAttribute, AccountRow, AccountSpec, Action, Address, BlockedReason, Fields, Live,
    LiveAccount, LiveSource, Operation, Problem, Reason, RowChange, SourceName, Spec, Who,
};
use serde_json::json;
use std::collections::BTreeMap;

/// Plans the rows of all declared accounts of a source. Rows that go are
/// planned by [`crate::phases::deletion`].
pub(crate) fn plan(draft: &mut Draft, spec: &Spec, live: &Live, name: &SourceName) {
    let source = live_source(live, name);
    if source.is_none() && !draft.plans(&Address::Source(name.clone())) {
        return;
    }
    if source.is_some_and(|source| source.kind != LiveSource::DELIMITED_FILE) {
        return;
    }
    let accounts: &[LiveAccount] = match source.map(|source| source.accounts.complete()) {
        None => &[],
        Some(Ok(accounts)) => accounts,
        Some(Err(why)) => {
            for account in spec.accounts_of(name) {
                let address = Address::Account(account.key.clone());
                draft.block_unread(address, &format!("the accounts of \"{name}\""), why);
            }
            return;
        }
    };
    let found: BTreeMap<_, _> = accounts
        .iter()
        .map(|account| (&account.native_identity, account))
        .collect();
    let renames = Renames::of(spec, name, accounts);
    let first = draft.planned([Address::Source(name.clone()), Address::Schema(name.clone())]);
    for account in spec.accounts_of(name) {
        let Some(row) = &account.row else { continue };
        match (found.get(&row.id), renames.of_account(&account.key)) {
            (_, Some(Earlier::Moves(earlier))) => {
                rename(draft, live, account, row, earlier, &first);
            }
            (_, Some(Earlier::Several(accounts))) => refuse_choice(draft, account, accounts),
            (Some(there), both) => {
                if let Some(Earlier::Both(earlier)) = both {
                    block_both(draft, account, earlier);
                }
                update(draft, live, account, row, there, &first);
            }
            (None, _) => create(draft, live, account, row, &first),
        }
    }
}

fn create(
    draft: &mut Draft,
    live: &Live,
    account: &AccountSpec,
    row: &AccountRow,
    first: &[Address],
) {
    let cells = row.cells();
    draft
        .step(NewStep {
            address: Address::Account(account.key.clone()),
            action: Action::Create,
            reason: Reason::NotInTenant,
            before: None,
            after: Some(as_fields(&cells)),
            operation: import(live, account, row, RowChange::Upsert { cells }),
        })
        .after(first.iter().cloned());
}

/// The account gets another id: one row goes and the other comes, in one import.
fn rename(
    draft: &mut Draft,
    live: &Live,
    account: &AccountSpec,
    row: &AccountRow,
    earlier: &LiveAccount,
    first: &[Address],
) {
    let cells = row.cells();
    let change = RowChange::Rename {
        from: earlier.native_identity.clone(),
        cells: cells.clone(),
    };
    let step = draft.step(NewStep {
        address: Address::Account(account.key.clone()),
        action: Action::Replace,
        reason: Reason::IdChanges,
        before: Some(as_fields(&as_it_is(earlier, &cells))),
        after: Some(as_fields(&cells)),
        operation: import(live, account, row, change),
    });
    step.against(earlier.fingerprint())
        .after(first.iter().cloned());
    step.destructive = true;
}

/// The account is there under both ids. Which of the two is meant to go on
/// cannot be known, so the earlier one is left alone.
fn block_both(draft: &mut Draft, account: &AccountSpec, earlier: &LiveAccount) {
    let key = &account.key;
    let id = &earlier.native_identity;
    draft.block(
        Address::Account(key.clone()),
        BlockedReason::RenameUnclear,
        format!("{id}, which `previously` says {key} was, is there beside {key}"),
        format!(
            "remove `previously` from {key}, and {id} is treated as an account that no file declares"
        ),
        Who::Operator,
    );
}

fn refuse_choice(draft: &mut Draft, account: &AccountSpec, accounts: &[&LiveAccount]) {
    let name = account.previously.name.as_ref();
    let ids: Vec<&str> = accounts
        .iter()
        .map(|account| account.native_identity.as_str())
        .collect();
    draft.problems.push(Problem {
        code: AT_TENANT,
        address: Address::Account(account.key.clone()),
        field: Some("previously.name".to_owned()),
        message: format!(
            "{} accounts on \"{}\" are named `{}`",
            accounts.len(),
            account.source,
            name.map_or("", AsRef::as_ref)
        ),
        help: format!(
            "say which one it was: `previously: {{id: …}}` with one of {}",
            ids.join(", ")
        ),
    });
}

fn update(
    draft: &mut Draft,
    live: &Live,
    account: &AccountSpec,
    row: &AccountRow,
    there: &LiveAccount,
    first: &[Address],
) {
    let cells = row.cells();
    let before = as_it_is(there, &cells);
    if before == cells {
        return;
    }
    // What feeds the identity's uid may delete and re-create the identity, and
    // its tokens with it.
    let renamed = before.get("name") != cells.get("name");
    let step = draft.step(NewStep {
        address: Address::Account(account.key.clone()),
        action: Action::Update,
        reason: if renamed {
            Reason::NameChanges
        } else {
            Reason::FieldsDiffer
        },
        before: Some(as_fields(&before)),
        after: Some(as_fields(&cells)),
        operation: import(live, account, row, RowChange::Upsert { cells }),
    });
    step.against(there.fingerprint())
        .after(first.iter().cloned());
    step.destructive = renamed;
}

/// The declared cells as they are. An attribute without a value and an empty
/// cell are the same in a CSV file.
fn as_it_is(
    there: &LiveAccount,
    declared: &BTreeMap<AccountAttribute, String>,
) -> BTreeMap<AccountAttribute, String> {
    declared
        .keys()
        .map(|column| {
            let cell = there.cells.get(column).cloned().unwrap_or_default();
            (column.clone(), cell)
        })
        .collect()
}

fn import(live: &Live, account: &AccountSpec, row: &AccountRow, change: RowChange) -> Operation {
    Operation::ImportRow {
        source: source_ref(live, &account.source),
        source_name: account.source.clone(),
        native_identity: row.id.clone(),
        change,
    }
}

/// A row's cells as the fields of a step, under the names of the CSV columns.
pub(crate) fn as_fields(cells: &BTreeMap<AccountAttribute, String>) -> Fields {
    cells
        .iter()
        .map(|(column, cell)| (column.to_string(), json!(cell)))
        .collect()
}
