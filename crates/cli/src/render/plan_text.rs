//! A plan for a terminal.

use super::style::{counted, mark, to_do};
use super::text_difference::on_one_line;
use crate::view::field::{FieldChange, FieldView};
use crate::view::plan::{GroupView, PlanView};
use crate::view::row::{RowKind, RowView};
use model::{Plan, Verdict};
use owo_colors::OwoColorize;
use std::fmt::Write as _;

/// The whole plan: groups, guards, what could not be read, and a summary line.
pub(crate) fn render(plan: &Plan, view: &PlanView) -> String {
    let mut text = String::new();
    for group in &view.groups {
        push_group(&mut text, group);
    }
    push_incomplete(&mut text, plan);
    push_guards(&mut text, plan);
    let _ = writeln!(text, "{}", summary(plan, view));
    text
}

/// One line that says what the plan comes to.
pub(crate) fn summary(plan: &Plan, view: &PlanView) -> String {
    let mut parts: Vec<String> = view
        .counts
        .iter()
        .map(|(action, count)| to_do(*action, *count))
        .collect();
    if parts.is_empty() {
        parts.push("no changes".green().to_string());
    }
    if view.blocked > 0 {
        parts.push(format!("{} blocked", view.blocked).yellow().to_string());
    }
    if view.unmanaged > 0 {
        parts.push(
            format!("{} not declared", view.unmanaged)
                .dimmed()
                .to_string(),
        );
    }
    if view.unchanged_accounts > 0 {
        let unchanged = format!(
            "{} as declared",
            counted(view.unchanged_accounts, "account")
        );
        parts.push(unchanged.dimmed().to_string());
    }
    let mut line = format!("{} {}", "Plan:".bold(), parts.join(", "));
    let estimate = plan.estimate;
    let read = usize::try_from(estimate.read_requests).unwrap_or(usize::MAX);
    let cost = if plan.is_empty() {
        format!(" ({} to read)", counted(read, "request"))
    } else {
        format!(
            " ({} to read, about {} to apply: {} s at ISC's rate limit)",
            counted(read, "request"),
            estimate.requests,
            estimate.seconds
        )
    };
    line.push_str(&cost.dimmed().to_string());
    line
}

fn push_group(text: &mut String, group: &GroupView) {
    let title = match group.subtitle.as_str() {
        "source" => format!("{} {}", "source".dimmed(), group.title.bold()),
        "" => group.title.bold().to_string(),
        subtitle => format!("{} {}", group.title.bold(), subtitle),
    };
    let stage = group.stage.map_or_else(String::new, |stage| {
        format!(" ({stage})").dimmed().to_string()
    });
    let _ = writeln!(text, "{title}{stage}");
    let width = group
        .rows
        .iter()
        .map(|row| row.label.chars().count())
        .max()
        .unwrap_or(0);
    for row in &group.rows {
        push_row(text, row, width);
    }
    text.push('\n');
}

fn push_row(text: &mut String, row: &RowView, width: usize) {
    let label = format!("{:width$}", row.label);
    let label = match row.kind {
        RowKind::Unmanaged => label.dimmed().to_string(),
        RowKind::Step(_) | RowKind::Import | RowKind::Blocked => label,
    };
    let on_the_line = match row.fields.as_slice() {
        [FieldView { change, .. }] => change_text(change),
        _ => String::new(),
    };
    let mut parts = vec![row.note.clone(), on_the_line];
    if row.destructive && row.kind != RowKind::Import {
        parts.push("cannot be undone by another apply".red().to_string());
    }
    parts.retain(|part| !part.is_empty());
    let line = format!(
        "  {} {label}  {}",
        mark(row.kind.mark(), row.destructive),
        parts.join(" · ")
    );
    let _ = writeln!(text, "{}", line.trim_end());
    if row.fields.len() > 1 {
        let names = row
            .fields
            .iter()
            .map(|field| field.name.chars().count())
            .max()
            .unwrap_or(0);
        for field in &row.fields {
            let name = format!("{:names$}", field.name);
            let _ = writeln!(
                text,
                "      {} {}",
                name.dimmed(),
                change_text(&field.change)
            );
        }
    }
}

fn change_text(change: &FieldChange) -> String {
    match change {
        FieldChange::Set(value) => value.clone(),
        FieldChange::Gone(value) => value.red().to_string(),
        FieldChange::Text { before, after } => on_one_line(before, after),
        FieldChange::List {
            added,
            removed,
            kept,
        } => {
            let mut parts: Vec<String> = Vec::new();
            parts.extend(
                added
                    .iter()
                    .map(|item| format!("+{item}").green().to_string()),
            );
            parts.extend(
                removed
                    .iter()
                    .map(|item| format!("-{item}").red().to_string()),
            );
            parts.extend(kept.iter().map(|item| item.dimmed().to_string()));
            parts.join(" ")
        }
    }
}

fn push_incomplete(text: &mut String, plan: &Plan) {
    if plan.incomplete.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}", "Not read completely".yellow().bold());
    for (collection, why) in &plan.incomplete {
        let _ = writeln!(text, "  {} {collection}: {why}", mark("!", false));
    }
    let _ = writeln!(
        text,
        "  Nothing is created or deleted because of a partial answer.\n"
    );
}

fn push_guards(text: &mut String, plan: &Plan) {
    for guard in &plan.guards {
        let (word, colour) = match guard.verdict {
            Verdict::Refused => ("refused", true),
            Verdict::Lifted => ("allowed", false),
        };
        let word = if colour {
            word.red().bold().to_string()
        } else {
            word.yellow().to_string()
        };
        let _ = writeln!(
            text,
            "{word} by guard {}: {}",
            guard.name.bold(),
            guard.message
        );
        if guard.verdict == Verdict::Refused {
            let _ = writeln!(text, "  {} {}", "help:".cyan(), guard.remedy);
        }
        text.push('\n');
    }
}
