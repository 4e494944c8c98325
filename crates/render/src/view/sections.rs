//! Sections of a plan: groups in order, accounts with the same steps combined.

use super::group::GroupView;
use super::row::RowView;
use super::shape::{Outline, ShapeLine, end_of_replaced, kind_of_label, new_end};
use crate::count::counted;
use std::collections::{BTreeMap, BTreeSet};

/// From this many accounts with the same steps on, they are combined.
const ALIKE: usize = 5;

/// One group, or several accounts combined.
#[derive(Clone, Debug)]
pub(crate) enum Section<'a> {
    /// One source or account.
    One(&'a GroupView),
    /// Accounts with the same steps.
    Alike(Alike<'a>),
}

/// Accounts with the same steps: what all of them get, and what only some do.
#[derive(Clone, Debug)]
pub(crate) struct Alike<'a> {
    pub(crate) lines: Vec<CommonLine<'a>>,
    /// The accounts that are the same in all of it, the fewest first.
    pub(crate) variants: Vec<Variant<'a>>,
    /// How many accounts there are.
    pub(crate) count: usize,
    blocked: bool,
}

/// A step that all of them have.
#[derive(Clone, Debug)]
pub(crate) struct CommonLine<'a> {
    pub(crate) line: &'a ShapeLine,
    /// What all of them get; none where they differ.
    pub(crate) text: Option<&'a str>,
    /// How many tokens are replaced, and when the first of them ends; or when tokens end that
    /// are created or changed, from the first to the last.
    pub(crate) ends: Option<String>,
}

/// Accounts that get the same.
#[derive(Clone, Debug)]
pub(crate) struct Variant<'a> {
    /// What these get in the steps in which the accounts differ.
    pub(crate) own: Vec<&'a ShapeLine>,
    /// At least one.
    pub(crate) accounts: Vec<&'a GroupView>,
}

/// The groups as sections; with `full` every group is shown by itself. Accounts that only
/// wait for a person are left out: what they need is said of all of them together.
pub(crate) fn sections(groups: &[GroupView], full: bool) -> Vec<Section<'_>> {
    let groups = || groups.iter().filter(|group| !group.only_waits());
    let mut alike: BTreeMap<Outline<'_>, Vec<&GroupView>> = BTreeMap::new();
    for group in groups().filter(|group| !full && group.shape.is_common()) {
        alike.entry(group.shape.outline()).or_default().push(group);
    }
    alike.retain(|_, accounts| accounts.len() >= ALIKE);
    let mut sections: Vec<Section<'_>> = Vec::new();
    for group in groups() {
        if full || !group.shape.is_common() {
            sections.push(Section::One(group));
            continue;
        }
        match alike.get_mut(&group.shape.outline()) {
            None => sections.push(Section::One(group)),
            // The section stands where its first account would.
            Some(accounts) if !accounts.is_empty() => {
                sections.push(Section::Alike(Alike::of(std::mem::take(accounts))));
            }
            Some(_) => {}
        }
    }
    sections
}

impl<'a> Alike<'a> {
    fn of(accounts: Vec<&'a GroupView>) -> Self {
        let count = accounts.len();
        let first: &[ShapeLine] = accounts.first().map_or(&[], |one| one.shape.lines());
        let blocked = accounts.first().is_some_and(|one| one.shape.is_blocked());
        let mut common = vec![true; first.len()];
        for account in &accounts {
            let lines = first.iter().zip(account.shape.lines());
            for (is_common, (one, other)) in common.iter_mut().zip(lines) {
                *is_common &= one.text == other.text;
            }
        }
        let own = |account: &'a GroupView| -> Vec<&'a ShapeLine> {
            let lines = account.shape.lines().iter().zip(&common);
            lines
                .filter(|(_, is_common)| !**is_common)
                .map(|(line, _)| line)
                .collect()
        };
        let lines = first
            .iter()
            .zip(&common)
            .map(|(line, is_common)| CommonLine {
                line,
                text: is_common.then_some(line.text.as_str()),
                ends: first_end(line, &accounts).or_else(|| new_ends(line, &accounts)),
            });
        let lines = lines.collect();
        let mut places: BTreeMap<Vec<&ShapeLine>, usize> = BTreeMap::new();
        let mut variants: Vec<Variant<'a>> = Vec::new();
        for account in accounts {
            let own = own(account);
            let next = variants.len();
            let place = *places.entry(own.clone()).or_insert(next);
            match variants.get_mut(place) {
                Some(variant) => variant.accounts.push(account),
                None => variants.push(Variant {
                    own,
                    accounts: vec![account],
                }),
            }
        }
        // What few get is what a reader must not overlook.
        variants.sort_by_key(|variant| variant.accounts.len());
        Self {
            lines,
            variants,
            count,
            blocked,
        }
    }
}

