//! The accounts of a managed source: which rows the next import changes.

use crate::draft::{Against, Draft, NewStep};
use crate::view::{live_source, source_ref};
use model::{
    AccountAttribute, AccountRow, AccountSpec, Action, Address, Fields, Live, LiveAccount,
    LiveSource, Operation, Reason, RowChange, SourceName, Spec,
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
    let found: BTreeMap<_, _> = match source.map(|source| source.accounts.complete()) {
        None => BTreeMap::new(),
        Some(Ok(accounts)) => accounts
            .iter()
            .map(|account| (&account.native_identity, account))
            .collect(),
        Some(Err(why)) => {
            for account in spec.accounts_of(name) {
                let address = Address::Account(account.key.clone());
                draft.block_unread(address, &format!("the accounts of \"{name}\""), why);
            }
            return;
        }
    };
    let first = draft.planned([Address::Source(name.clone()), Address::Schema(name.clone())]);
    for account in spec.accounts_of(name) {
        let Some(row) = &account.row else { continue };
        match found.get(&row.id) {
            None => create(draft, live, account, row, &first),
            Some(there) => update(draft, live, account, row, there, &first),
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

fn update(
    draft: &mut Draft,
    live: &Live,
    account: &AccountSpec,
    row: &AccountRow,
    there: &LiveAccount,
    first: &[Address],
) {
    let cells = row.cells();
    // An attribute without a value and an empty cell are the same in a CSV file.
    let as_it_is: BTreeMap<AccountAttribute, String> = cells
        .keys()
        .map(|column| {
            (
                column.clone(),
                there.cells.get(column).cloned().unwrap_or_default(),
            )
        })
        .collect();
    if as_it_is == cells {
        return;
    }
    // What feeds the identity's uid may delete and re-create the identity, and
    // its tokens with it.
    let renamed = as_it_is.get("name") != cells.get("name");
    let step = draft.step(NewStep {
        address: Address::Account(account.key.clone()),
        action: Action::Update,
        reason: Reason::FieldsDiffer,
        before: Some(as_fields(&as_it_is)),
        after: Some(as_fields(&cells)),
        operation: import(live, account, row, RowChange::Upsert { cells }),
    });
    step.against(there.fingerprint())
        .after(first.iter().cloned());
    step.destructive = renamed;
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
