//! Parts of a Markdown comment, each complete in itself.

use super::escape::{code, fence, prose};
use crate::count::counted;
use crate::terminal::{self, Layout};
use crate::view::PlanView;
use crate::view::WaitingView;
use crate::view::group::{GroupKind, GroupView};
use crate::view::notes::PARTIAL_READ;
use crate::view::powers::{Powers, Unlike};
use crate::view::sections::Section;
use crate::view::selection::SelectionView;
use crate::view::stores::StoreView;
use crate::view::waiting::HumanStep;
use std::fmt::Write as _;

/// A part that is shown in full, or in one line, or not.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) full: String,
    /// The same in one line.
    pub(super) short: String,
    /// What it is called where it is left out.
    pub(super) name: String,
    pub(super) importance: Importance,
}

/// What is left out last comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Importance {
    /// Why the plan cannot be applied, or not completely.
    Refusal,
    /// What is irreversible.
    Loss,
    /// What gives rights, or goes to places, that few others have.
    Unlike(Unlike),
    Change,
    Waiting,
}

/// What the plan says as a whole: problems, guards, what could not be read.
pub(super) fn notes(view: &PlanView) -> Vec<Block> {
    let mut blocks: Vec<Block> = view.selection.iter().map(selection).collect();
    for problem in &view.problems {
        let place = problem.place.as_ref().unwrap_or(&problem.address);
        let head = format!("**{}** {}", code(&problem.code), prose(&problem.message));
        blocks.push(alert(
            "CAUTION",
            &[
                &head,
                &format!("At {}", code(place)),
                &format!("Help: {}", prose(&problem.help)),
            ],
            &problem.code,
        ));
    }
    for guard in &view.guards {
        let head = format!(
            "**{} by guard** {}: {}",
            if guard.refuses { "Refused" } else { "Allowed" },
            code(&guard.name),
            prose(&guard.message)
        );
        blocks.push(if guard.refuses {
            alert(
                "CAUTION",
                &[&head, &format!("Help: {}", prose(&guard.remedy))],
                &guard.name,
            )
        } else {
            alert("WARNING", &[&head], &guard.name)
        });
    }
    if let Some(sentence) = view.redacted() {
        let head = format!("**Redacted:** {}", prose(&sentence));
        blocks.push(alert("WARNING", &[&head], "redacted"));
    }
    for incomplete in &view.incomplete {
        let head = format!(
            "**Partial read:** {}: {}",
            prose(&incomplete.collection),
            prose(&incomplete.why)
        );
        blocks.push(alert(
            "WARNING",
            &[&head, PARTIAL_READ],
            &incomplete.collection,
        ));
    }
    blocks
}

fn selection(view: &SelectionView) -> Block {
    let head = format!("**Selected:** {}", prose(&view.said.join(", ")));
    let mut lines = vec![head];
    lines.extend(view.also.iter().map(|one| format!("also {}", prose(one))));
    lines.extend(view.without.iter().map(|one| format!("not {}", prose(one))));
    lines.extend(view.rest());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    alert("NOTE", &lines, "what was selected")
}

fn alert(kind: &str, lines: &[&str], name: &str) -> Block {
    let mut full = format!("> [!{kind}]\n");
    for line in lines {
        let _ = writeln!(full, "> {line}<br>");
    }
    full.push('\n');
    Block {
        short: lines
            .first()
            .map_or_else(String::new, |line| format!("> {line}\n\n")),
        full,
        name: name.to_owned(),
        importance: Importance::Refusal,
    }
}

/// One source or account, or accounts that are alike.
pub(super) fn section(section: &Section<'_>, powers: &Powers) -> Block {
    let body = terminal::lines(section, Layout::block());
    let head = head(section);
    let groups: Vec<&GroupView> = match section {
        Section::One(group) => vec![*group],
        // Of each variant one stands for the others.
        Section::Alike(alike) => {
            let variants = alike.variants.iter();
            variants
                .filter_map(|variant| variant.accounts.first().copied())
                .collect()
        }
    };
    let (gets, unlike) = groups
        .into_iter()
        .map(|one| powers.ranked(one))
        .min_by_key(|(_, unlike)| *unlike)
        .unwrap_or((Vec::new(), Unlike::Not));
    let destructive = matches!(section, Section::One(group) if group.is_destructive());
    let (open, mark) = if destructive {
        (" open", "&#9888;&#65039; ")
    } else {
        ("", "")
    };
    Block {
        full: format!(
            "<details{open}><summary>{mark}{head}</summary>\n\n{}\n</details>\n\n",
            fence("diff", &body)
        ),
        short: format!("{mark}{head}{}<br>\n", shortened(&gets)),
        name: section.title(),
        importance: match (destructive, unlike) {
            (true, _) => Importance::Loss,
            (false, Unlike::Not) => Importance::Change,
            (false, unlike) => Importance::Unlike(unlike),
        },
    }
}

