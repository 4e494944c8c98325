//! Where accounts stand, and who has to do what next.

use super::style::counted;
use comfy_table::{ContentArrangement, Table, presets};
use model::{AccountReport, Plan, Who};
use owo_colors::OwoColorize;
use std::fmt::Write as _;

/// The stage of every declared account as a table.
pub(crate) fn table(plan: &Plan, width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = width {
        table.set_width(width);
    }
    table.set_header(["ID", "NAME", "SOURCE", "STAGE", "NEXT"]);
    for account in &plan.accounts {
        table.add_row([
            account.key.to_string(),
            account.name.to_string(),
            account.source.to_string(),
            stage(account),
            account.next.as_ref().map_or_else(
                || "nothing".to_owned(),
                |next| match &next.who {
                    Who::NextApply => next.what.clone(),
                    who => format!("{who}: {}", next.what),
                },
            ),
        ]);
    }
    table.trim_fmt()
}

/// The accounts that wait for somebody, each with the one next action; an empty
/// text where none does. `hint` may add a command for an account.
pub(crate) fn waiting(plan: &Plan, hint: impl Fn(&AccountReport) -> Option<String>) -> String {
    let waiting: Vec<&AccountReport> = plan
        .accounts
        .iter()
        .filter(|account| {
            account
                .next
                .as_ref()
                .is_some_and(|next| next.who != Who::NextApply)
        })
        .collect();
    let mut text = String::new();
    if waiting.is_empty() {
        return text;
    }
    let verb = if waiting.len() == 1 { "waits" } else { "wait" };
    let _ = writeln!(
        text,
        "{} {verb} for somebody:",
        counted(waiting.len(), "account").bold()
    );
    for account in waiting {
        let Some(next) = &account.next else { continue };
        let _ = writeln!(
            text,
            "  {} {} ({})",
            account.key.bold(),
            account.name,
            stage(account)
        );
        let _ = writeln!(text, "    {} {}", "who: ".dimmed(), next.who);
        let _ = writeln!(text, "    {} {}", "what:".dimmed(), next.what);
        if let Some(command) = hint(account) {
            let _ = writeln!(text, "    {} {}", "run: ".dimmed(), command.cyan());
        }
    }
    text
}

fn stage(account: &AccountReport) -> String {
    account
        .stage
        .map_or_else(|| "not read".to_owned(), |stage| stage.to_string())
}
