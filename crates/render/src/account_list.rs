//! Where accounts stand, as a table.

use comfy_table::{ContentArrangement, Table, presets};
use model::{AccountReport, Plan, Who};

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

fn stage(account: &AccountReport) -> String {
    account
        .stage
        .map_or_else(|| "not read".to_owned(), |stage| stage.to_string())
}
