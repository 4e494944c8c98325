//! Sections of a plan: groups in order, similar accounts combined.

use super::group::GroupView;
use super::shape::Shape;
use crate::count::counted;
use std::collections::BTreeMap;

/// More accounts than this with the same kind of change are not shown one by one.
const MANY: usize = 50;
/// How many of them are shown as examples.
const EXAMPLES: usize = 3;
/// More accounts than this that are blocked for the same reason are combined.
const MANY_WAITING: usize = 3;

/// One group, or several accounts combined.
#[derive(Clone, Debug)]
pub(crate) enum Section<'a> {
    /// One source or account.
    One(&'a GroupView),
    /// Accounts of the same shape.
    Alike {
        /// At least one.
        accounts: Vec<&'a GroupView>,
        /// Whether some of them were shown before, as examples.
        rest: bool,
    },
}

/// The groups as sections; with `full` every group is shown by itself.
pub(crate) fn sections(groups: &[GroupView], full: bool) -> Vec<Section<'_>> {
    let mut alike: BTreeMap<&Shape, usize> = BTreeMap::new();
    for group in groups.iter().filter(|group| group.shape.is_common()) {
        *alike.entry(&group.shape).or_default() += 1;
    }
    let mut sections: Vec<Section<'_>> = Vec::new();
    // Where the section of a shape is, and how many of it were shown before.
    let mut open: BTreeMap<&Shape, usize> = BTreeMap::new();
    let mut shown: BTreeMap<&Shape, usize> = BTreeMap::new();
    for group in groups {
        let number = alike.get(&group.shape).copied().unwrap_or(0);
        let shown = shown.entry(&group.shape).or_default();
        let one_by_one = if full || number == 0 {
            usize::MAX
        } else if group.shape.is_blocked() && number > MANY_WAITING {
            0
        } else if number > MANY {
            EXAMPLES
        } else {
            usize::MAX
        };
        if *shown < one_by_one {
            *shown += 1;
            sections.push(Section::One(group));
            continue;
        }
        let opened = open.get(&group.shape).copied();
        if let Some(Section::Alike { accounts, .. }) =
            opened.and_then(|place| sections.get_mut(place))
        {
            accounts.push(group);
        } else {
            open.insert(&group.shape, sections.len());
            sections.push(Section::Alike {
                accounts: vec![group],
                rest: *shown > 0,
            });
        }
    }
    sections
}

impl Section<'_> {
    /// What it is about.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::One(group) => group.title.clone(),
            Self::Alike { accounts, rest } => {
                let number = counted(accounts.len(), "account");
                let blocked = accounts.first().is_some_and(|one| one.shape.is_blocked());
                match (blocked, rest) {
                    (true, false) => format!("{number} blocked for the same reason"),
                    (_, true) => format!(
                        "and {} with the same kind of change",
                        counted(accounts.len(), "more account")
                    ),
                    (false, false) => format!("{number} with the same kind of change"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::group::GroupKind;
    use crate::view::row::RowView;
    use model::{Address, Blocked, BlockedReason, Unmanaged, Who};
    use std::collections::BTreeMap;

    fn group(name: &str, rows: Vec<RowView>) -> GroupView {
        GroupView {
            kind: GroupKind::Account,
            title: name.to_owned(),
            subtitle: String::new(),
            stage: None,
            shape: Shape::of(&rows, name, name),
            rows,
        }
    }

    fn waiting(number: usize) -> Vec<GroupView> {
        let row = |name: &str| {
            let blocked = Blocked {
                address: Address::Token(name.into(), "report".into()),
                reason: BlockedReason::NotRegistered,
                message: format!("{name} is not registered"),
                remedy: String::new(),
                who: Who::Operator,
            };
            RowView::of_blocked(&blocked, true, &BTreeMap::new())
        };
        (0..number)
            .map(|index| format!("w{index}"))
            .map(|name| group(&name, vec![row(&name)]))
            .collect()
    }

    fn changing(number: usize, destructive: bool) -> Vec<GroupView> {
        let unmanaged = Unmanaged {
            address: Address::Token("c".into(), "report".into()),
            name: "report".to_owned(),
            source: None,
        };
        let row = RowView {
            destructive,
            ..RowView::of_unmanaged(&unmanaged)
        };
        (0..number)
            .map(|index| group(&format!("c{index}"), vec![row.clone()]))
            .collect()
    }

    /// How many are shown one by one, and how many combined.
    fn shown(groups: &[GroupView], full: bool) -> (usize, Vec<(usize, bool)>) {
        let sections = sections(groups, full);
        let one = |section: &&Section<'_>| matches!(section, Section::One(_));
        let together = sections.iter().filter_map(|section| match section {
            Section::Alike { accounts, rest } => Some((accounts.len(), *rest)),
            Section::One(_) => None,
        });
        (sections.iter().filter(one).count(), together.collect())
    }

    #[test]
    fn many_similar_accounts_are_combined() {
        for (groups, full, expected) in [
            (changing(50, false), false, (50, vec![])),
            (changing(51, false), false, (3, vec![(48, true)])),
            (changing(51, false), true, (51, vec![])),
            (changing(51, true), false, (51, vec![])),
            (waiting(3), false, (3, vec![])),
            (waiting(4), false, (0, vec![(4, false)])),
            (waiting(4), true, (4, vec![])),
            (
                [changing(60, false), waiting(9)].concat(),
                false,
                (3, vec![(57, true), (9, false)]),
            ),
        ] {
            assert_eq!(shown(&groups, full), expected);
        }
    }
}
