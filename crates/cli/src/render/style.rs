//! Colours and the words of counting.

use model::Action;
use owo_colors::OwoColorize;

/// A mark in the colour of what it stands for.
pub(crate) fn mark(mark: &str, destructive: bool) -> String {
    match mark {
        "+" => mark.green().to_string(),
        "-" => mark.red().to_string(),
        "~" if destructive => mark.red().to_string(),
        "~" => mark.yellow().to_string(),
        "±" => mark.magenta().to_string(),
        "!" => mark.yellow().bold().to_string(),
        "?" => mark.dimmed().to_string(),
        _ => mark.cyan().to_string(),
    }
}

/// `1 account`, `2 accounts`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// `3 to create` in the action's colour.
pub(crate) fn to_do(action: Action, number: usize) -> String {
    let text = format!("{number} to {action}");
    match action {
        Action::Create => text.green().to_string(),
        Action::Update => text.yellow().to_string(),
        Action::Replace => text.magenta().to_string(),
        Action::Delete => text.red().to_string(),
        Action::Run => text.cyan().to_string(),
    }
}