/// So many bytes of what an account gets stand in its one line.
const MOST_OF_POWERS: usize = 300;

/// What an account gets, for its one line.
fn shortened(gets: &[String]) -> String {
    let mut text = String::new();
    for (number, one) in gets.iter().enumerate() {
        let before = if number == 0 { ": " } else { ", " };
        let one = code(one);
        if text.len() + one.len() > MOST_OF_POWERS {
            let _ = write!(text, "{before}and {} more", gets.len() - number);
            break;
        }
        text.push_str(before);
        text.push_str(&one);
    }
    text
}

/// More marks than this are counted.
const MOST_MARKS: usize = 8;

fn head(section: &Section<'_>) -> String {
    let (mut head, marks): (String, Vec<String>) = match section {
        Section::One(group) => (
            name(group),
            group
                .rows
                .iter()
                .map(|row| format!("{} {}", row.kind.mark(), row.label))
                .collect(),
        ),
        Section::Alike(alike) => (
            format!("<b>{}</b>", prose(&section.title())),
            alike
                .lines
                .iter()
                .map(|common| format!("{} {}", common.line.mark, common.line.label))
                .collect(),
        ),
    };
    let (shown, rest) = marks.split_at(marks.len().min(MOST_MARKS));
    let shown: Vec<String> = shown.iter().map(|mark| code(mark)).collect();
    let _ = write!(head, " &nbsp; {}", shown.join(" "));
    if !rest.is_empty() {
        let _ = write!(head, " and {} more", rest.len());
    }
    head
}

fn name(group: &GroupView) -> String {
    let title = code(&group.title);
    let mut name = match group.kind {
        GroupKind::Source => format!("source <b>{title}</b>"),
        GroupKind::Account if group.subtitle.is_empty() => format!("<b>{title}</b>"),
        GroupKind::Account => format!("<b>{title}</b> {}", code(&group.subtitle)),
        GroupKind::UnmanagedAccount if group.subtitle.is_empty() => {
            format!("<b>{title}</b> unmanaged")
        }
        GroupKind::UnmanagedAccount => {
            format!("<b>{title}</b> {} unmanaged", code(&group.subtitle))
        }
    };
    if let Some(stage) = &group.stage {
        let _ = write!(name, " ({})", prose(stage));
    }
    name
}

/// A store, and who can read it.
pub(super) fn store(view: &StoreView) -> Block {
    let head = format!("- store {} ({})", code(&view.name), prose(&view.kind));
    let mut full = format!("{head}\n");
    for (name, value) in &view.facts {
        let _ = writeln!(full, "  - {} {}", prose(name), code(value));
    }
    full.push('\n');
    Block {
        full,
        short: format!("{head}\n\n"),
        name: view.name.clone(),
        importance: Importance::Change,
    }
}

/// More accounts than this are counted.
const MOST_ACCOUNTS: usize = 20;

/// What people have to do for some accounts.
pub(super) fn waiting(view: &WaitingView) -> Block {
    let names: Vec<String> = view
        .accounts
        .iter()
        .map(|account| {
            if account.name == account.key {
                code(&account.key)
            } else {
                format!("{} {}", code(&account.key), prose(&account.name))
            }
        })
        .collect();
    let (shown, rest) = names.split_at(names.len().min(MOST_ACCOUNTS));
    let mut names = shown.join(", ");
    if !rest.is_empty() {
        let _ = write!(names, " and {} more", rest.len());
    }
    let mut full = match view.steps.as_slice() {
        [only] => format!("- {names}: {}\n", step(only)),
        several => {
            several
                .iter()
                .zip(1..)
                .fold(format!("- {names}\n"), |mut list, (one, number)| {
                    let _ = writeln!(list, "  {number}. {}", step(one));
                    list
                })
        }
    };
    if let Some(why) = &view.why {
        let _ = writeln!(full, "\n  Why: {}", prose(why));
    }
    if let Some(next) = &view.next {
        let _ = writeln!(full, "\n  Next: {}", prose(next));
    }
    let commands = view.accounts.iter().map(|one| one.commands.as_slice());
    if let Some(commands) = commands.into_iter().find(|commands| !commands.is_empty()) {
        let commands: Vec<String> = commands.iter().map(|one| code(one)).collect();
        let _ = writeln!(full, "\n  Simulated tenant: {}", commands.join(", then "));
    }
    full.push('\n');
    let who = view.steps.first().map_or("", |first| first.who.as_str());
    let count = count(view.accounts.len());
    Block {
        full,
        short: format!("- {count}: **{}**\n\n", prose(who)),
        name: count,
        importance: Importance::Waiting,
    }
}

fn step(step: &HumanStep) -> String {
    format!("**{}:** {}", prose(&step.who), prose(&step.what))
}

fn count(accounts: usize) -> String {
    let verb = if accounts == 1 { "needs" } else { "need" };
    format!("{} {verb} action", counted(accounts, "account"))
}
