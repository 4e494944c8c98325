//! Groups the lines of a plan by source and account.

use super::next_step::role_of;
use super::row::{Remedy, RowKind, RowView};
use super::shape::Shape;
use super::waiting;
use model::{
    AccountKey, AccountReport, Address, BlockedReason, Operation, Plan, RowChange, SourceName,
    Step, Unmanaged, Who, visible,
};
use std::collections::{BTreeMap, BTreeSet};

/// The lines of one source or one account.
#[derive(Clone, Debug)]
pub(crate) struct GroupView {
    pub(crate) kind: GroupKind,
    /// The source's name, or the account's key.
    pub(crate) title: String,
    /// The account's name, where it differs from the key.
    pub(crate) subtitle: String,
    /// How far the account is.
    pub(crate) stage: Option<String>,
    pub(crate) rows: Vec<RowView>,
    /// What similar accounts have in common.
    pub(crate) shape: Shape,
}

/// What a group is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupKind {
    Source,
    Account,
    /// An unmanaged account.
    UnmanagedAccount,
}

impl GroupView {
    /// Whether it is about nothing but a person who has to act, which is said elsewhere.
    pub(crate) fn only_waits(&self) -> bool {
        self.kind == GroupKind::Account
            && !self.rows.is_empty()
            && self.rows.iter().all(|row| {
                row.kind == RowKind::Blocked
                    && row
                        .remedy
                        .as_ref()
                        .is_some_and(|remedy| remedy.said_elsewhere)
            })
    }

    /// The key, and the name where that is another, which stay on one line.
    pub(crate) fn named(&self) -> String {
        if self.subtitle.is_empty() {
            self.title.clone()
        } else {
            format!("{}\u{a0}{}", self.title, self.subtitle)
        }
    }

    /// Whether something in it is irreversible.
    pub(crate) fn is_destructive(&self) -> bool {
        self.rows.iter().any(|row| row.destructive)
    }
}

/// The groups of the sources, by name.
pub(crate) fn of_sources(plan: &Plan, there: &BTreeMap<SourceName, usize>) -> Vec<GroupView> {
    let mut groups: BTreeMap<&SourceName, Vec<RowView>> = BTreeMap::new();
    let imports = imports(&plan.steps);
    let mut shown: BTreeSet<&SourceName> = BTreeSet::new();
    for step in &plan.steps {
        if let Some(name) = step.address.source() {
            let rows = groups.entry(name).or_default();
            rows.push(RowView::of_step(step, false));
        } else if let Operation::ImportRow { source_name, .. } = &step.operation
            && shown.insert(source_name)
        {
            // The import is shown once, where its first row stands.
            let steps = imports
                .get(source_name)
                .map_or(&[] as &[&Step], Vec::as_slice);
            groups
                .entry(source_name)
                .or_default()
                .push(RowView::of_import(
                    &Address::Source(source_name.clone()),
                    steps,
                    there.get(source_name).copied(),
                ));
        }
    }
    for blocked in &plan.blocked {
        if let Some(name) = blocked.address.source() {
            let rows = groups.entry(name).or_default();
            rows.push(RowView::of_blocked(blocked, false, &plan.incomplete));
        }
    }
    for unmanaged in &plan.unmanaged {
        if let Some(name) = &unmanaged.source {
            let rows = groups.entry(name).or_default();
            rows.push(RowView::of_unmanaged(unmanaged));
        }
    }
    // What to do is the same for all of them, and is said below the last.
    let holders: BTreeSet<&SourceName> = plan
        .unmanaged
        .iter()
        .filter(|unmanaged| unmanaged.may_hold())
        .filter_map(|unmanaged| unmanaged.source.as_ref())
        .collect();
    for name in holders {
        let rows = groups.get_mut(name).and_then(|rows| rows.last_mut());
        if let Some(row) = rows {
            row.remedy = Some(Remedy {
                what: Unmanaged::REMEDY.to_owned(),
                who: role_of(&Who::Operator),
                said_elsewhere: false,
            });
        }
    }
    groups
        .into_iter()
        .map(|(name, rows)| GroupView {
            kind: GroupKind::Source,
            title: visible(name.as_str()),
            subtitle: String::new(),
            stage: None,
            shape: Shape::alone(),
            rows,
        })
        .collect()
}

