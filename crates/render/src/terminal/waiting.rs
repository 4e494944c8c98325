//! The accounts that wait for somebody, each with the one next action.

use super::change::items;
use super::layout::Layout;
use super::line::{Line, NO_BREAK};
use super::tone::Tone;
use crate::count::counted;
use crate::view::WaitingView;

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
    let verb = if number == 1 { "waits" } else { "wait" };
    Line::new()
        .text(Tone::Strong, counted(number, "account"))
        .text(Tone::Plain, format!(" {verb} for somebody:"))
        .write(&mut text, layout.width);
    for view in views {
        push(&mut text, view, layout);
    }
    text
}

fn push(text: &mut String, view: &WaitingView, layout: Layout) {
    let names: Vec<String> = view
        .accounts
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
    match view.accounts.as_slice() {
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
    for (name, words) in [("who: ", &view.who), ("what:", &view.what)] {
        Line::new()
            .lead(Tone::Quiet, format!("    {name} "))
            .text(Tone::Plain, words.clone())
            .write(text, layout.width);
    }
    if let Some(command) = view.accounts.iter().find_map(|one| one.command.as_ref()) {
        let mut line = Line::new()
            .lead(Tone::Quiet, "    run:  ")
            .text(Tone::Accent, command.clone());
        if view.accounts.len() > 1 {
            line = line.text(Tone::Quiet, "   (and so for each)");
        }
        line.whole().write(text, layout.width);
    }
}