/// How many tokens a step of several accounts replaces, and when the first of them ends.
fn first_end(line: &ShapeLine, accounts: &[&GroupView]) -> Option<String> {
    let ends: Vec<&str> = rows_of(line, accounts)
        .filter_map(end_of_replaced)
        .collect();
    // Dates are written so that the earliest sorts first.
    let first = ends.iter().min()?;
    Some(format!(
        "{}, the first of them valid until {first}",
        counted(ends.len(), "token")
    ))
}

/// When the tokens of a step of several accounts end, and when they ended before: a date of one
/// of them must not be overlooked because the dates of tokens differ anyway.
fn new_ends(line: &ShapeLine, accounts: &[&GroupView]) -> Option<String> {
    let changes: Vec<(Option<&str>, &str)> = rows_of(line, accounts).filter_map(new_end).collect();
    // Dates are written so that the earliest sorts first.
    let range = |dates: &mut dyn Iterator<Item = &str>| {
        let dates: BTreeSet<&str> = dates.collect();
        let (first, last) = (*dates.first()?, *dates.last()?);
        Some(if first == last {
            first.to_owned()
        } else {
            format!("{first} to {last}")
        })
    };
    let after = range(&mut changes.iter().map(|(_, after)| *after))?;
    let before = range(&mut changes.iter().filter_map(|(before, _)| *before));
    Some(match before {
        Some(before) => format!("expires {before} → {after}"),
        None => format!("expires {after}"),
    })
}

/// The rows of a step that several accounts have.
fn rows_of<'a>(
    line: &'a ShapeLine,
    accounts: &'a [&GroupView],
) -> impl Iterator<Item = &'a RowView> {
    let rows = accounts.iter().flat_map(|account| &account.rows);
    rows.filter(|row| row.kind.mark() == line.mark && kind_of_label(&row.label) == line.label)
}

/// The sections with those accounts by themselves that must not be overlooked, each
/// variant of them before the others of its section.
pub(crate) fn set_apart<'a>(
    sections: Vec<Section<'a>>,
    is_apart: impl Fn(&GroupView) -> bool,
) -> Vec<Section<'a>> {
    let of = |accounts: Vec<&'a GroupView>| match accounts.as_slice() {
        [] => None,
        [one] => Some(Section::One(one)),
        _ => Some(Section::Alike(Alike::of(accounts))),
    };
    let mut all = Vec::with_capacity(sections.len());
    for section in sections {
        let alike = match section {
            Section::Alike(alike) if alike.variants.len() > 1 => alike,
            Section::One(_) | Section::Alike(_) => {
                all.push(section);
                continue;
            }
        };
        let mut others = Vec::new();
        for variant in alike.variants {
            if variant.accounts.first().is_some_and(|one| is_apart(one)) {
                all.extend(of(variant.accounts));
            } else {
                others.extend(variant.accounts);
            }
        }
        all.extend(of(others));
    }
    all
}

impl Variant<'_> {
    /// What these get, each text once.
    pub(crate) fn text(&self) -> String {
        let mut texts: Vec<String> = Vec::new();
        for line in &self.own {
            let label = line.label.replace(' ', "\u{a0}");
            let text = match line.label.as_str() {
                // The row of an account has nothing to say but its address.
                "account" => line.text.clone(),
                _ if line.text.is_empty() => label,
                _ => format!("{label} {}", line.text),
            };
            // An address is in the row and in the invitation.
            let address = line
                .text
                .rsplit(' ')
                .next()
                .filter(|word| word.contains('@'));
            let is_said =
                address.is_some_and(|address| texts.iter().any(|said| said.ends_with(address)));
            if !is_said && !text.is_empty() {
                texts.push(text);
            }
        }
        texts.join(" · ")
    }
}

