//! The groups in the order in which they are told, with those that are alike
//! told together.

use super::group::GroupView;
use super::shape::Shape;
use std::collections::BTreeMap;

/// More accounts than this with the same kind of change are not told one by one.
const MANY: usize = 50;
/// So many of them are told as examples.
const EXAMPLES: usize = 3;
/// More accounts than this that only wait, and for the same, are told together.
const MANY_WAITING: usize = 3;

/// One group, or accounts that are told together.
#[derive(Clone, Debug)]
pub(crate) enum Section<'a> {
    /// One source or account.
    One(&'a GroupView),
    /// Accounts of the same shape.
    Alike {
        /// At least one.
        accounts: Vec<&'a GroupView>,
        /// Whether some of them were told before, as examples.
        rest: bool,
    },
}

/// The groups as sections; with `full` every group is told by itself.
pub(crate) fn sections(groups: &[GroupView], full: bool) -> Vec<Section<'_>> {
    let mut alike: BTreeMap<&Shape, usize> = BTreeMap::new();
    for group in groups.iter().filter(|group| group.shape.is_common()) {
        *alike.entry(&group.shape).or_default() += 1;
    }
    let mut sections: Vec<Section<'_>> = Vec::new();
    // Where the section of a shape is, and how many of it were told before.
    let mut open: BTreeMap<&Shape, usize> = BTreeMap::new();
    let mut told: BTreeMap<&Shape, usize> = BTreeMap::new();
    for group in groups {
        let number = alike.get(&group.shape).copied().unwrap_or(0);
        let told = told.entry(&group.shape).or_default();
        let one_by_one = if full || number == 0 {
            usize::MAX
        } else if group.shape.only_waits() && number > MANY_WAITING {
            0
        } else if number > MANY {
            EXAMPLES
        } else {
            usize::MAX
        };
        if *told < one_by_one {
            *told += 1;
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
                rest: *told > 0,
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
                let noun = if accounts.len() == 1 {
                    "account"
                } else {
                    "accounts"
                };
                let number = accounts.len();
                let waits = accounts.first().is_some_and(|one| one.shape.only_waits());
                match (waits, rest) {
                    (true, false) => format!("{number} {noun} that only wait"),
                    (_, true) => format!("and {number} more {noun} with the same kind of change"),
                    (false, false) => format!("{number} {noun} with the same kind of change"),
                }
            }
        }
    }
}
