//! Table of the declared accounts: stage, and one next action each, for `status`.

use crate::cell_text::cell_text;
use crate::view::next_step::{NextStep, role};
use crate::view::stores::secrets;
use comfy_table::{ContentArrangement, Table, presets};
use model::{
    AccountReport, Address, DeliveryReport, DeliveryState, Plan, Redactor, SecretRole, visible,
};

/// How many lines of one kind are shown below the table.
const MOST: usize = 20;

/// The stage of every declared account as a table, what the stores hold, and the tokens
/// that no file declares. Secrets are redacted before the table divides texts.
pub fn account_list(plan: &Plan, width: Option<u16>, redactor: &Redactor) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.force_no_tty();
    if let Some(width) = width {
        table.set_width(width);
    }
    table.set_header(["ID", "NAME", "SOURCE", "STAGE", "NEXT"]);
    for account in &plan.accounts {
        let cells = [
            account.key.to_string(),
            account.name.to_string(),
            account.source.to_string(),
            stage(account),
            next(plan, account),
        ];
        let count = cells.len();
        table.add_row(cells.map(|cell| cell_text(&redactor.redact(&visible(&cell)), count)));
    }
    let mut text = table.trim_fmt();
    let mut notes = Vec::new();
    for (store, held) in secrets(plan) {
        notes.push(format!("store {store}: {held}"));
    }
    notes.extend(cut(plan.deliveries.iter().filter_map(not_delivered)));
    notes.extend(cut(plan.unmanaged.iter().filter_map(|unmanaged| {
        let Address::Token(account, name) = &unmanaged.address else {
            return None;
        };
        Some(format!("? token {name} of {account}: unmanaged, kept"))
    })));
    if !notes.is_empty() {
        text.push('\n');
    }
    for note in notes {
        text.push('\n');
        text.push_str(&redactor.redact(&visible(&note)));
    }
    text
}

/// The first of these lines, and how many more there are.
fn cut(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    let more = lines.len().saturating_sub(MOST);
    if more > 0 {
        lines.truncate(MOST);
        lines.push(format!(
            "  and {more} more; `steersman plan --out json=FILE` has all"
        ));
    }
    lines
}

/// A secret that is not where it should be, and why that is known.
fn not_delivered(report: &DeliveryReport) -> Option<String> {
    let mark = match report.state {
        DeliveryState::Moved
        | DeliveryState::Stale
        | DeliveryState::Foreign
        | DeliveryState::Unreadable => "!",
        // A missing secret is what the next action of its account is about.
        DeliveryState::Delivered
        | DeliveryState::Missing
        | DeliveryState::WriteOnly
        | DeliveryState::NotAsked
        | DeliveryState::Unknown => return None,
    };
    let what = match report.role {
        SecretRole::Issuer => format!("issuer token of {}", report.address),
        SecretRole::Token => report.address.to_string(),
    };
    let detail = report.detail.as_deref().unwrap_or_default();
    Some(format!(
        "{mark} {what}: {} at {}: {detail}",
        report.state, report.place
    ))
}

/// One action of one role; how it is done step by step is said by plan and apply.
fn next(plan: &Plan, account: &AccountReport) -> String {
    match (NextStep::of(plan, account), &account.next) {
        (NextStep::Nothing, _) | (_, None) => "nothing".to_owned(),
        (NextStep::Apply, Some(next)) => next.what.clone(),
        (NextStep::Invite { .. }, _) => "ISC admin: invite".to_owned(),
        (NextStep::Register { enroll: true }, _) => {
            "account holder: register and create the issuer token".to_owned()
        }
        (NextStep::Register { enroll: false }, _) => "account holder: register".to_owned(),
        (NextStep::Enroll, _) => "operator: enroll the issuer token".to_owned(),
        (NextStep::Other, Some(next)) => format!("{}: {}", role(&next.who), next.what),
    }
}

fn stage(account: &AccountReport) -> String {
    account
        .stage
        .map_or_else(|| "not read".to_owned(), |stage| stage.to_string())
}
