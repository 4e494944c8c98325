//! A plan, grouped by source and account.

use super::row::RowView;
use model::{AccountKey, Action, Address, Operation, Plan, SourceName, Stage, Step};
use std::collections::{BTreeMap, BTreeSet};

/// All that is shown of a plan, in the order in which it is shown.
#[derive(Clone, Debug)]
pub(crate) struct PlanView {
    /// Sources first, then accounts.
    pub(crate) groups: Vec<GroupView>,
    /// How many declared accounts have nothing to show.
    pub(crate) unchanged_accounts: usize,
    /// How many steps there are of each action.
    pub(crate) counts: Vec<(Action, usize)>,
    pub(crate) blocked: usize,
    pub(crate) unmanaged: usize,
}

/// What belongs to one source or one account.
#[derive(Clone, Debug)]
pub(crate) struct GroupView {
    pub(crate) title: String,
    /// The account's name, or nothing.
    pub(crate) subtitle: String,
    pub(crate) stage: Option<Stage>,
    pub(crate) rows: Vec<RowView>,
}

impl PlanView {
    pub(crate) fn new(plan: &Plan, accounts_there: &BTreeMap<SourceName, usize>) -> Self {
        let mut groups = source_groups(plan, accounts_there);
        let (accounts, unchanged_accounts) = account_groups(plan);
        groups.extend(accounts);
        let counts = Action::ALL
            .into_iter()
            .map(|action| {
                (
                    action,
                    plan.steps
                        .iter()
                        .filter(|step| step.action == action)
                        .count(),
                )
            })
            .filter(|(_, count)| *count > 0)
            .collect();
        Self {
            groups,
            unchanged_accounts,
            counts,
            blocked: plan.blocked.len(),
            unmanaged: plan.unmanaged.len(),
        }
    }
}

fn source_groups(plan: &Plan, there: &BTreeMap<SourceName, usize>) -> Vec<GroupView> {
    let mut groups: BTreeMap<&SourceName, Vec<RowView>> = BTreeMap::new();
    let imports = imports(&plan.steps);
    for step in &plan.steps {
        if let Some(name) = step.address.source() {
            groups.entry(name).or_default().push(RowView::of_step(step));
        } else if let Operation::ImportRow { source_name, .. } = &step.operation {
            let rows = groups.entry(source_name).or_default();
            // The import is shown once, where its first row stands.
            if !rows
                .iter()
                .any(|row| matches!(row.kind, super::row::RowKind::Import))
            {
                let steps = imports
                    .get(source_name)
                    .map_or(&[] as &[&Step], Vec::as_slice);
                let there = there.get(source_name).copied();
                rows.push(RowView::of_import(
                    Address::Source(source_name.clone()),
                    steps,
                    there,
                ));
            }
        }
    }
    for blocked in &plan.blocked {
        if let Some(name) = blocked.address.source() {
            groups
                .entry(name)
                .or_default()
                .push(RowView::of_blocked(blocked));
        }
    }
    for unmanaged in &plan.unmanaged {
        if let Some(name) = &unmanaged.source {
            groups
                .entry(name)
                .or_default()
                .push(RowView::of_unmanaged(unmanaged));
        }
    }
    groups
        .into_iter()
        .map(|(name, rows)| GroupView {
            title: name.to_string(),
            subtitle: "source".to_owned(),
            stage: None,
            rows,
        })
        .collect()
}

fn account_groups(plan: &Plan) -> (Vec<GroupView>, usize) {
    let mut rows: BTreeMap<&AccountKey, Vec<RowView>> = BTreeMap::new();
    for step in &plan.steps {
        if let Some(key) = step.address.account() {
            rows.entry(key).or_default().push(RowView::of_step(step));
        }
    }
    for blocked in &plan.blocked {
        if let Some(key) = blocked.address.account() {
            rows.entry(key)
                .or_default()
                .push(RowView::of_blocked(blocked));
        }
    }
    for unmanaged in plan
        .unmanaged
        .iter()
        .filter(|unmanaged| unmanaged.source.is_none())
    {
        if let Some(key) = unmanaged.address.account() {
            rows.entry(key)
                .or_default()
                .push(RowView::of_unmanaged(unmanaged));
        }
    }
    let declared: BTreeSet<&AccountKey> =
        plan.accounts.iter().map(|account| &account.key).collect();
    let unchanged = declared
        .iter()
        .filter(|key| !rows.contains_key(*key))
        .count();
    let groups = rows
        .into_iter()
        .map(|(key, rows)| {
            let report = plan.accounts.iter().find(|account| &account.key == key);
            GroupView {
                title: key.to_string(),
                subtitle: report.map_or_else(
                    || "not declared".to_owned(),
                    |report| {
                        if report.name.as_str() == key.as_str() {
                            String::new()
                        } else {
                            report.name.to_string()
                        }
                    },
                ),
                stage: report.and_then(|report| report.stage),
                rows,
            }
        })
        .collect();
    (groups, unchanged)
}

fn imports(steps: &[Step]) -> BTreeMap<&SourceName, Vec<&Step>> {
    let mut imports: BTreeMap<&SourceName, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        if let Operation::ImportRow { source_name, .. } = &step.operation {
            imports.entry(source_name).or_default().push(step);
        }
    }
    imports
}