/// The groups of the accounts, by key, and how many declared accounts have
/// nothing to show.
pub(crate) fn of_accounts(plan: &Plan) -> (Vec<GroupView>, usize) {
    let reports: BTreeMap<&AccountKey, &AccountReport> = plan
        .accounts
        .iter()
        .map(|account| (&account.key, account))
        .collect();
    let several = sources_with_several_rows(&plan.steps);
    let mut rows: BTreeMap<&AccountKey, Vec<RowView>> = BTreeMap::new();
    for step in &plan.steps {
        if let Some(key) = step.address.account() {
            let in_table = matches!(&step.operation, Operation::ImportRow { source_name, .. } if several.contains(source_name));
            let rows = rows.entry(key).or_default();
            rows.push(RowView::of_step(step, in_table));
        }
    }
    for blocked in &plan.blocked {
        if let Some(key) = blocked.address.account() {
            let rows = rows.entry(key).or_default();
            let needs_a_person = reports.get(key).is_some_and(|report| {
                waiting::needs_a_person(report)
                    && report
                        .next
                        .as_ref()
                        .is_some_and(|next| next.what == blocked.remedy)
            });
            let moves_on = blocked.reason == BlockedReason::NotRegistered && !rows.is_empty();
            rows.push(RowView::of_blocked(
                blocked,
                needs_a_person || moves_on,
                &plan.incomplete,
            ));
        }
    }
    for unmanaged in &plan.unmanaged {
        if let (None, Some(key)) = (&unmanaged.source, unmanaged.address.account()) {
            let rows = rows.entry(key).or_default();
            rows.push(RowView::of_unmanaged(unmanaged));
        }
    }
    let unchanged = reports
        .keys()
        .filter(|key| !rows.contains_key(*key))
        .count();
    let names = names_of_unmanaged(plan);
    let groups = rows
        .into_iter()
        .map(|(key, rows)| {
            let name = names.get(key).map(String::as_str);
            of_account(key, reports.get(key).copied(), name, rows)
        })
        .collect();
    (groups, unchanged)
}

/// The names of accounts that no file declares: those that are kept, and those that go.
fn names_of_unmanaged(plan: &Plan) -> BTreeMap<&AccountKey, String> {
    let kept = plan.unmanaged.iter().filter_map(|unmanaged| {
        unmanaged.source.as_ref()?;
        Some((unmanaged.address.account()?, unmanaged.name.clone()))
    });
    let deleted = plan.steps.iter().filter_map(|step| {
        let Operation::ImportRow { change, .. } = &step.operation else {
            return None;
        };
        let name = step.before.as_ref()?.get("name")?.as_str()?.to_owned();
        (*change == RowChange::Delete).then_some((step.address.account()?, name))
    });
    kept.chain(deleted).collect()
}

fn of_account(
    key: &AccountKey,
    report: Option<&AccountReport>,
    unmanaged: Option<&str>,
    rows: Vec<RowView>,
) -> GroupView {
    let title = visible(key.as_str());
    let name = report.map(|report| report.name.as_str()).or(unmanaged);
    let name = name.map_or_else(String::new, visible);
    GroupView {
        kind: match report {
            Some(_) => GroupKind::Account,
            None => GroupKind::UnmanagedAccount,
        },
        shape: Shape::of(&rows, &title, &name),
        subtitle: if name == title { String::new() } else { name },
        title,
        stage: report.and_then(|report| Some(report.stage?.to_string())),
        rows,
    }
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

fn sources_with_several_rows(steps: &[Step]) -> BTreeSet<&SourceName> {
    imports(steps)
        .into_iter()
        .filter(|(_, steps)| steps.len() > 1)
        .map(|(name, _)| name)
        .collect()
}
