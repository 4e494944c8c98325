//! Table of the declared accounts: stage, and one next action each, for `status`.

use crate::view::next_step::{NextStep, role};
use comfy_table::{ContentArrangement, Table, presets};
use model::{AccountReport, Plan, visible};

/// The stage of every declared account as a table.
pub fn account_list(plan: &Plan, width: Option<u16>) -> String {
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
        table.add_row(cells.map(|cell| visible(&cell)));
    }
    table.trim_fmt()
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
