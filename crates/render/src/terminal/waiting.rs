//! Accounts that need action: who has to do what, step by step.

use super::change::items;
use super::layout::Layout;
use super::line::{Line, NO_BREAK};
use super::tone::Tone;
use crate::count::counted;
use crate::view::WaitingView;
use crate::view::waiting::WaitingAccount;

/// The accounts that need action; an empty text where there are none.
pub fn waiting(views: &[WaitingView], layout: Layout) -> String {
    layout.finish(block(views, layout))
}

pub(super) fn block(views: &[WaitingView], layout: Layout) -> String {
    let mut text = String::new();
    let number: usize = views.iter().map(|view| view.accounts.len()).sum();
    if number == 0 {
        return text;
    }
    let verb = if number == 1 { "needs" } else { "need" };
    Line::new()
        .text(Tone::Strong, counted(number, "account"))
        .text(Tone::Plain, format!(" {verb} action:"))
        .write(&mut text, layout.width);
    for view in views {
        push(&mut text, view, layout);
    }
    text
}

fn push(text: &mut String, view: &WaitingView, layout: Layout) {
    push_accounts(text, &view.accounts, layout);
    let mut before = "";
    for (step, number) in view.steps.iter().zip(1..) {
        let number = match view.steps.as_slice() {
            [_] => String::new(),
            _ => format!("{number}. "),
        };
        let label = if step.who == before {
            "          "
        } else {
            before = &step.who;
            labeled(text, "who: ", Tone::Plain, &step.who, layout);
            "    do:   "
        };
        Line::new()
            .lead(Tone::Quiet, label)
            .lead(Tone::Plain, number)
            .text(Tone::Plain, step.what.clone())
            .write(text, layout.width);
    }
    if let Some(next) = &view.next {
        labeled(text, "next:", Tone::Plain, next, layout);
    }
    if let Some(command) = view.accounts.iter().find_map(|one| one.command.as_ref()) {
        let instead = match (view.simulated, view.steps.len()) {
            (_, 1) => "instead:".to_owned(),
            (1, _) => "instead of step 1:".to_owned(),
            (last, _) => format!("instead of steps 1 to {last}:"),
        };
        Line::new()
            .lead(Tone::Quiet, format!("    simulated tenant, {instead}"))
            .write(text, layout.width);
        let mut line = Line::new()
            .lead(Tone::Quiet, "          ")
            .text(Tone::Accent, command.clone());
        if view.accounts.len() > 1 {
            line = line.text(Tone::Quiet, "   (the same for each account)");
        }
        line.whole().write(text, layout.width);
    }
}

fn labeled(text: &mut String, label: &str, tone: Tone, words: &str, layout: Layout) {
    Line::new()
        .lead(Tone::Quiet, format!("    {label} "))
        .text(tone, words)
        .write(text, layout.width);
}

fn push_accounts(text: &mut String, accounts: &[WaitingAccount], layout: Layout) {
    let names: Vec<String> = accounts
        .iter()
        .map(|account| {
            if account.name == account.key {
                account.key.clone()
            } else {
                format!("{}{NO_BREAK}{}", account.key, account.name)
            }
        })
        .collect();
    let heading = Line::new().lead(Tone::Plain, "  ");
    match accounts {
        [only] => heading
            .texts(items(&names, Tone::Strong, true))
            .text(Tone::Quiet, format!(" ({})", only.stage)),
        several => heading
            .text(
                Tone::Strong,
                format!("{}: ", counted(several.len(), "account")),
            )
            .texts(items(&names, Tone::Plain, layout.full)),
    }
    .write(text, layout.width);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, assert_shown, plan};
    use crate::view;
    use model::{BlockedReason, Stage, Who};

    #[test]
    fn each_person_has_steps() {
        let holder = |name: &str| Some(Who::AccountHolder(name.into()));
        let accounts = vec![
            account("audit01", Stage::Invited, holder("audit01")),
            account("audit02", Stage::Identified, Some(Who::TenantAdmin)),
            account("audit03", Stage::Registered, holder("audit03")),
            account("audit04", Stage::Registered, holder("audit04")),
            account("audit05", Stage::Absent, Some(Who::Operator)),
        ];
        let mut plan = plan(accounts, Some(BlockedReason::NotRegistered));
        for blocked in &mut plan.blocked[2..4] {
            blocked.reason = BlockedReason::NoIssuer;
        }
        let views = view::waiting(
            &plan,
            |account| Some(format!("steersman simulator person … {}", account.name)),
            &model::Redactor::default(),
        );
        let text = waiting(&views, Layout::file(false));
        assert_shown("snapshots", "waiting", &text);
    }
}