impl Section<'_> {
    /// What it is about.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::One(group) => group.title.clone(),
            Self::Alike(alike) => {
                let number = counted(alike.count, "account");
                match (alike.blocked, alike.variants.len()) {
                    (true, 1) => format!("{number} blocked for the same reason"),
                    (true, _) => format!("{number} blocked"),
                    (false, 1) => format!("{number} with the same change"),
                    (false, _) => format!("{number} with the same steps"),
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
    use crate::view::shape::Shape;
    use model::{Action, Address, Blocked, BlockedReason, Reason, Step, Unmanaged, Who};
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
            holds: None,
        };
        let row = RowView {
            destructive,
            ..RowView::of_unmanaged(&unmanaged)
        };
        (0..number)
            .map(|index| group(&format!("c{index}"), vec![row.clone()]))
            .collect()
    }

    /// How many are shown one by one, and of the combined ones how many of each variant.
    fn shown(groups: &[GroupView], full: bool) -> (usize, Vec<Vec<usize>>) {
        let sections = sections(groups, full);
        let one = |section: &&Section<'_>| matches!(section, Section::One(_));
        let together = sections.iter().filter_map(|section| match section {
            Section::Alike(alike) => Some(
                alike
                    .variants
                    .iter()
                    .map(|variant| variant.accounts.len())
                    .collect(),
            ),
            Section::One(_) => None,
        });
        (sections.iter().filter(one).count(), together.collect())
    }

    #[test]
    fn accounts_with_the_same_steps_are_combined_from_five_on() {
        for (groups, full, expected) in [
            (changing(4, false), false, (4, vec![])),
            (changing(5, false), false, (0, vec![vec![5]])),
            (changing(5, false), true, (5, vec![])),
            (changing(51, true), false, (51, vec![])),
            (waiting(4), false, (0, vec![])),
            (waiting(9), true, (0, vec![])),
            (
                [changing(60, false), waiting(9)].concat(),
                false,
                (0, vec![vec![60]]),
            ),
        ] {
            assert_eq!(shown(&groups, full), expected);
        }
    }

    #[test]
    fn rotations_that_are_combined_say_why_and_when_the_first_token_ends() {
        let rotation = |name: &str, day: u32| {
            let fields =
                |text: String| serde_json::from_value(serde_json::json!({"expires": text})).ok();
            let step = Step {
                action: Action::Replace,
                reason: Reason::RotationDue,
                before: fields(format!("2026-12-{day:02}")),
                after: fields("2027-03-01".to_owned()),
                ..crate::testing::step(Address::Token(name.into(), "report".into()))
            };
            group(name, vec![RowView::of_step(&step, false)])
        };
        let days = [9, 4, 30, 12, 5];
        let groups: Vec<GroupView> = (0..)
            .zip(days)
            .map(|(index, day)| rotation(&format!("r{index}"), day))
            .collect();
        let sections = sections(&groups, false);
        let Some(Section::Alike(alike)) = sections.first() else {
            panic!("{sections:?}");
        };
        assert_eq!(alike.variants.len(), 1);
        assert_eq!(alike.lines[0].text, Some("the token expires soon"));
        assert_eq!(
            alike.lines[0].ends.as_deref(),
            Some("5 tokens, the first of them valid until 2026-12-04")
        );
    }

    #[test]
    fn tokens_that_are_combined_say_when_the_first_and_the_last_end() {
        let changed = |name: &str, before: Option<&str>, after: &str| {
            let fields =
                |text: &str| serde_json::from_value(serde_json::json!({"expires": text})).ok();
            let step = Step {
                action: before.map_or(Action::Create, |_| Action::Update),
                before: before.and_then(fields),
                after: fields(after),
                ..crate::testing::step(Address::Token(name.into(), "report".into()))
            };
            group(name, vec![RowView::of_step(&step, false)])
        };
        for (before, last, expected) in [
            (None, "2027-01-26", "expires 2027-01-26"),
            (None, "2027-05-26", "expires 2027-01-26 to 2027-05-26"),
            (
                Some("2027-02-25"),
                "2027-01-26",
                "expires 2027-02-25 → 2027-01-26",
            ),
            (
                Some("2027-02-25"),
                "2027-05-26",
                "expires 2027-02-25 → 2027-01-26 to 2027-05-26",
            ),
        ] {
            let mut groups: Vec<GroupView> = (0..5)
                .map(|index| changed(&format!("r{index}"), before, "2027-01-26"))
                .collect();
            groups.push(changed("r9", before, last));
            let sections = sections(&groups, false);
            let Some(Section::Alike(alike)) = sections.first() else {
                panic!("{sections:?}");
            };
            assert_eq!(alike.lines[0].ends.as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_few_get_comes_first() {
        let mut groups = changing(7, false);
        for group in groups.iter_mut().skip(5) {
            let mut text = "ORG_ADMIN".to_owned();
            std::mem::swap(&mut group.shape.lines[0].text, &mut text);
        }
        assert_eq!(shown(&groups, false), (0, vec![vec![2, 5]]));
        let sections = sections(&groups, false);
        let Some(Section::Alike(alike)) = sections.first() else {
            panic!("{sections:?}");
        };
        assert_eq!(alike.variants[0].text(), "token ORG_ADMIN");
        assert_eq!(alike.count, 7);
        let is_admin = |group: &GroupView| group.shape.lines()[0].text == "ORG_ADMIN";
        let counts: Vec<usize> = set_apart(sections, is_admin)
            .iter()
            .map(|section| match section {
                Section::One(_) => 1,
                Section::Alike(alike) => alike.count,
            })
            .collect();
        assert_eq!(counts, [2, 5]);
    }
}
