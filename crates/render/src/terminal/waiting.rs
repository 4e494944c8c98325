//! Accounts that need action: who has to do what, step by step.

pub(crate) use super::group::named;
use super::layout::Layout;
use super::line::{Line, NO_BREAK, length};
use super::tone::Tone;
use crate::count::counted;
use crate::view::waiting::{PLACEHOLDER, WaitingAccount};
use crate::view::{PlanView, WaitingView};

/// From this many waiting accounts on, a plan with steps of its own only counts them.
const MANY: usize = 5;
/// Of more than twice as many accounts that need the same, so many are named.
const FEW_NAMES: usize = 3;

/// The accounts that need action; an empty text where there are none.
pub fn waiting(views: &[WaitingView], layout: Layout<'_>) -> String {
    layout.finish(block(views, layout))
}

/// The block below a plan: all that is to be done, or in short where the plan has steps
/// of its own and many accounts wait.
pub(super) fn below_plan(view: &PlanView, layout: Layout<'_>) -> String {
    let count = view.waiting_accounts();
    let mut text = String::new();
    if count == 0 {
        return text;
    }
    if view.hides_waiting {
        heading(count)
            .text(Tone::Quiet, "; not shown (--hide-waiting)")
            .write(&mut text, layout);
        return text;
    }
    if layout.full || view.summary.steps == 0 || count < MANY {
        return block(&view.waiting, layout);
    }
    heading(count)
        .text(Tone::Quiet, "; `steersman status` has the steps")
        .write(&mut text, layout);
    for view in &view.waiting {
        let who = view.steps.first().map_or("", |step| step.who.as_str());
        let who = who.trim_end_matches(PLACEHOLDER).trim_end_matches(" of ");
        let (number, who) = (
            counted(view.accounts.len(), "account"),
            format!(" for the {who}: "),
        );
        let before = 2 + length(&number) + length(&who);
        Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Strong, number)
            .text(Tone::Plain, who)
            .texts(named(&names(&view.accounts), FEW_NAMES, before, layout))
            .write(&mut text, layout);
    }
    text
}

fn heading(count: usize) -> Line {
    let verb = if count == 1 { "needs" } else { "need" };
    Line::new()
        .text(Tone::Strong, counted(count, "account"))
        .text(Tone::Plain, format!(" {verb} action"))
}

pub(super) fn block(views: &[WaitingView], layout: Layout<'_>) -> String {
    let mut text = String::new();
    let number: usize = views.iter().map(|view| view.accounts.len()).sum();
    if number == 0 {
        return text;
    }
    heading(number)
        .text(Tone::Plain, ":")
        .write(&mut text, layout);
    for view in views {
        push(&mut text, view, layout);
    }
    text
}

/// What is to be done, by whom, for which accounts.
fn push(text: &mut String, view: &WaitingView, layout: Layout<'_>) {
    push_accounts(text, &view.accounts, layout);
    push_steps(text, view, layout);
}

/// What is to be done, by whom.
pub(crate) fn push_steps(text: &mut String, view: &WaitingView, layout: Layout<'_>) {
    if let Some(why) = &view.why {
        labeled(text, "why: ", Tone::Plain, why, layout);
    }
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
            .write(text, layout);
    }
    if let Some(next) = &view.next {
        labeled(text, "next:", Tone::Plain, next, layout);
    }
    let commands = view.accounts.iter().map(|one| one.commands.as_slice());
    if let Some(commands) = commands.into_iter().find(|commands| !commands.is_empty()) {
        push_commands(text, view, commands, layout);
    }
}

/// The commands that do it in a simulated tenant, each to be copied.
fn push_commands(text: &mut String, view: &WaitingView, commands: &[String], layout: Layout<'_>) {
    let instead = match (view.simulated, view.steps.len()) {
        (_, 1) => "instead".to_owned(),
        (1, _) => "instead of step 1".to_owned(),
        (2, _) => "instead of steps 1 and 2".to_owned(),
        (last, _) => format!("instead of steps 1 to {last}"),
    };
    let each = if view.accounts.len() > 1 {
        "; the same for each account"
    } else {
        ""
    };
    Line::new()
        .lead(Tone::Quiet, "    ")
        .text(Tone::Quiet, format!("simulated tenant, {instead}{each}:"))
        .write(text, layout);
    for command in commands {
        // What is behind the command is no part of it.
        let (command, remark) = command
            .split_once("   (")
            .map_or((command.as_str(), None), |(command, rest)| {
                (command, Some(rest))
            });
        Line::new()
            .lead(Tone::Quiet, "          ")
            .text(Tone::Accent, command)
            .command()
            .write(text, layout);
        if let Some(remark) = remark {
            Line::new()
                .lead(Tone::Quiet, "          ")
                .text(Tone::Quiet, format!("({remark}"))
                .write(text, layout);
        }
    }
}

fn labeled(text: &mut String, label: &str, tone: Tone, words: &str, layout: Layout<'_>) {
    Line::new()
        .lead(Tone::Quiet, format!("    {label} "))
        .text(tone, words)
        .write(text, layout);
}

/// Each account by key and name, which stay on one line.
fn names(accounts: &[WaitingAccount]) -> Vec<String> {
    accounts
        .iter()
        .map(|account| {
            if account.name == account.key {
                account.key.clone()
            } else {
                format!("{}{NO_BREAK}{}", account.key, account.name)
            }
        })
        .collect()
}

fn push_accounts(text: &mut String, accounts: &[WaitingAccount], layout: Layout<'_>) {
    let names = names(accounts);
    let heading = Line::new().lead(Tone::Plain, "  ");
    match accounts {
        [only] => heading
            .text(Tone::Strong, names.concat())
            .text(Tone::Quiet, format!(" ({})", only.stage)),
        several => {
            let number = format!("{}: ", counted(several.len(), "account"));
            let before = 2 + length(&number);
            heading
                .text(Tone::Strong, number)
                .texts(named(&names, FEW_NAMES, before, layout))
        }
    }
    .write(text, layout);
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
            |account| vec![format!("steersman simulator person … {}", account.name)],
            &model::Redactor::default(),
        );
        let text = waiting(&views, Layout::file(false));
        assert_shown("snapshots", "waiting", &text);
    }
}
